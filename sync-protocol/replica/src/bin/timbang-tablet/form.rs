//! Filling a body from what was typed. An empty text clears a field; whatever cannot be is refused
//! with a sentence.

use crate::failure::Failure;
use sync_protocol::body::Body;
use sync_protocol::record::Kind;
use sync_protocol::time::CivilDate;
use views::typed::{Wrong, read};

/// A field's name and what was typed for it, if anything.
pub(crate) type Typed<'a> = (&'a str, &'a Option<String>);

/// Sets what was typed. `today` is none when the tablet's clock is dead.
pub(crate) fn fill(
    kind: Kind,
    body: &mut Body,
    typed: &[Typed<'_>],
    today: Option<CivilDate>,
) -> Result<bool, Failure> {
    let before = body.clone();
    for (name, text) in typed {
        if let (Some(field), Some(text)) = (kind.field(name), text) {
            body.set(name, read(field, text, today)?);
        }
    }
    Ok(!body.says_the_same(&before))
}

impl From<Wrong> for Failure {
    fn from(wrong: Wrong) -> Self {
        Failure::new(wrong.code, format!("{} Tidak disimpan.", wrong.sentence))
    }
}
