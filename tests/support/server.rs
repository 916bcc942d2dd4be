//! The real service behind real sockets, in this process: its clock is the test's.

use crate::http::Client;
use crate::patience::PATIENCE;
use crate::time::Time;
use server::http::serve::{Listen, ServeError, StopHandle, block_on, start};
use server::http::{Gateway, Settings};
use server::platform::SystemRandom;
use server::service::Service;
use server::thresholds::Thresholds;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// As many requests as a test can want; the limits have tests of their own.
const UNLIMITED: Settings = Settings {
    requests_per_minute: 1_000_000,
    requests_burst: 1_000_000,
    enrolments_per_minute: 1_000_000,
};

/// A server that listens until it is dropped.
pub struct TestServer {
    pub service: Arc<Service>,
    pub gateway: Arc<Gateway>,
    pub address: SocketAddr,
    handle: StopHandle,
    thread: Option<JoinHandle<()>>,
}

type Started = Result<(SocketAddr, StopHandle), ServeError>;

impl TestServer {
    /// A server on the database in `dir`, which is made when it is missing.
    pub fn start(dir: &Path, time: &Time) -> Self {
        Self::with_settings(dir, time, UNLIMITED)
    }

    pub fn with_settings(dir: &Path, time: &Time, settings: Settings) -> Self {
        Self::launch(dir, time, settings, Thresholds::default(), &[])
    }

    /// A server that takes another way than others do, from other amounts on.
    pub fn with_thresholds(dir: &Path, time: &Time, thresholds: Thresholds) -> Self {
        Self::launch(dir, time, UNLIMITED, thresholds, &[])
    }

    /// A server that believes these proxies.
    pub fn behind(dir: &Path, time: &Time, proxies: &[&str]) -> Self {
        Self::launch(dir, time, Settings::default(), Thresholds::default(), proxies)
    }

    fn launch(
        dir: &Path,
        time: &Time,
        settings: Settings,
        thresholds: Thresholds,
        proxies: &[&str],
    ) -> Self {
        let proxies = proxies.iter().map(|proxy| proxy.parse().expect("a network"));
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let listen = Listen { trusted_proxies: proxies.collect(), ..Listen::plain(address) };
        let (clock, random) = (Arc::new(time.clone()), Arc::new(SystemRandom));
        let service = Service::open_with(dir, clock, random, thresholds);
        let service = Arc::new(service.expect("the database opens"));
        let gateway = Arc::new(Gateway::new(Arc::clone(&service), settings));
        let (tell, told) = channel();
        let thread = std::thread::spawn({
            let gateway = Arc::clone(&gateway);
            move || serve(gateway, &listen, &tell)
        });
        let started = told.recv_timeout(PATIENCE).expect("word from the server's thread");
        let (address, handle) = started.expect("the server listens");
        TestServer { service, gateway, address, handle, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn client(&self) -> Client {
        Client::new(&self.url())
    }
}

fn serve(gateway: Arc<Gateway>, listen: &Listen, tell: &Sender<Started>) {
    block_on(async {
        match start(gateway, listen) {
            Ok(running) => {
                tell.send(Ok((running.address, running.handle()))).expect("the test waits");
                running.wait().await.expect("the server stops in order");
            }
            Err(error) => tell.send(Err(error)).expect("the test waits"),
        }
    });
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.handle.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the server's thread panicked");
        }
    }
}

impl fmt::Debug for TestServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestServer").field("address", &self.address).finish_non_exhaustive()
    }
}
