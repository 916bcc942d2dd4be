//! Workbooks as people and attackers make them.

use super::super::archive::{KEPT_BYTES_MAX, PARTS_MAX, TEXTS_BYTES_MAX, UNPACKED_BYTES_MAX};
use super::super::*;
use crate::import::fault::RowFault;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A workbook of sheets, each with a name, whether it is hidden, and its cells as text.
fn workbook(sheets: &[(&str, bool, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, hidden, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap().set_hidden(*hidden);
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
        // The writer opens the first sheet that is not hidden.
        if !hidden {
            sheet.set_active(true);
        }
    }
    workbook.save_to_buffer().unwrap()
}

const AB: &[&[&str]] = &[&["a", "b"], &["1", "2"]];
const SHIFTED: &[&[&str]] = &[&["x", "a", "b"], &["0", "1", "2"]];

fn first_cells(file: Source<'_>) -> Result<Vec<String>, TableError> {
    let table = Table::open(file)?;
    let column = table.required("a", &[])?;
    Ok(table.rows().map(|row| row.unwrap().cell(&column).to_owned()).collect())
}

#[track_caller]
fn check_refused(bytes: &[u8], sheet: Option<&str>, expected: TableError) {
    assert_eq!(Table::open(Source { bytes, sheet }).unwrap_err(), expected);
}

/// The parts of a workbook with one sheet, of which some are replaced or added.
fn packed(changed: &[(&str, &[u8])]) -> Vec<u8> {
    let plain = workbook(&[("Data", false, AB)]);
    let mut archive = zip::ZipArchive::new(Cursor::new(plain)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for number in 0..archive.len() {
        let part = archive.by_index(number).unwrap();
        let name = part.name().unwrap().into_owned();
        if changed.iter().all(|(other, _)| *other != name) {
            writer.raw_copy_file(part).unwrap();
        }
    }
    for (name, bytes) in changed {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_hidden_sheet_is_ignored_wherever_it_stands() {
    for sheets in [
        [("Tersembunyi", true, SHIFTED), ("Data", false, AB)],
        [("Data", false, AB), ("Tersembunyi", true, SHIFTED)],
    ] {
        assert_eq!(first_cells(Source::from(&workbook(&sheets))), Ok(vec!["1".to_owned()]));
    }
}

#[test]
fn of_several_visible_sheets_one_must_be_named() {
    let bytes = workbook(&[("Satu", false, SHIFTED), ("Dua", false, AB), ("Tiga", true, AB)]);
    let found = || "Satu, Dua".to_owned();
    check_refused(&bytes, None, TableError::SeveralSheets { found: found() });
    let sheet = |name| first_cells(Source { bytes: &bytes, sheet: Some(name) });
    assert_eq!(sheet("Dua"), Ok(vec!["1".to_owned()]));
    let missing = |asked: &str| TableError::NoSuchSheet { asked: asked.to_owned(), found: found() };
    assert_eq!(sheet("Tiga"), Err(missing("Tiga")));
    assert_eq!(sheet("Empat"), Err(missing("Empat")));
    check_refused(b"a,b\n1,2\n", Some("Dua"), TableError::NoSheets);
}

#[test]
fn numbers_dates_and_words_are_read_as_a_csv_file_has_them() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    // The table begins in the third row and the second column.
    for (column, header) in (1..).zip(["berat", "NIK", "tanggal", "ya", "teks", "galat"]) {
        sheet.write_string(2, column, header).unwrap();
    }
    let date = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_number(4, 1, 11.2).unwrap();
    sheet.write_number(4, 2, 1_604_065_205_239_001.0).unwrap();
    let day = ExcelDateTime::parse_from_str("2024-02-29T07:30:00").unwrap();
    sheet.write_datetime_with_format(4, 3, &day, &date).unwrap();
    sheet.write_boolean(4, 4, true).unwrap();
    sheet.write_string(4, 5, " 011 ").unwrap();
    sheet.write_formula(4, 6, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let table = Table::open(&bytes).unwrap();
    let columns = ["berat", "NIK", "tanggal", "ya", "teks", "galat"]
        .map(|name| table.required(name, &[]).unwrap());
    let rows: Vec<Row> = table.rows().map(Result::unwrap).collect();
    assert_eq!((rows.len(), rows[0].line()), (1, 5));
    assert_eq!(
        columns.each_ref().map(|column| rows[0].cell(column)),
        ["11.2", "1604065205239001", "2024-02-29", "TRUE", "011", "#DIV/0!"]
    );
    assert_eq!(
        columns.each_ref().map(|column| rows[0].is_number(column)),
        [true, true, false, false, false, false]
    );
}

#[test]
fn what_is_no_workbook_says_what_to_do() {
    let whole = workbook(&[("Data", false, AB)]);
    check_refused(&whole[..whole.len() / 2], None, TableError::BrokenWorkbook);
    check_refused(b"PK\x03\x04 and no more", None, TableError::BrokenWorkbook);
    check_refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 xls", None, TableError::OldWorkbook);
    check_refused(&workbook(&[("Data", false, &[])]), None, TableError::NoHeader);
    let hidden = packed(&[(
        "xl/workbook.xml",
        br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Data" sheetId="1" state="hidden" r:id="rId1"/></sheets></workbook>"#,
    )]);
    check_refused(&hidden, None, TableError::NoVisibleSheet);
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused_whatever_it_says_of_itself() {
    let zeros = vec![b'0'; usize::try_from(UNPACKED_BYTES_MAX).unwrap() + 1];
    let mut honest = packed(&[("xl/media/picture.bin", &zeros)]);
    assert!(honest.len() < 1024 * 1024, "{} bytes pack a bomb", honest.len());
    check_refused(&honest, None, TableError::UnpacksTooLarge);
    // The same, when every header says that the part has a single byte.
    let (size, lie) = (u32::try_from(zeros.len()).unwrap().to_le_bytes(), 1_u32.to_le_bytes());
    let mut lies = 0;
    for at in 0..honest.len() - 4 {
        if honest[at..at + 4] == size {
            honest[at..at + 4].copy_from_slice(&lie);
            lies += 1;
        }
    }
    assert!(lies >= 1);
    let refused = Table::open(&honest).unwrap_err();
    assert!(
        matches!(refused, TableError::UnpacksTooLarge | TableError::BrokenWorkbook),
        "{refused}"
    );
    let texts = vec![b' '; usize::try_from(TEXTS_BYTES_MAX).unwrap() + 1];
    check_refused(&packed(&[("xl/sharedStrings.xml", &texts)]), None, TableError::UnpacksTooLarge);
    let formats = vec![b' '; usize::try_from(KEPT_BYTES_MAX).unwrap() + 1];
    for name in ["xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"] {
        check_refused(&packed(&[(name, &formats)]), None, TableError::UnpacksTooLarge);
    }
    let names: Vec<String> = (0..=PARTS_MAX).map(|n| format!("xl/{n}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    check_refused(&packed(&parts), None, TableError::UnpacksTooLarge);
}

#[test]
fn numbers_that_a_reader_would_believe_are_checked_first() {
    let texts = br#"<sst uniqueCount = '99999999999999999'><si><t>a</t></si></sst>"#;
    check_refused(&packed(&[("xl/sharedStrings.xml", texts)]), None, TableError::UnpacksTooLarge);
    let backwards = br#"<worksheet><dimension ref="B5:A1"/><sheetData/></worksheet>"#;
    let bytes = packed(&[("xl/worksheets/sheet1.xml", backwards)]);
    check_refused(&bytes, None, TableError::BrokenWorkbook);
    let disordered = br#"<worksheet><sheetData><row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>"#;
    let bytes = packed(&[("xl/worksheets/sheet1.xml", disordered)]);
    check_refused(&bytes, None, TableError::BrokenWorkbook);
}

#[test]
fn a_sheet_is_held_to_the_bounds_of_a_table() {
    let cells = |inner: &str| {
        let sheet = format!("<worksheet><sheetData>{inner}</sheetData></worksheet>");
        packed(&[("xl/worksheets/sheet1.xml", sheet.as_bytes())])
    };
    let far = LINES_MAX + 1;
    let header = r#"<row r="1"><c r="A1" t="str"><v>a</v></c></row>"#;
    let bytes = cells(&format!(r#"{header}<row r="{far}"><c r="A{far}"><v>1</v></c></row>"#));
    check_refused(&bytes, None, TableError::TooManyLines { lines: far });
    let long = "x".repeat(ROW_BYTES_MAX + 1);
    let bytes = cells(&format!(
        r#"{header}<row r="2"><c r="A2" t="str"><v>{long}</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>"#
    ));
    let rows: Vec<_> = Table::open(&bytes).unwrap().rows().collect();
    assert_eq!(rows[0].as_ref().unwrap_err(), &RowFault::of_row(2, TOO_LONG));
    assert!(rows[1].is_ok());
}
