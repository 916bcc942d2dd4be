//! Where the sync stands. One row, written in the same transaction as whatever it speaks of.

use crate::as_text::{AsJson, plain, text};
use rusqlite::{Connection, Row, named_params};
use sync_protocol::area::Area;
use sync_protocol::ids::Epoch;
use sync_protocol::limits::REQUEST_CHANGES_MAX;
use sync_protocol::wire::Cursor;

#[derive(Clone, Debug)]
pub(crate) struct SyncState {
    pub(crate) epoch: Option<Epoch>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) generation: i64,
    pub(crate) resetting: bool,
    pub(crate) new_history: bool,
    pub(crate) pull_complete: bool,
    pub(crate) acked_through: u64,
    pub(crate) receipted_through: u64,
    pub(crate) sent_through: u64,
    pub(crate) clock: u32,
    pub(crate) last_wall_ms: i64,
    pub(crate) server_time_ms: i64,
    pub(crate) last_sent_ms: Option<i64>,
    pub(crate) last_received_ms: Option<i64>,
    pub(crate) batch: u32,
    pub(crate) successes: u32,
    pub(crate) differs: Vec<Area>,
    pub(crate) repulled_ms: Option<i64>,
    pub(crate) upgrade: bool,
    pub(crate) wiping: bool,
}

impl SyncState {
    /// The row of a new file.
    pub(crate) fn make(db: &Connection) -> rusqlite::Result<()> {
        db.execute(
            "INSERT INTO sync_state (one, batch) VALUES (1, ?1)",
            [i64::try_from(REQUEST_CHANGES_MAX).unwrap_or(i64::MAX)],
        )?;
        Ok(())
    }

    pub(crate) fn load(db: &Connection) -> rusqlite::Result<Self> {
        db.prepare_cached("SELECT * FROM sync_state")?.query_row([], read)
    }

    /// Entries that the server has not settled with a receipt.
    pub(crate) fn pending(&self, last_seq: u64) -> u64 {
        last_seq.saturating_sub(self.receipted_through)
    }

    /// Nothing more to pull, and the mirror is what the server says it should be.
    pub(crate) fn is_complete(&self) -> bool {
        self.pull_complete && !self.resetting && !self.upgrade && self.differs.is_empty()
    }

    pub(crate) fn store(&self, db: &Connection) -> rusqlite::Result<()> {
        db.prepare_cached(
            "UPDATE sync_state SET epoch = :epoch, cursor = :cursor, generation = :generation,
                 resetting = :resetting, new_history = :new_history,
                 pull_complete = :pull_complete,
                 acked_through = :acked_through, receipted_through = :receipted_through,
                 sent_through = :sent_through, clock = :clock, last_wall_ms = :last_wall_ms,
                 server_time_ms = :server_time_ms, last_sent_ms = :last_sent_ms,
                 last_received_ms = :last_received_ms, batch = :batch, successes = :successes,
                 differs = :differs, repulled_ms = :repulled_ms, upgrade = :upgrade,
                 wiping = :wiping",
        )?
        .execute(named_params! {
            ":epoch": text(self.epoch),
            ":cursor": self.cursor.as_ref().map(|cursor| &cursor.0),
            ":generation": self.generation,
            ":resetting": self.resetting,
            ":new_history": self.new_history,
            ":pull_complete": self.pull_complete,
            ":acked_through": self.acked_through.cast_signed(),
            ":receipted_through": self.receipted_through.cast_signed(),
            ":sent_through": self.sent_through.cast_signed(),
            ":clock": self.clock,
            ":last_wall_ms": self.last_wall_ms,
            ":server_time_ms": self.server_time_ms,
            ":last_sent_ms": self.last_sent_ms,
            ":last_received_ms": self.last_received_ms,
            ":batch": self.batch,
            ":successes": self.successes,
            ":differs": AsJson(&self.differs),
            ":repulled_ms": self.repulled_ms,
            ":upgrade": self.upgrade,
            ":wiping": self.wiping,
        })?;
        Ok(())
    }

    /// Forgets what only held for one device number or one server history.
    pub(crate) fn start_anew(&mut self) {
        self.cursor = None;
        self.pull_complete = false;
        self.acked_through = 0;
        self.receipted_through = 0;
        self.sent_through = 0;
        self.differs.clear();
        self.repulled_ms = None;
        self.upgrade = false;
        self.wiping = false;
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<SyncState> {
    Ok(SyncState {
        epoch: plain(row.get("epoch")?),
        cursor: row.get::<_, Option<String>>("cursor")?.map(Cursor),
        generation: row.get("generation")?,
        resetting: row.get("resetting")?,
        new_history: row.get("new_history")?,
        pull_complete: row.get("pull_complete")?,
        acked_through: row.get::<_, i64>("acked_through")?.cast_unsigned(),
        receipted_through: row.get::<_, i64>("receipted_through")?.cast_unsigned(),
        sent_through: row.get::<_, i64>("sent_through")?.cast_unsigned(),
        clock: row.get("clock")?,
        last_wall_ms: row.get("last_wall_ms")?,
        server_time_ms: row.get("server_time_ms")?,
        last_sent_ms: row.get("last_sent_ms")?,
        last_received_ms: row.get("last_received_ms")?,
        batch: row.get("batch")?,
        successes: row.get("successes")?,
        differs: row.get::<_, AsJson<Vec<Area>>>("differs")?.0,
        repulled_ms: row.get("repulled_ms")?,
        upgrade: row.get("upgrade")?,
        wiping: row.get("wiping")?,
    })
}
