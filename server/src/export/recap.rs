//! The recap of one month per desa or per puskesmas: how many children are on the target list
//! (sasaran), how many of them had their height measured (diukur), and how many are stunted. It is a
//! part of the month's prevalence, on other rows.
//!
//! The measured whose height cannot be judged (WHO's flags) are counted apart, as tidak dinilai: the
//! share of stunted children is that of diukur without them, and never that of sasaran.

use super::cell::Cell;
use super::places::Places;
use super::{ExportError, TableFile};
use crate::report::prevalence::Prevalence;
use crate::report::{By, Question, RedLineAt, count};
use crate::store::{ReadTx, Selection};
use std::collections::BTreeMap;
use sync_protocol::ids::BadId;
use sync_protocol::month::Month;
use sync_protocol::sasaran::Ages;

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
    fn of(figures: &Prevalence) -> Self {
        let height = &figures.tbu;
        let (severely_stunted, stunted) = match height.categories.as_slice() {
            [severely_stunted, stunted, ..] => (*severely_stunted, *stunted),
            _ => (0, 0),
        };
        Counts {
            sasaran: figures.sasaran,
            measured: height.measured,
            stunted,
            severely_stunted,
            unjudged: height.flagged + height.unscored,
        }
    }

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
    let question = Question {
        selection: selection.clone(),
        month,
        ages: Ages::To59,
        by: Some(By::Desa),
        red_line: RedLineAt::default(),
    };
    let (_, by_village) = count::<Prevalence>(tx, &question)?;
    let by_village = by_village.unwrap_or_default();
    let mut by_puskesmas: BTreeMap<(&str, &str), Counts> = BTreeMap::new();
    let mut rows = 0;
    for village in places.villages().filter(|village| selection.scope.contains(village)) {
        let figures = by_village.get(village);
        let counts = figures.map(|(_, figures)| Counts::of(figures)).unwrap_or_default();
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
