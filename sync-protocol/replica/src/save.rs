//! Saving: one check, one log entry, one rebuilt row, in one transaction. A save that does not
//! pass stores nothing. The mirror is not touched.

use crate::change_log::{self, NewEntry};
use crate::clock::today;
use crate::departed;
use crate::error::SaveError;
use crate::identity::Identity;
use crate::mirror;
use crate::open::Replica;
use crate::platform::Platform;
use crate::show::{self, Shown, Touched};
use crate::sync_state::SyncState;
use rusqlite::{Transaction, TransactionBehavior};
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit, NewChange, Tombstone};
use sync_protocol::ids::{DeviceNo, RecordId, Seq};
use sync_protocol::json;
use sync_protocol::limits::{CHANGE_BYTES_MAX, RESEND_BYTES_MAX};
use sync_protocol::parked::{Fault, ParkCode};
use sync_protocol::record::Kind;
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;

/// Leaves room for the `stamp` and the `was` that an entry may be sent with one day.
const SAVED_BYTES_MAX: usize = CHANGE_BYTES_MAX - RESEND_BYTES_MAX;

/// A save that is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    pub id: RecordId,
    pub seq: u64,
}

impl Replica {
    /// Saves a complete body: a new record without `id`, an edit with it. Fields that this app does
    /// not know are carried over from what it holds. `area` is needed for a new child only.
    pub fn save(
        &mut self,
        kind: Kind,
        id: Option<RecordId>,
        area: Option<Area>,
        body: Body,
    ) -> Result<Saved, SaveError> {
        self.save_change(|save| {
            let id = id.unwrap_or_else(|| save.new_id());
            let shown = show::compose(save.tx, kind, &id)?;
            let body = with_unknown_fields(kind, body, shown.as_ref());
            check_texts(&body)?;
            kind.check(&body, today(save.platform, &save.state))?;
            let child_id = kind.parent_of(&body);
            if shown.as_ref().is_some_and(|shown| shown.child_id != child_id) {
                return Err(SaveError::ChildIsFixed);
            }
            let area = save.area_to_carry(kind, &id, area, shown.as_ref())?;
            Ok((Change { kind, id, edit: Edit::Body { body, area } }, child_id))
        })
    }

    /// Deletes a record that should not be there. A later save revives it.
    pub fn delete(
        &mut self,
        kind: Kind,
        id: RecordId,
        reason: Tombstone,
    ) -> Result<Saved, SaveError> {
        self.save_change(|save| {
            let shown = show::compose(save.tx, kind, &id)?.ok_or(SaveError::NoSuchRecord)?;
            Ok((Change { kind, id, edit: Edit::Deleted(reason) }, shown.child_id))
        })
    }

    /// Hands a child over to another desa.
    pub fn move_child(&mut self, id: RecordId, area: Area) -> Result<Saved, SaveError> {
        if !area.is_village() {
            return Err(SaveError::NotAVillage);
        }
        self.save_change(|save| {
            let kind = Kind::CHILD;
            show::compose(save.tx, kind, &id)?.ok_or(SaveError::NoSuchRecord)?;
            Ok((Change { kind, id, edit: Edit::Move(area) }, None))
        })
    }

    /// Logs what `make` decides, in one transaction with the row it changes.
    fn save_change(
        &mut self,
        make: impl FnOnce(&Save<'_>) -> Result<(Change, Option<RecordId>), SaveError>,
    ) -> Result<Saved, SaveError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let device = Identity::load(&tx)?.device.ok_or(SaveError::NotEnrolled)?;
        let mut state = SyncState::load(&tx)?;
        if state.wiping {
            return Err(SaveError::Wiping);
        }
        let (made_at, watch) = self.watch.read(&*self.platform, &mut state);
        let save = Save { tx: &tx, platform: &*self.platform, state, device, made_at };
        let (change, child_id) = make(&save)?;
        let saved = save.append(&change, child_id)?;
        save.state.store(&tx)?;
        let mut touched = Touched::default();
        touched.add(change.kind.name(), change.id);
        let changed = show::rebuild(&tx, &touched)?;
        tx.commit()?;
        self.changed.extend(changed);
        self.watch = watch;
        Ok(saved)
    }
}

/// One save inside its transaction.
struct Save<'a> {
    tx: &'a Transaction<'a>,
    platform: &'a dyn Platform,
    state: SyncState,
    device: DeviceNo,
    made_at: Moment,
}

impl Save<'_> {
    fn new_id(&self) -> RecordId {
        let mut random = [0u8; 6];
        self.platform.random(&mut random);
        RecordId::made_by(self.device, self.made_at.unix_ms(), random)
    }

    /// A child's place travels with its body until the mirror shows that the server has the child:
    /// the entry that brought it first may be tertahan.
    fn area_to_carry(
        &self,
        kind: Kind,
        id: &RecordId,
        given: Option<Area>,
        shown: Option<&Shown>,
    ) -> Result<Option<Area>, SaveError> {
        if !kind.has_place() || mirror::get(self.tx, id)?.is_some() {
            return Ok(None);
        }
        let area = given.or_else(|| shown.and_then(|shown| shown.area.clone()));
        let area = area.ok_or(SaveError::AreaNeeded)?;
        if area.is_village() { Ok(Some(area)) } else { Err(SaveError::NotAVillage) }
    }

    fn append(&self, change: &Change, child_id: Option<RecordId>) -> Result<Saved, SaveError> {
        let seq = change_log::last_seq(self.tx)?.saturating_add(1);
        let seq = Seq::new(seq).ok_or(rusqlite::Error::IntegralValueOutOfRange(0, i64::MAX))?;
        let base = self.base(&change.id)?;
        let message = NewChange::new(seq, change, self.made_at, self.state.clock, base);
        let bytes = serde_json::to_string(&message)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        if bytes.len() > SAVED_BYTES_MAX {
            return Err(SaveError::TooLarge { bytes: bytes.len(), max: SAVED_BYTES_MAX });
        }
        if json::read_value(&bytes).is_err() {
            return Err(SaveError::Fault(Fault::of(ParkCode::InvalidField)));
        }
        let entry = NewEntry {
            seq: seq.get(),
            device: self.device,
            kind: change.kind.name(),
            id: change.id,
            child_id,
            register: change.edit.register(),
            bytes: &bytes,
            made_at_ms: self.made_at.unix_ms(),
            clock: self.state.clock,
            base,
        };
        change_log::append(self.tx, &entry)?;
        Ok(Saved { id: change.id, seq: seq.get() })
    }

    /// The version that the worker had before his eyes. Of a child that left the scope that is its
    /// last one.
    fn base(&self, id: &RecordId) -> rusqlite::Result<Option<Stamp>> {
        Ok(match mirror::get(self.tx, id)? {
            Some(row) => Some(row.stamp),
            None => departed::get(self.tx, id)?.map(|departed| departed.row.stamp),
        })
    }
}

/// What the server's strict reader would refuse in a value: a text too long, nesting too deep.
fn check_texts(body: &Body) -> Result<(), Fault> {
    match body.fields().find(|(_, value)| json::read_value(&json::text(value)).is_err()) {
        Some((name, _)) => Err(Fault::invalid(name)),
        None => Ok(()),
    }
}

/// The body with what a newer app put into the record: an old tablet must not erase a new field.
fn with_unknown_fields(kind: Kind, mut body: Body, shown: Option<&Shown>) -> Body {
    let held = shown.and_then(Shown::body);
    for (name, value) in held.into_iter().flat_map(Body::fields) {
        if kind.field(name).is_none() && body.get(name).is_none() {
            body.set(name, value.clone());
        }
    }
    body
}
