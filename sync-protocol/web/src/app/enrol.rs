//! The first run: from a code to a tablet that has its data.

use super::talk::Talk;
use super::{Answer, App, Question, Route, Stumble, shown};
use views::Markup;
use views::app::enrol::{Enrol, First, content, first, first_part};
use views::app::frame::bare;
use views::app::send::sync_part;
use views::shell::Notice;

/// Shown until the tablet is enrolled again.
const SET_ASIDE: &str = "Berkas data di tablet ini rusak dan disisihkan, tidak dihapus. Isinya mungkin data \
     yang belum terkirim: beri tahu penyelia, dan jangan hapus data browser. Tablet mulai dengan berkas \
     kosong; daftarkan lagi.";

impl App {
    /// What comes before any work: a tablet that is not enrolled, or has not got its data yet.
    pub(super) fn before_work(
        &mut self,
        route: &Route,
        question: &Question,
    ) -> Result<Option<Answer>, Stumble> {
        let identity = self.replica.identity()?;
        let is_enrolling = matches!(self.line.talk, Talk::Enrolling { .. });
        let is_door = matches!(route, Route::Enrol(_));
        if !is_enrolling && is_door && !self.line.is_first {
            return Ok(None);
        }
        if !is_enrolling && !identity.is_enrolled() {
            return self.enrol(None, question).map(Some);
        }
        let has_data = self.has_its_data()?;
        if has_data && !is_door {
            self.line.is_first = false;
        }
        if has_data && !self.line.is_first && !is_enrolling {
            return Ok(None);
        }
        let talk = *route == Route::Send && question.sent;
        let content = first(&self.first_state()?, self.machine.persisted);
        Ok(Some(Answer { talk, ..shown("Mengambil data", bare("Mengambil data", None, &content)) }))
    }

    pub(super) fn enrol(
        &mut self,
        code: Option<&str>,
        question: &Question,
    ) -> Result<Answer, Stumble> {
        let identity = self.replica.identity()?;
        let is_enrolled = identity.is_enrolled();
        if is_enrolled && code.is_some() && identity.stopped.is_none() && !question.sent {
            self.notice = Some(Notice::Done("Tablet ini sudah terdaftar.".to_owned()));
            return Ok(Answer { go: Some("#/kirim".to_owned()), ..Answer::default() });
        }
        let typed = |name| question.field(name).map(str::trim).filter(|text| !text.is_empty());
        let code = typed("kode").or(code).unwrap_or_default().to_owned();
        let name = typed("nama").map(str::to_owned).or(identity.device_name).unwrap_or_default();
        if question.sent && !code.is_empty() && !name.is_empty() {
            self.line.talk = Talk::Enrolling { code, name };
            let content = first(&First::Asking, self.machine.persisted);
            let html = bare("Mendaftarkan tablet", None, &content);
            return Ok(Answer { talk: true, ..shown("Mendaftarkan tablet", html) });
        }
        let (failed, tried) = match self.line.enrol_failed.take() {
            Some((why, code, name)) => (Some(Notice::Wrong(why)), Some((code, name))),
            None if !self.set_aside.is_empty() && !is_enrolled && !self.line.is_wiped => {
                (Some(Notice::Wrong(SET_ASIDE.to_owned())), None)
            }
            None => (self.wiped_notice(), None),
        };
        let (code, name) = tried.unwrap_or((code, name));
        // Who holds a tablet that was withdrawn gets nothing out of it here.
        let set_aside = if self.line.is_wiped { Vec::new() } else { self.set_aside.clone() };
        let enrol = Enrol { code, name, again: is_enrolled, set_aside, waiting: false };
        let title = "Daftarkan tablet";
        Ok(shown(title, bare(title, failed.as_ref(), &content(&enrol))))
    }

    fn wiped_notice(&self) -> Option<Notice> {
        let told = "Tablet ini ditarik oleh penyelia. Semua yang Anda simpan sudah terkirim, dan data \
                    di tablet ini sudah dihapus.";
        self.line.is_wiped.then(|| Notice::Done(told.to_owned()))
    }

    pub(super) fn sync_part(&self) -> Result<Markup, Stumble> {
        if self.has_its_data()? && !self.line.is_first {
            Ok(sync_part(&self.send_state()?))
        } else {
            Ok(first_part(&self.first_state()?))
        }
    }

    fn has_its_data(&self) -> Result<bool, Stumble> {
        Ok(self.replica.status()?.last_received_ms.is_some())
    }

    fn first_state(&self) -> Result<First, Stumble> {
        let status = self.replica.status()?;
        if matches!(self.line.talk, Talk::Enrolling { .. }) {
            return Ok(First::Asking);
        }
        if status.last_received_ms.is_some() {
            return Ok(First::Done { children: status.children });
        }
        let here = self.line.progress.map_or(0, |now| now.here);
        Ok(match (&self.line.failed, self.line.progress) {
            (Some(why), _) => First::Waiting { here, why: why.clone() },
            (None, Some(now)) => First::Fetching { here, all: now.total },
            (None, None) => First::Asking,
        })
    }
}
