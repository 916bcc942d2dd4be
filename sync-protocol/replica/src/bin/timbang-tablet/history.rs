//! `log`, `parked`, `superseded`: what this tablet saved and what became of it.

use crate::answer::{Answer, joined};
use crate::failure::Failure;
use crate::record_view::short;
use clap::Args;
use serde_json::{Value, json};
use sync_protocol::change::Register;
use sync_protocol::parked::ParkCode;
use sync_protocol::record::{Kind, measurement, visit};
use sync_replica::{LogEntry, ParkedChange, Platform, ReplacedChange, Replica};
use views::{labels, words};

/// A clock that is off by less is not worth a word.
const CLOCK_IS_WRONG_MS: u64 = 60 * 60 * 1_000;

/// What is listed under a child: the kind, its title and the field that dates it.
pub(crate) const BELONGING: [(Kind, &str, &str); 2] = [
    (Kind::MEASUREMENT, "Pengukuran", measurement::MEASURED_ON),
    (Kind::VISIT, "Kunjungan", visit::VISITED_ON),
];

#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// Paling banyak berapa perubahan
    #[arg(long, value_name = "ANGKA", default_value_t = 50)]
    limit: u32,
}

pub(crate) fn log(replica: &Replica, args: &LogArgs) -> Result<Answer, Failure> {
    let entries = replica.log(args.limit)?;
    let json: Vec<Value> = entries.iter().map(entry_json).collect();
    let lines = entries.iter().map(|entry| {
        let what = labels::kind(&entry.kind);
        let outcome = labels::outcome(entry.outcome);
        format!("#{}  {}  {what} {}  {outcome}", entry.seq, made(entry), short(&entry.id))
    });
    Ok(Answer::new(json!(json)).lines(lines))
}

pub(crate) fn parked(replica: &Replica) -> Result<Answer, Failure> {
    let parked = replica.parked()?;
    let json: Vec<Value> = parked
        .iter()
        .map(|change| {
            let more = json!({"child_name": change.child_name, "mend": mend(change)});
            joined(entry_json(&change.entry), more)
        })
        .collect();
    let lines = parked.iter().flat_map(parked_lines);
    let count = format!("{} perubahan tertahan.", parked.len());
    Ok(Answer::new(json!(json)).lines(lines).line(count))
}

pub(crate) fn parked_lines(change: &ParkedChange) -> Vec<String> {
    let name = change.child_name.as_deref().unwrap_or("-");
    let kind = labels::kind(&change.entry.kind);
    let field =
        change.field.as_deref().map(|f| format!(" ({})", labels::field(f))).unwrap_or_default();
    let reason = match (&change.message, change.code) {
        (Some(message), _) => message.clone(),
        (None, Some(code)) => code.message().to_owned(),
        (None, None) => "Tertahan di server.".to_owned(),
    };
    let said =
        format!("#{}  {}  {kind} {name}{field}: {reason}", change.entry.seq, made(&change.entry));
    // Where no command mends it, the reason says already what to do.
    let command = Some(mend(change)).filter(|mend| mend.starts_with("timbang-tablet"));
    std::iter::once(said).chain(command.map(|command| format!("    Perbaiki: {command}"))).collect()
}

/// The command that mends it, or what to do where none does.
fn mend(change: &ParkedChange) -> String {
    match change.code {
        Some(ParkCode::UnknownKind) => "tidak perlu apa-apa; tunggu server diperbarui".to_owned(),
        Some(ParkCode::NotInScope) if change.entry.register == Register::State => {
            "hubungi penyelia".to_owned()
        }
        Some(_) | None => edit_command(&change.entry),
    }
}

fn edit_command(entry: &LogEntry) -> String {
    let child = short(&entry.child_id.unwrap_or(entry.id));
    let record = short(&entry.id);
    if entry.register == Register::Place {
        return format!("timbang-tablet child move {child} DESA");
    }
    match Kind::named(&entry.kind) {
        Some(kind) if kind == Kind::CHILD => format!("timbang-tablet child edit {child} …"),
        Some(kind) if kind == Kind::MEASUREMENT => {
            format!("timbang-tablet measure {child} --correct {record} …")
        }
        Some(kind) if kind == Kind::VISIT => {
            format!("timbang-tablet visit {child} --correct {record} …")
        }
        Some(_) | None => "hubungi penyelia".to_owned(),
    }
}

pub(crate) fn superseded(replica: &Replica) -> Result<Answer, Failure> {
    let replaced = replica.superseded()?;
    let json: Vec<Value> = replaced.iter().map(replaced_json).collect();
    let lines = replaced.iter().flat_map(replaced_lines);
    let count = format!("{} nilai diganti.", replaced.len());
    Ok(Answer::new(json!(json)).lines(lines).line(count))
}

fn replaced_lines(change: &ReplacedChange) -> Vec<String> {
    let name = change.child_name.as_deref().unwrap_or("-");
    let by = change.by.as_deref().unwrap_or("tablet atau kantor lain");
    let kind = labels::kind(&change.entry.kind);
    let when = change.stamp.map(|stamp| {
        let at =
            words::moment(stamp.tick.unix_ms(), crate::machine::Machine::new().offset_minutes());
        format!(", {at}")
    });
    let head =
        format!("#{}  {kind} {name}, oleh {by}{}", change.entry.seq, when.unwrap_or_default());
    let fields = change.fields.iter().map(|(field, old, new)| {
        format!(
            "    {}: {} -> {}",
            labels::field(field),
            labels::value(field, old),
            labels::value(field, new)
        )
    });
    std::iter::once(head).chain(fields).collect()
}

fn replaced_json(change: &ReplacedChange) -> Value {
    let fields: Vec<Value> = change
        .fields
        .iter()
        .map(|(field, old, new)| json!({"field": field, "old": old, "new": new}))
        .collect();
    let more = json!({
        "child_name": change.child_name, "by": change.by, "replaced_stamp": change.stamp,
        "fields": fields,
    });
    joined(entry_json(&change.entry), more)
}

fn entry_json(entry: &LogEntry) -> Value {
    let change: Value = serde_json::from_str(&entry.bytes).unwrap_or(Value::Null);
    json!({
        "seq": entry.seq, "device": entry.device, "kind": entry.kind, "id": entry.id,
        "child_id": entry.child_id, "made_at": change.get("made_at"), "base": entry.base,
        "outcome": entry.outcome, "stamp": entry.stamp, "code": entry.code, "field": entry.field,
        "message": entry.message, "open": entry.open, "change": change,
    })
}

/// When it was saved: by the tablet's clock and in its zone of that day, or by the server's stamp
/// where that clock was wrong.
fn made(entry: &LogEntry) -> String {
    let told = entry.stamp.map(|stamp| stamp.tick.unix_ms());
    let right = told.filter(|told| told.abs_diff(entry.made_at_ms) > CLOCK_IS_WRONG_MS);
    if let Some(right) = right {
        let at = words::moment(right, crate::machine::Machine::new().offset_minutes());
        return format!("{at} (jam tablet salah)");
    }
    let change: Value = serde_json::from_str(&entry.bytes).unwrap_or(Value::Null);
    let text = change.get("made_at").and_then(Value::as_str).unwrap_or("-").to_owned();
    let day = text.get(..10).and_then(|day| sync_protocol::time::parse_date(day).ok());
    match (day, text.get(11..16)) {
        (Some(day), Some(time)) => format!("{} {time}", words::date(day)),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_belongs_to_a_child_is_listed_under_it() {
        let listed: Vec<Kind> = BELONGING.iter().map(|(kind, ..)| *kind).collect();
        let belonging: Vec<Kind> = Kind::all().filter(|kind| !kind.has_place()).collect();
        assert_eq!(listed, belonging);
    }
}
