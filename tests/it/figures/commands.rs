//! The same by the commands of whoever runs the server.

use super::calendar::Month;
use super::kabupaten::{Kabupaten, NARROWS, Narrow};
use super::reports::{REPORTS, agree};
use super::tally::Tally;
use serde_json::{Value, json};
use sync_tests::{Finished, timbang};

pub(super) fn check(kabupaten: &Kabupaten) {
    let (december, january) = (Month::new(2026, 12), Month::new(2027, 1));
    for (narrow, month, oldest, red_line) in [
        (NARROWS[0], january, 59, -200),
        (NARROWS[1], december, 23, -200),
        (NARROWS[3], january, 59, -300),
        (NARROWS[5], december, 59, -200),
    ] {
        let question = (month, oldest, red_line);
        let tally = kabupaten.tally(&kabupaten.viewers[0], &narrow, question);
        for (report, figures) in REPORTS {
            let mut arguments = vec!["report".to_owned(), report.to_owned()];
            arguments.extend(options(narrow, month));
            arguments
                .extend([format!("--ages=0-{oldest}"), format!("--red-line={}", red_line / 100)]);
            let said = run(kabupaten, &arguments, &["--json"]).json();
            let told = format!("seed {}, {arguments:?}", kabupaten.seed);
            agree(&said["total"], &figures(&tally), &told, &tally);
            let text = run(kabupaten, &arguments, &[]).stdout;
            let line = if report == "coverage" { coverage_line(&tally) } else { headlines(&tally) };
            let total = text.lines().find(|line| line.starts_with("total")).unwrap();
            let words: Vec<&str> = total.split_whitespace().skip(1).collect();
            assert_eq!(words.join(" "), line, "{told}");
        }
    }
    check_recap(kabupaten, january);
}

fn coverage_line(tally: &Tally) -> String {
    let counts = ["s", "k", "d", "n", "t", "o", "b", "two_t", "bgm"];
    let mut words: Vec<String> =
        counts.iter().map(|figure| tally.count(figure).to_string()).collect();
    let coverage = tally.coverage();
    let ratios = ["k_s_percent", "d_s_percent", "n_d_percent"];
    words.extend(ratios.map(|ratio| percent(&coverage[ratio])));
    words.join(" ")
}

fn headlines(tally: &Tally) -> String {
    let prevalence = tally.prevalence();
    let headline = |name: &&str| {
        let share = &prevalence[*name];
        let percent = percent(&share["percent"]);
        format!("{name} {percent} % ({} of {})", share["count"], share["of"])
    };
    ["stunting", "wasting", "underweight"].iter().map(headline).collect::<Vec<_>>().join(", ")
}

fn percent(value: &Value) -> String {
    value.as_f64().map_or_else(|| "-".to_owned(), |percent| format!("{percent:.1}"))
}

fn options(narrow: Narrow, month: Month) -> Vec<String> {
    let own = narrow.pairs().into_iter().chain([("month", month.to_string())]);
    own.map(|(name, value)| format!("--{name}={value}")).collect()
}

/// The file of the command is the file of the server.
fn check_recap(kabupaten: &Kabupaten, month: Month) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recap.csv");
    let mut arguments = vec!["export".to_owned(), "recap".to_owned()];
    arguments.push(file.to_str().unwrap().to_owned());
    arguments.extend(options(NARROWS[3], month));
    let said = run(kabupaten, &arguments, &["--json"]).json();
    let viewer = &kabupaten.viewers[0];
    let address = format!("/v1/export/recap.csv?month={month}&posyandu=melati+i");
    let client = kabupaten.world.server.client();
    let served = client.get(&address).token(&viewer.token).send();
    // The whole kabupaten is more than this viewer's: areas of a province have no desa of their own.
    assert_eq!(String::from_utf8(std::fs::read(file).unwrap()).unwrap(), served.text());
    assert_eq!(said["rows"], json!(kabupaten.villages(viewer, &NARROWS[0]).len()));
}

fn run(kabupaten: &Kabupaten, arguments: &[String], more: &[&str]) -> Finished {
    let arguments: Vec<&str> =
        arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
    let finished = timbang(kabupaten.world.data(), &arguments);
    assert!(finished.success, "{arguments:?}: {}{}", finished.stdout, finished.stderr);
    finished
}
