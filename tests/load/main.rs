//! `load`: the server against a plain SQLite program on the same data, in one run.
//!
//! Push: 4 connections send batches of 500 over HTTP, against a program that writes the same rows
//! and log entries with the same indexes, batch size and synchronous=FULL. Pull: a fresh pull of
//! everything, against a joined SELECT that serialises the same rows. Only ratios of one run mean
//! anything; loopback only.
//!
//! With `--app`: the tablet app in Chromium over as many children, how long a worker waits.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_wrap,
    clippy::print_stdout,
    reason = "a measuring program: it stops at the first thing that is not as expected"
)]

mod app;
mod data;
mod plain;
mod served;

use clap::Parser;
use std::time::Duration;

#[derive(Debug, Parser)]
#[command(about = "Measure the server against plain SQLite on the same data")]
struct Arguments {
    /// Tablets, each with one desa
    #[arg(long, default_value_t = 40)]
    tablets: usize,
    /// Children of each tablet
    #[arg(long, default_value_t = 100)]
    children: usize,
    /// Measurements of each child
    #[arg(long, default_value_t = 10)]
    measurements: usize,
    /// Repetitions; medians are printed
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Measure the tablet app instead, over this many children with 12 measurements each; needs Chromium, and the app built first
    #[arg(long, value_name = "CHILDREN")]
    app: Option<usize>,
}

fn main() {
    let arguments = Arguments::parse();
    if let Some(children) = arguments.app {
        return app::measure(children, MEASUREMENTS_OF_APP);
    }
    let tablets = data::make(arguments.tablets, arguments.children, arguments.measurements);
    let changes: usize = tablets.iter().map(|tablet| tablet.changes.len()).sum();
    println!(
        "{changes} changes of {} tablets, batches of {}, {} runs",
        tablets.len(),
        data::BATCH,
        arguments.runs
    );
    let mut runs = Vec::new();
    for _ in 0..arguments.runs {
        let plain = plain::measure(&tablets);
        let served = served::measure(&tablets);
        assert_eq!(plain.rows, served.rows, "both sides must hold and read the same rows");
        runs.push((plain, served));
    }
    report("push", changes, "changes", &runs, |figures| figures.push);
    report("pull", runs[0].0.rows, "rows", &runs, |figures| figures.pull);
}

/// A year of months.
const MEASUREMENTS_OF_APP: usize = 12;

/// What one side took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) push: Duration,
    pub(crate) pull: Duration,
    /// Rows that the pull read.
    pub(crate) rows: usize,
}

fn report(
    what: &str,
    count: usize,
    unit: &str,
    runs: &[(Figures, Figures)],
    took: impl Fn(&Figures) -> Duration,
) {
    let rate = |figures: &Figures| count as f64 / took(figures).as_secs_f64();
    let plain = median(runs.iter().map(|(plain, _)| rate(plain)).collect());
    let served = median(runs.iter().map(|(_, served)| rate(served)).collect());
    let ratio = median(runs.iter().map(|(plain, served)| rate(served) / rate(plain)).collect());
    println!("{what}: plain {plain:.0} {unit}/s, server {served:.0} {unit}/s, ratio {ratio:.2}");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
