use super::*;
use crate::import::fault::RowFault;

mod workbook;

/// Reads two columns of every row, or the fault's line.
#[track_caller]
fn check(bytes: &[u8], expected: &[(u64, &str, &str)]) {
    let table = Table::open(bytes).unwrap();
    let (a, b) = (table.required("a", &[]).unwrap(), table.required("b", &[]).unwrap());
    let rows: Vec<Row> = table.rows().map(Result::unwrap).collect();
    let read: Vec<_> = rows.iter().map(|r| (r.line(), r.cell(&a), r.cell(&b))).collect();
    assert_eq!(read, expected);
}

fn faults(text: &str) -> Vec<RowFault> {
    Table::open(text.as_bytes()).unwrap().rows().filter_map(Result::err).collect()
}

#[test]
fn comma_semicolon_and_tab_are_told_from_the_header_line() {
    check(b"a,b\n1,2;3\n", &[(2, "1", "2;3")]);
    check(b"a;b\n1,5;2\n", &[(2, "1,5", "2")]);
    check(b"a\tb\n1,5\t2;2\n", &[(2, "1,5", "2;2")]);
    check(b"\"a\";\"b\";\"x,y,z\"\n1;2\n", &[(2, "1", "2")]);
}

#[test]
fn excels_sep_line_is_obeyed_and_is_not_a_header() {
    check(b"sep=;\r\na;b\r\n1;2\r\n", &[(3, "1", "2")]);
    check(b"\xEF\xBB\xBFsep=,\na,b\n1,2\n", &[(3, "1", "2")]);
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_header() {
    check(b"\xEF\xBB\xBFa,b\n1,2\n", &[(2, "1", "2")]);
}

#[test]
fn columns_are_found_by_name_wherever_they_stand() {
    check(b"x,B,y,_ A \n0,2,0,1\n", &[(2, "1", "2")]);
    let table = Table::open("Tgl. Lahir;Desa/Kel;NOMOR_KK\n".as_bytes()).unwrap();
    for name in ["tgl_lahir", "desa kel", "nomor kk"] {
        assert!(table.column(&[name]).unwrap().is_some(), "{name}");
    }
    assert_eq!(table.column(&["nik"]), Ok(None));
}

#[test]
fn a_missing_column_is_named_together_with_those_found() {
    let table = Table::open(b"No,Nama,,Desa\n").unwrap();
    let error = table.required("tgl_lahir", &["tanggal lahir"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Kolom \"tgl_lahir\" tidak ditemukan. Kolom yang ada: No, Nama, Desa."
    );
}

#[test]
fn a_header_given_twice_is_refused_when_it_is_wanted() {
    let table = Table::open(b"NIK,nik,nama\n").unwrap();
    assert_eq!(table.column(&["nama"]).unwrap().unwrap().header(), "nama");
    assert_eq!(table.column(&["nik"]), Err(TableError::TwiceGiven { column: "NIK".to_owned() }));
}

#[test]
fn the_line_is_that_of_the_file_also_after_blank_lines_and_quoted_breaks() {
    check(b"\r\n\r\na,b\r\n\r\n1,\"x\r\ny\"\r\n , \r\n\n2,z", &[(5, "1", "x\r\ny"), (9, "2", "z")]);
}

#[test]
fn a_short_row_is_blank_at_its_end_and_blank_rows_are_left_out() {
    check(b"a,b,c\n1\n,,\n2,3\n,,,,,\n", &[(2, "1", ""), (4, "2", "3")]);
}

#[test]
fn a_separator_inside_an_unquoted_cell_refuses_the_row_and_not_the_file() {
    let text = "nama,alamat,rt\nA,\"JL. DUA, NO 5\",1\nB,JL. DUA, NO 5,1\nC,X,1\n";
    let found = faults(text);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].line, found[0].reason.as_str()), (3, csv::TOO_MANY_CELLS));
}

#[test]
fn a_row_moved_by_a_separator_is_refused_also_when_its_last_cell_is_blank() {
    let found = faults("nama,alamat,rt,hapus,pindah\nA,JL. DUA, NO 5,1,,\nB,X,1,,\n");
    assert_eq!(found, [RowFault::of_row(2, csv::TOO_MANY_CELLS)]);
}

#[test]
fn a_quote_that_is_not_closed_is_told_at_its_line() {
    let found = faults("a,b\n1,2\n3,\"four\n5,6\n7,8\n");
    assert_eq!(found, [RowFault::of_row(3, csv::QUOTE_NOT_CLOSED)]);
    let long = format!("a,b\n3,\"{}", "5,6\n".repeat(ROW_BYTES_MAX));
    assert_eq!(faults(&long), [RowFault::of_row(2, TOO_LONG)]);
    assert_eq!(faults("a,b\n1,5\" pipa"), []);
}

#[test]
fn a_file_in_another_encoding_is_refused_with_its_line() {
    let error = Table::open(b"a,b\n1,2\nCaf\xE9,2\n").unwrap_err();
    assert_eq!(error, TableError::NotUtf8 { line: 3 });
    assert_eq!(Table::open(b"\xFF\xFEa\0,\0b\0").unwrap_err(), TableError::NotUtf8 { line: 1 });
}

#[test]
fn an_empty_file_has_no_header() {
    for bytes in [&b""[..], b"\xEF\xBB\xBF", b"\n\n", b",,,\n1,2,3\n"] {
        assert_eq!(Table::open(bytes).unwrap_err(), TableError::NoHeader);
    }
}

#[test]
fn what_is_over_a_bound_is_refused() {
    let bytes = FILE_BYTES_MAX + 1;
    assert_eq!(Table::open(&vec![b'a'; bytes]).unwrap_err(), TableError::TooLarge { bytes });
    let lines = LINES_MAX + 1;
    let text = format!("a,b{}", "\n1,2".repeat(LINES_MAX));
    assert_eq!(Table::open(text.as_bytes()).unwrap_err(), TableError::TooManyLines { lines });
    let wide = "a,".repeat(COLUMNS_MAX);
    assert_eq!(Table::open(wide.as_bytes()).unwrap_err(), TableError::BrokenHeader);
    let row = format!("a,b\n1,{}\n2,3\n", "x".repeat(ROW_BYTES_MAX));
    assert_eq!(faults(&row), [RowFault::of_row(2, TOO_LONG)]);
}
