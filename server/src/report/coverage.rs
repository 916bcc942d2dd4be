//! Coverage, the SKDN of the posyandu: who is on the list, who has a card, who came to be weighed,
//! who gained.

use super::month::ChildMonth;
use super::{Figures, Share};
use crate::store::Sasaran;
use child_growth::{GainStatus, Index, RedLine};
use serde::{Serialize, Serializer};
use serde_json::json;
use sync_protocol::counted::Figure;
use sync_protocol::schema::object;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// D = N + T + O + B; D' = N + T, those who were weighed last month, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// On the target list.
    pub s: u64,
    /// Of them with a Buku KIA.
    pub k: u64,
    /// Weighed in the month.
    pub d: u64,
    pub n: u64,
    pub t: u64,
    pub o: u64,
    pub b: u64,
    /// T at two weighings in a row.
    pub two_t: u64,
    /// Below the red line.
    pub bgm: u64,
    /// Weighed, but with a BB/U that WHO holds to be implausible: not judged for BGM.
    pub bgm_flagged: u64,
}

impl Figures for Coverage {
    const REPORT: &'static str = "coverage";

    fn is_empty(&self) -> bool {
        self.s == 0
    }

    fn count(&mut self, child: &Sasaran, month: &ChildMonth<'_>, red_line: RedLine) {
        self.s += 1;
        self.k += u64::from(child.has_card);
        let (Some(weighing), Some(figure)) = (month.weighing(), month.figure(Index::WeightForAge))
        else {
            return;
        };
        self.d += 1;
        match month.gain() {
            Some(GainStatus::N) => self.n += 1,
            Some(GainStatus::T) => self.t += 1,
            Some(GainStatus::O) => self.o += 1,
            Some(GainStatus::B) => self.b += 1,
            None => {}
        }
        self.two_t += u64::from(weighing.twice_not_gained);
        self.bgm += u64::from(figure.is_below(red_line) == Some(true));
        self.bgm_flagged += u64::from(figure == Figure::Flagged);
    }
}

impl Coverage {
    /// Every ratio with its usual name, in the order in which reports show them.
    pub fn ratios(&self) -> [(&'static str, Share); 6] {
        [
            ("k_s", Share::new(self.k, self.s)),
            ("d_s", Share::new(self.d, self.s)),
            ("d_k", Share::new(self.d, self.k)),
            ("n_d", Share::new(self.n, self.n + self.t)),
            ("two_t_d", Share::new(self.two_t, self.d)),
            ("bgm_d", Share::new(self.bgm, self.d)),
        ]
    }
}

impl Serialize for Coverage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Coverage { s, k, d, n, t, o, b, two_t, bgm, bgm_flagged } = self;
        let mut value = json!({
            "s": s, "k": k, "d": d, "n": n, "t": t, "o": o, "b": b, "d_weighed_last_month": n + t,
            "two_t": two_t, "bgm": bgm, "bgm_flagged": bgm_flagged,
        });
        if let Some(members) = value.as_object_mut() {
            let percent = |share: Share| json!(share.percent());
            members.extend(
                self.ratios().map(|(name, share)| (format!("{name}_percent"), percent(share))),
            );
        }
        value.serialize(serializer)
    }
}

impl PartialSchema for Coverage {
    fn schema() -> RefOr<Schema> {
        let of = |name: &str| {
            if name.ends_with("_percent") { Option::<f64>::schema() } else { u64::schema() }
        };
        let nothing = json!(Coverage::default());
        let members = nothing.as_object().into_iter().flatten();
        object(members.map(|(name, _)| (name, of(name), true))).into()
    }
}

impl ToSchema for Coverage {}
