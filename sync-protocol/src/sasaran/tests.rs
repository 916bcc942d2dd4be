use super::*;
use child_growth::{CompletedMonths, Date};
use proptest::prelude::*;

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

fn list(month: &str) -> TargetList {
    TargetList::of(month.parse().unwrap())
}

fn born(text: &str) -> Candidate<'static> {
    Candidate { birth_date: Some(day(text)), ..Candidate::default() }
}

fn left<'c>(status: &'c str, on: Option<&str>) -> Candidate<'c> {
    Candidate { status: Some(status), status_on: on.map(day), ..born("2024-10-01") }
}

#[test]
fn a_month_is_of_those_who_were_born_by_its_last_day_and_are_below_60_months_on_it() {
    for (month, birth_date, is_on) in [
        ("2026-11", "2026-11-30", true),
        ("2026-11", "2026-12-01", false),
        ("2026-11", "2021-12-01", true),
        ("2026-11", "2021-11-30", false),
        ("2026-11", "2021-11-15", false),
        // 29 February completes 60 months on the last day of a shorter February.
        ("2025-02", "2020-02-29", false),
        ("2025-02", "2020-03-01", true),
        ("2024-02", "2019-03-01", true),
    ] {
        assert_eq!(list(month).has(&born(birth_date)), is_on, "{month} {birth_date}");
    }
    assert!(!list("2026-11").has(&Candidate::default()), "nobody knows the birth date");
}

#[test]
fn who_left_is_on_the_list_of_the_months_before_and_not_of_the_month_of_leaving() {
    let october = list("2026-10");
    assert!(october.has(&left("aktif", Some("2026-01-01"))));
    for status in ["pindah", "meninggal", "lulus"] {
        assert!(october.has(&left(status, Some("2026-11-01"))), "{status} after it");
        assert!(!october.has(&left(status, Some("2026-10-31"))), "{status} on its last day");
        assert!(!october.has(&left(status, Some("2026-10-01"))), "{status} in it");
        assert!(!october.has(&left(status, None)), "{status}, nobody knows when");
    }
}

#[test]
fn baduta_are_below_24_months() {
    let baduta = TargetList::on(day("2026-10-31"), Ages::To23);
    assert!(baduta.has(&born("2024-11-01")));
    assert!(!baduta.has(&born("2024-10-31")));
}

#[test]
fn the_list_of_a_day_asks_for_that_day() {
    let sheet = TargetList::on(day("2026-10-10"), Ages::To59);
    assert!(sheet.has(&born("2021-10-11")), "turns 60 months tomorrow");
    assert!(!sheet.has(&born("2021-10-10")), "turned 60 months today");
    assert!(!sheet.has(&born("2026-10-11")), "is born tomorrow");
    assert!(sheet.has(&left("pindah", Some("2026-10-11"))));
    assert!(!sheet.has(&left("pindah", Some("2026-10-10"))));
}

#[test]
fn a_child_outgrows_the_list_on_the_day_on_which_it_is_too_old() {
    let on = |today: &str| TargetList::on(day(today), Ages::To59);
    assert!(!on("2026-10-09").is_outgrown_by(day("2021-10-10")));
    assert!(on("2026-10-10").is_outgrown_by(day("2021-10-10")));
    assert!(on("2025-02-28").is_outgrown_by(day("2020-02-29")));
    assert!(!on("2025-02-27").is_outgrown_by(day("2020-02-29")));
}

fn any_day() -> impl Strategy<Value = CivilDate> {
    // The ends of months and the Februaries are where the shape of the calendar shows.
    let near_the_end = (2010_i32..2040, 1_u32..=12, 25_u32..=31)
        .prop_filter_map("no such day", |(year, month, day)| {
            CivilDate::from_ymd_opt(year, month, day)
        });
    let any = (2010_i32..2040, 1_u32..=366)
        .prop_filter_map("no such day", |(year, day)| CivilDate::from_yo_opt(year, day));
    prop_oneof![near_the_end, any]
}

fn months(born: CivilDate, on: CivilDate) -> Option<u32> {
    let date = |day: CivilDate| {
        let number = |n: u32| u8::try_from(n).unwrap();
        Date::new(u16::try_from(day.year()).unwrap(), number(day.month()), number(day.day()))
    };
    CompletedMonths::between(date(born).unwrap(), date(on).unwrap()).ok().map(CompletedMonths::get)
}

proptest! {
    #[test]
    fn the_range_of_birth_dates_is_that_of_the_completed_months(
        on in any_day(),
        months_ago in 0_u32..=62,
        days in -40_i64..=40,
        baduta in any::<bool>(),
    ) {
        let ages = if baduta { Ages::To23 } else { Ages::To59 };
        let about = on.checked_sub_months(Months::new(months_ago)).unwrap();
        let born = about + chrono::Days::new(40) - chrono::Days::new(u64::try_from(40 + days).unwrap());
        let is_of_age = months(born, on).is_some_and(|months| months < ages.months());
        prop_assert_eq!(TargetList::on(on, ages).is_of_age(born), is_of_age);
    }

    /// On each day, the first and the last birth date of either age group.
    #[test]
    fn no_day_of_any_month_has_another_bound_than_the_completed_months(on in any_day()) {
        for ages in Ages::ALL {
            let list = TargetList::on(on, ages);
            let oldest = *list.born().start();
            prop_assert_eq!(months(oldest, on), Some(ages.months() - 1));
            prop_assert_eq!(months(oldest.pred_opt().unwrap(), on), Some(ages.months()));
            prop_assert!(list.is_outgrown_by(oldest.pred_opt().unwrap()));
            prop_assert_eq!(*list.born().end(), on);
        }
    }
}
