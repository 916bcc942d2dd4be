//! What a row of a file is to the measurements that a child has.
//!
//! An import brings news only. What any version of any of the child's measurements said of that day
//! is none, whoever replaced or deleted it since: so the same file twice, or a file that was
//! exported before a tablet's correction, changes nothing. A value that nobody ever gave corrects
//! the measurement of the day; a blank never does.

use super::words::told;
use crate::store::{Record, Said};
use sync_protocol::body::Body;
use sync_protocol::growth::forget_confirmed;
use sync_protocol::record::{Kind, measurement};
use sync_protocol::time::CivilDate;

/// A child's records, and every version of its measurements.
pub(super) struct Past {
    pub(super) records: Vec<Record>,
    pub(super) said: Vec<Said>,
}

pub(super) enum News<'p> {
    /// A measurement says the same, and maybe more.
    Nothing,
    /// A measurement said the same, and was replaced or deleted.
    Past,
    /// There is none of that day.
    New,
    Correction(Correction<'p>),
    /// There are several of that day, and the row does not say which it means.
    Several,
}

/// What a row brings to the one measurement of its day.
pub(super) struct Correction<'p> {
    pub(super) record: &'p Record,
    /// The measurement as it becomes; none when it stays as it is.
    pub(super) body: Option<Body>,
    /// Which values were another, one sentence each.
    pub(super) replaced: Vec<String>,
    /// Which values of the row are old ones that somebody replaced, one sentence each.
    pub(super) kept: Vec<String>,
}

pub(super) fn news<'p>(past: &'p Past, day: CivilDate, row: &Body) -> News<'p> {
    let of_day = past.live().filter(|(_, body)| body.date(measurement::MEASURED_ON) == Some(day));
    let of_day: Vec<(&Record, &Body)> = of_day.collect();
    if of_day.iter().any(|(_, body)| says(body, row)) {
        return News::Nothing;
    }
    if past.said.iter().any(|said| says(&said.body, row)) {
        return News::Past;
    }
    match of_day.as_slice() {
        [] => News::New,
        [(record, body)] => News::Correction(past.correct(record, body, day, row)),
        [_, _, ..] => News::Several,
    }
}

/// Whether a body says all that a row does.
fn says(body: &Body, row: &Body) -> bool {
    row.fields().all(|(field, value)| body.get(field) == Some(value))
}

impl Past {
    /// The child's measurements that are not deleted, each as it is now.
    fn live(&self) -> impl Iterator<Item = (&Record, &Body)> {
        let is_live =
            |record: &&Record| record.kind == Kind::MEASUREMENT && record.deleted.is_none();
        self.records.iter().filter(is_live).filter_map(|record| {
            let now = self.said.iter().find(|said| said.pos == record.state_pos)?;
            Some((record, &now.body))
        })
    }

    fn correct<'p>(
        &self,
        record: &'p Record,
        current: &Body,
        day: CivilDate,
        row: &Body,
    ) -> Correction<'p> {
        let mut body = current.clone();
        let (mut replaced, mut kept) = (Vec::new(), Vec::new());
        for (field, value) in row.fields() {
            match current.get(field) {
                Some(present) if present == value => {}
                Some(present) if self.was_said(record, field, value) => kept.push(format!(
                    "Tanggal {day}: {} sudah pernah diganti; tetap {}.",
                    told(field, value),
                    told(field, present)
                )),
                Some(present) => {
                    replaced.push(format!(
                        "Tanggal {day}: {} diganti {}.",
                        told(field, present),
                        told(field, value)
                    ));
                    body.set(field, value.clone());
                }
                None if self.was_said(record, field, value) => kept.push(format!(
                    "Tanggal {day}: {} sudah pernah dihapus; tetap kosong.",
                    told(field, value)
                )),
                None => body.set(field, value.clone()),
            }
        }
        forget_confirmed(&mut body, current);
        let body = Some(body).filter(|body| !body.says_the_same(current));
        Correction { record, body, replaced, kept }
    }

    fn was_said(&self, record: &Record, field: &str, value: &serde_json::Value) -> bool {
        let mut versions = self.said.iter().filter(|said| said.record == record.no);
        versions.any(|said| said.body.get(field) == Some(value))
    }
}
