//! The bench of the app runs: what nobody plays in CI falls behind the screens unseen.

use std::process::Command;
use sync_tests::binary;

#[test]
fn load_measures_what_a_worker_waits_for() {
    let played = Command::new(binary("load")).args(["--app", "30"]).output().unwrap();
    let printed = String::from_utf8(played.stdout).unwrap();
    let said = String::from_utf8(played.stderr).unwrap();
    assert!(played.status.success(), "{printed}{said}");
    for what in ["first sync of 390 rows", "key stroke: median", "child page: median"] {
        assert!(printed.contains(what), "{what} is not in {printed}");
    }
}
