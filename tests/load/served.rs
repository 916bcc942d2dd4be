//! The server: the real service behind real sockets, 4 connections, one pull of everything.

use crate::Figures;
use crate::data::{BATCH, Tablet};
use flate2::{Compression, write::GzEncoder};
use server::admin::people::make_code;
use server::http::serve::{Listen, StopHandle, block_on, start};
use server::http::{Gateway, Settings};
use server::platform::{SystemClock, SystemRandom};
use server::service::Service;
use server::store::{GrantOf, NewWorker, Role, StoreError};
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Instant;
use sync_protocol::area::Area;
use sync_protocol::ids::{DeviceNo, InstallId, WorkerId};
use uuid::Uuid;

const CONNECTIONS: usize = 4;
/// The one device that may see everything.
const READER: DeviceNo = DeviceNo(1);

pub(crate) fn measure(tablets: &[Tablet]) -> Figures {
    let dir = tempfile::tempdir().unwrap();
    let server = Served::start(dir.path(), tablets);
    let requests = encode_requests(tablets);
    let started = Instant::now();
    push(&server.sync_url(), &requests);
    let push = started.elapsed();
    let started = Instant::now();
    let rows = pull_everything(&server.sync_url());
    let pull = started.elapsed();
    Figures { push, pull, rows }
}

/// A server that listens until it is dropped.
pub(crate) struct Served {
    pub(crate) url: String,
    service: Arc<Service>,
    handle: StopHandle,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    pub(crate) fn start(dir: &Path, tablets: &[Tablet]) -> Self {
        let settings = Settings {
            requests_per_minute: 1_000_000,
            requests_burst: 1_000_000,
            ..Settings::default()
        };
        let service = Service::open(dir, Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
        let service = Arc::new(service);
        let gateway = Arc::new(Gateway::new(Arc::clone(&service), settings));
        enrol_all(&service, tablets);
        let (send, receive) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            block_on(async move {
                let listen = Listen::plain(SocketAddr::from(([127, 0, 0, 1], 0)));
                let running = start(gateway, &listen).unwrap();
                send.send((running.address, running.handle())).unwrap();
                running.wait().await.unwrap();
            });
        });
        let (address, handle) = receive.recv().unwrap();
        Served { url: format!("http://{address}"), service, handle, thread: Some(thread) }
    }

    /// Sends what the tablets have.
    pub(crate) fn push(&self, tablets: &[Tablet]) {
        push(&self.sync_url(), &encode_requests(tablets));
    }

    /// The code for a second tablet of the same worker.
    pub(crate) fn code(&self, tablet: &Tablet) -> String {
        make_code(&self.service, worker_of(tablet.device)).unwrap().code
    }

    fn sync_url(&self) -> String {
        format!("{}/v1/sync", self.url)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.handle.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Enrols without codes: their slow hash and their rate limit are not what is measured.
fn enrol_all(service: &Service, tablets: &[Tablet]) {
    let mut devices: Vec<(DeviceNo, Area)> =
        tablets.iter().map(|tablet| (tablet.device, tablet.area.clone())).collect();
    devices.push((READER, "16.04".parse().unwrap()));
    service
        .write_as_operator::<_, StoreError, _>(move |tx, _| {
            for (device, area) in devices {
                tx.put_area(&area, "Contoh")?;
                let worker = worker_of(device);
                let name = format!("Petugas {device}");
                tx.add_worker(&NewWorker { id: worker, name, role: Role::Tenaga, made_ms: 0 })?;
                tx.add_grant(worker, &GrantOf::Area(area), 0)?;
                tx.add_device(device, worker, InstallId(worker.0), "Tablet", 0)?;
                tx.set_token(device, &server::access::token::hash(&token(device)))?;
            }
            Ok(())
        })
        .unwrap();
}

fn worker_of(device: DeviceNo) -> WorkerId {
    WorkerId(Uuid::from_u128(u128::from(device.0)))
}

fn token(device: DeviceNo) -> String {
    format!("tbg_{device}")
}

struct Encoded {
    token: String,
    /// Compressed bodies, in the order in which a tablet must send them.
    bodies: Vec<Vec<u8>>,
}

fn encode_requests(tablets: &[Tablet]) -> Vec<Encoded> {
    tablets
        .iter()
        .map(|tablet| Encoded {
            token: token(tablet.device),
            bodies: tablet.changes.chunks(BATCH).map(|batch| encode(tablet, batch)).collect(),
        })
        .collect()
}

fn encode(tablet: &Tablet, batch: &[crate::data::Prepared]) -> Vec<u8> {
    let changes: Vec<&str> = batch.iter().map(|change| change.raw.as_str()).collect();
    let body = format!(
        r#"{{"protocol":1,"sent_at":"2026-11-24T09:15:00.000+07:00","clock":0,"last_seq":{},"status":{{}},"changes":[{}],"cursor":null,"limit":1}}"#,
        tablet.changes.len(),
        changes.join(",")
    );
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn push(url: &str, requests: &[Encoded]) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let agent = ureq::Agent::new_with_defaults();
                while let Some(tablet) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for body in &tablet.bodies {
                        let mut reply = agent
                            .post(url)
                            .header("Authorization", format!("Bearer {}", tablet.token))
                            .header("Content-Encoding", "gzip")
                            .send(body.as_slice())
                            .unwrap();
                        let text = reply.body_mut().read_to_string().unwrap();
                        assert!(!text.contains("parked\",\"stamp"), "{text}");
                    }
                }
            });
        }
    });
}

fn pull_everything(url: &str) -> usize {
    let agent = ureq::Agent::new_with_defaults();
    let mut cursor = "null".to_owned();
    let mut rows = 0;
    loop {
        let body = format!(
            r#"{{"protocol":1,"sent_at":"2026-11-24T09:15:00.000+07:00","clock":0,"last_seq":0,"changes":[],"cursor":{cursor},"limit":500}}"#
        );
        let mut reply = agent
            .post(url)
            .header("Authorization", format!("Bearer {}", token(READER)))
            .header("Accept-Encoding", "identity")
            .send(body)
            .unwrap();
        let text = reply.body_mut().with_config().limit(1 << 30).read_to_string().unwrap();
        // Counted, not parsed: what the client does with it is not what is measured.
        rows += text.matches(r#"{"kind":""#).count();
        let after = text.split_once(r#""cursor":"#).unwrap().1;
        let end = after.find(",\"more\"").unwrap();
        cursor = after.get(..end).unwrap().to_owned();
        if after.contains(r#""more":false"#) {
            return rows;
        }
    }
}
