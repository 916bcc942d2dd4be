//! One home visit or other assistance to a child (pendampingan). It lives where its child lives.

use super::{Field, KindSpec, Shape, no_rule};

pub const CHILD_ID: &str = "child_id";
pub const VISITED_ON: &str = "visited_on";
pub const PURPOSE: &str = "purpose";
pub const TOPICS: &str = "topics";
/// Supplementary food: `{"kind": text, "days": whole}`.
pub const PMT: &str = "pmt";
pub const REFERRED_TO: &str = "referred_to";
pub const OUTCOME: &str = "outcome";
pub const NEXT_VISIT_ON: &str = "next_visit_on";
pub const VISITED_BY: &str = "visited_by";
pub const NOTE: &str = "note";

/// What a visit was for.
pub const PURPOSES: &[&str] = &["kunjungan_rumah", "konseling", "rujukan", "pmt", "verifikasi"];

pub(super) static SPEC: KindSpec = KindSpec {
    name: "visit",
    parent_field: Some(CHILD_ID),
    fields: &[
        Field::required(CHILD_ID, Shape::Id),
        Field::required(VISITED_ON, Shape::PastDate),
        Field::required(PURPOSE, Shape::Choice(PURPOSES)),
        Field::optional(TOPICS, Shape::Texts),
        Field::optional(PMT, Shape::Object),
        Field::optional(REFERRED_TO, Shape::Text),
        Field::optional(OUTCOME, Shape::Text),
        Field::optional(NEXT_VISIT_ON, Shape::Date),
        Field::optional(VISITED_BY, Shape::Text),
        Field::optional(NOTE, Shape::Text),
    ],
    rule: no_rule,
};
