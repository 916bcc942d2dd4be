//! The recap of one month per desa or per puskesmas: how many children are on the target list
//! (sasaran), how many of them had their height measured (diukur), and how many are stunted.
//!
//! Sasaran are active children of 0 to 59 completed months on the month's last day. Diukur are
//! those of them with a height in that month; of several the last one counts. Of those, the ones
//! whose height cannot be judged (WHO's flags) are counted apart, as tidak dinilai: the share of
//! stunted children is that of diukur without them, and never that of sasaran.

use super::cell::Cell;
use super::places::Places;
use super::scores::{Stature, scores_of};
use super::{ExportError, TableFile};
use crate::store::{LiveRow, Month, ReadTx, Selection, Stored};
use chrono::Months;
use std::collections::BTreeMap;
use sync_protocol::area::{Area, Scope};
use sync_protocol::body::Body;
use sync_protocol::ids::{BadId, RecordId};
use sync_protocol::record::{Kind, child, measurement};
use sync_protocol::time::CivilDate;

/// A child leaves the target list at this age.
const SASARAN_MONTHS: u32 = 60;

/// What one row of the recap is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecapBy {
    #[default]
    Desa,
    Puskesmas,
}

impl RecapBy {
    pub const ALL: [RecapBy; 2] = [RecapBy::Desa, RecapBy::Puskesmas];

    pub fn as_str(self) -> &'static str {
        match self {
            RecapBy::Desa => "desa",
            RecapBy::Puskesmas => "puskesmas",
        }
    }
}

impl std::str::FromStr for RecapBy {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        RecapBy::ALL
            .into_iter()
            .find(|by| by.as_str() == text)
            .ok_or(BadId("choice (desa or puskesmas)"))
    }
}

pub(super) fn headers(by: RecapBy) -> Vec<&'static str> {
    let place: &[&str] = match by {
        RecapBy::Desa => &["Kode Wilayah", "Kecamatan", "Desa/Kel"],
        RecapBy::Puskesmas => &["Kode Puskesmas", "Puskesmas"],
    };
    [place, &["Bulan", "Sasaran", "Diukur", "Pendek", "Sangat Pendek", "Tidak Dinilai"]].concat()
}

/// The counts of one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    sasaran: u64,
    measured: u64,
    stunted: u64,
    severely_stunted: u64,
    /// Those among the measured whose height is not judged.
    unjudged: u64,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.sasaran += other.sasaran;
        self.measured += other.measured;
        self.stunted += other.stunted;
        self.severely_stunted += other.severely_stunted;
        self.unjudged += other.unjudged;
    }

    fn cells(self, month: Month) -> [Cell<'static>; 6] {
        let count = |count: u64| Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX));
        [
            Cell::text(month.to_string()),
            count(self.sasaran),
            count(self.measured),
            count(self.stunted),
            count(self.severely_stunted),
            count(self.unjudged),
        ]
    }
}

/// Writes a row for every known desa of the scope, or for every puskesmas of those, also where
/// there is nobody.
pub(super) fn write(
    tx: &ReadTx<'_>,
    selection: &Selection,
    (month, by): (Month, RecapBy),
    file: &mut dyn TableFile,
) -> Result<u64, ExportError> {
    let places = Places::read(tx)?;
    let mut by_puskesmas: BTreeMap<(&str, &str), Counts> = BTreeMap::new();
    let mut rows = 0;
    for village in places.villages().filter(|village| selection.scope.contains(village)) {
        let counts = count(tx, village, selection.posyandu.as_deref(), month)?;
        match by {
            RecapBy::Desa => {
                let place = [
                    Cell::text(village.as_str()),
                    Cell::text(places.kecamatan(village)),
                    Cell::text(places.name(village)),
                ];
                file.row(&[&place[..], &counts.cells(month)].concat())?;
                rows += 1;
            }
            RecapBy::Puskesmas => {
                let puskesmas = places.puskesmas(village);
                let key = puskesmas.map_or(("", ""), |one| (one.code.as_str(), one.name.as_str()));
                by_puskesmas.entry(key).or_default().add(counts);
            }
        }
    }
    for ((code, name), counts) in by_puskesmas {
        let place = [Cell::text(code), Cell::text(name)];
        file.row(&[&place[..], &counts.cells(month)].concat())?;
        rows += 1;
    }
    Ok(rows)
}

fn count(
    tx: &ReadTx<'_>,
    village: &Area,
    posyandu: Option<&str>,
    month: Month,
) -> Result<Counts, ExportError> {
    let born = born_within(month);
    let mut counts =
        Counts { sasaran: tx.count_sasaran(village, posyandu, born)?, ..Counts::default() };
    let selection = Selection {
        scope: Scope::of([village.clone()]),
        posyandu: posyandu.map(str::to_owned),
        month: Some(month),
    };
    let mut last: Option<LiveRow> = None;
    tx.for_each_live::<ExportError>(Kind::MEASUREMENT, &selection, |row| {
        let of = row.child.as_ref().map(|child| &child.body);
        let counts_here = of.is_some_and(|of| is_sasaran(of, born));
        if !counts_here || row.body.whole(measurement::HEIGHT_MM).is_none() {
            return Ok(());
        }
        // A child's measurements come together, the last one last.
        if let Some(before) = last.replace(row)
            && child_of(&before) != last.as_ref().and_then(child_of)
        {
            count_measured(tx, &before, &mut counts)?;
        }
        Ok(())
    })?;
    if let Some(before) = last {
        count_measured(tx, &before, &mut counts)?;
    }
    Ok(counts)
}

fn child_of(row: &LiveRow) -> Option<RecordId> {
    row.child.as_ref().map(|child| child.id)
}

fn count_measured(tx: &ReadTx<'_>, row: &LiveRow, counts: &mut Counts) -> Stored<()> {
    counts.measured += 1;
    match scores_of(tx, row)?.stature {
        Some(Stature::SeverelyStunted) => counts.severely_stunted += 1,
        Some(Stature::Stunted) => counts.stunted += 1,
        Some(Stature::NotStunted) => {}
        None => counts.unjudged += 1,
    }
    Ok(())
}

/// The birthdays of sasaran: from the first of these days on and before the second. Whoever was
/// born in the month that lies 60 months back has completed them on the month's last day.
fn born_within(month: Month) -> (CivilDate, CivilDate) {
    let from = month.next().checked_sub_months(Months::new(SASARAN_MONTHS));
    (from.unwrap_or(month.first()), month.next())
}

fn is_sasaran(of: &Body, (from, before): (CivilDate, CivilDate)) -> bool {
    // A child that left the list after the month was on it.
    let left_later = of.date(child::STATUS_ON).is_some_and(|on| on >= before);
    (left_later || matches!(of.text(child::STATUS), None | Some("aktif")))
        && of.date(child::BIRTH_DATE).is_some_and(|born| born >= from && born < before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync_protocol::time::parse_date;

    #[test]
    fn sasaran_are_children_of_0_to_59_completed_months_at_the_end_of_the_month() {
        let born = born_within("2025-02".parse().unwrap());
        let is_counted = |birth_date: &str, status: Option<&str>, status_on: Option<&str>| {
            let body = Body::new()
                .with(child::BIRTH_DATE, parse_date(birth_date).unwrap().to_string())
                .with(child::STATUS, status)
                .with(child::STATUS_ON, status_on);
            is_sasaran(&body, born)
        };
        assert!(is_counted("2024-01-01", Some("pindah"), Some("2025-03-01")), "left later");
        assert!(!is_counted("2024-01-01", Some("pindah"), Some("2025-02-28")));
        for (birth_date, status, counts) in [
            ("2020-02-29", None, false),
            ("2020-03-01", None, true),
            ("2025-02-28", Some("aktif"), true),
            ("2025-03-01", None, false),
            ("2024-01-01", Some("pindah"), false),
            ("2024-01-01", Some("meninggal"), false),
        ] {
            assert_eq!(is_counted(birth_date, status, None), counts, "{birth_date} {status:?}");
        }
    }
}
