//! Ids, areas and bodies, short to write down.

use crate::time::NOW;
use server::platform::{SystemRandom, random_bytes};
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::ids::{DeviceNo, RecordId};

pub fn area(code: &str) -> Area {
    code.parse().expect("an area code")
}

/// A record id that is the same in every run.
pub fn id(n: u8) -> RecordId {
    RecordId::from_bytes([n; 16])
}

/// A record id that nobody has used.
pub fn any_id() -> RecordId {
    RecordId::made_by(DeviceNo(u32::from_be_bytes(fresh())), NOW, fresh())
}

fn fresh<const N: usize>() -> [u8; N] {
    random_bytes(&SystemRandom)
}

/// A child as it is first entered.
pub fn child_body(name: &str) -> Body {
    Body::new().with("name", name).with("sex", "P").with("birth_date", "2025-05-01")
}

/// A weighing of a child today.
pub fn measurement_body(child: RecordId, weight_g: i64) -> Body {
    Body::new()
        .with("child_id", child.to_string())
        .with("measured_on", "2026-11-24")
        .with("weight_g", weight_g)
}

/// A body from JSON text.
pub fn body(json: &str) -> Body {
    serde_json::from_str(json).expect("a JSON object")
}

/// The child that a body belongs to.
pub fn child_id_of(body: &Body) -> RecordId {
    body.text("child_id").and_then(|id| id.parse().ok()).expect("a child_id")
}
