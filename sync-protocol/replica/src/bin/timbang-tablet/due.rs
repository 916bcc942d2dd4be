//! `due`: who was not measured in a month.

use crate::answer::Answer;
use crate::child::clock_is_dead;
use crate::failure::Failure;
use crate::record_view::{child_json, child_line};
use clap::Args;
use serde_json::json;
use sync_replica::Replica;
use views::typed;

#[derive(Debug, Args)]
pub(crate) struct DueArgs {
    /// Bulan, seperti 2026-11; bila kosong bulan ini
    #[arg(long, value_name = "BULAN")]
    month: Option<String>,
}

pub(crate) fn run(replica: &Replica, args: &DueArgs) -> Result<Answer, Failure> {
    let day = match &args.month {
        Some(text) => {
            typed::month(text).map_err(|wrong| Failure::new(wrong.code, wrong.sentence))?
        }
        None => replica.today()?.ok_or_else(|| clock_is_dead("--month"))?,
    };
    let due = replica.due(day)?;
    let json = due.iter().map(|child| child_json(replica, child)).collect::<Result<Vec<_>, _>>()?;
    let lines =
        due.iter().map(|child| child_line(replica, child)).collect::<Result<Vec<_>, _>>()?;
    let count = format!("{} anak belum diukur pada {}.", due.len(), day.format("%m-%Y"));
    Ok(Answer::new(json!(json)).lines(lines).line(count))
}
