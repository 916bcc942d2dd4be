//! Every report says how complete it is.

use crate::support::{DAY, Office, SADAN, any_id, child};
use serde_json::json;

#[test]
fn silent_tablets_parked_changes_and_open_conflicts_are_said() {
    let office = Office::new();
    let _silent = office.tablet("Wati", &[SADAN]);
    let mut siti = office.tablet("Siti", &[SADAN]);
    let mut budi = office.tablet("Budi", &["16.04.07"]);
    office.pass(8 * DAY);
    let ani = siti.child(SADAN, child("Ani"));
    let nowhere = json!({"child_id": any_id(), "measured_on": "2026-10-10", "weight_g": 9_000});
    for tablet in [&mut siti, &mut budi] {
        let receipt = tablet.push(any_id(), "measurement", json!({"body": nowhere.clone()}));
        assert_eq!(receipt["outcome"], "parked");
    }
    // Later than Siti's child: two edits of one moment are ordered by their device numbers.
    office.pass(DAY / 24);
    let mut rina = office.tablet("Rina", &[SADAN]);
    let mut other = child("Ani Sari");
    other["phone"] = json!("0811");
    rina.push(ani, "child", json!({"base": null, "body": other}));

    let token = office.penyelia(&[SADAN]);
    let as_of = &office.get(&token, "/v1/reports/coverage?month=2026-10")["as_of"];
    let counted = ["devices", "silent", "parked", "conflicts"].map(|name| as_of[name].clone());
    assert_eq!(counted, [json!(3), json!(1), json!(1), json!(1)]);
    assert_eq!(as_of["feed"], 2, "{as_of}");
    assert!(as_of["time"].as_str().unwrap().starts_with("2026-12-02T"), "{as_of}");
}
