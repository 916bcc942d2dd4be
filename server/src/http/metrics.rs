//! `GET /metrics`: figures for Prometheus. No names, no ids, no areas.

use super::about::{About, Answer};
use super::{Gateway, Request, Response};
use crate::backup::schedule::BackupOutcome;
use crate::refusal::Refusal;
use prometheus::{Encoder, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};
use sync_protocol::wire::Receipt;

#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    responses: IntCounterVec,
    receipts: IntCounterVec,
    rows: IntCounter,
    queue: IntGauge,
    parked: IntGauge,
    conflicts: IntGauge,
    records: prometheus::IntGaugeVec,
    backup_at: IntGauge,
    backup_failures: IntCounter,
}

impl Metrics {
    #[expect(clippy::expect_used, reason = "names are constants, and each is registered once")]
    pub(super) fn new() -> Self {
        let registry = Registry::new();
        let counters = |name: &str, help: &str, labels: &[&str]| {
            IntCounterVec::new(Opts::new(name, help), labels).expect("a valid metric name")
        };
        let gauge =
            |name: &str, help: &str| IntGauge::new(name, help).expect("a valid metric name");
        let metrics = Metrics {
            responses: counters(
                "timbang_responses_total",
                "Answers by route and status",
                &["route", "status"],
            ),
            receipts: counters(
                "timbang_receipts_total",
                "Receipts given, by outcome",
                &["outcome"],
            ),
            rows: IntCounter::new("timbang_rows_sent_total", "Rows of the feed sent to tablets")
                .expect("a valid metric name"),
            queue: gauge("timbang_write_queue", "Write jobs that wait now"),
            parked: gauge("timbang_parked", "Changes that are parked now"),
            conflicts: gauge("timbang_conflicts_open", "Conflicts that nobody has decided yet"),
            records: prometheus::IntGaugeVec::new(
                Opts::new("timbang_records", "Live records by kind"),
                &["kind"],
            )
            .expect("a valid metric name"),
            backup_at: gauge(
                "timbang_backup_last_success_seconds",
                "When the last backup was made, seconds since 1970; 0 when none is known",
            ),
            backup_failures: IntCounter::new(
                "timbang_backup_failures_total",
                "Backups that failed since the server started",
            )
            .expect("a valid metric name"),
            registry,
        };
        let collectors: [Box<dyn prometheus::core::Collector>; 9] = [
            Box::new(metrics.responses.clone()),
            Box::new(metrics.receipts.clone()),
            Box::new(metrics.rows.clone()),
            Box::new(metrics.queue.clone()),
            Box::new(metrics.parked.clone()),
            Box::new(metrics.conflicts.clone()),
            Box::new(metrics.records.clone()),
            Box::new(metrics.backup_at.clone()),
            Box::new(metrics.backup_failures.clone()),
        ];
        for collector in collectors {
            metrics.registry.register(collector).expect("each metric is registered once");
        }
        metrics
    }

    pub(super) fn count_response(&self, route: &str, status: u16) {
        self.responses.with_label_values(&[route, &status.to_string()]).inc();
    }

    pub(super) fn count_receipts(&self, receipts: &[Receipt]) {
        for receipt in receipts {
            self.receipts.with_label_values(&[receipt.outcome.as_str()]).inc();
        }
    }

    pub fn note_backup(&self, outcome: BackupOutcome) {
        match outcome {
            BackupOutcome::Made { at_ms } => self.backup_at.set(at_ms / 1_000),
            BackupOutcome::Failed => self.backup_failures.inc(),
        }
    }

    pub(super) fn count_rows(&self, rows: usize) {
        self.rows.inc_by(u64::try_from(rows).unwrap_or(u64::MAX));
    }
}

pub(super) static ABOUT: About = About::new(
    "Figures for Prometheus",
    &[Answer::media("No names, no ids, no areas.", &[EXPOSITION])],
);

const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn render(gateway: &Gateway, _request: &Request) -> Result<Response, Refusal> {
    let metrics = &gateway.metrics;
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let gauges = gateway.service.gauges()?;
    metrics.queue.set(i64::try_from(gauges.write_queue).unwrap_or(i64::MAX));
    metrics.parked.set(whole(gauges.parked));
    metrics.conflicts.set(whole(gauges.conflicts));
    for (kind, count) in gauges.records {
        metrics.records.with_label_values(&[kind.name()]).set(whole(count));
    }
    let mut text = Vec::new();
    match TextEncoder::new().encode(&metrics.registry.gather(), &mut text) {
        Ok(()) => Ok(Response::text(EXPOSITION, text)),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written out");
            Err(Refusal::Internal)
        }
    }
}
