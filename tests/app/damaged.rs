//! A file that broke, a tablet without room, a tablet that was erased: nothing is lost unsaid.

use super::storage::{self, Damage};
use super::{App, Puskesmas};
use serde_json::{Value, json};
use server::platform::SystemClock;
use std::sync::Arc;
use sync_tests::{Device, SADAN, any_id, child_body, timbang};

#[test]
fn a_damaged_file_is_set_aside_whole_and_told_and_the_tablet_begins_anew() {
    let (puskesmas, server, profile, mut app) = Puskesmas::with_siti();
    app.add_child("BINTANG");
    let mut set_aside = Vec::new();
    // Its header, then pages in the middle of what took its place.
    for damage in [
        Damage { file: "timbang.db", from: 0, bytes: 64 },
        Damage { file: "timbang-2.db", from: 4096 * 3, bytes: 4096 * 4 },
    ] {
        drop(app);
        let hashes = storage::hashes(profile.path(), &server, damage);
        set_aside.push((damage.file, hashes[damage.file].clone()));
        app = App::open(profile.path(), &server.url);
        app.browser.open(&app.url);
        app.reads("Berkas data di tablet ini rusak dan disisihkan, tidak dihapus.");
    }
    // The worker can hand it on, before and after the tablet was enrolled again.
    let (first, hash) = set_aside[0].clone();
    assert_eq!(app.saved_aside(first), hash, "{first}");
    app.enrol(&puskesmas.code_of("Budi"));
    let child = app.add_child("MELATI");
    app.browser.reload();
    app.go(&child);
    app.reads("MELATI");
    app.send();
    for (file, hash) in &set_aside {
        assert_eq!(app.saved_aside(file), *hash, "{file}");
    }
    drop(app);
    let none = Damage { file: "", from: 0, bytes: 0 };
    let hashes = storage::hashes(profile.path(), &server, none);
    for (name, hash) in set_aside {
        assert!(hash.is_string(), "{name} was not found");
        assert_eq!(hashes[name], hash, "{name} is not as it was set aside");
    }
}

/// Syncs, and the rows that each of them brings.
const SYNCS: usize = 10;
const ROWS: usize = 200;

#[test]
fn a_damaged_file_is_saved_while_syncs_write_into_the_new_database() {
    let (puskesmas, server, profile, app) = Puskesmas::with_siti();
    app.add_child("BINTANG");
    drop(app);
    let damage = Damage { file: "timbang.db", from: 0, bytes: 64 };
    let hash = storage::hashes(profile.path(), &server, damage)["timbang.db"].clone();
    let app = App::open(profile.path(), &server.url);
    app.browser.open(&app.url);
    app.reads("Berkas data di tablet ini rusak dan disisihkan, tidak dihapus.");
    app.enrol(&puskesmas.code_of("Budi"));
    app.send();
    let code = puskesmas.code_of("Wati");
    let mut others = Device::enrol(server.client(), &code, Arc::new(SystemClock));
    for turn in 0..SYNCS {
        let name = |row| child_body(&format!("ANAK {turn} {row}"));
        let rows: Vec<Value> =
            (0..ROWS).map(|row| others.child(any_id(), SADAN, &name(row))).collect();
        others.push(&rows);
        assert_eq!(app.saved_aside_meanwhile("timbang.db", "timbang-2.db"), hash, "{turn}");
        app.reads("Selesai: semua terkirim dan data sama dengan server.");
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

/// The hash of what is put into the folder for downloads, by the name that it gets there.
/// Fails as soon as the screen says that it cannot be saved.
const SAVED: &str = "return (async () => {
    BEFORE
    const refused = new Promise((_, fail) => {
        new MutationObserver(() => {
            const told = document.querySelector('[role=alert]')?.textContent ?? '';
            if (told.includes('tidak dapat disimpan')) fail(new Error(told));
        }).observe(document.body, { childList: true, subtree: true });
    });
    const makeAddress = URL.createObjectURL, { click } = HTMLAnchorElement.prototype;
    const contents = new Map();
    URL.createObjectURL = (content) => {
        const address = makeAddress(content);
        contents.set(address, content);
        return address;
    };
    const saved = new Promise((done) => {
        HTMLAnchorElement.prototype.click = function () {
            if (this.download === 'NAME') done(contents.get(this.href));
        };
    });
    document.querySelector('[data-aside=\"NAME\"]').click();
    const content = await (await Promise.race([saved, refused])).arrayBuffer();
    URL.createObjectURL = makeAddress;
    HTMLAnchorElement.prototype.click = click;
    AFTER
    return new Uint8Array(await crypto.subtle.digest('SHA-256', content)).join();
})();";

/// Begins a sync, and hands out the database in use as it was before: Chromium reads no file that was
/// written to in a later second than its snapshot.
const MEANWHILE: &str = "
    const { getFile } = FileSystemFileHandle.prototype;
    const { values } = FileSystemDirectoryHandle.prototype;
    const pause = () => new Promise((done) => setTimeout(done, 5));
    const second = (file) => Math.floor(file.lastModified / 1000);
    const nameOf = (slot) => slot.getFile()
        .then((file) => file.slice(0, 512).text())
        .then((text) => text.split('\\0')[0], () => pause().then(() => nameOf(slot)));
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('timbang');
    let used;
    for await (const slot of (await folder.getDirectoryHandle('.opaque')).values()) {
        if (await nameOf(slot) === 'USED') used = slot;
    }
    const before = await used.getFile();
    while (Math.floor(Date.now() / 1000) === second(before)) await pause();
    FileSystemFileHandle.prototype.getFile = async function () {
        if (this.name !== used.name) return getFile.call(this);
        while (second(await getFile.call(this)) === second(before)) await pause();
        return before;
    };
    let end;
    const walked = new Promise((done) => { end = done; });
    FileSystemDirectoryHandle.prototype.values = async function* () {
        try { yield* values.call(this); } finally { end(); }
    };
    document.querySelector(\"form[action='#/kirim'] button\").click();
";
/// Waits for the end of the walk over the files, and of the sync.
const WALKED: &str = "
    await walked;
    await Promise.race([refused, pause()]);
    FileSystemFileHandle.prototype.getFile = getFile;
    FileSystemDirectoryHandle.prototype.values = values;
    while (!document.body.innerText.includes('Selesai:')) await Promise.race([refused, pause()]);
";

impl App {
    /// What the screen gives to a worker who saves a damaged file.
    #[track_caller]
    fn saved_aside(&self, file: &str) -> Value {
        self.saved_aside_between(file, "", "")
    }

    /// The same while a sync writes into the database in use.
    #[track_caller]
    fn saved_aside_meanwhile(&self, file: &str, used: &str) -> Value {
        self.go("/kirim");
        self.saved_aside_between(file, &MEANWHILE.replace("USED", used), WALKED)
    }

    #[track_caller]
    fn saved_aside_between(&self, file: &str, before: &str, after: &str) -> Value {
        self.browser.wait_for(&format!("[data-aside='{file}']"));
        let script = SAVED.replace("BEFORE", before).replace("AFTER", after);
        self.browser.script(&script.replace("NAME", file))
    }
}
