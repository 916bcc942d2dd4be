//! Files of every schema that was ever released: this program opens them, brings them up to date,
//! and finds nothing wrong. `fixtures/schema/{server,tablet}/vN.sql` is a small database of schema N.

use crate::restore::Tablet;
use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde_json::Value;
use server::store::{DATABASE_FILE, known_schema};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use sync_tests::{OTHER_DESA, SADAN, ServerProcess, Time, fixture, timbang};

const SERVER: &str = "schema/server";
const TABLET: &str = "schema/tablet";

/// The fixtures of one program: schema and file, oldest first.
fn fixtures_of(folder: &str) -> Vec<(i64, PathBuf)> {
    let mut found: Vec<(i64, PathBuf)> = std::fs::read_dir(fixture(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap();
            (name.strip_prefix('v').unwrap().parse().unwrap(), path)
        })
        .collect();
    found.sort();
    found
}

/// Makes the database that a dump is of.
fn load(dump: &Path, file: &Path) {
    let db = Connection::open(file).unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF;").unwrap();
    db.execute_batch(&std::fs::read_to_string(dump).unwrap()).unwrap();
}

fn schema_of(file: &Path) -> i64 {
    let db = Connection::open(file).unwrap();
    db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

/// Tables with their columns, indexes and triggers.
fn shape_of(file: &Path) -> BTreeSet<String> {
    let db = Connection::open(file).unwrap();
    let sql = "SELECT concat_ws(' ', made.type, made.name, part.name, part.type, part.\"notnull\")
        FROM sqlite_schema AS made LEFT JOIN pragma_table_info(made.name) AS part
        WHERE made.name NOT LIKE 'sqlite%'";
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_server_opens_every_old_database_and_finds_nothing_wrong() {
    let fixtures = fixtures_of(SERVER);
    let schemas: Vec<i64> = fixtures.iter().map(|(schema, _)| *schema).collect();
    assert_eq!(schemas, (1..=known_schema()).collect::<Vec<_>>(), "each schema has its fixture");
    let fresh = tempfile::tempdir().unwrap();
    timbang(fresh.path(), &["worker", "list", "--json"]).json();
    let shape = shape_of(&fresh.path().join(DATABASE_FILE));
    for (schema, dump) in fixtures {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(DATABASE_FILE);
        load(&dump, &file);
        assert_eq!(schema_of(&file), schema);
        let checked = timbang(dir.path(), &["check", "--json"]).json();
        assert_eq!(checked["ok"], true, "{}: {checked}", dump.display());
        assert_eq!(schema_of(&file), known_schema());
        assert_eq!(shape_of(&file), shape, "brought up to date, it is as a new one");
        let changes = checked["changes"].as_object().unwrap();
        assert!(changes["applied"].as_u64() > Some(5) && changes.contains_key("parked"));
        let devices = timbang(dir.path(), &["device", "list", "--json"]).json();
        assert_eq!(devices.as_array().unwrap().len(), 3);
    }
}

#[test]
fn a_tablet_opens_every_old_file_with_all_that_it_holds() {
    let fresh = sync_tests::Tablet::new(&Time::default(), "http://127.0.0.1:1");
    let shape = shape_of(&fresh.path());
    for (schema, dump) in fixtures_of(TABLET) {
        let dir = tempfile::tempdir().unwrap();
        let tablet = Tablet { file: dir.path().join("tablet.db") };
        load(&dump, &tablet.file);
        assert_eq!(schema_of(&tablet.file), schema);
        let status = tablet.say(&["status"]);
        assert_eq!((&status["worker"], &status["pending"]), (&"Siti Contoh".into(), &1.into()));
        assert_eq!(shape_of(&tablet.file), shape, "brought up to date, it is as a new one");
        let children = tablet.say(&["child", "list"]);
        assert_eq!(children.as_array().unwrap().len(), 3, "{children}");
        let entries = tablet.say(&["log"]).as_array().unwrap().len();
        assert_eq!(tablet.say(&["status"])["last_seq"], entries);
    }
}

/// A database whose schema is older than this program's: so far there is only the empty one.
#[test]
fn a_database_is_backed_up_before_it_is_migrated() {
    let dir = tempfile::tempdir().unwrap();
    let (data, backups) = (dir.path().join("data"), dir.path().join("backups"));
    std::fs::create_dir(&data).unwrap();
    let file = data.join(DATABASE_FILE);
    let db = Connection::open(&file).unwrap();
    db.execute_batch("PRAGMA application_id = 0x54696D62; PRAGMA user_version = 0;").unwrap();
    drop(db);
    let place = backups.to_str().unwrap();
    let before = |backups: &Path| {
        let names = std::fs::read_dir(backups).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with("before-schema-") && name.ends_with(".db")).count()
    };
    drop(ServerProcess::with_arguments(&data, &["--backup-dir", place]));
    assert_eq!(schema_of(&file), known_schema());
    assert_eq!(before(&backups), 1);
    drop(ServerProcess::with_arguments(&data, &["--backup-dir", place]));
    assert_eq!(before(&backups), 1, "a database that is up to date needs none");
}

/// The fixtures of the present schema can be made anew: they are written when WRITE_FIXTURES is set,
/// once for each new migration. One that was released is never written again.
#[test]
fn a_dump_of_the_present_schema_makes_the_same_database() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let tablet = live(dir.path(), &data);
    // The key of a server that is gone is still nobody's business.
    let db = Connection::open(&tablet.file).unwrap();
    db.execute("UPDATE identity SET token = 'tbg_contoh'", []).unwrap();
    drop(db);
    for (folder, file) in [(SERVER, data.join(DATABASE_FILE)), (TABLET, tablet.file)] {
        let text = dump(&file);
        let (dumped, again) = (dir.path().join("dump.sql"), dir.path().join("again.db"));
        std::fs::write(&dumped, &text).unwrap();
        load(&dumped, &again);
        assert_eq!(dump(&again), text);
        std::fs::remove_file(&again).unwrap();
        if std::env::var_os("WRITE_FIXTURES").is_some() {
            let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(folder);
            std::fs::create_dir_all(&top).unwrap();
            std::fs::write(top.join(format!("v{}.sql", schema_of(&file))), text).unwrap();
        }
    }
}

/// A few days in two desa: every table of both files gets something. Gives the tablet that is kept.
fn live(dir: &Path, data: &Path) -> Tablet {
    let admin =
        |arguments: &[&str]| -> Value { timbang(data, &[arguments, &["--json"]].concat()).json() };
    let import = |what: &[&str], rows: &str| {
        let file = dir.join("import.csv");
        std::fs::write(&file, rows).unwrap();
        admin(&[what, &[file.to_str().unwrap()]].concat());
    };
    let areas = std::fs::read_to_string(fixture("area/lahat.csv")).unwrap();
    let wanted = ["code,", "16.04,", "16.04.06,", SADAN, OTHER_DESA];
    let few = areas.lines().filter(|line| wanted.iter().any(|start| line.starts_with(start)));
    import(&["area", "import"], &few.collect::<Vec<_>>().join("\n"));
    import(&["puskesmas", "import"], &format!("code,name,desa\nCONTOH-1,Contoh,{SADAN}"));
    import(&["posyandu", "import"], &format!("desa,name\n{SADAN},Mawar"));
    let server = ServerProcess::start(data);
    let worker = |name: &str, role: &str| {
        let add = ["worker", "add", "--area", "16.04.06", "--name", name, "--role", role];
        admin(&add)["worker"].as_str().unwrap().to_owned()
    };
    let enrol = |worker: &str, file: &str| {
        let code = admin(&["code", "new", "--worker", worker]);
        let tablet = Tablet { file: dir.join(file) };
        tablet.say(&["enrol", &server.url, code["code"].as_str().unwrap()]);
        tablet
    };
    let (siti, budi) = (worker("Siti Contoh", "tenaga"), worker("Budi Contoh", "tenaga"));
    admin(&["token", "add", "--worker", &worker("Rina Contoh", "penyelia")]);
    let (first, second) = (enrol(&siti, "siti.db"), enrol(&budi, "budi.db"));
    let lost = enrol(&budi, "lost.db");
    let add = |tablet: &Tablet, name: &str, area: &str| {
        let fixed = ["child", "add", "--sex", "P", "--birth-date", "01-05-2025"];
        tablet.say(&[&fixed[..], &["--name", name, "--area", area]].concat());
    };
    for name in ["Melati Contoh", "Anggrek Contoh", "Kenanga Contoh"] {
        add(&first, name, SADAN);
    }
    first.say(&["measure", "Melati Contoh", "--weight-kg", "9,8"]);
    first.say(&["visit", "Melati Contoh", "--purpose", "konseling"]);
    first.sync();
    second.sync();
    for (tablet, phone) in [(&first, "0811"), (&second, "0812")] {
        tablet.say(&["child", "edit", "Anggrek Contoh", "--phone", phone]);
        tablet.sync();
    }
    second.say(&["child", "move", "Kenanga Contoh", OTHER_DESA]);
    second.sync();
    let number = lost.say(&["status"])["device"].to_string();
    admin(&["device", "revoke", &number, "--yes"]);
    add(&second, "Mawar Contoh", SADAN);
    let end = ["worker", "ungrant", "--worker", &budi, "--area", "16.04.06", "--for-cause"];
    admin(&end);
    second.sync();
    first.sync();
    first.say(&["measure", "Anggrek Contoh", "--weight-kg", "8,1"]);
    first
}

/// A database as the SQL that makes it.
fn dump(file: &Path) -> String {
    let db = Connection::open(file).unwrap();
    let number = |pragma: &str| -> i64 { db.query_row(pragma, [], |row| row.get(0)).unwrap() };
    let mut text = String::from("-- Made by tests/it/schema.rs. All of it is made up.\n");
    let (id, version) = (number("PRAGMA application_id"), number("PRAGMA user_version"));
    writeln!(text, "PRAGMA application_id = {id};\nPRAGMA user_version = {version};").unwrap();
    text.push_str("BEGIN;\n");
    let made = |kinds: &str| -> Vec<(String, String)> {
        let sql = format!(
            "SELECT name, sql FROM sqlite_schema WHERE type IN ({kinds}) AND sql IS NOT NULL
               AND name NOT LIKE 'sqlite%' ORDER BY rowid"
        );
        let mut statement = db.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let tables = made("'table'");
    for (_, sql) in &tables {
        writeln!(text, "{sql};").unwrap();
    }
    for (table, _) in &tables {
        let mut statement = db.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> =
                (0..columns).map(|column| literal(&row.get::<_, Cell>(column).unwrap())).collect();
            writeln!(text, "INSERT INTO \"{table}\" VALUES ({});", cells.join(", ")).unwrap();
        }
    }
    for (_, sql) in made("'index', 'trigger'") {
        writeln!(text, "{sql};").unwrap();
    }
    text.push_str("COMMIT;\n");
    text
}

fn literal(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Cell::Blob(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("x'{hex}'")
        }
    }
}
