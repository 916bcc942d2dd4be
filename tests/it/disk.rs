//! A disk that is full, fails, or lies: never a false acknowledgement, pulls are answered, writes go on
//! by themselves when they can, and a failed sync ends the server, which then starts again.

use crate::restore::Office;
use serde_json::{Value, json};
use server::platform::SystemClock;
use server::store::DATABASE_FILE;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use sync_protocol::wire::Receipt;
use sync_tests::{Device, Launch, SADAN, ServerProcess, Strace, any_id, child_body, keep_figures};

/// The exit code of a server whose disk failed to sync (EX_IOERR).
const EX_IOERR: i32 = 74;
/// Requests of a tablet after the disk began to fail.
const REQUESTS: usize = 10;
/// A commit of one change writes its pages in so many pieces, or more.
const WRITES: usize = 12;
/// Commits of a server whose syncs fail one by one.
const SYNCS: usize = 6;

/// An office without a server of its own, and one tablet, spoken by hand.
struct Bench {
    office: Office,
    device: Device,
    /// What was not acknowledged yet.
    unanswered: Vec<Value>,
    receipts: BTreeMap<u64, Receipt>,
}

impl Bench {
    fn new() -> Self {
        let mut office = Office::new();
        let code = office.code(&office.worker("Siti"));
        let client = sync_tests::Client::new(&office.url());
        let device = Device::enrol(client, &code, Arc::new(SystemClock));
        office.stop();
        Bench { office, device, unanswered: Vec::new(), receipts: BTreeMap::new() }
    }

    fn serve(&mut self, launch: &Launch<'_>) -> ServerProcess {
        let server = ServerProcess::launch(&self.office.data, launch);
        self.device.client = server.client();
        server
    }

    fn file(&self, suffix: &str) -> PathBuf {
        self.office.data.join(format!("{DATABASE_FILE}{suffix}"))
    }

    /// Writes one child more and sends what is unanswered. The status; none when nobody answers.
    fn push(&mut self) -> Option<u16> {
        let child = self.device.child(any_id(), SADAN, &child_body("Anak"));
        self.unanswered.push(child);
        let envelope = self.device.envelope(&self.unanswered);
        let call = self.device.client.post("/v1/sync").token(&self.device.token);
        let reply = call.json(&envelope).try_send().ok()?;
        if reply.status == 200 {
            let receipts = reply.sync().receipts;
            assert_eq!(receipts.len(), self.unanswered.len());
            self.receipts.extend(receipts.into_iter().map(|receipt| (receipt.seq.get(), receipt)));
            self.unanswered.clear();
        } else {
            let is_full = [503, 507].contains(&reply.status);
            assert!(is_full && reply.header("retry-after").is_some(), "{}", reply.text());
        }
        Some(reply.status)
    }

    /// A tablet with nothing to send is answered.
    #[track_caller]
    fn check_pull(&self) {
        let reply = self.device.post(&self.device.envelope(&[])).sync();
        assert!(!reply.rows.is_empty() || self.receipts.is_empty());
        if let Some(seq) = self.receipts.keys().next_back() {
            self.device.receipts(&seq.to_string());
        }
    }

    /// A server without faults has everything that was acknowledged, and takes the rest.
    #[track_caller]
    fn check_kept(&mut self) {
        let mut server = self.serve(&Launch::default());
        let seqs: Vec<String> = self.receipts.keys().map(u64::to_string).collect();
        for seqs in seqs.chunks(400) {
            let kept = self.device.receipts(&seqs.join(","));
            assert_eq!(kept.len(), seqs.len());
            assert!(kept.iter().all(|kept| self.receipts[&kept.seq.get()] == *kept));
        }
        assert_eq!(self.push(), Some(200));
        server.kill();
        self.office.check();
    }
}

#[test]
fn a_full_disk_is_told_pulls_are_answered_and_writes_go_on_when_there_is_space() {
    let mut bench = Bench::new();
    let server = bench.serve(&Launch { may_be_limited: true, ..Launch::default() });
    assert_eq!(bench.push(), Some(200));
    let size = |suffix| fs::metadata(bench.file(suffix)).unwrap().len();
    server.limit_files(Some(size("").max(size("-wal")) + (100 << 10)));
    let before = bench.receipts.len();
    let refused = (0..200).find(|_| bench.push() == Some(507));
    assert!(refused.is_some(), "the disk was never full");
    assert!(bench.receipts.len() > before);
    for _ in 0..3 {
        bench.check_pull();
        assert_eq!(bench.push(), Some(507));
    }
    server.limit_files(None);
    assert_eq!(bench.push(), Some(200));
    assert_eq!(bench.receipts.len(), usize::try_from(bench.device.seq).unwrap());
    bench.check_pull();
    drop(server);
    bench.check_kept();
    keep_figures("disk-full", &json!({"acknowledged": bench.receipts.len()}));
}

/// Lets the writes of the log of the database fail from the `first` on, `count` times.
fn failing_writes(bench: &Bench, error: &str, first: usize, count: usize) -> Strace {
    let last = first + count - 1;
    let inject = format!("pwrite64:error={error}:when={first}..{last}");
    Strace { inject: vec![inject], only: Some(bench.file("-wal")), ..Strace::default() }
}

#[test]
fn a_write_that_fails_is_never_acknowledged_and_the_next_one_is_taken() {
    let mut bench = Bench::new();
    let (mut places, mut failed, mut answered) = (0, 0, 0);
    for error in ["ENOSPC", "EIO"] {
        for (count, step) in [(1, 1), (20, 4)] {
            for first in (1..=WRITES).step_by(step) {
                let strace = failing_writes(&bench, error, first, count);
                let server = bench.serve(&Launch { strace: Some(&strace), ..Launch::default() });
                let mut statuses = Vec::new();
                for _ in 0..REQUESTS {
                    statuses.push(bench.push().expect("an answer"));
                    bench.check_pull();
                }
                let refused = statuses.iter().filter(|status| **status != 200).count();
                assert!(refused > 0, "{error} {first} {count}: no write failed");
                assert!(count > 1 || *statuses.last().unwrap() == 200, "{statuses:?}");
                (failed, answered) = (failed + refused, answered + REQUESTS - refused);
                drop(server);
                places += 1;
                if places % 6 == 0 {
                    bench.check_kept();
                }
            }
        }
    }
    let figures = json!({"places": places, "refused": failed, "answered": answered});
    println!("{figures}");
    bench.check_kept();
    keep_figures("disk-writes", &figures);
}

#[test]
fn a_failed_sync_ends_the_server_and_nothing_acknowledged_is_lost() {
    let mut bench = Bench::new();
    let syncs = (1..=SYNCS).map(|nth| ("-wal", nth)).chain([("", 1), ("", 2)]);
    let mut ended = 0;
    for (file, nth) in syncs {
        let inject = vec![format!("fdatasync,fsync:error=EIO:when={nth}")];
        let strace = Strace { inject, only: Some(bench.file(file)), ..Strace::default() };
        let server = bench.serve(&Launch { strace: Some(&strace), ..Launch::default() });
        let answers = (0..100).take_while(|_| bench.push().is_some()).count();
        assert!(answers < 100, "{file} {nth}: no sync failed");
        let end = server.ended();
        assert_eq!(end.code, Some(EX_IOERR), "{}", end.log);
        assert!(end.log.contains("the disk failed to sync"), "{}", end.log);
        ended += 1;
        bench.check_kept();
    }
    keep_figures("disk-syncs", &json!({"ended": ended, "acknowledged": bench.receipts.len()}));
}
