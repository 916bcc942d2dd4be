//! Anak: everything that this tablet has of one child.

use super::{Answer, App, Stumble, route};
use child_growth::Index;
use sync_protocol::body::Body;
use sync_protocol::growth::{Child as Growing, Measured, Reading};
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, child, measurement, visit};
use sync_replica::{ChildRow, GrowthRow, Shown};
use views::app::child::{Child, Row, VisitRow, content};
use views::app::frame::Here;
use views::app::marks::Marks;
use views::app::reading::reading;
use views::chart::{Chart, draw, points};
use views::growth::{Tone, category, z_text};
use views::tag::Tag;
use views::{Markup, labels, words};

impl App {
    pub(super) fn child(&mut self, id: RecordId) -> Result<Answer, Stumble> {
        let row = self.row(id)?;
        let record = self.replica.record(Kind::CHILD, id)?.ok_or(Stumble::NotFound)?;
        let body = record.body().cloned().unwrap_or_default();
        let growth = self.replica.growth(id)?;
        let mut facts = vec![("Desa".to_owned(), self.area_text(row.area.as_ref())?)];
        facts.extend(said(Kind::CHILD, &body, &[]));
        let shown = Child {
            address: route::child(&id),
            about: about(&row, self.replica.today()?),
            marks: marks(&record),
            facts,
            charts: charts(&body, &growth),
            last: growth.iter().rev().find_map(last),
            rows: growth.iter().rev().map(|measured| series_row(&row, measured)).collect(),
            visits: self.visits(id)?,
            moved: row.gone.then(|| {
                "Anak ini sudah pindah desa. Ditampilkan sampai perubahan Anda terkirim.".to_owned()
            }),
        };
        self.screen(Here::OwnFoot, &row.name, &content(&shown))
    }

    fn visits(&self, child: RecordId) -> Result<Vec<VisitRow>, Stumble> {
        let visits = self.replica.list_of(Kind::VISIT, child)?;
        let day = |record: &Shown| record.body().and_then(|body| body.date(visit::VISITED_ON));
        let row = |record: &Shown| {
            let body = record.body()?;
            let said: Vec<String> = said(Kind::VISIT, body, &[visit::VISITED_ON])
                .map(|(label, value)| format!("{label}: {value}"))
                .collect();
            Some(VisitRow {
                href: route::visit(&child, &record.id),
                date: day(record).map_or_else(|| "-".to_owned(), words::date),
                said: said.join(", "),
                marks: marks(record),
            })
        };
        Ok(visits.iter().rev().filter_map(row).collect())
    }
}

/// `P, 1 th 4 bl, lahir 01-07-2025`
pub(super) fn about(row: &ChildRow, today: Option<sync_protocol::time::CivilDate>) -> String {
    let sex = row.sex.as_deref().map(|sex| labels::choice(sex).to_owned());
    let age = row.birth_date.zip(today).map(|(born, today)| words::age(born, today));
    let born = row.birth_date.map(|born| format!("lahir {}", words::date(born)));
    [sex, age, born, row.posyandu.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Label and value of the fields of a body, in the order of the form.
fn said<'b>(
    kind: Kind,
    body: &'b Body,
    besides: &'b [&str],
) -> impl Iterator<Item = (String, String)> + 'b {
    let parent = kind.parent_field();
    let known = kind.fields().iter().filter_map(|field| Some((field.name, body.get(field.name)?)));
    known
        .filter(move |(name, _)| Some(*name) != parent && !besides.contains(name))
        .map(|(name, value)| match name {
            child::SEX => (name, labels::choice(value.as_str().unwrap_or_default()).to_owned()),
            _ => (name, labels::value(name, value)),
        })
        .map(|(name, value)| (labels::field(name).to_owned(), value))
}

fn marks(record: &Shown) -> Marks {
    Marks { pending: record.pending, parked: record.parked, gone: record.gone }
}

fn charts(body: &Body, growth: &[GrowthRow]) -> Vec<Markup> {
    let Some(growing) = Growing::of(body).filter(|_| !growth.is_empty()) else { return Vec::new() };
    let measured: Vec<_> = growth
        .iter()
        .filter_map(|row| {
            let body = row.record.body()?;
            let on = body.date(measurement::MEASURED_ON)?;
            Some((on, Measured::of(body)?, row.reading.as_ref()?))
        })
        .collect();
    let rows = || measured.iter().map(|(on, measured, reading)| (*on, measured, *reading));
    Chart::ALL
        .into_iter()
        .map(|chart| draw(chart, growing.sex, &points(chart, &growing, rows())))
        .collect()
}

/// `06-10-2026: 11,4 kg, 89,5 cm`, and what it means.
fn last(row: &GrowthRow) -> Option<(String, Markup)> {
    Some((measures(row.record.body()?), reading(row.reading.as_ref()?)))
}

/// What was measured on a day, in the order of the form.
pub(super) fn measures(body: &Body) -> String {
    let shown =
        [measurement::WEIGHT_G, measurement::HEIGHT_MM, measurement::MUAC_MM, measurement::HEAD_MM]
            .into_iter()
            .filter_map(|field| Some((field, body.get(field)?)))
            .map(|(field, value)| {
                let value = labels::value(field, value);
                match field {
                    measurement::WEIGHT_G | measurement::HEIGHT_MM => value,
                    _ => format!("{} {value}", labels::field(field)),
                }
            })
            .collect::<Vec<_>>()
            .join(", ");
    let day = body.date(measurement::MEASURED_ON).map_or_else(|| "-".to_owned(), words::date);
    format!("{day}: {shown}")
}

fn series_row(child: &ChildRow, row: &GrowthRow) -> Row {
    let (record, said) = (&row.record, row.reading.as_ref());
    let body = record.body();
    let day = body.and_then(|body| body.date(measurement::MEASURED_ON));
    let dash = || "-".to_owned();
    let measure = |field, decimals| {
        body.and_then(|body| body.whole(field)).map_or_else(dash, |v| words::decimal(v, decimals))
    };
    Row {
        href: route::measurement(&child.id, &record.id),
        date: day.map_or_else(dash, words::date),
        age: day.zip(child.birth_date).map_or_else(dash, |(day, born)| words::age(born, day)),
        weight: measure(measurement::WEIGHT_G, 3),
        height: measure(measurement::HEIGHT_MM, 1),
        scores: [Index::WeightForAge, Index::LengthForAge, Index::WeightForLength]
            .map(|index| score(said, index)),
        gain: gain(said),
        marks: marks(record),
    }
}

fn score(said: Option<&Reading>, index: Index) -> Option<(Tone, String, String)> {
    let score = said?.assessed.scores.score(index)?;
    let flag = if score.is_flagged() { "!" } else { "" };
    let name = category(index, score.rounded())
        .map_or_else(String::new, |category| category.code.replace('_', " "));
    let z = format!("{}{flag}", z_text(score.rounded()));
    Some((Tone::of(index, score.rounded()), z, name))
}

fn gain(said: Option<&Reading>) -> Option<Tag> {
    let gain = said?.gain.as_ref()?;
    Some(Tag::gain(gain.status.letter(), gain.twice_not_gained))
}
