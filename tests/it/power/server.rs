//! The server: under load, and its commands from an empty disk on.

use super::{Cut, NOT_SYNCED, cut_everywhere, images, said_in};
use crate::pusher::{MANY, Pusher, UNLIMITED, enrolled, push_all, wait_for};
use serde_json::{Value, json};
use server::check::check;
use server::platform::{SystemClock, SystemRandom};
use server::service::Service;
use server::store::StoreError;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::ids::{DeviceNo, Seq};
use sync_tests::{
    Dice, Disk, Event, KECAMATAN, Launch, ServerProcess, Strace, fixture, keep_figures,
    read_traces, run_watched,
};
use tempfile::TempDir;

const IMAGES: usize = 200;
/// Of the commands that make a database.
const FIRST_IMAGES: usize = 60;
/// Answers that the server gives while it is watched.
const ANSWERS: u64 = 120;

/// What a watched server did under load from an empty disk on, and the tablets that it answered.
struct Recorded {
    _dir: TempDir,
    before: Disk,
    events: Vec<Event>,
    pushers: Vec<Pusher>,
}

fn record_server(dice: &mut Dice, sabotage: Option<&str>) -> Recorded {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut pushers = enrolled(&data, dice);
    let before = Disk::holding(dir.path());
    let strace = Strace { trace: Some(dir.path().join("trace")), ..Strace::default() };
    let launch =
        Launch { arguments: &UNLIMITED, sabotage, strace: Some(&strace), ..Launch::default() };
    let mut server = ServerProcess::launch(&data, &launch);
    let (threads, answers) = push_all(&mut pushers, &server, MANY);
    wait_for(&answers, ANSWERS);
    server.kill();
    pushers.extend(threads.into_iter().map(|thread| thread.join().unwrap()));
    let events = read_traces(&[dir.path().join("trace")], dir.path());
    Recorded { _dir: dir, before, events, pushers }
}

/// The receipts in what a server said: device and seq, with the stamp.
fn receipts_in(said: &[&[u8]]) -> BTreeMap<(u32, u64), String> {
    let mut receipts = BTreeMap::new();
    for bytes in said {
        let text = String::from_utf8_lossy(bytes);
        for receipt in text.split("{\"seq\":").skip(1) {
            let seq = receipt.split(',').next().and_then(|seq| seq.parse().ok());
            let stamp = receipt.split_once("\"stamp\":\"").map(|(_, stamp)| stamp);
            let stamp = stamp.and_then(|stamp| stamp.split_once('"')).map(|(stamp, _)| stamp);
            let (Some(seq), Some(stamp)) = (seq, stamp) else { continue };
            let (_, device) = stamp.split_once('-').unwrap();
            receipts.insert((u32::from_str_radix(device, 16).unwrap(), seq), stamp.to_owned());
        }
    }
    receipts
}

/// Starts a server on an image: everything that was acknowledged is there, and a check finds nothing.
fn fault_of_server(cut: &Cut<'_>, sent: &BTreeMap<(u32, u64), String>) -> Option<String> {
    let service = match open(&cut.data.join("data")) {
        Ok(service) => service,
        Err(fault) => return Some(fault),
    };
    let receipts = receipts_in(cut.said);
    for ((device, seq), stamp) in &receipts {
        let entry = service.read_as_operator::<_, StoreError>(|tx, _| {
            tx.entry(DeviceNo(*device), Seq::new(*seq).unwrap())
        });
        let same = entry.unwrap().is_some_and(|entry| {
            entry.stamp.to_string() == *stamp && entry.raw == sent[&(*device, *seq)]
        });
        if !same {
            let what = format!("{device}/{seq} is lost, of {} acknowledged", receipts.len());
            return Some(what);
        }
    }
    let faults = check(&service).unwrap().faults;
    (!faults.is_empty()).then(|| format!("{faults:?}"))
}

fn open(data: &Path) -> Result<Service, String> {
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let opened = Service::open(data, clock, random);
    opened.map_err(|error| format!("it does not open: {error}"))
}

fn sent_by(pushers: &[Pusher]) -> BTreeMap<(u32, u64), String> {
    let sent = pushers.iter().flat_map(|pusher| {
        let numbered = (1..).zip(&pusher.log);
        numbered.map(|(seq, change)| ((pusher.device.number, seq), change.to_string()))
    });
    sent.collect()
}

/// Faults found in images of a server, and what to tell of them.
fn cut_server(dice: &mut Dice, sabotage: Option<&str>, images: usize) -> (Vec<String>, Value) {
    let recorded = record_server(dice, sabotage);
    let sent = sent_by(&recorded.pushers);
    let Recorded { before, events, .. } = recorded;
    let acknowledged = receipts_in(&said_in(&events)).len();
    assert!(acknowledged > 300, "{acknowledged} acknowledged: that was no load");
    let count = |wanted: fn(&Event) -> bool| events.iter().filter(|event| wanted(event)).count();
    let figures = json!({
        "images": images, "acknowledged": acknowledged,
        "writes": count(|event| matches!(event, Event::Write { .. })),
        "syncs": count(|event| matches!(event, Event::Sync { .. })),
    });
    println!("seed {}: {figures}", dice.seed());
    let faults = cut_everywhere(before, &events, images, dice, |cut| fault_of_server(cut, &sent));
    (faults, figures)
}

#[test]
fn nothing_acknowledged_is_lost_by_a_power_cut_at_any_moment() {
    let (faults, figures) = cut_server(&mut Dice::new(74), None, images(IMAGES));
    assert_eq!(faults, Vec::<String>::new());
    keep_figures("power-server", &figures);
}

#[test]
fn a_server_that_does_not_sync_its_commits_is_found_out() {
    let (faults, figures) = cut_server(&mut Dice::new(75), Some(NOT_SYNCED), IMAGES);
    let lost = faults.iter().filter(|fault| fault.contains("is lost")).count();
    println!("{lost} of {IMAGES} images lost something: {:?}", faults.first());
    assert!(lost > 0, "it was not found out");
    let figures = json!({"images": IMAGES, "lost": lost, "of": figures});
    keep_figures("power-server-sabotaged", &figures);
}

/// The first commands of a new server: what each of them answered is there.
#[test]
fn a_power_cut_while_the_database_is_made_loses_nothing_that_a_command_did() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let before = Disk::holding(&root);
    let areas = fixture("area/lahat.csv");
    let worker = ["worker", "add", "--role", "tenaga", "--area", KECAMATAN, "--name", "Siti"];
    let commands = [&["area", "import", areas.to_str().unwrap()][..], &worker, &worker];
    let mut traces = Vec::new();
    for (n, command) in commands.iter().enumerate() {
        let strace = Strace { trace: Some(dir.path().join(n.to_string())), ..Strace::default() };
        let place = ["--json", "--data"].map(str::to_owned);
        let data = root.join("data").to_str().unwrap().to_owned();
        let command = command.iter().map(|&word| word.to_owned());
        run_watched(&strace, None, "timbang", command.chain(place).chain([data])).json();
        traces.extend(strace.trace);
    }
    let events = read_traces(&traces, &root);
    let count = images(FIRST_IMAGES);
    let mut dice = Dice::new(1);
    let faults = cut_everywhere(before, &events, count, &mut dice, |cut| {
        let service = match open(&cut.data.join("data")) {
            Ok(service) => service,
            Err(fault) => return Some(fault),
        };
        let said = String::from_utf8(cut.said.concat()).unwrap();
        let workers =
            service.read_as_operator::<_, StoreError>(|tx, _| Ok(tx.workers()?.len())).unwrap();
        let told = said.matches("\"worker\":").count();
        let faults = check(&service).unwrap().faults;
        if workers < told {
            return Some(format!("{workers} workers of {told} are there"));
        }
        (!faults.is_empty()).then(|| format!("{faults:?}"))
    });
    assert_eq!(faults, Vec::<String>::new());
    keep_figures("power-first", &json!({"images": count, "commands": commands.len()}));
}
