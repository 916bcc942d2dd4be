//! Names of things: newtypes that parse, so that a seq is never taken for a device.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A text that does not name what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct BadId(pub &'static str);

/// A record's UUID: lower case with hyphens, any UUID version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RecordId(Uuid);

impl RecordId {
    /// A UUIDv8 whose first bytes are the device and then the time, so that one tablet's records
    /// lie together in every index.
    pub fn made_by(device: DeviceNo, now_ms: i64, random: [u8; 6]) -> Self {
        let [d0, d1, d2, d3] = device.0.to_be_bytes();
        let [_, _, t0, t1, t2, t3, t4, t5] = now_ms.max(0).to_be_bytes();
        let [r0, r1, r2, r3, r4, r5] = random;
        Self(Uuid::new_v8([d0, d1, d2, d3, t0, t1, t2, t3, t4, t5, r0, r1, r2, r3, r4, r5]))
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RecordId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        parse_uuid(text, "record id").map(Self)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        parse_text(d)
    }
}

/// A person who works with Timbang.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct WorkerId(pub Uuid);

impl fmt::Display for WorkerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl FromStr for WorkerId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        parse_uuid(text, "worker id").map(Self)
    }
}

impl<'de> Deserialize<'de> for WorkerId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        parse_text(d)
    }
}

/// One installation of the tablet app, made by the tablet before it enrols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct InstallId(pub Uuid);

impl<'de> Deserialize<'de> for InstallId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        parse_uuid(&text, "install id").map(Self).map_err(serde::de::Error::custom)
    }
}

/// One unbroken history of a server. A restore from a backup makes a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Epoch(pub Uuid);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl FromStr for Epoch {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        parse_uuid(text, "epoch").map(Self)
    }
}

impl<'de> Deserialize<'de> for Epoch {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        parse_text(d)
    }
}

/// A device's number: 32 random bits. 0 is the server itself, where people in the office edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceNo(pub u32);

impl DeviceNo {
    /// The server as a device: imports and office edits.
    pub const OFFICE: DeviceNo = DeviceNo(0);
}

impl fmt::Display for DeviceNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of a change in its device's log: dense, 1, 2, 3, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Seq(u64);

impl Seq {
    pub const FIRST: Seq = Seq(1);
    /// The greatest seq: what both a JSON number and a database integer hold exactly.
    pub const MAX: u64 = (1 << 53) - 1;

    pub fn new(seq: u64) -> Option<Self> {
        (1..=Self::MAX).contains(&seq).then_some(Self(seq))
    }

    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Seq {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let seq = u64::deserialize(d)?;
        Seq::new(seq).ok_or_else(|| serde::de::Error::custom("seq must be 1 or more"))
    }
}

/// Only the form that this protocol writes is accepted: 36 characters, lower case, hyphens.
fn parse_uuid(text: &str, what: &'static str) -> Result<Uuid, BadId> {
    let canonical = text.len() == 36 && !text.bytes().any(|b| b.is_ascii_uppercase());
    match Uuid::try_parse(text) {
        Ok(uuid) if canonical => Ok(uuid),
        Ok(_) | Err(_) => Err(BadId(what)),
    }
}

/// Deserializes a type from its text form.
pub(crate) fn parse_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_id_begins_with_its_device_and_time() {
        let id = RecordId::made_by(DeviceNo(0xACD0_F1A7), 0x0193_A5B2_C4D1, [0xFF; 6]);
        assert!(id.to_string().starts_with("acd0f1a7-0193-8"));
    }

    #[test]
    fn only_the_written_form_of_a_uuid_is_read() {
        let good = "acd0f1a7-0193-85b2-84d1-ffffffffffff";
        assert_eq!(good.parse::<RecordId>().unwrap().to_string(), good);
        for bad in
            [good.to_uppercase(), good.replace('-', ""), format!("{{{good}}}"), String::new()]
        {
            assert_eq!(bad.parse::<RecordId>(), Err(BadId("record id")), "{bad}");
        }
    }

    #[test]
    fn a_seq_starts_at_one() {
        assert!(serde_json::from_str::<Seq>("0").is_err());
        assert!(serde_json::from_str::<Seq>("-1").is_err());
        assert!(serde_json::from_str::<Seq>("9007199254740992").is_err());
        assert_eq!(serde_json::from_str::<Seq>("41").unwrap().get(), 41);
    }
}
