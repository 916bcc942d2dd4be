//! What is done with a sheet that was sent: checked, saved, or kept for a while.

use super::lines::{self, Texts};
use super::{Which, drafts, render, title};
use crate::http::Response;
use crate::http::web::local::Local;
use crate::http::web::visit::Visit;
use crate::http::web::wrong;
use crate::refusal::Refusal;
use crate::store::ReadTx;
use crate::sync::office::new_record_id;
use crate::sync::server_time;
use crate::sync::sheet::{self as rules, Days, Reason, Verdict, reading_of};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use views::sheet::{self as view, Sheet, Told};

/// What became of each child's line.
type Verdicts = BTreeMap<String, Verdict>;

/// Periksa: what would become of each line. Nothing is saved.
pub(crate) fn check(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let texts = lines::texts_of(&visit.form);
    let (which, sheet) = visit.call.read(|tx, person, now| {
        let which = Which::of_form(&visit.form, &person)?;
        let days = days_of(tx, &which, now.ms)?;
        let texts = lines::touched(tx, texts)?;
        let mut verdicts = Verdicts::new();
        for (child, text) in &texts {
            if let Ok(line) = lines::read_line(child, text) {
                let id = new_record_id(now.ms, &**visit.call.random());
                verdicts.insert(child.clone(), rules::judge(tx, &person, days, &line, id)?);
            }
        }
        let stored = lines::read(tx, &person, &which)?;
        Ok((which, told(stored, &texts, verdicts, "siap disimpan")))
    })?;
    Ok(render(visit, 200, None, &title(visit, &which)?, &sheet))
}

fn days_of(tx: &ReadTx<'_>, which: &Which, now_ms: i64) -> Result<Days, Refusal> {
    let today = server_time::today(tx, now_ms)?;
    if which.of.day > today {
        return Err(Refusal::Field("measured_on".to_owned()));
    }
    Ok(Days { measured_on: which.of.day, today })
}

/// The sheet as it is stored, with what was typed over it and what is said of each line.
fn told(mut sheet: Sheet, texts: &Texts, mut verdicts: Verdicts, done: &str) -> Sheet {
    let stored: Vec<(String, String)> =
        sheet.lines.iter().map(|line| (line.seen.clone(), lines::stored_values(line))).collect();
    lines::lay_over(&mut sheet, texts);
    lines::add_missing(&mut sheet, texts);
    let mut stored = stored.into_iter();
    for line in &mut sheet.lines {
        let now = stored.next();
        let Some(text) = texts.get(&line.child) else { continue };
        match (lines::read_line(&line.child, text), verdicts.remove(&line.child)) {
            (Err(errors), _) => lines::tell_errors(line, errors),
            (Ok(_), Some(verdict)) => {
                let has_changed = matches!(verdict, Verdict::Refused(Reason::Changed));
                if let Some(told) = lines::told_of(verdict, done) {
                    line.told = told;
                }
                if let Some((seen, values)) = now.filter(|_| has_changed) {
                    // Whoever saves again has seen it.
                    line.seen = seen;
                    let told = line.told.wrong.get_or_insert_default();
                    let values = if values.is_empty() { "tidak ada" } else { &values };
                    told.push_str(&format!(" Tersimpan: {values}."));
                }
            }
            (Ok(_), None) => {}
        }
    }
    sheet
}

/// Simpan: every line that is fine, in one job. The others stay, and are kept for a while.
pub(crate) fn save(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let texts = lines::texts_of(&visit.form);
    let form = visit.form.clone();
    let random = Arc::clone(visit.call.random());
    let (which, sheet, saved) = visit.call.write(move |tx, person, now| {
        let which = Which::of_form(&form, &person)?;
        let days = days_of(tx, &which, now.ms)?;
        let sent: BTreeSet<String> = texts.keys().cloned().collect();
        let texts = lines::touched(tx, texts)?;
        let read = texts
            .iter()
            .filter_map(|(child, text)| Some((child.clone(), lines::read_line(child, text).ok()?)));
        let (children, typed): (Vec<String>, Vec<rules::Line>) = read.unzip();
        let verdicts = rules::save(tx, &person, days, &typed, now.ms, &*random)?;
        let verdicts: Verdicts = children.into_iter().zip(verdicts).collect();
        let is_saved = |child: &str| matches!(verdicts.get(child), Some(Verdict::Fine(_)));
        let saved = sent.iter().filter(|child| is_saved(child)).count();
        let open: Texts = texts.into_iter().filter(|(child, _)| !is_saved(child)).collect();
        let stored = lines::read(tx, &person, &which)?;
        drafts::keep(tx, &person, &which, &sent, open.clone(), now.ms)?;
        Ok((which, told(stored, &open, verdicts, "tersimpan"), saved))
    })?;
    let left = sheet.lines.iter().filter(|line| line.told.wrong.is_some()).count();
    if left == 0 {
        return Ok(Response::redirect(which.address(which.after, Some("tersimpan"))));
    }
    let told =
        wrong(format!("{saved} anak tersimpan, {left} belum: lihat keterangan di barisnya."));
    Ok(render(visit, 422, Some(&told), &title(visit, &which)?, &sheet))
}

/// Simpan sementara: what is typed is kept for the person, and is no record yet.
pub(crate) fn keep(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let texts = lines::texts_of(&visit.form);
    let form = visit.form.clone();
    let (which, kept_at) = visit.call.write(move |tx, person, now| {
        let which = Which::of_form(&form, &person)?;
        let sent = texts.keys().cloned().collect();
        let left = lines::touched(tx, texts)?;
        let is_kept = drafts::keep(tx, &person, &which, &sent, left, now.ms)?;
        let at = if is_kept { Some(Local::read(tx)?.moment(now.ms)?) } else { None };
        Ok((which, at))
    })?;
    if visit.form.text("potongan").is_none() {
        return Ok(Response::redirect(which.address(which.after, Some("sementara"))));
    }
    let said = kept_at.map(|at| {
        let clock = at.rsplit(' ').next().unwrap_or_default().replace(':', ".");
        format!("tersimpan sementara {clock}")
    });
    Ok(Response::text("text/plain; charset=utf-8", said.unwrap_or_default()))
}

/// What would become of one line, as a piece of HTML for the script.
pub(crate) fn judge_line(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let malformed = || Refusal::Malformed(None);
    let at: usize =
        visit.form.text("baris").and_then(|at| at.parse().ok()).ok_or_else(malformed)?;
    let (child, text) = lines::text_at(&visit.form, at).ok_or_else(malformed)?;
    let line = match lines::read_line(&child, &text) {
        Ok(line) => line,
        Err(errors) => {
            let wrong = errors.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let told = Told { wrong: Some(wrong), ..Told::default() };
            return Ok(piece(at, &told, &text.stands_by));
        }
    };
    let told = visit.call.read(|tx, person, now| {
        let which = Which::of_form(&visit.form, &person)?;
        let days = days_of(tx, &which, now.ms)?;
        let id = new_record_id(now.ms, &**visit.call.random());
        let verdict = rules::judge(tx, &person, days, &line, id)?;
        if let Some(mut told) = lines::told_of(verdict, "siap disimpan") {
            if !told.doubts.is_empty() {
                told.wrong = None;
            }
            return Ok(told);
        }
        let record = tx.record(line.child)?.filter(|record| person.scope.contains(&record.area));
        let (Some(child), Some((id, _))) = (record, line.seen) else { return Ok(Told::default()) };
        let done = Some("sudah diukur".to_owned());
        Ok(Told { done, reading: reading_of(tx, child.no, id)?, ..Told::default() })
    })?;
    Ok(piece(at, &told, &text.stands_by))
}

fn piece(at: usize, told: &Told, stands_by: &str) -> Response {
    Response::html(200, view::result(at, told, stands_by).into_string())
}
