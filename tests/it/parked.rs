//! One bad change never blocks the rest: it is parked with its code, and the others are merged.

use serde_json::{Value, json};
use server::platform::Clock as _;
use sync_protocol::parked::ParkCode::{
    self, DateInFuture, InvalidField, NotInScope, TooLarge, UnknownKind,
};
use sync_protocol::wire::{Outcome, Receipt, SyncReply};
use sync_tests::{
    Device, FAR_DESA, HOUR, MINUTE, SADAN, World, any_id, child_body, id, measurement_body,
};

#[track_caller]
fn check_parked(receipt: &Receipt, code: ParkCode, field: Option<&str>) {
    let said = (receipt.outcome, receipt.code, receipt.field.as_deref());
    assert_eq!(said, (Outcome::Parked, Some(code), field), "{receipt:?}");
    assert_eq!(receipt.message.as_deref(), Some(code.message()));
}

/// A child that the server has, and the device that made it.
fn known_child(world: &World) -> (Device, sync_protocol::ids::RecordId) {
    let mut device = world.device("Petugas", &[SADAN]);
    let child = any_id();
    let change = device.child(child, SADAN, &child_body("Anak"));
    assert_eq!(device.push_one(change).outcome, Outcome::Applied);
    (device, child)
}

/// Sends each change between two good ones, in one request, and expects that it alone is parked.
#[track_caller]
fn check_each(
    device: &mut Device,
    cases: Vec<(String, ParkCode, Option<&'static str>)>,
) -> SyncReply {
    let mut texts = Vec::new();
    let mut expected = Vec::new();
    for (bad, code, field) in cases {
        device.seq += 1;
        texts.push(bad.replace("SEQ", &device.seq.to_string()));
        expected.push(Some((code, field)));
        texts.push(device.child(any_id(), SADAN, &child_body("Anak baik")).to_string());
        expected.push(None);
    }
    let reply = device.post_texts(&texts).sync();
    assert_eq!(reply.acked_through, device.seq);
    let mut parked = Vec::new();
    for (receipt, expected) in reply.receipts.iter().zip(&expected) {
        match expected {
            None => assert_eq!(receipt.outcome, Outcome::Applied, "{receipt:?}"),
            Some((code, field)) => {
                parked.push(receipt.seq);
                check_parked(receipt, *code, *field);
            }
        }
    }
    assert_eq!(reply.parked, Some(parked));
    let again = device.post_texts(&texts).sync();
    assert_eq!(again.receipts, reply.receipts, "the same request gets the same receipts");
    reply
}

/// The members that every change here begins with.
const HEAD: &str = r#""seq":SEQ,"made_at":"2026-11-24T08:00:00.000+07:00","clock":0"#;

fn child_text(members: &str, fields: &str) -> String {
    let id = any_id();
    format!(
        r#"{{{HEAD},"kind":"child","id":"{id}","area":"{SADAN}",{members}
            "body":{{"name":"A","sex":"P","birth_date":"2025-05-01"{fields}}}}}"#
    )
}

#[test]
fn what_cannot_be_read_parks_itself_alone() {
    let world = World::default();
    let (mut device, _) = known_child(&world);
    let deep = |depth| format!(",\"later\":{}{}", "[".repeat(depth), "]".repeat(depth));
    let long = |bytes| format!(",\"note\":\"{}\"", "x".repeat(bytes));
    let many_long: String =
        (0..17).map(|n| format!(",\"f{n}\":\"{}\"", "x".repeat(4000))).collect();
    let invalid = |text| (text, InvalidField, None);
    let cases = vec![
        invalid(child_text("", &deep(15))),
        invalid(child_text("", &deep(30_000))),
        invalid(child_text(r#""clock":0,"#, "")),
        invalid(child_text("", r#","name":"B""#)),
        invalid(child_text(r#""x":{"y":1,"y":1},"#, "")),
        invalid(child_text("", &long(4097))),
        invalid(child_text("", r#","later":1e999"#)),
        (child_text("", &many_long), TooLarge, None),
        (child_text("", &deep(40_000)), TooLarge, None),
    ];
    check_each(&mut device, cases);
    // At the limits all is well.
    device.seq += 1;
    let text = child_text("", &format!("{}{}", deep(14), long(4096)));
    let reply = device.post_texts(&[text.replace("SEQ", &device.seq.to_string())]).sync();
    assert_eq!(reply.receipts[0].outcome, Outcome::Applied);
    assert_eq!(world.faults(), Vec::<String>::new());
}

#[test]
fn a_change_may_have_sixty_four_kib_and_no_more() {
    let world = World::default();
    let (mut device, _) = known_child(&world);
    for (bytes, outcome) in [(65_536, Outcome::Applied), (65_537, Outcome::Parked)] {
        device.seq += 1;
        let text = child_text("", "").replace("SEQ", &device.seq.to_string());
        let padded = text.replacen('{', &format!("{{{}", " ".repeat(bytes - text.len())), 1);
        assert_eq!(padded.len(), bytes);
        assert_eq!(device.post_texts(&[padded]).sync().receipts[0].outcome, outcome);
    }
}

#[test]
fn a_member_at_fault_parks_its_change_and_is_named() {
    let world = World::default();
    let (mut device, child) = known_child(&world);
    let text = |members: &str| format!("{{{HEAD},{members}}}");
    let of_new = |kind: &str, members: &str| {
        text(&format!(r#""kind":"{kind}","id":"{}"{members}"#, any_id()))
    };
    let without = |member: &str| child_text("", "").replace(member, "\"other\":");
    let named = |text, field| (text, InvalidField, Some(field));
    let cases = vec![
        named(without("\"kind\":"), "kind"),
        named(child_text("", "").replace("\"child\"", "7"), "kind"),
        named(without("\"id\":"), "id"),
        named(child_text("", "").replace("\"id\":\"", "\"id\":\"X"), "id"),
        named(without("\"made_at\":"), "made_at"),
        named(child_text("", "").replace("2026-11-24T", "24-11-2026 "), "made_at"),
        named(without("\"clock\":"), "clock"),
        named(child_text("", "").replace("\"clock\":0", "\"clock\":-1"), "clock"),
        named(child_text("\"base\":\"yesterday\",", ""), "base"),
        named(child_text("\"deleted\":\"ganda\",", ""), "deleted"),
        named(of_new("child", ""), "body"),
        named(of_new("child", r#","body":null"#), "body"),
        named(of_new("child", r#","body":[1]"#), "body"),
        named(text(&format!(r#""kind":"child","id":"{child}","deleted":"bosan""#)), "deleted"),
        named(text(&format!(r#""kind":"child","id":"{child}","move":"16.4""#)), "move"),
        named(of_new("visit", &format!(r#","move":"{SADAN}""#)), "move"),
        named(child_text("", "").replace(SADAN, "Sadan"), "area"),
        (child_text("", "").replace("\"child\"", "\"imunisasi\""), UnknownKind, None),
    ];
    check_each(&mut device, cases);
}

#[test]
fn a_field_at_fault_parks_its_change_and_is_named() {
    let world = World::default();
    let (mut device, child) = known_child(&world);
    let measured = |fields: &str| {
        let id = any_id();
        format!(
            r#"{{{HEAD},"kind":"measurement","id":"{id}","body":{{"child_id":"{child}"{fields}}}}}"#
        )
    };
    let named = |text, field| (text, InvalidField, Some(field));
    let future = |text, field| (text, DateInFuture, Some(field));
    let cases = vec![
        named(child_text("", "").replace(r#""sex":"P""#, r#""sex":"X""#), "sex"),
        named(child_text("", "").replace(r#""name":"A""#, r#""name":"  ""#), "name"),
        named(child_text("", "").replace(r#""name":"A","#, ""), "name"),
        named(child_text("", "").replace("2025-05-01", "2025-02-30"), "birth_date"),
        named(child_text("", r#","birth_weight_g":8001"#), "birth_weight_g"),
        named(child_text("", r#","birth_weight_g":3100.5"#), "birth_weight_g"),
        named(child_text("", r#","imd":"ya""#), "imd"),
        future(child_text("", "").replace("2025-05-01", "2026-11-26"), "birth_date"),
        named(measured(r#","weight_g":9400"#), "measured_on"),
        named(measured(r#","measured_on":"2026-11-24""#), "weight_g"),
        named(measured(r#","measured_on":"2026-11-24","weight_g":94"#), "weight_g"),
        named(measured(r#","measured_on":"2026-11-24","height_mm":9000"#), "height_mm"),
        future(measured(r#","measured_on":"2026-11-26","weight_g":9400"#), "measured_on"),
    ];
    check_each(&mut device, cases);
    // A tablet crosses midnight before the server does.
    let tomorrow = measurement_body(child, 9400).with("measured_on", "2026-11-25");
    let change = device.body("measurement", any_id(), None, &tomorrow);
    assert_eq!(device.push_one(change).outcome, Outcome::Applied);
}

#[test]
fn what_is_unknown_and_what_is_forbidden_look_alike() {
    let world = World::default();
    let (mut device, child) = known_child(&world);
    let mut stranger = world.device("Petugas lain", &[FAR_DESA]);
    let strange = [id(7), id(8), id(9)];
    let changes = strange.map(|id| stranger.child(id, FAR_DESA, &child_body("Anak jauh")));
    stranger.push(&changes);
    let sibling = any_id();
    let change = device.child(sibling, SADAN, &child_body("Adik"));
    device.push_one(change);
    let outside = |text: String| (text, NotInScope, None);
    let body = |kind: &str, id, body: String| {
        outside(format!(r#"{{{HEAD},"kind":"{kind}","id":"{id}","body":{body}}}"#))
    };
    let edit =
        |id, members: &str| outside(format!(r#"{{{HEAD},"kind":"child","id":"{id}",{members}}}"#));
    let child_json = serde_json::to_string(&child_body("Anak")).unwrap();
    let weighing = |of| serde_json::to_string(&measurement_body(of, 9400)).unwrap();
    let cases = vec![
        outside(child_text("", "").replace(SADAN, FAR_DESA)),
        outside(child_text("", "").replace(SADAN, "16.04.06.2999")),
        outside(child_text("", "").replace(SADAN, "16.04.06")),
        body("child", any_id(), child_json.clone()),
        body("child", strange[0], child_json),
        body("measurement", any_id(), weighing(any_id())),
        body("measurement", any_id(), weighing(strange[0])),
        edit(any_id(), r#""deleted":"ganda""#),
        edit(strange[1], r#""deleted":"ganda""#),
        edit(strange[2], &format!(r#""move":"{SADAN}""#)),
        edit(child, r#""move":"16.04.06.2999""#),
        edit(sibling, r#""move":"16.04.07""#),
    ];
    check_each(&mut device, cases);
}

#[test]
fn a_record_keeps_its_kind_and_its_child() {
    let world = World::default();
    let (mut device, child) = known_child(&world);
    let (sibling, weighing) = (any_id(), any_id());
    let changes = [
        device.child(sibling, SADAN, &child_body("Adik")),
        device.body("measurement", weighing, None, &measurement_body(child, 9400)),
    ];
    device.push(&changes);
    let other_child = device.body("measurement", weighing, None, &measurement_body(sibling, 9400));
    check_parked(&device.push_one(other_child), InvalidField, Some("child_id"));
    let other_kind = device.child(weighing, SADAN, &child_body("Anak"));
    check_parked(&device.push_one(other_kind), InvalidField, Some("kind"));
    let body = json!({"child_id": child, "visited_on": "2026-11-24", "purpose": "konseling"});
    let visit = device.change("visit", weighing, json!({"body": body}));
    check_parked(&device.push_one(visit), InvalidField, Some("kind"));
}

#[test]
fn a_change_without_a_seq_breaks_the_request_and_nothing_of_it_is_stored() {
    let world = World::default();
    let (mut device, _) = known_child(&world);
    let good = device.child(any_id(), SADAN, &child_body("Anak"));
    let mut without = good.clone();
    without["seq"] = Value::Null;
    for bad in
        ["7", "null", "[]", "{}", "{\"seq\":0}", "{\"seq\":\"3\"}", "{\"seq\":3.5}", "{\"seq\":-3}"]
    {
        let reply = device.post_texts(&[good.to_string(), bad.to_owned()]);
        reply.check_problem(sync_protocol::problem::ProblemCode::Malformed);
    }
    let reply = device.post_texts(&[good.to_string(), without.to_string()]);
    reply.check_problem(sync_protocol::problem::ProblemCode::Malformed);
    assert_eq!(world.stored_device(device.number).acked, 1);
    assert_eq!(device.push(&[good]).acked_through, 2);
}

/// What nothing can be read of has no time. It must not take the place in time of what came after it.
#[test]
fn an_unreadable_change_pushes_no_later_one_into_the_present() {
    let world = World::default();
    let mut device = world.device("Siti", &[SADAN]);
    let first = device.child(any_id(), SADAN, &child_body("Ani"));
    world.time.pass(MINUTE);
    device.seq += 1;
    let unreadable = r#"{"seq":2,"kind":"child","body":{"a":1,"a":2}}"#.to_owned();
    world.time.pass(MINUTE);
    let made_ms = world.time.now_ms();
    let last = device.child(any_id(), SADAN, &child_body("Budi"));
    world.time.pass(2 * HOUR);
    let reply = device.post_texts(&[first.to_string(), unreadable, last.to_string()]).sync();
    assert_eq!(reply.receipts[1].outcome, Outcome::Parked);
    assert_eq!(reply.receipts[2].stamp.tick.unix_ms(), made_ms);
}
