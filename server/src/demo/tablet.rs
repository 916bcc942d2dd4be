//! A tablet of the demo: the reference replica over real HTTP, with a clock that may be wrong.

use super::clock::StoryClock;
use crate::platform::{Clock, Random, SystemRandom};
use anyhow::Context;
use std::path::Path;
use std::sync::Arc;
use sync_replica::transport::http::HttpTransport;
use sync_replica::{NATIVE_PRAGMAS, Platform, Replica, SyncReport};

/// Western Indonesian time.
const OFFSET_MINUTES: i32 = 7 * 60;

pub(super) struct Tablet {
    pub replica: Replica,
    transport: HttpTransport,
}

impl Tablet {
    /// Installs the app, with a clock that is wrong by `skew_ms`, and enrols it with a code.
    pub(super) fn enrol(
        file: &Path,
        url: &str,
        code: &str,
        name: &str,
        clock: TabletClock,
    ) -> anyhow::Result<Self> {
        let platform = DemoPlatform { clock };
        let mut replica = Replica::open(file, Box::new(platform))
            .with_context(|| format!("cannot open {}", file.display()))?
            .replica;
        let mut transport = HttpTransport::new(url.parse()?, None)?;
        replica.enrol(&mut transport, url, code, name)?;
        Ok(Tablet { replica, transport })
    }

    /// Sends and receives, and brings the names of the desa along.
    pub(super) fn sync(&mut self) -> anyhow::Result<SyncReport> {
        let report = self.replica.sync(&mut self.transport, &mut |_| ())?;
        self.replica.refresh_areas(&mut self.transport)?;
        Ok(report)
    }
}

/// The story's clock, read off wrongly.
#[derive(Debug)]
pub(super) struct TabletClock {
    pub story: Arc<StoryClock>,
    /// How far it is ahead.
    pub skew_ms: i64,
}

struct DemoPlatform {
    clock: TabletClock,
}

impl Platform for DemoPlatform {
    fn wall_ms(&self) -> i64 {
        self.clock.story.now_ms().saturating_add(self.clock.skew_ms)
    }

    fn offset_minutes(&self) -> i32 {
        OFFSET_MINUTES
    }

    /// Nobody sets this clock during the day: it goes as the wall clock does.
    fn monotonic_ms(&self) -> i64 {
        self.clock.story.now_ms()
    }

    fn random(&self, bytes: &mut [u8]) {
        SystemRandom.fill(bytes);
    }

    fn pragmas(&self) -> &str {
        NATIVE_PRAGMAS
    }
}
