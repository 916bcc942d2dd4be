//! What was just saved and how far it came: told on the child's screen for as long as that is looked at.

use super::route::{self, Route};
use super::{Answer, App, Stumble};
use sync_protocol::ids::RecordId;
use sync_protocol::wire::Outcome;
use views::shell::Notice;

/// A save that the worker may still be looking at.
#[derive(Debug)]
pub(super) struct JustSaved {
    child: RecordId,
    seq: u64,
    said: String,
}

impl App {
    /// Something was saved: tells it on the screen that follows, and to the server when there is a line.
    pub(super) fn saved(&mut self, child: RecordId, seq: u64, said: String) -> Answer {
        self.just_saved = Some(JustSaved { child, seq, said });
        Answer { go: Some(route::child(&child)), talk: self.line.is_good(), ..Answer::default() }
    }

    /// Whoever went elsewhere has read it.
    pub(super) fn leave_saved(&mut self, to: &Route) {
        self.just_saved = self.just_saved.take().filter(|saved| *to == Route::Child(saved.child));
    }

    /// Where the save stands now. "Terkirim" is said of a change that has its receipt, and of no other.
    pub(super) fn saved_notice(&self) -> Result<Option<Notice>, Stumble> {
        let Some(saved) = &self.just_saved else { return Ok(None) };
        let said = &saved.said;
        let open = |told: &str, place| Notice::Open {
            text: format!("{said} {told}"),
            href: "#/kirim",
            place,
        };
        Ok(Some(match self.replica.outcome(saved.seq)? {
            None => Notice::Done(format!("{said} Tersimpan di tablet, belum terkirim.")),
            Some(Outcome::Applied) => Notice::Done(format!("{said} Tersimpan dan terkirim.")),
            Some(Outcome::Superseded) => {
                open("Terkirim, tetapi diganti isian yang lebih baru.", "Lihat yang diganti")
            }
            Some(Outcome::Parked) => {
                open("Terkirim, tetapi tertahan di server.", "Lihat alasannya")
            }
            Some(Outcome::Discarded) => {
                let told = "Terkirim, tetapi tidak dipakai. Tanyakan kepada penyelia.";
                Notice::Wrong(format!("{said} {told}"))
            }
        }))
    }
}
