//! What the demo's supervisor gets: the coverage of the month, the conflict of the day, and requests
//! to paste.

use super::kecamatan::first_village;
use super::story::{heading, say};
use crate::access::scope_of;
use crate::admin::people::{list_workers, make_token};
use crate::report::coverage::Coverage;
use crate::report::{Question, RedLineAt, Share, answer};
use crate::service::Service;
use crate::store::{
    LogPos, OpenConflict, ReadTx, Role, Selection, StoreError, VersionContent, Worker,
};
use crate::sync::server_time;
use anyhow::Context;
use sync_protocol::change::Register;
use sync_protocol::month::Month;
use sync_protocol::record::child;
use sync_protocol::sasaran::Ages;

/// Says what came of the day, as the supervisor is told.
pub(super) fn tell(service: &Service) -> anyhow::Result<()> {
    let supervisor = supervisor(service)?;
    let (month, coverage) = coverage(service, &supervisor)?;
    let conflicts = service.read_as_operator::<_, StoreError>(|tx, _| {
        let conflicts = tx.open_conflicts()?;
        conflicts
            .iter()
            .map(|conflict| describe_conflict(tx, conflict))
            .collect::<Result<Vec<_>, _>>()
    })?;
    heading(&format!("What the supervisor, {}, sees", supervisor.name));
    say(&describe_coverage(month, &coverage));
    conflicts.iter().for_each(|conflict| say(conflict));
    Ok(())
}

/// Requests that work when they are pasted, with a new token of the supervisor's.
pub(super) fn what_to_ask(service: &Service, url: &str) -> anyhow::Result<()> {
    let supervisor = supervisor(service)?;
    let (month, _) = coverage(service, &supervisor)?;
    let desa = first_village(service)?;
    say("");
    say("What the supervisor's own programs can ask:");
    say(&format!("A=\"Authorization: Bearer {}\"", make_token(service, supervisor.id)?));
    for path in [
        format!("/v1/children?area={desa}&limit=2"),
        format!("/v1/reports/coverage?month={month}"),
        "/v1/conflicts".to_owned(),
        "/v1/parked".to_owned(),
        format!("/v1/reports/prevalence?month={month}&ages=0-23"),
        format!("/v1/export/recap.csv?month={month}"),
    ] {
        say(&format!("curl -sw '\\n' -H \"$A\" '{url}{path}'"));
    }
    Ok(())
}

fn supervisor(service: &Service) -> anyhow::Result<Worker> {
    let workers = list_workers(service)?.into_iter().map(|(worker, _)| worker);
    let mut supervisors = workers.filter(|worker| worker.role == Role::Penyelia);
    supervisors.next().context("the demo has no supervisor")
}

/// The coverage of the latest month in which the posyandu were held: early in a month, the last.
fn coverage(service: &Service, supervisor: &Worker) -> anyhow::Result<(Month, Coverage)> {
    let of = |month: Month| {
        service.read_as_operator::<_, StoreError>(|tx, now| {
            let question = Question {
                selection: Selection::of(scope_of(tx, supervisor.id)?),
                month,
                ages: Ages::default(),
                by: None,
                red_line: RedLineAt::default(),
            };
            Ok(answer::<Coverage>(tx, &question, now.ms)?.total)
        })
    };
    let today =
        service.read_as_operator::<_, StoreError>(|tx, now| server_time::today(tx, now.ms))?;
    let this: Month = today.format("%Y-%m").to_string().parse()?;
    let coverage = of(this)?;
    if coverage.d * 2 >= coverage.s {
        return Ok((this, coverage));
    }
    let yesterday = this.first().pred_opt().unwrap_or(today);
    let last: Month = yesterday.format("%Y-%m").to_string().parse()?;
    Ok((last, of(last)?))
}

fn describe_coverage(month: Month, coverage: &Coverage) -> String {
    let Coverage { s, d, n, t, bgm, .. } = *coverage;
    let percent = |share: Share| match share.percent() {
        Some(percent) => format!("{percent:.1} %"),
        None => "-".to_owned(),
    };
    format!(
        "Coverage of {month}: {d} of {s} children weighed ({}), {n} of {} gained enough ({}), {bgm} \
         below the red line.",
        percent(Share::new(d, s)),
        n + t,
        percent(Share::new(n, n + t)),
    )
}

fn describe_conflict(tx: &ReadTx<'_>, conflict: &OpenConflict) -> Result<String, StoreError> {
    let winner = tx.record(conflict.record)?.map(|record| record.state_pos);
    let (holds, kept) = if winner == Some(conflict.incoming) {
        (conflict.incoming, conflict.other)
    } else {
        (conflict.other, conflict.incoming)
    };
    Ok(format!(
        "Conflict: a phone number is {}, the later edit; {} is kept beside it until she decides.",
        describe(tx, holds)?,
        describe(tx, kept)?
    ))
}

/// A version's phone number and who typed it.
fn describe(tx: &ReadTx<'_>, pos: LogPos) -> Result<String, StoreError> {
    let worker = tx.entry_at(pos)?.worker;
    let worker = worker.map(|worker| tx.worker(worker)).transpose()?.flatten();
    let name = worker.map_or_else(|| "Kantor".to_owned(), |worker| worker.name);
    let phone = match tx.content(pos, Register::State)? {
        VersionContent::Body(body) => body.text(child::PHONE).unwrap_or("-").to_owned(),
        VersionContent::Deleted(_) | VersionContent::Place(_) => "-".to_owned(),
    };
    Ok(format!("{phone} by {name}"))
}
