//! The benches run: what nobody plays in CI falls behind the schema unseen.

use std::process::Command;
use sync_tests::binary;

#[test]
fn load_measures_server_and_plain_sql_over_the_same_rows() {
    let few = ["--runs", "1", "--tablets", "1", "--children", "20", "--measurements", "3"];
    let played = Command::new(binary("load")).args(few).output().unwrap();
    let printed = String::from_utf8(played.stdout).unwrap();
    let said = String::from_utf8(played.stderr).unwrap();
    assert!(played.status.success(), "{printed}{said}");
    assert_eq!(printed.matches("ratio").count(), 2, "push and pull: {printed}");
}
