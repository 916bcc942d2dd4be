//! `timbang report coverage|prevalence`

use super::arguments::Place;
use super::output;
use crate::access::selection::{Filters, everywhere};
use crate::export::Completeness;
use crate::report::coverage::Coverage;
use crate::report::prevalence::{IndexFigures, Prevalence};
use crate::report::{By, Completed, Figures, Question, RedLineAt, Report, Share, answer};
use crate::service::Service;
use crate::store::StoreError;
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fmt::Write as _;
use std::process::ExitCode;
use sync_protocol::area::Area;
use sync_protocol::month::Month;
use sync_protocol::sasaran::Ages;

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// S, K, D, N, T, O, B, 2T and BGM with their ratios
    Coverage(ReportOptions),
    /// The share of each category of each index
    Prevalence(ReportOptions),
}

#[derive(Debug, Args)]
pub struct ReportOptions {
    /// The month
    #[arg(long, value_name = "YYYY-MM")]
    pub month: Month,
    /// Only children who live in this area
    #[arg(long, value_name = "CODE", value_parser = super::arguments::area_code)]
    pub area: Option<Area>,
    /// Only children who live in the desa of this puskesmas
    #[arg(long, value_name = "CODE")]
    pub puskesmas: Option<String>,
    /// Only children of this posyandu
    #[arg(long, value_name = "NAME")]
    pub posyandu: Option<String>,
    /// One row for each desa or kecamatan, too
    #[arg(long, value_name = "desa|kecamatan")]
    pub by: Option<By>,
    /// Completed months on the month's last day: 0-59 or 0-23
    #[arg(long, default_value = "0-59", value_name = "GROUP")]
    pub ages: Ages,
    /// Where BGM begins, in SD of BB/U
    #[arg(long, default_value = "-2", allow_negative_numbers = true, value_name = "SD")]
    pub red_line: RedLineAt,
    #[command(flatten)]
    pub place: Place,
}

impl ReportCommand {
    pub(super) fn place(&self) -> &Place {
        match self {
            ReportCommand::Coverage(options) | ReportCommand::Prevalence(options) => &options.place,
        }
    }
}

pub(super) fn run(service: &Service, command: &ReportCommand) -> anyhow::Result<ExitCode> {
    match command {
        ReportCommand::Coverage(options) => print(service, options, coverage_text),
        ReportCommand::Prevalence(options) => print(service, options, prevalence_text),
    }
}

fn print<F: Figures + Serialize>(
    service: &Service,
    options: &ReportOptions,
    text: fn(&Report<F>) -> String,
) -> anyhow::Result<ExitCode> {
    let filters = Filters {
        area: options.area.clone(),
        puskesmas: options.puskesmas.clone(),
        posyandu: options.posyandu.clone(),
        month: Some(options.month),
    };
    let report: Report<F> = service.read_as_operator::<_, StoreError>(|tx, now| {
        let question = Question {
            selection: filters.select(tx, &everywhere(tx)?)?,
            month: options.month,
            ages: options.ages,
            by: options.by,
            red_line: options.red_line,
        };
        answer(tx, &question, now.ms)
    })?;
    let said = format!("{}\n{}", text(&report), footer(&report));
    output::print(options.place.json, &serde_json::to_value(&report)?, &said)?;
    Ok(ExitCode::SUCCESS)
}

fn coverage_text(report: &Report<Coverage>) -> String {
    let mut text = format!(
        "{:<24} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>5} {:>5} {:>7} {:>7} {:>7}\n",
        "", "S", "K", "D", "N", "T", "O", "B", "2T", "BGM", "K/S %", "D/S %", "N/D' %"
    );
    for (name, figures) in rows(report) {
        let Coverage { s, k, d, n, t, o, b, two_t, bgm, .. } = figures;
        let [k_s, d_s, _, n_d, ..] = figures.ratios().map(|(_, share)| percent(share));
        line(
            &mut text,
            &format!(
                "{name:<24} {s:>6} {k:>6} {d:>6} {n:>6} {t:>6} {o:>6} {b:>6} {two_t:>5} {bgm:>5} \
                 {k_s:>7} {d_s:>7} {n_d:>7}"
            ),
        );
    }
    text
}

fn prevalence_text(report: &Report<Prevalence>) -> String {
    let mut text = String::new();
    for (name, figures) in rows(report) {
        let headlines = figures.headlines().map(|(name, share)| {
            format!("{name} {} % ({} of {})", percent(share), share.count, share.of)
        });
        line(&mut text, &format!("{name:<24} {}", headlines.join(", ")));
    }
    for index in report.total.indices() {
        let IndexFigures { measured, flagged, unscored, oedema, .. } = index.figures;
        let label = index.label;
        line(
            &mut text,
            &format!(
                "{label}: {measured} measured, {flagged} flagged, {unscored} without a score, \
                 {oedema} with oedema"
            ),
        );
        for (_, name, share) in index.shares() {
            line(&mut text, &format!("  {name:<26} {:>7} {:>6} %", share.count, percent(share)));
        }
    }
    text
}

/// The areas of a report that have children on the list, and its total, by name.
fn rows<F: Figures>(report: &Report<F>) -> Vec<(String, F)> {
    let areas = report.areas.iter().flatten().filter(|area| !area.figures.is_empty());
    let named = areas.map(|area| (format!("{} {}", area.area, area.name), area.figures.clone()));
    named.chain([("total".to_owned(), report.total.clone())]).collect()
}

fn percent(share: Share) -> String {
    share.percent().map_or_else(|| "-".to_owned(), |percent| format!("{percent:.1}"))
}

fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    writeln!(text, "{line}").unwrap_or_default();
}

fn footer<F: Figures>(report: &Report<F>) -> String {
    let Completed { feed, time, completeness } = report.as_of;
    let Completeness { devices, silent, parked, conflicts } = completeness;
    let empty = report.areas.iter().flatten().filter(|area| area.figures.is_empty()).count();
    let left_out = match empty {
        0 => String::new(),
        1 => "1 area without children on the list is left out\n".to_owned(),
        _ => format!("{empty} areas without children on the list are left out\n"),
    };
    format!(
        "{left_out}month {}, children of {} completed months on its last day; {}\nas of feed position {feed} at {time}; {silent} of \
         {devices} tablets silent for more than 7 days, {parked} changes parked, {conflicts} \
         conflicts open",
        report.month, report.ages, report.red_line,
    )
}
