//! Files out from the command line: the same writers as the API's, with the reach of somebody who
//! has the machine.

use super::AdminError;
use crate::access::selection::{Filters, everywhere};
use crate::export::csv::CsvOptions;
use crate::export::recap::RecapBy;
use crate::export::{self, AsOf, ExportError, Format, Wanted, What};
use crate::files::dir_of;
use crate::http::Service;
use crate::store::{Act, Who};
use crate::sync::server_time;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::area::Area;

/// What a file is to hold, and how.
#[derive(Clone, Debug)]
pub struct ExportOrder {
    pub what: What,
    pub format: Format,
    pub filters: Filters,
    pub csv: CsvOptions,
    pub recap_by: RecapBy,
}

/// A file that was written.
#[derive(Clone, Debug)]
pub struct Exported {
    pub rows: u64,
    pub as_of: AsOf,
    pub areas: Vec<Area>,
}

/// Writes a file. It has its name only once it is whole and in the audit log.
pub fn export(service: &Service, order: &ExportOrder, file: &Path) -> Result<Exported, AdminError> {
    if !order.what.formats().contains(&order.format) {
        return Err(AdminError::Export(ExportError::NoSuchFormat));
    }
    let directory = dir_of(file);
    let partial = tempfile::NamedTempFile::new_in(directory).map_err(ExportError::File)?;
    let writing = partial.reopen().map_err(ExportError::File)?;
    let wall_ms = service.clock().now_ms();
    let (wanted, as_of, rows) = service.store().read::<_, AdminError>(|tx| {
        let selection = order.filters.select(tx, &everywhere(tx)?)?;
        let now = server_time::glance(tx, wall_ms)?;
        let as_of = AsOf::read(tx, &selection.scope, now.ms)?;
        let ExportOrder { what, format, csv, recap_by, .. } = *order;
        let wanted = Wanted { what, format, selection, csv, recap_by };
        let rows = export::write(tx, &wanted, &as_of, writing, directory)?;
        Ok((wanted, as_of, rows))
    })?;
    let subject = export::subject(&wanted, &as_of, rows);
    let clock = Arc::clone(service.clock());
    service.store().write::<_, AdminError, _>(move |tx| {
        let now = server_time::advance(tx, clock.now_ms())?;
        tx.audit(Who::CommandLine, Act::Exported, &subject, now.ms)?;
        Ok(())
    })?;
    partial.as_file().sync_all().map_err(ExportError::File)?;
    partial.persist(file).map_err(|failed| ExportError::File(failed.error))?;
    Ok(Exported { rows, as_of, areas: wanted.selection.scope.areas().to_vec() })
}
