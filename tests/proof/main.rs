//! `proof`: writes `server/docs/PROOF.md` from its template and the figures that the tests left.
#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a program of the tests: it stops at the first figure that is missing"
)]

use serde_json::Value;
use std::fs;
use std::path::Path;
use sync_tests::figures_dir;

const TEMPLATE: &str = include_str!("template.md");

fn main() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/docs/PROOF.md");
    let mut text = String::new();
    for (at, part) in TEMPLATE.split('{').enumerate() {
        match part.split_once('}') {
            Some((name, rest)) if at > 0 => {
                text.push_str(&figure(name));
                text.push_str(rest);
            }
            Some(_) | None => text.push_str(part),
        }
    }
    fs::write(&page, text).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    println!("written: server/docs/PROOF.md");
}

/// The figure that `PROOF.MEMBER.MEMBER` names.
fn figure(name: &str) -> String {
    let mut members = name.split('.');
    let proof = members.next().unwrap_or_default();
    let file = figures_dir().join(format!("{proof}.json"));
    let Ok(kept) = fs::read_to_string(&file) else {
        panic!("{proof} left no figures: run `tests/run --proof`");
    };
    let figures: Value = serde_json::from_str(&kept).unwrap_or_default();
    let found = members.try_fold(&figures, |figures, member| figures.get(member));
    match found {
        Some(Value::Number(number)) => number.to_string().trim_end_matches(".0").to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(_) | None => panic!("{} has no figure {name}", file.display()),
    }
}
