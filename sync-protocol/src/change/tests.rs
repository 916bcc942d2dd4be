use super::*;
use crate::limits::RESEND_BYTES_MAX;
use crate::time::parse_date;
use proptest::prelude::*;
use serde_json::json;

const ID: &str = "acd0f1a7-0193-85b2-84d1-ffffffffffff";

fn today() -> CivilDate {
    parse_date("2026-11-24").unwrap()
}

fn sample() -> Value {
    json!({"seq": 41, "kind": "child", "id": ID, "made_at": "2026-11-24T08:00:00.000+07:00", "clock": 3,
        "base": null, "area": "16.04.06.2008",
        "body": {"name": "Contoh", "sex": "P", "birth_date": "2024-01-31"}})
}

fn edited(edit: impl FnOnce(&mut Value)) -> String {
    let mut change = sample();
    edit(&mut change);
    change.to_string()
}

#[track_caller]
fn check_fault(edit: impl FnOnce(&mut Value), expected: Fault) {
    let raw = edited(edit);
    assert_eq!(read_change(&raw, today()).unwrap().content, Err(expected));
}

#[test]
fn a_whole_change_is_read() {
    let raw = edited(|_| ());
    let arrival = read_change(&raw, today()).unwrap();
    assert_eq!((arrival.seq.get(), arrival.clock, arrival.base), (41, 3, None));
    let change = arrival.content.unwrap();
    assert_eq!((change.kind, change.id.to_string().as_str()), (Kind::CHILD, ID));
    let Edit::Body { area: Some(area), body } = change.edit else { panic!("a body with an area") };
    assert_eq!((area.as_str(), body.text("name")), ("16.04.06.2008", Some("Contoh")));
}

#[test]
fn a_change_has_exactly_one_of_body_deleted_and_move() {
    check_fault(|c| c["deleted"] = json!("ganda"), Fault::invalid("deleted"));
    check_fault(|c| c["move"] = json!("16.04.10.1001"), Fault::invalid("deleted"));
    check_fault(|c| c["body"] = Value::Null, Fault::invalid("body"));
    check_fault(|c| c["body"] = json!([]), Fault::invalid("body"));
    let raw = edited(|c| {
        c["body"] = Value::Null;
        c["move"] = json!("16.04.10.1001");
    });
    assert!(matches!(read_change(&raw, today()).unwrap().content.unwrap().edit, Edit::Move(_)));
}

#[test]
fn each_member_that_is_wrong_is_named() {
    check_fault(|c| c["kind"] = json!("imunisasi"), Fault::of(ParkCode::UnknownKind));
    check_fault(|c| c["kind"] = json!(3), Fault::invalid("kind"));
    check_fault(|c| c["id"] = json!("x"), Fault::invalid("id"));
    check_fault(|c| c["made_at"] = json!("yesterday"), Fault::invalid("made_at"));
    check_fault(|c| c["clock"] = json!(-1), Fault::invalid("clock"));
    check_fault(|c| c["base"] = json!("zz"), Fault::invalid("base"));
    check_fault(|c| c["area"] = json!("Jarai"), Fault::invalid("area"));
    check_fault(|c| c["body"]["sex"] = json!("X"), Fault::invalid("sex"));
}

#[test]
fn only_a_child_can_be_moved() {
    check_fault(
        |c| {
            c["kind"] = json!("measurement");
            c["body"] = Value::Null;
            c["move"] = json!("16.04.10.1001");
        },
        Fault::invalid("move"),
    );
}

#[test]
fn what_can_be_read_of_a_faulty_change_is_read() {
    let raw = edited(|c| {
        c["kind"] = json!("measurement");
        c["body"] = json!({"child_id": ID, "weight_g": "berat"});
    });
    let arrival = read_change(&raw, today()).unwrap();
    assert!(arrival.content.is_err());
    assert_eq!(arrival.parent.map(|id| id.to_string()).as_deref(), Some(ID));
    assert!(arrival.made_at.is_some());
}

#[test]
fn a_change_that_is_no_valid_json_inside_is_kept_under_its_seq() {
    let deep = format!(r#"{{"seq":5,"x":{}{}}}"#, "[".repeat(100), "]".repeat(100));
    let twice = r#"{"seq":5,"a":1,"a":2}"#;
    let long = format!(r#"{{"seq":5,"x":"{}"}}"#, "x".repeat(5000));
    for raw in [deep.as_str(), twice, &long] {
        let arrival = read_change(raw, today()).unwrap();
        assert_eq!(
            (arrival.seq.get(), arrival.content),
            (5, Err(Fault::of(ParkCode::InvalidField)))
        );
    }
    let large = format!(r#"{{"seq":5,"x":["{}"]}}"#, "x\",\"".repeat(CHANGE_BYTES_MAX / 4));
    assert_eq!(read_change(&large, today()).unwrap().content, Err(Fault::of(ParkCode::TooLarge)));
}

/// A readable change of so many bytes, in strings that are none too long.
fn sized(members: &str, bytes: usize) -> String {
    let head = format!(r#"{{"seq":5{members},"x":[""#);
    let mut rest = bytes - head.len() - r#""]}"#.len();
    let mut text = head;
    while rest > 4_000 {
        text.push_str(&"x".repeat(3_000));
        text.push_str(r#"",""#);
        rest -= 3_003;
    }
    text.push_str(&"x".repeat(rest));
    text.push_str(r#""]}"#);
    assert_eq!(text.len(), bytes);
    text
}

#[track_caller]
fn check_size(members: &str, bytes: usize, expected: &Fault) {
    let content = read_change(&sized(members, bytes), today()).unwrap().content;
    assert_eq!(content.as_ref(), Err(expected), "{members} {bytes}");
}

#[test]
fn an_earlier_stamp_and_name_do_not_make_a_change_too_large() {
    let fits = Fault::invalid("kind");
    let too_large = Fault::of(ParkCode::TooLarge);
    check_size("", CHANGE_BYTES_MAX, &fits);
    check_size("", CHANGE_BYTES_MAX + 1, &too_large);
    let stamp = r#","stamp":"0193a5b2c4d10003-acd0f1a7""#;
    let was = r#","was":{"device":4294967295,"seq":9007199254740991}"#;
    for resent in [stamp, was, &format!("{stamp}{was}")] {
        check_size(resent, CHANGE_BYTES_MAX + RESEND_BYTES_MAX, &fits);
        check_size(resent, CHANGE_BYTES_MAX + RESEND_BYTES_MAX + 1, &too_large);
    }
    check_size(r#","stamp":null,"was":null"#, CHANGE_BYTES_MAX + 1, &too_large);
    check_size(r#","a":1,"a":2,"was":{}"#, CHANGE_BYTES_MAX + 1, &too_large);
    assert!(stamp.len() + was.len() <= RESEND_BYTES_MAX);
}

#[test]
fn a_change_of_the_largest_size_is_the_same_when_it_is_sent_again() {
    let first = sized("", CHANGE_BYTES_MAX);
    let members = first.strip_suffix('}').unwrap();
    let again = format!(
        r#"{members},"stamp":"0193a5b2c4d10003-acd0f1a7","was":{{"device":4294967295,"seq":5}}}}"#
    );
    let (first, again) =
        (read_change(&first, today()).unwrap(), read_change(&again, today()).unwrap());
    assert_eq!((first.hash, first.content), (again.hash, again.content));
    assert!(again.stamp.is_some() && again.was.is_some());
}

#[test]
fn a_change_without_a_readable_seq_breaks_the_envelope() {
    for raw in ["{}", "[]", "7", r#"{"seq":0}"#, r#"{"seq":"1"}"#, r#"{"seq":1.5}"#] {
        assert_eq!(read_change(raw, today()).unwrap_err(), NoSeq, "{raw}");
    }
}

#[test]
fn the_hash_forgets_order_spaces_top_level_nulls_stamp_and_was() {
    let hash = |raw: &str| read_change(raw, today()).unwrap().hash;
    let plain = hash(r#"{"seq":1,"kind":"visit","body":{"b":1,"a":null}}"#);
    assert_eq!(
        plain,
        hash(r#"{ "body": {"a":null, "b":1}, "kind":"visit", "seq":1, "base":null }"#)
    );
    assert_eq!(
        plain,
        hash(
            r#"{"seq":1,"kind":"visit","body":{"b":1,"a":null},"stamp":"0193a5b2c4d10003-acd0f1a7","was":{"device":1,"seq":2}}"#
        )
    );
    assert_ne!(plain, hash(r#"{"seq":1,"kind":"visit","body":{"b":1}}"#));
    assert_ne!(plain, hash(r#"{"seq":2,"kind":"visit","body":{"b":1,"a":null}}"#));
}

#[test]
fn a_written_change_reads_back_as_itself() {
    let raw = edited(|_| ());
    let change = read_change(&raw, today()).unwrap().content.unwrap();
    let made_at = "2026-11-24T08:00:00.000+07:00".parse().unwrap();
    let written =
        serde_json::to_string(&NewChange::new(Seq::FIRST, &change, made_at, 3, None)).unwrap();
    assert_eq!(read_change(&written, today()).unwrap().content.unwrap(), change);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}") {
        prop_assert!(read_change(&text, today()).is_ok() || text.is_empty() || read_change(&text, today()).is_err());
    }

    #[test]
    fn no_value_of_a_member_makes_the_reader_panic(member in "(seq|kind|id|made_at|clock|base|area|body|deleted|move|stamp|was)", text in ".{0,40}", n in any::<f64>()) {
        for value in [json!(text), json!(n), json!([text]), json!({"x": n})] {
            let raw = edited(|c| c[&member] = value);
            prop_assert_eq!(read_change(&raw, today()).is_err(), member == "seq");
        }
    }
}
