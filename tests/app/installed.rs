//! What makes a page an app that Android installs.

use super::{App, Puskesmas};
use serde_json::{Value, json};
use sync_tests::ServerProcess;

/// The manifest that the page names, with its type and the true size of every icon.
const MANIFEST: &str = "return (async () => {
    const { href } = document.querySelector('link[rel=manifest]');
    const reply = await fetch(href);
    const manifest = await reply.json();
    for (const icon of manifest.icons) {
        const picture = new Image();
        picture.src = new URL(icon.src, href);
        await picture.decode();
        icon.found = `${picture.naturalWidth}x${picture.naturalHeight}`;
    }
    return { type: reply.headers.get('Content-Type'), manifest };
})();";

#[test]
fn chromium_finds_nothing_that_keeps_the_app_from_being_installed() {
    let puskesmas = Puskesmas::new();
    let server = ServerProcess::start(puskesmas.data());
    let profile = tempfile::tempdir().unwrap();
    let app = App::open(profile.path(), &server.url);
    app.browser.open(&app.url);
    app.browser.wait_for("#kode");
    app.browser.script("return navigator.serviceWorker.ready.then(() => true)");

    let found = app.browser.script(MANIFEST);
    assert_eq!(found["type"], "application/manifest+json");
    let manifest = &found["manifest"];
    for (member, value) in [
        ("name", "Timbang"),
        ("start_url", "/app/"),
        ("scope", "/app/"),
        ("display", "standalone"),
        ("lang", "id"),
    ] {
        assert_eq!(manifest[member], value, "{member}");
    }
    let icons = manifest["icons"].as_array().unwrap();
    for (size, purpose) in [("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")] {
        let is_so = |icon: &&Value| icon["sizes"] == size && icon["purpose"] == purpose;
        let icon = icons.iter().find(is_so).unwrap();
        assert_eq!((&icon["type"], &icon["found"]), (&json!("image/png"), &json!(size)), "{icon}");
    }

    app.browser.reload();
    app.browser.wait_for("#kode");
    app.browser.wait_until("navigator.serviceWorker.controller");
    assert_eq!(app.hindrances(), json!([]));
    let read = app.browser.devtools("Page.getAppManifest", &json!({}));
    assert_eq!(
        (&read["errors"], &read["url"]),
        (&json!([]), &json!(format!("{}manifest.webmanifest", app.url)))
    );
    assert_eq!(app.browser.complaints(), Vec::<Value>::new());

    app.browser.open(&format!("{}/masuk", server.url));
    assert_ne!(app.hindrances(), json!([]), "another page would be an app, too");
}

impl App {
    /// What Chromium has against installing the page.
    #[track_caller]
    fn hindrances(&self) -> Value {
        let verdict = self.browser.devtools("Page.getInstallabilityErrors", &json!({}));
        verdict["installabilityErrors"].clone()
    }
}
