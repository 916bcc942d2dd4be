//! How a child grows: its measurements judged as a whole, as tablets judge them.

use crate::http::children::RecordView;
use child_growth::Index;
use sync_protocol::body::Body;
use sync_protocol::counted::{Rank, Recency};
use sync_protocol::growth::{Child, Measured, Reading, doubts, series};
use sync_protocol::record::measurement;
use sync_protocol::time::CivilDate;
use views::chart::{Chart, points};
use views::child_page::{Charts, Doubt, Measurement, ScoreCell};
use views::growth::{Tone, category, z_text};
use views::tag::Tag;
use views::{labels, words};

/// Fields that have a column of their own.
const IN_COLUMNS: [&str; 7] = [
    measurement::CHILD_ID,
    measurement::MEASURED_ON,
    measurement::WEIGHT_G,
    measurement::HEIGHT_MM,
    measurement::POSITION,
    measurement::MUAC_MM,
    measurement::CONFIRMED,
];

const SHOWN: [Index; 3] = [Index::WeightForAge, Index::LengthForAge, Index::WeightForLength];

/// The measurements of a child by their day, each with what the growth rules say of it.
pub(super) struct Grown<'r> {
    child: Option<Child>,
    born: Option<CivilDate>,
    rows: Vec<Row<'r>>,
}

struct Row<'r> {
    view: &'r RecordView,
    body: &'r Body,
    on: CivilDate,
    measured: Measured,
    reading: Option<Reading>,
}

impl<'r> Grown<'r> {
    pub(super) fn read(child: &Body, views: &'r [RecordView]) -> Self {
        let mut rows: Vec<Row<'r>> = views
            .iter()
            .filter_map(|view| {
                let body = view.body.as_ref()?;
                let on = body.date(measurement::MEASURED_ON)?;
                Some(Row { view, body, on, measured: Measured::of(body)?, reading: None })
            })
            .collect();
        rows.sort_by_key(|row| Rank { on: row.on, recency: Recency::Stamped(row.view.stamp) });
        let born = child.date(sync_protocol::record::child::BIRTH_DATE);
        let child = Child::of(child);
        if let Some(child) = &child {
            let measured: Vec<Measured> = rows.iter().map(|row| row.measured).collect();
            for (row, reading) in rows.iter_mut().zip(series(child, &measured)) {
                row.reading = reading;
            }
        }
        Grown { child, born, rows }
    }

    pub(super) fn charts(&self) -> Option<Charts> {
        let child = self.child.as_ref()?;
        let charts = Chart::ALL.map(|chart| {
            let rows = self.rows.iter();
            let judged =
                rows.filter_map(|row| Some((row.on, &row.measured, row.reading.as_ref()?)));
            (chart, points(chart, child, judged))
        });
        Some(Charts { sex: child.sex, points: charts.into() })
    }

    /// The latest first.
    pub(super) fn measurements(&self, may_edit: bool) -> Vec<Measurement> {
        self.rows.iter().rev().map(|row| self.shown(row, may_edit)).collect()
    }

    fn shown(&self, row: &Row<'_>, may_edit: bool) -> Measurement {
        let body = row.body;
        let gain = row.reading.as_ref().and_then(|reading| reading.gain.as_ref());
        let others = body.fields().filter(|(name, _)| !IN_COLUMNS.contains(name));
        Measurement {
            on: words::date(row.on),
            age: self.born.map_or_else(|| "–".to_owned(), |born| words::age(born, row.on)),
            weight: body.whole(measurement::WEIGHT_G).map(words::kilograms),
            height: body.whole(measurement::HEIGHT_MM).map(words::centimetres),
            position: body
                .text(measurement::POSITION)
                .map(|position| labels::choice(position).to_lowercase()),
            arm: body.whole(measurement::MUAC_MM).map(words::centimetres),
            scores: SHOWN.map(|index| score(row.reading.as_ref()?, index)),
            gain: gain.map(|gain| Tag::gain(gain.status.letter(), gain.twice_not_gained)),
            others: others
                .map(|(name, value)| (labels::field(name).to_owned(), labels::value(name, value)))
                .collect(),
            doubts: row.reading.as_ref().map(|reading| doubted(reading, body)).unwrap_or_default(),
            by: row.view.by.clone(),
            edit: may_edit.then(|| format!("/pengukuran/{}/ubah", row.view.id)),
        }
    }
}

fn score(reading: &Reading, index: Index) -> Option<ScoreCell> {
    let score = reading.assessed.scores.score(index)?;
    let z = score.rounded();
    Some(ScoreCell {
        z: z_text(z),
        name: category(index, z).map(|category| category.name).unwrap_or_default().to_owned(),
        tone: Tone::of(index, z),
        is_flagged: score.is_flagged(),
    })
}

fn doubted(reading: &Reading, body: &Body) -> Vec<Doubt> {
    let confirmed = body.get(measurement::CONFIRMED).and_then(|list| list.as_array());
    let is_confirmed = |code: &str| {
        confirmed.is_some_and(|codes| codes.iter().any(|known| known.as_str() == Some(code)))
    };
    let each = doubts(reading).into_iter();
    each.map(|doubt| Doubt { is_confirmed: is_confirmed(&doubt.code), sentence: doubt.sentence })
        .collect()
}
