//! One weighing or measuring of a child. A second weighing is a second record; editing one
//! corrects it. It lives where its child lives.

use super::{Field, KindSpec, Shape};
use crate::body::Body;
use crate::parked::Fault;

pub const CHILD_ID: &str = "child_id";
pub const MEASURED_ON: &str = "measured_on";
pub const WEIGHT_G: &str = "weight_g";
pub const HEIGHT_MM: &str = "height_mm";
pub const POSITION: &str = "position";
/// Mid-upper arm circumference (LiLA).
pub const MUAC_MM: &str = "muac_mm";
pub const HEAD_MM: &str = "head_mm";
/// Pitting oedema: 0 none, 1 to 3.
pub const OEDEMA: &str = "oedema";
pub const VITAMIN_A: &str = "vitamin_a";
pub const ASI: &str = "asi";
pub const KELAS_IBU: &str = "kelas_ibu";
/// Makan Bergizi Gratis.
pub const MBG: &str = "mbg";
/// Codes of the warnings that the worker confirmed.
pub const CONFIRMED: &str = "confirmed";
pub const MEASURED_BY: &str = "measured_by";
pub const NOTE: &str = "note";

/// Lying or standing.
pub const POSITIONS: &[&str] = &["terlentang", "berdiri"];
/// Vitamin A capsules: blue at 6-11 months, red at 12-59.
pub const CAPSULES: &[&str] = &["biru", "merah"];

/// Possible weights: 0.5 to 60 kg.
pub const WEIGHT_G_SHAPE: Shape = Shape::Whole { min: 500, max: 60_000 };
/// Possible lengths and heights: 30 to 150 cm.
pub const HEIGHT_MM_SHAPE: Shape = Shape::Whole { min: 300, max: 1_500 };

/// A measurement has at least one of these.
const MEASURES: [&str; 4] = [WEIGHT_G, HEIGHT_MM, MUAC_MM, HEAD_MM];

pub(super) static SPEC: KindSpec = KindSpec {
    name: "measurement",
    parent_field: Some(CHILD_ID),
    fields: &[
        Field::required(CHILD_ID, Shape::Id),
        Field::required(MEASURED_ON, Shape::PastDate),
        Field::optional(WEIGHT_G, WEIGHT_G_SHAPE),
        Field::optional(HEIGHT_MM, HEIGHT_MM_SHAPE),
        Field::optional(POSITION, Shape::Choice(POSITIONS)),
        Field::optional(MUAC_MM, Shape::Whole { min: 40, max: 400 }),
        Field::optional(HEAD_MM, Shape::Whole { min: 150, max: 700 }),
        Field::optional(OEDEMA, Shape::Whole { min: 0, max: 3 }),
        Field::optional(VITAMIN_A, Shape::Choice(CAPSULES)),
        Field::optional(ASI, Shape::Flag),
        Field::optional(KELAS_IBU, Shape::Flag),
        Field::optional(MBG, Shape::Flag),
        Field::optional(CONFIRMED, Shape::Texts),
        Field::optional(MEASURED_BY, Shape::Text),
        Field::optional(NOTE, Shape::Text),
    ],
    rule: has_a_measure,
};

fn has_a_measure(body: &Body) -> Result<(), Fault> {
    if MEASURES.iter().any(|field| body.get(field).is_some()) {
        Ok(())
    } else {
        Err(Fault::invalid(WEIGHT_G))
    }
}
