//! Kirim: all that is true between this tablet and the server.

use super::{Answer, App, File, Question, Stumble, route};
use sync_protocol::change::Register;
use sync_protocol::ids::RecordId;
use sync_protocol::parked::ParkCode;
use sync_protocol::record::{Kind, child};
use sync_replica::{APP, LogEntry, ParkedChange, ReplacedChange, ReplicaStatus, Shown};
use views::app::frame::Here;
use views::app::record_form::RecordForm;
use views::app::send::{Parked, Replaced, Send, content};
use views::shell::Notice;
use views::{labels, words};

/// Listed; more of them are nothing that a worker reads.
const MOVEMENTS: u32 = 20;
const WAITING: usize = 20;
const REPLACED: usize = 50;
/// A clock that is off by less is not worth a word.
const CLOCK_IS_WRONG_MS: i64 = 10 * 60 * 1_000;

impl App {
    pub(super) fn send(&mut self, question: &Question) -> Result<Answer, Stumble> {
        let shown = self.send_state()?;
        let answer = self.screen(Here::Send, "Kirim", &content(&shown))?;
        Ok(Answer { talk: question.sent, ..answer })
    }

    /// The unsent changes, for somebody to carry.
    pub(super) fn file(&mut self) -> Result<Answer, Stumble> {
        let outbox = self.replica.outbox(false)?;
        if outbox.changes.is_empty() {
            self.notice =
                Some(Notice::Done("Tidak ada yang perlu dikirim lewat berkas.".to_owned()));
            return Ok(Answer { go: Some("#/kirim".to_owned()), ..Answer::default() });
        }
        let text = serde_json::to_string(&outbox).map_err(|_| Stumble::NotFound)?;
        let name = format!("timbang-{}-{}.json", outbox.device, outbox.last_seq);
        let said = format!(
            "{} perubahan ada di berkas {name}, di folder unduhan (Download). Berikan berkas itu kepada penyelia, misalnya lewat Bluetooth atau kabel.",
            words::count(outbox.changes.len() as u64)
        );
        self.notice = Some(Notice::Done(said));
        let shown = self.send_state()?;
        let answer = self.screen(Here::Send, "Kirim", &content(&shown))?;
        Ok(Answer { file: Some(File { name, text }), ..answer })
    }

    /// Why the server holds back a record, told on the form that mends it: at the top, and beside the
    /// field where it is one's.
    pub(super) fn tell_held(
        &mut self,
        record: Option<RecordId>,
        form: &mut RecordForm,
    ) -> Result<(), Stumble> {
        let Some(id) = record else { return Ok(()) };
        let Some(change) = self.held(id, Register::State)? else { return Ok(()) };
        let reason = reason(&change);
        let told = match &change.field {
            Some(field) => {
                form.mistakes.add(field, reason);
                "Tertahan di server. Perbaiki isian yang ditandai.".to_owned()
            }
            None => format!("Tertahan di server. {reason}"),
        };
        self.notice = Some(Notice::Wrong(told));
        Ok(())
    }

    /// The same of a hand-over, which has one field.
    pub(super) fn tell_held_move(&mut self, child: RecordId) -> Result<(), Stumble> {
        if let Some(change) = self.held(child, Register::Place)? {
            let told = format!("Tertahan di server. {}", reason(&change));
            self.notice = Some(Notice::Wrong(told));
        }
        Ok(())
    }

    fn held(&self, id: RecordId, register: Register) -> Result<Option<ParkedChange>, Stumble> {
        let is_its =
            |change: &ParkedChange| change.entry.id == id && change.entry.register == register;
        Ok(self.replica.parked()?.into_iter().find(is_its))
    }

    pub(super) fn send_state(&self) -> Result<Send, Stumble> {
        let status = self.replica.status()?;
        let movements = self.replica.movements(MOVEMENTS)?;
        let replaced = self.replica.superseded()?;
        Ok(Send {
            behind: self.behind(&status),
            pending: status.pending,
            oldest: status.oldest_pending_ms.map(|at| self.since(at)),
            last_sent: status.last_sent_ms.map(|at| self.server_moment(at, &status)),
            last_received: status.last_received_ms.map(|at| self.server_moment(at, &status)),
            state: self.state(&status)?,
            complete: status.complete,
            doing: self.doing(&status),
            is_stuck: self.line.is_stuck,
            waiting: self.waiting()?,
            parked: self.replica.parked()?.iter().map(parked).collect(),
            replaced: replaced.iter().take(REPLACED).map(replaced_text).collect(),
            movements: movements
                .iter()
                .map(|movement| self.movement_text(movement, &status))
                .collect::<Result<_, Stumble>>()?,
            identity: self.identity(&status)?,
            clock: self.clock_text(&status),
            machine: self.machine.clone(),
            enrol_anew: status.stopped.is_some() || self.line.is_refused,
            set_aside: self.set_aside.clone(),
        })
    }

    /// `kemarin 16:40 (17 jam)`.
    fn since(&self, at_ms: i64) -> String {
        let long = words::length(self.replica.clock().0.saturating_sub(at_ms));
        let long = long.map(|long| format!(" ({long})")).unwrap_or_default();
        format!("{}{long}", self.moment(at_ms))
    }

    /// What waits, oldest first: `pengukuran Melati, hari ini 09:15`.
    fn waiting(&self) -> Result<Vec<String>, Stumble> {
        let pending = self.replica.pending()?;
        let name = |entry: &LogEntry| {
            let child = self.replica.record(Kind::CHILD, entry.child_id.unwrap_or(entry.id))?;
            let body = child.as_ref().and_then(Shown::body);
            Ok::<_, Stumble>(body.and_then(|body| body.text(child::NAME)).map(str::to_owned))
        };
        let told = |entry: &LogEntry| {
            let what = what(entry, name(entry)?.as_deref());
            Ok(format!("{what}, {}", self.moment(entry.made_at_ms)))
        };
        pending.iter().take(WAITING).map(told).collect()
    }

    /// "Selesai", or what is missing for it.
    fn state(&self, status: &ReplicaStatus) -> Result<Vec<String>, Stumble> {
        if status.complete {
            return Ok(vec!["Selesai: semua terkirim dan data sama dengan server.".to_owned()]);
        }
        let mut lines = Vec::new();
        lines.extend(status.stopped.map(|stop| stop.sentence().to_owned()));
        if status.upgrade {
            lines.push("Versi aplikasi ini sudah usang: data tetap terkirim, tetapi tidak menerima. Muat ulang saat ada sinyal.".to_owned());
        }
        if !status.pull_complete {
            lines.push("Belum semua data diterima dari server.".to_owned());
        }
        if !status.differs.is_empty() {
            lines.push("Data belum sama dengan server. Server sudah diberi tahu.".to_owned());
        }
        Ok(lines)
    }

    fn identity(&self, status: &ReplicaStatus) -> Result<Vec<(&'static str, String)>, Stumble> {
        let mut areas = Vec::new();
        for area in &status.areas {
            let name = self.replica.area_name(area)?.name;
            areas.push(name.map_or_else(|| area.to_string(), |name| format!("{name} ({area})")));
        }
        let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        Ok(vec![
            ("Petugas", known(&status.worker_name)),
            ("Tablet", known(&status.device_name)),
            ("Wilayah tugas", areas.join(", ")),
            ("Anak di tablet ini", words::count(status.children)),
            ("Server", known(&status.server_url)),
            ("Versi aplikasi", APP.to_owned()),
        ])
    }

    fn clock_text(&self, status: &ReplicaStatus) -> Option<String> {
        let off =
            self.clock_off_ms(status).filter(|off| off.saturating_abs() > CLOCK_IS_WRONG_MS)?;
        let direction = if off > 0 { "lebih cepat" } else { "lebih lambat" };
        let long = words::length(off.saturating_abs())?;
        Some(format!("{long} {direction}"))
    }
}

fn parked(change: &ParkedChange) -> Parked {
    let field = change.field.as_deref().map(|f| format!(" ({})", labels::field(f)));
    Parked {
        what: format!(
            "{}{}",
            what(&change.entry, change.child_name.as_deref()),
            field.unwrap_or_default()
        ),
        reason: reason(change),
        mend: mend(change),
    }
}

fn reason(change: &ParkedChange) -> String {
    match (&change.message, change.code) {
        (Some(message), _) => message.clone(),
        (None, Some(code)) => code.message().to_owned(),
        (None, None) => "Hubungi penyelia.".to_owned(),
    }
}

/// The screen that mends it, where one does.
fn mend(change: &ParkedChange) -> Option<String> {
    let entry = &change.entry;
    let child = entry.child_id.unwrap_or(entry.id);
    let is_place = entry.register == Register::Place;
    match change.code {
        Some(ParkCode::UnknownKind) => return None,
        Some(ParkCode::NotInScope) if !is_place => return None,
        Some(_) | None => {}
    }
    if is_place {
        return Some(format!("{}/pindah", route::child(&child)));
    }
    match Kind::named(&entry.kind) {
        Some(kind) if kind == Kind::CHILD => Some(format!("{}/ubah", route::child(&child))),
        Some(kind) if kind == Kind::MEASUREMENT => Some(route::measurement(&child, &entry.id)),
        Some(kind) if kind == Kind::VISIT => Some(route::visit(&child, &entry.id)),
        Some(_) | None => None,
    }
}

fn replaced_text(change: &ReplacedChange) -> Replaced {
    let fields = change.fields.iter().map(|(field, old, new)| {
        (labels::field(field).to_owned(), labels::value(field, old), labels::value(field, new))
    });
    Replaced {
        what: what(&change.entry, change.child_name.as_deref()),
        by: change.by.clone().unwrap_or_else(|| "tablet atau kantor lain".to_owned()),
        fields: fields.collect(),
    }
}

/// `pengukuran Melati`
fn what(entry: &LogEntry, child: Option<&str>) -> String {
    format!("{} {}", labels::kind(&entry.kind), child.unwrap_or("-"))
}
