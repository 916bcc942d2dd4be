use super::*;
use serde_json::json;

fn today() -> CivilDate {
    parse_date("2026-11-24").unwrap()
}

#[track_caller]
fn check(kind: Kind, body: Value, expected: Result<(), Fault>) {
    let Value::Object(fields) = body else { panic!("a body is an object") };
    assert_eq!(kind.check(&Body::from(fields), today()), expected);
}

fn child(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = json!({"name": "Contoh", "sex": "L", "birth_date": "2024-05-01"});
    change(&mut body);
    body
}

#[test]
fn a_child_needs_a_name_a_sex_and_a_birth_date() {
    check(Kind::CHILD, child(|_| ()), Ok(()));
    for field in ["name", "sex", "birth_date"] {
        check(Kind::CHILD, child(|b| b[field] = Value::Null), Err(Fault::invalid(field)));
    }
    check(Kind::CHILD, child(|b| b["name"] = json!("  ")), Err(Fault::invalid("name")));
    check(Kind::CHILD, child(|b| b["sex"] = json!("M")), Err(Fault::invalid("sex")));
}

#[test]
fn a_wrong_nik_is_never_a_reason_to_refuse() {
    check(Kind::CHILD, child(|b| b["nik"] = json!("02022**********")), Ok(()));
}

#[test]
fn unknown_fields_are_not_judged() {
    check(Kind::CHILD, child(|b| b["born_at_home"] = json!([1, 2])), Ok(()));
}

#[test]
fn a_date_may_be_tomorrow_but_not_later() {
    check(Kind::CHILD, child(|b| b["birth_date"] = json!("2026-11-25")), Ok(()));
    check(
        Kind::CHILD,
        child(|b| b["birth_date"] = json!("2026-11-26")),
        Err(Fault::at(ParkCode::DateInFuture, "birth_date")),
    );
    check(
        Kind::CHILD,
        child(|b| b["birth_date"] = json!("26-11-2026")),
        Err(Fault::invalid("birth_date")),
    );
}

#[test]
fn a_measurement_has_at_least_one_measure_and_possible_values() {
    let id = "acd0f1a7-0193-85b2-84d1-ffffffffffff";
    let base = json!({"child_id": id, "measured_on": "2026-11-24"});
    check(Kind::MEASUREMENT, base.clone(), Err(Fault::invalid("weight_g")));
    for (weight, fits) in [(499, false), (500, true), (60_000, true), (60_001, false)] {
        let mut body = base.clone();
        body["weight_g"] = json!(weight);
        check(Kind::MEASUREMENT, body, if fits { Ok(()) } else { Err(Fault::invalid("weight_g")) });
    }
    let mut body = base;
    body["height_mm"] = json!(750.5);
    check(Kind::MEASUREMENT, body, Err(Fault::invalid("height_mm")));
}

#[test]
fn a_next_visit_may_lie_in_the_future() {
    let id = "acd0f1a7-0193-85b2-84d1-ffffffffffff";
    let body = json!({"child_id": id, "visited_on": "2026-11-24", "purpose": "pmt",
        "next_visit_on": "2027-01-01", "topics": ["ASI"], "pmt": {"kind": "lokal", "days": 14}});
    check(Kind::VISIT, body, Ok(()));
}

#[test]
fn kinds_are_found_by_name_and_know_their_parent() {
    assert_eq!(Kind::named("visit"), Some(Kind::VISIT));
    assert_eq!(Kind::named("imunisasi"), None);
    assert!(Kind::CHILD.has_place());
    assert_eq!(Kind::MEASUREMENT.parent_field(), Some("child_id"));
    assert_eq!(Kind::MEASUREMENT.day_field(), Some("measured_on"));
    assert_eq!(Kind::VISIT.day_field(), Some("visited_on"));
}

#[test]
fn every_parent_field_is_a_required_id() {
    for kind in Kind::all() {
        if let Some(field) = kind.parent_field().and_then(|name| kind.field(name)) {
            assert!(field.required && field.shape == Shape::Id, "{kind}.{}", field.name);
        }
    }
}
