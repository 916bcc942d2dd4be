//! A change that the server holds back is mended where it was made.

use super::{App, Puskesmas};

/// Sets the clock that the app reads so many days forward, by the copy of the app that the browser
/// keeps; with 0 it is right again.
const SET_CLOCK: &str = r#"return (async () => {
    const [version] = await caches.keys();
    const cache = await caches.open(version);
    const address = new URL("worker.js", location.href);
    const kept = await cache.match(address);
    const [right] = (await kept.text()).split("// wrong clock").slice(-1);
    const wrong = `const rightNow = Date.now; Date.now = () => rightNow() + DAYS * 86400000; // wrong clock`;
    await cache.put(address, new Response(wrong + right, { headers: { "Content-Type": "text/javascript" } }));
})()"#;

#[test]
fn a_change_that_is_held_back_is_told_mended_and_taken() {
    let (puskesmas, mut server, _profile, app) = Puskesmas::with_siti();
    let url = server.url.clone();
    let child = app.add_child("BINTANG");
    server.kill();

    app.set_clock(3);
    app.go(&format!("{child}/ukur"));
    app.fill("#weight_g", "8,9");
    app.browser.wait_for("#live .scores");
    app.save();
    let server = puskesmas.server_at(&url);
    app.send_now();
    app.reads("Tanggalnya di masa depan.");
    let supervisor = puskesmas.supervisor(&server);
    assert_eq!(supervisor.list("/v1/parked", "parked").len(), 1);

    app.set_clock(0);
    app.go("/kirim");
    app.reads("Tertahan");
    let mend = app.browser.script("return document.querySelector('main .card a.button').hash");
    app.go(mend.as_str().unwrap().trim_start_matches('#'));
    app.fill("#measured_on", "2026-05-05");
    app.save();
    app.send();
    app.browser.wait_until("!document.body.innerText.includes('Tertahan')");
    assert_eq!(supervisor.list("/v1/parked", "parked").len(), 0);
    let id = child.trim_start_matches("/anak/");
    let one = supervisor.ask(&format!("/v1/children/{id}")).to_string();
    assert!(one.contains("2026-05-05") && one.contains("8900"), "{one}");
}

/// What was held back is shown on Hari ini until the office decides; then it leaves the list, which the
/// app keeps in memory, too.
#[test]
fn a_weighing_that_the_office_does_not_use_leaves_hari_ini() {
    let (puskesmas, mut server, _profile, app) = Puskesmas::with_siti();
    let url = server.url.clone();
    let child = app.add_child("BINTANG");
    app.send();
    server.kill();
    app.set_clock(3);
    app.go(&format!("{child}/ukur"));
    app.fill("#muac_mm", "11");
    app.browser.wait_until("document.getElementById('live').innerText.trim()");
    app.save();
    let server = puskesmas.server_at(&url);
    app.send_now();
    app.reads("Tanggalnya di masa depan.");
    app.go("/");
    app.reads("gizi buruk");

    puskesmas.supervisor(&server).discard_the_one_parked();
    app.send_now();
    app.browser.wait_until("!document.body.innerText.includes('Tertahan')");
    app.go("/");
    app.browser.wait_for("#cari");
    assert!(!app.browser.text("main").contains("gizi buruk"));
}

impl App {
    /// The clock that the app reads is so many days fast from its next start, which is now.
    #[track_caller]
    pub(crate) fn set_clock(&self, days: u32) {
        self.browser.script(&SET_CLOCK.replace("DAYS", &days.to_string()));
        self.browser.reload();
        self.browser.wait_for("nav");
    }
}
