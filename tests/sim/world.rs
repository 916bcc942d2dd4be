//! A world drawn from one seed: villages, workers, tablets with their wrong clocks, and the server.

use crate::book::Book;
use crate::country::{Country, PUSKESMAS};
use crate::diary::Diary;
use crate::grants::Grants;
use crate::host::Host;
use crate::hub::Hub;
use crate::late::Late;
use crate::office::Listed;
use crate::random::Dice;
use crate::reach::Reach;
use crate::tablet::Tablet;
use crate::time::{DAY, HOUR, Machine, SECOND, TrueTime, YEAR};
use crate::{enrol, files};
use server::admin::{people, reference};
use server::store::{GrantOf, Role};
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
        let count = self.dice.below(4) + 3;
        // Enrolment proper is slow on purpose, so few histories go through all of it.
        let in_full = self.dice.percent(4);
        for n in 0..count {
            let worker = self.workers[n % self.workers.len()];
            self.add_tablet(n, worker, in_full && n == 0);
        }
    }

    fn add_tablet(&mut self, n: usize, worker: WorkerId, in_full: bool) {
        let machine = Machine::new(&self.hub.time, self.dice.split());
        machine.set_wrong_by(self.draw_wrongness());
        let path = self.dir.path().join(format!("tablet-{n}.db"));
        let mut tablet = Tablet::new(format!("tablet {n}"), worker, path, machine);
        enrol::enrol(&mut self.hub, &mut tablet, in_full);
        let (device, clock) = (tablet.device, tablet.clock_text());
        self.hub.note(format!("tablet {n} is enrolled as {device:08x}, its clock is {clock}"));
        self.tablets.push(tablet);
        self.hub.time.pass(self.dice.between(1, 3_600) * SECOND);
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
        self.hub.reach.regranted(&self.hub.grants);
        self.hub.catch_up();
        self.hub.reach.regranted(&self.hub.grants);
    }

    pub(crate) fn next_name(&mut self) -> String {
        self.made += 1;
        format!("Anak Contoh {}", self.made)
    }
}
