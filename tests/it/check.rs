//! `timbang check`: each of its comparisons finds what no other finds. So none can be left out, and
//! none is there twice.

use rusqlite::Connection;
use serde_json::{Value, json};
use server::store::Comparison::{
    self, AuditChain, Digests, File, LogTexts, Parents, Rows, Scores, Status, StrayTyped, Typed,
};
use server::store::Relation::{
    FeedPlaces, Gaps, GreatestStamp, Homes, Merged, Outcomes, Parked, Places, References,
    StampOrder, StoredThrough, StrayScores, StrayStatus, Winners,
};
use server::store::{DATABASE_FILE, DatabaseFile, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::RecordId;
use sync_protocol::stamp::Stamp;
use sync_tests::{
    FAR_DESA, OTHER_DESA, SADAN, World, body, child_body, id, measurement_body, timbang,
};
use tempfile::TempDir;

/// Records by the number in their id.
const ANI: u8 = 1;
const BUDI: u8 = 2;
const DELETED: u8 = 3;
const DELETED_MEASURED: u8 = 4;
const EKA: u8 = 5;
const WEIGHED: u8 = 11;
const WEIGHED_AGAIN: u8 = 12;
const WEIGHED_DELETED: u8 = 14;
const VISITED: u8 = 21;

/// What somebody did to a database whose digests he repaired afterwards, and the one comparison that
/// finds it. `@n` is the row of the record with that number, `#n` the place of that change in the log.
const TAMPERINGS: &[(Comparison, &str)] = &[
    (
        File,
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX child_nik ON child (nik)' WHERE name = 'child_nik'",
    ),
    (Digests, "UPDATE digest SET sum = sum + 1 WHERE area = '16.04.06.2008'"),
    (Digests, "UPDATE digest SET count = count + 1 WHERE area = '16.04.06.2009'"),
    (Digests, "DELETE FROM digest WHERE area = '16.04.06.2009'"),
    (Digests, "INSERT INTO digest VALUES ('16.04.07.2001', 1, 1)"),
    (Rows(Winners), "UPDATE record SET state_tick = state_tick - 1 WHERE rid = @21"),
    (Rows(Winners), "UPDATE record SET state_device = 1 WHERE rid = @21"),
    (Rows(Winners), "UPDATE record SET deleted = 'ganda' WHERE rid = @3"),
    (Rows(Winners), "UPDATE log SET record = NULL, outcome = 'superseded' WHERE record = @21"),
    (Rows(Places), "UPDATE log SET place = '16.04.06.2009' WHERE pos = #1"),
    (Rows(Places), "UPDATE record SET place_tick = place_tick - 1 WHERE rid = @1"),
    (Rows(Places), "UPDATE record SET place_device = 1 WHERE rid = @1"),
    (Rows(Homes), "UPDATE record SET area = '16.04.06.2009' WHERE rid = @11"),
    (Rows(Gaps), "DELETE FROM log WHERE pos = #3"),
    (Rows(StoredThrough), "UPDATE device SET acked = acked + 1 WHERE acked > 0"),
    (Rows(StoredThrough), "UPDATE device SET acked = acked - 1 WHERE acked > 0"),
    (Rows(StoredThrough), "UPDATE device SET acked = 1 WHERE acked = 0 AND number > 0"),
    (Rows(Parked), "DELETE FROM parked"),
    (
        Rows(Parked),
        "INSERT INTO parked (pos, device, is_move, code) VALUES (#3, 0, 0, 'not_in_scope')",
    ),
    (Rows(Merged), "UPDATE log SET record = NULL WHERE pos = #3"),
    (
        Rows(Outcomes),
        "PRAGMA ignore_check_constraints = ON; UPDATE log SET outcome = 'appl)ed' WHERE pos = #3",
    ),
    (Rows(FeedPlaces), "UPDATE record SET feed = feed + 100000 WHERE rid = @1"),
    (Rows(FeedPlaces), "UPDATE departure SET feed = feed + 100000"),
    (Rows(FeedPlaces), "UPDATE departure SET feed = (SELECT feed FROM record WHERE rid = @1)"),
    (Rows(GreatestStamp), "UPDATE server SET last_tick = last_tick - 1"),
    (
        Rows(StampOrder),
        "UPDATE log SET tick = (SELECT tick FROM log WHERE pos = #2) WHERE pos = #3",
    ),
    (Rows(References), "INSERT INTO told_grant (device, grant_id, at_ms) VALUES (0, 999, 0)"),
    (
        StrayTyped,
        "INSERT INTO child (rid, name, sex, birth_date) VALUES (@3, 'Anak', 'P', '2025-05-01')",
    ),
    (StrayTyped, "INSERT INTO measurement (rid, measured_on) VALUES (@5, '2026-11-24')"),
    (
        StrayTyped,
        "INSERT INTO visit (rid, visited_on, purpose) VALUES (@5, '2026-11-24', 'konseling')",
    ),
    (Typed, "UPDATE child SET phone = '0899' WHERE rid = @1"),
    (Typed, "UPDATE measurement SET note = 'lain' WHERE rid = @11"),
    (Typed, "UPDATE visit SET purpose = 'rujukan' WHERE rid = @21"),
    (Typed, "DELETE FROM visit WHERE rid = @21"),
    (Parents, "UPDATE record SET child = @5 WHERE rid = @21"),
    (
        Rows(StrayScores),
        "INSERT INTO measurement_score (rid, age_months, twice_not_gained) VALUES (@21, 1, 0)",
    ),
    (
        Rows(StrayScores),
        "INSERT INTO measurement_score (rid, age_months, twice_not_gained) VALUES (@14, 1, 0)",
    ),
    (Scores, "UPDATE measurement_score SET zwei = zwei + 1 WHERE rid = @11"),
    (Scores, "DELETE FROM measurement_score WHERE rid = @12"),
    (
        Rows(StrayStatus),
        "INSERT INTO child_status (rid, measured_on, twice_not_gained) VALUES (@21, '2026-11-24', 0)",
    ),
    (Status, "UPDATE child_status SET weight_g = weight_g + 1 WHERE rid = @1"),
    (
        Status,
        "INSERT INTO child_status (rid, measured_on, twice_not_gained) VALUES (@5, '2026-11-24', 0)",
    ),
    (
        LogTexts,
        "UPDATE log SET raw = CAST(replace(CAST(raw AS TEXT), '0802', '0809') AS BLOB) WHERE pos = #3",
    ),
    (LogTexts, "UPDATE log SET hash = zeroblob(32) WHERE pos = #3"),
    (
        AuditChain,
        "DROP TRIGGER audit_is_not_changed; UPDATE audit SET text = text || ' ' WHERE pos = 2",
    ),
    (AuditChain, "DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE pos = 2"),
];

/// A database in which every table has something that a check looks at.
struct Scene {
    dir: TempDir,
    device: u32,
}

impl Scene {
    fn new() -> Self {
        let world = World::default();
        let mut device = world.device("Siti", &[SADAN, OTHER_DESA]);
        // A device that has nothing in the log.
        world.device("Wati", &[SADAN]);
        let child = |n: u8, edit: Value| ("child", id(n), edit);
        let new = |n: u8| child(n, json!({"area": SADAN, "body": child_body("Anak")}));
        let phone = |phone: &str| {
            let body = child_body("Anak").with("phone", phone).with("nik", "1604060105250001");
            child(ANI, json!({"body": body}))
        };
        let weighed = |n: u8, of: u8, on: &str, g: i64| {
            let body = measurement_body(id(of), g).with("measured_on", on);
            ("measurement", id(n), json!({"body": body}))
        };
        let visit = body(&format!(
            r#"{{"child_id": "{}", "visited_on": "2026-11-20", "purpose": "konseling"}}"#,
            id(ANI)
        ));
        let changes = [
            new(ANI),
            phone("0801"),
            phone("0802"),
            phone("0803"),
            weighed(WEIGHED, ANI, "2026-10-20", 9_000),
            weighed(WEIGHED_AGAIN, ANI, "2026-11-20", 9_400),
            ("visit", id(VISITED), json!({"body": visit})),
            new(BUDI),
            child(BUDI, json!({"move": OTHER_DESA})),
            new(DELETED),
            child(DELETED, json!({"deleted": "salah_input"})),
            new(DELETED_MEASURED),
            weighed(WEIGHED_DELETED, DELETED_MEASURED, "2026-11-20", 8_000),
            child(DELETED_MEASURED, json!({"deleted": "ganda"})),
            new(EKA),
            child(99, json!({"area": FAR_DESA, "body": child_body("Anak")})),
        ];
        for (kind, id, edit) in changes {
            let change = device.change(kind, id, edit);
            device.push_one(change);
        }
        let dir = tempfile::tempdir().unwrap();
        let copy = dir.path().join(DATABASE_FILE);
        let db = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
        db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        Scene { dir, device: device.number }
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join(DATABASE_FILE)
    }

    /// A copy of the database after what somebody did to it.
    fn tampered(&self, sql: &str) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(DATABASE_FILE);
        std::fs::copy(self.file(), &file).unwrap();
        let db = Connection::open(&file).unwrap();
        db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        if let Err(error) = db.execute_batch(&self.meant(sql)) {
            panic!("{error}: {sql}");
        }
        dir
    }

    fn meant(&self, sql: &str) -> String {
        // The greater numbers first, since the smaller ones begin them.
        let records = (1..=30).rev().fold(sql.to_owned(), |sql, n: u8| {
            let row =
                format!("(SELECT rid FROM record WHERE id = x'{}')", format!("{n:02x}").repeat(16));
            sql.replace(&format!("@{n}"), &row)
        });
        (1..=30).rev().fold(records, |sql, seq| {
            let row =
                format!("(SELECT pos FROM log WHERE device = {} AND seq = {seq})", self.device);
            sql.replace(&format!("#{seq}"), &row)
        })
    }
}

/// Makes the digests what the records add up to.
fn repair_digests(file: &Path) {
    let db = Connection::open(file).unwrap();
    let mut digests = BTreeMap::<String, AreaDigest>::new();
    let mut statement = db
        .prepare(
            "SELECT area, id, max(printf('%016x-%08x', state_tick, state_device),
                printf('%016x-%08x', coalesce(place_tick, 0), coalesce(place_device, 0))) FROM record",
        )
        .unwrap();
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, [u8; 16]>(1)?, row.get::<_, String>(2)?))
    });
    for row in rows.unwrap() {
        let (area, id, stamp) = row.unwrap();
        let stamp: Stamp = stamp.parse().unwrap();
        digests.entry(area).or_default().add(&RecordId::from_bytes(id), stamp);
    }
    for (area, AreaDigest { count, sum }) in digests {
        let row = (&area, count.cast_signed(), sum.cast_signed());
        db.execute("INSERT OR REPLACE INTO digest VALUES (?1, ?2, ?3)", row).unwrap();
    }
}

fn found(file: &Path) -> BTreeSet<Comparison> {
    let file = DatabaseFile::open(file).unwrap();
    let findings = file.read::<_, StoreError>(|tx| tx.find_faults()).unwrap();
    findings.iter().map(|finding| finding.comparison).collect()
}

#[test]
fn each_comparison_of_a_check_finds_what_no_other_finds() {
    let scene = Scene::new();
    assert_eq!(found(&scene.file()), BTreeSet::new(), "nobody did anything yet");
    for (comparison, sql) in TAMPERINGS {
        let dir = scene.tampered(sql);
        let file = dir.path().join(DATABASE_FILE);
        if *comparison != Digests {
            repair_digests(&file);
        }
        assert_eq!(found(&file), BTreeSet::from([*comparison]), "{sql}");
    }
    let shown: BTreeSet<Comparison> =
        TAMPERINGS.iter().map(|(comparison, _)| *comparison).collect();
    assert_eq!(
        shown,
        BTreeSet::from(Comparison::ALL),
        "a comparison that nothing shows to be needed"
    );
}

#[test]
fn the_command_says_what_is_wrong_and_fails() {
    let scene = Scene::new();
    let dir = scene.tampered("UPDATE digest SET sum = sum + 1 WHERE area = '16.04.06.2008'");
    let checked = timbang(dir.path(), &["check", "--json"]);
    assert!(!checked.success);
    let report = checked.any_json();
    let faults = report["faults"].as_array().unwrap();
    assert_eq!((&report["ok"], faults.len()), (&json!(false), 1), "{report}");
    assert!(faults[0].as_str().unwrap().contains(SADAN), "{report}");
}
