//! A world drawn from one seed: villages, workers, tablets with their wrong clocks, and the server.

use crate::book::Book;
use crate::country::{Country, PUSKESMAS};
use crate::diary::Diary;
use crate::files;
use crate::grants::Grants;
use crate::host::Host;
use crate::hub::Hub;
use crate::late::Late;
use crate::office::Listed;
use crate::random::Dice;
use crate::reach::Reach;
use crate::tablet::Tablet;
use crate::time::{DAY, HOUR, SECOND, TrueTime, YEAR};
use server::admin::{people, reference};
use server::platform::Clock as _;
use server::store::{GrantOf, Role};
use std::collections::BTreeSet;
use std::path::PathBuf;
use sync_protocol::ids::{RecordId, WorkerId};
use tempfile::TempDir;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) dice: Dice,
    pub(crate) hub: Hub,
    pub(crate) tablets: Vec<Tablet>,
    pub(crate) workers: Vec<WorkerId>,
    /// The server has learnt of the late village.
    pub(crate) late_is_known: bool,
    /// Children whose id went around: strangers may write to them.
    pub(crate) rumoured: Vec<RecordId>,
    /// The office's list, as it was last imported.
    pub(crate) listed: Vec<Listed>,
    /// The token of one who may settle what is parked, everywhere.
    pub(crate) supervisor: String,
    /// For names.
    pub(crate) made: u32,
    /// Tablets that came out of their boxes.
    pub(crate) boxes: u32,
    /// Devices that the office wants back.
    pub(crate) draining: BTreeSet<u32>,
    /// A backup of the server, made on some day.
    pub(crate) backup: Option<PathBuf>,
    pub(crate) dir: TempDir,
}

impl World {
    pub(crate) fn draw(seed: u64, events_kept: usize) -> Self {
        let mut dice = Dice::of(seed);
        let dir = files::directory();
        let time = TrueTime::begin();
        let country = Country::draw(&mut dice);
        let host = Host::start(&dir.path().join("server"), &time, dice.split());
        let hub = Hub {
            time,
            country,
            host,
            grants: Grants::default(),
            book: Book::default(),
            reach: Reach::default(),
            late: Late::default(),
            diary: Diary::keeping(events_kept),
            dice: dice.split(),
            judges: true,
            violation: None,
        };
        let mut world = World {
            dice,
            hub,
            tablets: Vec::new(),
            workers: Vec::new(),
            late_is_known: false,
            rumoured: Vec::new(),
            listed: Vec::new(),
            supervisor: String::new(),
            made: 0,
            boxes: 0,
            draining: BTreeSet::new(),
            backup: None,
            dir,
        };
        world.tell_country();
        world.appoint_supervisor();
        world.hire();
        world.hand_out_tablets();
        world
    }

    fn tell_country(&mut self) {
        let service = self.hub.host.service();
        let country = &self.hub.country;
        reference::import_areas(service, country.areas_csv().as_bytes()).unwrap();
        reference::import_puskesmas(service, country.puskesmas_csv().as_bytes()).unwrap();
    }

    fn appoint_supervisor(&mut self) {
        let service = self.hub.host.service();
        let everywhere = vec![GrantOf::Area(Country::kabupaten())];
        let person =
            people::add_worker(service, "Penyelia".to_owned(), Role::Penyelia, everywhere).unwrap();
        self.supervisor = people::make_token(service, person).unwrap();
    }

    fn hire(&mut self) {
        for n in 0..self.dice.between(2, 5) {
            let name = format!("Petugas {n}");
            let service = self.hub.host.service();
            let worker = people::add_worker(service, name, Role::Tenaga, Vec::new()).unwrap();
            self.workers.push(worker);
            for _ in 0..self.dice.between(1, 2) {
                let of = self.draw_grant();
                self.grant(worker, of);
            }
        }
    }

    fn hand_out_tablets(&mut self) {
        let count = match self.dice.weighed(&[88, 10, 2]) {
            0 => self.dice.between(3, 6),
            1 => self.dice.between(7, 12),
            _ => self.dice.between(13, 30),
        };
        let count = usize::try_from(count).unwrap();
        // Enrolment proper is slow on purpose, so few histories go through all of it.
        let in_full = self.dice.percent(4);
        for n in 0..count {
            let worker = self.workers[n % self.workers.len()];
            let tablet = self.new_tablet(worker, in_full && n == 0);
            self.tablets.push(tablet);
        }
    }

    /// How wrong a clock is: mostly a little, sometimes by years.
    pub(crate) fn draw_wrongness(&mut self) -> i64 {
        let dice = &mut self.dice;
        match dice.weighed(&[50, 15, 10, 10, 15]) {
            0 => dice.between(-90 * SECOND, 90 * SECOND),
            1 => dice.between(-30 * DAY, 30 * DAY),
            2 => dice.between(-50 * YEAR, -YEAR),
            3 => dice.between(YEAR, 10 * YEAR),
            _ => dice.between(-6 * HOUR, 6 * HOUR),
        }
    }

    /// A grant of any level: a village, a kecamatan, a puskesmas.
    pub(crate) fn draw_grant(&mut self) -> GrantOf {
        match self.dice.weighed(&[70, 15, 15]) {
            0 => GrantOf::Area(self.dice.one_of(&self.hub.country.villages).unwrap().clone()),
            1 => GrantOf::Area(self.dice.one_of(&Country::kecamatan()).unwrap().clone()),
            _ => GrantOf::Puskesmas((*self.dice.one_of(&PUSKESMAS).unwrap()).to_owned()),
        }
    }

    pub(crate) fn grant(&mut self, worker: WorkerId, of: GrantOf) {
        people::grant(self.hub.host.service(), worker, vec![of.clone()]).unwrap();
        self.hub.grants.give(worker, of, &self.hub.country);
        self.after_administration();
    }

    /// What a command changed is in the ledgers.
    pub(crate) fn after_administration(&mut self) {
        // First where the children were when the command came, then where it let them go.
        let now_ms = self.hub.host.clock.now_ms();
        self.hub.reach.regranted(&self.hub.grants, now_ms);
        self.hub.catch_up();
        self.hub.reach.regranted(&self.hub.grants, now_ms);
    }

    pub(crate) fn next_name(&mut self) -> String {
        self.made += 1;
        format!("Anak Contoh {}", self.made)
    }
}
