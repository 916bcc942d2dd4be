//! Every parameter of an address, as it is described and read.

use super::about::Param;
use crate::export::What;
use crate::export::csv::Separator;
use crate::export::recap::RecapBy;
use crate::report::By;
use sync_protocol::area::Area;
use sync_protocol::ids::RecordId;
use sync_protocol::limits::{PAGE_ROWS_MAX, RECEIPTS_MAX};
use sync_protocol::parked::ParkCode;
use sync_protocol::sasaran::Ages;
use sync_protocol::schema::{named, text, words};
use utoipa::PartialSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

pub(super) const AREA: Param =
    Param::optional("area", "Only what lies in this area.", named::<Area>);
pub(super) const PUSKESMAS: Param =
    Param::optional("puskesmas", "Only the desa of the puskesmas with this code.", String::schema);
pub(super) const POSYANDU: Param =
    Param::optional("posyandu", "Only the posyandu of this name.", String::schema);
/// What narrows a selection of any kind of record.
pub(super) const PLACE: [Param; 3] = [AREA, PUSKESMAS, POSYANDU];

pub(super) const MONTH: Param =
    Param::optional("month", "Only what was done in this month.", month);
pub(super) const THE_MONTH: Param = Param::required("month", "The month.", month);

/// Which part of a list is wanted.
pub(super) const PART: [Param; 2] = [
    Param::optional("after", "Begins after this position, as an earlier answer named it.", whole),
    Param::optional("limit", "So many at most.", rows),
];

pub(super) const CODE: Param =
    Param::optional("code", "Only what is parked for this reason.", named::<ParkCode>);
pub(super) const NIK: Param = Param::optional(
    "nik",
    "Numbers of persons masked, or in full. Each look at full numbers is in the audit log.",
    || words(["masked", "full"]),
);
pub(super) const SEQS: Param =
    Param::required("seq", "Seqs of this device, separated by commas.", seqs);

/// How a file is written.
pub(super) const FILE: [Param; 3] = [
    Param::optional("bom", "1: a CSV file begins with a byte order mark, as Excel likes it.", flag),
    Param::optional("separator", "What stands between the cells of a CSV file.", || {
        words(Separator::ALL.map(Separator::as_str))
    }),
    Param::optional("note", "1: a CSV file ends with a row that says how complete it is.", flag),
];
pub(super) const RECAP_BY: Param =
    Param::optional("by", "What a row is of; desa if absent.", || {
        words(RecapBy::ALL.map(RecapBy::as_str))
    });

pub(super) const AGES: Param =
    Param::optional("ages", "Completed months on the month's last day; 0-59 if absent.", || {
        words(Ages::ALL.map(Ages::as_str))
    });
/// How a report is counted.
pub(super) const REPORT: [Param; 3] = [
    AGES,
    Param::optional("by", "Also the figures of each such area.", || words(By::ALL.map(By::as_str))),
    Param::optional("red_line", "Where BGM begins, in SD of BB/U; -2 if absent.", red_line),
];

pub(super) const CHILD: Param = Param::required("id", "The child.", named::<RecordId>);
pub(super) const CONFLICT: Param = Param::required("id", "The conflict, as listed.", whole);
pub(super) const PARKED: Param = Param::required("id", "The parked change, as listed.", whole);
pub(super) const FILE_NAME: Param =
    Param::required("file", "What is wanted, and in which format.", file_names);

fn month() -> RefOr<Schema> {
    text("A month.", r"^\d{4}-(0[1-9]|1[0-2])$")
}

fn whole() -> RefOr<Schema> {
    i64::schema()
}

fn rows() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .description(Some(format!("More than {PAGE_ROWS_MAX} are {PAGE_ROWS_MAX}.")))
        .into()
}

fn flag() -> RefOr<Schema> {
    words(["0", "1"])
}

fn red_line() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::Number).minimum(Some(-3)).maximum(Some(0)).into()
}

fn seqs() -> RefOr<Schema> {
    let seq = named::<sync_protocol::ids::Seq>();
    ArrayBuilder::new().items(seq).min_items(Some(1)).max_items(Some(RECEIPTS_MAX)).into()
}

/// The files of records by name; a recap has a route of its own.
fn file_names() -> RefOr<Schema> {
    let names = What::ALL.into_iter().filter(|what| *what != What::Recap).flat_map(|what| {
        what.formats().iter().map(move |format| format!("{}.{}", what.as_str(), format.as_str()))
    });
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
}
