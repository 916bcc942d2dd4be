//! The contract's crates say in a browser what they say natively, and what the fixtures say.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use sync_tests::{Browser, fixture, web_build};
use web_vectors::made_of;

/// Makes of each fixture, by its name, what the module makes of it. Before it stand the module and the
/// fixtures, and the script between.
const MAKE: &str = "return (async () => {
    await wasm_bindgen({ module_or_path: new Uint8Array(webAssembly) });
    const made = ([name, text]) => [name, wasm_bindgen.made_of(name, text)];
    return Object.fromEntries(Object.entries(fixtures).map(made));
})();";

/// The scores of `edge.csv` that WHO's tool gives for a measure of zero or below, and we do not.
const DECIDED_MISSING: [(&str, &str); 5] =
    [("E018", "wfl"), ("E020", "wfl"), ("E021", "bmi"), ("E022", "bmi"), ("E023", "bmi")];

#[test]
fn vectors_say_the_same_natively_in_a_browser_and_in_their_fixtures() {
    let fixtures = fixtures();
    let in_browser = made_in_browser(&fixtures);
    for (name, text) in &fixtures {
        let made = made_of(name, text).unwrap();
        assert_eq!(in_browser[name], made, "{name}");
        match name.as_str() {
            "golden.csv" => assert_eq!(differences(&made, text), []),
            "edge.csv" => assert_eq!(differences(&made, text), decided_missing()),
            "digest-vectors.json" => assert_eq!(parsed(&made), parsed(text)),
            "hash-vectors.json" => assert_eq!(parsed(&made), without_canonical(text)),
            _ => assert_eq!(&(made + "\n"), text, "{name}"),
        }
    }
}

/// The text of every fixture that has something to be worked out, by name.
fn fixtures() -> BTreeMap<String, String> {
    let messages = fs::read_dir(fixture("wire/v1")).unwrap().map(|entry| entry.unwrap().path());
    let growth = ["growth/golden.csv", "growth/edge.csv"].map(fixture);
    let is_sums = |path: &PathBuf| path.ends_with("SHA256SUMS");
    let paths: Vec<PathBuf> = messages.filter(|path| !is_sums(path)).chain(growth).collect();
    assert!(paths.len() > 15, "were the fixtures found? {paths:?}");
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn made_in_browser(fixtures: &BTreeMap<String, String>) -> Map<String, Value> {
    let built = |name: &str| fs::read(web_build("web-vectors").join(name)).unwrap();
    let (bytes, fixtures) = (json!(built("vectors.wasm")), json!(fixtures));
    let script = String::from_utf8(built("vectors.js")).unwrap();
    let page = format!("const webAssembly = {bytes}, fixtures = {fixtures};\n{script}\n{MAKE}");
    let browser = Browser::start(360, 740);
    // The browser's own first page forbids to run WebAssembly.
    browser.open("about:blank");
    browser.script(&page).as_object().unwrap().clone()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The hash vectors but for their canonical form, which only shows what was hashed.
fn without_canonical(text: &str) -> Value {
    let mut cases = parsed(text);
    for case in cases.as_array_mut().unwrap() {
        case.as_object_mut().unwrap().remove("canonical").unwrap();
    }
    cases
}

/// The cells of scores that differ from the fixture's, by row and column.
fn differences(made: &str, fixture: &str) -> Vec<(String, String)> {
    let (header, made) = table(made);
    let (wider, expected) = table(fixture);
    assert_eq!(made.len(), expected.len());
    let mut different = Vec::new();
    for (made, expected) in made.iter().zip(&expected) {
        for (n, column) in header.iter().enumerate() {
            let there = wider.iter().position(|wide| wide == column).unwrap();
            if made[n] != expected[there] {
                different.push((made[0].to_owned(), (*column).to_owned()));
            }
        }
    }
    different
}

fn table(text: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let mut lines = text.lines().map(|line| line.split(',').collect());
    (lines.next().unwrap(), lines.collect())
}

/// Their cells: a score and its flag.
fn decided_missing() -> Vec<(String, String)> {
    let cells = |(row, index): (&str, &str)| {
        ["z", "f"].map(|what| (row.to_owned(), format!("{what}{index}")))
    };
    DECIDED_MISSING.into_iter().flat_map(cells).collect()
}
