//! The typed tables are what the kinds' descriptions say.

use super::super::{DATABASE_FILE, FirstEpoch, open::open_for_writing};
use super::columns;
use sync_protocol::record::Kind;

#[test]
fn every_kind_has_its_table_and_every_field_its_column() {
    let folder = tempfile::tempdir().unwrap();
    let first = FirstEpoch { epoch: [7; 16], now_ms: 0 };
    let path = folder.path().join(DATABASE_FILE);
    let connection = open_for_writing(folder.path(), &path, first).unwrap();
    for kind in Kind::all() {
        let mut named = connection.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        let found = named.query_map([kind.name()], |row| row.get(0)).unwrap();
        let mut found: Vec<String> = found.collect::<Result<_, _>>().unwrap();
        let mut expected: Vec<&str> = columns(kind).map(|field| field.name).collect();
        expected.push("rid");
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "the columns of table {}", kind.name());
    }
}
