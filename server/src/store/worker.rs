//! People and their grants.

use super::text::{parsed, worker_id};
use super::{ReadTx, StoreError, Stored, WriteTx};
use rusqlite::{OptionalExtension, Row, named_params};
use std::fmt;
use std::str::FromStr;
use sync_protocol::area::Area;
use sync_protocol::ids::WorkerId;

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Works with a tablet.
    Tenaga,
    /// Reads, reviews, enters and enrols in scope.
    Penyelia,
    /// Reads figures and cases, NIK masked.
    Pengamat,
    Admin,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Tenaga, Role::Penyelia, Role::Pengamat, Role::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Tenaga => "tenaga",
            Role::Penyelia => "penyelia",
            Role::Pengamat => "pengamat",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Role::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| "a role is tenaga, penyelia, pengamat or admin".to_owned())
    }
}

#[derive(Clone, Debug)]
pub struct Worker {
    pub id: WorkerId,
    pub name: String,
    pub role: Role,
}

#[derive(Clone, Debug)]
pub struct NewWorker {
    pub id: WorkerId,
    pub name: String,
    pub role: Role,
    pub made_ms: i64,
}

/// What a grant is of: an area, or a puskesmas, which grants its desa.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantOf {
    Area(Area),
    Puskesmas(String),
}

#[derive(Clone, Debug)]
pub struct Grant {
    pub id: i64,
    pub of: GrantOf,
    pub given_ms: i64,
    pub ended_ms: Option<i64>,
    /// Ended because of something the worker did: nothing is accepted after it.
    pub for_cause: bool,
}

impl ReadTx<'_> {
    pub fn worker(&self, id: WorkerId) -> Stored<Option<Worker>> {
        let found = self
            .connection
            .prepare_cached("SELECT id, name, role FROM worker WHERE id = ?1")?
            .query_row([id.0.as_bytes()], read_worker)
            .optional()?;
        found.map(finish_worker).transpose()
    }

    pub fn workers(&self) -> Stored<Vec<Worker>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name, role FROM worker ORDER BY name, id")?;
        let rows = statement.query_map([], read_worker)?;
        rows.map(|row| finish_worker(row?)).collect()
    }

    /// Every grant a worker has or had, oldest first.
    pub fn grants(&self, worker: WorkerId) -> Stored<Vec<Grant>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, area, puskesmas, given_ms, ended_ms, for_cause FROM worker_grant WHERE worker = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([worker.0.as_bytes()], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get::<_, Option<String>>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, Option<i64>>(4)?,
                row.get::<_, bool>(5)?,
            ))
        })?;
        rows.map(|row| {
            let (id, area, puskesmas, given_ms, ended_ms, for_cause) = row?;
            let of = match (area, puskesmas) {
                (Some(area), None) => GrantOf::Area(parsed(&area, "area code")?),
                (None, Some(code)) => GrantOf::Puskesmas(code),
                _ => return Err(StoreError::Unreadable("grant")),
            };
            Ok(Grant { id, of, given_ms, ended_ms, for_cause })
        })
        .collect()
    }
}

impl WriteTx<'_> {
    pub fn add_worker(&self, worker: &NewWorker) -> Stored<()> {
        self.connection.execute(
            "INSERT INTO worker (id, name, role, made_ms) VALUES (?1, ?2, ?3, ?4)",
            (worker.id.0.as_bytes(), &worker.name, worker.role.as_str(), worker.made_ms),
        )?;
        Ok(())
    }

    pub fn add_grant(&self, worker: WorkerId, of: &GrantOf, now_ms: i64) -> Stored<()> {
        let (area, puskesmas) = match of {
            GrantOf::Area(area) => (Some(area.as_str()), None),
            GrantOf::Puskesmas(code) => (None, Some(code.as_str())),
        };
        self.connection.execute(
            "INSERT INTO worker_grant (worker, area, puskesmas, given_ms) VALUES (?1, ?2, ?3, ?4)",
            (worker.0.as_bytes(), area, puskesmas, now_ms),
        )?;
        Ok(())
    }

    pub fn end_grant(&self, grant: i64, now_ms: i64, for_cause: bool) -> Stored<()> {
        self.connection.execute(
            "UPDATE worker_grant SET ended_ms = :now, for_cause = :cause WHERE id = :id",
            named_params! {":now": now_ms, ":cause": for_cause, ":id": grant},
        )?;
        Ok(())
    }
}

type WorkerColumns = ([u8; 16], String, String);

fn read_worker(row: &Row<'_>) -> rusqlite::Result<WorkerColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn finish_worker((id, name, role): WorkerColumns) -> Stored<Worker> {
    Ok(Worker { id: worker_id(id), name, role: parsed(&role, "role")? })
}
