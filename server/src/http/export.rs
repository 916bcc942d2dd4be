//! `GET /v1/export/{what}.{format}`: files out.
//!
//! A file is written from one snapshot to an unlinked temporary file beside the database, the
//! export goes into the audit log, and only then the file is streamed: a slow network holds neither
//! memory nor a snapshot. What the file is a picture of stands in its name and in the headers
//! `X-Timbang-As-Of-Feed`, `X-Timbang-As-Of-Time` and `X-Timbang-Completeness`.

use super::about::{About, Answer};
use super::asked::Asked;
use super::params::{FILE, FILE_NAME, MONTH, PLACE, RECAP_BY, THE_MONTH};
use super::{Call, Request, Response};
use crate::export::csv::{CsvOptions, Separator};
use crate::export::{self, AsOf, Completeness, ExportError, Format, Wanted, What};
use crate::refusal::Refusal;
use crate::store::{Act, StoreError, Who};
use std::sync::atomic::{AtomicUsize, Ordering};
use sync_protocol::problem::ProblemCode;

/// Exports at one time: each holds one of the few reading connections, and tablets need some.
const AT_ONCE: usize = 2;
const RETRY_S: u64 = 5;

const CSV: &str = Format::Csv.content_type();
const XLSX: &str = Format::Xlsx.content_type();

pub(super) static BY_NAME: About = About {
    path: &[FILE_NAME],
    query: &[&PLACE, &[MONTH], &FILE],
    refusals: &[ProblemCode::NotFound],
    ..About::new(
        "Records by name in a file; each export is in the audit log",
        &[Answer::media(
            "The file. Its name and X-Timbang-* headers say what it is a picture of.",
            &[CSV, Format::Ndjson.content_type(), XLSX],
        )],
    )
};

pub(super) static RECAP_CSV: About = About {
    query: &[&PLACE, &[THE_MONTH, RECAP_BY], &FILE],
    ..About::new("A month's recap as CSV", &[Answer::media("The file.", &[CSV])])
};

pub(super) static RECAP_XLSX: About = About {
    query: &[&PLACE, &[THE_MONTH, RECAP_BY], &FILE],
    ..About::new("A month's recap as a workbook", &[Answer::media("The file.", &[XLSX])])
};

/// Counts the exports that run.
#[derive(Debug, Default)]
pub(super) struct Turns(AtomicUsize);

/// The right to make one export, until it is dropped.
#[derive(Debug)]
struct Turn<'t>(&'t AtomicUsize);

impl Turns {
    fn take(&self) -> Result<Turn<'_>, Refusal> {
        let turn = Turn(&self.0);
        if self.0.fetch_add(1, Ordering::AcqRel) < AT_ONCE {
            return Ok(turn);
        }
        let why = "other exports are being made; only few are made at a time";
        Err(Refusal::Busy { why, seconds: RETRY_S })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A file that was written, and what it shows.
struct Made {
    wanted: Wanted,
    as_of: AsOf,
    rows: u64,
}

pub(super) fn export(call: &Call<'_>) -> Result<Response, Refusal> {
    let (what, format) = name_of(call.request)?;
    let asked = &call.asked;
    check_month(asked, what)?;
    let turn = call.gateway.exports.take()?;
    let directory = call.gateway.service.directory();
    let file = tempfile::tempfile_in(directory).map_err(of_file)?;
    let writing = file.try_clone().map_err(of_file)?;
    let made = call.read(|tx, person, now| {
        let selection = asked.filters()?.select(tx, &person.scope)?;
        let as_of = AsOf::read(tx, &selection.scope, now.ms)?;
        let recap_by = asked.value("by")?.unwrap_or_default();
        let wanted = Wanted { what, format, selection, csv: csv_options(asked)?, recap_by };
        let rows = export::write(tx, &wanted, &as_of, writing, directory)?;
        Ok(Made { wanted, as_of, rows })
    })?;
    drop(turn);
    note_export(call, &made)?;
    let response = Response::file(format.content_type(), file).map_err(of_file)?;
    Ok(with_as_of(response, &made.as_of).with_header("Content-Disposition", made.disposition()))
}

/// `measurements.csv`: what is wanted, and how.
fn name_of(request: &Request) -> Result<(What, Format), Refusal> {
    let name = request.path.rsplit('/').next().unwrap_or_default();
    let parts = name.split_once('.').and_then(|(what, format)| {
        let (what, format): (What, Format) = (what.parse().ok()?, format.parse().ok()?);
        what.formats().contains(&format).then_some((what, format))
    });
    parts.ok_or(Refusal::NotFound)
}

/// A recap is of a month; what has no day has none.
fn check_month(asked: &Asked, what: What) -> Result<(), Refusal> {
    let wrong = |detail: String| Err(Refusal::malformed(detail));
    match asked.text(MONTH.name) {
        None if what == What::Recap => wrong(ExportError::NoMonth.to_string()),
        Some(_) if !what.has_month() => wrong(format!("{} have no month", what.as_str())),
        None | Some(_) => Ok(()),
    }
}

fn csv_options(asked: &Asked) -> Result<CsvOptions, Refusal> {
    Ok(CsvOptions {
        bom: asked.flag("bom")?,
        separator: asked.value("separator")?.unwrap_or(Separator::Comma),
        note: asked.flag("note")?,
    })
}

fn note_export(call: &Call<'_>, made: &Made) -> Result<(), Refusal> {
    let subject = export::subject(&made.wanted, &made.as_of, made.rows);
    call.write(move |tx, person, now| {
        tx.audit(Who::Worker(person.worker.id), Act::Exported, &subject, now.ms)?;
        Ok(())
    })
}

fn with_as_of(response: Response, as_of: &AsOf) -> Response {
    let Completeness { devices, silent, parked, conflicts } = as_of.completeness;
    response
        .with_header("X-Timbang-As-Of-Feed", as_of.feed.to_string())
        .with_header("X-Timbang-As-Of-Time", as_of.time().to_string())
        .with_header(
            "X-Timbang-Completeness",
            format!("devices={devices}; silent={silent}; parked={parked}; conflicts={conflicts}"),
        )
}

impl Made {
    fn disposition(&self) -> String {
        format!("attachment; filename=\"{}\"", export::file_name(&self.wanted, &self.as_of))
    }
}

fn of_file(error: std::io::Error) -> Refusal {
    Refusal::from(ExportError::File(error))
}

impl From<ExportError> for Refusal {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => Refusal::Store(error),
            ExportError::TooManyRows => Refusal::TooLarge(Some(error.to_string())),
            ExportError::NoMonth | ExportError::NoSuchFormat => {
                Refusal::malformed(error.to_string())
            }
            ExportError::File(error) if error.kind() == std::io::ErrorKind::StorageFull => {
                Refusal::Store(StoreError::Full)
            }
            ExportError::File(error) => Refusal::Store(StoreError::File(error)),
            ExportError::Csv(error) => Refusal::Store(StoreError::File(error.into())),
            ExportError::Xlsx(error) => {
                Refusal::Store(StoreError::File(std::io::Error::other(error)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_few_exports_are_made_at_a_time() {
        let turns = Turns::default();
        let held: Vec<Turn<'_>> = (0..AT_ONCE).map(|_| turns.take().unwrap()).collect();
        assert!(turns.take().is_err());
        drop(held);
        assert!(turns.take().is_ok());
    }

    #[test]
    fn a_file_is_named_by_what_it_holds_and_how() {
        let name = |path: &str| {
            name_of(&Request { path: path.to_owned(), ..Request::default() })
                .ok()
                .map(|(what, format)| (what.as_str(), format.as_str()))
        };
        assert_eq!(name("/v1/export/children.csv"), Some(("children", "csv")));
        assert_eq!(name("/v1/export/eppgbm-bnba.xlsx"), Some(("eppgbm-bnba", "xlsx")));
        for none in ["children", "children.pdf", "eppgbm-bnba.ndjson", "devices.csv", ".csv", ""] {
            assert_eq!(name(&format!("/v1/export/{none}")), None, "{none}");
        }
    }
}
