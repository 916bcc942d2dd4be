//! A file that broke, a tablet without room, a tablet that was erased: nothing is lost unsaid.

use super::{App, HEIGHT, Puskesmas, WIDTH};
use serde_json::{Value, json};
use std::path::Path;
use sync_tests::{Browser, ServerProcess, timbang};

/// Reads the app's files where SQLite does, each in a slot that begins with its name, and says the hash
/// of each. One is written over first, in part. Only a worker can.
const IN_WORKER: &str = "
    const work = async () => {
        const START = 4096;
        const root = await navigator.storage.getDirectory();
        const pool = await (await root.getDirectoryHandle('timbang')).getDirectoryHandle('.opaque');
        const hashes = {};
        for await (const slot of pool.values()) {
            const file = await slot.createSyncAccessHandle();
            const head = new Uint8Array(512);
            file.read(head, { at: 0 });
            const name = new TextDecoder().decode(head).replaceAll('\\0', '');
            if (name === NAME) file.write(new Uint8Array(BYTES).fill(0xA5), { at: START + FROM });
            const content = new Uint8Array(file.getSize() - START);
            file.read(content, { at: START });
            hashes[name] = new Uint8Array(await crypto.subtle.digest('SHA-256', content)).join();
            file.flush();
            file.close();
        }
        return hashes;
    };
    const source = `(${work})().then(postMessage, (error) => postMessage(String(error)))`;
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    return new Promise((done) => { worker.onmessage = ({ data }) => done(data); });
";

/// The hashes of the app's files, while the app is not open. One is damaged: from where, how far.
#[track_caller]
fn files(
    profile: &Path,
    server: &ServerProcess,
    (damaged, from, bytes): (&str, u32, u32),
) -> Value {
    let browser = Browser::with_profile(profile, WIDTH, HEIGHT);
    // The server's pages start no workers but the app's.
    browser.devtools("Page.setBypassCSP", &json!({"enabled": true}));
    browser.open(&format!("{}/app/timbang.svg", server.url));
    let script = IN_WORKER
        .replace("NAME", &json!(damaged).to_string())
        .replace("FROM", &from.to_string())
        .replace("BYTES", &bytes.to_string());
    browser.script(&script)
}

#[test]
fn a_damaged_file_is_set_aside_whole_and_told_and_the_tablet_begins_anew() {
    let (puskesmas, server, profile, mut app) = Puskesmas::with_siti();
    app.add_child("BINTANG");
    let mut set_aside = Vec::new();
    // Its header, then pages in the middle of what took its place.
    for damage in [("timbang.db", 0, 64), ("timbang-2.db", 4096 * 3, 4096 * 4)] {
        drop(app);
        let hashes = files(profile.path(), &server, damage);
        set_aside.push((damage.0, hashes[damage.0].clone()));
        app = App::open(profile.path(), &server.url);
        app.browser.open(&app.url);
        app.reads("Berkas data di tablet ini rusak dan disisihkan, tidak dihapus.");
    }
    app.enrol(&puskesmas.code_of("Budi"));
    let child = app.add_child("MELATI");
    app.browser.reload();
    app.go(&child);
    app.reads("MELATI");
    app.send();
    drop(app);
    let hashes = files(profile.path(), &server, ("none", 0, 0));
    for (name, hash) in set_aside {
        assert!(hash.is_string(), "{name} was not found");
        assert_eq!(hashes[name], hash, "{name} is not as it was set aside");
    }
}

#[test]
fn a_save_without_room_is_told_and_nothing_is_called_saved() {
    let (puskesmas, server, _profile, app) = Puskesmas::with_siti();
    let origin = app.url.trim_end_matches("/app/");
    app.browser
        .devtools("Storage.overrideQuotaForOrigin", &json!({"origin": origin, "quotaSize": 1}));
    // Files that are open may have got room already.
    app.browser.reload();
    app.go("/anak-baru");
    app.fill("#name", "BINTANG");
    app.fill("#sex", "P");
    app.fill("#birth_date", "2025-05-01");
    app.tap("main button[type=submit]");
    app.reads("Penyimpanan penuh.");
    assert!(!app.browser.text("body").contains("Tersimpan"));
    app.browser.devtools("Storage.overrideQuotaForOrigin", &json!({"origin": origin}));
    // What was typed is still there.
    app.save();
    app.reads("BINTANG ditambahkan. Tersimpan di tablet");
    app.send();
    assert_eq!(puskesmas.supervisor(&server).children().len(), 1);
}

#[test]
fn a_tablet_that_was_erased_keeps_what_is_saved_after_it_was_enrolled_again() {
    let (puskesmas, _server, _profile, app) = Puskesmas::with_siti();
    app.add_child("BINTANG");
    app.send();
    let devices = timbang(puskesmas.data(), &["device", "list", "--json"]).json();
    let device = devices[0]["device"].to_string();
    timbang(puskesmas.data(), &["device", "drain", &device, "--json"]).json();
    app.send_now();
    app.browser.wait_for("#kode");

    app.enrol(&puskesmas.code_of("Budi"));
    let child = app.add_child("MELATI");
    app.browser.reload();
    app.go(&child);
    app.reads("MELATI");
}
