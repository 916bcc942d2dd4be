//! PROTOCOL.md says what the crate does: every field, bound, code and sentence in it is compared
//! with the crate, and every message in it with the golden file of that name.

mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use support::{digest_vectors, golden, hash_vectors, message_names};
use sync_protocol::admission::{Admission, SKEW_TOLERANCE_MS, admit, measure_skew};
use sync_protocol::change::Tombstone;
use sync_protocol::conflict::Label;
use sync_protocol::ids::{DeviceNo, Seq};
use sync_protocol::limits::{self, Limits};
use sync_protocol::parked::ParkCode;
use sync_protocol::problem::ProblemCode;
use sync_protocol::record::{Kind, Shape};
use sync_protocol::time::Moment;
use sync_protocol::wire::{Order, Outcome};

const TEXT: &str = include_str!("../PROTOCOL.md");

/// The text between a heading and the next one of its level or above.
fn section(heading: &str) -> String {
    let level = heading.chars().take_while(|c| *c == '#').count();
    let mut fenced = false;
    let lines: Vec<_> = TEXT
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| {
            fenced ^= line.starts_with("```");
            let depth = line.chars().take_while(|c| *c == '#').count();
            fenced || depth == 0 || depth > level
        })
        .collect();
    assert!(!lines.is_empty(), "no section {heading:?}");
    lines.join("\n")
}

/// The cells of the rows whose table begins with these columns.
fn table(text: &str, columns: &[&str]) -> Vec<Vec<String>> {
    let head = format!("| {} |", columns.join(" | "));
    let rows = text.lines().skip_while(|line| !line.starts_with(&head)).skip(2);
    let rows: Vec<_> = rows.take_while(|line| line.starts_with('|')).map(cells).collect();
    assert!(!rows.is_empty(), "no table {head}");
    rows
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim_start_matches('|').trim_end_matches('|');
    inner.split(" | ").map(|cell| cell.trim().to_owned()).collect()
}

fn code(word: &str) -> String {
    format!("`{word}`")
}

fn first_cells(rows: &[Vec<String>], count: usize) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().take(count).cloned().collect()).collect()
}

fn said(shape: Shape) -> String {
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Choice(words) => {
            let words: Vec<_> = words.iter().map(|word| code(word)).collect();
            format!("one of {}", words.join(", "))
        }
        Shape::PastDate => "past date".to_owned(),
        Shape::Date => "date".to_owned(),
        Shape::Whole { min, max } => format!("whole, {min} to {max}"),
        Shape::Flag => "true or false".to_owned(),
        Shape::Id => "record id".to_owned(),
        Shape::Texts => "list of texts".to_owned(),
        Shape::Object => "object".to_owned(),
    }
}

#[test]
fn the_tables_of_fields_are_those_of_the_crate() {
    let sections = ["### 4.1 child", "### 4.2 measurement", "### 4.3 visit"];
    assert_eq!(Kind::all().count(), sections.len());
    for (kind, heading) in Kind::all().zip(sections) {
        assert!(heading.ends_with(kind.name()));
        let expected: Vec<_> = kind
            .fields()
            .iter()
            .map(|field| {
                let required = if field.required { "yes" } else { "no" };
                vec![code(field.name), said(field.shape), required.to_owned()]
            })
            .collect();
        let rows = table(&section(heading), &["field", "value", "required", "meaning"]);
        assert_eq!(first_cells(&rows, 3), expected, "{kind}");
    }
}

#[test]
fn the_parked_codes_have_their_sentences() {
    let rows = table(&section("## 8 Parked changes"), &["code", "sentence for the worker"]);
    let expected: Vec<_> = ParkCode::ALL
        .into_iter()
        .map(|parked| vec![code(parked.as_str()), parked.message().to_owned()])
        .collect();
    assert_eq!(first_cells(&rows, 2), expected);
}

#[test]
fn the_problem_codes_have_their_status_and_title() {
    let rows = table(&section("### 9.4 Refusals"), &["code", "status", "title"]);
    let expected: Vec<_> = ProblemCode::ALL
        .into_iter()
        .map(|p| vec![code(p.as_str()), p.status().to_string(), p.title().to_owned()])
        .collect();
    assert_eq!(first_cells(&rows, 3), expected);
}

#[test]
fn the_limits_have_their_values() {
    let text = section("## 18 Limits");
    let limits =
        Limits::with_rate(limits::DEVICE_REQUESTS_PER_MINUTE, limits::DEVICE_REQUESTS_BURST);
    let Value::Object(members) = serde_json::to_value(limits).unwrap() else {
        panic!("limits are an object")
    };
    let published: BTreeSet<_> = table(&text, &["member", "value", "meaning"])
        .into_iter()
        .map(|row| row[..2].to_vec())
        .collect();
    let expected =
        members.iter().map(|(name, value)| vec![code(name), value.to_string()]).collect();
    assert_eq!(published, expected);

    let unpublished: Vec<_> =
        table(&text, &["limit", "value"]).into_iter().map(|row| row[1].clone()).collect();
    let expected = [
        i64::from(limits::ENROL_TRIES_PER_MINUTE),
        i64::from(limits::ENROL_WRONG_SECRETS_MAX),
        limits::ENROL_CODE_HOURS,
        limits::AFTER_MOVE_DAYS,
        limits::OLD_MIRROR_DAYS,
        SKEW_TOLERANCE_MS / 60_000,
        i64::try_from(limits::ENVELOPE_BYTES_MAX).unwrap(),
        i64::try_from(limits::RESEND_BYTES_MAX).unwrap(),
    ];
    assert_eq!(unpublished, expected.map(|value| value.to_string()));

    let saved = limits::CHANGE_BYTES_MAX - limits::RESEND_BYTES_MAX;
    for heading in ["### 5.2 How a tablet saves a change", "## 18 Limits"] {
        assert!(section(heading).contains(&saved.to_string()), "{heading}");
    }
}

#[test]
fn the_closed_lists_are_complete() {
    let reasons = table(&section("### 4.4 Tombstones"), &["reason", "meaning"]);
    let expected = Tombstone::ALL.map(|reason| vec![code(reason.as_str())]);
    assert_eq!(first_cells(&reasons, 1), expected);

    let labels = table(&section("## 7 Merge and conflicts"), &["label", "meaning"]);
    let expected = [Label::Identical, Label::Parallel, Label::Overlap];
    assert_eq!(first_cells(&labels, 1), expected.map(|label| vec![code(label.as_str())]));

    let orders = section("## 14 Orders, draining and revoked devices");
    let written = [Order::Reset, Order::Upgrade, Order::Wipe]
        .map(|order| serde_json::to_string(&order).unwrap().replace('"', "`"));
    let orders = table(&orders, &["order", "the tablet"]);
    assert_eq!(first_cells(&orders, 1), written.map(|order| vec![order]));

    let sync = section("### 10.2 POST /v1/sync");
    let receipt = sync.split("A receipt:").nth(1).unwrap();
    let receipt = table(receipt, &["member", "type", "may be absent", "meaning"]);
    let outcomes = receipt.iter().find(|row| row[0] == "`outcome`").unwrap();
    for outcome in Outcome::ALL {
        assert!(outcomes[3].contains(&code(outcome.as_str())), "{outcome:?}");
    }
}

/// The JSON blocks that follow a line with the name of a golden file and nothing else.
fn shown_messages() -> Vec<(String, Value)> {
    let name_of = |line: &str| {
        let name = line.strip_prefix("`fixtures/wire/v1/")?.strip_suffix('`')?;
        Some(name.to_owned())
    };
    let mut lines = TEXT.lines();
    let mut shown = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(name) = name_of(line) {
            let block: Vec<_> = lines.by_ref().skip(2).take_while(|line| *line != "```").collect();
            shown.push((name, serde_json::from_str(&block.join("\n")).unwrap_or_default()));
        }
    }
    shown
}

#[test]
fn every_golden_message_is_shown_whole() {
    let shown = shown_messages();
    for (name, block) in &shown {
        let message: Value = serde_json::from_str(&golden(name)).unwrap();
        assert_eq!(block, &message, "{name}");
    }
    let mut names: Vec<_> = shown.into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(names, message_names());
}

/// Names of members, not of the fields inside a body or the areas of a digest.
fn collect_members(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if !name.contains('.') {
                    names.insert(name.clone());
                }
                if name != "body" {
                    collect_members(value, names);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_members(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_member_of_every_golden_message_is_explained() {
    let mut names = BTreeSet::new();
    for name in message_names() {
        collect_members(&serde_json::from_str(&golden(&name)).unwrap(), &mut names);
    }
    assert!(names.len() > 60, "only {} members were found", names.len());
    let tables: String = TEXT.lines().filter(|line| line.starts_with('|')).collect();
    let unexplained: Vec<_> = names.iter().filter(|name| !tables.contains(&code(name))).collect();
    assert_eq!(unexplained, [""; 0]);
}

#[test]
fn the_worked_hash_and_digest_are_those_of_the_vectors() {
    let hash = &hash_vectors()[0];
    let text = section("### 5.5 Canonical form and hash");
    for part in [&hash.raw, &hash.canonical, &hash.sha256] {
        assert!(text.contains(&format!("\n{part}\n")), "{part}");
    }
    let digest = &digest_vectors()[2];
    let text = section("## 13 Digest");
    let rows: Vec<_> = digest
        .rows
        .iter()
        .map(|row| {
            vec![code(&row.id.to_string()), code(&row.stamp.to_string()), code(&row.fingerprint)]
        })
        .collect();
    assert_eq!(table(&text, &["id", "stamp", "fingerprint"]), rows);
    assert!(text.contains(&code(&serde_json::to_string(&digest.digest).unwrap())));
}

#[test]
fn the_worked_admission_is_what_admission_does() {
    let text = section("## 6 Admission: how a change gets its stamp");
    let at = |moment: &str| {
        assert!(text.contains(&code(moment)), "{moment}");
        moment.parse::<Moment>().unwrap().unix_ms()
    };
    let arrived_ms = at("2026-11-24T09:15:00.840+07:00");
    let skew_ms = measure_skew(None, at("2026-11-27T09:15:00.000+07:00"), arrived_ms);
    assert!(text.contains(&format!("the skew is {skew_ms} ms")));
    let admitted = admit(&Admission {
        device: DeviceNo(2_899_374_503),
        made_at_ms: at("2026-11-27T08:00:00.000+07:00"),
        skew_ms: Some(skew_ms),
        not_before_ms: 0,
        server_now_ms: arrived_ms,
        previous: None,
        base: None,
    });
    assert_eq!(admitted.made_ms, at("2026-11-24T08:00:00.840+07:00"));
    assert!(text.contains(&code(&admitted.stamp.to_string())));
}

#[test]
fn the_greatest_seq_is_named() {
    assert!(TEXT.contains(&format!("whole, 1 to {}", Seq::MAX)));
}

#[test]
fn every_link_within_the_text_leads_to_a_heading() {
    let anchors: BTreeSet<String> = TEXT
        .lines()
        .filter_map(|line| {
            line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'))
        })
        .map(|heading| {
            let kept = heading
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-' || *c == '_');
            kept.collect::<String>().to_lowercase().replace(' ', "-")
        })
        .collect();
    let links: Vec<_> =
        TEXT.split("](#").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.len() > 20);
    for link in links {
        assert!(anchors.contains(link), "{link}");
    }
}
