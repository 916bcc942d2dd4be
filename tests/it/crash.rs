//! kill -9 under load: what was acknowledged is there afterwards, with the receipt that was given.

use serde_json::{Value, json};
use server::platform::SystemClock;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;
use sync_protocol::ids::RecordId;
use sync_protocol::wire::Receipt;
use sync_tests::{
    Client, Device, Dice, KECAMATAN, OTHER_DESA, SADAN, ServerProcess, child_body, fixture,
    measurement_body, timbang,
};

const CYCLES: usize = 20;
const DEVICES: usize = 4;
/// A request under load takes no longer.
const PATIENCE: Duration = Duration::from_secs(60);
const UNLIMITED: [&str; 4] =
    ["--requests-per-minute", "1000000000", "--requests-burst", "1000000000"];

/// A tablet that remembers what it wrote and what it was told.
struct Pusher {
    device: Device,
    dice: Dice,
    log: Vec<Value>,
    receipts: BTreeMap<u64, Receipt>,
    children: Vec<RecordId>,
    /// Receipts up to here were asked for again after a kill.
    checked: u64,
}

impl Pusher {
    fn write_one(&mut self) {
        let known = self.dice.pick(&self.children);
        let fresh = RecordId::from_bytes(self.dice.bytes());
        let change = match self.dice.below(10) {
            0..4 => {
                self.children.push(fresh);
                self.device.child(fresh, SADAN, &child_body("Anak"))
            }
            4..8 => self.device.body("measurement", fresh, None, &measurement_body(known, 9_400)),
            8 => self.device.body("child", known, None, &child_body("Diedit")),
            _ => {
                let desa = self.dice.pick(&[SADAN, OTHER_DESA]);
                self.device.change("child", known, json!({"move": desa}))
            }
        };
        self.log.push(change);
    }

    /// Pushes until the server is gone, what is unanswered again and again. Tells each answer.
    fn push_until_it_ends(mut self, client: Client, answered: &Sender<()>) -> Self {
        self.device.client = client;
        loop {
            for _ in 0..=self.dice.below(8) {
                self.write_one();
            }
            let unanswered = &self.log[self.receipts.len()..];
            let envelope = self.device.envelope(&unanswered[..unanswered.len().min(500)]);
            let call = self.device.client.post("/v1/sync").token(&self.device.token);
            let Ok(reply) = call.json(&envelope).try_send() else { return self };
            let reply = reply.sync();
            self.device.cursor = reply.cursor.map(|cursor| cursor.0);
            for receipt in reply.receipts {
                self.receipts.insert(receipt.seq.get(), receipt);
            }
            if answered.send(()).is_err() {
                return self;
            }
        }
    }

    /// The server has every entry from `first` on that it gave a receipt for, and says the same of
    /// it.
    #[track_caller]
    fn check_receipts(&mut self, client: Client, first: u64) {
        self.device.client = client;
        let seqs: Vec<u64> = self.receipts.range(first..).map(|(seq, _)| *seq).collect();
        for part in seqs.chunks(500) {
            let list: Vec<String> = part.iter().map(u64::to_string).collect();
            let stored = self.device.receipts(&list.join(","));
            let given: Vec<&Receipt> = part.iter().map(|seq| &self.receipts[seq]).collect();
            assert_eq!(stored.iter().collect::<Vec<_>>(), given);
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_by_twenty_kills_under_load() {
    let mut dice = Dice::new(160_406);
    println!("seed {}", dice.seed());
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let areas = fixture("area/lahat.csv");
    timbang(data, &["area", "import", areas.to_str().unwrap(), "--json"]).json();
    let mut pushers = enrolled(data, &mut dice);
    for cycle in 0..CYCLES {
        let mut server = ServerProcess::with_arguments(data, &UNLIMITED);
        for pusher in &mut pushers {
            pusher.check_receipts(server.client(), pusher.checked + 1);
            pusher.checked = pusher.receipts.len() as u64;
        }
        let (tell, answers) = channel();
        let threads: Vec<_> = pushers
            .drain(..)
            .map(|pusher| {
                let (client, tell) = (server.client(), tell.clone());
                std::thread::spawn(move || pusher.push_until_it_ends(client, &tell))
            })
            .collect();
        for _ in 0..10 + dice.below(90) {
            let answer = answers.recv_timeout(PATIENCE);
            assert!(answer.is_ok(), "cycle {cycle}: the server does not answer");
        }
        server.kill();
        pushers.extend(threads.into_iter().map(|thread| thread.join().unwrap()));
        if cycle % 5 == 0 {
            let checked = timbang(data, &["check", "--json"]).json();
            assert_eq!(checked["ok"], true, "cycle {cycle}: {checked}");
        }
    }
    let server = ServerProcess::with_arguments(data, &UNLIMITED);
    for pusher in &mut pushers {
        pusher.check_receipts(server.client(), 1);
    }
    let acknowledged: usize = pushers.iter().map(|pusher| pusher.receipts.len()).sum();
    let written: usize = pushers.iter().map(|pusher| pusher.log.len()).sum();
    let mut checked = timbang(data, &["check", "--json"]).json();
    assert_eq!(checked["ok"], true, "{checked}");
    let stored = checked["changes"].take();
    let stored: u64 = stored.as_object().unwrap().values().filter_map(Value::as_u64).sum();
    println!("{CYCLES} kills: {acknowledged} of {written} changes acknowledged, {stored} stored");
    assert!(acknowledged > 50 * CYCLES, "{acknowledged}: that was no load");
    assert!((acknowledged as u64..=written as u64).contains(&stored));
}

fn enrolled(data: &std::path::Path, dice: &mut Dice) -> Vec<Pusher> {
    let server = ServerProcess::start(data);
    let shared = RecordId::from_bytes(dice.bytes());
    let mut pushers: Vec<Pusher> = (0..DEVICES)
        .map(|n| {
            let add = ["worker", "add", "--name", "Petugas", "--role", "tenaga", "--area"];
            let worker = timbang(data, &[&add[..], &[KECAMATAN, "--json"]].concat()).json();
            let id = worker["worker"].as_str().unwrap();
            let code = timbang(data, &["code", "new", "--worker", id, "--json"]).json();
            let code = code["code"].as_str().unwrap();
            Pusher {
                device: Device::enrol(server.client(), code, Arc::new(SystemClock)),
                dice: Dice::new(dice.roll() ^ n as u64),
                log: Vec::new(),
                receipts: BTreeMap::new(),
                children: vec![shared],
                checked: 0,
            }
        })
        .collect();
    let first = &mut pushers[0];
    let change = first.device.child(shared, SADAN, &child_body("Bersama"));
    first.log.push(change.clone());
    let receipt = first.device.push_one(change);
    first.receipts.insert(1, receipt);
    pushers
}
