//! Kunjungan: a home visit or other assistance, new or mended.

use super::{Answer, App, Question, Stumble, route};
use serde_json::{Value, json};
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, visit};
use views::app::frame::Here;
use views::app::record_form::RecordForm;
use views::app::record_form::visit::{PMT_DAYS, PMT_KIND, content};
use views::form::{Mistakes, Typed};

impl App {
    pub(super) fn visit(
        &mut self,
        child: RecordId,
        record: Option<RecordId>,
        question: &Question,
    ) -> Result<Answer, Stumble> {
        let row = self.row(child)?;
        let before = self.before(Kind::VISIT, visit::CHILD_ID, child, record)?;
        let today = self.replica.today()?;
        let typed = if question.sent {
            question.typed(Kind::VISIT, &[PMT_KIND, PMT_DAYS])
        } else {
            let mut body = before.clone();
            if let (None, Some(today)) = (record, today) {
                body.set(visit::VISITED_ON, today.to_string());
            }
            typed_of(&body)
        };
        let title = format!("Kunjungan {}", row.name);
        let back = route::child(&child);
        let mut shown = RecordForm::of(typed);
        if !question.sent {
            self.tell_held(record, &mut shown)?;
            return self.screen(Here::OwnFoot, &title, &content(&shown, &back));
        }
        let read = shown.typed.read(Kind::VISIT, before, today);
        match read.and_then(|body| with_pmt(body, &shown.typed)) {
            Ok(body) => {
                let saved = self.replica.save(Kind::VISIT, record, None, body)?;
                Ok(self.saved(child, saved.seq, format!("Kunjungan {}.", row.name)))
            }
            Err(mistakes) => {
                shown.mistakes = mistakes;
                self.again(Here::OwnFoot, &title, &content(&shown, &back))
            }
        }
    }
}

fn typed_of(body: &Body) -> Typed {
    let pmt = |name| body.get(visit::PMT).and_then(|pmt| pmt.get(name));
    let kind = pmt("kind").and_then(Value::as_str).unwrap_or_default();
    let days = pmt("days").and_then(Value::as_i64).map(|days| days.to_string());
    let fields = Kind::VISIT.fields().iter().map(|field| field.name);
    let plain = Typed::of_body(Kind::VISIT, body);
    Typed::from_texts(
        fields
            .filter(|name| *name != visit::PMT && !plain.get(name).is_empty())
            .map(|name| (name.to_owned(), plain.get(name).to_owned()))
            .chain([
                (PMT_KIND.to_owned(), kind.to_owned()),
                (PMT_DAYS.to_owned(), days.unwrap_or_default()),
            ]),
    )
}

/// Kind and days of supplementary food are one field.
fn with_pmt(mut body: Body, typed: &Typed) -> Result<Body, Mistakes> {
    let mut mistakes = Mistakes::default();
    let (kind, days) = (typed.get(PMT_KIND).trim(), typed.get(PMT_DAYS).trim());
    let days = match days {
        "" => None,
        text => match views::typed::decimal(text, 0, "Lama PMT") {
            Ok(days) => Some(days),
            Err(wrong) => {
                mistakes.add(PMT_DAYS, wrong.sentence);
                None
            }
        },
    };
    if kind.is_empty() && days.is_some() {
        mistakes.add(PMT_KIND, "Isi jenis PMT.");
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let pmt = if kind.is_empty() { json!(null) } else { json!({"kind": kind, "days": days}) };
    body.set(visit::PMT, pmt);
    Ok(body)
}
