//! Messages read and written, hashes of changes, digests of rows.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Error, Result};
use sync_protocol::body::Body;
use sync_protocol::change::read_change;
use sync_protocol::digest::{AreaDigest, row_fingerprint};
use sync_protocol::ids::RecordId;
use sync_protocol::limits::Limits;
use sync_protocol::problem::Problem;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::{CivilDate, parse_date};
use sync_protocol::wire::{
    AreasReply, Content, EnrolReply, EnrolRequest, ReceiptsReply, Row, SyncReply, SyncRequest,
};

/// The day on which the golden messages were written.
const DAY: &str = "2026-11-24";

pub(crate) fn written(name: &str, text: &str) -> Result<String> {
    match name {
        "digest-vectors.json" => each(text, DigestVector::filled),
        "hash-vectors.json" => each(text, HashVector::filled),
        "areas-reply.json" => through::<AreasReply>(text),
        "enrol-reply.json" => through::<EnrolReply>(text),
        "enrol-request.json" => through::<EnrolRequest>(text),
        "limits.json" => through::<Limits>(text),
        "receipts-reply.json" => through::<ReceiptsReply>(text),
        _ if name.starts_with("problem") => through::<Problem>(text),
        _ if name.starts_with("sync-request") => request(text),
        _ if name.starts_with("sync-reply") => reply(text),
        _ => Err(Error::custom("no type is known for it")),
    }
}

fn through<T: DeserializeOwned + Serialize>(text: &str) -> Result<String> {
    serde_json::to_string(&serde_json::from_str::<T>(text)?)
}

/// A request whose changes have been read one by one.
fn request(text: &str) -> Result<String> {
    let request: SyncRequest = serde_json::from_str(text)?;
    for raw in &request.changes {
        let arrival = read_change(raw.get(), day()?).map_err(|_| Error::custom("no seq"))?;
        arrival.content.map_err(|fault| Error::custom(format!("{fault:?}")))?;
    }
    serde_json::to_string(&request)
}

/// A reply whose bodies have been read and written, too.
fn reply(text: &str) -> Result<String> {
    let mut reply: SyncReply = serde_json::from_str(text)?;
    for row in &mut reply.rows {
        if let Row::State { content: Content::Body(body), .. } = row {
            let read: Body = serde_json::from_str(body.get())?;
            *body = serde_json::value::to_raw_value(&read)?;
        }
    }
    serde_json::to_string(&reply)
}

fn each<I: DeserializeOwned, O: Serialize>(
    text: &str,
    filled: fn(I) -> Result<O>,
) -> Result<String> {
    let cases: Vec<I> = serde_json::from_str(text)?;
    let filled: Vec<O> = cases.into_iter().map(filled).collect::<Result<_>>()?;
    serde_json::to_string(&filled)
}

/// A case of `hash-vectors.json`, without what is to be found.
#[derive(Deserialize)]
struct HashVector {
    name: String,
    raw: String,
}

#[derive(Serialize)]
struct Hashed {
    name: String,
    raw: String,
    sha256: String,
}

impl HashVector {
    fn filled(self) -> Result<Hashed> {
        let arrival = read_change(&self.raw, day()?).map_err(|_| Error::custom("no seq"))?;
        let sha256 = arrival.hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Hashed { name: self.name, raw: self.raw, sha256 })
    }
}

/// A case of `digest-vectors.json`, without what is to be found.
#[derive(Deserialize)]
struct DigestVector {
    name: String,
    rows: Vec<StampedRow>,
}

#[derive(Deserialize)]
struct StampedRow {
    id: RecordId,
    stamp: Stamp,
}

#[derive(Serialize)]
struct Digested {
    name: String,
    rows: Vec<Fingerprinted>,
    digest: AreaDigest,
}

#[derive(Serialize)]
struct Fingerprinted {
    id: RecordId,
    stamp: Stamp,
    fingerprint: String,
}

impl DigestVector {
    fn filled(self) -> Result<Digested> {
        let mut digest = AreaDigest::default();
        let fingerprinted = |StampedRow { id, stamp }| {
            digest.add(&id, stamp);
            let fingerprint = format!("{:016x}", row_fingerprint(&id, stamp));
            Fingerprinted { id, stamp, fingerprint }
        };
        let rows = self.rows.into_iter().map(fingerprinted).collect();
        Ok(Digested { name: self.name, rows, digest })
    }
}

fn day() -> Result<CivilDate> {
    parse_date(DAY).map_err(Error::custom)
}
