//! Ukur: a new measurement, or one that is mended. What is doubtful is saved only when the worker says
//! that it was looked at.

use super::{Answer, App, Question, Stumble, child, route};
use serde_json::json;
use sync_protocol::body::Body;
use sync_protocol::change::Tombstone;
use sync_protocol::growth::{self, Child as Growing, word_for};
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, measurement};
use sync_protocol::time::CivilDate;
use sync_replica::ChildRow;
use views::app::frame::Here;
use views::app::measure::{Meaning, Measure, content, delete, meaning};
use views::app::record_form::RecordForm;
use views::form::{Mistakes, Typed};
use views::words;

/// At least one of these is measured.
const MEASURES: [&str; 4] =
    [measurement::WEIGHT_G, measurement::HEIGHT_MM, measurement::MUAC_MM, measurement::HEAD_MM];

const STANDS_FROM_MONTHS: u32 = 24;

impl App {
    pub(super) fn measure(
        &mut self,
        child: RecordId,
        record: Option<RecordId>,
        question: &Question,
    ) -> Result<Answer, Stumble> {
        let row = self.row(child)?;
        let before = self.before(Kind::MEASUREMENT, measurement::CHILD_ID, child, record)?;
        let typed = if question.sent || question.live {
            question.typed(Kind::MEASUREMENT, &[])
        } else {
            self.first_typed(&row, &before, record)?
        };
        let confirmed = question.field("confirmed").unwrap_or_default();
        let today = self.replica.today()?;
        let read =
            typed.read(Kind::MEASUREMENT, before.clone(), today).and_then(|body| check(&row, body));
        let meaning_now = self.meaning(child, record, &typed, &before, confirmed)?;
        if question.live {
            let part = meaning(&meaning_now).into_string();
            return Ok(Answer { part: Some(part), ..Answer::default() });
        }
        let doing = if record.is_some() { "Betulkan pengukuran" } else { "Ukur" };
        let title = &format!("{doing} {}", row.name);
        let mut shown = Measure {
            about: child::about(&row, today),
            form: RecordForm::of(typed),
            delete: record.map(|id| format!("{}/hapus", route::measurement(&child, &id))),
            back: route::child(&child),
            meaning: meaning_now,
        };
        if !question.sent {
            shown.meaning.wrong.clear();
            self.tell_held(record, &mut shown.form)?;
            return self.screen(Here::OwnFoot, title, &content(&shown));
        }
        let is_sure = shown.meaning.is_confirmed;
        let reading = shown.meaning.reading.as_ref();
        let settled = read
            .map(|mut body| growth::confirm(&before, &mut body, reading, is_sure).map(|()| body));
        match settled {
            Ok(Ok(body)) => {
                let said = summary(&row, &body);
                let saved = self.replica.save(Kind::MEASUREMENT, record, None, body)?;
                Ok(self.saved(child, saved.seq, said))
            }
            Ok(Err(_)) => {
                let notice = views::shell::Notice::Wrong(
                    "Belum disimpan: ada yang meragukan. Periksa, lalu centang bila memang benar."
                        .to_owned(),
                );
                shown.meaning.is_asked = true;
                self.screen_with(Here::OwnFoot, title, Some(&notice), &content(&shown))
            }
            Err(mistakes) => {
                shown.form.mistakes = mistakes;
                shown.meaning.wrong.clear();
                self.again(Here::OwnFoot, title, &content(&shown))
            }
        }
    }

    pub(super) fn delete_measure(
        &mut self,
        child: RecordId,
        record: RecordId,
        question: &Question,
    ) -> Result<Answer, Stumble> {
        let row = self.row(child)?;
        let found = self.replica.record(Kind::MEASUREMENT, record)?.ok_or(Stumble::NotFound)?;
        let body = found.body().ok_or(Stumble::NotFound)?;
        if question.sent {
            let reason = question.field("reason").and_then(|reason| reason.parse().ok());
            let reason = reason.unwrap_or(Tombstone::WrongEntry);
            let saved = self.replica.delete(Kind::MEASUREMENT, record, reason)?;
            let said = format!("Pengukuran {} dihapus.", row.name);
            return Ok(self.saved(child, saved.seq, said));
        }
        let what =
            format!("Pengukuran {} dihapus dari data?", summary(&row, body).trim_end_matches('.'));
        let back = route::measurement(&child, &record);
        self.screen(Here::OwnFoot, "Hapus pengukuran", &delete(&what, &back))
    }

    /// A new form has today's date, and the position that fits the age.
    fn first_typed(
        &self,
        child: &ChildRow,
        before: &Body,
        record: Option<RecordId>,
    ) -> Result<Typed, Stumble> {
        let mut body = before.clone();
        if let (None, Some(today)) = (record, self.replica.today()?) {
            body.set(measurement::MEASURED_ON, today.to_string());
            if let Some(position) = usual_position(child, today) {
                body.set(measurement::POSITION, position);
            }
        }
        Ok(Typed::of_body(Kind::MEASUREMENT, &body))
    }

    /// What is typed so far means, as far as it can be read.
    fn meaning(
        &self,
        child: RecordId,
        record: Option<RecordId>,
        typed: &Typed,
        before: &Body,
        confirmed: &str,
    ) -> Result<Meaning, Stumble> {
        let mut body = before.clone();
        let mut wrong = Vec::new();
        let today = self.replica.today()?;
        for field in Kind::MEASUREMENT.fields() {
            let text = typed.get(field.name);
            let is_measure = MEASURES.contains(&field.name);
            match views::typed::read(field, text, today) {
                Ok(value) if field.name != measurement::CHILD_ID && !value.is_null() => {
                    body.set(field.name, value)
                }
                Ok(_) if is_measure => body.set(field.name, json!(null)),
                Err(error) if !text.is_empty() => wrong.push(error.sentence),
                Ok(_) | Err(_) => {}
            }
        }
        let is_measured = MEASURES.iter().any(|field| body.get(field).is_some());
        let reading = match is_measured {
            true => self.replica.growth_if_saved(child, record, &body)?,
            false => None,
        };
        let doubts = growth::doubts_to_ask(before, &body, reading.as_ref());
        let word = word_for(&doubts, &body);
        let is_confirmed = word == confirmed;
        Ok(Meaning { reading, doubts, word, is_confirmed, wrong, is_asked: false })
    }
}

/// Children lie on the board until they are two, and stand from then on.
fn usual_position(child: &ChildRow, today: CivilDate) -> Option<&'static str> {
    let months = Growing::new(child.sex.as_deref()?, child.birth_date?)?.months_on(today)?;
    Some(if months < STANDS_FROM_MONTHS { "terlentang" } else { "berdiri" })
}

/// What the form can say more clearly than the protocol's rule.
fn check(child: &ChildRow, mut body: Body) -> Result<Body, Mistakes> {
    let mut mistakes = Mistakes::default();
    if MEASURES.iter().all(|field| body.get(field).is_none()) {
        mistakes.add(measurement::WEIGHT_G, "Isi paling sedikit satu ukuran.");
    }
    if let (Some(day), Some(born)) = (body.date(measurement::MEASURED_ON), child.birth_date)
        && day < born
    {
        let said = format!("Sebelum lahir ({}).", words::date(born));
        mistakes.add(measurement::MEASURED_ON, said);
    }
    // How nobody was measured is nothing to keep.
    if body.get(measurement::HEIGHT_MM).is_none() {
        body.set(measurement::POSITION, json!(null));
    }
    if mistakes.is_empty() { Ok(body) } else { Err(mistakes) }
}

fn summary(row: &ChildRow, body: &Body) -> String {
    format!("{} {}.", row.name, child::measures(body))
}
