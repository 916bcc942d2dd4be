//! The lines of a sheet: as they are stored, as they were typed, as they are judged.

use super::Which;
use crate::access::person::Person;
use crate::http::web::form::Form;
use crate::refusal::Refusal;
use crate::store::{
    ChildQuery, ListedChild, Narrowed, NikSearch, ReadTx, Selection, SheetOf, Stored,
    VersionContent,
};
use crate::sync::sheet::{self, Doubtful, MEASURES, Reason, Verdict, reading_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use sync_protocol::area::Scope;
use sync_protocol::body::Body;
use sync_protocol::change::Register;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_protocol::sasaran::{Ages, TargetList};
use sync_protocol::stamp::Stamp;
use sync_protocol::time::{CivilDate, parse_date};
use views::control::Held;
use views::sheet::{CELLS, Line, Sheet, Told, cell_name};
use views::{labels, typed, words};

/// Children on one part of a sheet.
pub(super) const LINES_MAX: usize = 100;

/// What stands in a line, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Text {
    /// The measurement that the person saw.
    pub(super) seen: String,
    pub(super) cells: [String; 4],
    /// What the box sent by which the person stands by what is doubtful.
    #[serde(default)]
    pub(super) stands_by: String,
}

/// What was typed, by child.
pub(super) type Texts = BTreeMap<String, Text>;

/// What a form of a sheet carries.
pub(super) fn texts_of(form: &Form) -> Texts {
    (0..LINES_MAX).map_while(|at| text_at(form, at)).collect()
}

/// One line of a form: the child, and what was typed.
pub(super) fn text_at(form: &Form, at: usize) -> Option<(String, Text)> {
    let typed = |cell: &str| form.raw(&cell_name(cell, at)).to_owned();
    let child = form.text(&cell_name("anak", at))?.to_owned();
    let cells = CELLS.map(|(cell, _)| typed(cell));
    Some((child, Text { seen: typed("dasar"), cells, stands_by: typed("benar") }))
}

/// A part of a sheet as it is stored.
pub(super) fn read(tx: &ReadTx<'_>, person: &Person, which: &Which) -> Result<Sheet, Refusal> {
    let of = &which.of;
    let mut children = tx.children_by_name(&query_of(person, of), which.after, LINES_MAX + 1)?;
    let more = children.len() > LINES_MAX;
    children.truncate(LINES_MAX);
    let last = children.last().map(|child| child.no).filter(|_| more);
    let lines = children.into_iter().map(|child| line(tx, child, of.day));
    let lines = lines.collect::<Stored<Vec<_>>>()?;
    let query = super::query_of(of).finish();
    Ok(Sheet {
        area: of.area.to_string(),
        posyandu: of.posyandu.clone().unwrap_or_else(|| super::WHOLE.to_owned()),
        day: of.day.to_string(),
        after: which.after.map(|after| after.0.to_string()).unwrap_or_default(),
        next: last.map(|last| which.address(Some(last), None)),
        lines,
        draft: None,
        add_child: format!("/entri/anak?{query}"),
    })
}

/// The target list of a posyandu on a day.
fn query_of(person: &Person, of: &SheetOf) -> ChildQuery {
    let inside = Some(of.area.clone()).filter(|area| person.scope.contains(area));
    ChildQuery {
        selection: Selection { posyandu: of.posyandu.clone(), ..Selection::of(Scope::of(inside)) },
        words: Vec::new(),
        nik: NikSearch::Shown,
        narrowed: Narrowed::OnList(TargetList::on(of.day, Ages::To59)),
    }
}

fn line(tx: &ReadTx<'_>, child: ListedChild, day: CivilDate) -> Stored<Line> {
    let measured = tx.measurement_on(child.no, day)?;
    let mut told = Told::default();
    let (mut seen, mut cells) = (String::new(), CELLS.map(|_| Held::default()));
    if let Some(record) = &measured {
        seen = format!("{}@{}", record.id, record.row_stamp());
        told.done = Some("sudah diukur".to_owned());
        told.reading = reading_of(tx, child.no, record.id)?;
        if let VersionContent::Body(body) = tx.content(record.state_pos, Register::State)? {
            cells = CELLS.map(|(_, field)| held(&body, field));
        }
    }
    let born = parse_date(&child.birth_date).ok();
    let latest = child.latest.as_ref();
    let before = latest.and_then(|latest| {
        let on = parse_date(latest.weighed_on.as_deref()?).ok().filter(|on| *on < day)?;
        Some(format!("{} ({})", words::kilograms(latest.weight_g?), words::date(on)))
    });
    Ok(Line {
        child: child.id.to_string(),
        href: format!("/balita/{}", child.id),
        name: child.name,
        age: born.map(|born| words::age(born, day)).unwrap_or_default(),
        last: before,
        seen,
        cells,
        stands_by: String::new(),
        told,
    })
}

fn held(body: &Body, field: &str) -> Held {
    let described = Kind::MEASUREMENT.field(field);
    let text = described.zip(body.get(field)).map(|(field, value)| typed::text(field, value));
    Held { text: text.unwrap_or_default(), error: None }
}

/// What was typed, put on the sheet again.
pub(super) fn lay_over(sheet: &mut Sheet, texts: &Texts) {
    for line in &mut sheet.lines {
        let Some(text) = texts.get(&line.child) else { continue };
        line.seen.clone_from(&text.seen);
        for (held, text) in line.cells.iter_mut().zip(&text.cells) {
            held.text.clone_from(text);
        }
        line.stands_by.clone_from(&text.stands_by);
    }
}

/// Lines for children that left the list while somebody typed: what was typed stays to be read.
pub(super) fn add_missing(sheet: &mut Sheet, texts: &Texts) {
    for (child, text) in texts {
        let is_empty = text.cells.iter().all(String::is_empty);
        if is_empty || sheet.lines.iter().any(|line| line.child == *child) {
            continue;
        }
        sheet.lines.push(Line {
            child: child.clone(),
            href: format!("/balita/{child}"),
            name: "(tidak ada lagi di daftar ini)".to_owned(),
            age: String::new(),
            last: None,
            seen: text.seen.clone(),
            cells: text.cells.clone().map(|text| Held { text, error: None }),
            stands_by: text.stands_by.clone(),
            told: Told::default(),
        });
    }
}

/// What is not as it was shown: a line that nobody touched says nothing, whatever is stored by now.
pub(super) fn touched(tx: &ReadTx<'_>, texts: Texts) -> Stored<Texts> {
    let mut touched = Texts::new();
    for (child, text) in texts {
        if shown_cells(tx, &text.seen)?.map(|held| held.text) != text.cells {
            touched.insert(child, text);
        }
    }
    Ok(touched)
}

/// What stood in the cells of a line when it was shown.
fn shown_cells(tx: &ReadTx<'_>, seen: &str) -> Stored<[Held; 4]> {
    let empty = || CELLS.map(|_| Held::default());
    let Some((id, stamp)) = read_seen(seen) else { return Ok(empty()) };
    let Some(record) = tx.record(id)? else { return Ok(empty()) };
    let Some(version) = tx.version(record.no, stamp)? else { return Ok(empty()) };
    Ok(match tx.content(version, Register::State)? {
        VersionContent::Body(body) => CELLS.map(|(_, field)| held(&body, field)),
        VersionContent::Deleted(_) | VersionContent::Place(_) => empty(),
    })
}

fn read_seen(seen: &str) -> Option<(RecordId, Stamp)> {
    let (id, stamp) = seen.split_once('@')?;
    Some((id.parse().ok()?, stamp.parse().ok()?))
}

/// A line as the rules judge it; else what is wrong with each cell.
pub(super) fn read_line(child: &str, text: &Text) -> Result<sheet::Line, [Option<String>; 4]> {
    let mut errors = CELLS.map(|_| None);
    let mut measures = CELLS.map(|_| Value::Null);
    let cells = MEASURES.iter().zip(&text.cells);
    for ((error, measure), (field, text)) in errors.iter_mut().zip(&mut measures).zip(cells) {
        let Some(field) = Kind::MEASUREMENT.field(field) else { continue };
        match typed::read(field, text, None) {
            Ok(value) => *measure = value,
            Err(wrong) => *error = Some(wrong.sentence),
        }
    }
    if errors.iter().any(Option::is_some) {
        return Err(errors);
    }
    let no_child = || CELLS.map(|_| Some("Anak ini tidak dikenal.".to_owned()));
    let child: RecordId = child.parse().map_err(|_| no_child())?;
    let stands_by = text.stands_by.clone();
    Ok(sheet::Line { child, seen: read_seen(&text.seen), measures, stands_by })
}

/// What is wrong with the cells of a line.
pub(super) fn tell_errors(line: &mut Line, errors: [Option<String>; 4]) {
    for (held, error) in line.cells.iter_mut().zip(errors) {
        held.error = error;
    }
    line.told =
        Told { wrong: Some("Belum disimpan: periksa isian.".to_owned()), ..Told::default() };
}

/// What a verdict is in words. `done` is said of a line that is fine.
pub(super) fn told_of(verdict: Verdict, done: &str) -> Option<Told> {
    Some(match verdict {
        Verdict::Nothing => return None,
        Verdict::Refused(reason) => Told { wrong: Some(sentence_of(&reason)), ..Told::default() },
        Verdict::Doubtful(Doubtful { reading, doubts, word }) => Told {
            wrong: Some("Belum disimpan: ada yang meragukan.".to_owned()),
            doubts: doubts.into_iter().map(|doubt| doubt.sentence).collect(),
            word,
            reading: Some(reading),
            done: None,
        },
        Verdict::Fine(fine) => {
            Told { done: Some(done.to_owned()), reading: fine.reading, ..Told::default() }
        }
    })
}

fn sentence_of(reason: &Reason) -> String {
    match reason {
        Reason::Gone => "Anak ini tidak ada lagi di sini, atau di luar wilayah Anda.".to_owned(),
        Reason::BeforeBirth => "Tanggal ukur sebelum anak lahir.".to_owned(),
        Reason::Changed => {
            "Pengukuran hari ini berubah sejak lembar dibuka. Bandingkan dengan nilai tersimpan, lalu simpan lagi bila yang Anda ketik yang benar.".to_owned()
        }
        Reason::Emptied => {
            "Pengukuran yang sudah ada tidak dihapus di sini: hapus di halaman anak.".to_owned()
        }
        Reason::Field(fault) => {
            let field = fault.field.as_deref().map_or("Isian", labels::field);
            format!("{field} tidak dapat diterima.")
        }
    }
}

/// The values of a measurement that somebody else stored meanwhile.
pub(super) fn stored_values(line: &Line) -> String {
    let cells = CELLS.iter().zip(&line.cells).filter(|(_, held)| !held.text.is_empty());
    let each = cells.map(|((_, field), held)| format!("{} {}", labels::field(field), held.text));
    each.collect::<Vec<_>>().join(", ")
}
