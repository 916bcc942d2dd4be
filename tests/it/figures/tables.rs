//! Files read back, and lists read page by page.

use super::book::Row;
use super::calendar::Month;
use super::kabupaten::{Kabupaten, Narrow, Viewer};
use super::reports::{get, query};
use calamine::{Data, Reader, Xlsx};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Cursor;

/// More rows that differ than these help nobody.
const FAULTS_TOLD: usize = 3;

/// A file's rows, each by its columns' names.
pub(super) type Table = Vec<BTreeMap<String, String>>;

pub(super) fn of_month(narrow: Narrow, month: Option<Month>) -> Vec<(&'static str, String)> {
    let mut pairs = narrow.pairs();
    pairs.extend(month.map(|month| ("month", month.to_string())));
    pairs
}

/// A measure in its unit, without zeros at its end.
pub(super) fn unit(row: &Row, field: &str, of_one: f64) -> String {
    let value = row.number(field).map(|value| f64::from(i32::try_from(value).unwrap()) / of_one);
    value.map(|value| value.to_string()).unwrap_or_default()
}

pub(super) fn columns(cells: &[(&str, &str)]) -> BTreeMap<String, String> {
    cells.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// The file has these rows and no others, in its columns that are named here; the workbook says the
/// same.
#[track_caller]
pub(super) fn check_file(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    (what, asked): (&str, &[(&'static str, String)]),
    expected: &Table,
) {
    let address =
        |format: &str| format!("/v1/export/{what}.{format}?{}", query(asked.iter().cloned()));
    let told = format!("seed {}, {:?}, {}", kabupaten.seed, viewer.scope, address("csv"));
    let csv = csv_rows(&download(kabupaten, viewer, &address("csv")));
    same_rows(&named(&csv), expected, &told);
    let xlsx = xlsx_rows(&download(kabupaten, viewer, &address("xlsx")));
    assert_eq!(xlsx, csv, "{told}: the workbook says something else");
}

/// The list over the interface and the file of JSON lines have these records.
#[track_caller]
pub(super) fn check_listed(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    (what, asked): (&str, &[(&'static str, String)]),
    expected: &Table,
) {
    let told = format!("seed {}, {:?}, {what} {asked:?}", kabupaten.seed, viewer.scope);
    let ids = |rows: &mut dyn Iterator<Item = String>| {
        let mut ids: Vec<String> = rows.collect();
        ids.sort();
        ids
    };
    let expected = ids(&mut expected.iter().map(|row| row["id"].clone()));
    let listed = pages(kabupaten, viewer, (what, asked));
    let feeds: Vec<i64> = listed.iter().map(|row| row["feed"].as_i64().unwrap()).collect();
    assert!(feeds.is_sorted(), "{told}: not in the order of the feed");
    let own_id = |row: &Value| row["id"].as_str().map(str::to_owned);
    assert_eq!(ids(&mut listed.iter().filter_map(own_id)), expected, "{told}");
    let address = format!("/v1/export/{what}.ndjson?{}", query(asked.iter().cloned()));
    let text = String::from_utf8(download(kabupaten, viewer, &address)).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(ids(&mut lines.iter().filter_map(own_id)), expected, "{told}, JSON lines");
    assert_eq!(lines.last().unwrap()["as_of"]["rows"], expected.len(), "{told}, JSON lines");
    for line in lines.iter().filter(|line| line["id"].is_string()) {
        assert!(listed.contains(line), "{told}: the list does not say {line}");
    }
}

/// All pages of a list.
pub(super) fn pages(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    (what, asked): (&str, &[(&'static str, String)]),
) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), 0);
    loop {
        let part = [("after", i64::to_string(&after)), ("limit", "90".to_owned())];
        let query = query(asked.iter().cloned().chain(part));
        let page = get(kabupaten, viewer, &format!("/v1/{what}?{query}"));
        rows.extend(page[what].as_array().unwrap().iter().cloned());
        match page["next"].as_i64() {
            Some(next) => after = next,
            None => return rows,
        }
    }
}

fn same_rows(said: &Table, expected: &Table, told: &str) {
    let names: Vec<&String> = expected.iter().flat_map(BTreeMap::keys).collect();
    let cut = |row: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        let kept = row.iter().filter(|(name, _)| names.contains(name));
        kept.map(|(name, text)| (name.clone(), text.clone())).collect()
    };
    let sorted = |mut rows: Table| {
        rows.sort();
        rows
    };
    if expected.is_empty() {
        assert_eq!(said.len(), 0, "{told}: {said:?}");
        return;
    }
    let (said, expected) = (sorted(said.iter().map(cut).collect()), sorted(expected.clone()));
    let only_in = |some: &Table, others: &Table| -> Table {
        some.iter().filter(|row| !others.contains(row)).take(FAULTS_TOLD).cloned().collect()
    };
    let (more, missing) = (only_in(&said, &expected), only_in(&expected, &said));
    assert!(more.is_empty() && missing.is_empty(), "{told}\nsays: {more:?}\nand not: {missing:?}");
    assert_eq!(said.len(), expected.len(), "{told}: a row stands twice");
}

/// Rows by the names in the first one.
fn named(rows: &[Vec<String>]) -> Table {
    let [names, rows @ ..] = rows else { panic!("a file without a header") };
    rows.iter().map(|row| names.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn download(kabupaten: &Kabupaten, viewer: &Viewer, address: &str) -> Vec<u8> {
    let client = kabupaten.world.server.client();
    let reply = client.get(address).token(&viewer.token).send();
    assert_eq!(reply.status, 200, "{address}: {}", reply.text());
    reply.body
}

fn csv_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let rows = reader.into_records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

fn xlsx_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::DateTime(day) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02}")
        }
        Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Bool(_)
        | Data::DateTimeIso(_)
        | Data::DurationIso(_)
        | Data::Error(_) => cell.to_string(),
    };
    sheet.rows().map(|row| row.iter().map(text).collect()).collect()
}
