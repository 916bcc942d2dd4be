//! The app's files in a browser's storage (OPFS), while the app is not open. SQLite's lie in slots: a name,
//! then, from `START` on, the file. Only a worker reads and writes them.

use super::{HEIGHT, WIDTH};
use serde_json::{Value, json};
use std::path::Path;
use sync_tests::{Browser, ServerProcess};

const IN_WORKER: &str = "
    const work = async () => {
        const START = 4096, create = { create: true };
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('timbang', create);
        const pool = await folder.getDirectoryHandle('.opaque', create);
        WORK
    };
    const source = `(${work})().then(postMessage, (error) => postMessage(String(error)))`;
    // It stays as long as its page.
    window.atWork = new Worker(URL.createObjectURL(new Blob([source])));
    return new Promise((done) => { window.atWork.onmessage = ({ data }) => done(data); });
";

/// Holds every file, as the worker of a page does, until a message lets go. The page before may still
/// hold them for a moment.
const HOLD: &str = "
    const held = [];
    const take = (slot) => slot.createSyncAccessHandle().catch(() => take(slot));
    for await (const slot of pool.values()) held.push(await take(slot));
    new BroadcastChannel('let go').onmessage = () => held.forEach((file) => file.close());
    return held.length;
";
pub(crate) const LET_GO: &str = "new BroadcastChannel('let go').postMessage('')";

/// Reads every file and says the hash of each by its name. One is written over first, in part.
const HASHES: &str = "
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
";

/// Makes a file, with the marks of a main database that was opened to be written.
const MAKE: &str = "
    const file = await (await pool.getFileHandle('made-by-a-test', create)).createSyncAccessHandle();
    file.write(new TextEncoder().encode(NAME), { at: 0 });
    file.write(Uint8Array.of(0, 0, 1, 6), { at: 512 });
    file.write(new Uint8Array(CONTENT), { at: START });
    file.flush();
    file.close();
    return 'made';
";

/// A part of a file that is to be damaged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Damage {
    pub(crate) file: &'static str,
    pub(crate) from: u32,
    pub(crate) bytes: u32,
}

/// The hashes of the app's files by their names, after a damage.
#[track_caller]
pub(crate) fn hashes(profile: &Path, server: &ServerProcess, damage: Damage) -> Value {
    let work = HASHES
        .replace("NAME", &Value::from(damage.file).to_string())
        .replace("FROM", &damage.from.to_string())
        .replace("BYTES", &damage.bytes.to_string());
    in_worker(profile, server, &work)
}

/// Gives the app a file.
#[track_caller]
pub(crate) fn make(profile: &Path, server: &ServerProcess, name: &str, content: &[u8]) {
    let work = MAKE
        .replace("NAME", &Value::from(name).to_string())
        .replace("CONTENT", &Value::from(content).to_string());
    assert_eq!(in_worker(profile, server, &work), "made");
}

/// Leaves the app for a page that holds its files.
#[track_caller]
pub(crate) fn hold(browser: &Browser, server: &ServerProcess) {
    let held = in_worker_of(browser, server, HOLD);
    assert!(held.as_u64() > Some(1), "{held}");
}

#[track_caller]
fn in_worker(profile: &Path, server: &ServerProcess, work: &str) -> Value {
    in_worker_of(&Browser::with_profile(profile, WIDTH, HEIGHT), server, work)
}

#[track_caller]
fn in_worker_of(browser: &Browser, server: &ServerProcess, work: &str) -> Value {
    // Out of the reach of the service worker, which answers with the app. Pages there start no workers.
    browser.devtools("Page.setBypassCSP", &json!({"enabled": true}));
    browser.open(&format!("{}/aset/timbang.svg", server.url));
    browser.script(&IN_WORKER.replace("WORK", work))
}
