//! The audit log: append-only, each row bound to the one before by its hash.

use super::{ReadTx, Stored, WriteTx};
use rusqlite::OptionalExtension;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync_protocol::ids::{DeviceNo, WorkerId};
use sync_protocol::time::Moment;

/// Keeps these hashes apart from any others.
const DOMAIN: &[u8] = b"timbang audit 1\n";

/// Who did it.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    Worker(WorkerId),
    /// A tablet, on behalf of the worker who holds it.
    Device(DeviceNo),
    /// Somebody with access to the machine, through the command line.
    CommandLine,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    WorkerAdded,
    Granted,
    GrantEnded,
    CodeMade,
    DeviceEnrolled,
    DeviceDrained,
    DeviceRevoked,
    DeviceWiped,
    TokenMade,
    TokenRevoked,
    PasswordSet,
    LoginDisabled,
    LoggedIn,
    FileImported,
    Exported,
    NikSeen,
    ConflictDecided,
    ParkedReleased,
    ParkedDiscarded,
    ParkedMended,
    RecordEntered,
    BackedUp,
    Restored,
}

impl Act {
    pub fn as_str(self) -> &'static str {
        match self {
            Act::WorkerAdded => "worker_added",
            Act::Granted => "granted",
            Act::GrantEnded => "grant_ended",
            Act::CodeMade => "code_made",
            Act::DeviceEnrolled => "device_enrolled",
            Act::DeviceDrained => "device_drained",
            Act::DeviceRevoked => "device_revoked",
            Act::DeviceWiped => "device_wiped",
            Act::TokenMade => "token_made",
            Act::TokenRevoked => "token_revoked",
            Act::PasswordSet => "password_set",
            Act::LoginDisabled => "login_disabled",
            Act::LoggedIn => "logged_in",
            Act::FileImported => "file_imported",
            Act::Exported => "exported",
            Act::NikSeen => "nik_seen",
            Act::ConflictDecided => "conflict_decided",
            Act::ParkedReleased => "parked_released",
            Act::ParkedDiscarded => "parked_discarded",
            Act::ParkedMended => "parked_mended",
            Act::RecordEntered => "record_entered",
            Act::BackedUp => "backed_up",
            Act::Restored => "restored",
        }
    }
}

impl WriteTx<'_> {
    /// Adds a row. `subject` names what was acted on, by ids and codes: never a child's name or NIK.
    pub fn audit(&self, who: Who, act: Act, subject: &Value, now_ms: i64) -> Stored<()> {
        let who = match who {
            Who::Worker(worker) => json!({"worker": worker}),
            Who::Device(device) => json!({"device": device}),
            Who::CommandLine => json!("command line"),
        };
        let text =
            json!({"at": Moment::utc(now_ms), "who": who, "act": act.as_str(), "subject": subject})
                .to_string();
        let hash = chain(self.audit_head()?.map(|(_, hash)| hash), &text);
        self.connection
            .prepare_cached("INSERT INTO audit (text, hash) VALUES (?1, ?2)")?
            .execute((text, hash))?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The number of rows and the hash of the last one: kept elsewhere, it proves that none was cut off.
    pub fn audit_head(&self) -> Stored<Option<(i64, [u8; 32])>> {
        let head = self
            .connection
            .prepare_cached("SELECT pos, hash FROM audit ORDER BY pos DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(head)
    }

    /// The first row whose hash does not follow from its text and the row before it.
    pub fn first_broken_audit_row(&self) -> Stored<Option<i64>> {
        let mut statement =
            self.connection.prepare("SELECT pos, text, hash FROM audit ORDER BY pos")?;
        let mut rows = statement.query([])?;
        let (mut before, mut expected) = (None, 1);
        while let Some(row) = rows.next()? {
            let (pos, text, hash): (i64, String, [u8; 32]) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            if pos != expected || chain(before, &text) != hash {
                return Ok(Some(pos));
            }
            before = Some(hash);
            expected += 1;
        }
        Ok(None)
    }
}

fn chain(before: Option<[u8; 32]>, text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    hash.update(before.unwrap_or_default());
    hash.update(text.as_bytes());
    hash.finalize().into()
}
