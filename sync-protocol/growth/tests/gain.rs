//! Series worked out by hand for each of N, T, O, B, 2T and BGM.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use child_growth::{
    Age, Date, GainBasis, GainRules, Hundredths, Input, InputError, KBM_BUKU_KIA_2023, KbmBand,
    KbmError, KbmTable, MonthlyGain, RedLine, Sex, Table, Weighing, Weight, assess, monthly_gains,
};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn weighings(rows: &[(&str, f64)]) -> Vec<Weighing> {
    rows.iter()
        .map(|(day, kg)| Weighing { date: date(day), weight: Weight::from_kg(*kg).unwrap() })
        .collect()
}

fn gains(sex: Sex, birth: &str, rows: &[(&str, f64)]) -> Vec<MonthlyGain> {
    monthly_gains(sex, date(birth), &weighings(rows), &GainRules::default()).unwrap()
}

fn letters(sex: Sex, birth: &str, rows: &[(&str, f64)]) -> String {
    gains(sex, birth, rows)
        .iter()
        .map(|gain| {
            let twice = if gain.twice_not_gained { "(2T)" } else { "" };
            format!("{}{twice} ", gain.status.letter())
        })
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[test]
fn a_boy_from_one_to_seven_months() {
    // Age, gain and least gain, worked out by hand:
    let rows = [
        ("2024-02-15", 4.5), // 1 month, first time                     B
        ("2024-03-15", 5.5), // 2 months, 1000 g, asked 900             N
        ("2024-04-15", 6.2), // 3 months,  700 g, asked 800             T
        ("2024-05-15", 6.7), // 4 months,  500 g, asked 600             T, second: 2T
        ("2024-07-15", 7.6), // 6 months, June missed                   O
        ("2024-08-15", 8.0), // 7 months,  400 g, a boy is asked 400    N
    ];
    assert_eq!(letters(Sex::Male, "2024-01-15", &rows), "B N T T(2T) O N");
    let found = gains(Sex::Male, "2024-01-15", &rows);
    let facts: Vec<_> = found.iter().map(|g| (g.age.get(), g.gain, g.basis)).collect();
    let expected = [
        (1, None, None),
        (2, Some(1000), Some(GainBasis::Kbm(900))),
        (3, Some(700), Some(GainBasis::Kbm(800))),
        (4, Some(500), Some(GainBasis::Kbm(600))),
        (6, None, None),
        (7, Some(400), Some(GainBasis::Kbm(400))),
    ];
    assert_eq!(facts, expected);
}

#[test]
fn months_7_and_11_differ_by_sex() {
    let seven = [("2024-07-15", 7.0), ("2024-08-15", 7.39)];
    assert_eq!(letters(Sex::Male, "2024-01-15", &seven), "B T");
    assert_eq!(letters(Sex::Female, "2024-01-15", &seven), "B N");
    let eleven = [("2024-11-15", 8.0), ("2024-12-15", 8.25)];
    assert_eq!(letters(Sex::Male, "2024-01-15", &eleven), "B T");
    assert_eq!(letters(Sex::Female, "2024-01-15", &eleven), "B N");
}

#[test]
fn a_gain_of_exactly_the_least_gain_is_n_in_spite_of_binary_fractions() {
    // As f64, 7.1 - 6.7 is 0.39999999999999947; a boy of 6 months is asked 400 g.
    assert_eq!(
        letters(Sex::Male, "2024-01-15", &[("2024-06-15", 6.7), ("2024-07-15", 7.1)]),
        "B N"
    );
    let short = [("2024-06-15", 6.7), ("2024-07-15", 7.099)];
    assert_eq!(letters(Sex::Male, "2024-01-15", &short), "B T");
}

#[test]
fn two_t_needs_t_at_two_weighings_in_a_row() {
    let b = "2023-01-10";
    let broken_by_n =
        [("2024-03-10", 9.0), ("2024-04-10", 9.1), ("2024-05-10", 9.3), ("2024-06-10", 9.3)];
    assert_eq!(letters(Sex::Female, b, &broken_by_n), "B T N T");
    let broken_by_o = [
        ("2024-03-10", 9.0),
        ("2024-04-10", 9.1),
        ("2024-06-10", 9.2),
        ("2024-07-10", 9.2),
        ("2024-08-10", 9.3),
        ("2024-09-10", 9.3),
    ];
    assert_eq!(letters(Sex::Female, b, &broken_by_o), "B T O T T(2T) T(2T)");
}

#[test]
fn a_child_counts_once_a_month_by_its_latest_weighing() {
    let rows = [
        ("2024-05-28", 9.3), // counts for May, though given first
        ("2024-05-02", 9.9),
        ("2024-04-20", 9.0),
        ("2024-05-28", 9.2), // the same day again: the later entry counts
    ];
    let found = gains(Sex::Male, "2023-01-10", &rows);
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].weighing.date, date("2024-05-28"));
    assert_eq!(found[1].gain, Some(200));
    assert_eq!(found[1].month.to_string(), "2024-05");
    assert_eq!(letters(Sex::Male, "2023-01-10", &rows), "B N");
}

#[test]
fn a_year_between_the_same_months_is_not_last_month() {
    let rows = [("2023-12-10", 9.0), ("2024-01-10", 9.3), ("2025-02-10", 11.0)];
    assert_eq!(letters(Sex::Male, "2022-12-10", &rows), "B N O");
}

#[test]
fn born_on_the_31st_and_weighed_on_the_last_of_february() {
    // One month old on 28 February: 800 g are asked. By days it would still be month 0.
    let rows = [("2025-01-31", 3.2), ("2025-02-28", 3.9), ("2025-03-31", 4.9)];
    let found = gains(Sex::Male, "2025-01-31", &rows);
    assert_eq!(found[1].basis, Some(GainBasis::Kbm(800)));
    assert_eq!(found[2].basis, Some(GainBasis::Kbm(900)));
    assert_eq!(letters(Sex::Male, "2025-01-31", &rows), "B T N");
}

#[test]
fn where_the_table_has_no_line_the_direction_decides() {
    let young = |now| letters(Sex::Male, "2025-01-20", &[("2025-01-25", 3.2), ("2025-02-10", now)]);
    assert_eq!([young(3.3), young(3.2), young(3.1)], ["B N", "B T", "B T"]);
    let old = [("2030-02-25", 16.0), ("2030-03-25", 16.1)];
    let found = gains(Sex::Male, "2025-01-20", &old);
    assert_eq!((found[1].age.get(), found[1].basis), (62, Some(GainBasis::Direction)));
    assert_eq!((found[1].weight_for_age, found[1].below_red_line), (None, None));
}

#[test]
fn below_the_red_line_by_the_rounded_z() {
    let (birth, day) = ("2024-01-15", "2025-01-15");
    let row = Table::WeightForAge.row(Sex::Male, 366).unwrap();
    let below = |z, line| {
        let rules = GainRules { red_line: line, ..GainRules::default() };
        let series = weighings(&[(day, row.at(z))]);
        monthly_gains(Sex::Male, date(birth), &series, &rules).unwrap()[0].below_red_line
    };
    assert_eq!(below(-2.004, RedLine::default()), Some(false));
    assert_eq!(below(-2.006, RedLine::default()), Some(true));
    let old_card = RedLine::at(Hundredths::new(-300));
    assert_eq!(below(-2.9, old_card), Some(false));
    assert_eq!(below(-3.1, old_card), Some(true));
    assert_eq!(RedLine::default().to_string(), "BGM: BB/U < -2 SD");
    assert_eq!(RedLine::at(Hundredths::new(-250)).to_string(), "BGM: BB/U < -2,5 SD");
}

#[test]
fn the_score_of_a_weighing_is_that_of_the_same_child() {
    let found = gains(Sex::Female, "2024-01-15", &[("2024-09-30", 7.2)]);
    let input = Input {
        sex: Some(Sex::Female),
        age: Some(Age::from_days(259)),
        weight: Weight::from_grams(7200).ok(),
        ..Input::default()
    };
    assert_eq!(found[0].weight_for_age, assess(&input).weight_for_age);
}

#[test]
fn a_weighing_before_birth_is_an_error_and_no_weighing_no_letter() {
    let rules = GainRules::default();
    let early = weighings(&[("2024-01-14", 3.0)]);
    let found = monthly_gains(Sex::Male, date("2024-01-15"), &early, &rules);
    assert_eq!(found, Err(InputError::BeforeBirth));
    assert_eq!(monthly_gains(Sex::Male, date("2024-01-15"), &[], &rules), Ok(vec![]));
}

#[test]
fn the_table_is_that_of_the_growth_card() {
    use child_growth::CompletedMonths as Months;
    assert_eq!(KBM_BUKU_KIA_2023.check(), Ok(()));
    let row = |sex| {
        (0..=61).map(|m| KBM_BUKU_KIA_2023.least_gain(sex, Months::new(m)).unwrap_or(0)).collect()
    };
    let (boys, girls): (Vec<u32>, Vec<u32>) = (row(Sex::Male), row(Sex::Female));
    assert_eq!(boys[..13], [0, 800, 900, 800, 600, 500, 400, 400, 300, 300, 300, 300, 200]);
    assert_eq!(girls[..13], [0, 800, 900, 800, 600, 500, 400, 300, 300, 300, 300, 200, 200]);
    for table in [boys, girls] {
        assert!(table[12..=60].iter().all(|grams| *grams == 200));
        assert_eq!(table[61], 0);
    }
}

#[test]
fn another_table_can_be_set_and_a_broken_one_is_found() {
    let bands = [
        KbmBand { from: 1, to: 6, grams: 500 },
        KbmBand { from: 7, to: 11, grams: 300 },
        KbmBand { from: 12, to: 60, grams: 200 },
    ];
    let table = KbmTable { version: "uji", source: "uji", male: &bands, female: &bands };
    assert_eq!(table.check(), Ok(()));
    let rules = GainRules { kbm: table, ..GainRules::default() };
    let series = weighings(&[("2024-11-15", 8.0), ("2024-12-15", 8.25)]);
    let found = monthly_gains(Sex::Female, date("2024-01-15"), &series, &rules).unwrap();
    assert_eq!(found[1].status.letter(), "T");

    let gap = [bands[0], bands[2]];
    let broken = KbmTable { female: &gap, ..table };
    assert_eq!(broken.check(), Err(KbmError::NotConsecutive { from: 12 }));
    assert_eq!(KbmTable { male: &[], ..table }.check(), Err(KbmError::Empty));
    let backwards = [KbmBand { from: 5, to: 4, grams: 1 }];
    let backwards = KbmTable { male: &backwards, ..table };
    assert_eq!(backwards.check(), Err(KbmError::NotConsecutive { from: 5 }));
}
