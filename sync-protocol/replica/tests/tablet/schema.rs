//! Every kind of the protocol has its table.

use crate::support::Tablet;
use sync_protocol::record::Kind;

#[test]
fn every_kind_has_a_table_with_exactly_its_fields() {
    let tablet = Tablet::new();
    for kind in Kind::all() {
        let mut columns = tablet.sql(&format!("SELECT name FROM pragma_table_info('{kind}')"));
        let common = ["id", "area", "by", "stamp", "pending", "parked", "gone"];
        let fields = kind.fields().iter().map(|field| field.name);
        let mut expected: Vec<String> =
            common.into_iter().chain(fields).map(str::to_owned).collect();
        columns.sort();
        expected.sort();
        assert_eq!(columns, expected, "{kind}");
    }
}

#[test]
fn every_table_is_strict() {
    let tablet = Tablet::new();
    let loose = tablet.sql(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
             AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    );
    assert!(loose.is_empty(), "{loose:?}");
}
