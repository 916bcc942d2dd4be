//! The table: of each route, who may call it, and how a caller is in it about a place.
//!
//! Whoever is not named is refused: a stranger, a revoked one and the wrong kind of token with 401,
//! a person whose role may not with 403, whatever they ask about.

use super::aim::Aim;
use super::place::Caller;
use sync_protocol::problem::ProblemCode;

/// One way to use a route.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) route: &'static str,
    callers: &'static [Caller],
    pub(super) aim: Aim,
}

/// Everybody, with any token or none.
const ANYONE: &[Caller] = &Caller::ALL;
const TABLET: &[Caller] = &[Caller::Tablet];
/// They see figures, and children with masked numbers.
const READERS: &[Caller] = &[Caller::Penyelia, Caller::Pengamat, Caller::Admin];
/// They keep the tablets going.
const KEEPERS: &[Caller] = &[Caller::Penyelia, Caller::Admin];
const PENYELIA: &[Caller] = &[Caller::Penyelia];

pub(super) const RULES: &[Rule] = &[
    rule("POST /v1/enrol", ANYONE, Aim::Enrol),
    rule("GET /v1/limits", ANYONE, Aim::Plain("")),
    rule("GET /v1/openapi.json", ANYONE, Aim::Plain("")),
    rule("GET /healthz", ANYONE, Aim::Plain("")),
    rule("GET /metrics", ANYONE, Aim::Plain("")),
    // Tablets.
    rule("POST /v1/sync", TABLET, Aim::Pull),
    rule("POST /v1/sync", TABLET, Aim::PushChild),
    rule("POST /v1/sync", TABLET, Aim::PushMeasurement),
    rule("GET /v1/receipts", TABLET, Aim::Plain("?seq=1")),
    rule("GET /v1/areas", TABLET, Aim::Plain("")),
    // Records one by one.
    rule("GET /v1/children", READERS, Aim::Filter("")),
    rule("GET /v1/children", READERS, Aim::All("")),
    rule("GET /v1/measurements", READERS, Aim::Filter("&month=2026-11")),
    rule("GET /v1/visits", READERS, Aim::Filter("&month=2026-11")),
    rule("GET /v1/children/{id}", READERS, Aim::Child),
    rule("GET /v1/children/{id}", PENYELIA, Aim::FullNik),
    // Figures.
    rule("GET /v1/reports/coverage", READERS, Aim::Filter("&month=2026-11&by=desa")),
    rule("GET /v1/reports/prevalence", READERS, Aim::Filter("&month=2026-11&by=desa")),
    rule("GET /v1/export/recap.csv", READERS, Aim::Filter("&month=2026-11")),
    rule("GET /v1/export/recap.xlsx", READERS, Aim::Filter("&month=2026-11")),
    // Names in files.
    rule("GET /v1/export/{file}", PENYELIA, Aim::File("children.csv")),
    rule("GET /v1/export/{file}", PENYELIA, Aim::File("children.ndjson")),
    rule("GET /v1/export/{file}", PENYELIA, Aim::File("measurements.csv")),
    rule("GET /v1/export/{file}", PENYELIA, Aim::File("measurements.ndjson")),
    rule("GET /v1/export/{file}", PENYELIA, Aim::File("visits.csv")),
    rule("GET /v1/export/{file}", PENYELIA, Aim::File("visits.xlsx")),
    rule("GET /v1/export/{file}", PENYELIA, Aim::File("eppgbm-identitas.csv")),
    rule("GET /v1/export/{file}", PENYELIA, Aim::File("eppgbm-pengukuran.csv")),
    rule("GET /v1/export/{file}", PENYELIA, Aim::File("eppgbm-bnba.xlsx")),
    // Review and entry.
    rule("GET /v1/conflicts", PENYELIA, Aim::Filter("")),
    rule("GET /v1/conflicts", PENYELIA, Aim::All("")),
    rule("POST /v1/conflicts/{id}", PENYELIA, Aim::Rule),
    rule("GET /v1/parked", PENYELIA, Aim::Filter("")),
    rule("GET /v1/parked", PENYELIA, Aim::All("")),
    rule("POST /v1/parked/{id}", PENYELIA, Aim::Settle),
    rule("POST /v1/records", PENYELIA, Aim::Enter),
    rule("POST /v1/records", PENYELIA, Aim::Correct),
    rule("GET /v1/devices", KEEPERS, Aim::All("")),
];

const fn rule(route: &'static str, callers: &'static [Caller], aim: Aim) -> Rule {
    Rule { route, callers, aim }
}

impl Rule {
    /// Why a caller is refused; none when they may call.
    pub(super) fn refusal(&self, caller: Caller) -> Option<ProblemCode> {
        let caller = caller.kind();
        if self.callers.contains(&caller) {
            return None;
        }
        let is_for_tablets = self.callers == TABLET;
        Some(match caller {
            Caller::RevokedTablet if is_for_tablets => ProblemCode::Revoked,
            Caller::Tenaga | Caller::Penyelia | Caller::Pengamat | Caller::Admin
                if !is_for_tablets =>
            {
                ProblemCode::Forbidden
            }
            Caller::Nobody
            | Caller::Tablet
            | Caller::Tenaga
            | Caller::Penyelia
            | Caller::Pengamat
            | Caller::Admin
            | Caller::RevokedTablet
            | Caller::RevokedPerson
            | Caller::WideTablet
            | Caller::WidePenyelia
            | Caller::IdleTablet
            | Caller::IdlePenyelia => ProblemCode::Unauthorised,
        })
    }
}
