//! A newer app takes the place of an older one, and nothing is lost on the way.

use super::{App, Puskesmas, storage};
use flate2::read::GzDecoder;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use sync_tests::{ServerProcess, fixture, web_build};

#[test]
fn an_app_that_is_newer_than_the_running_one_waits_until_it_is_taken_and_keeps_what_is_unsent() {
    let puskesmas = Puskesmas::new();
    let older = OlderApp::serve();
    let profile = tempfile::tempdir().unwrap();
    let app = App::open(profile.path(), &older.url);
    app.browser.open(&app.url);
    app.browser.script("return navigator.serviceWorker.ready.then(() => true)");
    let url = older.stop();

    let mut server = puskesmas.server_at(&url);
    app.enrol(&puskesmas.code_of("Siti"));
    // A start of the app is when a browser looks for a newer one.
    app.browser.reload();
    app.browser.wait_until("!document.getElementById('update').hidden");
    app.reads("Versi baru");
    server.kill();
    let child = app.add_child("BINTANG");
    app.browser.reload();
    app.browser.wait_for("nav");
    app.browser.wait_until(IS_OLDER);

    app.tap("#update-now");
    app.browser.wait_until(&format!("!({IS_OLDER}) && document.querySelector('nav')"));
    app.go(&child);
    app.reads("BINTANG");
    app.go("/kirim");
    app.reads("1 perubahan menunggu terkirim");
    let server = puskesmas.server_at(&url);
    app.send();
    assert_eq!(puskesmas.supervisor(&server).children().len(), 1);
}

/// Every schema that was ever released.
#[test]
fn an_older_apps_file_is_opened_with_all_that_it_holds() {
    let puskesmas = Puskesmas::new();
    let server = ServerProcess::start(puskesmas.data());
    for entry in std::fs::read_dir(fixture("schema/tablet")).unwrap() {
        let profile = tempfile::tempdir().unwrap();
        let file = profile.path().join("older.db");
        let dump = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        rusqlite::Connection::open(&file).unwrap().execute_batch(&dump).unwrap();
        storage::make(profile.path(), &server, "timbang.db", &std::fs::read(&file).unwrap());

        let app = App::open(profile.path(), &server.url);
        app.go("/");
        app.reads("1 belum terkirim");
        for name in ["Melati Contoh", "Anggrek Contoh", "Kenanga Contoh"] {
            app.fill("#cari", name);
            app.reads(name);
        }
    }
}

/// Whether the page is the older app's.
const IS_OLDER: &str = "document.documentElement.dataset.app === 'older'";

/// What served the app before the server was updated: the same files, but for the version and a mark.
struct OlderApp {
    url: String,
    is_over: Arc<AtomicBool>,
    listening: JoinHandle<()>,
}

impl OlderApp {
    fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        // A browser opens connections that it may use later: each waits by itself.
        let listening = std::thread::spawn(move || {
            for connection in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                std::thread::spawn(move || answer(connection.unwrap()));
            }
        });
        OlderApp { url, is_over, listening }
    }

    /// Leaves the address to another.
    fn stop(self) -> String {
        self.is_over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.url.trim_start_matches("http://")).unwrap());
        self.listening.join().unwrap();
        self.url
    }
}

/// Answers one request, if one comes.
fn answer(mut connection: TcpStream) {
    let mut lines = BufReader::new(&connection).lines().map_while(Result::ok);
    let Some(asked) = lines.next() else { return };
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = asked.split(' ').nth(1).unwrap();
    let name = match path.trim_start_matches("/app/") {
        "" => "index.html",
        name => name,
    };
    let packed = std::fs::File::open(web_build("web").join(format!("{name}.gz")));
    let (status, body) = packed.map_or((404, Vec::new()), |packed| (200, older(name, packed)));
    let (kind, length) = (media_type(name), body.len());
    let head = format!(
        "HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    // A browser that has gone needs no answer.
    drop(connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(&body)));
}

/// A file as the older app had it.
fn older(name: &str, packed: std::fs::File) -> Vec<u8> {
    let mut content = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut content).unwrap();
    let (now, before) = match name {
        "index.html" => ("<html ", "<html data-app=\"older\" "),
        "sw.js" => ("const VERSION = \"", "const VERSION = \"older-"),
        _ => return content,
    };
    let text = String::from_utf8(content).unwrap();
    assert!(text.contains(now), "{name} has changed");
    text.replace(now, before).into_bytes()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
