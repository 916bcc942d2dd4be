//! `teeth`: whether the tests tell when the code is wrong.
//!
//! The list (`list/`) holds faults of one line. All of them are built into a copy of the sources,
//! each behind a switch in the environment, in one build; then each is turned on by itself, and the
//! tests that it names must fail. A sabotage that no test tells fails the run. The sources
//! themselves hold none of it.
#![expect(clippy::print_stdout, reason = "a program of the tests: what it prints is its result")]

mod built;
mod list;
mod play;
mod sabotage;
mod tree;

use anyhow::{Result, bail};
use built::Built;
use clap::Parser;
use list::ROOMS;
use play::{Ending, play};
use sabotage::Sabotage;
use serde_json::json;
use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;

#[derive(Debug, Parser)]
#[command(about = "Break the code on purpose, one line at a time, and see which test tells")]
struct Arguments {
    /// Play only the sabotages of this room or with this in their name
    #[arg(value_name = "NAME")]
    only: Vec<String>,
    /// Say what is in the list, and play nothing
    #[arg(long)]
    list: bool,
}

/// A sabotage of the list, in its room, and who told it.
struct Played {
    room: &'static str,
    sabotage: &'static Sabotage,
    told_by: Option<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let chosen = chosen(&arguments.only);
    if arguments.list {
        for (room, sabotage) in &chosen {
            println!("{room:<8} {}: {}", sabotage.name, sabotage.breaks);
        }
        return Ok(());
    }
    let home = tree::top().join("target/teeth");
    let (copy, target) = (home.join("tree"), home.join("target"));
    // All are built in, whichever are played: so the build is the same for each choice.
    let all: Vec<&Sabotage> = ROOMS.iter().flat_map(|(_, sabotages)| *sabotages).collect();
    println!(
        "building {} sabotages into a copy; the first time this takes some minutes",
        all.len()
    );
    tree::copy_sabotaged(&copy, &all)?;
    let built = Built::build(&copy, &target)?;
    expect_green(&built, &chosen)?;
    let played = play_each(&built, &chosen)?;
    let survivors = played.iter().filter(|one| one.told_by.is_none()).count();
    println!("\n{} sabotages: {} told, {survivors} not", played.len(), played.len() - survivors);
    if arguments.only.is_empty() {
        keep(&played);
    }
    if survivors > 0 {
        bail!("no test tells of {survivors} sabotages");
    }
    Ok(())
}

fn chosen(only: &[String]) -> Vec<(&'static str, &'static Sabotage)> {
    let all = ROOMS.iter().flat_map(|(room, list)| list.iter().map(move |one| (*room, one)));
    all.filter(|(room, sabotage)| {
        let is_meant = |name: &String| name == room || sabotage.name.contains(name);
        only.is_empty() || only.iter().any(is_meant)
    })
    .collect()
}

/// Without a sabotage every test that should tell is green, and there is at least one.
fn expect_green(built: &Built, chosen: &[(&'static str, &'static Sabotage)]) -> Result<()> {
    let specs: BTreeSet<&str> =
        chosen.iter().flat_map(|(_, one)| one.told_by.iter().copied()).collect();
    let specs: Vec<&str> = specs.into_iter().collect();
    println!("without a sabotage: {} choices of tests", specs.len());
    let faults = in_parallel(&specs, |spec| {
        Ok(match play(built.test(spec)?, None)? {
            Ending::Green { tests: Some(0) } => Some(format!("{spec}: there is no such test")),
            Ending::Green { tests: _ } => None,
            Ending::Red(test) => Some(format!("{spec}: red without any sabotage: {test}")),
        })
    })?;
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    if !faults.is_empty() {
        bail!("the tests that should tell cannot be believed:\n{}", faults.join("\n"));
    }
    Ok(())
}

fn play_each(built: &Built, chosen: &[(&'static str, &'static Sabotage)]) -> Result<Vec<Played>> {
    in_parallel(chosen, |(room, sabotage)| {
        let told_by = who_tells(built, sabotage)?;
        match &told_by {
            Some(test) => println!("told      {room:<8} {}: {test}", sabotage.name),
            None => println!("NOT TOLD  {room:<8} {}: {}", sabotage.name, sabotage.breaks),
        }
        Ok(Played { room, sabotage, told_by })
    })
}

/// The first test that fails because of a sabotage.
fn who_tells(built: &Built, sabotage: &Sabotage) -> Result<Option<String>> {
    for spec in sabotage.told_by {
        if let Ending::Red(test) = play(built.test(spec)?, Some(sabotage.name))? {
            let program = spec.split_whitespace().next().unwrap_or_default();
            return Ok(Some(format!("{program} {test}")));
        }
    }
    Ok(None)
}

/// Work on each item, on every processor; the results in the order of the items.
fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let waiting = Mutex::new(items.iter().enumerate());
    let (tell, told) = channel();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            let (tell, waiting, work) = (tell.clone(), &waiting, &work);
            scope.spawn(move || {
                let next = || waiting.lock().ok().and_then(|mut items| items.next());
                while let Some((n, item)) = next() {
                    if tell.send((n, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
    });
    drop(tell);
    let mut results: Vec<(usize, Result<R>)> = told.into_iter().collect();
    results.sort_by_key(|(n, _)| *n);
    results.into_iter().map(|(_, result)| result).collect()
}

/// For the page of the proof.
fn keep(played: &[Played]) {
    let lines: Vec<String> = played
        .iter()
        .map(|one| {
            let told_by =
                one.told_by.as_deref().map_or("**nobody**".to_owned(), |test| format!("`{test}`"));
            format!("| {} | {} | {told_by} |", one.room, one.sabotage.breaks)
        })
        .collect();
    let told = played.iter().filter(|one| one.told_by.is_some()).count();
    let figures = json!({"sabotages": played.len(), "told": told, "table": lines.join("\n")});
    sync_tests::keep_figures("teeth", &figures);
}
