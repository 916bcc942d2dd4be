//! A check of the whole database: every comparison, each for itself.

use super::comparison::{Comparison, Relation};
use super::log::MERGED;
use super::text::{parsed, record_id, stamp};
use super::{ReadTx, StoreError, Stored};
use std::collections::BTreeMap;
use std::fmt;
use sync_protocol::area::Area;
use sync_protocol::change::read_change;
use sync_protocol::digest::AreaDigest;
use sync_protocol::record::Kind;
use sync_protocol::time::CivilDate;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub comparison: Comparison,
    text: String,
}

impl Finding {
    fn new(comparison: Comparison, text: String) -> Self {
        Finding { comparison, text }
    }
}

/// A sentence about what was found.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl ReadTx<'_> {
    /// Everything that is not as it must be; empty when all is well.
    pub fn find_faults(&self) -> Stored<Vec<Finding>> {
        let mut findings = Vec::new();
        for comparison in Comparison::ALL {
            findings.extend(self.findings_of(comparison)?);
        }
        Ok(findings)
    }

    fn findings_of(&self, comparison: Comparison) -> Stored<Vec<Finding>> {
        let (count, what) = match comparison {
            Comparison::File => return self.check_file(),
            Comparison::Digests => return self.check_digests(),
            Comparison::AuditChain => return self.check_audit_chain(),
            Comparison::Rows(relation) => (self.count_offenders(relation)?, relation.offenders()),
            Comparison::StrayTyped => {
                (self.count_stray_typed()?, "typed rows of what is no live record")
            }
            Comparison::Typed => (
                self.count_wrong_typed()?,
                "live records whose typed row is not what their body gives",
            ),
            Comparison::Parents => {
                (self.count_wrong_parents()?, "live records of another child than their body names")
            }
            Comparison::Scores => (
                self.count_wrong_growth(ReadTx::count_wrong_scores)?,
                "measurements whose score is not the one that the growth rules give",
            ),
            Comparison::Status => (
                self.count_wrong_growth(ReadTx::count_wrong_status)?,
                "children whose last findings are not those of their measurements",
            ),
            Comparison::LogTexts => (
                self.count_altered_texts()?,
                "changes in the log whose text is not the one that was received",
            ),
        };
        Ok(match count {
            0 => Vec::new(),
            _ => vec![Finding::new(comparison, format!("{count} {what}"))],
        })
    }

    fn count_offenders(&self, relation: Relation) -> Stored<i64> {
        let sql = relation.count_sql().replace("{MERGED}", MERGED);
        Ok(self.connection.query_row(&sql, [], |row| row.get(0))?)
    }

    fn check_file(&self) -> Stored<Vec<Finding>> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check")?;
        let lines = statement
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let faults = lines.into_iter().filter(|line| line != "ok");
        let told = |line| Finding::new(Comparison::File, format!("the database file: {line}"));
        Ok(faults.map(told).collect())
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
        let mut differs = |area: &Area, kept: AreaDigest, counted: AreaDigest| {
            let text =
                format!("the digest of {area} says {kept:?}, its records add up to {counted:?}");
            findings.push(Finding::new(Comparison::Digests, text));
        };
        for (area, counted) in counted {
            let kept = kept.remove(&area).unwrap_or_default();
            if kept != counted {
                differs(&area, kept, counted);
            }
        }
        for (area, kept) in kept {
            differs(&area, kept, AreaDigest::default());
        }
        Ok(findings)
    }

    fn areas_of_digests(&self) -> Stored<Vec<Area>> {
        let mut statement = self.connection.prepare("SELECT area FROM digest")?;
        let areas = statement
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        areas.iter().map(|area| parsed(area, "area code")).collect()
    }

    fn check_audit_chain(&self) -> Stored<Vec<Finding>> {
        let broken = self.first_broken_audit_row()?;
        let told = |row| {
            let text = format!("the audit log does not hold from row {row} on");
            Finding::new(Comparison::AuditChain, text)
        };
        Ok(broken.map(told).into_iter().collect())
    }

    fn count_stray_typed(&self) -> Stored<i64> {
        let mut stray = 0;
        for kind in Kind::all() {
            let sql = format!(
                "SELECT count(*) FROM \"{}\" t WHERE NOT EXISTS (SELECT 1 FROM record r
                    WHERE r.rid = t.rid AND kind = ?1 AND deleted IS NULL)",
                kind.name()
            );
            stray += self.connection.query_row(&sql, [kind.name()], |row| row.get::<_, i64>(0))?;
        }
        Ok(stray)
    }

    /// Scores are what the present rules give; those of other rules are renewed at the next start.
    fn count_wrong_growth(&self, count: fn(&Self) -> Stored<i64>) -> Stored<i64> {
        if self.server()?.growth == sync_protocol::growth::VERSION { count(self) } else { Ok(0) }
    }

    fn count_altered_texts(&self) -> Stored<i64> {
        let mut statement = self.connection.prepare("SELECT raw, hash FROM log")?;
        let mut rows = statement.query([])?;
        let mut altered = 0;
        while let Some(row) = rows.next()? {
            let raw = row.get_ref(0)?.as_blob().map_err(|_| StoreError::Unreadable("change"))?;
            let raw = std::str::from_utf8(raw).map_err(|_| StoreError::Unreadable("change"))?;
            let hash: [u8; 32] = row.get(1)?;
            // Dates do not matter for the hash.
            let reread = read_change(raw, CivilDate::default());
            altered += i64::from(!reread.is_ok_and(|change| change.hash.0 == hash));
        }
        Ok(altered)
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
