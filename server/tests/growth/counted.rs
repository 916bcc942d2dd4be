//! Two measurements of one child on one day: every figure, list and file takes the same, whatever
//! their ids are and in whatever order they came.

use crate::support::{JARAI, Office, SADAN, Tablet, csv_rows};
use serde_json::{Value, json};
use server::report::by_name::{Finding, children_with};
use server::report::prevalence::Low;
use server::store::{Selection, StoreError};
use sync_protocol::area::Scope;
use sync_protocol::ids::RecordId;

const DAY: &str = "2026-10-10";
/// A girl of 24 months: 78.0 cm are stunted, 86.0 cm are not; of 8.0 kg she is severely underweight,
/// of 10.0 kg she is not.
const SHORT: (u32, u32) = (8_000, 780);
const TALL: (u32, u32) = (10_000, 860);

const LESS: &str = "00000000-0000-8000-8000-000000000001";
const GREATER: &str = "ffffffff-ffff-8fff-bfff-ffffffffffff";

fn girl(tablet: &mut Tablet<'_>) -> RecordId {
    let girl = json!({"name": "Ani", "sex": "P", "birth_date": "2024-10-01"});
    tablet.child(SADAN, girl)
}

fn push(
    tablet: &mut Tablet<'_>,
    child: RecordId,
    id: &str,
    body: &Value,
    base: Option<&Value>,
) -> Value {
    let mut body = body.clone();
    body["child_id"] = json!(child);
    body["measured_on"] = json!(DAY);
    let edit = json!({"base": base, "body": body});
    let receipt = tablet.push(id.parse().unwrap(), "measurement", edit);
    assert_eq!(receipt["outcome"], "applied", "{receipt}");
    receipt["stamp"].clone()
}

fn body((weight_g, height_mm): (u32, u32)) -> Value {
    json!({"weight_g": weight_g, "height_mm": height_mm, "position": "berdiri"})
}

/// How many are stunted by each way to ask, and whether the child is severely underweight.
#[track_caller]
fn check(office: &Office, stunted: u64, name: &str) {
    let token = office.penyelia(&[JARAI]);
    let report = office.get(&token, "/v1/reports/prevalence?month=2026-10");
    let total = &report["total"];
    assert_eq!(total["indices"]["tbu"]["measured"], 1, "{name}");
    assert_eq!(total["stunting"]["count"], stunted, "{name}: the report");
    assert_eq!(total["underweight"]["count"], stunted, "{name}: the report, by weight");
    let coverage = office.get(&token, "/v1/reports/coverage?month=2026-10");
    assert_eq!((&coverage["total"]["d"], &coverage["total"]["bgm"]), (&json!(1), &json!(stunted)));
    let recap = csv_rows(&office.file(&token, "/v1/export/recap.csv?month=2026-10"), b',');
    assert_eq!(
        recap[1][5..8],
        ["1".to_owned(), stunted.to_string(), "0".to_owned()],
        "{name}: recap"
    );
    let by_name = csv_rows(&office.file(&token, "/v1/export/eppgbm-bnba.csv?month=2026-10"), b',');
    assert_eq!(by_name.len(), 2, "{name}: one row a child");
    let category = if stunted == 1 { "Pendek" } else { "Normal" };
    assert_eq!(by_name[1][25], category, "{name}: the list by name");
    let (with, latest) = office
        .service
        .read_as_operator::<_, StoreError>(|tx, _| {
            let selection = Selection::of(Scope::of([SADAN.parse().unwrap()]));
            let month = "2026-10".parse().unwrap();
            let stunted = Finding::Stunted(Low::All);
            let child = tx.children_born_on("2024-10-01".parse().unwrap(), "P")?.remove(0);
            let no = tx.record(child.id)?.unwrap().no;
            Ok((children_with(tx, &selection, month, stunted)?.len(), tx.latest(no)?.unwrap()))
        })
        .unwrap();
    assert_eq!(with as u64, stunted, "{name}: the list of those found");
    let word = if stunted == 1 { "pendek" } else { "normal" };
    assert_eq!(latest.tbu.as_deref(), Some(word), "{name}: what is known last");
}

/// The measurement that an entry sheet of the day shows, which alone has the letter of the month; and
/// how many have one.
fn letters(office: &Office) -> (String, usize) {
    office
        .service
        .read_as_operator::<_, StoreError>(|tx, _| {
            let born = "2024-10-01".parse().unwrap();
            let child = tx.record(tx.children_born_on(born, "P")?.remove(0).id)?.unwrap();
            let on_sheet = tx.measurement_on(child.no, DAY.parse().unwrap())?.unwrap();
            let mut with_letter = Vec::new();
            for id in [LESS, GREATER] {
                let record = tx.record(id.parse().unwrap())?.unwrap();
                if tx.score(record.no)?.unwrap().gain.is_some() {
                    with_letter.push(record.id);
                }
            }
            assert_eq!(with_letter.first(), Some(&on_sheet.id));
            Ok((on_sheet.id.to_string(), with_letter.len()))
        })
        .unwrap()
}

#[test]
fn of_two_measurements_of_a_day_the_one_that_was_stamped_later_counts_everywhere() {
    for (first, second) in [(LESS, GREATER), (GREATER, LESS)] {
        for (earlier, later, stunted) in [(SHORT, TALL, 0), (TALL, SHORT, 1)] {
            let office = Office::new();
            let mut tablet = office.tablet("Siti", &[JARAI]);
            let child = girl(&mut tablet);
            push(&mut tablet, child, first, &body(earlier), None);
            push(&mut tablet, child, second, &body(later), None);
            check(&office, stunted, &format!("{first} then {second}"));
            assert_eq!(letters(&office), (second.to_owned(), 1), "the sheet, and the letter");
        }
    }
}

#[test]
fn who_corrects_the_first_of_a_day_says_it_later_than_the_second() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI]);
    let child = girl(&mut tablet);
    let stamp = push(&mut tablet, child, LESS, &body(TALL), None);
    push(&mut tablet, child, GREATER, &body(TALL), None);
    check(&office, 0, "before");
    assert_eq!(letters(&office), (GREATER.to_owned(), 1), "the sheet, and the letter");
    push(&mut tablet, child, LESS, &body(SHORT), Some(&stamp));
    check(&office, 1, "after");
    assert_eq!(letters(&office), (LESS.to_owned(), 1), "the sheet, and the letter");
}

#[test]
fn weighing_again_on_the_same_day_does_not_unmeasure_the_height() {
    for (first, second) in [(LESS, GREATER), (GREATER, LESS)] {
        let office = Office::new();
        let mut tablet = office.tablet("Siti", &[JARAI]);
        let child = girl(&mut tablet);
        push(&mut tablet, child, first, &body(SHORT), None);
        push(&mut tablet, child, second, &json!({"weight_g": TALL.0}), None);
        let token = office.penyelia(&[JARAI]);
        let total = office.get(&token, "/v1/reports/prevalence?month=2026-10")["total"].clone();
        assert_eq!(
            (&total["stunting"]["count"], &total["underweight"]["count"]),
            (&json!(1), &json!(0))
        );
        // BB/TB by the one that has both: 8.0 kg at 78.0 cm.
        assert_eq!(total["indices"]["bbtb"]["measured"], 1);
        let rows = csv_rows(&office.file(&token, "/v1/export/eppgbm-bnba.csv"), b',');
        assert_eq!(rows[1][19..21], ["10", "78"], "the weight of the one, the height of the other");
        assert_eq!([&rows[1][23], &rows[1][25]], ["Normal", "Pendek"]);
    }
}

#[test]
fn a_list_by_name_shows_the_latest_day_and_no_height_of_an_earlier_one() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI]);
    let child = girl(&mut tablet);
    push(&mut tablet, child, LESS, &body(SHORT), None);
    let later = json!({"measured_on": "2026-10-20", "weight_g": 10_000});
    tablet.add("measurement", child, later);
    let token = office.penyelia(&[JARAI]);
    let rows = csv_rows(&office.file(&token, "/v1/export/eppgbm-bnba.csv"), b',');
    assert_eq!(rows[1][18..21], ["2026-10-20", "10", ""]);
}

#[test]
fn a_list_by_name_counts_oedema_lowest_and_a_flagged_score_in_no_category() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI]);
    let child = girl(&mut tablet);
    let swollen = json!({"weight_g": 12_000, "height_mm": 620, "position": "berdiri", "oedema": 1});
    push(&mut tablet, child, LESS, &swollen, None);
    let token = office.penyelia(&[JARAI]);
    let rows = csv_rows(&office.file(&token, "/v1/export/eppgbm-bnba.csv"), b',');
    assert_eq!([&rows[1][23], &rows[1][27]], ["Sangat Kurang", "Gizi Buruk"], "oedema");
    assert_eq!(rows[1][25], "", "62 cm are too short to be true");
    assert!(rows[1][26].starts_with('-'), "its score is shown all the same: {:?}", rows[1]);
}

#[test]
fn a_flagged_weight_is_not_below_the_red_line_in_a_report_nor_by_its_score() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI]);
    let child = girl(&mut tablet);
    push(&mut tablet, child, LESS, &json!({"weight_g": 4_000}), None);
    let token = office.penyelia(&[JARAI]);
    let total = office.get(&token, "/v1/reports/coverage?month=2026-10")["total"].clone();
    assert_eq!((&total["bgm"], &total["bgm_flagged"]), (&json!(0), &json!(1)));
    let score = office
        .service
        .read_as_operator::<_, StoreError>(|tx, _| {
            let no = tx.record(LESS.parse().unwrap())?.unwrap().no;
            Ok(tx.score(no)?.unwrap())
        })
        .unwrap();
    assert_eq!(score.below_red_line, None);
}
