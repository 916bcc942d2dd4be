//! A kabupaten in a temporary folder: Lahat's areas, its workers, their tablets, one server.

use crate::command::fixture;
use crate::device::Device;
use crate::office::Office;
use crate::server::TestServer;
use crate::tablet::Tablet;
use crate::time::Time;
use server::admin::{devices, people, reference};
use server::http::{Request, Response, Settings};
use server::service::Service;
use server::store::{Device as StoredDevice, GrantOf, OpenConflict, Role, StoreError};
use server::thresholds::Thresholds;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::area::{Area, Scope};
use sync_protocol::digest::AreaDigest;
use sync_protocol::ids::{DeviceNo, WorkerId};
use tempfile::TempDir;

/// Kecamatan Jarai, two desa of it, and a desa of another kecamatan.
pub const KECAMATAN: &str = "16.04.06";
pub const SADAN: &str = "16.04.06.2008";
pub const OTHER_DESA: &str = "16.04.06.2009";
pub const FAR_DESA: &str = "16.04.07.2001";

/// The password of everybody who works in the office.
pub const OFFICE_PASSWORD: &str = "kata sandi contoh";

/// A world with one server in this process. Everything in it is shared time.
#[derive(Debug)]
pub struct World {
    pub server: TestServer,
    pub time: Time,
    dir: TempDir,
}

impl Default for World {
    fn default() -> Self {
        let (dir, time) = (tempfile::tempdir().expect("a temporary folder"), Time::default());
        World::of(TestServer::start(dir.path(), &time), time, dir)
    }
}

impl World {
    pub fn with_settings(settings: Settings) -> Self {
        let (dir, time) = (tempfile::tempdir().expect("a temporary folder"), Time::default());
        World::of(TestServer::with_settings(dir.path(), &time, settings), time, dir)
    }

    pub fn with_thresholds(thresholds: Thresholds) -> Self {
        let (dir, time) = (tempfile::tempdir().expect("a temporary folder"), Time::default());
        World::of(TestServer::with_thresholds(dir.path(), &time, thresholds), time, dir)
    }

    /// One more server on the same database.
    pub fn server_with(&self, thresholds: Thresholds) -> TestServer {
        TestServer::with_thresholds(self.data(), &self.time, thresholds)
    }

    /// One whose server believes these proxies.
    pub fn behind(proxies: &[&str]) -> Self {
        let (dir, time) = (tempfile::tempdir().expect("a temporary folder"), Time::default());
        World::of(TestServer::behind(dir.path(), &time, proxies), time, dir)
    }

    fn of(server: TestServer, time: Time, dir: TempDir) -> Self {
        let areas = std::fs::read(fixture("area/lahat.csv")).expect("the areas of Lahat");
        reference::import_areas(&server.service, &areas).expect("the areas are taken");
        World { server, time, dir }
    }

    pub fn service(&self) -> &Service {
        &self.server.service
    }

    /// Answers a request without the network.
    pub fn answer(&self, request: &Request) -> Response {
        self.server.gateway.answer(request)
    }

    pub fn data(&self) -> &Path {
        self.dir.path()
    }

    pub fn worker(&self, name: &str, areas: &[&str]) -> WorkerId {
        let grants = areas.iter().map(|code| GrantOf::Area(crate::area(code))).collect();
        people::add_worker(self.service(), name.to_owned(), Role::Tenaga, grants)
            .expect("the worker is added")
    }

    /// Somebody of this role and these areas, logged in to the pages.
    #[track_caller]
    pub fn office(&self, name: &str, role: Role, areas: &[&str]) -> Office {
        let grants = areas.iter().map(|code| GrantOf::Area(crate::area(code))).collect();
        let worker = people::add_worker(self.service(), name.to_owned(), role, grants)
            .expect("the worker is added");
        let login = name.replace(' ', ".").to_lowercase();
        people::set_password(self.service(), worker, Some(&login), OFFICE_PASSWORD)
            .expect("the password is set");
        Office::log_in(&self.server.url(), &login, OFFICE_PASSWORD)
    }

    pub fn code(&self, worker: WorkerId) -> String {
        people::make_code(self.service(), worker).expect("a code").code
    }

    pub fn grant(&self, worker: WorkerId, area: &str) {
        people::grant(self.service(), worker, vec![GrantOf::Area(crate::area(area))])
            .expect("the grant is given");
    }

    pub fn ungrant(&self, worker: WorkerId, area: &str, for_cause: bool) {
        let grants = vec![GrantOf::Area(crate::area(area))];
        people::ungrant(self.service(), worker, grants, for_cause).expect("the grant is ended");
    }

    pub fn drain(&self, device: u32) {
        devices::drain(self.service(), DeviceNo(device)).expect("the device drains");
    }

    pub fn revoke(&self, device: u32) {
        devices::revoke(self.service(), DeviceNo(device)).expect("the device is revoked");
    }

    /// What the server keeps of a device.
    pub fn stored_device(&self, device: u32) -> StoredDevice {
        let stored = self.read(|tx| tx.device(DeviceNo(device)));
        stored.expect("a device that is known")
    }

    /// A new worker's tablet, spoken by hand.
    #[track_caller]
    pub fn device(&self, name: &str, areas: &[&str]) -> Device {
        self.device_of(self.worker(name, areas))
    }

    #[track_caller]
    pub fn device_of(&self, worker: WorkerId) -> Device {
        Device::enrol(self.server.client(), &self.code(worker), Arc::new(self.time.clone()))
    }

    /// A worker's tablet whose installation may have been enrolled before.
    #[track_caller]
    pub fn device_of_install(&self, worker: WorkerId, install: &str) -> Device {
        let time = Arc::new(self.time.clone());
        Device::enrol_install(self.server.client(), &self.code(worker), install, time)
    }

    /// A new worker's real tablet.
    #[track_caller]
    pub fn tablet(&self, name: &str, areas: &[&str]) -> Tablet {
        self.tablet_of(self.worker(name, areas))
    }

    #[track_caller]
    pub fn tablet_of(&self, worker: WorkerId) -> Tablet {
        let mut tablet = Tablet::new(&self.time, &self.server.url());
        tablet.enrol(&self.code(worker));
        tablet
    }

    /// The server's digest of every desa in an area that holds anything.
    pub fn digest(&self, area: &str) -> BTreeMap<Area, AreaDigest> {
        let scope = Scope::of([crate::area(area)]);
        self.read(|tx| tx.digests(&scope))
    }

    /// Conflicts that a supervisor would see.
    pub fn conflicts(&self) -> Vec<OpenConflict> {
        self.read(|tx| tx.open_conflicts())
    }

    /// Everything that `timbang check` finds wrong.
    pub fn faults(&self) -> Vec<String> {
        server::check::check(self.service()).expect("the check runs").faults
    }

    pub fn read<T>(
        &self,
        job: impl FnOnce(&server::store::ReadTx<'_>) -> Result<T, StoreError>,
    ) -> T {
        self.service()
            .read_as_operator::<T, StoreError>(|tx, _| job(tx))
            .expect("the database is read")
    }
}
