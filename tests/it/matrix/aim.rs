//! How a request is about a place, and what its answer shows of it.

use super::place::{Caller, Kabupaten, Place, Target};
use super::rules::Rule;
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use std::io::Cursor;
use sync_protocol::wire::SyncReply;
use sync_tests::{Reply, SADAN, any_id, child_body, measurement_body};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// About no place; what follows the path.
    Plain(&'static str),
    /// A new tablet.
    Enrol,
    /// A list of all that the caller may see; what follows the path.
    All(&'static str),
    /// A list or figures of an area; the rest of the query.
    Filter(&'static str),
    /// A file of an area.
    File(&'static str),
    Child,
    FullNik,
    /// Deciding a conflict.
    Rule,
    /// Settling a parked change.
    Settle,
    /// A new child.
    Enter,
    /// An edit of a known child.
    Correct,
    Pull,
    PushChild,
    PushMeasurement,
}

/// A request without its token.
pub(super) struct Asked {
    pub(super) method: &'static str,
    pub(super) address: String,
    pub(super) body: Option<Value>,
}

impl Aim {
    pub(super) fn ask(
        self,
        kabupaten: &mut Kabupaten,
        rule: &Rule,
        caller: Caller,
        target: Target,
    ) -> Asked {
        let (_, path) = rule.route.split_once(' ').unwrap();
        let place = kabupaten.place(target).clone();
        let Place { area, child, .. } = &place;
        let get = |address: String| Asked { method: "GET", address, body: None };
        let post =
            |address: String, body: Value| Asked { method: "POST", address, body: Some(body) };
        let at = |id: String| path.replace("{id}", &id);
        match self {
            Aim::Plain(rest) | Aim::All(rest) => get(format!("{path}{rest}")),
            Aim::Filter(rest) => get(format!("{path}?area={area}{rest}")),
            Aim::File(name) => get(format!("{}?area={area}", path.replace("{file}", name))),
            Aim::Child => get(at(child.to_string())),
            Aim::FullNik => get(format!("{}?nik=full", at(child.to_string()))),
            Aim::Rule => {
                let ruling = json!({"decision": "dismiss", "winner": place.winner,
                    "reason": "contoh"});
                post(at(place.conflict.to_string()), ruling)
            }
            Aim::Settle => {
                let settlement = json!({"decision": "discard", "reason": "contoh"});
                post(at(place.parked.to_string()), settlement)
            }
            Aim::Enter | Aim::Correct => post(path.to_owned(), entry(self, &place)),
            Aim::Enrol => post(path.to_owned(), enrolment(kabupaten)),
            Aim::Pull | Aim::PushChild | Aim::PushMeasurement => {
                post(path.to_owned(), exchange(self, kabupaten, caller, &place))
            }
        }
    }

    /// Whether the answer does not depend on who works where.
    pub(super) fn is_about_nobody(self) -> bool {
        matches!(self, Aim::Plain(_) | Aim::Enrol)
    }

    /// Whether of an area wider than the scope the scope is shown.
    pub(super) fn narrows(self) -> bool {
        matches!(self, Aim::Filter(_) | Aim::File(_))
    }

    /// Whether whole numbers of persons belong here: one child, or a layout of e-PPGBM.
    pub(super) fn shows_numbers(self) -> bool {
        match self {
            Aim::FullNik | Aim::Pull => true,
            Aim::File(name) => name.starts_with("eppgbm-"),
            Aim::Plain(_)
            | Aim::Enrol
            | Aim::All(_)
            | Aim::Filter(_)
            | Aim::Child
            | Aim::Rule
            | Aim::Settle
            | Aim::Enter
            | Aim::Correct
            | Aim::PushChild
            | Aim::PushMeasurement => false,
        }
    }

    /// What an answer says, in words.
    pub(super) fn shown(self, reply: &Reply) -> String {
        if matches!(self, Aim::PushChild | Aim::PushMeasurement) && reply.status == 200 {
            verdict(&reply.sync())
        } else if reply.body.starts_with(b"PK") {
            cells_of(&reply.body)
        } else {
            reply.text()
        }
    }

    /// Whether an answer gave or did what was asked about a place in scope.
    pub(super) fn succeeded(self, shown: &str, place: &Place) -> bool {
        match self {
            Aim::PushChild | Aim::PushMeasurement => shown == "applied",
            Aim::Rule | Aim::Settle | Aim::Enter | Aim::Correct => true,
            Aim::FullNik => place.is_told_in(shown) && shown.contains(super::place::NIK),
            Aim::Plain(_)
            | Aim::Enrol
            | Aim::All(_)
            | Aim::Filter(_)
            | Aim::File(_)
            | Aim::Child
            | Aim::Pull => place.is_told_in(shown),
        }
    }
}

/// A person's change.
fn entry(aim: Aim, place: &Place) -> Value {
    let body = child_body("ANAK BARU");
    if aim == Aim::Correct {
        json!({"kind": "child", "id": place.child, "base": place.stamp, "body": body})
    } else {
        json!({"kind": "child", "area": place.desa, "body": body})
    }
}

fn enrolment(kabupaten: &Kabupaten) -> Value {
    let worker = kabupaten.world.worker("Petugas baru", &[SADAN]);
    json!({"code": kabupaten.world.code(worker), "install": any_id(), "device_name": "Tablet",
        "app": "sync-tests/0.1.0"})
}

/// The body of a sync. Only the tablet's own log grows by it.
fn exchange(aim: Aim, kabupaten: &mut Kabupaten, caller: Caller, place: &Place) -> Value {
    // Whoever has no tablet sends what one would.
    let mut copy = kabupaten.tablet(Caller::Tablet).unwrap().clone();
    let tablet = kabupaten.tablet(caller).unwrap_or(&mut copy);
    let mut changes = Vec::new();
    if aim == Aim::PushChild {
        changes.push(tablet.child(any_id(), place.desa, &child_body("ANAK BARU")));
    }
    if aim == Aim::PushMeasurement {
        let body = measurement_body(place.child, 8_100);
        changes.push(tablet.body("measurement", any_id(), None, &body));
    }
    tablet.envelope(&changes)
}

/// The verdict on the only change of an exchange, as far as it says anything of the place.
fn verdict(reply: &SyncReply) -> String {
    let [receipt] = reply.receipts.as_slice() else { panic!("{:?}", reply.receipts) };
    let code = receipt.code.map(|code| code.to_string());
    let told = [code, receipt.field.clone(), receipt.message.clone()];
    let told = told.into_iter().flatten().map(|text| format!(" {text}"));
    format!("{}{}", receipt.outcome.as_str(), told.collect::<String>())
}

/// The cells of a workbook, one a line.
fn cells_of(workbook: &[u8]) -> String {
    let mut workbook = Xlsx::new(Cursor::new(workbook)).unwrap();
    let sheets = workbook.worksheets();
    let rows = sheets.iter().flat_map(|(_, sheet)| sheet.rows());
    rows.flatten().map(Data::to_string).collect::<Vec<_>>().join("\n")
}
