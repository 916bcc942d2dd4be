//! Reference data: areas, puskesmas, posyandu.

use super::text::parsed;
use super::{ReadTx, Stored, WriteTx};
use rusqlite::OptionalExtension;
use sync_protocol::area::Area;
use sync_protocol::wire::{AreaRef, PosyanduRef, PuskesmasRef};

impl ReadTx<'_> {
    /// The name of an area; `None` when this server does not know it.
    pub fn area_name(&self, area: &Area) -> Stored<Option<String>> {
        let name = self
            .connection
            .prepare_cached("SELECT name FROM area WHERE code = ?1")?
            .query_row([area.as_str()], |row| row.get(0))
            .optional()?;
        Ok(name)
    }

    pub fn areas(&self) -> Stored<Vec<AreaRef>> {
        let mut statement =
            self.connection.prepare_cached("SELECT code, name FROM area ORDER BY code")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        rows.map(|row| {
            let (code, name) = row?;
            Ok(AreaRef { code: parsed(&code, "area code")?, name })
        })
        .collect()
    }

    pub fn puskesmas(&self) -> Stored<Vec<PuskesmasRef>> {
        let mut statement =
            self.connection.prepare_cached("SELECT code, name FROM puskesmas ORDER BY code")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.map(|row| {
            let (code, name): (String, String) = row?;
            let areas = self.areas_of_puskesmas(&code)?;
            Ok(PuskesmasRef { code, name, areas })
        })
        .collect()
    }

    pub fn areas_of_puskesmas(&self, code: &str) -> Stored<Vec<Area>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT area FROM puskesmas_area WHERE puskesmas = ?1 ORDER BY area")?;
        let rows = statement.query_map([code], |row| row.get::<_, String>(0))?;
        rows.map(|area| parsed(&area?, "area code")).collect()
    }

    pub fn posyandu(&self) -> Stored<Vec<PosyanduRef>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT area, name FROM posyandu ORDER BY area, name")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        rows.map(|row| {
            let (area, name) = row?;
            Ok(PosyanduRef { area: parsed(&area, "area code")?, name })
        })
        .collect()
    }
}

impl WriteTx<'_> {
    /// Adds an area or renames it. True when anything changed.
    pub fn put_area(&self, area: &Area, name: &str) -> Stored<bool> {
        let changed = self
            .connection
            .prepare_cached(
                "INSERT INTO area (code, name) VALUES (?1, ?2)
                 ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE name <> excluded.name",
            )?
            .execute((area.as_str(), name))?;
        Ok(changed > 0)
    }

    /// Adds a puskesmas or replaces its name and areas. True when anything changed.
    pub fn put_puskesmas(&self, code: &str, name: &str, areas: &[Area]) -> Stored<bool> {
        let renamed = self.connection.execute(
            "INSERT INTO puskesmas (code, name) VALUES (?1, ?2)
             ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE name <> excluded.name",
            (code, name),
        )?;
        let mut wanted = areas.to_vec();
        wanted.sort();
        wanted.dedup();
        if self.areas_of_puskesmas(code)? == wanted {
            return Ok(renamed > 0);
        }
        self.connection.execute("DELETE FROM puskesmas_area WHERE puskesmas = ?1", [code])?;
        for area in &wanted {
            self.connection.execute(
                "INSERT INTO puskesmas_area (puskesmas, area) VALUES (?1, ?2)",
                (code, area.as_str()),
            )?;
        }
        Ok(true)
    }

    /// Adds a posyandu. True when it is new.
    pub fn put_posyandu(&self, area: &Area, name: &str) -> Stored<bool> {
        let added = self
            .connection
            .prepare_cached(
                "INSERT INTO posyandu (area, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute((area.as_str(), name))?;
        Ok(added > 0)
    }
}
