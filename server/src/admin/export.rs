//! Files out from the command line: the same writers as the API's, with the reach of somebody who
//! has the machine.

use super::AdminError;
use crate::access::selection::{Filters, everywhere};
use crate::export::csv::CsvOptions;
use crate::export::recap::RecapBy;
use crate::export::{self, AsOf, ExportError, Format, Wanted, What};
use crate::files::dir_of;
use crate::service::Service;
use crate::store::{Act, Who};
use std::path::Path;
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
    let (wanted, as_of, rows) = service.read_as_operator::<_, AdminError>(|tx, now| {
        let selection = order.filters.select(tx, &everywhere(tx)?)?;
        let as_of = AsOf::read(tx, &selection.scope, now.ms)?;
        let ExportOrder { what, format, csv, recap_by, .. } = *order;
        let wanted = Wanted { what, format, selection, csv, recap_by };
        let rows = export::write(tx, &wanted, &as_of, writing, directory)?;
        Ok((wanted, as_of, rows))
    })?;
    let subject = export::subject(&wanted, &as_of, rows);
    service.write_as_operator::<_, AdminError, _>(move |tx, now| {
        tx.audit(Who::CommandLine, Act::Exported, &subject, now.ms)?;
        Ok(())
    })?;
    partial.as_file().sync_all().map_err(ExportError::File)?;
    partial.persist(file).map_err(|failed| ExportError::File(failed.error))?;
    Ok(Exported { rows, as_of, areas: wanted.selection.scope.areas().to_vec() })
}
