//! Tablets that push as fast as the server answers, and remember what they were told.

use serde_json::{Value, json};
use server::platform::SystemClock;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use sync_protocol::ids::RecordId;
use sync_protocol::wire::Receipt;
use sync_tests::{
    Client, Device, Dice, KECAMATAN, OTHER_DESA, PATIENCE, SADAN, ServerProcess, child_body,
    fixture, measurement_body, timbang,
};

const DEVICES: usize = 4;
/// As many answers as a test may let pass by.
pub(crate) const MANY: usize = 100_000;
/// No pusher is told that it asks too often.
pub(crate) const UNLIMITED: [&str; 4] =
    ["--requests-per-minute", "1000000000", "--requests-burst", "1000000000"];

/// A tablet that remembers what it wrote and what it was told.
pub(crate) struct Pusher {
    pub(crate) device: Device,
    dice: Dice,
    pub(crate) log: Vec<Value>,
    pub(crate) receipts: BTreeMap<u64, Receipt>,
    children: Vec<RecordId>,
    /// Receipts up to here were asked for again after a kill.
    pub(crate) checked: u64,
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
    pub(crate) fn push_until_it_ends(mut self, client: Client, answered: &SyncSender<()>) -> Self {
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
    pub(crate) fn check_receipts(&mut self, client: Client, first: u64) {
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

/// Starts to push from all of them at once, until the server is gone. Each answer is told; so many
/// may be given before somebody listens.
pub(crate) fn push_all(
    pushers: &mut Vec<Pusher>,
    server: &ServerProcess,
    ahead: usize,
) -> (Vec<JoinHandle<Pusher>>, Receiver<()>) {
    let (tell, answers) = sync_channel(ahead);
    let threads = pushers.drain(..).map(|pusher| {
        let (client, tell) = (server.client(), tell.clone());
        std::thread::spawn(move || pusher.push_until_it_ends(client, &tell))
    });
    (threads.collect(), answers)
}

/// Waits for so many answers.
#[track_caller]
pub(crate) fn wait_for(answers: &Receiver<()>, count: u64) {
    for _ in 0..count {
        assert!(answers.recv_timeout(PATIENCE).is_ok(), "the server does not answer");
    }
}

/// A new server in `data` with four workers, and the tablets that push to it.
pub(crate) fn enrolled(data: &Path, dice: &mut Dice) -> Vec<Pusher> {
    let areas = fixture("area/lahat.csv");
    timbang(data, &["area", "import", areas.to_str().unwrap(), "--json"]).json();
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
