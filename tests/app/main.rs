//! The tablet app in a real Chromium against the real server: what a field worker does in a village
//! without signal, and what the supervisor has of it afterwards. The app must have been built:
//! `cargo run --release -p web-build`.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

use serde_json::{Value, json};
use std::path::Path;
use sync_tests::{Browser, SADAN, ServerProcess, fixture, timbang};
use tempfile::TempDir;

/// A tablet's screen, held upright.
const WIDTH: u32 = 600;
const HEIGHT: u32 = 1024;

/// A puskesmas with one worker of one desa.
struct Puskesmas {
    dir: TempDir,
    worker: String,
}

impl Puskesmas {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let areas = fixture("area/lahat.csv");
        timbang(dir.path(), &["area", "import", areas.to_str().unwrap(), "--json"]).json();
        let add =
            ["worker", "add", "--name", "Siti", "--role", "tenaga", "--area", SADAN, "--json"];
        let worker = timbang(dir.path(), &add).json()["worker"].as_str().unwrap().to_owned();
        Puskesmas { dir, worker }
    }

    fn data(&self) -> &Path {
        self.dir.path()
    }

    fn code(&self) -> String {
        let made = timbang(self.data(), &["code", "new", "--worker", &self.worker, "--json"]);
        made.json()["code"].as_str().unwrap().to_owned()
    }

    /// A person's token for the API.
    fn supervisor(&self) -> String {
        let add =
            ["worker", "add", "--name", "Rina", "--role", "penyelia", "--area", SADAN, "--json"];
        let worker = timbang(self.data(), &add).json()["worker"].as_str().unwrap().to_owned();
        let token = timbang(self.data(), &["token", "add", "--worker", &worker, "--json"]).json();
        token["token"].as_str().unwrap().to_owned()
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
        self.reads("Tersimpan di tablet, belum terkirim.");
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

#[test]
fn what_is_saved_without_signal_reaches_the_supervisor() {
    let puskesmas = Puskesmas::new();
    let mut server = ServerProcess::start(puskesmas.data());
    let url = server.url.clone();
    let profile = tempfile::tempdir().unwrap();
    let app = App::open(profile.path(), &url);
    app.enrol(&puskesmas.code());

    server.kill();
    app.browser.open(&app.url);
    app.browser.wait_for("#cari");
    app.go("/anak-baru");
    app.fill("#name", "BINTANG");
    app.fill("#sex", "P");
    app.fill("#birth_date", "2025-05-01");
    app.save();
    let address = app.browser.address();
    let child = address.split('#').nth(1).unwrap().to_owned();
    for measured in [
        ("2025-11-05", "7,1", "65,5"),
        ("2026-02-05", "8.2", "70.5"),
        ("2026-05-05", "8,9", "74,0"),
    ] {
        app.measure(&child, measured);
    }
    drop(app);

    let app = App::open(profile.path(), &url);
    app.go("/kirim");
    app.reads("4 perubahan menunggu terkirim");
    let at = url.trim_start_matches("http://");
    let server = ServerProcess::listening(puskesmas.data(), at, &[]);
    app.tap("form[action='#/kirim'] button");
    app.reads("Selesai: semua terkirim dan data sama dengan server.");

    let token = puskesmas.supervisor();
    let client = server.client();
    let children = client.get(&format!("/v1/children?area={SADAN}")).token(&token).send().json();
    let found: Vec<&Value> = children["children"].as_array().unwrap().iter().collect();
    assert_eq!(found.len(), 1, "{children}");
    let id = child.trim_start_matches("/anak/");
    let one = client.get(&format!("/v1/children/{id}")).token(&token).send().json().to_string();
    for grams in ["7100", "8200", "8900"] {
        assert!(one.contains(grams), "{grams} is not in {one}");
    }
}

#[test]
fn a_second_tab_is_told_and_changes_nothing() {
    let puskesmas = Puskesmas::new();
    let server = ServerProcess::start(puskesmas.data());
    let profile = tempfile::tempdir().unwrap();
    let app = App::open(profile.path(), &server.url);
    app.browser.open(&app.url);
    app.browser.wait_for("#nama");
    app.browser.script("window.open(location.href)");
    app.browser.in_newest_window();
    app.reads("Timbang sudah terbuka di tab lain.");
}
