//! The audit log: whatever is done by a person or at the machine is in it, with who, what and on
//! what; and a row that was changed or cut out is found.

mod acts;

use acts::{ACTS, Entry};
use regex_lite::Regex;
use rusqlite::Connection;
use serde_json::{Value, json};
use server::platform::Clock as _;
use server::store::DATABASE_FILE;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use sync_protocol::time::Moment;
use sync_tests::{KECAMATAN, MINUTE, SADAN, World, timbang};

/// The rows of the audit log, oldest first.
fn rows(data: &Path) -> Vec<Value> {
    let connection = Connection::open(data.join(DATABASE_FILE)).unwrap();
    let mut statement = connection.prepare("SELECT text FROM audit ORDER BY pos").unwrap();
    let texts = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    texts.map(|text| serde_json::from_str(&text.unwrap()).unwrap()).collect()
}

/// The sources of the server, by their paths in it.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src");
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn every_act_that_the_code_writes_is_done_here_from_every_place_that_writes_one() {
    let act = Regex::new(r"\bAct::([A-Z]\w+)").unwrap();
    let writes = Regex::new(r"\baudit\(").unwrap();
    let (mut acts, mut places) = (BTreeSet::new(), BTreeSet::new());
    for (name, text) in sources() {
        acts.extend(act.captures_iter(&text).map(|found| found[1].to_owned()));
        if writes.is_match(&text) && name != "store/audit.rs" {
            places.insert(name);
        }
    }
    let done: BTreeSet<String> = ACTS.iter().map(|row| format!("{:?}", row.act)).collect();
    assert_eq!(acts, done, "left: what the code writes, right: what is done here");
    let seen: BTreeSet<String> = ACTS.iter().map(|row| row.place.to_owned()).collect();
    assert_eq!(places, seen, "left: where the code writes, right: what is done here");
}

#[test]
fn every_act_leaves_one_row_that_says_who_what_and_on_what() {
    for row in ACTS {
        let world = World::default();
        let what = format!("{:?} in {}", row.act, row.place);
        let prepared = (row.prepare)(&world);
        world.time.pass(MINUTE);
        let before = rows(world.data()).len();
        let Entry { who, subject } = prepared(&world);
        let after = rows(world.data());
        let at = Moment::utc(world.time.now_ms());
        let expected = json!({"at": at, "who": who, "act": row.act.as_str(), "subject": subject});
        assert_eq!(after[before..], [expected], "{what}");
        assert_eq!(world.faults(), Vec::<String>::new(), "{what}");
    }
}

/// A log of eight rows.
fn with_rows() -> World {
    let world = World::default();
    for n in 0..8 {
        world.worker(&format!("Petugas {n}"), &[[SADAN, KECAMATAN][n % 2]]);
    }
    assert_eq!(rows(world.data()).len(), 8);
    assert_eq!(world.faults(), Vec::<String>::new());
    world
}

/// Somebody who has the file and takes the triggers away first.
fn tamper(world: &World, sql: &str) {
    let connection = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    let append_only = connection.execute(sql, []).unwrap_err().to_string();
    assert!(append_only.contains("append-only"), "{sql}: {append_only}");
    connection
        .execute_batch("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted;")
        .unwrap();
    assert_eq!(connection.execute(sql, []).unwrap(), 1, "{sql}");
}

#[test]
fn a_row_of_the_audit_log_that_was_changed_is_found_wherever_it_stands() {
    for pos in [1, 4, 8] {
        for change in [
            "text = replace(text, 'tenaga', 'Tenaga')",
            "text = text || ' '",
            "text = replace(text, '\"at\":\"2026', '\"at\":\"2025')",
            "hash = zeroblob(32)",
        ] {
            let world = with_rows();
            tamper(&world, &format!("UPDATE audit SET {change} WHERE pos = {pos}"));
            let told = format!("the audit log does not hold from row {pos} on");
            assert_eq!(world.faults(), [told], "{change}");
        }
    }
}

#[test]
fn a_row_that_was_cut_out_of_the_audit_log_is_found() {
    for pos in [1, 4, 7] {
        let world = with_rows();
        tamper(&world, &format!("DELETE FROM audit WHERE pos = {pos}"));
        let next = pos + 1;
        assert_eq!(
            world.faults(),
            [format!("the audit log does not hold from row {next} on")],
            "row {pos}"
        );
        let told = timbang(world.data(), &["check"]);
        assert!(!told.success && told.stdout.contains("audit log"), "{}", told.stdout);
    }
}

/// Whoever cuts a row out and numbers the others anew.
#[test]
fn rows_that_were_closed_up_after_a_cut_are_found() {
    let world = with_rows();
    tamper(&world, "DELETE FROM audit WHERE pos = 4");
    let connection = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    connection.execute("UPDATE audit SET pos = pos - 1 WHERE pos > 4", []).unwrap();
    assert_eq!(world.faults(), ["the audit log does not hold from row 4 on"]);
}

#[test]
fn a_row_that_was_put_in_or_put_elsewhere_is_found() {
    let connection = |world: &World| Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    let world = with_rows();
    let copy = "INSERT INTO audit (text, hash) SELECT text, hash FROM audit WHERE pos = 8";
    connection(&world).execute(copy, []).unwrap();
    assert_eq!(world.faults(), ["the audit log does not hold from row 9 on"]);

    let world = with_rows();
    tamper(&world, "UPDATE audit SET pos = -4 WHERE pos = 4");
    let db = connection(&world);
    db.execute("UPDATE audit SET pos = 4 WHERE pos = 5", []).unwrap();
    db.execute("UPDATE audit SET pos = 5 WHERE pos = -4", []).unwrap();
    assert_eq!(world.faults(), ["the audit log does not hold from row 4 on"]);
}
