//! Help and usage errors: in Bahasa Indonesia to the last word, and saying how to go on.

use crate::desk::Desk;
use crate::tablet::Tablet;
use serde_json::{Value, json};

const COMMANDS: [&[&str]; 18] = [
    &[],
    &["enrol"],
    &["child"],
    &["child", "add"],
    &["child", "edit"],
    &["child", "move"],
    &["child", "list"],
    &["child", "show"],
    &["child", "status"],
    &["child", "delete"],
    &["measure"],
    &["visit"],
    &["due"],
    &["sync"],
    &["outbox"],
    &["log"],
    &["parked"],
    &["superseded"],
];

/// What clap says by itself, and values that are named after code.
const ENGLISH: [&str; 14] = [
    "Usage",
    "Commands",
    "Options",
    "OPTIONS",
    "COMMAND",
    "Arguments",
    "Print",
    "default",
    "possible",
    "env:",
    "error",
    "For more",
    "_KG>",
    "_DATE>",
];

#[test]
fn help_is_in_bahasa_indonesia_and_explains_every_option() {
    let tablet = Tablet::new();
    for command in COMMANDS {
        let help = tablet.ok(&[command, &["--help"]].concat());
        for word in ENGLISH {
            assert!(!help.contains(word), "{command:?} says {word}: {help}");
        }
        assert!(help.contains("Pemakaian: timbang-tablet"), "{help}");
        for line in help.lines().filter(|line| line.trim_start().starts_with(['-', '<', '['])) {
            let explained =
                line.trim_start().split_once("  ").is_some_and(|(_, help)| help.trim().len() > 3);
            assert!(explained, "{command:?}: {line}");
        }
    }
}

#[test]
fn a_command_that_cannot_be_read_says_what_is_wrong_with_it() {
    let tablet = Tablet::new();
    for (args, sentence) in [
        (vec!["mesure"], "Perintah mesure tidak dikenal. Mungkin maksudnya measure."),
        (vec!["measure", "A", "--wieght-kg", "9"], "Mungkin maksudnya --weight-kg."),
        (vec!["child", "show"], "Belum disebutkan: <ANAK>."),
        (
            vec!["child", "add", "--name", "A"],
            "Belum disebutkan: --sex <L|P>, --birth-date <TANGGAL>.",
        ),
        (vec!["child", "show", "A", "--chart", "xx"], "\"xx\" tidak dikenal. Pilih bb, tb."),
        (vec!["measure", "A", "--weight-kg"], "--weight-kg <KG> belum diisi."),
        (vec!["log", "--limit", "x"], "\"x\" bukan bilangan bulat"),
        (vec!["measure", "A", "--correct", "a", "--delete", "b"], "tidak dapat dipakai bersama"),
        (vec!["due", "--month", "2026-11", "--month", "2026-12"], "cukup disebutkan satu kali"),
        (vec!["due", "ekstra"], "ekstra tidak dikenal."),
    ] {
        let said = tablet.run(&args);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{args:?}");
        assert!(
            said.err.contains(sentence) && said.err.contains("--help"),
            "{args:?}: {}",
            said.err
        );
        for word in ENGLISH {
            assert!(!said.err.contains(word), "{args:?} says {word}: {}", said.err);
        }
    }
    let said = tablet.run(&["--json", "measure"]).err;
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["error"], json!("usage"));
    let said = tablet.run(&["child"]);
    assert!(said.code == 2 && said.err.contains("Perintah:"), "{}", said.err);
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let tablet = Tablet::enrolled(&Desk::open(json!({})));
    for args in [&["status"][..], &["--help"], &["--json", "status"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let said = tablet.command(args).stdout(writer).output().unwrap();
        let err = String::from_utf8(said.stderr).unwrap();
        assert_eq!((said.status.code(), err.as_str()), (Some(0), ""), "{args:?}");
    }
}
