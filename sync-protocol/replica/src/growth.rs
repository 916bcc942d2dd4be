//! The growth of a child as the tablet shows it, offline, by the rules that the server has, too.

use crate::error::StorageError;
use crate::open::Replica;
use crate::show::Shown;
use sync_protocol::body::Body;
use sync_protocol::growth::{Child, Measured, Reading, series};
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, measurement};

/// A measurement of a child, and what the growth rules say of it.
#[derive(Clone, Debug)]
pub struct GrowthRow {
    pub record: Shown,
    /// None when it is dated before the birth, or its child is not known.
    pub reading: Option<Reading>,
}

impl Replica {
    /// The measurements of a child, oldest first.
    pub fn growth(&self, child: RecordId) -> Result<Vec<GrowthRow>, StorageError> {
        let records = self.list_of(Kind::MEASUREMENT, child)?;
        let bodies: Vec<Option<&Body>> = records.iter().map(Shown::body).collect();
        let readings = self.judge(child, &bodies)?;
        let rows = records.into_iter().zip(readings);
        Ok(rows.map(|(record, reading)| GrowthRow { record, reading }).collect())
    }

    /// What the growth rules would say of a measurement if it were saved: a new one, or a
    /// correction of `id`.
    pub fn growth_if_saved(
        &self,
        child: RecordId,
        id: Option<RecordId>,
        body: &Body,
    ) -> Result<Option<Reading>, StorageError> {
        let records = self.list_of(Kind::MEASUREMENT, child)?;
        let others: Vec<&Shown> = records.iter().filter(|record| Some(record.id) != id).collect();
        let day = |body: &Body| body.date(measurement::MEASURED_ON);
        // What is saved now is said later than all else of its day.
        let at = others.partition_point(|other| other.body().and_then(day) <= day(body));
        let mut bodies: Vec<Option<&Body>> = others.into_iter().map(Shown::body).collect();
        bodies.insert(at, Some(body));
        Ok(self.judge(child, &bodies)?.into_iter().nth(at).flatten())
    }

    /// The readings of bodies in the order of [`Replica::list_of`].
    fn judge(
        &self,
        child: RecordId,
        bodies: &[Option<&Body>],
    ) -> Result<Vec<Option<Reading>>, StorageError> {
        let shown = self.record(Kind::CHILD, child)?;
        let Some(child) = shown.as_ref().and_then(Shown::body).and_then(Child::of) else {
            return Ok(vec![None; bodies.len()]);
        };
        let measured: Vec<Option<Measured>> =
            bodies.iter().map(|body| body.and_then(Measured::of)).collect();
        let known: Vec<Measured> = measured.iter().flatten().copied().collect();
        let mut readings = series(&child, &known).into_iter();
        Ok(measured
            .iter()
            .map(|row| row.as_ref().and_then(|_| readings.next().flatten()))
            .collect())
    }
}
