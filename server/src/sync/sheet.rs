//! A sheet of a posyandu's day, typed in the office from a paper register: a line for a child, each
//! judged by itself, all that are fine saved in one job.

use super::enter::enter;
use super::office::new_record_id;
use crate::access::person::Person;
use crate::platform::Random;
use crate::refusal::Refusal;
use crate::store::{ReadTx, Record, RecordNo, Stored, VersionContent, WriteTx};
use serde_json::Value;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit, Register};
use sync_protocol::growth::{self, Doubt, Measured, Reading, series, word_for};
use sync_protocol::ids::RecordId;
use sync_protocol::parked::Fault;
use sync_protocol::record::{Kind, measurement};
use sync_protocol::stamp::Stamp;
use sync_protocol::time::CivilDate;

/// What a sheet asks of each child.
pub const MEASURES: [&str; 4] =
    [measurement::WEIGHT_G, measurement::HEIGHT_MM, measurement::POSITION, measurement::MUAC_MM];

/// One line as it was typed.
#[derive(Clone, Debug)]
pub struct Line {
    pub child: RecordId,
    /// The measurement of the day that the person saw, and its stamp.
    pub seen: Option<(RecordId, Stamp)>,
    /// In the order of [`MEASURES`]; null where nothing was typed.
    pub measures: [Value; 4],
    /// The word by which the person stands by what is doubtful.
    pub stands_by: String,
}

/// What becomes of a line.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It says nothing new.
    Nothing,
    Refused(Reason),
    /// It is saved when the person stands by it.
    Doubtful(Doubtful),
    Fine(Fine),
}

/// A line that asks for a look.
#[derive(Clone, Debug)]
pub struct Doubtful {
    pub reading: Reading,
    pub doubts: Vec<Doubt>,
    /// By which a person stands by these doubts about these measures.
    pub word: String,
}

/// A line that can be saved.
#[derive(Clone, Debug)]
pub struct Fine {
    change: Change,
    base: Option<Stamp>,
    pub reading: Option<Reading>,
}

/// Why a line cannot be saved.
#[derive(Clone, Debug)]
pub enum Reason {
    /// The child is not there, or not in the scope.
    Gone,
    BeforeBirth,
    /// Somebody measured the child, or corrected it, since the sheet was shown.
    Changed,
    /// A measurement that was there is emptied.
    Emptied,
    Field(Fault),
}

/// The day of a sheet, and the day on which it is typed.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    pub measured_on: CivilDate,
    pub today: CivilDate,
}

/// Judges one line. `new_id` is that of the measurement it would become.
pub fn judge(
    tx: &ReadTx<'_>,
    person: &Person,
    days: Days,
    line: &Line,
    new_id: RecordId,
) -> Stored<Verdict> {
    let is_empty = line.seen.is_none() && !has_measure(&line.measures);
    if is_empty {
        return Ok(Verdict::Nothing);
    }
    let child = tx.record(line.child)?.filter(|record| {
        record.kind == Kind::CHILD
            && record.deleted.is_none()
            && person.scope.contains(&record.area)
    });
    let Some(child) = child else { return Ok(Verdict::Refused(Reason::Gone)) };
    let present = tx.measurement_on(child.no, days.measured_on)?;
    let shown = shown(tx, line, present.as_ref())?;
    let typed = typed(line, shown.as_ref(), days.measured_on);
    if shown.as_ref().is_some_and(|shown| typed.says_the_same(shown)) {
        return Ok(Verdict::Nothing);
    }
    let now = present.as_ref().map(|record| (record.id, record.row_stamp()));
    if now != line.seen {
        return Ok(Verdict::Refused(Reason::Changed));
    }
    if !has_measure(&line.measures) && Kind::MEASUREMENT.check(&typed, days.today).is_err() {
        return Ok(Verdict::Refused(Reason::Emptied));
    }
    let id = now.map_or(new_id, |(id, _)| id);
    judge_body(
        tx,
        &child,
        days,
        (id, line.seen.map(|(_, stamp)| stamp)),
        (shown, typed),
        &line.stands_by,
    )
}

fn judge_body(
    tx: &ReadTx<'_>,
    child: &Record,
    days: Days,
    (id, base): (RecordId, Option<Stamp>),
    (shown, mut body): (Option<Body>, Body),
    stands_by: &str,
) -> Stored<Verdict> {
    let kind = Kind::MEASUREMENT;
    if let Err(fault) = kind.check(&body, days.today) {
        return Ok(Verdict::Refused(Reason::Field(fault)));
    }
    let growth_child = tx.growth_child(child.no)?;
    if growth_child.is_some_and(|child| child.months_on(days.measured_on).is_none()) {
        return Ok(Verdict::Refused(Reason::BeforeBirth));
    }
    let measured = Measured::of(&body);
    let reading = match (growth_child, measured) {
        (Some(of), Some(measured)) => reading_among(&of, tx.measured_of(child.no)?, (id, measured)),
        _ => None,
    };
    let before = shown.unwrap_or_default();
    let word = word_for(&growth::doubts_to_ask(&before, &body, reading.as_ref()), &body);
    let confirmed = growth::confirm(&before, &mut body, reading.as_ref(), stands_by == word);
    if let (Err(doubts), Some(reading)) = (confirmed, reading.clone()) {
        return Ok(Verdict::Doubtful(Doubtful { reading, doubts, word }));
    }
    let change = Change { kind, id, edit: Edit::Body { body, area: None } };
    Ok(Verdict::Fine(Fine { change, base, reading }))
}

/// What the person saw of the measurement that the line corrects.
fn shown(tx: &ReadTx<'_>, line: &Line, present: Option<&Record>) -> Stored<Option<Body>> {
    let (Some((_, stamp)), Some(record)) = (line.seen, present) else { return Ok(None) };
    let Some(version) = tx.version(record.no, stamp)? else { return Ok(None) };
    Ok(match tx.content(version, Register::State)? {
        VersionContent::Body(body) => Some(body),
        VersionContent::Deleted(_) | VersionContent::Place(_) => None,
    })
}

fn typed(line: &Line, shown: Option<&Body>, day: CivilDate) -> Body {
    let new = || {
        Body::new()
            .with(measurement::CHILD_ID, line.child.to_string())
            .with(measurement::MEASURED_ON, day.to_string())
    };
    let mut body = shown.cloned().unwrap_or_else(new);
    for (field, value) in MEASURES.iter().zip(&line.measures) {
        body.set(field, value.clone());
    }
    body
}

/// Whether anything was measured: a position alone is no measure.
fn has_measure(measures: &[Value; 4]) -> bool {
    let fields = MEASURES.iter().zip(measures);
    fields.filter(|(field, _)| **field != measurement::POSITION).any(|(_, value)| !value.is_null())
}

/// What the growth rules say of a measurement that is there.
pub fn reading_of(tx: &ReadTx<'_>, child: RecordNo, id: RecordId) -> Stored<Option<Reading>> {
    let Some(of) = tx.growth_child(child)? else { return Ok(None) };
    let known = tx.measured_of(child)?;
    let Some(at) = known.iter().position(|(known, _)| *known == id) else { return Ok(None) };
    Ok(readings(&of, &known).into_iter().nth(at).flatten())
}

/// What the growth rules would say of a measurement if it were saved under this id: later than all
/// else of its day.
fn reading_among(
    child: &growth::Child,
    mut known: Vec<(RecordId, Measured)>,
    (id, measured): (RecordId, Measured),
) -> Option<Reading> {
    known.retain(|(known, _)| *known != id);
    known.push((id, measured));
    readings(child, &known).pop().flatten()
}

fn readings(child: &growth::Child, known: &[(RecordId, Measured)]) -> Vec<Option<Reading>> {
    let rows: Vec<Measured> = known.iter().map(|(_, row)| *row).collect();
    series(child, &rows)
}

/// Saves every line that is fine, each as a change that names the person, and says what became of
/// each. A refusal must end the job.
pub fn save(
    tx: &WriteTx<'_>,
    person: &Person,
    days: Days,
    lines: &[Line],
    now_ms: i64,
    random: &dyn Random,
) -> Result<Vec<Verdict>, Refusal> {
    let mut verdicts = Vec::with_capacity(lines.len());
    for line in lines {
        let verdict = judge(tx, person, days, line, new_record_id(now_ms, random))?;
        if let Verdict::Fine(fine) = &verdict {
            enter(tx, person, fine.change.clone(), fine.base, now_ms)?;
        }
        verdicts.push(verdict);
    }
    Ok(verdicts)
}
