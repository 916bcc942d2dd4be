//! The app behind its screens: a question comes in, a screen goes out.

mod child;
mod enrol;
mod handover;
mod list;
mod measure;
mod newcomer;
mod route;
mod saved;
mod send;
mod status;
mod talk;
mod today;
mod visit;

use list::ChildList;
use route::Route;
use saved::JustSaved;
use serde::{Deserialize, Serialize};
use std::fmt;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_replica::{ChildRow, OpenError, Replica, SaveError, StorageError, SyncError};
use talk::Line;
use views::Markup;
use views::app::frame::{self, Here};
use views::app::send::Machine;
use views::form::Typed;
use views::shell::{Notice, told};

/// What the page asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Question {
    /// The address after the `#`.
    pub path: String,
    /// What stands in the form, by the names of its inputs.
    pub fields: Vec<(String, String)>,
    /// The form was sent.
    pub sent: bool,
    /// Somebody is typing: only the part that follows is asked for.
    pub live: bool,
    /// There may be a network now.
    pub wake: bool,
    pub facts: Option<Facts>,
}

/// What only the page can find out.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The browser promised to keep the data.
    pub persisted: Option<bool>,
    pub used_bytes: Option<u64>,
    pub free_bytes: Option<u64>,
    /// The app starts without a network.
    pub offline: Option<bool>,
}

/// What the page is to do. Absent members are nothing to do.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Answer {
    /// A whole screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The part that follows what is typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Another address to show instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub go: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
    /// Why what was sent was not done, as HTML: the form stays as it was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// There is something to say to the server.
    pub talk: bool,
}

/// A file for somebody to carry.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// What changed while nobody asked.
#[derive(Clone, Debug, Serialize)]
pub struct News {
    pub strip: String,
    /// How far the sync is, in the words of the screen that shows it.
    pub sync: String,
    /// The screen may show what is not so any more.
    pub renew: bool,
}

/// Why a screen cannot be shown.
#[derive(Debug, thiserror::Error)]
enum Stumble {
    #[error("no such screen or record")]
    NotFound,
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Save(#[from] SaveError),
    #[error(transparent)]
    Sync(#[from] SyncError),
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// The tablet's app.
pub struct App {
    replica: Replica,
    /// The server that served the app.
    origin: String,
    list: Option<ChildList>,
    line: Line,
    machine: Machine,
    /// Told once, on the next screen.
    notice: Option<Notice>,
    just_saved: Option<JustSaved>,
    /// The desa or posyandu that the worker looks at.
    place: String,
    /// Data changed since the page was told.
    is_changed: bool,
    /// Earlier files that were damaged and lie beside this one.
    set_aside: Vec<String>,
}

impl App {
    pub fn new(replica: Replica, origin: &str) -> Self {
        App {
            replica,
            origin: origin.to_owned(),
            list: None,
            line: Line::default(),
            machine: Machine::default(),
            notice: None,
            just_saved: None,
            place: String::new(),
            is_changed: false,
            set_aside: Vec::new(),
        }
    }

    /// Earlier files were damaged and lie beside the replica's, set aside: this will be told.
    #[must_use]
    pub fn after_damage_of(self, set_aside: Vec<String>) -> Self {
        App { set_aside, ..self }
    }

    /// Answers a question. Never fails: what went wrong is a screen, too.
    pub fn answer(&mut self, question: &Question) -> Answer {
        if let Some(facts) = question.facts {
            self.learn(facts);
            return Answer::default();
        }
        if question.wake {
            return Answer { talk: true, ..Answer::default() };
        }
        match self.route(question) {
            Ok(answer) => answer,
            Err(Stumble::Save(error)) => refused(&format!("Belum disimpan. {}", error.sentence())),
            Err(stumble) => self.stumbled(&stumble),
        }
    }

    /// The parts of a screen that change by themselves.
    pub fn news(&mut self) -> News {
        let renew = std::mem::take(&mut self.is_changed);
        let strip = self.strip().map_or_else(|_| String::new(), |s| frame::strip(&s).into_string());
        let sync = self.sync_part().map_or_else(|_| String::new(), Markup::into_string);
        News { strip, sync, renew }
    }

    fn route(&mut self, question: &Question) -> Result<Answer, Stumble> {
        let route = Route::of(&question.path);
        if let Some(answer) = self.before_work(&route, question)? {
            return Ok(answer);
        }
        self.leave_saved(&route);
        match route {
            Route::Today => self.today(question),
            Route::Child(id) => self.child(id),
            Route::Measure(child, record) => self.measure(child, record, question),
            Route::DeleteMeasure(child, record) => self.delete_measure(child, record, question),
            Route::NewChild => self.new_child(question),
            Route::EditChild(id) => self.edit_child(id, question),
            Route::Visit(child, record) => self.visit(child, record, question),
            Route::HandOver(id) => self.hand_over(id, question),
            Route::Send => self.send(question),
            Route::File => self.file(),
            Route::Enrol(code) => self.enrol(code.as_deref(), question),
            Route::Unknown => Err(Stumble::NotFound),
        }
    }

    fn learn(&mut self, facts: Facts) {
        let machine = &mut self.machine;
        machine.persisted = facts.persisted.or(machine.persisted);
        machine.used_bytes = facts.used_bytes.or(machine.used_bytes);
        machine.free_bytes = facts.free_bytes.or(machine.free_bytes);
        machine.offline = facts.offline.or(machine.offline);
    }

    /// A screen in its frame.
    fn screen(&mut self, here: Here, title: &str, content: &Markup) -> Result<Answer, Stumble> {
        let notice =
            self.notice.take().map_or_else(|| self.saved_notice(), |told| Ok(Some(told)))?;
        self.screen_with(here, title, notice.as_ref(), content)
    }

    fn screen_with(
        &self,
        here: Here,
        title: &str,
        notice: Option<&Notice>,
        content: &Markup,
    ) -> Result<Answer, Stumble> {
        let html = frame::screen(&self.strip()?, here, title, notice, content);
        Ok(shown(title, html))
    }

    /// A form that was sent with a mistake.
    fn again(&self, here: Here, title: &str, content: &Markup) -> Result<Answer, Stumble> {
        let notice = Notice::Wrong("Belum disimpan. Periksa isian yang ditandai.".to_owned());
        self.screen_with(here, title, Some(&notice), content)
    }

    fn stumbled(&mut self, stumble: &Stumble) -> Answer {
        if let (Stumble::NotFound, Ok(Some(saved))) = (stumble, self.saved_notice()) {
            return self.left(&saved);
        }
        let said = match stumble {
            Stumble::NotFound => {
                "Data ini tidak ada di tablet. Mungkin sudah dihapus atau pindah desa.".to_owned()
            }
            Stumble::Storage(error) => error.sentence(),
            Stumble::Save(error) => error.sentence(),
            Stumble::Sync(error) => error.sentence(),
            Stumble::Open(error) => error.sentence(),
        };
        let content = frame::stumbled(&said);
        let title = match stumble {
            Stumble::NotFound => "Tidak ditemukan",
            Stumble::Storage(_) | Stumble::Save(_) | Stumble::Sync(_) | Stumble::Open(_) => {
                "Tidak dapat dilakukan"
            }
        };
        let framed = self.screen_with(Here::Elsewhere, title, None, &content);
        framed.unwrap_or_else(|_| shown(title, frame::bare(title, None, &content)))
    }

    /// A child that went with what was just saved.
    fn left(&self, saved: &Notice) -> Answer {
        let (title, content) = ("Sudah pindah", frame::stumbled(views::app::handover::LEFT));
        let framed = self.screen_with(Here::Elsewhere, title, Some(saved), &content);
        framed.unwrap_or_else(|_| shown(title, frame::bare(title, Some(saved), &content)))
    }

    /// A child of the list.
    fn row(&mut self, id: RecordId) -> Result<ChildRow, Stumble> {
        self.list()?.find(&id).map(|listed| listed.row.clone()).ok_or(Stumble::NotFound)
    }

    /// What the form of a record that belongs to a child begins with: the record as it is, or only
    /// whose it will be.
    fn before(
        &self,
        kind: Kind,
        child_field: &str,
        child: RecordId,
        record: Option<RecordId>,
    ) -> Result<Body, Stumble> {
        let Some(id) = record else {
            return Ok(Body::new().with(child_field, child.to_string()));
        };
        let found = self.replica.record(kind, id)?;
        found.and_then(|found| found.body().cloned()).ok_or(Stumble::NotFound)
    }
}

fn refused(why: &str) -> Answer {
    let why = told(&Notice::Wrong(why.to_owned()));
    Answer { refused: Some(why.into_string()), ..Answer::default() }
}

fn shown(title: &str, html: Markup) -> Answer {
    Answer { html: Some(html.into_string()), title: Some(title.to_owned()), ..Answer::default() }
}

impl Question {
    fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// What was typed for the fields of a kind, and for further inputs.
    fn typed(&self, kind: Kind, further: &[&str]) -> Typed {
        let is_ours = |name: &str| kind.field(name).is_some() || further.contains(&name);
        Typed::from_texts(self.fields.iter().filter(|(name, _)| is_ours(name)).cloned())
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("replica", &self.replica).finish_non_exhaustive()
    }
}
