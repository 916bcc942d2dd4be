//! What is answered without a credential: the few questions that everybody may ask, and those by which
//! somebody gets a credential. None of them hands out a transaction.

use super::Service;
use crate::access::enrolment::{self, Enrolled};
use crate::access::{login, token};
use crate::refusal::Refusal;
use crate::store::{StoreError, Stored};
use std::sync::Arc;
use sync_protocol::record::Kind;
use sync_protocol::wire::EnrolRequest;

/// Counts of the moment, without names, ids or areas.
#[derive(Clone, Debug)]
pub struct Gauges {
    /// Write jobs that wait.
    pub write_queue: usize,
    /// Changes that are parked.
    pub parked: u64,
    /// Conflicts that nobody has decided yet.
    pub conflicts: u64,
    /// Live records of each kind.
    pub records: Vec<(Kind, u64)>,
}

impl Service {
    /// Fails when the database cannot be read.
    pub fn check_readable(&self) -> Stored<()> {
        self.store.read(|tx| tx.server()).map(|_server| ())
    }

    pub fn gauges(&self) -> Stored<Gauges> {
        let write_queue = self.store.queue_length();
        self.store.read(|tx| {
            let records = Kind::all().map(|kind| Ok((kind, tx.count_live(kind)?)));
            Ok(Gauges {
                write_queue,
                parked: tx.count_parked()?,
                conflicts: tx.count_open_conflicts()?,
                records: records.collect::<Stored<_>>()?,
            })
        })
    }

    /// Turns an administrator's code into a tablet. The secret is compared outside of any transaction:
    /// that is slow on purpose.
    pub fn enrol(&self, request: EnrolRequest) -> Result<Enrolled, Refusal> {
        let stored = |name: &str| self.store.read(|tx| tx.enrol_code(name));
        let checked = enrolment::check_secret(request, &*self.random, stored)?;
        let random = Arc::clone(&self.random);
        self.write(move |tx, now| Ok(enrolment::enrol(tx, &checked, now.ms, &*random)?))
    }

    /// What the cookie of somebody who has just logged in holds; none when name or password is wrong.
    /// Takes its time in every case, so that nobody learns which names there are.
    pub fn log_in(&self, name: &str, password: &str) -> Result<Option<String>, StoreError> {
        let now_ms = self.clock.now_ms();
        let login = self.store.read::<_, StoreError>(|tx| tx.login_named(name))?;
        let Some(login) = login::proven(login, password, &*self.random)? else { return Ok(None) };
        let session = token::make(&*self.random);
        let hash = token::hash(&session);
        self.store.write(move |tx| login::begin_session(tx, &hash, login.worker, now_ms))?;
        Ok(Some(session))
    }

    pub fn log_out(&self, session: &str) -> Stored<()> {
        let hash = token::hash(session);
        self.store.write(move |tx| tx.end_session(&hash))
    }

    /// Keeps that somebody is there, now and then.
    pub fn keep_alive(&self, session: &str, now_ms: i64) -> Stored<()> {
        let hash = token::hash(session);
        if self.store.read(|tx| login::is_seen_lately(tx, &hash, now_ms))? {
            return Ok(());
        }
        self.store.write(move |tx| tx.touch_session(&hash, now_ms))
    }
}
