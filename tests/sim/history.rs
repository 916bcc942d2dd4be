//! One history from its seed to its verdict.

use crate::diary::Tally;
use crate::time::BEGIN;
use crate::violation::{Checked, Guarantee, Violation};
use crate::world::World;
use server::store::StoreError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use sync_protocol::wire::Outcome;

/// What became of a seed.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) seed: u64,
    pub(crate) result: Result<(), String>,
    /// The hash of everything that the server said and of the digests at the end.
    pub(crate) trace: String,
    pub(crate) tally: Tally,
    pub(crate) events: Vec<String>,
}

/// Plays the history of a seed.
pub(crate) fn play(seed: u64, events_kept: usize) -> Told {
    let mut world = None;
    let result = catch_unwind(AssertUnwindSafe(|| {
        let world = world.insert(World::draw(seed, events_kept));
        play_in(world)
    }));
    let result = match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(violation)) => Err(violation.to_string()),
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("a panic: {}", text.unwrap_or("without words")))
        }
    };
    let Some(world) = world else {
        let (trace, tally, events) = Default::default();
        return Told { seed, result, trace, tally, events };
    };
    let diary = &world.hub.diary;
    Told { seed, result, trace: diary.trace(), tally: diary.tally, events: diary.events() }
}

fn play_in(world: &mut World) -> Checked {
    world.live()?;
    if world.dice.percent(40) {
        world.hand_over_and_back()?;
    }
    world.come_to_rest()?;
    if world.dice.percent(50) {
        world.probe_clocks()?;
    }
    world.examine()?;
    if world.dice.percent(30) {
        world.suffer_disasters()?;
    }
    let digests = world.hub.host.digests(vec![crate::country::Country::kabupaten()]);
    world.hub.diary.hear(0, serde_json::to_string(&digests).unwrap().as_bytes());
    count(world);
    Ok(())
}

fn count(world: &mut World) {
    let service = world.hub.host.service();
    let conflicts =
        service.read_as_operator::<_, StoreError>(|tx, _| tx.count_open_conflicts()).unwrap();
    let book = &world.hub.book;
    let parked = book.count_receipts(Outcome::Parked) as u64;
    let superseded = book.count_receipts(Outcome::Superseded) as u64;
    let tally = &mut world.hub.diary.tally;
    tally.histories = 1;
    tally.conflicts = conflicts;
    tally.parked = parked + tally.released;
    tally.superseded = superseded;
    tally.virtual_ms = world.hub.time.ms() - BEGIN;
    tally.tablet_ms = tally.virtual_ms * i64::try_from(world.tablets.len()).unwrap();
}

/// The same seed played twice gives the same trace.
pub(crate) fn play_twice(seed: u64, events_kept: usize) -> Told {
    let first = play(seed, events_kept);
    let mut second = play(seed, events_kept);
    if first.result.is_ok() && second.result.is_ok() && first.trace != second.trace {
        let what = format!("{} the first time, {} the second", first.trace, second.trace);
        second.result = Err(Violation { guarantee: Guarantee::SameSeed, what }.to_string());
    }
    second
}
