//! Examples at the end of every command's `--help`. A test reads each as it would be typed.

use clap::Command;

/// By the command's words after `timbang`. The directory is left out where it would be repeated:
/// it is `--data DIR` or `TIMBANG_DATA`.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "serve",
        &[
            "timbang serve --data /var/lib/timbang",
            "timbang serve --data /var/lib/timbang --listen 0.0.0.0:8443 --tls-cert chain.pem --tls-key key.pem",
            "timbang serve --data /var/lib/timbang --trusted-proxy 127.0.0.1 --backup-dir /var/backups/timbang",
        ],
    ),
    ("demo", &["timbang demo", "timbang demo --fresh --listen 127.0.0.1:9090"]),
    ("growth", &["timbang growth < measurements.csv > scores.csv"]),
    ("openapi", &["timbang openapi > timbang.json"]),
    ("backup", &["timbang backup /var/backups/timbang/by-hand.db --data /var/lib/timbang"]),
    ("restore", &["timbang restore /var/backups/timbang/by-hand.db --data /var/lib/timbang --yes"]),
    ("doctor", &["timbang doctor --data /var/lib/timbang --backup-dir /var/backups/timbang"]),
    ("area import", &["timbang area import lahat.csv --data /var/lib/timbang"]),
    ("puskesmas import", &["timbang puskesmas import puskesmas.csv --data /var/lib/timbang"]),
    ("posyandu import", &["timbang posyandu import posyandu.csv --data /var/lib/timbang"]),
    (
        "worker add",
        &[
            "timbang worker add --name Siti --role tenaga --area 16.04.06.2008 --data /var/lib/timbang",
            "timbang worker add --name Rina --role penyelia --puskesmas 1604061 --data /var/lib/timbang",
        ],
    ),
    ("worker list", &["timbang worker list --data /var/lib/timbang"]),
    (
        "worker grant",
        &[
            "timbang worker grant --worker 0193a5b2-0000-8000-8000-000000000001 --area 16.04.06 --data /var/lib/timbang",
        ],
    ),
    (
        "worker ungrant",
        &[
            "timbang worker ungrant --worker 0193a5b2-0000-8000-8000-000000000001 --area 16.04.06 --data /var/lib/timbang",
        ],
    ),
    (
        "code new",
        &["timbang code new --worker 0193a5b2-0000-8000-8000-000000000001 --data /var/lib/timbang"],
    ),
    (
        "token add",
        &[
            "timbang token add --worker 0193a5b2-0000-8000-8000-000000000001 --data /var/lib/timbang",
        ],
    ),
    (
        "token revoke",
        &[
            "timbang token revoke --worker 0193a5b2-0000-8000-8000-000000000001 --data /var/lib/timbang",
        ],
    ),
    (
        "password set",
        &[
            "timbang password set --worker 0193a5b2-0000-8000-8000-000000000001 --login rina --data /var/lib/timbang",
            "timbang password set --worker 0193a5b2-0000-8000-8000-000000000001 --data /var/lib/timbang < password.txt",
        ],
    ),
    (
        "password disable",
        &[
            "timbang password disable --worker 0193a5b2-0000-8000-8000-000000000001 --data /var/lib/timbang",
        ],
    ),
    ("device list", &["timbang device list --data /var/lib/timbang"]),
    ("device drain", &["timbang device drain 2899144711 --data /var/lib/timbang"]),
    ("device revoke", &["timbang device revoke 2899144711 --data /var/lib/timbang"]),
    (
        "import pengukuran",
        &[
            "timbang import pengukuran pengukuran.csv --data /var/lib/timbang",
            "timbang import pengukuran bnba-oktober.xlsx --sheet Status-Gizi --data /var/lib/timbang",
            "timbang import pengukuran melati.csv --area 16.04.06.2008 --json --data /var/lib/timbang",
        ],
    ),
    (
        "import sasaran",
        &[
            "timbang import sasaran sasaran.csv --data /var/lib/timbang",
            "timbang import sasaran sasaran.xlsx --sheet Anak --data /var/lib/timbang",
            "timbang import sasaran bandar-aji.csv --area 16.04.06.2008 --posyandu Melati --data /var/lib/timbang",
        ],
    ),
    ("import outbox", &["timbang import outbox siti.json --data /var/lib/timbang"]),
    ("import mirror", &["timbang import mirror tablet.db --data /var/lib/timbang"]),
    (
        "export",
        &[
            "timbang export children balita.xlsx --area 16.04.06 --data /var/lib/timbang",
            "timbang export eppgbm-bnba bnba.csv --month 2026-11 --separator ';' --bom --data /var/lib/timbang",
            "timbang export recap rekap.csv --month 2026-11 --by puskesmas --data /var/lib/timbang",
        ],
    ),
    (
        "report coverage",
        &[
            "timbang report coverage --month 2026-11 --area 16.04.06 --by desa --data /var/lib/timbang",
        ],
    ),
    (
        "report prevalence",
        &[
            "timbang report prevalence --month 2026-11 --by kecamatan --ages 0-23 --data /var/lib/timbang",
        ],
    ),
    ("check", &["timbang check --data /var/lib/timbang"]),
];

/// A command line whose commands end their help with examples.
pub(super) fn with_examples(command: Command) -> Command {
    EXAMPLES.iter().fold(command, |command, (words, examples)| {
        let help = format!("Examples:\n  {}", examples.join("\n  "));
        let words: Vec<&str> = words.split(' ').collect();
        with_help(command, &words, help)
    })
}

fn with_help(command: Command, words: &[&str], help: String) -> Command {
    match words {
        [] => command.after_help(help),
        [word, rest @ ..] => command.mut_subcommand(word, |command| with_help(command, rest, help)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Arguments;
    use clap::{CommandFactory, Parser};

    /// The words of every command that has none below it.
    fn leaves(command: &Command, above: &str) -> Vec<String> {
        if !command.has_subcommands() {
            return vec![above.trim_start().to_owned()];
        }
        let below = command.get_subcommands();
        below
            .flat_map(|command| leaves(command, &format!("{above} {}", command.get_name())))
            .collect()
    }

    #[test]
    fn every_command_has_examples_and_each_can_be_typed() {
        let mut commands = leaves(&Arguments::command(), "");
        let mut known: Vec<String> =
            EXAMPLES.iter().map(|(words, _)| (*words).to_owned()).collect();
        commands.sort_unstable();
        known.sort_unstable();
        assert_eq!(commands, known);
        for (words, examples) in EXAMPLES {
            for example in *examples {
                let typed = example.split(['<', '>']).next().unwrap().trim_end();
                assert!(typed.starts_with(&format!("timbang {words}")), "{example}");
                let read =
                    Arguments::try_parse_from(typed.split(' ').map(|word| word.trim_matches('\'')));
                assert!(read.is_ok(), "{example}: {}", read.unwrap_err());
            }
        }
    }
}
