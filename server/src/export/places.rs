//! Names of areas and of the puskesmas that they belong to.

use crate::store::{ReadTx, Stored};
use std::collections::BTreeMap;
use sync_protocol::area::Area;
use sync_protocol::wire::PuskesmasRef;

/// Levels of an area code.
const PROVINSI: usize = 1;
const KABUPATEN: usize = 2;
const KECAMATAN: usize = 3;

/// The reference data that a file puts beside codes.
#[derive(Debug)]
pub(super) struct Places {
    names: BTreeMap<Area, String>,
    puskesmas: Vec<PuskesmasRef>,
}

impl Places {
    pub(super) fn read(tx: &ReadTx<'_>) -> Stored<Self> {
        let names = tx.areas()?.into_iter().map(|area| (area.code, area.name)).collect();
        Ok(Places { names, puskesmas: tx.puskesmas()? })
    }

    /// Every known desa, in the order of the codes.
    pub(super) fn villages(&self) -> impl Iterator<Item = &Area> {
        self.names.keys().filter(|area| area.is_village())
    }

    pub(super) fn name(&self, area: &Area) -> &str {
        self.names.get(area).map_or("", String::as_str)
    }

    pub(super) fn provinsi(&self, area: &Area) -> &str {
        self.above(area, PROVINSI)
    }

    pub(super) fn kabupaten(&self, area: &Area) -> &str {
        self.above(area, KABUPATEN)
    }

    pub(super) fn kecamatan(&self, area: &Area) -> &str {
        self.above(area, KECAMATAN)
    }

    /// The puskesmas of a desa: the first by its code, should two claim it.
    pub(super) fn puskesmas(&self, village: &Area) -> Option<&PuskesmasRef> {
        self.puskesmas.iter().find(|one| one.areas.iter().any(|area| area.contains(village)))
    }

    /// The name of the area that this one lies in at a level.
    fn above(&self, area: &Area, level: usize) -> &str {
        let mut above = area.clone();
        while above.segments() > level {
            let Some(parent) = above.parent() else { return "" };
            above = parent;
        }
        self.name(&above)
    }
}
