//! Anak baru, and Ubah data: the same form.

use super::today::item;
use super::{Answer, App, Question, Stumble, route};
use std::collections::BTreeSet;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, child};
use views::app::frame::Here;
use views::app::record_form::RecordForm;
use views::app::record_form::child::{ChildForm, content};
use views::app::today::Item;
use views::child_form::{warnings, with_departure};
use views::choice::Choice;
use views::form::Typed;
use views::shell::Notice;

impl App {
    pub(super) fn new_child(&mut self, question: &Question) -> Result<Answer, Stumble> {
        let typed = question.typed(Kind::CHILD, &[]);
        let area = question.field("area").and_then(|area| area.parse::<Area>().ok());
        let (areas, area) = self.areas(area)?;
        let mut shown = ChildForm {
            form: RecordForm::of(typed),
            areas,
            posyandu: self.posyandu_of_scope()?,
            doubles: Vec::new(),
        };
        if !question.sent {
            return self.screen(Here::OwnFoot, "Anak baru", &content(&shown, "#/"));
        }
        let today = self.replica.today()?;
        let read = shown.form.typed.read(Kind::CHILD, Body::new(), today);
        let body = match read.and_then(|body| with_departure(body, &Body::new())) {
            Ok(body) => body,
            Err(mistakes) => {
                shown.form.mistakes = mistakes;
                return self.again(Here::OwnFoot, "Anak baru", &content(&shown, "#/"));
            }
        };
        shown.doubles = self.doubles(&body)?;
        if question.field("confirmed").unwrap_or_default() != shown.word() {
            let told = "Belum disimpan: mungkin anak ini sudah ada.".to_owned();
            let (told, content) = (Notice::Wrong(told), content(&shown, "#/"));
            return self.screen_with(Here::OwnFoot, "Anak baru", Some(&told), &content);
        }
        let said = said(&body, "ditambahkan");
        let saved = self.replica.save(Kind::CHILD, None, area, body)?;
        Ok(self.saved(saved.id, saved.seq, said))
    }

    pub(super) fn edit_child(
        &mut self,
        id: RecordId,
        question: &Question,
    ) -> Result<Answer, Stumble> {
        let back = route::child(&id);
        let record = self.replica.record(Kind::CHILD, id)?.ok_or(Stumble::NotFound)?;
        let before = record.body().cloned().ok_or(Stumble::NotFound)?;
        let typed = if question.sent {
            question.typed(Kind::CHILD, &[])
        } else {
            Typed::of_body(Kind::CHILD, &before)
        };
        let mut shown = ChildForm {
            form: RecordForm::of(typed),
            posyandu: match &record.area {
                Some(area) => self.replica.posyandu_of(area)?,
                None => Vec::new(),
            },
            ..ChildForm::default()
        };
        if !question.sent {
            self.tell_held(Some(id), &mut shown.form)?;
            return self.screen(Here::OwnFoot, "Ubah data", &content(&shown, &back));
        }
        let today = self.replica.today()?;
        let read = shown.form.typed.read(Kind::CHILD, before.clone(), today);
        let body = match read.and_then(|body| with_departure(body, &before)) {
            Ok(body) => body,
            Err(mistakes) => {
                shown.form.mistakes = mistakes;
                return self.again(Here::OwnFoot, "Ubah data", &content(&shown, &back));
            }
        };
        if body.says_the_same(&before) {
            return Ok(Answer { go: Some(back), ..Answer::default() });
        }
        let said = said(&body, "diubah");
        let saved = self.replica.save(Kind::CHILD, Some(id), None, body)?;
        Ok(self.saved(id, saved.seq, said))
    }

    /// The desa for a new child: those of the scope, and which is chosen.
    fn areas(&self, chosen: Option<Area>) -> Result<(Vec<Choice>, Option<Area>), Stumble> {
        let villages = self.replica.villages()?;
        let area = chosen.or_else(|| villages.first().map(|village| village.code.clone()));
        let chosen = area.as_ref().map(Area::as_str);
        let choices = villages
            .iter()
            .map(|village| {
                let name = village.name.clone().unwrap_or_else(|| village.code.to_string());
                Choice::new(village.code.as_str(), name, chosen)
            })
            .collect();
        Ok((choices, area))
    }

    /// Which of them are offered cannot follow the desa that is chosen while the form stands: all
    /// are, and a worker has few.
    fn posyandu_of_scope(&self) -> Result<Vec<String>, Stumble> {
        let mut names = BTreeSet::new();
        for village in self.replica.villages()? {
            names.extend(self.replica.posyandu_of(&village.code)?);
        }
        Ok(names.into_iter().collect())
    }

    /// Two of one name, sex and birth date are one child entered twice, or rarely two.
    fn doubles(&mut self, body: &Body) -> Result<Vec<Item>, Stumble> {
        let facts = (body.text(child::NAME), body.text(child::SEX), body.date(child::BIRTH_DATE));
        let (Some(name), Some(sex), Some(born)) = facts else { return Ok(Vec::new()) };
        let found = self.replica.like(name, sex, born)?;
        let today = self.replica.today()?;
        let list = self.list()?;
        Ok(found
            .iter()
            .filter_map(|row| list.find(&row.id))
            .map(|listed| item(listed, list, today))
            .collect())
    }
}

/// What was done, and what is odd about it.
fn said(body: &Body, done: &str) -> String {
    let name = body.text(child::NAME).unwrap_or("-");
    let mut said = format!("{name} {done}.");
    for warning in warnings(body) {
        said.push(' ');
        said.push_str(&warning);
    }
    said
}
