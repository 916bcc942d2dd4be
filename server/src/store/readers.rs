//! A small pool of read-only connections; each job sees one snapshot.

use super::open::open_for_reading;
use super::{Few, ReadTx, StoreError, Stored};
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

const READERS: usize = 4;

#[derive(Debug)]
pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
    few: Few,
}

impl Readers {
    pub(super) fn open(path: &Path, few: Few) -> Stored<Self> {
        let idle = (0..READERS).map(|_| open_for_reading(path)).collect::<Stored<Vec<_>>>()?;
        Ok(Readers { idle: Mutex::new(idle), returned: Condvar::new(), few })
    }

    pub(super) fn run<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let lent = self.lend();
        let Some(connection) = lent.connection.as_ref() else {
            return Err(E::from(StoreError::Stopped));
        };
        let tx = connection.unchecked_transaction().map_err(StoreError::from)?;
        let result = job(&ReadTx { connection: &tx, few: self.few });
        tx.finish().map_err(StoreError::from)?;
        result
    }

    /// Waits for a free connection.
    fn lend(&self) -> Lent<'_> {
        let mut idle = self.lock();
        loop {
            if let Some(connection) = idle.pop() {
                return Lent { readers: self, connection: Some(connection) };
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that goes back to the pool, also when its job panics.
struct Lent<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.readers.lock().push(connection);
            self.readers.returned.notify_one();
        }
    }
}
