//! Virtual time: one true time, the server's wall clock beside it, and each tablet's own wrong one.

use crate::crash::Fuse;
use crate::random::Dice;
use server::platform::{Clock, Random};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use sync_replica::{NATIVE_PRAGMAS, Platform};

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;
pub(crate) const YEAR: i64 = 365 * DAY;

/// 2026-11-24 08:00 in Jakarta: where every history begins.
pub(crate) const BEGIN: i64 = 1_795_482_000_000;
/// Jakarta is so far east of Greenwich.
const OFFSET_MINUTES: i32 = 7 * 60;

/// What the time really is. Nobody in the world can see it.
#[derive(Clone, Debug)]
pub(crate) struct TrueTime(Arc<AtomicI64>);

impl TrueTime {
    pub(crate) fn begin() -> Self {
        TrueTime(Arc::new(AtomicI64::new(BEGIN)))
    }

    pub(crate) fn ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn pass(&self, ms: i64) {
        self.0.fetch_add(ms.max(0), Ordering::SeqCst);
    }
}

/// The server's wall clock: right, but for what somebody set it wrong by.
#[derive(Debug)]
pub(crate) struct ServerClock {
    time: TrueTime,
    wrong_by_ms: AtomicI64,
}

impl ServerClock {
    pub(crate) fn beside(time: &TrueTime) -> Self {
        ServerClock { time: time.clone(), wrong_by_ms: AtomicI64::new(0) }
    }

    pub(crate) fn set_wrong_by(&self, ms: i64) {
        self.wrong_by_ms.store(ms, Ordering::SeqCst);
    }
}

impl Clock for ServerClock {
    fn now_ms(&self) -> i64 {
        self.time.ms() + self.wrong_by_ms.load(Ordering::SeqCst)
    }
}

/// The server's randomness.
#[derive(Debug)]
pub(crate) struct ServerRandom(pub(crate) Mutex<Dice>);

impl Random for ServerRandom {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
    }
}

/// One tablet's machine. Copies are the same machine.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    time: TrueTime,
    wrong_by_ms: Rc<Cell<i64>>,
    booted_ms: Rc<Cell<i64>>,
    dice: Rc<RefCell<Dice>>,
    fuse: Fuse,
}

impl Machine {
    pub(crate) fn new(time: &TrueTime, dice: Dice) -> Self {
        Machine {
            time: time.clone(),
            wrong_by_ms: Rc::default(),
            booted_ms: Rc::new(Cell::new(time.ms())),
            dice: Rc::new(RefCell::new(dice)),
            fuse: Fuse::default(),
        }
    }

    pub(crate) fn set_wrong_by(&self, ms: i64) {
        self.wrong_by_ms.set(ms);
    }

    pub(crate) fn wrong_by_ms(&self) -> i64 {
        self.wrong_by_ms.get()
    }

    /// Lets the battery go empty after so many looks at the clock or throws of the dice.
    pub(crate) fn die_after(&self, steps: u32) {
        self.fuse.burn(steps);
    }

    pub(crate) fn live_on(&self) {
        self.fuse.quench();
    }

    /// The monotonic clock starts again.
    pub(crate) fn boot(&self) {
        self.booted_ms.set(self.time.ms());
    }
}

impl Platform for Machine {
    fn wall_ms(&self) -> i64 {
        self.fuse.step();
        self.time.ms() + self.wrong_by_ms.get()
    }
    fn offset_minutes(&self) -> i32 {
        OFFSET_MINUTES
    }
    fn monotonic_ms(&self) -> i64 {
        self.fuse.step();
        self.time.ms() - self.booted_ms.get()
    }
    fn random(&self, bytes: &mut [u8]) {
        self.fuse.step();
        self.dice.borrow_mut().fill(bytes);
    }
    fn pragmas(&self) -> &str {
        NATIVE_PRAGMAS
    }
}
