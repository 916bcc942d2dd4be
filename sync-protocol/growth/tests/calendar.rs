//! Completed months, above all for children born on the 29th to the 31st.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use child_growth::{Age, AgeGroup, CalendarMonth, CompletedMonths, Date, InputError};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn months(birth: &str, on: &str) -> u32 {
    CompletedMonths::between(date(birth), date(on)).unwrap().get()
}

#[test]
fn two_months_and_29_days_are_two_months() {
    assert_eq!(months("2025-01-10", "2025-04-08"), 2);
    assert_eq!(months("2025-01-10", "2025-04-09"), 2);
    assert_eq!(months("2025-01-10", "2025-04-10"), 3);
    assert_eq!(months("2026-01-20", "2026-06-13"), 4);
    assert_eq!(months("2024-03-05", "2024-03-05"), 0);
}

#[test]
fn a_month_without_the_birthday_is_completed_on_its_last_day() {
    for (birth, on, expected) in [
        ("2025-01-31", "2025-02-27", 0),
        ("2025-01-31", "2025-02-28", 1),
        ("2025-01-31", "2025-03-30", 1),
        ("2025-01-31", "2025-03-31", 2),
        ("2025-01-31", "2025-04-29", 2),
        ("2025-01-31", "2025-04-30", 3),
        ("2025-01-30", "2025-02-28", 1),
        ("2025-01-29", "2025-02-28", 1),
        ("2025-01-29", "2025-02-27", 0),
        ("2025-01-28", "2025-02-28", 1),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2024-01-30", "2024-02-29", 1),
        ("2024-01-29", "2024-02-28", 0),
        ("2024-01-29", "2024-02-29", 1),
        ("2024-02-29", "2025-02-27", 11),
        ("2024-02-29", "2025-02-28", 12),
        ("2024-02-29", "2028-02-28", 47),
        ("2024-02-29", "2028-02-29", 48),
        ("2024-08-31", "2024-09-30", 1),
        ("2024-12-31", "2025-02-28", 2),
    ] {
        assert_eq!(months(birth, on), expected, "{birth} {on}");
    }
}

#[test]
fn before_the_birth_there_is_no_age() {
    let (birth, before) = (date("2025-02-01"), date("2025-01-31"));
    assert_eq!(CompletedMonths::between(birth, before), Err(InputError::BeforeBirth));
    assert_eq!(Age::between(birth, before), Err(InputError::BeforeBirth));
    assert_eq!(Age::between(birth, birth), Ok(Age::from_days(0)));
}

#[test]
fn days_are_counted_over_leap_years() {
    for (from, to, days) in [
        ("2024-02-28", "2024-03-01", 2),
        ("2023-02-28", "2023-03-01", 1),
        ("2000-02-28", "2000-03-01", 2),
        ("1900-02-28", "1900-03-01", 1),
        ("2020-01-01", "2025-01-01", 1827),
        ("1970-01-01", "2024-11-24", 20_051),
        ("2025-01-01", "2024-12-31", -1),
    ] {
        assert_eq!(date(from).days_until(date(to)), days, "{from} {to}");
    }
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "",
        "2025",
        "2025-02",
        "2025-02-29",
        "2025-13-01",
        "2025-00-10",
        "2025-01-00",
        "2025-04-31",
        "0000-01-01",
        "25-01-01",
        "2025-1-1",
        "2025-01-01-",
        "2025/01/01",
        "01-02-2025",
        "+025-01-01",
        "2025-01-0x",
        "2025-01-011",
        " 2025-01-01",
        "２025-01-01",
    ] {
        assert_eq!(text.parse::<Date>(), Err(InputError::NotADate), "{text}");
    }
    assert_eq!(date("2024-02-29").to_string(), "2024-02-29");
    assert!(CalendarMonth::new(2025, 13).is_err());
}

#[test]
fn age_groups_go_by_completed_months() {
    let label = |months| AgeGroup::of(CompletedMonths::new(months)).map(AgeGroup::label);
    for (months, expected) in [
        (0, Some("0-5")),
        (5, Some("0-5")),
        (6, Some("6-11")),
        (11, Some("6-11")),
        (12, Some("12-23")),
        (23, Some("12-23")),
        (24, Some("24-59")),
        (59, Some("24-59")),
        (60, None),
        (u32::MAX, None),
    ] {
        assert_eq!(label(months), expected, "{months}");
    }
}

fn any_date() -> impl Strategy<Value = Date> {
    (1u16..=9999, 1u8..=12, 1u8..=31)
        .prop_filter_map("a day that exists", |(y, m, d)| Date::new(y, m, d).ok())
}

proptest! {
    #[test]
    fn each_calendar_month_completes_exactly_one(birth in any_date(), ahead in 0u32..200) {
        let month = u32::from(birth.year()) * 12 + u32::from(birth.month()) - 1 + ahead;
        let (year, month) = (u16::try_from(month / 12).unwrap(), u8::try_from(month % 12 + 1).unwrap());
        let days: Vec<Date> = (1..=31).filter_map(|day| Date::new(year, month, day).ok()).collect();
        let ages: Vec<u32> = days
            .iter()
            .filter_map(|day| CompletedMonths::between(birth, *day).ok())
            .map(CompletedMonths::get)
            .collect();
        prop_assume!(!days.is_empty());
        prop_assert!(ages.is_sorted());
        prop_assert_eq!(*ages.last().unwrap(), ahead);
        if ahead > 0 {
            prop_assert!(*ages.first().unwrap() + 1 >= ahead);
        }
    }

    #[test]
    fn the_text_of_a_date_reads_back(day in any_date()) {
        prop_assert_eq!(day.to_string().parse::<Date>(), Ok(day));
    }

    #[test]
    fn no_text_panics(text in "\\PC*") {
        prop_assert!(text.parse::<Date>().is_err() || text.len() == 10);
    }

    #[test]
    fn order_and_day_count_agree(a in any_date(), b in any_date()) {
        prop_assert_eq!(a.cmp(&b), 0.cmp(&a.days_until(b)));
        prop_assert_eq!(a.days_until(b), -b.days_until(a));
    }
}
