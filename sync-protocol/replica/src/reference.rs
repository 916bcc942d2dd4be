//! Names of desa and posyandu, for people: fetched now and then, never needed to sync. Codes are
//! what travels.

use crate::as_text::AsText;
use crate::error::{StorageError, SyncError};
use crate::open::Replica;
use crate::reply;
use crate::scope;
use crate::sync_state::SyncState;
use crate::transport::{Request, Response, Transport, TransportError};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;
use sync_protocol::area::{Area, Scope};
use sync_protocol::time::DAY_MS;
use sync_protocol::wire::AreasReply;

/// What asking for names brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreasOutcome {
    /// Asked less than a day ago.
    NotDue,
    Unchanged,
    Updated,
}

/// A desa with its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaName {
    pub code: Area,
    pub name: Option<String>,
    /// The kecamatan's.
    pub parent_name: Option<String>,
}

/// What a code or a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AreaPick {
    One(Area),
    None,
    Many(Vec<AreaName>),
}

impl Replica {
    /// Fetches the names when they are a day old, with a good line after a sync.
    pub fn refresh_areas(
        &mut self,
        transport: &mut dyn Transport,
    ) -> Result<AreasOutcome, SyncError> {
        match self.areas_request()? {
            None => Ok(AreasOutcome::NotDue),
            Some(request) => {
                let answer = transport.call(&request);
                self.take_areas(answer)
            }
        }
    }

    /// Asks for the names; none when they are younger than a day.
    pub fn areas_request(&self) -> Result<Option<Request>, SyncError> {
        let now_ms = SyncState::load(&self.db)?.server_time_ms;
        let (etag, fetched): (Option<String>, Option<i64>) = self.db.query_row(
            "SELECT areas_etag, areas_fetched_ms FROM sync_state",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if fetched.is_some_and(|fetched| now_ms.saturating_sub(fetched) < DAY_MS) {
            return Ok(None);
        }
        Ok(Some(Request {
            method: "GET",
            path: "/v1/areas".to_owned(),
            token: self.identity()?.token,
            body: None,
            etag,
        }))
    }

    /// Stores the names that came back.
    pub fn take_areas(
        &mut self,
        answer: Result<Response, TransportError>,
    ) -> Result<AreasOutcome, SyncError> {
        let response = answer?;
        let now_ms = SyncState::load(&self.db)?.server_time_ms;
        match response.status {
            200 => {
                let names: AreasReply = reply::read(&response)?;
                self.store_areas(&names, response.etag.as_deref(), now_ms)?;
                Ok(AreasOutcome::Updated)
            }
            304 => {
                self.db.execute("UPDATE sync_state SET areas_fetched_ms = ?1", [now_ms])?;
                Ok(AreasOutcome::Unchanged)
            }
            _ => {
                let code = reply::problem(&response).and_then(|problem| problem.code());
                Err(reply::failure(&response, code))
            }
        }
    }

    fn store_areas(
        &mut self,
        names: &AreasReply,
        etag: Option<&str>,
        now_ms: i64,
    ) -> Result<(), SyncError> {
        let tx = self.begin()?;
        tx.execute_batch(
            "DELETE FROM area_name; DELETE FROM posyandu_name; DELETE FROM puskesmas_area;",
        )?;
        for area in &names.areas {
            tx.prepare_cached("INSERT OR REPLACE INTO area_name (code, name) VALUES (?1, ?2)")?
                .execute((area.code.as_str(), &area.name))?;
        }
        for posyandu in &names.posyandu {
            tx.prepare_cached("INSERT OR REPLACE INTO posyandu_name (area, name) VALUES (?1, ?2)")?
                .execute((posyandu.area.as_str(), &posyandu.name))?;
        }
        for puskesmas in &names.puskesmas {
            for area in &puskesmas.areas {
                tx.prepare_cached(
                    "INSERT OR REPLACE INTO puskesmas_area (code, name, area) VALUES (?1, ?2, ?3)",
                )?
                .execute((&puskesmas.code, &puskesmas.name, area.as_str()))?;
            }
        }
        tx.execute("UPDATE sync_state SET areas_etag = ?1, areas_fetched_ms = ?2", (etag, now_ms))?;
        tx.commit()?;
        Ok(())
    }

    /// The worker's scope.
    pub fn scope(&self) -> Result<Scope, StorageError> {
        Ok(scope::load(&self.db)?)
    }

    /// The name of an area, and its parent's.
    pub fn area_name(&self, area: &Area) -> Result<AreaName, StorageError> {
        Ok(AreaName {
            code: area.clone(),
            name: name_of(&self.db, area)?,
            parent_name: match area.parent() {
                Some(parent) => name_of(&self.db, &parent)?,
                None => None,
            },
        })
    }

    /// The desa of the scope, as far as this tablet knows them.
    pub fn villages(&self) -> Result<Vec<AreaName>, StorageError> {
        let scope = self.scope()?;
        let mut codes = BTreeSet::new();
        codes.extend(scope.areas().iter().cloned());
        codes.extend(named_areas(&self.db)?.into_iter().filter(|area| scope.contains(area)));
        codes.retain(Area::is_village);
        codes.iter().map(|area| self.area_name(area)).collect()
    }

    /// Every desa that this tablet knows by name, for a hand-over to one outside of the scope.
    pub fn known_villages(&self) -> Result<Vec<AreaName>, StorageError> {
        let known = named_areas(&self.db)?;
        known.iter().filter(|area| area.is_village()).map(|area| self.area_name(area)).collect()
    }

    /// The names of a desa's posyandu.
    pub fn posyandu_of(&self, area: &Area) -> Result<Vec<String>, StorageError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT name FROM posyandu_name WHERE area = ?1 ORDER BY name")?;
        let names = statement.query_map([area.as_str()], |row| row.get(0))?;
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }

    /// Reads a code, a desa's name, or "kecamatan/desa". A desa of the scope is preferred, and a
    /// code that the kabupaten does not have is none.
    pub fn find_area(&self, text: &str) -> Result<AreaPick, StorageError> {
        let known = named_areas(&self.db)?;
        if let Ok(area) = text.trim().parse::<Area>() {
            // Without names (before the first sync) any code is taken; the server looks.
            let exists = known.is_empty() || known.contains(&area);
            return Ok(if exists { AreaPick::One(area) } else { AreaPick::None });
        }
        let scope = self.scope()?;
        let mut found = Vec::new();
        for area in known.iter().filter(|area| area.is_village()) {
            let named = self.area_name(area)?;
            if is_called(&named, text) {
                found.push(named);
            }
        }
        let inside: Vec<AreaName> =
            found.iter().filter(|named| scope.contains(&named.code)).cloned().collect();
        let found = if inside.is_empty() { found } else { inside };
        Ok(match found.as_slice() {
            [] => AreaPick::None,
            [one] => AreaPick::One(one.code.clone()),
            [_, ..] => AreaPick::Many(found),
        })
    }
}

fn is_called(area: &AreaName, text: &str) -> bool {
    let same = |name: &Option<String>, text: &str| {
        name.as_ref().is_some_and(|name| name.to_lowercase() == text.trim().to_lowercase())
    };
    match text.split_once('/') {
        Some((parent, name)) => same(&area.parent_name, parent) && same(&area.name, name),
        None => same(&area.name, text),
    }
}

fn name_of(db: &Connection, area: &Area) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT name FROM area_name WHERE code = ?1")?
        .query_row([area.as_str()], |row| row.get(0))
        .optional()
}

fn named_areas(db: &Connection) -> rusqlite::Result<Vec<Area>> {
    let mut statement = db.prepare_cached("SELECT code FROM area_name ORDER BY code")?;
    statement.query_map([], |row| Ok(row.get::<_, AsText<Area>>(0)?.0))?.collect()
}
