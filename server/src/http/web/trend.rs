//! The year that ends with the month: as a picture of its own, and as a table.

use super::figures_asked::{FiguresAsked, read};
use super::visit::Visit;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::report::Share;
use crate::report::overview::{Overview, trend};
use crate::store::ReadTx;
use views::trend::{Trend, TrendMonth, picture, table};
use views::{html, words};

pub(super) fn as_table(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let (title, back, shown) = read(visit, |tx, asked| {
        let title = format!("Tren 12 bulan, {}", asked.place(tx)?);
        Ok((title, asked.address("/", &[]), year(tx, asked)?))
    })?;
    let content = html! {
        p.no-print { a href=(back) { "Kembali ke Ringkasan" } }
        (table(&shown))
    };
    Ok(visit.page("/", &title, &content))
}

pub(super) fn as_picture(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let shown = read(visit, year)?;
    Ok(Response::text("image/svg+xml", picture(&shown).into_string()))
}

fn year(tx: &ReadTx<'_>, asked: &FiguresAsked) -> Result<Trend, Refusal> {
    let months = trend(tx, &asked.question, asked.now_ms)?;
    let months = months.into_iter().map(|(month, Overview { coverage, prevalence })| {
        let [stunting, wasting, underweight] = prevalence.headlines().map(|(_, share)| share);
        // A month in which nobody was weighed says nothing; a zero would be read as a figure.
        let weighed = Some(Share::new(coverage.d, coverage.s)).filter(|share| share.count > 0);
        TrendMonth {
            short: words::month_short(month.first()),
            name: words::month(month.first()),
            sasaran: coverage.s,
            measured: coverage.d,
            shares: [
                weighed.and_then(Share::tenths),
                stunting.tenths(),
                wasting.tenths(),
                underweight.tenths(),
            ],
        }
    });
    Ok(Trend { months: months.collect() })
}
