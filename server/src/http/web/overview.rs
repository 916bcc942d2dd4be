//! Ringkasan: the figures of a month and how complete they are.

use super::areas_table::{AreaColumn, area_table};
use super::figures_asked::{FiguresAsked, read};
use super::places::puskesmas_choices;
use super::visit::Visit;
use crate::access::person::Right;
use crate::export::SILENT_AFTER_DAYS;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::report::coverage::Coverage;
use crate::report::overview::Overview;
use crate::report::prevalence::Prevalence;
use crate::report::{Completed, Share, answer};
use crate::store::ReadTx;
use crate::sync::server_time;
use sync_protocol::sasaran::Ages;
use views::choice::Choice;
use views::overview::{
    Asked, Completeness, Figure, IndexBar, Overview as Shown, Part, Tone, overview as content,
};
use views::words;

pub(super) fn overview(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let shown = read(visit, |tx, asked| {
        let report = answer::<Overview>(tx, &asked.question, asked.now_ms)?;
        let order = visit.call.asked.value::<AreaColumn>("urut")?.unwrap_or_default();
        let Overview { coverage, prevalence } = &report.total;
        Ok(Shown {
            place: asked.place(tx)?,
            month_name: words::month(asked.question.month.first()),
            figures: figures(coverage, prevalence, asked, visit),
            completeness: completeness(tx, &report.as_of, visit)?,
            indices: indices(prevalence),
            areas: report.areas.map(|areas| area_table(&areas, order, asked)),
            trend_picture: asked.address("/tren.svg", &[]),
            trend_table: asked.address("/tren", &[]),
            asked: form(tx, asked)?,
        })
    })?;
    Ok(visit.page("/", "Ringkasan", &content(&shown)))
}

fn form(tx: &ReadTx<'_>, asked: &FiguresAsked) -> Result<Asked, Refusal> {
    let filters = &asked.filters;
    let ages = asked.question.ages.as_str();
    Ok(Asked {
        month: asked.question.month.to_string(),
        areas: asked.places.choices(&asked.scope, filters.area.as_ref()),
        puskesmas: puskesmas_choices(tx, &asked.scope, filters.puskesmas.as_deref())?,
        ages: Ages::ALL.map(|each| Choice::new(each.as_str(), each.as_str(), Some(ages))).to_vec(),
    })
}

fn completeness(
    tx: &ReadTx<'_>,
    as_of: &Completed,
    visit: &Visit<'_>,
) -> Result<Completeness, Refusal> {
    let now_ms = as_of.time.unix_ms();
    let counts = as_of.completeness;
    Ok(Completeness {
        as_of: words::moment(now_ms, server_time::offset_minutes(tx, now_ms)?),
        silent: counts.silent,
        tablets: counts.devices,
        silent_days: SILENT_AFTER_DAYS,
        parked: counts.parked,
        conflicts: counts.conflicts,
        has_lists: visit.worker.role.may(Right::Review),
    })
}

fn figures(
    coverage: &Coverage,
    prevalence: &Prevalence,
    asked: &FiguresAsked,
    visit: &Visit<'_>,
) -> Vec<Figure> {
    let [stunting, wasting, underweight] = prevalence.headlines().map(|(_, share)| share);
    let list = |filter: &str| {
        visit.worker.role.may(Right::ReadRecords).then(|| {
            // Of the same month: what is known last is another question.
            asked.address("/balita", &[("saring", filter), ("ages", "")])
        })
    };
    let count = |label, count: u64, detail: String, list: Option<String>| Figure {
        label,
        value: words::count(count),
        detail,
        list,
    };
    let share = |label, share: Share, list: Option<String>| Figure {
        label,
        value: words::percent(share.tenths()),
        detail: format!("{} dari {} anak", words::count(share.count), words::count(share.of)),
        list,
    };
    let Coverage { s, k, d, n, t, .. } = *coverage;
    vec![
        count("Sasaran (S)", s, format!("{} punya Buku KIA", words::count(k)), None),
        count(
            "Diukur (D)",
            d,
            format!("{} belum diukur", words::count(s - d)),
            list("belum_diukur"),
        ),
        share("D/S", Share::new(d, s), None),
        share("N/D′", Share::new(n, n + t), None),
        share("Stunting", stunting, list("stunting")),
        share("Wasting", wasting, list("wasting")),
        share("Underweight", underweight, list("underweight")),
    ]
}

/// The indices that help is given by.
const SHOWN: [&str; 3] = ["bbu", "tbu", "bbtb"];
/// The categories of each go from the lowest to the highest, and the third is the normal one.
const TONES: [Tone; 4] = [Tone::Severe, Tone::Low, Tone::Normal, Tone::High];

fn indices(prevalence: &Prevalence) -> Vec<IndexBar> {
    let all = prevalence.indices();
    let shown = all.iter().filter(|index| SHOWN.contains(&index.word));
    let bars = shown.map(|index| IndexBar {
        title: index.label,
        parts: index
            .shares()
            .enumerate()
            .map(|(at, (_, label, share))| Part {
                label,
                count: share.count,
                tone: TONES.get(at).copied().unwrap_or(Tone::VeryHigh),
            })
            .collect(),
        uncounted: index.figures.flagged + index.figures.unscored,
    });
    bars.collect()
}
