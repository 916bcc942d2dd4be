//! A record as a form shows it.

use crate::access::mask::mask_body;
use crate::access::person::Person;
use crate::http::children::view;
use crate::http::web::child::{body_of, id_of};
use crate::http::web::places::Places;
use crate::http::web::visit::Visit;
use crate::refusal::Refusal;
use crate::store::{ReadTx, Record, Stored, VersionContent};
use std::collections::BTreeSet;
use sync_protocol::body::Body;
use sync_protocol::change::Register;
use sync_protocol::growth::{Child, Doubt, Measured, doubts, series};
use sync_protocol::problem::ProblemCode;
use sync_protocol::record::{Kind, child, measurement};
use sync_protocol::stamp::Stamp;
use sync_protocol::time::CivilDate;
use views::edit_page::Overtaken;
use views::form::Typed;
use views::words;

/// Versions among which the one that a form showed is looked for.
const VERSIONS_LOOKED_AT: usize = 1_000;

/// What makes a measurement another one: whoever changes it has not confirmed the new one yet.
const MEASURES: [&str; 7] = [
    measurement::MEASURED_ON,
    measurement::WEIGHT_G,
    measurement::HEIGHT_MM,
    measurement::POSITION,
    measurement::MUAC_MM,
    measurement::HEAD_MM,
    measurement::OEDEMA,
];

pub(super) struct Opened {
    pub(super) record: Record,
    /// What it says now, numbers in full.
    pub(super) body: Body,
    pub(super) today: CivilDate,
    pub(super) title: String,
    /// The child's page.
    pub(super) back: String,
    /// Names that are known in the desa.
    pub(super) posyandu: Vec<String>,
    /// Whose change the present row is.
    pub(super) by: String,
    /// What the form showed, when the row was changed since.
    seen: Option<Body>,
    /// Where it is now, when it moved since.
    moved_to: Option<String>,
    /// The child and its other measurements.
    child: Body,
    others: Vec<(Vec<u8>, Body)>,
}

/// The record of a kind that the address names. Missing and forbidden look alike.
pub(in crate::http::web) fn record_in_scope(
    tx: &ReadTx<'_>,
    person: &Person,
    visit: &Visit<'_>,
    kind: Kind,
) -> Result<Record, Refusal> {
    tx.record(id_of(visit)?)?
        .filter(|record| record.kind == kind && person.scope.contains(&record.area))
        .ok_or_else(|| Refusal::problem(ProblemCode::NotFound))
}

impl Opened {
    pub(super) fn read(
        tx: &ReadTx<'_>,
        record: Record,
        base: Option<Stamp>,
        today: CivilDate,
    ) -> Result<Self, Refusal> {
        let body = body_of(tx, &record)?;
        let parent = record.child.map(|child| tx.record_at(child)).transpose()?;
        let child = match &parent {
            Some(parent) => body_of(tx, parent)?,
            None => body.clone(),
        };
        let name = child.text(child::NAME).unwrap_or("Anak tanpa nama");
        let day = body.date(measurement::MEASURED_ON).map(words::date).unwrap_or_default();
        let stale = base.filter(|base| *base != record.row_stamp());
        let moved = stale.is_some_and(|base| record.place.is_some_and(|place| place > base));
        Ok(Opened {
            title: match &parent {
                Some(_) => format!("Perbaiki pengukuran {day}, {name}"),
                None => format!("Ubah data {name}"),
            },
            back: format!("/balita/{}", parent.as_ref().unwrap_or(&record).id),
            posyandu: tx.posyandu_of(&record.area)?,
            by: view(tx, &record, false)?.by,
            seen: stale.map(|base| body_at(tx, &record, base)).transpose()?,
            moved_to: if moved { Some(Places::read(tx)?.name(&record.area)) } else { None },
            others: others_of(tx, &record)?,
            child,
            body,
            record,
            today,
        })
    }

    /// What stands in the form when it is opened.
    pub(super) fn typed(&self) -> Typed {
        Typed::of_body(self.record.kind, &mask_body(&self.body))
    }

    pub(super) fn is_unchanged(&self, typed: &Typed) -> bool {
        let shown = self.typed();
        let names = self.record.kind.fields().iter().map(|field| field.name);
        let touched = names.filter(|name| typed.has(name) && typed.get(name) != shown.get(name));
        self.record.deleted.is_none() && touched.count() == 0
    }

    /// What was typed, brought onto the present row, and what was changed meanwhile.
    pub(super) fn brought_onto(&self, typed: &Typed) -> (Typed, Vec<Overtaken>) {
        let kind = self.record.kind;
        let seen = self.seen.as_ref().unwrap_or(&self.body);
        let seen = Typed::of_body(kind, &mask_body(seen));
        let (merged, mut changes) = typed.onto(kind, &seen, &self.typed());
        let told = |label: &str, old: &str, new: &str| Overtaken {
            label: label.to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
            is_typed_too: false,
        };
        changes.extend(self.moved_to.iter().map(|to| told("Wilayah", "desa sebelumnya", to)));
        if self.record.deleted.is_some() {
            changes.push(told("Data ini", "ada", "ditandai terhapus"));
        }
        (merged, changes)
    }

    /// What is doubtful about a measurement as it is typed, and was not confirmed before.
    pub(super) fn doubts(&self, typed: &Body) -> Vec<Doubt> {
        let (Some(child), true) = (Child::of(&self.child), self.record.kind == Kind::MEASUREMENT)
        else {
            return Vec::new();
        };
        let id = self.record.id.as_bytes().to_vec();
        let mut all: Vec<(&[u8], &Body)> =
            self.others.iter().map(|(id, body)| (id.as_slice(), body)).collect();
        all.push((&id, typed));
        // Of two of one day the later id counts.
        all.sort_by_key(|(id, _)| *id);
        let judged: Vec<(&[u8], Measured)> =
            all.into_iter().filter_map(|(id, body)| Some((id, Measured::of(body)?))).collect();
        let measured: Vec<Measured> = judged.iter().map(|(_, measured)| *measured).collect();
        let at = judged.iter().position(|(other, _)| *other == id.as_slice());
        let reading = at.and_then(|at| series(&child, &measured).into_iter().nth(at).flatten());
        let found = reading.as_ref().map(doubts).unwrap_or_default();
        if self.measures_differ(typed) {
            return found;
        }
        let confirmed = codes_of(&self.body);
        found.into_iter().filter(|doubt| !confirmed.contains(doubt.code.as_str())).collect()
    }

    /// The body with what the person stands by.
    pub(super) fn confirmed(&self, mut body: Body, doubts: &[Doubt]) -> Body {
        if self.record.kind == Kind::MEASUREMENT
            && (self.measures_differ(&body) || !doubts.is_empty())
        {
            let kept =
                if self.measures_differ(&body) { BTreeSet::new() } else { codes_of(&self.body) };
            let new = doubts.iter().map(|doubt| doubt.code.as_str());
            let codes: BTreeSet<&str> = kept.into_iter().chain(new).collect();
            let list = (!codes.is_empty()).then_some(codes);
            body.set(measurement::CONFIRMED, serde_json::json!(list));
        }
        body
    }

    fn measures_differ(&self, typed: &Body) -> bool {
        MEASURES.iter().any(|field| typed.get(field) != self.body.get(field))
    }
}

fn codes_of(body: &Body) -> BTreeSet<&str> {
    let codes = body.get(measurement::CONFIRMED).and_then(|list| list.as_array());
    codes.into_iter().flatten().filter_map(|code| code.as_str()).collect()
}

/// What a record said to somebody who saw it with this stamp.
fn body_at(tx: &ReadTx<'_>, record: &Record, base: Stamp) -> Stored<Body> {
    let (versions, _) = tx.latest_versions(record.no, VERSIONS_LOOKED_AT)?;
    for version in versions.iter().rev().filter(|v| v.is_state && v.stamp <= base) {
        if let VersionContent::Body(body) = tx.content(version.pos, Register::State)? {
            return Ok(body);
        }
    }
    Ok(Body::new())
}

/// The other live measurements of a measurement's child, by their ids.
fn others_of(tx: &ReadTx<'_>, record: &Record) -> Stored<Vec<(Vec<u8>, Body)>> {
    let Some(child) = record.child else { return Ok(Vec::new()) };
    let all = tx.records_of_child(child)?.into_iter();
    all.filter(|r| r.kind == Kind::MEASUREMENT && r.deleted.is_none() && r.no != record.no)
        .map(|other| Ok((other.id.as_bytes().to_vec(), body_of(tx, &other)?)))
        .collect()
}
