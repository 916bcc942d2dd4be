use super::*;
use serde_json::json;

fn read(status: Value) -> Status {
    let text = json!({"protocol": 1, "sent_at": "2026-11-24T09:15:00.000+07:00", "clock": 0,
        "last_seq": 0, "status": status})
    .to_string();
    serde_json::from_str::<SyncRequest>(&text).unwrap().status
}

#[test]
fn a_member_of_the_status_that_cannot_be_read_is_ignored_and_the_others_count() {
    let good = json!({"pending": 6, "oldest_pending_at": "2026-11-24T08:02:11.000+07:00",
        "parked": 1, "free_mb": 2100, "app": "timbang-tablet/0.1.0", "differs": ["16.04.06.2008"],
        "wiping": true});
    let whole = read(good.clone());
    assert_eq!(serde_json::to_value(&whole).unwrap(), good);
    for (name, bad) in [
        ("pending", json!(-1)),
        ("oldest_pending_at", json!("yesterday")),
        ("parked", json!("1")),
        ("free_mb", json!(2100.5)),
        ("app", json!(["timbang-tablet"])),
        ("differs", json!(["Sadan"])),
        ("wiping", json!("true")),
    ] {
        for unreadable in [bad, Value::Null, json!({"x": [1]})] {
            let mut status = good.clone();
            status[name] = unreadable;
            let mut expected = good.clone();
            expected.as_object_mut().unwrap().remove(name);
            let read = serde_json::to_value(read(status.clone())).unwrap();
            assert_eq!(read, expected, "{status}");
        }
    }
}

#[test]
fn a_status_that_is_no_object_is_empty() {
    for other in [Value::Null, json!(7), json!("x"), json!(true), json!([1, null, 3])] {
        assert_eq!(read(other), Status::default());
    }
}
