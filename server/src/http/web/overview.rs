//! Ringkasan: the figures of a month and how complete they are.

use super::visit::Visit;
use crate::http::{Response, Service};
use crate::refusal::Refusal;
use views::html;

pub(super) fn overview(_service: &Service, visit: &Visit<'_>) -> Result<Response, Refusal> {
    Ok(visit.page("/", "Ringkasan", &html! { p { "…" } }))
}
