//! One child's history: who changed what, when, on which tablet, and what it put back unseen.

use super::support::{JARAI, OTHER_DESA, Office, SADAN, any_id, child};
use serde_json::{Value, json};

fn with(field: &str, value: &str) -> Value {
    let mut body = child("A");
    body[field] = json!(value);
    body
}

fn versions<'v>(shown: &'v Value, id: &Value) -> Vec<&'v Value> {
    shown["history"].as_array().unwrap().iter().filter(|version| version["id"] == *id).collect()
}

#[test]
fn every_version_says_who_made_it_and_what_it_changed() {
    let office = Office::new();
    let mut siti = office.tablet("Siti", &[JARAI]);
    let mut budi = office.tablet("Budi", &[JARAI]);
    let token = office.penyelia(&[JARAI]);
    let id = any_id();
    let first = siti.push(id, "child", json!({"base": null, "area": SADAN, "body": child("A")}));
    office.pass(60_000);
    let rt = budi.push(id, "child", json!({"base": first["stamp"], "body": with("rt", "02")}));
    office.pass(60_000);
    // Siti has not seen Budi's edit: her whole body puts the RT back.
    let phone =
        siti.push(id, "child", json!({"base": first["stamp"], "body": with("phone", "0899")}));
    office.pass(60_000);
    let moved = siti.push(id, "child", json!({"base": phone["stamp"], "move": OTHER_DESA}));
    let weighed =
        siti.add("measurement", id, json!({"measured_on": "2026-11-24", "weight_g": 9100}));
    let shown = office.get(&token, &format!("/v1/children/{id}"));
    let base = shown["measurements"][0]["stamp"].clone();
    siti.push(weighed, "measurement", json!({"base": base, "deleted": "salah_input"}));

    let shown = office.get(&token, &format!("/v1/children/{id}"));
    assert_eq!(shown["child"]["area"], OTHER_DESA);
    assert_eq!(shown["child"]["body"]["phone"], "0899");
    assert_eq!(shown["measurements"][0]["deleted"], "salah_input");
    assert_eq!(shown["left_out"], json!({"measurements": 0, "visits": 0, "versions": 0}));
    let of_child = versions(&shown, &json!(id));
    let stamps: Vec<&Value> = of_child.iter().map(|version| &version["stamp"]).collect();
    assert_eq!(stamps, [&first["stamp"], &rt["stamp"], &phone["stamp"], &moved["stamp"]]);
    let by: Vec<&Value> = of_child.iter().map(|version| &version["by"]).collect();
    assert_eq!(by, ["Siti", "Budi", "Siti", "Siti"]);
    assert_eq!(of_child[1]["device"], budi.device);
    assert_eq!(of_child[1]["device_name"], "Tab Budi");
    assert_eq!(of_child[1]["outcome"], "applied");
    let was_new = of_child[0]["changes"].as_array().unwrap();
    assert!(was_new.iter().all(|change| change["old"].is_null() && change.get("saw").is_none()));
    assert!(was_new.contains(&json!({"field": "area", "old": null, "new": SADAN})));
    assert_eq!(of_child[1]["changes"], json!([{"field": "rt", "old": null, "new": "02"}]));
    assert_eq!(
        of_child[2]["changes"],
        json!([
            {"field": "phone", "old": "081234567890", "new": "0899"},
            {"field": "rt", "old": "02", "new": null, "saw": null},
        ])
    );
    assert_eq!(of_child[3]["changes"], json!([{"field": "area", "old": SADAN, "new": OTHER_DESA}]));
    let of_weighing = versions(&shown, &json!(weighed));
    assert_eq!((of_weighing.len(), &of_weighing[1]["deleted"]), (2, &json!("salah_input")));
    for version in shown["history"].as_array().unwrap() {
        for time in ["at", "made_at", "received_at"] {
            assert!(version[time].is_string(), "{version}");
        }
    }
}

#[test]
fn a_late_edit_that_lost_stands_at_its_time_with_its_marks() {
    let office = Office::new();
    let mut siti = office.tablet("Siti", &[JARAI]);
    let mut budi = office.tablet("Budi", &[JARAI]);
    let token = office.penyelia(&[JARAI]);
    let id = any_id();
    let first = siti.push(id, "child", json!({"base": null, "area": SADAN, "body": child("A")}));
    office.pass(3_600_000);
    let made_ms = sync_protocol::time::Moment::utc(1_795_486_500_000 + 1_800_000).unix_ms();
    siti.push(id, "child", json!({"base": first["stamp"], "body": with("phone", "0899")}));
    // Made before Siti's edit, by a clock that the server never measured; it arrives later.
    let late = budi.push_at(
        id,
        "child",
        json!({"base": first["stamp"], "body": with("rt", "09")}),
        made_ms,
        5,
    );
    assert_eq!(late["outcome"], "superseded", "{late}");
    let shown = office.get(&token, &format!("/v1/children/{id}"));
    let of_child = versions(&shown, &json!(id));
    assert_eq!(of_child.len(), 3);
    assert_eq!(of_child[1]["stamp"], late["stamp"]);
    assert_eq!(of_child[1]["outcome"], "superseded");
    assert_eq!(of_child[1]["time_uncertain"], true);
    assert_eq!(of_child[2]["time_uncertain"], false);
    assert_eq!(of_child[1]["changes"], json!([{"field": "rt", "old": null, "new": "09"}]));
    assert_eq!(shown["child"]["body"].get("rt"), None);
}
