//! The golden messages in `fixtures/wire/v1` are what this crate reads and writes, byte for byte,
//! and none of them can change unnoticed.

mod support;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use support::{
    SUMS, digest_vectors, golden, golden_day, golden_names, hash_vectors, message_names, sha256_hex,
};
use sync_protocol::body::Body;
use sync_protocol::change::{Edit, NewChange, read_change};
use sync_protocol::digest::{AreaDigest, row_fingerprint};
use sync_protocol::limits::{DEVICE_REQUESTS_BURST, DEVICE_REQUESTS_PER_MINUTE, Limits};
use sync_protocol::parked::{Fault, ParkCode};
use sync_protocol::problem::{Problem, ProblemCode};
use sync_protocol::record::Kind;
use sync_protocol::wire::{
    AreasReply, Content, EnrolReply, EnrolRequest, Outcome, ReceiptsReply, Row, SyncReply,
    SyncRequest,
};

/// A message decoded and encoded again, by file name; `None` for a file that no type is known for.
fn reencoded(name: &str, text: &str) -> Option<serde_json::Result<String>> {
    fn through<T: DeserializeOwned + Serialize>(text: &str) -> serde_json::Result<String> {
        serde_json::from_str::<T>(text).and_then(|message| serde_json::to_string(&message))
    }
    match name {
        "areas-reply.json" => Some(through::<AreasReply>(text)),
        "enrol-reply.json" => Some(through::<EnrolReply>(text)),
        "enrol-request.json" => Some(through::<EnrolRequest>(text)),
        "limits.json" => Some(through::<Limits>(text)),
        "receipts-reply.json" => Some(through::<ReceiptsReply>(text)),
        "problem-gap.json" | "problem-malformed.json" | "problem-revoked.json" => {
            Some(through::<Problem>(text))
        }
        _ if name.starts_with("sync-request") => Some(through::<SyncRequest>(text)),
        "sync-reply.json" | "sync-reply-draining-wipe.json" | "sync-reply-reset.json" => {
            Some(through::<SyncReply>(text))
        }
        _ => None,
    }
}

fn decoded<T: DeserializeOwned>(name: &str) -> serde_json::Result<T> {
    serde_json::from_str(&golden(name))
}

#[test]
fn every_golden_message_decodes_and_encodes_to_the_same_bytes() {
    let names = message_names();
    assert!(names.len() >= 15, "only {} messages were found", names.len());
    for name in names {
        let text = golden(&name);
        let written = reencoded(&name, &text).unwrap_or_else(|| panic!("{name} has no type here"));
        assert_eq!(written.unwrap() + "\n", text, "{name}");
    }
}

#[test]
fn no_golden_file_changes_comes_or_goes_unnoticed() {
    let frozen = golden(SUMS);
    let mut listed = BTreeSet::from([SUMS.to_owned()]);
    for line in frozen.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(sha256_hex(golden(name).as_bytes()), sum, "{name} was edited");
        listed.insert(name.to_owned());
    }
    assert_eq!(listed, golden_names().into_iter().collect());
}

/// Every request of a tablet, also those that a later kind of record adds.
fn request_names() -> Vec<String> {
    message_names().into_iter().filter(|name| name.starts_with("sync-request")).collect()
}

#[test]
fn every_change_of_the_golden_requests_is_read_without_a_fault() {
    for name in request_names() {
        let request: SyncRequest = decoded(&name).unwrap();
        for raw in &request.changes {
            let arrival = read_change(raw.get(), golden_day()).unwrap();
            assert!(arrival.content.is_ok(), "{name}: {:?}", arrival.content);
            assert_eq!(arrival.id, arrival.content.as_ref().ok().map(|change| change.id));
            assert!(arrival.made_at.is_some() && arrival.seq.get() <= request.last_seq);
        }
    }
}

#[test]
fn the_golden_requests_have_every_kind_of_change_and_every_field() {
    let mut edits = BTreeSet::new();
    let mut missing: BTreeSet<_> = Kind::all()
        .flat_map(|kind| kind.fields().iter().map(move |field| (kind.name(), field.name)))
        .collect();
    let requests = request_names().into_iter().map(|name| decoded::<SyncRequest>(&name).unwrap());
    for raw in requests.flat_map(|request| request.changes) {
        let change = read_change(raw.get(), golden_day()).unwrap().content.unwrap();
        match &change.edit {
            Edit::Body { body, .. } => {
                edits.insert("body");
                for (field, _) in body.fields() {
                    missing.retain(|known| *known != (change.kind.name(), field));
                }
            }
            Edit::Deleted(_) => _ = edits.insert("deleted"),
            Edit::Move(_) => _ = edits.insert("move"),
        }
    }
    assert_eq!(edits, BTreeSet::from(["body", "deleted", "move"]));
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn a_change_is_written_as_the_golden_request_has_it() {
    let request: SyncRequest = decoded("sync-request.json").unwrap();
    for raw in &request.changes {
        let arrival = read_change(raw.get(), golden_day()).unwrap();
        let change = arrival.content.unwrap();
        let made_at = arrival.made_at.unwrap();
        let new = NewChange::new(arrival.seq, &change, made_at, arrival.clock, arrival.base);
        assert_eq!(serde_json::to_string(&new).unwrap(), raw.get());
    }
}

#[test]
fn an_earlier_stamp_and_an_earlier_name_are_read() {
    let request: SyncRequest = decoded("sync-request-resend.json").unwrap();
    let read = |n: usize| read_change(request.changes[n].get(), golden_day()).unwrap();
    let (first, second) = (read(0), read(1));
    assert_eq!(first.stamp.map(|stamp| stamp.device), first.was.map(|was| was.device));
    assert_eq!(first.was.map(|was| was.seq), Some(first.seq));
    assert_eq!((second.stamp, second.was.map(|was| was.seq)), (None, Some(second.seq)));
}

#[test]
fn unknown_fields_of_a_body_survive_being_read_edited_and_sent_back() {
    let reply: SyncReply = decoded("sync-reply.json").unwrap();
    let bodies = reply.rows.iter().filter_map(|row| match row {
        Row::State { kind, content: Content::Body(body), .. } => Some((kind, body)),
        Row::State { .. } | Row::Gone { .. } => None,
    });
    let mut unknown_fields = 0;
    for (kind, raw) in bodies {
        let body: Body = serde_json::from_str(raw.get()).unwrap();
        assert_eq!(serde_json::to_string(&body).unwrap(), raw.get());
        let edited = serde_json::to_value(body.clone().with("note", "Contoh lain")).unwrap();
        let kind = Kind::named(kind).unwrap();
        for (field, value) in body.fields().filter(|(field, _)| kind.field(field).is_none()) {
            assert_eq!(&edited[field], value);
            unknown_fields += 1;
        }
    }
    assert!(unknown_fields > 0, "no golden row has an unknown field");
}

#[test]
fn a_row_of_a_kind_that_nobody_knows_yet_survives_a_round_trip() {
    let text = golden("sync-reply.json").replace("\"kind\":\"visit\"", "\"kind\":\"imunisasi\"");
    assert_ne!(text, golden("sync-reply.json"));
    let written = reencoded("sync-reply.json", &text).unwrap().unwrap();
    assert_eq!(written + "\n", text);
}

#[test]
fn unknown_members_of_an_envelope_are_ignored() {
    for name in message_names() {
        let text = golden(&name);
        let wider = text.replacen('{', "{\"from_a_newer_version\":{\"x\":[1]},", 1);
        assert_eq!(reencoded(&name, &wider).unwrap().unwrap() + "\n", text, "{name}");
    }
}

#[test]
fn status_changes_cursor_and_limit_may_be_absent_and_the_other_members_may_not() {
    let Value::Object(members) = decoded("sync-request-empty.json").unwrap() else {
        panic!("a request is an object")
    };
    for name in members.keys() {
        let mut fewer = members.clone();
        fewer.remove(name);
        let read = serde_json::from_value::<SyncRequest>(Value::Object(fewer));
        let optional = ["status", "changes", "cursor", "limit"].contains(&name.as_str());
        assert_eq!(read.is_ok(), optional, "{name}");
    }
    for (name, optional) in [("status", true), ("changes", false), ("cursor", true)] {
        let text = Value::Object(members.clone()).to_string();
        let value = members[name].to_string();
        let nulled = text.replace(&format!("\"{name}\":{value}"), &format!("\"{name}\":null"));
        assert_eq!(serde_json::from_str::<SyncRequest>(&nulled).is_ok(), optional, "{name}");
    }
}

#[test]
fn the_golden_replies_show_every_outcome_and_every_form_of_a_row() {
    let reply: SyncReply = decoded("sync-reply.json").unwrap();
    for outcome in Outcome::ALL {
        assert!(reply.receipts.iter().any(|receipt| receipt.outcome == outcome), "{outcome:?}");
    }
    let forms: BTreeSet<_> = reply
        .rows
        .iter()
        .map(|row| match row {
            Row::State { content: Content::Body(_), .. } => "body",
            Row::State { content: Content::Deleted(_), .. } => "deleted",
            Row::Gone { .. } => "gone",
        })
        .collect();
    assert_eq!(forms, BTreeSet::from(["body", "deleted", "gone"]));
}

#[test]
fn the_golden_receipts_carry_the_sentences_of_their_codes() {
    let sync: SyncReply = decoded("sync-reply.json").unwrap();
    let asked: ReceiptsReply = decoded("receipts-reply.json").unwrap();
    let parked: Vec<_> =
        sync.receipts.iter().chain(&asked.receipts).filter(|r| r.code.is_some()).collect();
    assert_eq!(parked.len(), 2);
    for receipt in parked {
        assert_eq!(receipt.outcome, Outcome::Parked);
        assert_eq!(receipt.message.as_deref(), receipt.code.map(ParkCode::message));
    }
}

#[test]
fn the_golden_problems_and_limits_are_those_of_the_crate() {
    let gap: Problem = decoded("problem-gap.json").unwrap();
    assert_eq!(gap, Problem { expected: Some(41), ..Problem::new(ProblemCode::Gap) });
    let malformed: Problem = decoded("problem-malformed.json").unwrap();
    let detail = "changes[2] has no readable seq";
    assert_eq!(malformed, Problem::new(ProblemCode::Malformed).with_detail(detail));
    let revoked: Problem = decoded("problem-revoked.json").unwrap();
    assert_eq!(revoked, Problem::new(ProblemCode::Revoked));
    let limits: Limits = decoded("limits.json").unwrap();
    assert_eq!(limits, Limits::with_rate(DEVICE_REQUESTS_PER_MINUTE, DEVICE_REQUESTS_BURST));
}

#[test]
fn every_hash_vector_is_the_hash_of_its_change() {
    for vector in hash_vectors() {
        let name = &vector.name;
        assert_eq!(sha256_hex(vector.canonical.as_bytes()), vector.sha256, "{name}");
        let hash = read_change(&vector.raw, golden_day()).unwrap().hash;
        let hex: String = hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, vector.sha256, "{name}");
    }
}

#[test]
fn hash_vectors_that_should_differ_do() {
    let vectors = hash_vectors();
    let sums: BTreeSet<_> = vectors.iter().map(|vector| &vector.sha256).collect();
    // The first three are one change, written in three ways.
    assert!(vectors[..3].iter().all(|vector| vector.sha256 == vectors[0].sha256));
    assert_eq!(sums.len(), vectors.len() - 2);
    let unreadable = vectors.iter().map(|v| read_change(&v.raw, golden_day()).unwrap().content);
    let faults: Vec<_> = unreadable.filter_map(Result::err).collect();
    assert_eq!(faults, [Fault::of(ParkCode::InvalidField)]);
}

#[test]
fn every_digest_vector_is_the_digest_of_its_rows() {
    for vector in digest_vectors() {
        let mut digest = AreaDigest::default();
        for row in &vector.rows {
            let fingerprint = format!("{:016x}", row_fingerprint(&row.id, row.stamp));
            assert_eq!(fingerprint, row.fingerprint, "{}", row.id);
            digest.add(&row.id, row.stamp);
        }
        assert_eq!(digest, vector.digest, "{}", vector.name);
    }
}
