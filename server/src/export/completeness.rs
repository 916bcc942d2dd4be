//! What a file is a picture of: the position in the feed, the time, and what was still missing.

use super::cell::Cell;
use crate::access::scope_of;
use crate::store::{DeviceState, ReadTx, Stored};
use serde::Serialize;
use sync_protocol::area::{Area, Scope};
use sync_protocol::time::{DAY_MS, Moment};
use utoipa::ToSchema;

/// A tablet that was not heard for longer is silent.
pub const SILENT_AFTER_DAYS: i64 = 7;

/// What was not merged yet, as far as the server can know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Completeness {
    /// Tablets that work in the scope and are not revoked.
    pub devices: u64,
    /// Those of them that were not heard for 7 days.
    pub silent: u64,
    /// Changes of these tablets that are parked.
    pub parked: u64,
    /// Conflicts in the scope that nobody has decided.
    pub conflicts: u64,
}

/// The state of the server that a file or a list shows.
#[derive(Clone, Copy, Debug)]
pub struct AsOf {
    pub feed: i64,
    pub time_ms: i64,
    pub completeness: Completeness,
}

impl AsOf {
    /// Of one snapshot and one scope.
    pub fn read(tx: &ReadTx<'_>, scope: &Scope, now_ms: i64) -> Stored<Self> {
        let completeness = Completeness::read(tx, scope, now_ms)?;
        Ok(AsOf { feed: tx.server()?.feed, time_ms: now_ms, completeness })
    }

    pub fn time(&self) -> Moment {
        Moment::utc(self.time_ms)
    }

    /// As one sentence, for a row in a table.
    pub(super) fn sentence(&self) -> String {
        let Completeness { devices, silent, parked, conflicts } = self.completeness;
        format!(
            "Keterangan: posisi feed {}, data per {}, {silent} dari {devices} tablet tanpa kabar \
             lebih dari {SILENT_AFTER_DAYS} hari, {parked} perubahan tertahan, {conflicts} konflik \
             terbuka",
            self.feed,
            self.time()
        )
    }

    /// As names and values, for a sheet.
    pub(super) fn lines(&self) -> [(&'static str, Cell<'static>); 6] {
        let Completeness { devices, silent, parked, conflicts } = self.completeness;
        let count = |count: u64| Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX));
        [
            ("Posisi feed", Cell::Whole(self.feed)),
            ("Data per", Cell::text(self.time().to_string())),
            ("Tablet di wilayah ini", count(devices)),
            ("Tablet tanpa kabar lebih dari 7 hari", count(silent)),
            ("Perubahan tertahan", count(parked)),
            ("Konflik terbuka", count(conflicts)),
        ]
    }
}

impl Completeness {
    fn read(tx: &ReadTx<'_>, scope: &Scope, now_ms: i64) -> Stored<Self> {
        let parked = tx.parked_by_device()?;
        let mut found = Completeness::default();
        for device in tx.devices()? {
            let Some(worker) = device.worker else { continue };
            if !overlap(scope, scope_of(tx, worker)?.areas()) {
                continue;
            }
            let of_device = parked.iter().find(|(number, _)| *number == device.number);
            found.parked += of_device.map_or(0, |(_, count)| *count);
            if device.state == DeviceState::Revoked {
                continue;
            }
            let heard = device.last_push_ms.max(device.last_pull_ms).unwrap_or(device.enrolled_ms);
            found.devices += 1;
            found.silent += u64::from(now_ms - heard > SILENT_AFTER_DAYS * DAY_MS);
        }
        let open = tx.open_conflicts_by_area()?;
        found.conflicts =
            open.iter().filter(|(area, _)| scope.contains(area)).map(|(_, count)| count).sum();
        Ok(found)
    }
}

fn overlap(scope: &Scope, areas: &[Area]) -> bool {
    areas.iter().any(|area| {
        scope.contains(area) || scope.areas().iter().any(|wanted| area.contains(wanted))
    })
}
