//! The one door to the data. Whoever wants a transaction says for whom it is, and gets it together with
//! who that is and the time: a token is read again in every transaction that works for its bearer.
//!
//! [`Service`] alone holds the [`Store`]. A person comes in by [`Service::read_as`] and
//! [`Service::write_as`], a tablet by [`Service::read_as_tablet`] and [`Service::write_as_tablet`].
//! Whoever stands at the machine comes in as its operator. Who has no credential yet, or needs none,
//! finds in `anyone` the few questions that are theirs, and no transaction.

mod anyone;
mod start;

pub use anyone::Gauges;

use crate::access::person::{Credential, Person, Right, person_of, worker_of};
use crate::access::{Caller, caller_of_token};
use crate::platform::{Clock, Random, random_bytes};
use crate::refusal::Refusal;
use crate::store::{FirstEpoch, ReadTx, Store, StoreError, Worker, WriteTx};
use crate::sync::server_time::{self, ServerNow};
use crate::thresholds::Thresholds;
use std::path::Path;
use std::sync::Arc;

/// The server below its network: the data, and what is not in it.
#[derive(Debug)]
pub struct Service {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    thresholds: Thresholds,
}

impl Service {
    /// Opens the database in `dir`, which is made when it is missing, and does what a new program has
    /// to do before it works on one.
    pub fn open(
        dir: &Path,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StoreError> {
        Service::open_with(dir, clock, random, Thresholds::default())
    }

    /// The same with other thresholds than a server has.
    pub fn open_with(
        dir: &Path,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        thresholds: Thresholds,
    ) -> Result<Self, StoreError> {
        let epoch = random_bytes(&*random);
        let epoch = *uuid::Builder::from_random_bytes(epoch).into_uuid().as_bytes();
        let service = Service::open_as_it_is(dir, epoch, clock, random, thresholds)?;
        service.release_for_this_program()?;
        service.renew_scores()?;
        Ok(service)
    }

    /// The same for a database that no server works on yet: what a start does is left to the start.
    /// `epoch` is used when the database is new.
    pub(crate) fn open_as_it_is(
        dir: &Path,
        epoch: [u8; 16],
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        thresholds: Thresholds,
    ) -> Result<Self, StoreError> {
        let first = FirstEpoch { epoch, now_ms: clock.now_ms() };
        let store = Store::open_with(dir, first, thresholds.few)?;
        Ok(Service { store, clock, random, thresholds })
    }

    /// One snapshot for the person who shows the credential and has the right.
    pub fn read_as<T>(
        &self,
        credential: &Credential,
        right: Right,
        job: impl FnOnce(&ReadTx<'_>, Person, ServerNow) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.read(|tx, now| job(tx, person_of(tx, credential, right)?, now))
    }

    /// One write job for that person.
    pub fn write_as<T, F>(
        &self,
        credential: &Credential,
        right: Right,
        job: F,
    ) -> Result<T, Refusal>
    where
        F: FnOnce(&WriteTx<'_>, Person, ServerNow) -> Result<T, Refusal> + Send + 'static,
        T: Send + 'static,
    {
        let credential = credential.clone();
        self.write(move |tx, now| job(tx, person_of(tx, &credential, right)?, now))
    }

    /// One snapshot for the tablet that shows the token.
    pub fn read_as_tablet<T>(
        &self,
        token: &str,
        job: impl FnOnce(&ReadTx<'_>, Caller, ServerNow) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.read(|tx, now| job(tx, caller_of_token(tx, token)?, now))
    }

    /// One write job for that tablet.
    pub fn write_as_tablet<T, F>(&self, token: &str, job: F) -> Result<T, Refusal>
    where
        F: FnOnce(&WriteTx<'_>, Caller, ServerNow) -> Result<T, Refusal> + Send + 'static,
        T: Send + 'static,
    {
        let token = token.to_owned();
        self.write(move |tx, now| job(tx, caller_of_token(tx, &token)?, now))
    }

    /// One snapshot for whoever stands at the machine: they may see all that it holds.
    pub fn read_as_operator<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&ReadTx<'_>, ServerNow) -> Result<T, E>,
    ) -> Result<T, E> {
        self.read(job)
    }

    /// One write job for whoever stands at the machine.
    pub fn write_as_operator<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>, ServerNow) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write(job)
    }

    /// Who shows a credential, whatever they may do.
    pub fn recognise(&self, credential: &Credential) -> Result<Worker, Refusal> {
        self.store.read(|tx| worker_of(tx, credential))
    }

    /// Where the database lies: only its owner may look in there, so temporary files go there, too.
    pub fn directory(&self) -> &Path {
        self.store.directory()
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub fn random(&self) -> &Arc<dyn Random> {
        &self.random
    }

    pub fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }

    /// A snapshot and the server's time by the wall clock of now.
    fn read<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&ReadTx<'_>, ServerNow) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.read(|tx| job(tx, server_time::glance(tx, self.clock.now_ms())?))
    }

    /// A write job that keeps the server's time by the wall clock of when it runs.
    fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>, ServerNow) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let clock = Arc::clone(&self.clock);
        self.store.write(move |tx| job(tx, server_time::advance(tx, clock.now_ms())?))
    }
}
