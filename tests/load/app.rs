//! The tablet app in a real Chromium over a full local copy: how long a worker waits. From the key or
//! the tap to the screen that answers it, so the web worker's part is in it and drawing, too.

use crate::data;
use crate::served;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use sync_tests::Browser;

/// A tablet of 7 inches, held upright.
const WIDTH: u32 = 600;
const HEIGHT: u32 = 1024;
const DAY: u64 = 24 * 60 * 60;
/// A first sync of a whole kecamatan over a village's line takes longer than any test waits.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// Answers when something has come true, or before the driver loses its patience.
const WAIT: &str = r"return (async () => {
    const isSo = () => Boolean(CONDITION);
    const end = performance.now() + 20_000;
    while (!isSo() && performance.now() < end) await new Promise((turn) => setTimeout(turn, 20));
    return isSo();
})()";

/// What the scripts below wait for: that a part of the page is drawn anew.
const NEXT_CHANGE: &str = r"const nextChange = (part) => new Promise((done) => {
    const seen = new MutationObserver(() => { seen.disconnect(); done(); });
    seen.observe(part, { childList: true });
});";

/// Types a name letter by letter, and says how many ms each took until the list followed.
const TYPE: &str = r"return (async () => {
    const field = document.querySelector('#cari'), list = document.querySelector('#live');
    const took = [];
    for (const text of TEXTS) {
        const followed = nextChange(list);
        const pressed = performance.now();
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        await followed;
        took.push(performance.now() - pressed);
    }
    return took;
})()";

/// Opens children one after the other, and says how many ms each took until it stood there.
const OPEN: &str = r"return (async () => {
    const took = [];
    for (const address of ADDRESSES) {
        const shown = nextChange(document.getElementById('app'));
        const tapped = performance.now();
        location.hash = address;
        await shown;
        took.push(performance.now() - tapped);
    }
    return took;
})()";

/// Saves the form that stands there, and says how many ms it took until its child did.
const SAVE: &str = r"return (async () => {
    const shown = nextChange(document.getElementById('app'));
    const tapped = performance.now();
    document.querySelector('main button[type=submit]').click();
    await shown;
    return performance.now() - tapped;
})()";

/// Enrols a browser at a server that holds the data, lets it fetch everything, and uses it.
pub(crate) fn measure(children: usize, measurements: usize) {
    let today = i64::try_from(unix_seconds() / DAY).unwrap();
    let tablets = data::make_until(today, children, measurements);
    let dir = tempfile::tempdir().unwrap();
    let server = served::Served::start(dir.path(), &tablets);
    server.push(&tablets);
    let code = server.code(&tablets[0]);

    let browser = Browser::start(WIDTH, HEIGHT);
    let app = format!("{}/app/", server.url);
    browser.open(&format!("{app}#kode={code}"));
    browser.type_in("#nama", "Tablet contoh");
    let started = Instant::now();
    tap(&browser, "button[type=submit]");
    wait(&browser, "document.body.innerText.includes('Bekerja tanpa sinyal sudah bisa.')");
    let rows = children * (1 + measurements);
    println!("first sync of {rows} rows: {:.1} s", started.elapsed().as_secs_f64());
    tap(&browser, "a[href='#/']");
    let started = Instant::now();
    wait(&browser, "document.querySelector('#cari')");
    println!("first Hari ini after it: {:.0} ms", started.elapsed().as_secs_f64() * 1000.0);

    let texts = |name: &str| -> Vec<String> {
        (1..=name.chars().count()).map(|letters| name.chars().take(letters).collect()).collect()
    };
    let words = ["anak contoh 0 4", "IBU CONTOH", "contoh 0 17", "zzzz"].map(texts).concat();
    say("key stroke", &played(&browser, &TYPE.replace("TEXTS", &json!(words).to_string())));

    let ids = tablets[0].changes.iter().filter(|change| change.child.is_none());
    let addresses: Vec<String> =
        ids.step_by(97).map(|child| format!("#/anak/{}", child.change.id)).collect();
    say("child page", &played(&browser, &OPEN.replace("ADDRESSES", &json!(addresses).to_string())));

    let forms: Vec<String> =
        addresses.iter().map(|address| format!("{address}/ukur")).take(20).collect();
    say("Ukur", &played(&browser, &OPEN.replace("ADDRESSES", &json!(forms).to_string())));
    weigh(&browser, &addresses);
    wait(&browser, "document.querySelector('#strip').innerText.includes('Semua terkirim')");
    say("Hari ini, when they were sent", &played(&browser, &OPEN.replace("ADDRESSES", "['#/']")));

    let started = Instant::now();
    browser.reload();
    wait(&browser, "document.querySelector('#cari')");
    println!("start of the app: {:.0} ms", started.elapsed().as_secs_f64() * 1000.0);
}

fn weigh(browser: &Browser, addresses: &[String]) {
    let mut took = Vec::new();
    for address in addresses.iter().take(10) {
        browser.script(&format!("location.hash = '{address}/ukur'"));
        browser.wait_until("document.querySelector('#weight_g')");
        browser.script("document.querySelector('#weight_g').value = '9,1'");
        let saved = played(browser, SAVE);
        took.push(saved);
    }
    say("save", &json!(took));
}

/// What a script that waits for changes answers.
fn played(browser: &Browser, script: &str) -> Value {
    browser.script(&format!("{NEXT_CHANGE}\n{script}"))
}

/// Taps what may be drawn anew just now.
fn tap(browser: &Browser, part: &str) {
    browser.script(&format!("document.querySelector({}).click()", json!(part)));
}

/// Waits in the page, where asking costs next to nothing.
fn wait(browser: &Browser, condition: &str) {
    let started = Instant::now();
    while browser.script(&WAIT.replace("CONDITION", condition)) != json!(true) {
        assert!(
            started.elapsed() < PATIENCE,
            "it does not come true: {condition}\n{}",
            browser.text("body")
        );
    }
}

fn say(what: &str, took: &Value) {
    let mut ms: Vec<f64> = took.as_array().unwrap().iter().map(|ms| ms.as_f64().unwrap()).collect();
    ms.sort_by(f64::total_cmp);
    let at = |share: usize| ms[(ms.len() - 1) * share / 100];
    println!(
        "{what}: median {:.0} ms, 95 % within {:.0} ms, longest {:.0} ms, of {}",
        at(50),
        at(95),
        at(100),
        ms.len()
    );
}

fn unix_seconds() -> u64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()
}
