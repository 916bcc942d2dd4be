//! The tablet app in a real Chromium against the real server: what a field worker does in a village
//! without signal, and what the supervisor has of it afterwards. The app must have been built:
//! `cargo run --release -p web-build -- --vectors`.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

mod accessible;
mod bench;
mod conflict;
mod damaged;
mod installed;
mod killed;
mod mended;
mod offline;
mod storage;
mod told;
mod unheard;
mod updated;
mod vectors;

use serde_json::{Value, json};
use std::path::Path;
use sync_tests::{Browser, Client, Launch, SADAN, ServerProcess, fixture, timbang};
use tempfile::TempDir;

/// A tablet's screen, held upright.
const WIDTH: u32 = 600;
const HEIGHT: u32 = 1024;

/// A puskesmas whose workers all work in one desa.
struct Puskesmas {
    dir: TempDir,
}

impl Puskesmas {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let areas = fixture("area/lahat.csv");
        timbang(dir.path(), &["area", "import", areas.to_str().unwrap(), "--json"]).json();
        Puskesmas { dir }
    }

    fn data(&self) -> &Path {
        self.dir.path()
    }

    /// One with a server and Siti's tablet, whose browser keeps what it knows in the folder.
    fn with_siti() -> (Self, ServerProcess, TempDir, App) {
        let puskesmas = Puskesmas::new();
        let server = ServerProcess::start(puskesmas.data());
        let profile = tempfile::tempdir().unwrap();
        let app = App::open(profile.path(), &server.url);
        app.enrol(&puskesmas.code_of("Siti"));
        (puskesmas, server, profile, app)
    }

    /// A server where an earlier one listened.
    fn server_at(&self, url: &str) -> ServerProcess {
        self.launch_at(url, Launch::default())
    }

    fn launch_at<'l>(&self, url: &'l str, launch: Launch<'l>) -> ServerProcess {
        let address = Some(url.trim_start_matches("http://"));
        ServerProcess::launch(self.data(), &Launch { address, ..launch })
    }

    fn worker(&self, name: &str, role: &str) -> String {
        let add = ["worker", "add", "--name", name, "--role", role, "--area", SADAN, "--json"];
        timbang(self.data(), &add).json()["worker"].as_str().unwrap().to_owned()
    }

    /// The code for the tablet of a new worker.
    fn code_of(&self, name: &str) -> String {
        let worker = self.worker(name, "tenaga");
        let made = timbang(self.data(), &["code", "new", "--worker", &worker, "--json"]);
        made.json()["code"].as_str().unwrap().to_owned()
    }

    fn supervisor(&self, server: &ServerProcess) -> Supervisor {
        let worker = self.worker("Rina", "penyelia");
        let token = timbang(self.data(), &["token", "add", "--worker", &worker, "--json"]).json();
        Supervisor { client: server.client(), token: token["token"].as_str().unwrap().to_owned() }
    }
}

/// Somebody who sees by the API what has arrived.
struct Supervisor {
    client: Client,
    token: String,
}

impl Supervisor {
    #[track_caller]
    fn ask(&self, path: &str) -> Value {
        let reply = self.client.get(path).token(&self.token).send();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    /// Enters a record in the office.
    #[track_caller]
    fn enter(&self, record: &Value) {
        let reply = self.client.post("/v1/records").token(&self.token).json(record).send();
        assert_eq!(reply.status, 201, "{}", reply.text());
    }

    #[track_caller]
    fn discard_the_one_parked(&self) {
        let parked = self.list("/v1/parked", "parked");
        assert_eq!(parked.len(), 1, "{parked:?}");
        let path = format!("/v1/parked/{}", parked[0]["id"].to_string().trim_matches('"'));
        let decision = json!({"decision": "discard", "reason": "salah tanggal"});
        let reply = self.client.post(&path).token(&self.token).json(&decision).send();
        assert_eq!(reply.status, 200, "{}", reply.text());
    }

    #[track_caller]
    fn children(&self) -> Vec<Value> {
        self.list("/v1/children", "children")
    }

    /// A whole list, part by part.
    #[track_caller]
    fn list(&self, path: &str, name: &str) -> Vec<Value> {
        let first = format!("{path}?area={SADAN}");
        let mut rows = Vec::new();
        let mut part = self.ask(&first);
        loop {
            rows.extend(part[name].as_array().unwrap().iter().cloned());
            if part["after"].is_null() {
                return rows;
            }
            // A number, or a text in quotes.
            let after = part["after"].to_string();
            let after = after.trim_matches('"');
            part = self.ask(&format!("{first}&after={after}"));
        }
    }
}

/// The app in a browser of its own.
struct App {
    browser: Browser,
    url: String,
}

impl App {
    fn open(profile: &Path, server: &str) -> Self {
        let browser = Browser::with_profile(profile, WIDTH, HEIGHT);
        App { browser, url: format!("{server}/app/") }
    }

    #[track_caller]
    fn go(&self, screen: &str) {
        self.browser.open(&format!("{}#{screen}", self.url));
    }

    /// Waits until the screen says something.
    #[track_caller]
    fn reads(&self, text: &str) {
        self.browser.wait_until(&format!("document.body.innerText.includes({})", json!(text)));
    }

    #[track_caller]
    fn enrol(&self, code: &str) {
        self.go(&format!("kode={code}"));
        // A form may stand there already, which this one takes the place of.
        self.browser.wait_until(&format!("document.querySelector('#kode')?.value === '{code}'"));
        self.browser.type_in("#nama", "Tablet Siti");
        self.tap("button[type=submit]");
        self.reads("Bekerja tanpa sinyal sudah bisa.");
        self.tap("a[href='#/']");
        self.browser.wait_for("#cari");
        self.browser.script("return navigator.serviceWorker.ready.then(() => true)");
    }

    /// Taps what may be below the bar at the foot, or be drawn anew just now.
    #[track_caller]
    fn tap(&self, part: &str) {
        self.browser.wait_for(part);
        self.browser.script(&format!("document.querySelector({}).click()", json!(part)));
    }

    /// Puts a value where a finger would, also into a date field.
    #[track_caller]
    fn fill(&self, field: &str, value: &str) {
        self.browser.wait_for(field);
        self.browser.script(&format!(
            "const field = document.querySelector({}); field.value = {}; \
             field.dispatchEvent(new Event('input', {{ bubbles: true }}));",
            json!(field),
            json!(value)
        ));
    }

    #[track_caller]
    fn save(&self) {
        self.tap("main button[type=submit]");
        // A form with a mistake stays.
        self.browser.wait_until("!document.querySelector('main button[type=submit]')");
    }

    /// Adds a child and says where its screen is.
    #[track_caller]
    fn add_child(&self, name: &str) -> String {
        self.go("/anak-baru");
        self.fill("#name", name);
        self.fill("#sex", "P");
        self.fill("#birth_date", "2025-05-01");
        self.save();
        self.browser.address().split('#').nth(1).unwrap().to_owned()
    }

    /// Sends all, with a server that is there.
    #[track_caller]
    fn send(&self) {
        self.send_now();
        self.reads("Selesai: semua terkirim dan data sama dengan server.");
    }

    #[track_caller]
    fn send_now(&self) {
        self.go("/kirim");
        self.tap("form[action='#/kirim'] button");
    }

    /// Weighs the child whose screen is shown.
    #[track_caller]
    fn measure(&self, child: &str, (day, kilograms, centimetres): (&str, &str, &str)) {
        self.go(&format!("{child}/ukur"));
        self.fill("#measured_on", day);
        self.fill("#weight_g", kilograms);
        self.fill("#height_mm", centimetres);
        self.fill("#position", "terlentang");
        self.browser.wait_for("#live .scores");
        self.save();
    }
}
