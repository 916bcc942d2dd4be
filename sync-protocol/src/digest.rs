//! Cheap proof that a tablet's mirror and the server's view of a desa are the same.

use crate::ids::RecordId;
use crate::stamp::Stamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// Live rows and tombstones of one desa: how many, and the sum of their fingerprints modulo 2^64.
/// A desa without rows has the default: count 0, sum 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AreaDigest {
    pub count: u64,
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^[0-9a-f]{16}$"))]
    #[serde(serialize_with = "to_hex", deserialize_with = "from_hex")]
    pub sum: u64,
}

impl AreaDigest {
    pub fn add(&mut self, id: &RecordId, stamp: Stamp) {
        self.count = self.count.wrapping_add(1);
        self.sum = self.sum.wrapping_add(row_fingerprint(id, stamp));
    }

    pub fn remove(&mut self, id: &RecordId, stamp: Stamp) {
        self.count = self.count.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(row_fingerprint(id, stamp));
    }

    pub fn is_empty(&self) -> bool {
        *self == AreaDigest::default()
    }
}

/// The first 8 bytes, big-endian, of SHA-256(id + "\n" + stamp), both as text.
pub fn row_fingerprint(id: &RecordId, stamp: Stamp) -> u64 {
    let hash = Sha256::digest(format!("{id}\n{stamp}"));
    hash.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

fn to_hex<S: Serializer>(sum: &u64, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(&format_args!("{sum:016x}"))
}

fn from_hex<'de, D: Deserializer<'de>>(d: D) -> Result<u64, D::Error> {
    let text = String::deserialize(d)?;
    let well_formed =
        text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    match u64::from_str_radix(&text, 16) {
        Ok(sum) if well_formed => Ok(sum),
        Ok(_) | Err(_) => Err(serde::de::Error::custom("a digest sum is 16 hex digits")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u8) -> (RecordId, Stamp) {
        let stamp = format!("0193a5b2c4d1{n:04x}-acd0f1a7").parse().unwrap();
        (RecordId::from_bytes([n; 16]), stamp)
    }

    #[test]
    fn a_digest_forgets_the_order_and_what_was_removed() {
        let mut forth = AreaDigest::default();
        let mut back = AreaDigest::default();
        (0..5).map(row).for_each(|(id, stamp)| forth.add(&id, stamp));
        (0..6).rev().map(row).for_each(|(id, stamp)| back.add(&id, stamp));
        assert_ne!(forth, back);
        let (id, stamp) = row(5);
        back.remove(&id, stamp);
        assert_eq!(forth, back);
    }

    #[test]
    fn the_fingerprint_is_the_documented_one() {
        let id = "acd0f1a7-0193-85b2-84d1-ffffffffffff".parse().unwrap();
        let stamp = "0193a5b2c4d10003-acd0f1a7".parse().unwrap();
        // printf 'acd0f1a7-0193-85b2-84d1-ffffffffffff\n0193a5b2c4d10003-acd0f1a7' | sha256sum | cut -c1-16
        assert_eq!(format!("{:016x}", row_fingerprint(&id, stamp)), "c5ca935036499bca");
    }

    #[test]
    fn a_sum_travels_as_sixteen_hex_digits() {
        let digest = AreaDigest { count: 812, sum: 0x9f0c };
        let text = r#"{"count":812,"sum":"0000000000009f0c"}"#;
        assert_eq!(serde_json::to_string(&digest).unwrap(), text);
        assert_eq!(serde_json::from_str::<AreaDigest>(text).unwrap(), digest);
        assert!(serde_json::from_str::<AreaDigest>(r#"{"count":1,"sum":"9f0c"}"#).is_err());
    }
}
