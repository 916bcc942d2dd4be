//! Enrolment.

use crate::support::{DESA, DEVICE, EPOCH, Script, Tablet, area, enrolment};
use serde_json::json;
use sync_protocol::ids::DeviceNo;
use sync_protocol::problem::ProblemCode;
use sync_replica::{EnrolError, SyncError, TransportError};

#[test]
fn a_code_becomes_a_device_and_is_read_as_it_is_printed() {
    let mut tablet = Tablet::new();
    let mut desk = Script::default().then(|request| {
        assert_eq!(request["code"], "7KQ29MXT3F");
        assert_eq!(request["device_name"], "Tab A7");
        Ok(enrolment(DEVICE, EPOCH))
    });
    tablet.replica.enrol(&mut desk, "https://t.example", " 7kq2-9mxt 3f", "Tab A7").unwrap();
    let identity = tablet.replica.identity().unwrap();
    assert_eq!(identity.device, Some(DeviceNo(DEVICE)));
    assert_eq!(tablet.replica.status().unwrap().areas, [area(DESA)]);
    assert!(!format!("{identity:?}").contains("tbg_"), "the key is in no log");
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_install() {
    let mut tablet = Tablet::new();
    let mut desk = Script::default().fails(|| TransportError::Timeout);
    let lost = tablet.replica.enrol(&mut desk, "https://t.example", "C", "T");
    assert!(matches!(lost, Err(EnrolError::Sync(SyncError::Timeout))));
    let mut tablet = tablet.reopened();
    let mut again = Script::default().then(|_| Ok(enrolment(DEVICE, EPOCH)));
    tablet.replica.enrol(&mut again, "https://t.example", "C", "T").unwrap();
    assert_eq!(desk.bodies[0]["install"], again.bodies[0]["install"]);
}

#[test]
fn a_fresh_key_for_the_same_number_sends_nothing_again() {
    let mut tablet = Tablet::enrolled();
    tablet.save_child("A");
    tablet.sync(Script::default().says(json!({}))).unwrap();
    let mut desk = Script::default().then(|_| Ok(enrolment(DEVICE, EPOCH)));
    let enrolled = tablet.replica.enrol(&mut desk, "https://t.example", "C", "T").unwrap();
    assert_eq!(enrolled.to_send_again, 0);
}

#[test]
fn a_refused_code_says_why() {
    let mut tablet = Tablet::new();
    for (code, status) in [("code_wrong", 403), ("code_burnt", 410), ("code_used", 410)] {
        let problem = json!({"code": code, "type": "", "title": "", "status": status});
        let mut desk = Script::default().refuses(status, problem);
        let error = tablet.replica.enrol(&mut desk, "https://t.example", "C", "T");
        let Err(EnrolError::Code(found)) = error else { panic!("{error:?}") };
        assert_eq!(Some(found), ProblemCode::named(code));
    }
    assert!(!tablet.replica.identity().unwrap().is_enrolled());
}
