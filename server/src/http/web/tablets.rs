//! Tablet: the devices of an area; a code for another; ending one.

use super::places::Places;
use super::visit::Visit;
use crate::access::enrolment::{may_have_tablet, new_code};
use crate::access::person::Person;
use crate::access::reach::is_within_reach;
use crate::access::retire::{Ending, retire, tablet};
use crate::http::Response;
use crate::http::devices::{HeldDevice, of_scope};
use crate::refusal::Refusal;
use crate::store::{Act, DeviceState, ReadTx, Stored, Who};
use crate::sync::server_time;
use serde_json::json;
use std::sync::Arc;
use sync_protocol::ids::{DeviceNo, WorkerId};
use views::choice::Choice;
use views::tablets::{self as shown, Freshness, NewCode, Pending, Skew, TabletRow, Tablets};
use views::words;

/// A clock that is further off than this is set by hand.
const SKEW_MS_LARGE: i64 = 10 * 60 * 1000;

pub(super) fn list(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let list = visit.call.read(|tx, person, now| {
        let showing = Showing::read(tx, now.ms)?;
        let mut held = of_scope(tx, &person)?;
        // First who was not heard longest, and of them who holds most.
        held.sort_by_key(|held| {
            let heard = heard_ms(held).unwrap_or(held.device.enrolled_ms);
            (Freshness::after(showing.now_ms - heard), -held.device.pending.unwrap_or(0))
        });
        let mut list = Tablets {
            active: vec![],
            never: vec![],
            ended: vec![],
            workers: workers(tx, &person)?,
        };
        for held in held {
            let part = match (held.device.state, heard_ms(&held)) {
                (DeviceState::Revoked, _) => &mut list.ended,
                (DeviceState::Active | DeviceState::Draining, None) => &mut list.never,
                (DeviceState::Active | DeviceState::Draining, Some(_)) => &mut list.active,
            };
            part.push(showing.row(tx, &person, held)?);
        }
        Ok(list)
    })?;
    Ok(visit.page("/tablet", "Tablet", &shown::tablets(&list, &visit.viewer())))
}

/// The field workers of a person's reach.
fn workers(tx: &ReadTx<'_>, person: &Person) -> Stored<Vec<Choice>> {
    let mut choices = vec![Choice::new("", "Pilih petugas", None)];
    for worker in tx.workers()? {
        if may_have_tablet(&worker) && is_within_reach(tx, person, worker.id)? {
            choices.push(Choice::new(worker.id.to_string(), worker.name, None));
        }
    }
    Ok(choices)
}

pub(super) fn make_code(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let unknown = || Refusal::NotFound;
    let worker = visit.form.text("worker").and_then(|id| id.parse::<WorkerId>().ok());
    let worker = worker.ok_or_else(unknown)?;
    let random = Arc::clone(visit.call.random());
    let origin = visit.call.request.origin();
    let code = visit.call.write(move |tx, person, now| {
        let worker = tx.worker(worker)?.filter(may_have_tablet);
        let worker = worker.ok_or_else(unknown)?;
        if !is_within_reach(tx, &person, worker.id)? {
            return Err(unknown());
        }
        let now_ms = now.ms;
        let code = new_code(tx, worker.id, now_ms, &*random)?;
        let by = Who::Worker(person.worker.id);
        tx.audit(by, Act::CodeMade, &json!({"worker": worker.id}), now_ms)?;
        let offset = server_time::offset_minutes(tx, now_ms)?;
        Ok(NewCode {
            worker: worker.name,
            link: format!("{origin}/app/#kode={}", code.code),
            server: origin,
            expires: words::moment(code.expires_ms, offset),
            code: code.code,
        })
    })?;
    let title = format!("Kode untuk {}", code.worker);
    Ok(visit.page("/tablet", &title, &shown::new_code(&code)))
}

/// Asks before a tablet is ended.
pub(super) fn ask(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let number = number(visit)?;
    let row = visit.call.read(|tx, person, now| {
        let held = of_scope(tx, &person)?.into_iter().find(|held| held.device.number == number);
        let row = held.map(|held| Showing::read(tx, now.ms)?.row(tx, &person, held)).transpose()?;
        let row = row.filter(|row| row.page.is_some());
        row.ok_or(Refusal::NotFound)
    })?;
    let title = format!("Tablet {}", row.worker);
    Ok(visit.page("/tablet", &title, &shown::end(&row, &visit.viewer())))
}

pub(super) fn drain(visit: &Visit<'_>) -> Result<Response, Refusal> {
    end(visit, Ending::Drain)
}

pub(super) fn revoke(visit: &Visit<'_>) -> Result<Response, Refusal> {
    if visit.form.text("yakin").is_none() {
        return Err(Refusal::Malformed(None));
    }
    end(visit, Ending::Revoke)
}

fn end(visit: &Visit<'_>, ending: Ending) -> Result<Response, Refusal> {
    let number = number(visit)?;
    visit.call.write(move |tx, person, now| {
        let unknown = || Refusal::NotFound;
        let device = tablet(tx, number)?.ok_or_else(unknown)?;
        let worker = device.worker.ok_or_else(unknown)?;
        if !is_within_reach(tx, &person, worker)? {
            return Err(unknown());
        }
        let now_ms = now.ms;
        retire(tx, Who::Worker(person.worker.id), device, ending, now_ms)?.ok_or_else(unknown)
    })?;
    Ok(Response::redirect("/tablet?kabar=tablet"))
}

fn number(visit: &Visit<'_>) -> Result<DeviceNo, Refusal> {
    let number = u32::try_from(visit.call.number_at(0)?);
    number.map(DeviceNo).map_err(|_| Refusal::NotFound)
}

/// When a tablet was last heard.
fn heard_ms(held: &HeldDevice) -> Option<i64> {
    held.device.last_push_ms.max(held.device.last_pull_ms)
}

/// What rows are told by.
struct Showing {
    now_ms: i64,
    offset_minutes: i32,
    places: Places,
}

impl Showing {
    fn read(tx: &ReadTx<'_>, now_ms: i64) -> Stored<Self> {
        let offset_minutes = server_time::offset_minutes(tx, now_ms)?;
        Ok(Showing { now_ms, offset_minutes, places: Places::read(tx)? })
    }

    fn row(&self, tx: &ReadTx<'_>, person: &Person, held: HeldDevice) -> Stored<TabletRow> {
        let ago = |ms: i64| words::ago(self.now_ms - ms);
        let heard = heard_ms(&held).unwrap_or(held.device.enrolled_ms);
        let HeldDevice { device, worker, areas } = held;
        let may_end =
            device.state != DeviceState::Revoked && is_within_reach(tx, person, worker.id)?;
        let areas: Vec<String> = areas.iter().map(|area| self.places.name(area)).collect();
        Ok(TabletRow {
            number: device.number.0,
            name: device.name,
            worker: worker.name,
            areas: areas.join(", "),
            app: device.app,
            freshness: Freshness::after(self.now_ms - heard),
            is_draining: device.state == DeviceState::Draining,
            enrolled: words::moment(device.enrolled_ms, self.offset_minutes),
            last_push: device.last_push_ms.map(ago),
            last_pull: device.last_pull_ms.map(ago),
            pending: device.pending.map(|count| Pending {
                count: u64::try_from(count).unwrap_or(0),
                age: device.oldest_pending_ms.map(ago),
            }),
            parked: device.parked.map(|count| u64::try_from(count).unwrap_or(0)),
            skew: device.skew_ms.map(skew),
            page: may_end.then(|| format!("/tablet/{}", device.number.0)),
        })
    }
}

fn skew(ms: i64) -> Skew {
    let told = match words::length(ms.abs()) {
        None => "tepat".to_owned(),
        Some(length) if ms > 0 => format!("{length} lebih cepat"),
        Some(length) => format!("{length} lebih lambat"),
    };
    Skew { told, is_large: ms.abs() > SKEW_MS_LARGE }
}
