//! What figures are asked for, by whom, and the addresses of other pages about the same.

use super::places::Places;
use super::visit::Visit;
use crate::access::selection::Filters;
use crate::refusal::Refusal;
use crate::report::{By, Question, RedLineAt};
use crate::store::{ReadTx, Stored};
use crate::sync::server_time;
use form_urlencoded::Serializer;
use sync_protocol::area::Scope;
use sync_protocol::month::Month;
use sync_protocol::sasaran::Ages;

/// A question inside of what the person may see.
pub(super) struct FiguresAsked {
    pub(super) question: Question,
    pub(super) filters: Filters,
    /// All that the person may see.
    pub(super) scope: Scope,
    pub(super) places: Places,
    pub(super) now_ms: i64,
}

/// Reads what a visit asks, this month where it names none, and answers it from one snapshot.
pub(super) fn read<T>(
    visit: &Visit<'_>,
    show: impl FnOnce(&ReadTx<'_>, &FiguresAsked) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let asked = &visit.call.asked;
    let filters = asked.filters()?;
    let ages = asked.value("ages")?.unwrap_or_default();
    visit.call.read(|tx, person, now| {
        let scope = person.scope;
        let selection = filters.select(tx, &scope)?;
        let now_ms = now.ms;
        let this_month = Month::of(server_time::today(tx, now_ms)?);
        let places = Places::read(tx)?;
        let by = breakdown(&places, &selection.scope);
        let month = filters.month.unwrap_or(this_month);
        let question = Question { selection, month, ages, by, red_line: RedLineAt::default() };
        show(tx, &FiguresAsked { question, filters, scope, places, now_ms })
    })
}

/// By what a place is broken down: none when it is one desa.
fn breakdown(places: &Places, scope: &Scope) -> Option<By> {
    if places.kecamatan(scope).len() > 1 {
        return Some(By::Kecamatan);
    }
    places.villages(scope).nth(1).is_some().then_some(By::Desa)
}

impl FiguresAsked {
    /// The place, as people call it.
    pub(super) fn place(&self, tx: &ReadTx<'_>) -> Stored<String> {
        self.places.title(tx, &self.filters, &self.scope)
    }

    /// The address of a page about the same, with these parameters besides or instead.
    pub(super) fn address(&self, page: &str, others: &[(&str, &str)]) -> String {
        let month = self.question.month.to_string();
        let area = self.filters.area.as_ref().map(ToString::to_string).unwrap_or_default();
        let puskesmas = self.filters.puskesmas.as_deref().unwrap_or_default();
        let ages = self.question.ages;
        let ages = if ages == Ages::default() { "" } else { ages.as_str() };
        let own = [("month", &*month), ("area", &area), ("puskesmas", puskesmas), ("ages", ages)];
        let is_kept = |name: &str| !others.iter().any(|(other, _)| *other == name);
        let all = own.into_iter().filter(|(name, _)| is_kept(name)).chain(others.iter().copied());
        let query = Serializer::new(String::new())
            .extend_pairs(all.filter(|(_, value)| !value.is_empty()))
            .finish();
        format!("{page}?{query}")
    }
}
