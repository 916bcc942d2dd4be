//! Guarantee 8: a restored backup loses nothing that is in any tablet's log, and merges it as
//! before. Real processes: the server, its commands, and tablets on the command line.

use rusqlite::Connection;
use serde_json::{Value, json};
use server::admin::{devices, people};
use server::backup;
use server::platform::{Clock, Random, SystemRandom};
use server::restore::restore;
use server::store::{DATABASE_FILE, DeviceState, Role};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sync_protocol::ids::DeviceNo;
use sync_protocol::problem::ProblemCode;
use sync_tests::{
    Device, Finished, KECAMATAN, OFFICE_PASSWORD, OTHER_DESA, SADAN, ServerProcess, TestServer,
    World, fixture, run, timbang,
};
use tempfile::TempDir;

/// A server of one desa, in a folder that holds its tablets and backups, too.
pub(crate) struct Office {
    pub(crate) dir: TempDir,
    pub(crate) data: PathBuf,
    server: Option<ServerProcess>,
    address: String,
}

impl Office {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let areas = fixture("area/lahat.csv");
        timbang(&data, &["area", "import", areas.to_str().unwrap(), "--json"]).json();
        let server = ServerProcess::start(&data);
        let address = server.url.strip_prefix("http://").unwrap().to_owned();
        Office { dir, data, server: Some(server), address }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn admin(&self, arguments: &[&str]) -> Value {
        timbang(&self.data, &[arguments, &["--json"]].concat()).json()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn worker(&self, name: &str) -> String {
        let add = ["worker", "add", "--role", "tenaga", "--area", SADAN, "--name", name];
        self.admin(&add)["worker"].as_str().unwrap().to_owned()
    }

    pub(crate) fn code(&self, worker: &str) -> String {
        self.admin(&["code", "new", "--worker", worker])["code"].as_str().unwrap().to_owned()
    }

    /// The tablet of a worker, enrolled.
    pub(crate) fn tablet(&self, worker: &str) -> Tablet {
        let tablet = Tablet { file: self.path(&format!("tablet-{worker}.db")) };
        tablet.enrol(self, worker);
        tablet
    }

    pub(crate) fn back_up(&self, name: &str) -> PathBuf {
        let file = self.path(name);
        self.admin(&["backup", file.to_str().unwrap()]);
        file
    }

    /// kill -9.
    pub(crate) fn stop(&mut self) {
        self.server.take().unwrap().kill();
    }

    pub(crate) fn restart(&mut self) {
        self.server = Some(ServerProcess::listening(&self.data, &self.address, &[]));
    }

    fn restore(&self, file: &Path) -> Finished {
        timbang(&self.data, &["restore", file.to_str().unwrap(), "--yes", "--json"])
    }

    fn database(&self) -> Connection {
        Connection::open(self.data.join(DATABASE_FILE)).unwrap()
    }

    /// What the merge says: every record's winner and place, and the digests.
    fn merged(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let records = "SELECT hex(id) || ' ' || area || ' ' || state_tick || '-' || state_device || ' '
            || coalesce(place_tick || '-' || place_device, '') || ' ' || coalesce(deleted, '') FROM record";
        let digests = "SELECT area || ' ' || count || ' ' || sum FROM digest WHERE count > 0";
        (self.texts(records), self.texts(digests))
    }

    pub(crate) fn digests(&self) -> BTreeSet<String> {
        self.merged().1
    }

    fn texts(&self, sql: &str) -> BTreeSet<String> {
        let db = self.database();
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    /// The stamp of every change of the log, by its content. A change has one, however often its
    /// tablet was enrolled.
    fn stamps(&self) -> BTreeMap<String, String> {
        let db = self.database();
        let sql = "SELECT hex(hash), tick || '-' || stamp_device FROM log WHERE same_as IS NULL";
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[track_caller]
    pub(crate) fn check(&self) {
        let checked = self.admin(&["check"]);
        assert_eq!(checked["ok"], true, "{checked}");
    }
}

/// `timbang-tablet` on one file.
pub(crate) struct Tablet {
    pub(crate) file: PathBuf,
}

impl Tablet {
    pub(crate) fn run(&self, arguments: &[&str]) -> Finished {
        let place = [OsStr::new("--json"), OsStr::new("--db"), self.file.as_os_str()];
        run("timbang-tablet", place.into_iter().chain(arguments.iter().map(OsStr::new)))
    }

    #[track_caller]
    pub(crate) fn say(&self, arguments: &[&str]) -> Value {
        self.run(arguments).json()
    }

    fn enrol(&self, office: &Office, worker: &str) {
        let url = office.url();
        self.say(&["enrol", &url, &office.code(worker)]);
    }

    #[track_caller]
    pub(crate) fn sync(&self) -> Value {
        self.say(&["sync"])
    }

    pub(crate) fn number(&self) -> Value {
        self.say(&["status"])["device"].clone()
    }

    pub(crate) fn add(&self, name: &str) {
        self.say(&["child", "add", "--name", name, "--sex", "P", "--birth-date", "01-05-2025"]);
    }

    pub(crate) fn weigh(&self, child: &str, kg: &str) {
        self.say(&["measure", child, "--weight-kg", kg]);
    }

    fn phone(&self, child: &str, phone: &str) {
        self.say(&["child", "edit", child, "--phone", phone]);
    }

    /// Nothing pending, nothing more to pull, and the digests agree.
    #[track_caller]
    pub(crate) fn check_done(&self) {
        let synced = self.sync();
        assert_eq!(synced["complete"], true, "{synced}");
        assert_eq!(synced["parked"], 0, "{synced}");
    }
}

/// New records, edits that rest on another's, and a conflict, all of it synced.
fn work_on(one: &Tablet, other: &Tablet) {
    one.add("Anggrek");
    one.weigh("Melati", "9,8");
    one.sync();
    other.sync();
    other.weigh("Anggrek", "8,1");
    other.phone("Anggrek", "0811");
    one.phone("Melati", "0812");
    other.phone("Melati", "0813");
    other.sync();
    one.sync();
}

#[test]
fn the_tablets_logs_heal_a_restored_server() {
    let mut office = Office::new();
    let data = office.data.clone();
    let workers = ["Siti", "Budi", "Wati", "Rina"].map(|name| office.worker(name));
    let (siti, budi, rina) =
        (office.tablet(&workers[0]), office.tablet(&workers[1]), office.tablet(&workers[3]));
    siti.add("Melati");
    for tablet in [&siti, &budi, &rina] {
        tablet.sync();
    }
    let old_code = office.code(&workers[2]);
    office.admin(&["token", "add", "--worker", &workers[0]]);
    let grant = |verb: &str, more: &[&str]| {
        let fixed = ["worker", verb, "--worker", &workers[1], "--area", OTHER_DESA];
        timbang(&data, &[&fixed[..], more, &["--json"]].concat()).json()
    };
    grant("grant", &[]);
    let backup = office.back_up("backup.db");

    grant("ungrant", &["--for-cause"]);
    // What the backup does not have: new records, edits that rest on them, a conflict, a tablet.
    work_on(&siti, &budi);
    let wati = office.tablet(&workers[2]);
    wati.sync();
    wati.add("Kenanga");
    wati.phone("Anggrek", "0814");
    wati.sync();
    let wati_before = wati.number();
    siti.check_done();
    budi.check_done();
    office.admin(&["device", "revoke", &rina.number().to_string(), "--yes"]);
    let (before, stamps) = (office.merged(), office.stamps());
    assert_eq!(stamps.len(), 9);
    let epoch = office.texts("SELECT hex(epoch) FROM server");

    let refused = office.restore(&backup);
    assert!(!refused.success && refused.stderr.contains("a server runs on"), "{}", refused.stderr);
    office.stop();
    let refused = timbang(&data, &["restore", backup.to_str().unwrap()]);
    assert!(!refused.success && refused.stderr.contains("--yes"), "{}", refused.stderr);
    assert_eq!(office.merged(), before, "a refused restore changes nothing");
    let restored = office.restore(&backup).json();
    let lost: Vec<&Value> =
        restored["devices_lost"].as_array().unwrap().iter().map(|lost| &lost["device"]).collect();
    assert_eq!(lost, [&wati_before], "{restored}");
    assert_eq!(restored["devices_shut"], json!([{"device": rina.number(), "state": "revoked"}]));
    assert_eq!((&restored["tokens_ended"], &restored["grants_ended"]), (&json!(1), &json!(1)));
    assert_eq!(office.admin(&["worker", "list"])[0]["areas"], json!([SADAN]), "Budi's");
    assert!(office.stamps().len() < stamps.len());
    assert_ne!(office.texts("SELECT hex(epoch) FROM server"), epoch, "a new history begins");
    let aside = Path::new(restored["set_aside"].as_str().unwrap()).join(DATABASE_FILE);
    assert!(aside.exists());

    office.restart();
    // The one whose edits rest on what others wrote comes first.
    let synced = budi.sync();
    assert_eq!(synced["sync"]["lost"], 3, "{synced}");
    siti.sync();
    let gone = wati.run(&["sync"]);
    assert!(!gone.success && gone.stderr.contains("\"unauthorised\""), "{}", gone.stderr);
    let url = office.url();
    let void = wati.run(&["enrol", "--again", &url, &old_code]);
    assert!(!void.success && void.stderr.contains("\"code_expired\""), "{}", void.stderr);
    let shut = rina.run(&["sync"]);
    assert!(!shut.success && shut.stderr.contains("\"revoked\""), "{}", shut.stderr);
    wati.say(&["enrol", "--again", &url, &office.code(&workers[2])]);
    for tablet in [&wati, &budi, &siti, &wati] {
        tablet.check_done();
    }
    assert_eq!(office.stamps(), stamps, "every change is back, under the stamp that it had");
    assert_eq!(office.merged(), before, "and merges as before");
    office.check();
}

#[test]
fn what_the_office_lost_comes_back_from_a_tablets_mirror() {
    let mut office = Office::new();
    let worker = office.worker("Siti");
    let tablet = office.tablet(&worker);
    tablet.add("Melati");
    tablet.sync();
    let backup = office.back_up("backup.db");
    let list = fixture("sasaran/jarai-small.csv");
    let import = ["import", "sasaran", list.to_str().unwrap(), "--area", SADAN];
    office.admin(&import);
    tablet.weigh("Melati", "9,1");
    tablet.check_done();
    let (before, stamps) = (office.merged(), office.stamps());

    office.stop();
    office.restore(&backup).json();
    office.restart();
    tablet.check_done();
    assert_ne!(office.merged(), before);
    let file = tablet.file.to_str().unwrap();
    let held = tablet.say(&["child", "list"]).as_array().unwrap().len();
    let recovered = office.admin(&["import", "mirror", file]);
    let put_in = recovered["put_in"].as_array().unwrap().len();
    assert!(put_in > 0, "{recovered}");
    assert_eq!(recovered["left_out"], json!([]), "{recovered}");
    let again = office.admin(&["import", "mirror", file]);
    assert_eq!((&again["put_in"], &again["left_out"]), (&json!([]), &json!([])));
    tablet.check_done();
    assert_eq!(tablet.say(&["child", "list"]).as_array().unwrap().len(), held + put_in);
    let ours: BTreeSet<_> = before.0.iter().filter(|record| record.contains(SADAN)).collect();
    let now = office.merged().0;
    assert_eq!(now.iter().filter(|record| record.contains(SADAN)).collect::<BTreeSet<_>>(), ours);
    let kept = office.stamps().into_values().filter(|stamp| stamps.values().any(|s| s == stamp));
    assert_eq!(kept.count(), put_in + 2);
    office.check();
}

/// What people may ask for, and no tablet.
const OF_PEOPLE: &str = "/v1/children";

/// Whoever could do something when the backup was made, and no longer when it is restored.
#[test]
fn a_restore_brings_no_token_password_or_session_back_to_life() {
    let world = World::default();
    let worker = world.worker("Siti", &[SADAN]);
    let (code, install) = (world.code(worker), Device::new_install());
    let time: Arc<dyn Clock> = Arc::new(world.time.clone());
    let enrol = || Device::enrol_install(world.server.client(), &code, &install, Arc::clone(&time));
    let old = enrol();
    let drained = world.device("Budi", &[SADAN]);
    let desk = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let shut = world.office("Wati", Role::Penyelia, &[KECAMATAN]);
    assert_eq!((desk.get("/").status(), shut.get("/").status()), (200, 200));
    let workers = people::list_workers(world.service()).unwrap();
    let of = |name: &str| workers.iter().find(|(worker, _)| worker.name == name).unwrap().0.id;
    let person = people::make_token(world.service(), of("Rina")).unwrap();
    assert_eq!(world.server.client().get(OF_PEOPLE).token(&person).send().status, 200);
    let backups = tempfile::tempdir().unwrap();
    let file = backups.path().join("backup.db");
    backup::make(world.data(), &file).unwrap();

    let new = enrol();
    assert_eq!((old.number, old.token == new.token), (new.number, false));
    world.drain(drained.number);
    people::set_password(world.service(), of("Rina"), None, "kata sandi yang baru").unwrap();
    assert!(people::disable_login(world.service(), of("Wati")).unwrap());
    let (data, time_of_all) = (world.data().to_owned(), world.time.clone());
    drop(world.server);
    restore(&data, &file, true, &time, &(Arc::new(SystemRandom) as Arc<dyn Random>)).unwrap();

    let server = TestServer::start(&data, &time_of_all);
    let areas = |token: &str| server.client().get("/v1/areas").token(token).send();
    areas(&old.token).check_problem(ProblemCode::Unauthorised);
    assert_eq!(areas(&new.token).status, 200);
    let of_people = server.client().get(OF_PEOPLE).token(&person).send();
    of_people.check_problem(ProblemCode::Unauthorised);
    let device = devices::known_device(&server.service, DeviceNo(drained.number)).unwrap();
    assert_eq!(device.state, DeviceState::Draining);
    let sessions = Connection::open(data.join(DATABASE_FILE)).unwrap();
    let sessions: u32 =
        sessions.query_row("SELECT count(*) FROM session", [], |row| row.get(0)).unwrap();
    assert_eq!(sessions, 0, "nobody is logged in");
    let is_let_in = |name: &str, password: &str| {
        let mut desk = sync_tests::Office::at(&server.url());
        let door = desk.get("/masuk");
        desk.submit(&door, "form", &[("nama", name), ("sandi", password)]);
        desk.get("/").status() == 200
    };
    assert!(is_let_in("rina", "kata sandi yang baru"));
    assert!(!is_let_in("rina", OFFICE_PASSWORD), "the password of before");
    assert!(!is_let_in("wati", OFFICE_PASSWORD), "a login that was disabled");
}

/// The folder itself may belong to anybody.
#[test]
fn what_a_backup_and_a_restore_write_is_for_its_owner_only() {
    let mut office = Office::new();
    let backup = office.back_up("backup.db");
    office.stop();
    let restored = office.restore(&backup).json();
    let aside = PathBuf::from(restored["set_aside"].as_str().unwrap());
    let fresh = office.path("fresh");
    timbang(&fresh, &["restore", backup.to_str().unwrap(), "--json"]).json();
    let written = [
        backup,
        office.path("backup.db.sha256"),
        office.data.join(DATABASE_FILE),
        aside.join(DATABASE_FILE),
        fresh.join(DATABASE_FILE),
        aside,
        fresh,
    ];
    for path in written {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    }
}

/// Nothing can be carried over then; the restore says so, and keeps the file.
#[test]
fn a_damaged_database_is_replaced_and_kept_as_it_is() {
    let mut office = Office::new();
    let backup = office.back_up("backup.db");
    office.stop();
    let file = office.data.join(DATABASE_FILE);
    // What its log holds would mend it.
    office.database().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..64].fill(0xA5);
    std::fs::write(&file, &bytes).unwrap();
    let restored = office.restore(&backup).json();
    assert_eq!(restored["replaced_unreadable"], true, "{restored}");
    let aside = Path::new(restored["set_aside"].as_str().unwrap()).join(DATABASE_FILE);
    assert!(std::fs::read(aside).unwrap() == bytes, "kept as it was");
    office.check();
}
