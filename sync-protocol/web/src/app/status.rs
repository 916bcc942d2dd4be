//! How far this tablet is behind, in words.

use super::talk::Talk;
use super::{App, Stumble};
use sync_protocol::time::DAY_MS;
use sync_replica::{Direction, Movement, ReplicaStatus};
use views::app::frame::{Behind, Strip};
use views::words;

impl App {
    pub(super) fn strip(&self) -> Result<Strip, Stumble> {
        let status = self.replica.status()?;
        Ok(Strip {
            pending: status.pending,
            parked: status.parked,
            behind: self.behind(&status),
            is_stuck: self.line.is_stuck || status.stopped.is_some(),
            is_waiting_longest: status
                .oldest_pending_ms
                .zip(self.last_received(&status))
                .is_some_and(|(waits, received)| waits <= received),
            doing: self.doing(&status),
        })
    }

    /// By the older of the two: what waits, and the last word from the server.
    pub(super) fn behind(&self, status: &ReplicaStatus) -> Behind {
        let (now_ms, _) = self.replica.clock();
        let oldest =
            [status.oldest_pending_ms, self.last_received(status)].into_iter().flatten().min();
        Behind::of_days(oldest.map_or(0, |since| now_ms.saturating_sub(since) / DAY_MS))
    }

    fn last_received(&self, status: &ReplicaStatus) -> Option<i64> {
        status.last_received_ms.map(|at| self.by_tablet(at, status))
    }

    /// A time of the server's by the clock of this tablet, which the worker reads. How wrong that is,
    /// each sync measures; before the first since the app started it is taken to be right.
    fn by_tablet(&self, server_ms: i64, status: &ReplicaStatus) -> i64 {
        server_ms.saturating_add(self.clock_off_ms(status).unwrap_or(0))
    }

    pub(super) fn clock_off_ms(&self, status: &ReplicaStatus) -> Option<i64> {
        self.line.clock_off.and_then(|off| off.ms(status))
    }

    /// What is going on with the server, in numbers.
    pub(super) fn doing(&self, status: &ReplicaStatus) -> String {
        let last = match status.last_received_ms {
            Some(at) => format!("Terakhir bertemu server {}.", self.server_moment(at, status)),
            None => "Belum pernah bertemu server.".to_owned(),
        };
        match (&self.line.talk, &self.line.failed, self.line.progress) {
            (Talk::Syncing(_), _, Some(now)) => format!(
                "Terkirim {} dari {}, {} data diterima.",
                words::count(now.sent),
                words::count(now.sent.saturating_add(now.to_send)),
                words::count(now.rows)
            ),
            (Talk::Syncing(_), _, None) => "Menghubungi server …".to_owned(),
            (_, Some(why), _) if self.line.is_stuck => why.clone(),
            (_, Some(why), _) => format!("{why} {last}"),
            (_, None, _) => last,
        }
    }

    /// A time of the server's.
    pub(super) fn server_moment(&self, server_ms: i64, status: &ReplicaStatus) -> String {
        self.moment(self.by_tablet(server_ms, status))
    }

    /// A time by this tablet's clock.
    pub(super) fn moment(&self, ms: i64) -> String {
        let (now_ms, offset_minutes) = self.replica.clock();
        words::moment_near(ms, now_ms, offset_minutes)
    }

    pub(super) fn movement_text(
        &self,
        movement: &Movement,
        status: &ReplicaStatus,
    ) -> Result<String, Stumble> {
        let name = movement.name.as_deref().unwrap_or("-");
        let area = |area: &Option<sync_protocol::area::Area>| match area {
            Some(area) => {
                let name = self.replica.area_name(area)?.name;
                Ok::<String, Stumble>(name.unwrap_or_else(|| area.to_string()))
            }
            None => Ok("-".to_owned()),
        };
        let day = self.server_moment(movement.at_ms, status);
        Ok(match movement.direction {
            Direction::In => format!("{day}: {name} masuk ke {}", area(&movement.to_area)?),
            Direction::Out => format!("{day}: {name} keluar dari {}", area(&movement.from_area)?),
            Direction::Within => format!(
                "{day}: {name} pindah dari {} ke {}",
                area(&movement.from_area)?,
                area(&movement.to_area)?
            ),
        })
    }
}
