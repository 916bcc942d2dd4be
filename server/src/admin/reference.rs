//! Reference data from files: areas, puskesmas, posyandu.

use super::AdminError;
use crate::import::table::Source;
use crate::import::{areas, posyandu, puskesmas};
use crate::service::Service;
use crate::store::WriteTx;
use crate::sync::park;
use sync_protocol::area::Area;

/// What a reference file did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    pub rows: usize,
    pub changed: usize,
}

pub fn import_areas<'a>(
    service: &Service,
    file: impl Into<Source<'a>>,
) -> Result<Imported, AdminError> {
    let rows = areas::read(file)?;
    import(service, rows, |tx, row| Ok(tx.put_area(&row.area, &row.name)?))
}

pub fn import_puskesmas<'a>(
    service: &Service,
    file: impl Into<Source<'a>>,
) -> Result<Imported, AdminError> {
    let rows = puskesmas::read(file)?;
    import(service, rows, |tx, row| {
        for area in &row.desa {
            known_area(tx, area)?;
        }
        Ok(tx.put_puskesmas(&row.code, &row.name, &row.desa)?)
    })
}

pub fn import_posyandu<'a>(
    service: &Service,
    file: impl Into<Source<'a>>,
) -> Result<Imported, AdminError> {
    let rows = posyandu::read(file)?;
    import(service, rows, |tx, row| {
        known_area(tx, &row.area)?;
        Ok(tx.put_posyandu(&row.area, &row.name)?)
    })
}

pub(super) fn known_area(tx: &WriteTx<'_>, area: &Area) -> Result<(), AdminError> {
    match tx.area_name(area)? {
        Some(_) => Ok(()),
        None => Err(AdminError::Unknown {
            what: "area",
            name: area.to_string(),
            hint: "import it first with `timbang area import FILE`",
        }),
    }
}

/// Puts all rows or none, then releases what was parked for want of them.
fn import<R: Send + 'static>(
    service: &Service,
    rows: Vec<R>,
    put: fn(&WriteTx<'_>, &R) -> Result<bool, AdminError>,
) -> Result<Imported, AdminError> {
    service.write_as_operator(move |tx, now| {
        let mut changed = 0;
        for row in &rows {
            changed += usize::from(put(tx, row)?);
        }
        if changed > 0 {
            park::release_for_upgrade(tx, now.ms)?;
        }
        Ok(Imported { rows: rows.len(), changed })
    })
}
