//! `GET /v1/reports/coverage`, `GET /v1/reports/prevalence`

use super::about::{About, Answer};
use super::body::malformed;
use super::params::{PLACE, REPORT, THE_MONTH};
use super::{Call, Response};
use crate::refusal::Refusal;
use crate::report::coverage::Coverage;
use crate::report::prevalence::Prevalence;
use crate::report::{Figures, Question, Report, answer};
use serde::Serialize;
use utoipa::ToSchema;

// A name for each schema: it is made of one generic type.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names a schema")]
struct CoverageReport(#[schema(inline)] Report<Coverage>);
#[derive(ToSchema)]
#[expect(dead_code, reason = "names a schema")]
struct PrevalenceReport(#[schema(inline)] Report<Prevalence>);

pub(super) static COVERAGE: About = About {
    query: &[&PLACE, &[THE_MONTH], &REPORT],
    ..About::new(
        "Coverage of a month (SKDN): who is on the list, was weighed, gained",
        &[Answer::json::<CoverageReport>(200, "Counts, percentages and completeness.")],
    )
};

pub(super) static PREVALENCE: About = About {
    query: &[&PLACE, &[THE_MONTH], &REPORT],
    ..About::new(
        "Prevalence in a month: children in each category of each index",
        &[Answer::json::<PrevalenceReport>(200, "Counts, percentages and completeness.")],
    )
};

pub(super) fn coverage(call: &Call<'_>) -> Result<Response, Refusal> {
    report::<Coverage>(call)
}

pub(super) fn prevalence(call: &Call<'_>) -> Result<Response, Refusal> {
    report::<Prevalence>(call)
}

fn report<F: Figures + Serialize>(call: &Call<'_>) -> Result<Response, Refusal> {
    let asked = &call.asked;
    let filters = asked.filters()?;
    let no_month = || Refusal::malformed("month=YYYY-MM is wanted");
    let month = filters.month.ok_or_else(no_month)?;
    let (ages, by) = (asked.value("ages")?.unwrap_or_default(), asked.value("by")?);
    let red_line = asked.value("red_line")?.unwrap_or_default();
    let report = call.read(|tx, person, now| {
        let selection = filters.select(tx, &person.scope)?;
        Ok(answer::<F>(tx, &Question { selection, month, ages, by, red_line }, now.ms)?)
    })?;
    Response::json(200, &report).map_err(malformed)
}
