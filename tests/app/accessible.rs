//! Screens that everybody can use: with a screen reader, with a thumb, on a phone in the sun.

use super::{App, HEIGHT, Puskesmas, WIDTH};
use serde_json::{Value, json};
use sync_tests::ServerProcess;

const WIDTHS: [u32; 4] = [360, 600, 768, 1280];

#[test]
fn every_screen_can_be_read_made_out_and_touched_on_a_phone_and_at_a_desk() {
    let puskesmas = Puskesmas::new();
    let mut server = ServerProcess::start(puskesmas.data());
    let url = server.url.clone();
    let profile = tempfile::tempdir().unwrap();
    let app = App::open(profile.path(), &url);
    app.browser.open(&app.url);
    app.reads("Minta kode");
    app.is_flawless("Daftar");
    app.go("kode=7KQ29MXT3F");
    app.browser.type_in("#nama", "Tablet Siti");
    app.tap("button[type=submit]");
    app.browser.wait_for("[role=alert]");
    app.is_flawless("Daftar, wrong");
    app.first_sync(&puskesmas.code_of("Siti"));

    let child = app.add_child("BINTANG");
    app.is_flawless("Anak, new");
    app.measure(&child, ("2026-02-05", "8,2", "70,5"));
    app.measure(&child, ("2026-05-05", "8,4", "74,0"));
    app.visit(&child);
    app.send();
    app.has_two_that_did_not_pass(&puskesmas, &child, &mut server);

    for screen in ["/", "/anak-baru", "/berkas", "/nowhere"] {
        app.at(screen).is_flawless(screen);
    }
    for screen in ["", "/ukur", "/kunjungan", "/ubah", "/pindah"] {
        app.at(&format!("{child}{screen}")).is_flawless(screen);
    }
    app.has_mistakes(&child);
    app.at("/kirim").reads("Tertahan");
    app.reads("Diganti");
    app.is_flawless("Kirim");
}

impl App {
    /// Goes to a screen and waits until it is there.
    #[track_caller]
    fn at(&self, screen: &str) -> &Self {
        self.browser.script("document.body.dataset.screen = ''");
        self.go(screen);
        self.browser.wait_until("document.body.dataset.screen");
        self
    }

    /// Nothing keeps anybody from using what is shown, at any width.
    #[track_caller]
    fn is_flawless(&self, screen: &str) {
        for width in WIDTHS {
            self.browser.resize(width, HEIGHT);
            assert_eq!(self.browser.flaws(), Vec::<Value>::new(), "{screen} at {width}");
        }
        self.browser.resize(WIDTH, HEIGHT);
    }

    #[track_caller]
    fn first_sync(&self, code: &str) {
        self.at(&format!("kode={code}"));
        self.browser.type_in("#nama", "Tablet Siti");
        self.tap("button[type=submit]");
        self.reads("Bekerja tanpa sinyal sudah bisa.");
        self.is_flawless("the first sync");
        self.tap("a[href='#/']");
        self.browser.script("return navigator.serviceWorker.ready.then(() => true)");
    }

    #[track_caller]
    fn visit(&self, child: &str) {
        self.at(&format!("{child}/kunjungan"));
        self.fill("#purpose", "konseling");
        self.save();
    }

    /// One change that lost to the office's, one that the server holds back.
    #[track_caller]
    fn has_two_that_did_not_pass(
        &self,
        puskesmas: &Puskesmas,
        child: &str,
        server: &mut ServerProcess,
    ) {
        let url = server.url.clone();
        server.kill();
        self.rename(child, "BINTANG SITI");
        *server = puskesmas.server_at(&url);
        let supervisor = puskesmas.supervisor(server);
        let row = supervisor.children().remove(0);
        let mut body = row["body"].clone();
        body["name"] = json!("BINTANG RINA");
        supervisor
            .enter(&json!({"kind": "child", "id": row["id"], "base": row["stamp"], "body": body}));
        self.send_now();
        self.reads("Diganti");
        self.set_clock(3);
        self.at(&format!("{child}/ukur"));
        self.fill("#weight_g", "8,5");
        self.browser.wait_for("#live .scores");
        self.save();
        self.send_now();
        self.reads("Tanggalnya di masa depan.");
        self.reads("3 hari lebih cepat dari server");
        self.is_flawless("Kirim, with a wrong clock");
        self.set_clock(0);
    }

    /// Forms with something wrong, and with a value that must be confirmed.
    #[track_caller]
    fn has_mistakes(&self, child: &str) {
        self.at(&format!("{child}/ukur"));
        self.fill("#weight_g", "84");
        self.browser.wait_until("document.getElementById('live').innerText.trim()");
        self.is_flawless("Ukur, live");
        self.tap("main button[type=submit]");
        self.browser.wait_for("[role=alert]");
        self.is_flawless("Ukur, doubtful");
        self.at("/anak-baru");
        self.browser.script("document.querySelector('main form').noValidate = true");
        self.tap("main button[type=submit]");
        self.browser.wait_for("[aria-invalid=true]");
        self.is_flawless("Anak baru, wrong");
    }
}
