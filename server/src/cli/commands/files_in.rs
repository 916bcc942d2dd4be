//! `timbang import sasaran`, `import pengukuran` and the imports of reference data: tables that
//! people bring, as CSV or .xlsx.

use crate::admin::AdminError;
use crate::admin::pengukuran::import_pengukuran;
use crate::admin::reference::{Imported, import_areas, import_posyandu, import_puskesmas};
use crate::admin::row_by_row::Report;
use crate::admin::sasaran::{Defaults, import_sasaran};
use crate::cli::arguments::{PengukuranOptions, Place, SasaranOptions, TableOptions};
use crate::cli::output;
use crate::import::table::{FILE_BYTES_MAX, Source};
use crate::service::Service;
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{IsTerminal, Read as _};
use std::path::Path;
use std::process::ExitCode;

/// The status of an import that took the good rows and refused others.
const SOME_REFUSED: u8 = 3;

pub(super) fn areas(service: &Service, options: &TableOptions) -> anyhow::Result<ExitCode> {
    reference(options, |file| import_areas(service, file))
}

pub(super) fn puskesmas(service: &Service, options: &TableOptions) -> anyhow::Result<ExitCode> {
    reference(options, |file| import_puskesmas(service, file))
}

pub(super) fn posyandu(service: &Service, options: &TableOptions) -> anyhow::Result<ExitCode> {
    reference(options, |file| import_posyandu(service, file))
}

fn reference(
    options: &TableOptions,
    import: impl FnOnce(Source<'_>) -> Result<Imported, AdminError>,
) -> anyhow::Result<ExitCode> {
    let bytes = read_table(&options.file)?;
    let Imported { rows, changed } = import(source(&bytes, options.sheet.as_deref()))
        .with_context(|| nothing_from(&options.file))?;
    output::print(
        options.place.json,
        &json!({"rows": rows, "changed": changed}),
        &format!("{rows} rows read, {changed} of them new or changed"),
    )?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn sasaran(service: &Service, options: &SasaranOptions) -> anyhow::Result<ExitCode> {
    let table = &options.table;
    let defaults = Defaults { area: options.area.clone(), posyandu: options.posyandu.clone() };
    row_by_row(table, "children", |file, progress| {
        import_sasaran(service, file, &defaults, progress)
    })
}

pub(super) fn pengukuran(
    service: &Service,
    options: &PengukuranOptions,
) -> anyhow::Result<ExitCode> {
    row_by_row(&options.table, "measurements", |file, progress| {
        import_pengukuran(service, file, options.area.as_ref(), progress)
    })
}

fn row_by_row(
    table: &TableOptions,
    what: &str,
    import: impl FnOnce(Source<'_>, &mut dyn FnMut(usize, usize)) -> Result<Report, AdminError>,
) -> anyhow::Result<ExitCode> {
    let bytes = read_table(&table.file)?;
    let bar = progress_bar(table.place.json);
    let mut progress = |done: usize, total: usize| {
        bar.set_length(u64::try_from(total).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    };
    let report = import(source(&bytes, table.sheet.as_deref()), &mut progress)
        .with_context(|| nothing_from(&table.file))?;
    bar.finish_and_clear();
    print(&table.place, what, &report)
}

fn print(place: &Place, what: &str, report: &Report) -> anyhow::Result<ExitCode> {
    let row = |line: u64, column: &Option<String>, reason: &str| json!({"line": line, "column": column, "reason": reason});
    let faults: Vec<Value> =
        report.faults.iter().map(|f| row(f.line, &f.column, &f.reason)).collect();
    let notes: Vec<Value> =
        report.notes.iter().map(|n| row(n.line, &n.column, &n.reason)).collect();
    let mut text = format!(
        "{} {what} added, {} completed, {} unchanged, {} rows refused\n",
        report.added,
        report.completed,
        report.unchanged,
        report.faults.len()
    );
    for fault in &report.faults {
        writeln!(text, "refused  {fault}")?;
    }
    for note in &report.notes {
        writeln!(text, "note     {note}")?;
    }
    let value = json!({"added": report.added, "completed": report.completed,
        "unchanged": report.unchanged, "refused": faults, "notes": notes});
    output::print(place.json, &value, &text)?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(SOME_REFUSED) })
}

/// The file, and no more of it than a table may have: one byte beyond tells that it is too large.
fn read_table(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes)
}

fn source<'a>(bytes: &'a [u8], sheet: Option<&'a str>) -> Source<'a> {
    Source { bytes, sheet }
}

fn nothing_from(path: &Path) -> String {
    format!("nothing was imported from {}", path.display())
}

fn progress_bar(as_json: bool) -> ProgressBar {
    if as_json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} / {len} rows")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
