//! A day in a village: nothing needs a signal but the sending.

use super::{App, Puskesmas, storage};
use sync_tests::ServerProcess;

#[test]
fn what_is_saved_without_signal_reaches_the_supervisor() {
    let (puskesmas, mut server, profile, app) = Puskesmas::with_siti();
    let url = server.url.clone();

    server.kill();
    app.browser.open(&app.url);
    app.browser.wait_for("#cari");
    let child = app.add_child("BINTANG");
    app.reads("Tersimpan di tablet, belum terkirim.");
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
    let server = puskesmas.server_at(&url);
    app.send();

    let supervisor = puskesmas.supervisor(&server);
    assert_eq!(supervisor.children().len(), 1);
    let id = child.trim_start_matches("/anak/");
    let one = supervisor.ask(&format!("/v1/children/{id}")).to_string();
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

/// Whoever reloads while a sync runs begins before the old page's worker has ended.
#[test]
fn a_start_waits_for_the_page_that_still_holds_the_files() {
    let (_puskesmas, server, _profile, app) = Puskesmas::with_siti();
    let child = app.add_child("BINTANG");
    app.browser.open("about:blank");
    storage::hold(&app.browser, &server);
    app.browser.script("window.open('/app/')");
    app.browser.in_newest_window();
    app.reads("Menunggu halaman Timbang yang baru saja ditutup");
    app.browser.script(storage::LET_GO);
    app.browser.wait_for("#cari");
    app.go(&child);
    app.reads("BINTANG");
}
