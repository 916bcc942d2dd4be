//! Checks of the whole database: the file itself, the digests against the records, the records
//! against the log.

use super::log::MERGED;
use super::text::{parsed, record_id, stamp};
use super::{ReadTx, StoreError, Stored};
use std::collections::BTreeMap;
use sync_protocol::area::Area;
use sync_protocol::digest::AreaDigest;
use sync_protocol::record::Kind;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Finding {
    #[error("the database file: {0}")]
    File(String),
    #[error("the digest of {area} says {kept:?}, its records add up to {counted:?}")]
    Digest { area: Area, kept: AreaDigest, counted: AreaDigest },
    #[error("{count} {what}")]
    Rows { what: &'static str, count: i64 },
}

/// What must never be found, each as a count of offending rows; `{MERGED}` stands for [`MERGED`].
const MUST_BE_NONE: [(&str, &str); 14] = [
    (
        "records whose winner is not the greatest version of their state in the log",
        "SELECT count(*) FROM record r WHERE (r.state_tick, r.state_device) <>
            (SELECT tick, stamp_device FROM log WHERE record = r.rid AND {MERGED}
              AND (body_at IS NOT NULL OR deleted IS NOT NULL) ORDER BY tick DESC, stamp_device DESC LIMIT 1)",
    ),
    (
        "children whose place is not the greatest version of it in the log",
        "SELECT count(*) FROM record r WHERE r.child IS NULL AND (r.area, r.place_tick, r.place_device) IS NOT
            (SELECT place, tick, stamp_device FROM log WHERE record = r.rid AND place IS NOT NULL
              AND {MERGED} ORDER BY tick DESC, stamp_device DESC LIMIT 1)",
    ),
    (
        "records that do not live where their child lives",
        "SELECT count(*) FROM record r JOIN record c ON c.rid = r.child WHERE r.area <> c.area",
    ),
    (
        "log entries with a gap before them",
        "SELECT count(*) FROM (SELECT seq - lag(seq, 1, 0) OVER (PARTITION BY device ORDER BY seq) AS step
            FROM log) WHERE step <> 1",
    ),
    (
        "devices whose log does not end where it is said to be stored through",
        "SELECT count(*) FROM device d WHERE d.acked <> coalesce((SELECT max(seq) FROM log WHERE device = d.number), 0)",
    ),
    (
        "parked changes that the list of parked changes does not have, or the other way round",
        "SELECT (SELECT count(*) FROM log WHERE outcome = 'parked' AND same_as IS NULL AND pos NOT IN (SELECT pos FROM parked))
            + (SELECT count(*) FROM parked JOIN log USING (pos) WHERE log.outcome <> 'parked')",
    ),
    (
        "merged changes that belong to no record",
        "SELECT count(*) FROM log WHERE outcome IN ('applied') AND record IS NULL AND same_as IS NULL",
    ),
    (
        "records and departures at a feed place that was not given out",
        "SELECT count(*) FROM (SELECT feed FROM record UNION ALL SELECT feed FROM departure)
            WHERE feed > (SELECT feed FROM server)",
    ),
    (
        "log entries with a stamp above the greatest one kept",
        "SELECT count(*) FROM log WHERE tick > (SELECT last_tick FROM server)",
    ),
    (
        "scores of what is no live measurement of a live child",
        "SELECT count(*) FROM measurement_score s JOIN record r USING (rid)
            WHERE NOT EXISTS (SELECT 1 FROM measurement m WHERE m.rid = s.rid)
              OR NOT EXISTS (SELECT 1 FROM child c WHERE c.rid = r.child)",
    ),
    (
        "last findings of what is no live child",
        "SELECT count(*) FROM child_status s WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c.rid = s.rid)",
    ),
    (
        "log entries whose stamp is not after the one before of the same device",
        "SELECT count(*) FROM (SELECT tick - lag(tick) OVER (PARTITION BY device ORDER BY seq) AS step
            FROM log WHERE same_as IS NULL) WHERE step <= 0",
    ),
    (
        "log entries with an outcome that there is not",
        "SELECT count(*) FROM log WHERE outcome NOT IN ('applied', 'superseded', 'parked', 'discarded')",
    ),
    (
        "references that point nowhere",
        "SELECT count(*) FROM pragma_foreign_key_check",
    ),
];

impl ReadTx<'_> {
    /// Everything that is not as it must be; empty when all is well.
    pub fn find_faults(&self) -> Stored<Vec<Finding>> {
        let mut findings = self.check_file()?;
        findings.extend(self.check_digests()?);
        for (what, sql) in MUST_BE_NONE {
            let sql = sql.replace("{MERGED}", MERGED);
            let count = self.connection.query_row(&sql, [], |row| row.get(0))?;
            if count != 0 {
                findings.push(Finding::Rows { what, count });
            }
        }
        for kind in Kind::all() {
            findings.extend(self.check_typed_rows(kind)?);
        }
        let count = self.count_wrong_typed()?;
        if count != 0 {
            let what = "live records whose typed row is not what their body gives";
            findings.push(Finding::Rows { what, count });
        }
        findings.extend(self.check_scores()?);
        Ok(findings)
    }

    fn check_file(&self) -> Stored<Vec<Finding>> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check")?;
        let lines = statement
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(lines.into_iter().filter(|line| line != "ok").map(Finding::File).collect())
    }

    fn check_digests(&self) -> Stored<Vec<Finding>> {
        let mut counted: BTreeMap<Area, AreaDigest> = BTreeMap::new();
        let mut statement = self.connection.prepare(
            "SELECT id, area, state_tick, state_device, place_tick, place_device FROM record",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let state = stamp(row.get("state_tick")?, row.get("state_device")?);
            let place = row
                .get::<_, Option<i64>>("place_tick")?
                .zip(row.get::<_, Option<u32>>("place_device")?);
            let greatest = place.map_or(state, |(tick, device)| state.max(stamp(tick, device)));
            let area = parsed(&row.get::<_, String>("area")?, "area code")?;
            counted.entry(area).or_default().add(&record_id(row, "id")?, greatest);
        }
        let everywhere = sync_protocol::area::Scope::of(self.areas_of_digests()?);
        let mut kept = self.digests(&everywhere)?;
        let mut findings = Vec::new();
        for (area, counted) in counted {
            let kept = kept.remove(&area).unwrap_or_default();
            if kept != counted {
                findings.push(Finding::Digest { area, kept, counted });
            }
        }
        let none = AreaDigest::default();
        findings.extend(kept.into_iter().map(|(area, kept)| Finding::Digest {
            area,
            kept,
            counted: none,
        }));
        Ok(findings)
    }

    fn areas_of_digests(&self) -> Stored<Vec<Area>> {
        let mut statement = self.connection.prepare("SELECT area FROM digest")?;
        let areas = statement
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        areas.iter().map(|area| parsed(area, "area code")).collect()
    }

    fn check_typed_rows(&self, kind: Kind) -> Stored<Option<Finding>> {
        let sql = format!(
            "SELECT count(*) FROM \"{}\" t WHERE NOT EXISTS (SELECT 1 FROM record r
                WHERE r.rid = t.rid AND kind = ?1 AND deleted IS NULL)",
            kind.name()
        );
        let count = self.connection.query_row(&sql, [kind.name()], |row| row.get(0))?;
        let what = "typed rows of what is no live record";
        Ok((count != 0).then_some(Finding::Rows { what, count }))
    }

    /// Scores are what the present rules give; those of other rules are renewed at the next start.
    fn check_scores(&self) -> Stored<Option<Finding>> {
        if self.server()?.growth != sync_protocol::growth::VERSION {
            return Ok(None);
        }
        let count = i64::try_from(self.count_wrong_scores()?).unwrap_or(i64::MAX);
        let what = "measurements whose score is not the one that the growth rules give";
        Ok((count != 0).then_some(Finding::Rows { what, count }))
    }

    /// Runs through the whole log: `visit` gets each change's exact text and the hash kept of it.
    pub fn for_each_change(&self, mut visit: impl FnMut(&str, [u8; 32])) -> Stored<()> {
        let mut statement = self.connection.prepare("SELECT raw, hash FROM log")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let raw = row.get_ref(0)?.as_blob().map_err(|_| StoreError::Unreadable("change"))?;
            let raw = std::str::from_utf8(raw).map_err(|_| StoreError::Unreadable("change"))?;
            visit(raw, row.get(1)?);
        }
        Ok(())
    }

    /// How many changes the log holds of each outcome.
    pub fn count_outcomes(&self) -> Stored<BTreeMap<String, i64>> {
        let mut statement = self
            .connection
            .prepare("SELECT outcome, count(*) FROM log WHERE same_as IS NULL GROUP BY outcome")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
