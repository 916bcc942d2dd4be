//! The command line's own words in Bahasa Indonesia: help, and what is said of a command that
//! cannot be read. clap knows English only, so its headings are set and its errors said anew.

use crate::answer::Answer;
use crate::args::Args;
use crate::failure::Failure;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, Error, FromArgMatches};
use serde_json::Value;
use std::process::ExitCode;

const HELP: &str = "{about-with-newline}\nPemakaian: {usage}\n\n{all-args}{after-help}";
/// What clap's usage line calls the options; it cannot be set.
const OPTIONS: (&str, &str) = ("[OPTIONS]", "[PILIHAN]");
/// What every command has stands below its own options.
const LAST: usize = 1_000;
/// For a command that cannot be read.
const USAGE_ERROR: u8 = 2;

/// The arguments of this run, or the code to end with when help was asked for or nothing else can
/// be done.
pub(crate) fn parse() -> Result<Args, ExitCode> {
    let read = in_indonesian(Args::command())
        .try_get_matches()
        .and_then(|mut matches| Args::from_arg_matches_mut(&mut matches));
    read.map_err(|error| report(&error))
}

fn report(error: &Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let text = plain(&error.render());
        let shown = Answer::new(Value::Null).line(text.trim_end()).print(false);
        return if shown.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let as_json = std::env::args().any(|argument| argument == "--json");
    match Failure::new("usage", sentence(error)).tell(as_json) {
        Ok(()) => ExitCode::from(USAGE_ERROR),
        Err(_) => ExitCode::FAILURE,
    }
}

/// The command and all below it with Indonesian headings, and help in the place of clap's own.
fn in_indonesian(command: Command) -> Command {
    let below: Vec<String> =
        command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    let is_program = command.get_version().is_some();
    let own = |name: &'static str, short, action| {
        Arg::new(name).short(short).long(name).action(action).display_order(LAST)
    };
    let help = own("help", 'h', ArgAction::Help).help("Tampilkan bantuan");
    let version = own("version", 'V', ArgAction::Version).help("Tampilkan versi");
    let command = below
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, in_indonesian))
        .help_template(HELP)
        .subcommand_value_name("PERINTAH")
        .subcommand_help_heading("Perintah")
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .arg(help);
    let command = if is_program { command.arg(version) } else { command };
    command.mut_args(worded)
}

/// An argument under its heading, with what clap would add in English.
fn worded(arg: Arg) -> Arg {
    let heading = if arg.is_positional() { "Isian" } else { "Pilihan" };
    let arg = arg.help_heading(heading);
    let arg = if arg.is_global_set() { arg.display_order(LAST - 1) } else { arg };
    if !arg.get_action().takes_values() {
        return arg;
    }
    let joined = |words: Vec<String>| (!words.is_empty()).then(|| words.join(", "));
    let choices = arg.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
    let default = arg.get_default_values().iter().map(|v| v.display().to_string()).collect();
    let variable = arg.get_env().map(|name| name.display().to_string());
    let more: Vec<String> = [
        joined(choices).map(|choices| format!("pilihan: {choices}")),
        joined(default).map(|default| format!("bila kosong: {default}")),
        variable.map(|name| format!("atau variabel {name}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if more.is_empty() {
        return arg;
    }
    let help = arg.get_help().map(plain).unwrap_or_default();
    arg.help(format!("{help} ({})", more.join("; ")))
        .hide_possible_values(true)
        .hide_default_value(true)
        .hide_env(true)
}

/// What is wrong with a command, how it is written, and where to read more.
fn sentence(error: &Error) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return plain(&error.render()).trim_end().to_owned();
    }
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => plain(usage).replace("Usage:", "Pemakaian:"),
        Some(_) | None => String::new(),
    };
    let lines =
        [complaint(error), usage.trim().to_owned(), "Bantuan: tambahkan --help.".to_owned()];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "clap may find more to complain about")]
fn complaint(error: &Error) -> String {
    let said = |kind| error.get(kind).map(texts).unwrap_or_default().join(", ");
    let (argument, value) = (said(ContextKind::InvalidArg), said(ContextKind::InvalidValue));
    let meant = |kind| match error.get(kind).map(texts).unwrap_or_default().pop() {
        Some(likeliest) => format!(" Mungkin maksudnya {likeliest}."),
        None => String::new(),
    };
    match error.kind() {
        ErrorKind::UnknownArgument => {
            format!("{argument} tidak dikenal.{}", meant(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => format!(
            "Perintah {} tidak dikenal.{}",
            said(ContextKind::InvalidSubcommand),
            meant(ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::MissingRequiredArgument => format!("Belum disebutkan: {argument}."),
        ErrorKind::MissingSubcommand => "Sebutkan perintahnya.".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} belum diisi."),
        ErrorKind::InvalidValue => format!(
            "{argument}: \"{value}\" tidak dikenal. Pilih {}.",
            said(ContextKind::ValidValue)
        ),
        // Numbers are all that is read here; dates and measures are read later, with their own words.
        ErrorKind::ValueValidation => {
            format!("{argument}: \"{value}\" bukan bilangan bulat yang dapat dipakai.")
        }
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            prior if prior == argument || prior.is_empty() => {
                format!("{argument} cukup disebutkan satu kali.")
            }
            prior => format!("{argument} tidak dapat dipakai bersama {prior}."),
        },
        _ => "Perintah ini tidak dapat dibaca.".to_owned(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only words are repeated to the person")]
fn texts(value: &ContextValue) -> Vec<String> {
    match value {
        ContextValue::String(text) => vec![text.clone()],
        ContextValue::Strings(texts) => texts.clone(),
        _ => Vec::new(),
    }
}

fn plain(text: &StyledStr) -> String {
    text.to_string().replace(OPTIONS.0, OPTIONS.1)
}
