//! Konflik: the open conflicts, and dismissing those in which nothing overlaps.

use super::conflict::{maker, present_and_lost, whole};
use super::local::Local;
use super::visit::Visit;
use super::wrong;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::store::{ReadTx, Stored};
use crate::sync::review::decide::{Decision, Ruling, decide};
use crate::sync::review::stakes::{Ordered, Weighed, ordered_conflicts, weighed_conflict};
use sync_protocol::conflict::Gravity;
use sync_protocol::stamp::Stamp;
use views::conflict::{self as view, List, Row};
use views::control::Held;
use views::labels;
use views::shell::Notice;

pub(super) const HERE: &str = "/konflik";

pub(super) fn list(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let list = read_list(visit, visit.call.asked.value("after")?)?;
    Ok(visit.page(HERE, "Konflik", &view::list(&visit.viewer(), &list)))
}

fn read_list(visit: &Visit<'_>, before: Option<i64>) -> Result<List, Refusal> {
    let most = visit.call.thresholds().ordered_conflicts;
    visit.call.read(|tx, person, _| {
        let ordered = ordered_conflicts(tx, &person.scope, before, most)?;
        let Ordered { conflicts, open, older } = ordered;
        let local = Local::read(tx)?;
        let rows = conflicts.iter().map(|weighed| row(tx, &local, weighed));
        let rows = rows.collect::<Stored<Vec<_>>>()?;
        Ok(List { rows, open, ordered: most, older, reason: Held::default() })
    })
}

fn row(tx: &ReadTx<'_>, local: &Local<'_>, weighed: &Weighed) -> Stored<Row> {
    let view = &weighed.view;
    let (present, lost) = present_and_lost(view);
    let fields = view.fields.iter();
    let mut differs = view::consequences(&weighed.difference);
    differs.extend(fields.map(|field| view::differs(&field.field, &field.incoming, &field.other)));
    if view.fields.is_empty() {
        differs.extend([present, lost].iter().filter_map(|side| whole(local, side)));
    }
    Ok(Row {
        id: view.id,
        winner: view.winner_stamp.to_string(),
        gravity: weighed.gravity,
        child: view.child_name.clone().unwrap_or_else(|| "(tanpa nama)".to_owned()),
        village: local.area(&view.area),
        kind: labels::kind(view.kind),
        differs,
        makers: [maker(tx, local, present)?, maker(tx, local, lost)?],
        picked: false,
    })
}

/// Dismisses what was ticked, all of it or nothing.
pub(super) fn dismiss(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let picked: Vec<&str> = visit.form.all("pilih").collect();
    let rulings: Option<Vec<(i64, Stamp)>> = picked
        .iter()
        .map(|picked| {
            let (id, winner) = picked.split_once('@')?;
            Some((id.parse().ok()?, winner.parse().ok()?))
        })
        .collect();
    let rulings = rulings.ok_or_else(|| Refusal::Malformed(None))?;
    let reason = visit.form.text("alasan").map(str::to_owned);
    let told = match (&reason, rulings.as_slice()) {
        (_, []) => "Centang dulu konflik yang diabaikan.",
        (None, _) => "Isi alasan mengabaikan.",
        (Some(reason), _) => match dismiss_all(visit, rulings, reason.clone()) {
            Ok(()) => return Ok(Response::redirect("/konflik?kabar=diputuskan")),
            Err(Refusal::Stale) => {
                "Ada yang berubah sejak daftar ini dibuka, jadi belum ada yang diabaikan. Periksa lagi centangnya."
            }
            Err(refusal) => return Err(refusal),
        },
    };
    let mut list = read_list(visit, None)?;
    for row in &mut list.rows {
        let id = row.id.to_string();
        row.picked = picked.iter().any(|picked| picked.split('@').next() == Some(&*id));
    }
    list.reason = Held {
        text: reason.clone().unwrap_or_default(),
        error: reason.is_none().then(|| "Alasan wajib diisi.".to_owned()),
    };
    let content = view::list(&visit.viewer(), &list);
    let notice: Notice = wrong(told);
    Ok(visit.page_with(422, HERE, "Konflik", Some(&notice), &content))
}

fn dismiss_all(
    visit: &Visit<'_>,
    picked: Vec<(i64, Stamp)>,
    reason: String,
) -> Result<(), Refusal> {
    visit.call.write(move |tx, person, now| {
        for (id, winner) in picked {
            // What overlaps, or matters to the child, is looked at one by one.
            if weighed_conflict(tx, &person.scope, id)?.gravity != Gravity::Parallel {
                return Err(Refusal::Stale);
            }
            let reason = Some(reason.clone());
            let ruling = Ruling { decision: Decision::Dismiss, winner, reason };
            decide(tx, &person, id, &ruling, now.ms)?;
        }
        Ok(())
    })
}
