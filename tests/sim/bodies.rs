//! Bodies and foreign changes as workers and newer apps write them.

use crate::random::Dice;
use serde_json::{Value, json};
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;

/// A field that only newer apps know.
pub(crate) const NEW_FIELD: &str = "isian_baru";

pub(crate) fn child(dice: &mut Dice, name: &str) -> Body {
    let sex = if dice.percent(50) { "L" } else { "P" };
    let born =
        format!("202{}-{:02}-{:02}", dice.between(2, 5), dice.between(1, 12), dice.between(1, 28));
    Body::new().with("name", name).with("sex", sex).with("birth_date", born)
}

pub(crate) fn measurement(dice: &mut Dice, child: RecordId, day: &str) -> Body {
    let body = Body::new()
        .with("child_id", child.to_string())
        .with("measured_on", day)
        .with("weight_g", dice.between(2_500, 18_000));
    if dice.percent(50) { body.with("height_mm", dice.between(450, 1_100)) } else { body }
}

pub(crate) fn visit(dice: &mut Dice, child: RecordId, day: &str) -> Body {
    let purpose = dice.one_of(&["kunjungan_rumah", "konseling", "pmt"]).copied().unwrap();
    Body::new()
        .with("child_id", child.to_string())
        .with("visited_on", day)
        .with("purpose", purpose)
        .with("note", format!("Contoh {}", dice.below(1_000)))
}

/// Changes one field of a body, sometimes one that this app does not know.
pub(crate) fn edited(dice: &mut Dice, kind: &str, mut body: Body) -> Body {
    let n = dice.below(1_000);
    match (kind, dice.below(4)) {
        (_, 0) => body.set(NEW_FIELD, json!({"n": n})),
        ("child", 1) => body.set("phone", format!("0800{n:06}")),
        ("child", 2) => body.set("address", format!("Dusun {n}")),
        ("child", _) => body.set("phone", Value::Null),
        ("measurement", _) => body.set("weight_g", dice.between(2_500, 18_000)),
        _ => body.set("note", format!("Contoh {n}")),
    }
    body
}

/// What an app writes that knows the fields of today, and no other, and changes one of them.
pub(crate) fn of_an_old_app(dice: &mut Dice, kind: Kind, held: &Body) -> Body {
    let known = held.fields().filter(|(name, _)| kind.field(name).is_some());
    let mut body = Body::new();
    known.for_each(|(name, value)| body.set(name, value.clone()));
    match kind.name() {
        "child" => body.set("rt", format!("{:03}", dice.below(20))),
        _ => body.set("note", format!("Contoh {}", dice.below(1_000))),
    }
    body
}

/// What an app from the future, or a broken one, may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    UnknownKind,
    BadField,
    BadId,
    NoMadeAt,
    TwoThings,
    TooDeep,
    TooLarge,
    NamedTwice,
    FutureDate,
}

pub(crate) const FOREIGN: [Foreign; 9] = [
    Foreign::UnknownKind,
    Foreign::BadField,
    Foreign::BadId,
    Foreign::NoMadeAt,
    Foreign::TwoThings,
    Foreign::TooDeep,
    Foreign::TooLarge,
    Foreign::NamedTwice,
    Foreign::FutureDate,
];

/// The kind that a foreign change says it is of.
pub(crate) fn foreign_kind(foreign: Foreign) -> &'static str {
    if foreign == Foreign::UnknownKind { "gizi" } else { "measurement" }
}

/// The text of a foreign change.
pub(crate) fn foreign(
    foreign: Foreign,
    seq: u64,
    id: RecordId,
    child: RecordId,
    made_at: &str,
) -> String {
    let body = json!({"child_id": child, "measured_on": "2026-11-20", "weight_g": 9_000});
    let mut change = json!({
        "seq": seq, "kind": foreign_kind(foreign), "id": id, "made_at": made_at, "clock": 0,
        "body": body,
    });
    match foreign {
        Foreign::UnknownKind => change["body"] = json!({"isi": [1, 2, 3]}),
        Foreign::BadField => change["body"]["weight_g"] = json!(5),
        Foreign::BadId => change["id"] = json!("bukan-id"),
        Foreign::NoMadeAt => {
            change.as_object_mut().unwrap().remove("made_at");
        }
        Foreign::TwoThings => change["deleted"] = json!("ganda"),
        Foreign::TooDeep => {
            change["body"]["note"] = (0..20).fold(json!(1), |inner, _| json!([inner]));
        }
        Foreign::TooLarge => change["body"]["note"] = json!("x".repeat(70_000)),
        Foreign::NamedTwice => {
            let text = change.to_string();
            return text.replacen("\"clock\":0", "\"clock\":0,\"clock\":1", 1);
        }
        Foreign::FutureDate => change["body"]["measured_on"] = json!("2031-01-01"),
    }
    change.to_string()
}
