//! What the simulator knows of the grants, from the commands it gave: its own ledger, beside the
//! server's.

use crate::country::{Country, PUSKESMAS, lies_in};
use server::store::GrantOf;
use std::collections::BTreeMap;
use sync_protocol::area::Area;
use sync_protocol::ids::WorkerId;

/// How a grant ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Plain,
    ForCause,
}

#[derive(Clone, Debug)]
struct Grant {
    of: GrantOf,
    areas: Vec<Area>,
    end: Option<End>,
}

/// Every grant that was ever given, by worker.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grants {
    by_worker: BTreeMap<WorkerId, Vec<Grant>>,
}

impl Grants {
    pub(crate) fn give(&mut self, worker: WorkerId, of: GrantOf, country: &Country) {
        let held = self.by_worker.entry(worker).or_default();
        if held.iter().any(|grant| grant.of == of && grant.end.is_none()) {
            return;
        }
        let areas = match &of {
            GrantOf::Area(area) => vec![area.clone()],
            GrantOf::Puskesmas(code) => PUSKESMAS
                .iter()
                .position(|known| known == code)
                .map(|n| country.served_by(n))
                .unwrap_or_default(),
        };
        held.push(Grant { of, areas, end: None });
    }

    pub(crate) fn end(&mut self, worker: WorkerId, of: &GrantOf, end: End) {
        let held = self.by_worker.entry(worker).or_default();
        for grant in held.iter_mut().filter(|grant| grant.of == *of && grant.end.is_none()) {
            grant.end = Some(end);
        }
    }

    pub(crate) fn workers(&self) -> impl Iterator<Item = WorkerId> {
        self.by_worker.keys().copied()
    }

    /// What a worker holds now.
    pub(crate) fn held(&self, worker: WorkerId) -> Vec<GrantOf> {
        self.of(worker).filter(|grant| grant.end.is_none()).map(|grant| grant.of.clone()).collect()
    }

    /// What a worker held once and not now.
    pub(crate) fn lost(&self, worker: WorkerId) -> Vec<GrantOf> {
        let held = self.held(worker);
        let ended = self.of(worker).filter(|grant| grant.end.is_some());
        ended.map(|grant| grant.of.clone()).filter(|of| !held.contains(of)).collect()
    }

    /// The areas of the present grants, as given: nested ones side by side.
    pub(crate) fn areas(&self, worker: WorkerId) -> Vec<Area> {
        self.of(worker)
            .filter(|grant| grant.end.is_none())
            .flat_map(|grant| grant.areas.iter().cloned())
            .collect()
    }

    /// Whether an area is in a worker's scope now.
    pub(crate) fn cover(&self, worker: WorkerId, area: &Area) -> bool {
        self.of(worker).any(|grant| grant.end.is_none() && grant.covers(area))
    }

    /// Whether an area is in the scope, or was in it and the grant ended for no cause.
    pub(crate) fn cover_in_good_faith(&self, worker: WorkerId, area: &Area) -> bool {
        self.of(worker).any(|grant| grant.end != Some(End::ForCause) && grant.covers(area))
    }

    /// Whether a grant over an area ever ended.
    pub(crate) fn ended_over(&self, worker: WorkerId, area: &Area) -> bool {
        self.of(worker).any(|grant| grant.end.is_some() && grant.covers(area))
    }

    /// Whether a grant over an area ever ended for cause.
    pub(crate) fn ended_for_cause(&self, worker: WorkerId, area: &Area) -> bool {
        self.of(worker).any(|grant| grant.end == Some(End::ForCause) && grant.covers(area))
    }

    /// Whether an area was in the scope at any time.
    pub(crate) fn ever_covered(&self, worker: WorkerId, area: &Area) -> bool {
        self.of(worker).any(|grant| grant.covers(area))
    }

    fn of(&self, worker: WorkerId) -> impl Iterator<Item = &Grant> {
        self.by_worker.get(&worker).into_iter().flatten()
    }
}

impl Grant {
    fn covers(&self, area: &Area) -> bool {
        self.areas.iter().any(|granted| lies_in(area, granted))
    }
}
