//! Administration from the command line, beside a running server, exactly as it is documented.

use rusqlite::Connection;
use serde_json::{Value, json};
use server::platform::SystemClock;
use server::store::DATABASE_FILE;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::problem::ProblemCode;
use sync_protocol::wire::Outcome;
use sync_tests::{
    Device, FAR_DESA, Finished, KECAMATAN, SADAN, ServerProcess, any_id, child_body, fixture,
    program, timbang,
};
use tempfile::TempDir;

/// A data directory with the areas of Lahat, made by the command itself.
fn with_areas() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let file = fixture("area/lahat.csv");
    timbang(dir.path(), &["area", "import", file.to_str().unwrap(), "--json"]).json();
    dir
}

fn import(data: &Path, what: &[&str], file: &str) -> Finished {
    let file = fixture(file);
    let arguments = [what, &[file.to_str().unwrap(), "--json"]].concat();
    timbang(data, &arguments)
}

fn worker(data: &Path, name: &str, grants: &[&str]) -> String {
    let fixed = ["worker", "add", "--json", "--role", "tenaga", "--name", name];
    let added = timbang(data, &[&fixed, grants].concat()).json();
    assert_eq!(added.as_object().unwrap().len(), 1, "{added}");
    added["worker"].as_str().unwrap().to_owned()
}

fn enrol(server: &ServerProcess, data: &Path, worker: &str) -> Device {
    let made = timbang(data, &["code", "new", "--worker", worker, "--json"]).json();
    Device::enrol(server.client(), made["code"].as_str().unwrap(), Arc::new(SystemClock))
}

/// The command fails, changes nothing, and says in one line what to do.
#[track_caller]
fn check_refused(data: &Path, arguments: &[&str], hint: &str) {
    let refused = timbang(data, arguments);
    assert!(!refused.success, "{arguments:?} succeeded: {}", refused.stdout);
    assert_eq!(refused.stdout, "");
    assert!(refused.stderr.contains(hint), "{arguments:?} says: {}", refused.stderr);
}

#[test]
fn reference_data_is_imported_beside_a_running_server() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let server = ServerProcess::start(data);
    for (what, file, rows) in [
        (["area", "import"], "area/lahat.csv", 404),
        (["puskesmas", "import"], "area/puskesmas.csv", 35),
        (["posyandu", "import"], "area/posyandu.csv", 451),
    ] {
        assert_eq!(import(data, &what, file).json(), json!({"rows": rows, "changed": rows}));
        assert_eq!(import(data, &what, file).json(), json!({"rows": rows, "changed": 0}));
    }
    let id = worker(data, "Siti", &["--area", SADAN]);
    let device = enrol(&server, data, &id);
    let reply = server.client().get("/v1/areas").token(&device.token).send().json();
    let count = |list: &str| reply[list].as_array().unwrap().len();
    assert_eq!((count("areas"), count("puskesmas"), count("posyandu")), (404, 35, 451));
}

#[test]
fn workers_get_grants_and_lose_them_while_their_tablets_sync() {
    let dir = with_areas();
    let data = dir.path();
    import(data, &["puskesmas", "import"], "area/puskesmas.csv").json();
    let server = ServerProcess::start(data);
    let id = worker(data, "Siti A.", &["--area", SADAN, "--area", FAR_DESA]);
    let by_puskesmas = worker(data, "Budi", &["--puskesmas", "CONTOH-160406-1"]);
    let mut device = enrol(&server, data, &id);
    let areas = |device: &Device| {
        let areas = device.post(&device.envelope(&[])).sync().areas;
        areas.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(areas(&device), [SADAN, FAR_DESA]);
    assert_eq!(areas(&enrol(&server, data, &by_puskesmas)).len(), 11);

    let done = json!({"ok": true});
    let change = |verb: &str, more: &[&str]| {
        let fixed = ["worker", verb, "--worker", &id, "--json"];
        timbang(data, &[&fixed, more].concat()).json()
    };
    assert_eq!(change("ungrant", &["--area", FAR_DESA]), done);
    assert_eq!(areas(&device), [SADAN]);
    assert_eq!(change("grant", &["--area", KECAMATAN, "--area", FAR_DESA]), done);
    assert_eq!(areas(&device), [KECAMATAN, FAR_DESA]);
    assert_eq!(change("grant", &["--area", KECAMATAN]), done, "a held grant is not given twice");
    assert_eq!(change("ungrant", &["--area", KECAMATAN, "--for-cause"]), done);
    assert_eq!(areas(&device), [SADAN, FAR_DESA]);
    let listed = timbang(data, &["worker", "list", "--json"]).json();
    let expected = json!([
        {"worker": by_puskesmas, "name": "Budi", "role": "tenaga", "areas": [],
            "puskesmas": ["CONTOH-160406-1"]},
        {"worker": id, "name": "Siti A.", "role": "tenaga", "areas": [SADAN, FAR_DESA],
            "puskesmas": []}]);
    assert_eq!(listed, expected);

    // What was parked for want of a grant is released by the command.
    let far = device.child(any_id(), "16.04.10.1031", &child_body("Anak"));
    assert_eq!(device.push_one(far).outcome, Outcome::Parked);
    change("grant", &["--area", "16.04.10.1031"]);
    assert_eq!(device.receipts("1")[0].outcome, Outcome::Applied);
}

#[test]
fn codes_and_devices_are_handled_beside_a_running_server() {
    let dir = with_areas();
    let data = dir.path();
    let server = ServerProcess::start(data);
    let list = || timbang(data, &["device", "list", "--json"]).json();
    assert_eq!(list(), json!([]));
    let id = worker(data, "Siti", &["--area", SADAN]);
    let made = timbang(data, &["code", "new", "--worker", &id, "--json"]).json();
    assert_eq!(made.as_object().unwrap().len(), 2, "{made}");
    assert_eq!(made["code"].as_str().unwrap().len(), 10);
    assert!(made["expires_at"].as_str().unwrap().parse::<sync_protocol::time::Moment>().is_ok());

    let mut device =
        Device::enrol(server.client(), made["code"].as_str().unwrap(), Arc::new(SystemClock));
    let change = device.child(any_id(), SADAN, &child_body("Anak"));
    device.push_one(change);
    let number = device.number.to_string();
    let listed = list();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    for (member, expected) in [
        ("device", json!(device.number)),
        ("state", json!("active")),
        ("worker", json!("Siti")),
        ("name", json!("Tablet Contoh")),
        ("acked_through", json!(1)),
        // The tablet called it pending in the request that brought it.
        ("pending", json!(0)),
    ] {
        assert_eq!(listed[0][member], expected, "{member}");
    }
    let state = |state: &str| json!({"device": device.number, "state": state});
    let drained = timbang(data, &["device", "drain", &number, "--json"]).json();
    assert_eq!(drained, state("draining"));
    assert_eq!(device.post(&device.envelope(&[])).sync().cursor, None);
    let revoked = timbang(data, &["device", "revoke", &number, "--yes", "--json"]).json();
    assert_eq!(revoked, state("revoked"));
    device.post(&device.envelope(&[])).check_problem(ProblemCode::Revoked);
    check_refused(data, &["device", "drain", &number], "enrol the tablet anew");
}

#[test]
fn a_tablet_with_unsent_work_is_revoked_only_by_a_second_word() {
    let dir = with_areas();
    let data = dir.path();
    let server = ServerProcess::start(data);
    let id = worker(data, "Siti", &["--area", SADAN]);
    let mut device = enrol(&server, data, &id);
    let number = device.number.to_string();
    check_refused(data, &["device", "revoke", "7", "--yes"], "device 7 is not known");
    check_refused(data, &["device", "revoke", "7"], "see `timbang device list`");
    check_refused(data, &["device", "revoke", &number], "timbang device drain");
    let log: Vec<Value> =
        (0..5).map(|_| device.child(any_id(), SADAN, &child_body("Anak"))).collect();
    let send = |changes: &[Value], pending: u64, wait: &str| {
        let mut envelope = device.envelope(changes);
        envelope["status"] = json!({"pending": pending});
        device.post(&envelope).sync();
        let listed = timbang(data, &["device", "list", "--json"]).json();
        assert_eq!(listed[0]["pending"].to_string(), wait);
    };
    send(&log[..2], 5, "3");
    check_refused(data, &["device", "revoke", &number], "3 unsent changes");
    send(&log[2..], 3, "0");
    // The reply was lost: the tablet does not know yet that the server has them.
    send(&log[2..], 3, "0");
    assert!(timbang(data, &["device", "revoke", &number]).success);
}

#[test]
fn a_target_list_is_imported_once_and_reaches_the_tablets() {
    let dir = with_areas();
    let data = dir.path();
    let server = ServerProcess::start(data);
    let device = enrol(&server, data, &worker(data, "Siti", &["--area", KECAMATAN]));
    let report = |added: u64, unchanged: u64| json!({"added": added, "completed": 0, "unchanged": unchanged, "refused": [], "notes": []});
    let sasaran = ["import", "sasaran"];
    let file = "sasaran/jarai-small.csv";
    assert_eq!(import(data, &sasaran, file).json(), report(40, 0));
    let pull = || device.post(&device.envelope(&[])).sync();
    let first = pull();
    assert_eq!(first.rows.len(), 40);
    assert_eq!(import(data, &sasaran, file).json(), report(0, 40));
    let second = pull();
    assert_eq!((second.cursor, second.digest), (first.cursor, first.digest), "nothing changed");
    let names = second.rows.iter().map(|row| format!("{row:?}")).collect::<Vec<_>>().join("\n");
    assert!(names.contains("M. HAFIZ PRATAMA") && names.contains("by: \"Kantor\""), "{names:.300}");
}

#[test]
fn a_list_comes_in_every_form_that_people_export() {
    for form in ["comma", "semicolon-bom", "tab", "excel-sep", "bnba-export"] {
        let dir = with_areas();
        let file = format!("sasaran/form-{form}.csv");
        let report = import(dir.path(), &["import", "sasaran"], &file).json();
        assert_eq!((&report["added"], &report["refused"]), (&json!(3), &json!([])), "{form}");
    }
    let dir = with_areas();
    let file = fixture("sasaran/form-latin1.csv");
    let arguments = ["import", "sasaran", file.to_str().unwrap()];
    check_refused(dir.path(), &arguments, "CSV UTF-8");
    let with_default = "nama_anak,tgl_lahir,jenis_kelamin\nRAFA CONTOH,2024-02-29,L\n";
    let plain = dir.path().join("plain.csv");
    std::fs::write(&plain, with_default).unwrap();
    let arguments = ["import", "sasaran", plain.to_str().unwrap(), "--json"];
    let without = refused_some(&timbang(dir.path(), &arguments));
    assert_eq!((&without["added"], &without["refused"][0]["line"]), (&json!(0), &json!(2)));
    let place = ["--area", SADAN, "--posyandu", "CONTOH MELATI"];
    let with = timbang(dir.path(), &[&arguments[..], &place].concat()).json();
    assert_eq!(with["added"], 1);
}

#[test]
fn good_rows_come_in_and_bad_ones_are_named_by_their_line() {
    let dir = with_areas();
    let data = dir.path();
    let report = refused_some(&import(data, &["import", "sasaran"], "sasaran/pitfalls.csv"));
    assert_eq!((&report["added"], &report["unchanged"]), (&json!(18), &json!(1)));
    let places = |list: &str| -> Vec<Value> {
        let rows = report[list].as_array().unwrap().iter();
        rows.map(|row| json!([row["line"], row["column"]])).collect()
    };
    let refused = json!([
        [17, "nama_anak"],
        [18, "tgl_lahir"],
        [19, "tgl_lahir"],
        [20, "jenis_kelamin"],
        [21, "berat_lahir"],
        [22, null],
        [25, null],
        [26, null],
        [27, null]
    ]);
    let notes = json!([[8, "NIK"], [8, "nomor_KK"], [10, "NIK"], [11, "NIK"], [15, "kia"]]);
    assert_eq!((json!(places("refused")), json!(places("notes"))), (refused, notes));
    let sentences = report["refused"].to_string() + &report["notes"].to_string();
    assert!(!sentences.contains("16040"), "no NIK is repeated: {sentences}");
    let again = refused_some(&import(data, &["import", "sasaran"], "sasaran/pitfalls.csv"));
    assert_eq!(
        (&again["added"], &again["completed"], &again["unchanged"]),
        (&json!(0), &json!(0), &json!(19))
    );
    let file = fixture("sasaran/pitfalls.csv");
    let text = timbang(data, &["import", "sasaran", file.to_str().unwrap()]);
    assert!(text.stdout.contains("Baris 19, kolom tgl_lahir"), "{}", text.stdout);
}

/// What an import reports that took the good rows and refused others: its status says so.
#[track_caller]
fn refused_some(import: &Finished) -> Value {
    assert_eq!(import.code, Some(3), "{}{}", import.stdout, import.stderr);
    import.any_json()
}

#[test]
fn a_posyandu_that_is_not_on_its_desa_s_list_is_noted_once_and_a_refused_row_has_no_notes() {
    let dir = with_areas();
    let data = dir.path();
    let write = |name: &str, text: &str| {
        let file = data.join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let posyandu = write("posyandu.csv", "desa,name\n16.04.06.2008,Melati\n");
    assert!(timbang(data, &["posyandu", "import", &posyandu]).success);
    let list = write(
        "list.csv",
        "nama_anak,tgl_lahir,jenis_kelamin,kode_wilayah,desa,posyandu,NIK\n\
         RAFA CONTOH,2024-02-29,L,16.04.06.2008,,MELATI,\n\
         AISYAH CONTOH,2023-05-12,P,,16.04.06.2008,Melatti,\n\
         DEWI CONTOH,2023-05-12,P,16.04.06.2009,,Mawar,\n\
         SARI CONTOH,2023-05-12,P,16.04.06.2999,,Melati,1.60406E+15\n",
    );
    let report = refused_some(&timbang(data, &["import", "sasaran", &list, "--json"]));
    assert_eq!((&report["added"], &report["refused"][0]["line"]), (&json!(3), &json!(5)));
    let [note] = report["notes"].as_array().unwrap().as_slice() else { panic!("{report}") };
    let reason = note["reason"].as_str().unwrap();
    assert!(note["line"] == 3 && reason.contains("\"Melatti\""), "{report}");
}

/// What was exported, edited in one cell and brought back is what a supervisor reads, and the letter
/// of the next month is judged anew.
#[test]
fn a_month_goes_out_is_corrected_in_a_file_and_comes_back() {
    let dir = with_areas();
    let data = dir.path();
    import(data, &["import", "sasaran"], "sasaran/form-comma.csv").json();
    let pengukuran = ["import", "pengukuran"];
    let counted = |report: &Value| {
        let listed = |list: &str| report[list].as_array().unwrap().len();
        let count = |word: &str| report[word].as_u64().unwrap();
        (count("added"), count("completed"), count("unchanged"), listed("refused"), listed("notes"))
    };
    let october = import(data, &pengukuran, "pengukuran/bnba-2021.csv").json();
    assert_eq!(counted(&october), (3, 0, 0, 0, 0), "{october}");
    let file = data.join("november.csv");
    let header = "NIK,nama_anak,TANGGALUKUR,BERAT,TINGGI\n";
    let november = |kg: &str| format!("{header}1604062902249001,RAFA CONTOH,2026-11-10,{kg},87\n");
    let run = |text: &str| {
        std::fs::write(&file, text).unwrap();
        timbang(data, &["import", "pengukuran", file.to_str().unwrap(), "--json"])
    };
    assert_eq!(counted(&run(&november("11.25")).json()), (1, 0, 0, 0, 0));

    let server = ServerProcess::start(data);
    let worker = timbang(
        data,
        &["worker", "add", "--json", "--role", "penyelia", "--name", "Ani", "--area", "16.04"],
    )
    .json();
    let worker = worker["worker"].as_str().unwrap();
    let token = timbang(data, &["token", "add", "--worker", worker, "--json"]).json();
    let token = token["token"].as_str().unwrap();
    let rafa = || {
        let list = server.client().get("/v1/measurements?month=2026-11").token(token).send().json();
        let row = &list["measurements"][0];
        (row["body"]["weight_g"].clone(), row["growth"]["gain"].clone())
    };
    assert_eq!(rafa(), (json!(11250), json!("T")));

    for format in ["csv", "xlsx"] {
        let out = data.join(format!("out.{format}"));
        let out = out.to_str().unwrap();
        let done = timbang(data, &["export", "eppgbm-pengukuran", out]);
        assert!(done.success, "{}", done.stderr);
        let same = refused_some(&timbang(data, &["import", "pengukuran", out, "--json"]));
        // Two children have no NIK that tells who they are.
        assert_eq!(counted(&same), (0, 0, 2, 2, 0), "{same}");
    }
    let exported = std::fs::read_to_string(data.join("out.csv")).unwrap();
    let corrected = refused_some(&run(&exported.replace(",11.25,", ",11.65,")));
    assert_eq!(counted(&corrected), (0, 1, 1, 2, 1), "{corrected}");
    assert!(corrected["notes"][0]["reason"].as_str().unwrap().contains("11,25 kg diganti"));
    assert_eq!(rafa(), (json!(11650), json!("N")));
    let text = timbang(data, &["import", "pengukuran", file.to_str().unwrap()]).stdout;
    assert!(
        text.contains("0 measurements added, 0 completed, 2 unchanged, 2 rows refused"),
        "{text}"
    );
    assert!(text.contains("refused  Baris"), "{text}");
}

#[test]
fn a_workbook_with_several_sheets_asks_which() {
    let dir = with_areas();
    let data = dir.path();
    import(data, &["import", "sasaran"], "sasaran/form-comma.csv").json();
    let csv = fixture("sasaran/form-comma.csv");
    let csv = csv.to_str().unwrap();
    check_refused(data, &["import", "sasaran", csv, "--sheet", "Data"], "--sheet");
    let out = data.join("out.xlsx");
    let out = out.to_str().unwrap();
    assert!(timbang(data, &["export", "children", out]).success);
    check_refused(data, &["import", "sasaran", out, "--sheet", "Data"], "children, keterangan");
    check_refused(data, &["area", "import", out], "code");
}

#[test]
fn every_command_makes_the_database_when_it_is_missing() {
    let nobody = "c2a7f1e4-0b38-4d95-a6c1-7e90d2b5f384";
    let list = fixture("sasaran/form-comma.csv");
    let list = list.to_str().unwrap();
    let commands: [&[&str]; 9] = [
        &["worker", "list"],
        &["device", "list"],
        &["check"],
        &["import", "sasaran", list],
        &["worker", "add", "--name", "Siti", "--role", "admin"],
        &["worker", "grant", "--worker", nobody, "--area", SADAN],
        &["code", "new", "--worker", nobody],
        &["device", "drain", "7"],
        &["device", "revoke", "7", "--yes"],
    ];
    for command in commands {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("new");
        let done = timbang(&data, &[command, &["--json"]].concat());
        assert!(data.join(DATABASE_FILE).exists(), "{command:?}: {}", done.stderr);
        let said: Vec<Value> =
            done.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let note = said[0]["note"].as_str().unwrap();
        assert!(note.contains(data.to_str().unwrap()), "a mistyped directory is told: {note}");
        if done.success || done.code == Some(3) {
            done.any_json();
        } else {
            assert!(said[1]["error"][0].is_string(), "{command:?}: {said:?}");
        }
        assert!(!timbang(&data, command).stderr.contains("new"), "it is there now");
    }
}

#[test]
fn a_command_about_what_is_there_makes_no_database() {
    let dir = tempfile::tempdir().unwrap();
    let (data, out) = (dir.path().join("typo"), dir.path().join("out.csv"));
    let out = out.to_str().unwrap();
    let commands: [&[&str]; 4] = [
        &["export", "children", out],
        &["report", "coverage", "--month", "2026-11"],
        &["backup", out],
        &["doctor"],
    ];
    for command in commands {
        let done = timbang(&data, command);
        assert!(!done.success && !data.exists(), "{command:?}: {}{}", done.stdout, done.stderr);
    }
    check_refused(&data, commands[0], "--data");
}

#[test]
fn a_report_by_desa_leaves_out_where_nobody_lives_and_says_how_many() {
    let dir = with_areas();
    let data = dir.path();
    import(data, &["import", "sasaran"], "sasaran/form-comma.csv").json();
    let report = ["report", "coverage", "--month", "2026-11", "--area", KECAMATAN, "--by", "desa"];
    let all = timbang(data, &[&report[..], &["--json"]].concat()).json();
    let areas = all["areas"].as_array().unwrap();
    let (with, without): (Vec<_>, Vec<_>) = areas.iter().partition(|area| area["s"] != 0);
    assert!(!with.is_empty() && without.len() > 1, "{all}");
    let text = timbang(data, &report).stdout;
    for area in &with {
        assert!(text.contains(area["area"].as_str().unwrap()), "{text}");
    }
    assert_eq!(text.lines().filter(|line| line.starts_with(KECAMATAN)).count(), with.len());
    assert!(text.contains(&format!("{} areas without children", without.len())), "{text}");
}

#[test]
fn a_backup_into_a_directory_that_is_missing_says_so() {
    let dir = with_areas();
    let file = dir.path().join("nowhere/b1.db");
    check_refused(dir.path(), &["backup", file.to_str().unwrap()], "nowhere: make it first");
}

#[test]
fn whoever_closes_the_pipe_has_seen_enough() {
    let dir = with_areas();
    for arguments in [&["worker", "list"][..], &["worker", "list", "--json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = program("timbang")
            .args(arguments)
            .arg("--data")
            .arg(dir.path())
            .stdout(writer)
            .output()
            .unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.success() && said.is_empty(), "{said}");
    }
}

#[test]
fn a_command_that_makes_no_sense_fails_and_says_what_to_do() {
    let dir = with_areas();
    let data = dir.path();
    let nobody = "c2a7f1e4-0b38-4d95-a6c1-7e90d2b5f384";
    let add = ["worker", "add", "--name", "Siti", "--role", "tenaga"];
    check_refused(data, &[&add[..], &["--area", "16.99"]].concat(), "timbang area import");
    check_refused(data, &[&add[..], &["--area", "Jarai"]].concat(), "16.04.06.2008");
    check_refused(data, &["code", "new", "--worker", "Siti"], "timbang worker list");
    check_refused(data, &["device", "drain", "Tab A7"], "timbang device list");
    check_refused(data, &["serve", "--listen", "8190"], "127.0.0.1:8080");
    check_refused(data, &[&add[..], &["--puskesmas", "X"]].concat(), "timbang puskesmas import");
    check_refused(data, &["worker", "add", "--name", " ", "--role", "tenaga"], "needs a name");
    check_refused(data, &["worker", "add", "--name", "S", "--role", "bos"], "penyelia");
    check_refused(data, &["worker", "grant", "--worker", nobody], "--area");
    let grant = ["worker", "grant", "--worker", nobody, "--area", SADAN];
    check_refused(data, &grant, "timbang worker list");
    check_refused(data, &["code", "new", "--worker", nobody], "timbang worker list");
    check_refused(data, &["device", "drain", "7"], "timbang device list");
    check_refused(data, &["area", "import", "nowhere.csv"], "nowhere.csv");
    let sasaran = fixture("sasaran/jarai-small.csv");
    check_refused(data, &["area", "import", sasaran.to_str().unwrap()], "code");
    let id = worker(data, "Siti", &["--area", SADAN]);
    let ungrant = ["worker", "ungrant", "--worker", &id, "--area", FAR_DESA];
    check_refused(data, &ungrant, "timbang worker list");
    assert_eq!(timbang(data, &["worker", "list", "--json"]).json().as_array().unwrap().len(), 1);
}

#[test]
fn a_new_worker_is_told_what_comes_next() {
    let dir = with_areas();
    let add = |role: &str, more: &[&str]| {
        let fixed = ["worker", "add", "--name", "Siti", "--role", role];
        let done = timbang(dir.path(), &[&fixed[..], more].concat());
        assert!(done.success, "{}", done.stderr);
        done.stdout
    };
    let granted = add("tenaga", &["--area", SADAN]);
    assert!(granted.contains("timbang code new --worker "), "{granted}");
    assert!(!granted.contains("sees nothing"), "{granted}");
    assert!(add("tenaga", &[]).contains("timbang worker grant --worker "));
    for role in ["penyelia", "pengamat", "admin"] {
        let said = add(role, &["--area", SADAN]);
        assert!(said.contains("timbang token add") && !said.contains("code new"), "{said}");
    }
}

#[test]
fn a_check_is_green_until_a_byte_of_the_log_changes() {
    let dir = with_areas();
    let data = dir.path();
    import(data, &["import", "sasaran"], "sasaran/jarai-small.csv").json();
    let server = ServerProcess::start(data);
    let green = timbang(data, &["check", "--json"]).json();
    assert_eq!(green, json!({"ok": true, "faults": [], "changes": {"applied": 40}}));
    drop(server);
    let db = Connection::open(data.join(DATABASE_FILE)).unwrap();
    let alter = |sql: &str| assert_eq!(db.execute(sql, []).unwrap(), 1, "{sql}");
    for (break_it, mend_it, word) in [
        (
            "UPDATE log SET raw = CAST(replace(raw, '\"sex\":\"L\"', '\"sex\":\"P\"') AS BLOB)
             WHERE pos = (SELECT min(pos) FROM log WHERE instr(raw, '\"sex\":\"L\"'))",
            "UPDATE log SET raw = CAST(replace(raw, '\"sex\":\"P\"', '\"sex\":\"L\"') AS BLOB)
             WHERE pos = (SELECT min(pos) FROM log)",
            "text",
        ),
        (
            "UPDATE digest SET sum = sum + 1 WHERE area = (SELECT min(area) FROM digest)",
            "UPDATE digest SET sum = sum - 1 WHERE area = (SELECT min(area) FROM digest)",
            "digest",
        ),
        (
            "UPDATE log SET seq = 1000 WHERE device = 0 AND seq = 40",
            "UPDATE log SET seq = 40 WHERE device = 0 AND seq = 1000",
            "gap",
        ),
    ] {
        alter(break_it);
        let red = timbang(data, &["check", "--json"]);
        let report = red.any_json();
        assert!(!red.success && report["ok"] == false, "{report}");
        assert!(report["faults"].to_string().contains(word), "{word}: {report}");
        let text = timbang(data, &["check"]);
        assert!(!text.success && text.stdout.contains("restore a backup"), "{}", text.stdout);
        alter(mend_it);
        assert!(timbang(data, &["check"]).success);
    }
}

#[test]
fn a_file_of_another_program_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(DATABASE_FILE);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);").unwrap();
    drop(other);
    let before = std::fs::read(&path).unwrap();
    check_refused(dir.path(), &["worker", "list"], "not one of Timbang's");
    // The mode of the journal may differ; what they wrote does not.
    let other = Connection::open(&path).unwrap();
    assert_eq!(other.query_row("SELECT x FROM theirs", [], |row| row.get(0)), Ok(1));
    drop(other);
    assert_eq!(std::fs::read(&path).unwrap().len(), before.len());
    std::fs::write(&path, b"this is a letter and no database, and it is long enough to be read")
        .unwrap();
    check_refused(dir.path(), &["check"], "not one of Timbang's");
}
