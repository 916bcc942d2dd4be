//! The monthly prevalence report over 40,000 children with 24 measurements each, beside plain SQL
//! over the same rows: `cargo run --release -p server --example prevalence [CHILDREN]`.
//!
//! The children are made up, and go through the same merge as any import.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

mod made_up;

use made_up::{NOW_MS, time};
use rusqlite::{Connection, OpenFlags};
use server::access::selection::everywhere;
use server::report::prevalence::Prevalence;
use server::report::{Question, RedLineAt, Report, answer};
use server::service::Service;
use server::store::{DATABASE_FILE, Selection, StoreError};
use std::time::Duration;
use sync_protocol::month::Month;
use sync_protocol::sasaran::Ages;

const LAST_MONTH: &str = "2026-10";

fn main() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let service = made_up::kabupaten(dir.path())?;

    let month: Month = LAST_MONTH.parse()?;
    let report = time("prevalence report", || report_of(&service, month))?;
    let path = dir.path().join(DATABASE_FILE);
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let count = time("plain SQL count of the month's rows", || count_rows(&database, month))?;
    let grouped = time("plain SQL count by category", || count_by_category(&database, month))?;
    println!("the report takes {:.1} times the count", ratio(report, count));
    println!("the report takes {:.1} times the count by category", ratio(report, grouped));
    Ok(())
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn report_of(service: &Service, month: Month) -> anyhow::Result<String> {
    let report: Report<Prevalence> = service.read_as_operator::<_, StoreError>(|tx, _| {
        let question = Question {
            selection: Selection::of(everywhere(tx)?),
            month,
            ages: Ages::To59,
            by: None,
            red_line: RedLineAt::default(),
        };
        answer(tx, &question, NOW_MS)
    })?;
    let said = report.total.headlines().map(|(name, share)| {
        format!("{name} {:.1} % of {}", share.percent().unwrap_or_default(), share.of)
    });
    Ok(said.join(", "))
}

fn count_rows(database: &Connection, month: Month) -> anyhow::Result<String> {
    let sql = "SELECT count(*) FROM measurement WHERE measured_on >= ?1 AND measured_on < ?2";
    let days = (month.first().to_string(), month.next().to_string());
    let count: i64 = database.query_row(sql, days, |row| row.get(0))?;
    Ok(format!("{count} rows"))
}

fn count_by_category(database: &Connection, month: Month) -> anyhow::Result<String> {
    let sql = "SELECT count(*) FROM (SELECT tbu, bbu, bbtb, count(*)
        FROM measurement CROSS JOIN measurement_score USING (rid)
        WHERE measured_on >= ?1 AND measured_on < ?2 GROUP BY tbu, bbu, bbtb)";
    let days = (month.first().to_string(), month.next().to_string());
    let groups: i64 = database.query_row(sql, days, |row| row.get(0))?;
    Ok(format!("{groups} groups"))
}
