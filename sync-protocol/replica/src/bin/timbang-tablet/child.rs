//! `child`: the target list (sasaran balita).

mod command;
mod fields;

use crate::answer::{Answer, joined};
use crate::chart::ChartKind;
use crate::failure::Failure;
use crate::form;
use crate::pick;
use crate::record_view::{self, short};
use crate::series;
pub(crate) use command::ChildCommand;
use command::{AddArgs, StatusArgs};
use serde_json::{Value, json};
use sync_protocol::body::Body;
use sync_protocol::change::Tombstone;
use sync_protocol::record::{Kind, child};
use sync_replica::{Replica, Saved};
use views::child_form::warnings;

pub(crate) fn run(replica: &mut Replica, command: &ChildCommand) -> Result<Answer, Failure> {
    match command {
        ChildCommand::Add(args) => add(replica, args),
        ChildCommand::Edit(args) => {
            let named = [
                (child::NAME, &args.name),
                (child::SEX, &args.sex),
                (child::BIRTH_DATE, &args.birth_date),
            ];
            edit(replica, &args.child, &[&named, args.more.typed().as_slice()].concat())
        }
        ChildCommand::Move { child, area } => hand_over(replica, child, area),
        ChildCommand::List { text } => list(replica, text.as_deref()),
        ChildCommand::Show { child, chart } => show(replica, child, *chart),
        ChildCommand::Status(args) => status(replica, args),
        ChildCommand::Delete { child, reason } => delete(replica, child, reason),
    }
}

fn add(replica: &mut Replica, args: &AddArgs) -> Result<Answer, Failure> {
    let area = pick::home_area(replica, args.area.as_deref())?;
    let (name, sex) = (Some(args.name.clone()), Some(args.sex.clone()));
    let birth_date = Some(args.birth_date.clone());
    let named = [(child::NAME, &name), (child::SEX, &sex), (child::BIRTH_DATE, &birth_date)];
    let mut body = Body::new();
    let typed = [&named, args.more.typed().as_slice()].concat();
    form::fill(Kind::CHILD, &mut body, &typed, replica.today()?)?;
    if !args.confirm {
        refuse_double(replica, &body)?;
    }
    let warnings = warnings(&body);
    let saved = replica.save(Kind::CHILD, None, Some(area), body)?;
    Ok(said(saved, &format!("Tersimpan: {} ({}).", args.name.trim(), short(&saved.id)), &warnings))
}

/// Two of one name, sex and birth date are one child entered twice, or rarely two.
fn refuse_double(replica: &Replica, body: &Body) -> Result<(), Failure> {
    let facts = (body.text(child::NAME), body.text(child::SEX), body.date(child::BIRTH_DATE));
    let (Some(name), Some(sex), Some(born)) = facts else { return Ok(()) };
    let found = replica.like(name, sex, born)?;
    if found.is_empty() {
        return Ok(());
    }
    let said = "Mungkin anak ini sudah ada. Tidak disimpan. Bila memang anak lain dengan nama dan \
                tanggal lahir yang sama, ulangi perintah ini dengan --confirm:";
    pick::listed(replica, Failure::new("maybe_double", said), &found)
}

fn edit(replica: &mut Replica, text: &str, typed: &[form::Typed<'_>]) -> Result<Answer, Failure> {
    let found = pick::child_to_write(replica, text)?;
    let shown = replica.record(Kind::CHILD, found.id)?;
    let mut body = shown.as_ref().and_then(|shown| shown.body()).cloned().unwrap_or_default();
    if !form::fill(Kind::CHILD, &mut body, typed, replica.today()?)? {
        return Err(Failure::new("nothing_to_change", "Tidak ada yang berubah."));
    }
    let warnings = warnings(&body);
    let saved = replica.save(Kind::CHILD, Some(found.id), None, body)?;
    Ok(said(saved, &format!("Tersimpan: {}.", found.name), &warnings))
}

fn hand_over(replica: &mut Replica, text: &str, area: &str) -> Result<Answer, Failure> {
    let found = pick::child_to_write(replica, text)?;
    let area = pick::area(replica, area)?;
    if found.area.as_ref() == Some(&area) {
        return Err(Failure::new("nothing_to_change", "Anak ini sudah di desa itu."));
    }
    let to = record_view::area_text(replica, &area)?;
    let inside = replica.scope()?.contains(&area);
    let saved = replica.move_child(found.id, area)?;
    let answer = said(saved, &format!("Tersimpan: {} diserahkan ke {to}.", found.name), &[]);
    Ok(if inside {
        answer
    } else {
        answer.line(
            "Desa itu di luar wilayah tugas Anda: setelah terkirim, anak ini hilang dari daftar.",
        )
    })
}

fn status(replica: &mut Replica, args: &StatusArgs) -> Result<Answer, Failure> {
    let on = match (&args.on, replica.today()?) {
        (Some(on), _) => on.clone(),
        (None, Some(today)) => today.to_string(),
        (None, None) => return Err(clock_is_dead("--on")),
    };
    let (status, on) = (Some(args.status.clone()), Some(on));
    let typed =
        [(child::STATUS, &status), (child::STATUS_ON, &on), (child::MOVED_TO, &args.moved_to)];
    edit(replica, &args.child, &typed)
}

fn delete(replica: &mut Replica, text: &str, reason: &str) -> Result<Answer, Failure> {
    let found = pick::child_to_write(replica, text)?;
    let saved = replica.delete(Kind::CHILD, found.id, tombstone(reason)?)?;
    let why = reason.replace('_', " ");
    Ok(said(saved, &format!("Tersimpan: {} dihapus ({why}).", found.name), &[]))
}

fn list(replica: &Replica, text: Option<&str>) -> Result<Answer, Failure> {
    let found = replica.children(text)?;
    let json =
        found.iter().map(|c| record_view::child_json(replica, c)).collect::<Result<Vec<_>, _>>()?;
    let lines =
        found.iter().map(|c| record_view::child_line(replica, c)).collect::<Result<Vec<_>, _>>()?;
    Ok(Answer::new(json!(json)).lines(lines).line(format!("{} anak.", found.len())))
}

fn show(replica: &Replica, text: &str, chart: ChartKind) -> Result<Answer, Failure> {
    let found = pick::child(replica, text)?;
    let mut json = record_view::child_json(replica, &found)?;
    let mut lines =
        vec![record_view::child_line(replica, &found)?, format!("  Kode: {}", found.id)];
    if let Some(shown) = replica.record(Kind::CHILD, found.id)? {
        json = joined(json, json!({"body": shown.body(), "by": shown.by}));
        lines.extend(
            shown.body().iter().flat_map(|body| record_view::field_lines(Kind::CHILD, body)),
        );
    }
    for (kind, title, date_field) in crate::history::BELONGING {
        if kind == Kind::MEASUREMENT {
            let series = series::show(replica, &found, chart)?;
            json = joined(json, json!({kind.name(): series.json}));
            lines.extend(series.lines);
            continue;
        }
        let records = replica.list_of(kind, found.id)?;
        let each: Vec<Value> = records.iter().map(record_view::record_json).collect();
        json = joined(json, json!({kind.name(): each}));
        lines.push(format!("{title}: {}", records.len()));
        lines.extend(
            records.iter().map(|r| format!("  {}", record_view::record_line(r, date_field))),
        );
    }
    Ok(Answer::new(json).lines(lines))
}

pub(crate) fn tombstone(reason: &str) -> Result<Tombstone, Failure> {
    reason.parse().map_err(|_bad| {
        Failure::new("wrong_choice", "Alasan hapus: pilih salah_input atau ganda. Tidak disimpan.")
    })
}

pub(crate) fn clock_is_dead(option: &str) -> Failure {
    Failure::new(
        "clock_is_dead",
        format!(
            "Jam tablet salah, tanggal hari ini tidak diketahui. Sebutkan tanggal dengan {option}."
        ),
    )
}

/// A save in both forms, with warnings that did not stop it.
pub(crate) fn said(saved: Saved, line: &str, warnings: &[String]) -> Answer {
    Answer::new(json!({"id": saved.id, "seq": saved.seq, "warnings": warnings}))
        .line(line)
        .lines(warnings.iter().map(|warning| format!("Peringatan: {warning}")))
}
