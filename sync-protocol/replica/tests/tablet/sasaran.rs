//! Who is to be measured in a month, on the tablet: those on the month's target list, by the rule
//! that the server's reports have.

use crate::support::{DESA, Script, Tablet, area, child_row, id, other_stamp};
use serde_json::json;
use std::collections::BTreeSet;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::month::Month;
use sync_protocol::record::Kind;
use sync_protocol::sasaran::{Candidate, TargetList};
use sync_protocol::time::CivilDate;

fn born(day: &str) -> Body {
    Body::new().with("name", "Mawar").with("sex", "P").with("birth_date", day)
}

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

fn due(tablet: &Tablet, on: &str) -> BTreeSet<RecordId> {
    tablet.replica.due(day(on)).unwrap().into_iter().map(|child| child.id).collect()
}

#[test]
fn due_are_those_on_the_months_target_list_whatever_the_day_of_the_month() {
    let mut tablet = Tablet::enrolled();
    let births = [
        "2021-11-01",
        "2021-11-15",
        "2021-11-30",
        "2021-12-01",
        "2021-12-31",
        "2020-02-29",
        "2024-02-29",
        "2026-11-01",
        "2026-11-24",
        "2026-10-31",
    ];
    let departures = [
        (None, None),
        (Some("aktif"), Some("2026-01-01")),
        (Some("pindah"), Some("2026-10-31")),
        (Some("pindah"), Some("2026-11-24")),
        (Some("meninggal"), None),
        (Some("lulus"), Some("2026-09-30")),
    ];
    let mut children = Vec::new();
    for birth in births {
        for (status, on) in departures {
            let body = born(birth).with("status", status).with("status_on", on);
            // A child gets its id of the moment, too.
            tablet.clock.pass(1);
            let saved = tablet.replica.save(Kind::CHILD, None, Some(area(DESA)), body.clone());
            children.push((saved.unwrap().id, body));
        }
    }
    for month in ["2025-01", "2025-02", "2026-09", "2026-10", "2026-11", "2026-12"] {
        let list = TargetList::of(month.parse::<Month>().unwrap());
        let wanted: BTreeSet<RecordId> = children
            .iter()
            .filter(|(_, body)| list.has(&Candidate::of(body)))
            .map(|(id, _)| *id)
            .collect();
        assert!(!wanted.is_empty() && wanted.len() < children.len(), "{month}: a list that tells");
        for on in ["01", "15", "28"] {
            assert_eq!(due(&tablet, &format!("{month}-{on}")), wanted, "{month}-{on}");
        }
    }
}

#[test]
fn who_turns_60_months_in_the_month_is_neither_due_nor_counted() {
    let mut tablet = Tablet::enrolled();
    tablet.replica.save(Kind::CHILD, None, Some(area(DESA)), born("2021-11-15")).unwrap();
    assert_eq!(due(&tablet, "2026-11-10"), BTreeSet::new());
    assert_eq!(due(&tablet, "2026-10-31").len(), 1);
}

#[test]
fn who_is_measured_on_the_last_or_the_first_day_of_the_month_is_not_due_in_it() {
    let mut tablet = Tablet::enrolled();
    let child = tablet.replica.save(Kind::CHILD, None, Some(area(DESA)), born("2024-05-01"));
    let child = child.unwrap().id;
    for on in ["2026-10-31", "2026-08-01"] {
        let body = Body::new()
            .with("child_id", child.to_string())
            .with("measured_on", on)
            .with("weight_g", 9_000);
        tablet.replica.save(Kind::MEASUREMENT, None, None, body).unwrap();
    }
    for (month, is_due) in [
        ("2026-07", true),
        ("2026-08", false),
        ("2026-09", true),
        ("2026-10", false),
        ("2026-11", true),
    ] {
        let on = format!("{month}-15");
        assert_eq!(due(&tablet, &on).contains(&child), is_due, "{month}");
        assert_eq!(tablet.replica.is_measured_in_month(child, day(&on)).unwrap(), !is_due);
        let measured = tablet.replica.measured_in_month(day(&on)).unwrap();
        assert_eq!(measured.contains(&child), !is_due, "{month}");
    }
}

#[test]
fn a_deleted_child_is_not_due() {
    let mut tablet = Tablet::with_rows(json!([child_row(id(1), "Mawar", &other_stamp(7))]));
    assert_eq!(due(&tablet, "2026-11-10"), BTreeSet::from([id(1)]));
    let rows = json!([{"kind": "child", "id": id(1), "area": DESA, "stamp": other_stamp(8),
        "by": "Budi", "deleted": "ganda"}]);
    tablet.sync(Script::default().says(json!({"rows": rows}))).unwrap();
    assert_eq!(due(&tablet, "2026-11-10"), BTreeSet::new());
}
