//! Changes are judged alike, whether they were read ahead of their turn or at it.

use super::Thresholds;
use serde_json::{Value, json};
use sync_protocol::ids::RecordId;
use sync_protocol::wire::{Receipt, SyncReply};
use sync_tests::{
    Device, Dice, FAR_DESA, SADAN, World, any_id, child_body, gzip, measurement_body,
};

/// More text than is read ahead, in changes that are as they should be.
fn ballast(device: &mut Device) -> Vec<Value> {
    let body = child_body("Anak").with("address", "x".repeat(4_000));
    let changes: Vec<Value> = (0..70).map(|_| device.child(any_id(), SADAN, &body)).collect();
    let bytes: usize = changes.iter().map(|change| change.to_string().len()).sum();
    assert!(bytes > Thresholds::default().read_ahead_bytes, "{bytes}");
    changes
}

/// One change of each sort that is parked, and one that is not.
fn sorts(device: &mut Device, child: RecordId) -> Vec<Value> {
    let measured = |grams: i64| measurement_body(child, grams);
    let tomorrow_but_one = measured(8_000).with("measured_on", "2026-11-26");
    let huge = (0..20).fold(measured(8_000), |b, n| b.with(&format!("x{n}"), "x".repeat(4_000)));
    let mut seqless = |kind: &str, edit: Value| device.change(kind, any_id(), edit);
    vec![
        seqless("measurement", json!({"body": measured(8_100)})),
        seqless("measurement", json!({"body": tomorrow_but_one})),
        seqless("measurement", json!({"body": measured(1)})),
        seqless("imunisasi", json!({"body": {"child_id": child}})),
        seqless("child", json!({"area": FAR_DESA, "body": child_body("Anak jauh")})),
        seqless("measurement", json!({"body": huge})),
        seqless("measurement", json!({"body": ["no object"]})),
        seqless("child", json!({"move": SADAN, "deleted": "ganda"})),
        seqless("visit", json!({"id": "no id", "body": {}})),
        seqless("measurement", json!({"made_at": "kemarin", "body": measured(8_200)})),
        seqless("measurement", json!({"body": measured(8_300)})),
    ]
}

/// What a receipt says, but when.
fn verdict(receipt: &Receipt) -> (u64, &'static str, Option<String>, Option<String>) {
    let code = receipt.code.map(|code| code.to_string());
    (receipt.seq.get(), receipt.outcome.as_str(), code, receipt.field.clone())
}

fn verdicts(reply: &SyncReply) -> Vec<(u64, &'static str, Option<String>, Option<String>)> {
    reply.receipts.iter().map(verdict).collect()
}

#[test]
fn a_change_behind_the_first_256_kib_is_judged_like_any_other() {
    let world = World::default();
    let child = any_id();
    let mut device = world.device("Petugas", &[SADAN]);
    let first = device.child(child, SADAN, &child_body("Ani"));
    device.push_one(first);
    let before = sorts(&mut device, child);
    let small = verdicts(&device.push(&before));
    let outcomes: Vec<&str> = small.iter().map(|(_, outcome, _, _)| *outcome).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "applied").count(), 2, "{small:?}");
    assert!(small[1].2.as_deref() == Some("date_in_future"), "{small:?}");

    let mut all = ballast(&mut device);
    let behind = all.len();
    all.extend(sorts(&mut device, child));
    let large = verdicts(&device.push(&all));
    let of = |verdicts: &[(u64, &'static str, Option<String>, Option<String>)]| {
        verdicts.iter().map(|v| (v.1, v.2.clone(), v.3.clone())).collect::<Vec<_>>()
    };
    assert_eq!(of(&large[behind..]), of(&small));
    assert_eq!(world.faults(), Vec::<String>::new());
}

/// What a world answers to some changes, and what it holds then.
fn answered(thresholds: Thresholds, texts: &[Vec<String>], is_packed: bool) -> (Vec<Value>, Value) {
    let world = World::with_thresholds(thresholds);
    let device = world.device("Petugas", &[SADAN]);
    let mut receipts = Vec::new();
    for part in texts {
        let good = device.envelope(&[]).to_string();
        let text = good.replace("\"changes\":[]", &format!("\"changes\":[{}]", part.join(",")));
        let call = device.client.post("/v1/sync").token(&device.token);
        let reply = if is_packed {
            call.header("Content-Encoding", "gzip").bytes(gzip(text.as_bytes())).send()
        } else {
            call.bytes(text).send()
        };
        receipts.extend(reply.sync().receipts.iter().map(|r| json!(format!("{:?}", verdict(r)))));
        world.time.pass(1_000);
    }
    let mut rows = device.post(&device.envelope(&[])).json()["rows"].take();
    for row in rows.as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("stamp");
    }
    assert_eq!(world.faults(), Vec::<String>::new());
    (receipts, rows)
}

#[test]
fn what_is_read_ahead_and_what_is_packed_changes_no_verdict() {
    let mut dice = Dice::new(256);
    println!("TIMBANG_SEED={}", dice.seed());
    // A log that is written beside any server: its ids are the same in every world.
    let aside = World::default();
    let mut device = aside.device("Petugas", &[SADAN]);
    for _ in 0..6 {
        let texts: Vec<Vec<String>> = (0..3)
            .map(|_| {
                let child = RecordId::from_bytes(dice.bytes());
                let mut changes = vec![device.child(child, SADAN, &child_body("Ani"))];
                changes.extend(sorts(&mut device, child));
                let kept = changes.into_iter().map(|change| change.to_string());
                kept.collect()
            })
            .collect();
        device.seq = 0;
        let texts = renumbered(texts);
        let ahead = |read_ahead_bytes| Thresholds { read_ahead_bytes, ..Thresholds::default() };
        let somewhere = usize::try_from(dice.below(4_000)).unwrap();
        let expected = answered(ahead(usize::MAX), &texts, false);
        for bytes in [0, somewhere] {
            assert_eq!(answered(ahead(bytes), &texts, false), expected, "{bytes} ahead");
        }
        assert_eq!(answered(ahead(somewhere), &texts, true), expected, "packed");
    }
}

/// The same changes from seq 1 on.
fn renumbered(texts: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut seq = 0;
    let mut next = |text: String| {
        seq += 1;
        let mut change: Value = serde_json::from_str(&text).unwrap();
        change["seq"] = json!(seq);
        change.to_string()
    };
    texts.into_iter().map(|part| part.into_iter().map(&mut next).collect()).collect()
}
