//! Which of two measurements of one day counts on the tablet: the one with the later stamp, and what
//! has none yet later than all that has.

use crate::support::{
    DESA, LATER, Script, Tablet, child_row, id, other_stamp, own_stamp, weighing_row,
};
use serde_json::{Value, json};
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_replica::{GrowthRow, Shown};

/// The day of the support's weighings.
const DAY: &str = "2026-10-20";

fn with(rows: &[(u8, i64, String)]) -> Tablet {
    let weighings = rows.iter().map(|(n, grams, stamp)| weighing_row(id(*n), id(1), *grams, stamp));
    let child = child_row(id(1), "Mawar", &other_stamp(1));
    Tablet::with_rows(json!(std::iter::once(child).chain(weighings).collect::<Vec<Value>>()))
}

fn weighed(grams: i64) -> Body {
    Body::new().with("child_id", id(1).to_string()).with("measured_on", DAY).with("weight_g", grams)
}

fn grams(record: &Shown) -> i64 {
    record.body().unwrap().whole("weight_g").unwrap()
}

/// The weights of the day in the order of the tablet, and the one that has the letter of the month.
#[track_caller]
fn check(tablet: &Tablet, in_order: &[i64]) {
    let growth = tablet.replica.growth(id(1)).unwrap();
    let found: Vec<i64> = growth.iter().map(|row| grams(&row.record)).collect();
    assert_eq!(found, in_order);
    let has_letter =
        |row: &&GrowthRow| row.reading.as_ref().is_some_and(|reading| reading.gain.is_some());
    let counted: Vec<i64> =
        growth.iter().filter(has_letter).map(|row| grams(&row.record)).collect();
    assert_eq!(counted, in_order[in_order.len() - 1..], "the last one counts");
}

#[test]
fn of_what_the_feed_said_the_later_stamp_counts_and_not_the_greater_id() {
    check(&with(&[(2, 9_000, other_stamp(3)), (3, 8_000, other_stamp(2))]), &[8_000, 9_000]);
    check(&with(&[(2, 9_000, other_stamp(2)), (3, 8_000, other_stamp(3))]), &[9_000, 8_000]);
}

#[test]
fn what_was_not_sent_yet_is_later_than_every_stamp_in_the_order_of_the_log() {
    let mut tablet = with(&[(2, 9_000, other_stamp(LATER))]);
    let first = tablet.replica.save(Kind::MEASUREMENT, None, None, weighed(9_100)).unwrap().id;
    check(&tablet, &[9_000, 9_100]);
    tablet.replica.save(Kind::MEASUREMENT, None, None, weighed(9_200)).unwrap();
    check(&tablet, &[9_000, 9_100, 9_200]);
    // Whoever corrects says it last.
    tablet.replica.save(Kind::MEASUREMENT, Some(first), None, weighed(9_300)).unwrap();
    check(&tablet, &[9_000, 9_200, 9_300]);
}

#[test]
fn a_correction_of_what_the_feed_said_is_later_than_all_of_its_day() {
    let mut tablet = with(&[(2, 9_000, other_stamp(2)), (3, 8_000, other_stamp(3))]);
    tablet.replica.save(Kind::MEASUREMENT, Some(id(2)), None, weighed(9_500)).unwrap();
    check(&tablet, &[8_000, 9_500]);
}

#[test]
fn a_receipt_puts_a_measurement_where_its_stamp_stands() {
    let mut tablet = with(&[(2, 9_000, other_stamp(LATER))]);
    let saved = tablet.replica.save(Kind::MEASUREMENT, None, None, weighed(9_100)).unwrap();
    check(&tablet, &[9_000, 9_100]);
    // Applied, and its row is still to come.
    let more = json!({"more": true, "cursor": "c2"});
    let server = Script::default().says(more).fails(|| sync_replica::TransportError::Offline);
    assert!(tablet.sync(server).is_err());
    check(&tablet, &[9_100, 9_000]);
    let rows = json!([weighing_row(saved.id, id(1), 9_100, &own_stamp(1))]);
    tablet.sync(Script::default().says(json!({"rows": rows}))).unwrap();
    check(&tablet, &[9_100, 9_000]);
}

#[test]
fn what_would_be_saved_is_judged_as_the_latest_of_its_day() {
    let mut tablet = with(&[(2, 9_000, other_stamp(2)), (3, 8_000, other_stamp(3))]);
    let letter_if = |tablet: &Tablet, id: Option<RecordId>| {
        let reading = tablet.replica.growth_if_saved(crate::support::id(1), id, &weighed(9_500));
        reading.unwrap().unwrap().gain.is_some()
    };
    assert!(letter_if(&tablet, None), "a new one");
    assert!(letter_if(&tablet, Some(id(2))), "a correction of the earlier");
    assert!(letter_if(&tablet, Some(id(3))), "a correction of the later");
    tablet.replica.save(Kind::MEASUREMENT, None, None, weighed(9_100)).unwrap();
    assert!(letter_if(&tablet, None), "later than what was not sent yet");
}

fn arm_row(n: u8, muac_mm: i64, stamp: &str) -> Value {
    json!({"kind": "measurement", "id": id(n), "child_id": id(1), "area": DESA, "stamp": stamp,
        "by": "Budi", "body": {"child_id": id(1), "measured_on": DAY, "muac_mm": muac_mm}})
}

#[test]
fn what_asks_for_attention_goes_by_the_same_order() {
    let severe = |first: &str, second: &str| {
        let child = child_row(id(1), "Mawar", &other_stamp(1));
        let rows = json!([child, arm_row(2, 110, first), arm_row(3, 140, second)]);
        Tablet::with_rows(rows)
    };
    let is_severe = |tablet: &Tablet| {
        let one = tablet.replica.care_of(id(1)).unwrap();
        assert_eq!(tablet.replica.care().unwrap().of(&id(1)), one, "one or all");
        one.acute == Some(child_growth::AcuteClass::Severe)
    };
    assert!(!is_severe(&severe(&other_stamp(2), &other_stamp(3))));
    let mut tablet = severe(&other_stamp(3), &other_stamp(2));
    assert!(is_severe(&tablet));
    let arm = weighed(9_000).with("weight_g", json!(null)).with("muac_mm", 140);
    tablet.replica.save(Kind::MEASUREMENT, Some(id(3)), None, arm).unwrap();
    assert!(!is_severe(&tablet), "what is not sent yet is later");
}
