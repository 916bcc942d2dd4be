//! Bodies as lists show them: with the mask of `sync_protocol::mask` over the numbers of persons.
//!
//! What a person saw masked comes back masked when they send the record again: [`unmask`] puts the
//! number back, so that no mask is ever stored for a number that the server knows.

use serde_json::Value;
use sync_protocol::body::Body;
use sync_protocol::mask::{HIDDEN, mask};
use sync_protocol::record::child;

/// The fields that hold a person's or a family's number: NIK, KK, the guardian's NIK.
const FIELDS: [&str; 3] = [child::NIK, child::KK, child::GUARDIAN_NIK];
/// A field's value as it is shown.
pub fn mask_field(field: &str, value: Value) -> Value {
    if value.is_null() || !FIELDS.contains(&field) {
        return value;
    }
    match value.as_str() {
        Some(nik) => Value::String(mask(nik)),
        None => Value::String(mask(&value.to_string())),
    }
}

/// A body as it is shown.
pub fn mask_body(body: &Body) -> Body {
    body.fields().fold(Body::new(), |masked, (field, value)| {
        masked.with(field, mask_field(field, value.clone()))
    })
}

/// A mask that stands for more than one number that the server knows: the number itself is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ambiguous(pub &'static str);

/// A body as a person sent it, with the numbers in place of their masks. `known` is what the person
/// may have seen. A mask of none of it is kept as it is: some lists come censored.
pub fn unmask(mut body: Body, known: &[Body]) -> Result<Body, Ambiguous> {
    for field in FIELDS {
        let Some(sent) = body.text(field).filter(|sent| sent.contains(HIDDEN)) else { continue };
        let mut meant: Vec<&str> = known
            .iter()
            .filter_map(|known| known.text(field))
            .filter(|number| mask(number) == sent)
            .collect();
        meant.sort_unstable();
        meant.dedup();
        match *meant.as_slice() {
            [] => {}
            [number] => body.set(field, number),
            _ => return Err(Ambiguous(field)),
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_persons_are_masked_also_where_they_are_numbers_and_nothing_else_is() {
        assert_eq!(mask_field("nik", 1_604_064_105_250_001_u64.into()), "160406********01");
        assert_eq!(mask_field("kk", "1604064105250001".into()), "160406********01");
        assert_eq!(mask_field("guardian_nik", "1604064105250001".into()), "160406********01");
        assert_eq!(mask_field("phone", "08123456789".into()), "08123456789");
        assert_eq!(mask_field("nik", Value::Null), Value::Null);
    }

    #[test]
    fn a_mask_that_comes_back_becomes_its_number_again() {
        let nik = |nik: &str| Body::new().with("nik", nik);
        let known = [nik("1604064105250001"), Body::new(), nik("1604064105250001")];
        assert_eq!(unmask(nik("160406********01"), &known), Ok(nik("1604064105250001")));
        // What was typed is typed, and a list that came censored stays as it came.
        assert_eq!(unmask(nik("1604064105259901"), &known), Ok(nik("1604064105259901")));
        assert_eq!(unmask(nik("160406********99"), &known), Ok(nik("160406********99")));
        let two = [nik("1604064105250001"), nik("1604064107250001")];
        assert_eq!(unmask(nik("160406********01"), &two), Err(Ambiguous("nik")));
    }
}
