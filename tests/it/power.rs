//! Guarantee 1: what was acknowledged survives a power cut.
//!
//! The real programs run under strace. From what they did to their files, and when they brought it to
//! the disk, the files are made as a power cut at any moment may leave them: what was synced is
//! there; the rest is there, missing, or torn. Each such image is opened and looked into. A server
//! and a tablet that do not sync their commits must be found out.

mod copies;
mod files;
mod server;
mod tablet;

use std::path::Path;
use sync_tests::{Dice, Disk, Event, is_long_proof};

/// The long proof looks at so many times more images.
const LONG: usize = 10;
const NOT_SYNCED: &str = "synchronous-normal";

/// What a power cut left, and what had been acknowledged by then.
struct Cut<'a> {
    data: &'a Path,
    /// How much had been said to anybody.
    said: &'a [&'a [u8]],
}

/// Cuts the power at drawn moments, half of them right after something was said, and at every moment
/// where there are no more than `count`; and looks at each image: `fault` says what is wrong with it.
/// Gives the faults.
fn cut_everywhere(
    before: Disk,
    events: &[Event],
    count: usize,
    dice: &mut Dice,
    mut fault: impl FnMut(&Cut<'_>) -> Option<String>,
) -> Vec<String> {
    let places: Vec<usize> = (0..events.len()).collect();
    let heard: Vec<usize> =
        places.iter().copied().filter(|at| events[*at].said().is_some()).collect();
    let mut cuts = if places.len() <= count { places.clone() } else { Vec::new() };
    let drawn = (cuts.len()..count)
        .map(|n| dice.pick(if n % 2 == 0 || heard.is_empty() { &places } else { &heard }));
    cuts.extend(drawn);
    cuts.sort_unstable();
    let (mut disk, mut said, mut faults) = (before, Vec::new(), Vec::new());
    let mut cuts = cuts.into_iter().peekable();
    for (at, event) in events.iter().enumerate() {
        disk.pass(event);
        said.extend(event.said());
        while cuts.next_if_eq(&at).is_some() {
            let image = tempfile::tempdir().unwrap();
            let how = disk.cut(image.path(), dice);
            if let Some(fault) = fault(&Cut { data: image.path(), said: &said }) {
                faults.push(format!("after event {at} of {} ({how}): {fault}", events.len()));
            }
        }
    }
    faults
}

fn said_in(events: &[Event]) -> Vec<&[u8]> {
    events.iter().filter_map(Event::said).collect()
}

fn images(each_run: usize) -> usize {
    if is_long_proof() { each_run * LONG } else { each_run }
}
