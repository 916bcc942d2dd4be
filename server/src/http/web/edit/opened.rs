//! A record as a form shows it.

use crate::access::mask::mask_body;
use crate::access::person::Person;
use crate::http::children::view;
use crate::http::web::child::{body_of, id_of};
use crate::http::web::places::Places;
use crate::http::web::visit::Visit;
use crate::refusal::Refusal;
use crate::store::{ReadTx, Record, Stored, VersionContent};
use sync_protocol::body::Body;
use sync_protocol::change::Register;
use sync_protocol::growth::{self, Child, Doubt, Measured, Reading, series, word_for};
use sync_protocol::record::{Kind, child, measurement};
use sync_protocol::stamp::Stamp;
use sync_protocol::time::CivilDate;
use views::child_form::with_departure;
use views::edit_page::Overtaken;
use views::form::{Mistakes, Typed};
use views::words;

/// Versions among which the one that a form showed is looked for.
const VERSIONS_LOOKED_AT: usize = 1_000;

/// What a person is to look at first, and the word by which they stand by it.
pub(super) struct Asked {
    pub(super) doubts: Vec<Doubt>,
    pub(super) word: String,
}

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
    /// In the order of their stamps.
    others: Vec<Measured>,
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
        .ok_or(Refusal::NotFound)
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

    /// What was typed, with what the form of a child asks for besides.
    pub(super) fn completed(&self, body: Body) -> Result<Body, Mistakes> {
        let is_child = self.record.kind == Kind::CHILD;
        if is_child { with_departure(body, &self.body) } else { Ok(body) }
    }

    /// The typed measurement with what the person stands by, or what is asked first.
    pub(super) fn confirmed(&self, mut typed: Body, stands_by: &str) -> Result<Body, Asked> {
        if self.record.kind == Kind::MEASUREMENT {
            let reading = self.reading_if_saved(&typed);
            let doubts = growth::doubts_to_ask(&self.body, &typed, reading.as_ref());
            let word = word_for(&doubts, &typed);
            let is_sure = stands_by == word;
            growth::confirm(&self.body, &mut typed, reading.as_ref(), is_sure)
                .map_err(|doubts| Asked { doubts, word })?;
        }
        Ok(typed)
    }

    /// What the growth rules would say of the typed measurement: it would be the latest of its day.
    fn reading_if_saved(&self, typed: &Body) -> Option<Reading> {
        let (child, typed) = (Child::of(&self.child)?, Measured::of(typed)?);
        let all: Vec<Measured> = self.others.iter().copied().chain([typed]).collect();
        series(&child, &all).pop().flatten()
    }
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

/// The other live measurements of a measurement's child, in the order of their stamps.
fn others_of(tx: &ReadTx<'_>, record: &Record) -> Stored<Vec<Measured>> {
    let Some(child) = record.child else { return Ok(Vec::new()) };
    let all = tx.measured_of(child)?.into_iter();
    Ok(all.filter(|(id, _)| *id != record.id).map(|(_, measured)| measured).collect())
}
