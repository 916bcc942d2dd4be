//! Forms that change a child or a measurement.
//!
//! A form carries the stamp of the row that it shows. When the row has another one by the time the
//! form comes back, it is shown again: what the person did not touch is what it is now, and what was
//! changed meanwhile is told.

mod opened;

use super::visit::Visit;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::store::Record;
use crate::sync::enter::enter;
use crate::sync::server_time;
use opened::{Asked, Opened};
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit};
use sync_protocol::problem::ProblemCode;
use sync_protocol::record::Kind;
use sync_protocol::stamp::Stamp;
use views::edit_page::{EditPage, Meanwhile, edit_page};
use views::form::{Mistakes, Typed};
use views::shell::Notice;
use views::{child_form as child_view, measurement_form as measurement_view};

pub(super) use opened::record_in_scope;

pub(super) fn child_form(visit: &Visit<'_>) -> Result<Response, Refusal> {
    form(visit, Kind::CHILD)
}

pub(super) fn measurement_form(visit: &Visit<'_>) -> Result<Response, Refusal> {
    form(visit, Kind::MEASUREMENT)
}

pub(super) fn save_child(visit: &Visit<'_>) -> Result<Response, Refusal> {
    save(visit, Kind::CHILD)
}

pub(super) fn save_measurement(visit: &Visit<'_>) -> Result<Response, Refusal> {
    save(visit, Kind::MEASUREMENT)
}

/// What is shown of a form, whether it is opened or sent with a mistake.
struct Shown {
    status: u16,
    notice: Option<Notice>,
    typed: Typed,
    mistakes: Mistakes,
    meanwhile: Option<Meanwhile>,
    doubts: Vec<String>,
    /// By which the person stands by the doubts.
    word: String,
}

impl Shown {
    fn fresh(typed: Typed) -> Self {
        Shown {
            status: 200,
            notice: None,
            typed,
            mistakes: Mistakes::default(),
            meanwhile: None,
            doubts: Vec::new(),
            word: String::new(),
        }
    }

    fn wrong(typed: Typed, mistakes: Mistakes) -> Self {
        let notice = Notice::Wrong("Belum tersimpan. Perbaiki isian yang ditandai.".to_owned());
        Shown { status: 422, notice: Some(notice), mistakes, ..Shown::fresh(typed) }
    }
}

/// What becomes of a form that was sent.
enum Judged {
    Again(Shown),
    Unchanged,
    Take(Body),
}

fn form(visit: &Visit<'_>, kind: Kind) -> Result<Response, Refusal> {
    let opened = open(visit, kind)?;
    let shown = Shown::fresh(opened.typed());
    Ok(page(visit, &opened, &shown))
}

fn save(visit: &Visit<'_>, kind: Kind) -> Result<Response, Refusal> {
    let opened = open(visit, kind)?;
    let base = base_of(visit)?;
    let typed = visit.form.typed(kind);
    let body = match judge(visit, &opened, base, &typed) {
        Judged::Again(shown) => return Ok(page(visit, &opened, &shown)),
        Judged::Unchanged => return Ok(Response::redirect(format!("{}?kabar=tetap", opened.back))),
        Judged::Take(body) => body,
    };
    let edit = Edit::Body { body, area: None };
    match make(visit, Change { kind, id: opened.record.id, edit }, base) {
        Ok(()) => Ok(Response::redirect(format!("{}?kabar=tersimpan", opened.back))),
        Err(Refusal::Field(field)) => {
            let mut mistakes = Mistakes::default();
            mistakes.add(&field, "Isian ini tidak dapat diterima. Tulis lagi dengan lengkap.");
            Ok(page(visit, &opened, &Shown::wrong(typed, mistakes)))
        }
        // Somebody was faster by a moment.
        Err(Refusal::Stale) => {
            let opened = open(visit, kind)?;
            Ok(page(visit, &opened, &overtaken(&opened, &typed)))
        }
        Err(refusal) => Err(refusal),
    }
}

fn judge(visit: &Visit<'_>, opened: &Opened, base: Stamp, typed: &Typed) -> Judged {
    let kind = opened.record.kind;
    if base != opened.record.row_stamp() {
        return Judged::Again(overtaken(opened, typed));
    }
    let read = typed.read(kind, opened.body.clone(), Some(opened.today));
    let body = match read.and_then(|body| opened.completed(body)) {
        Ok(body) => body,
        Err(mistakes) => return Judged::Again(Shown::wrong(typed.clone(), mistakes)),
    };
    if opened.is_unchanged(typed) {
        return Judged::Unchanged;
    }
    if let Err(fault) = kind.check(&body, opened.today) {
        let mut mistakes = Mistakes::default();
        let field = fault.field.unwrap_or_default();
        mistakes.add(&field, "Isian ini tidak dapat diterima, atau belum ada hasil ukur.");
        return Judged::Again(Shown::wrong(typed.clone(), mistakes));
    }
    match opened.confirmed(body, visit.form.raw("pasti")) {
        Ok(body) => Judged::Take(body),
        Err(asked) => Judged::Again(doubted(typed, asked)),
    }
}

fn doubted(typed: &Typed, asked: Asked) -> Shown {
    let notice = "Belum tersimpan. Periksa angka yang diragukan.".to_owned();
    Shown {
        status: 422,
        notice: Some(Notice::Wrong(notice)),
        doubts: asked.doubts.into_iter().map(|doubt| doubt.sentence).collect(),
        word: asked.word,
        ..Shown::fresh(typed.clone())
    }
}

fn overtaken(opened: &Opened, typed: &Typed) -> Shown {
    let (merged, changes) = opened.brought_onto(typed);
    Shown {
        status: ProblemCode::Stale.status(),
        meanwhile: Some(Meanwhile { by: opened.by.clone(), changes }),
        ..Shown::fresh(merged)
    }
}

fn page(visit: &Visit<'_>, opened: &Opened, shown: &Shown) -> Response {
    let fields = if opened.record.kind == Kind::CHILD {
        child_view::fields(&shown.typed, &shown.mistakes, &opened.posyandu)
    } else {
        measurement_view::fields(&shown.typed, &shown.mistakes)
    };
    let edit = EditPage {
        action: visit.call.request.path.clone(),
        back: opened.back.clone(),
        base: opened.record.row_stamp().to_string(),
        meanwhile: shown.meanwhile.clone(),
        delete: is_live_measurement(&opened.record)
            .then(|| format!("/pengukuran/{}/hapus", opened.record.id)),
        doubts: shown.doubts.clone(),
        word: shown.word.clone(),
    };
    let content = edit_page(&edit, &fields, &visit.viewer());
    visit.page_with(shown.status, "/balita", &opened.title, shown.notice.as_ref(), &content)
}

fn is_live_measurement(record: &Record) -> bool {
    record.kind == Kind::MEASUREMENT && record.deleted.is_none()
}

fn open(visit: &Visit<'_>, kind: Kind) -> Result<Opened, Refusal> {
    let base = visit.form.text("base").and_then(|base| base.parse().ok());
    visit.call.read(|tx, person, now| {
        let now_ms = now.ms;
        let today = server_time::today(tx, now_ms)?;
        Opened::read(tx, record_in_scope(tx, &person, visit, kind)?, base, today)
    })
}

/// The stamp of the row that a form showed.
pub(super) fn base_of(visit: &Visit<'_>) -> Result<Stamp, Refusal> {
    let base = visit.form.text("base").and_then(|base| base.parse().ok());
    base.ok_or_else(|| Refusal::malformed("base"))
}

/// Makes a change in the name of the person.
pub(super) fn make(visit: &Visit<'_>, change: Change, base: Stamp) -> Result<(), Refusal> {
    visit.call.write(move |tx, person, now| {
        enter(tx, &person, change, Some(base), now.ms).map(|_entered| ())
    })
}
