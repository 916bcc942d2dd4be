//! A run: many seeds on a few threads, the figures at the end, and the failures in full.

use crate::diary::Tally;
use crate::history::{Told, play, play_twice};
use crate::options::Options;
use crate::regressions::FOUND;
use crate::time::{DAY, YEAR};
use serde_json::json;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use sync_tests::keep_figures;

/// Seeds of a run that are played twice, to see the same trace.
const TWICE: u64 = 3;
/// Linux counts processor time in hundredths of a second.
const TICKS_PER_SECOND: u32 = 100;

/// A seed to be played.
#[derive(Clone, Copy, Debug)]
struct Job {
    seed: u64,
    twice: bool,
}

pub(crate) fn run(options: Options) -> ExitCode {
    let begun = Instant::now();
    let jobs = jobs(options);
    let (mut tally, mut passed, mut failed) = (Tally::default(), 0_usize, 0_usize);
    play_all(&jobs, options, |told| match &told.result {
        Ok(()) => {
            passed += 1;
            tally.add(&told.tally);
        }
        Err(why) => {
            failed += 1;
            report(&told, why);
        }
    });
    let rate = summarise(&tally, begun.elapsed(), processor_time());
    println!("{passed} passed, {failed} failed");
    keep_figures(
        "simulator",
        &json!({
            "from": options.from, "histories": tally.histories, "passed": passed, "failed": failed,
            "tablets": tally.tablets, "days": tally.virtual_ms / DAY, "faults": tally.faults,
            "crashes": tally.crashes, "reinstalls": tally.reinstalls, "wipes": tally.wipes,
            "clones": tally.clones, "restores": tally.restores, "outboxes": tally.outboxes,
            "tablet_years_per_cpu_hour": rate,
        }),
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn jobs(options: Options) -> Vec<Job> {
    let seeds = (0..options.count).map(|n| options.from.wrapping_add(n));
    let mut jobs: Vec<Job> = if options.only {
        Vec::new()
    } else {
        FOUND.iter().map(|(seed, _)| Job { seed: *seed, twice: false }).collect()
    };
    jobs.extend(
        seeds.zip(0..).map(|(seed, n): (u64, u64)| Job { seed, twice: n < TWICE && !options.only }),
    );
    jobs
}

/// Plays the jobs on a few threads, and tells the results as they come.
fn play_all(jobs: &[Job], options: Options, mut tell: impl FnMut(Told)) {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = options.jobs.unwrap_or(processors.min(4)).max(1);
    let next = AtomicUsize::new(0);
    let (results, told) = channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (results, next) = (results.clone(), &next);
            scope.spawn(move || {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let play = if job.twice { play_twice } else { play };
                    let told = play(job.seed, options.events);
                    let enough = options.first && told.result.is_err();
                    if enough {
                        next.store(jobs.len(), Ordering::Relaxed);
                    }
                    if results.send(told).is_err() {
                        return;
                    }
                }
            });
        }
        drop(results);
        told.into_iter().for_each(&mut tell);
    });
}

fn report(told: &Told, why: &str) {
    println!("\nseed {} failed: {why}", told.seed);
    println!("the last events:");
    for event in &told.events {
        println!("  {event}");
    }
    println!(
        "play it again: cargo test -p sync-tests --test sim -- --only --from {} --count 1\n",
        told.seed
    );
}

fn summarise(tally: &Tally, wall: Duration, processor: Option<Duration>) -> Option<f64> {
    let days = tally.virtual_ms / DAY;
    let rate = processor.map(|processor| {
        let years = tally.tablet_ms as f64 / YEAR as f64;
        (years / (processor.as_secs_f64() / 3_600.0)).round()
    });
    let text = |figure: Option<f64>| figure.map_or("-".to_owned(), |figure| format!("{figure:.0}"));
    println!(
        "{} histories, {} changes ({} superseded, {} parked, {} of them released, {} conflicts, {} on a \
         base that never was), \
         {} exchanges, {} faults, {} clock probes, {} tablets, {} crashes, {} lost, {} wiped, {} copied, \
         {} restores, {} files by hand, {days} simulated days, {:.1} s wall, \
         {} s CPU, {} tablet-years per CPU-hour",
        tally.histories,
        tally.changes,
        tally.superseded,
        tally.parked,
        tally.released,
        tally.conflicts,
        tally.contested,
        tally.exchanges,
        tally.faults,
        tally.probes,
        tally.tablets,
        tally.crashes,
        tally.reinstalls,
        tally.wipes,
        tally.clones,
        tally.restores,
        tally.outboxes,
        wall.as_secs_f64(),
        text(processor.map(|processor| processor.as_secs_f64())),
        text(rate),
    );
    rate
}

/// The processor time of this process, where the system tells.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in brackets, may hold blanks.
    let (_, numbers) = stat.rsplit_once(')')?;
    let mut numbers = numbers.split_whitespace().skip(11);
    let ticks = numbers.next()?.parse::<u32>().ok()? + numbers.next()?.parse::<u32>().ok()?;
    Some(Duration::from_secs(u64::from(ticks)) / TICKS_PER_SECOND)
}
