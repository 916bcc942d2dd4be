//! What happens in a random kabupaten: children of every awkward birthday, measured on every awkward
//! day, by two tablets of which one is late.

use super::aim::{Aim, measures};
use super::book::Merged;
use super::calendar::{Month, completed_months, jakarta_ms};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use sync_protocol::ids::RecordId;
use sync_protocol::wire::Outcome;
use sync_tests::{Device, Dice, World};

/// A child as the workers know it.
#[derive(Debug)]
struct Known {
    id: RecordId,
    area: String,
    body: Value,
    rows: Vec<(RecordId, Value)>,
}

/// The two tablets: Siti sends at once, Budi when he has a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Worker {
    Siti,
    Budi,
}

pub(super) struct Life<'w> {
    pub(super) dice: Dice,
    world: &'w World,
    tablets: [Device; 2],
    unsent: [Vec<Value>; 2],
    sent: [Vec<Value>; 2],
    villages: Vec<String>,
    children: Vec<Known>,
    pub(super) today: NaiveDate,
}

/// Changes of one request.
const BATCH: usize = 500;
const POSYANDU: [&str; 5] = ["Melati I", "MELATI I", "Mawar", "Mawar II", "melati i"];
/// Birthdays lie so many months before a month.
const AGES: [u32; 9] = [0, 0, 6, 12, 24, 24, 60, 60, 60];

impl<'w> Life<'w> {
    pub(super) fn new(world: &'w World, dice: Dice, villages: Vec<String>) -> Self {
        let tablets = ["Siti", "Budi"].map(|name| world.device(name, &["16.04"]));
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let [unsent, sent] = [[Vec::new(), Vec::new()], [Vec::new(), Vec::new()]];
        Life { dice, world, tablets, unsent, sent, villages, children: Vec::new(), today }
    }

    /// Lets the clock show a time in Jakarta.
    pub(super) fn pass_to(&mut self, (month, day): (Month, u32), (hour, minute): (u32, u32)) {
        self.today = month.first() + Days::new(u64::from(day - 1));
        self.world.time.set(jakarta_ms(self.today, hour, minute));
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.dice.below(100) < percent
    }

    fn id(&mut self) -> RecordId {
        RecordId::from_bytes(self.dice.bytes())
    }

    fn save(&mut self, worker: Worker, kind: &str, id: RecordId, edit: Value) {
        let change = self.tablets[worker as usize].change(kind, id, edit);
        self.unsent[worker as usize].push(change);
    }

    fn anybody(&mut self) -> Worker {
        self.dice.pick(&[Worker::Siti, Worker::Siti, Worker::Budi])
    }

    /// New children, spread over the desa; the first of them one in each.
    pub(super) fn arrive(&mut self, count: usize) {
        for _ in 0..count {
            let at = self.children.len();
            let village = match self.villages.get(at) {
                Some(village) => village.clone(),
                // Where most people live.
                None => self.villages[usize::try_from(self.dice.below(6)).unwrap()].clone(),
            };
            let id = self.id();
            let body = self.newcomer(at);
            self.save(Worker::Siti, "child", id, json!({"area": village, "body": body}));
            self.children.push(Known { id, area: village, body, rows: Vec::new() });
            for months in (0..4).rev() {
                if self.chance(65) {
                    self.measure(at, Month::of(self.today).before(months));
                }
            }
        }
    }

    fn newcomer(&mut self, number: usize) -> Value {
        let first = self.dice.pick(&["Ani", "budi", "CICI", "dEDI", "Eka"]);
        let mut body = json!({"name": format!("{first} {number:03}"),
            "sex": self.dice.pick(&["L", "P"]), "birth_date": self.birthday().to_string()});
        if self.chance(80) {
            body["posyandu"] = json!(self.dice.pick(&POSYANDU));
        }
        if self.chance(60) {
            body["kia_book"] = json!(self.chance(70));
        }
        if self.chance(50) {
            let digits = 10_000_000 + self.dice.below(89_999_999);
            body["nik"] = json!(format!("16040641{digits}"));
            body["mother_name"] = json!(format!("Ibu {number}"));
        }
        if self.chance(20) {
            self.depart(&mut body);
        }
        body
    }

    /// A birthday at the edge of an age group of some month, or any.
    fn birthday(&mut self) -> NaiveDate {
        let this = Month::of(self.today);
        let born = match self.dice.below(10) {
            0 => NaiveDate::from_ymd_opt(self.dice.pick(&[2020, 2024]), 2, 29).unwrap(),
            // 60 months old on the last days of this history, or a day younger.
            1 => {
                let month = Month::new(2022, 2);
                let days = [month.before(1).last(), month.first(), month.first() + Days::new(1)];
                self.dice.pick(&days)
            }
            2..=6 => {
                let month = this.before(2).after(self.dice.pick(&[0, 1, 2, 3, 4, 5]));
                let month = month.before(self.dice.pick(&AGES));
                let days = [month.first(), month.last(), month.last(), month.after(1).first()];
                self.dice.pick(&days)
            }
            _ => this.first() - Days::new(self.dice.below(1_800)),
        };
        born.min(self.today)
    }

    /// The child has left, died, or aged out: around the end of a month.
    fn depart(&mut self, body: &mut Value) {
        let month = Month::of(self.today).before(self.dice.pick(&[0, 0, 1, 2]));
        let days = [month.first(), month.last(), month.last() + Days::new(1), self.today];
        let day = self.dice.pick(&days).min(self.tomorrow());
        body["status"] = json!(self.dice.pick(&["pindah", "meninggal", "lulus"]));
        body["status_on"] = json!(day.to_string());
    }

    fn tomorrow(&self) -> NaiveDate {
        self.today + Days::new(1)
    }

    /// A day of a month on which a child may be measured.
    fn day_in(&mut self, at: usize, month: Month) -> NaiveDate {
        let born: NaiveDate =
            self.children[at].body["birth_date"].as_str().unwrap().parse().unwrap();
        let months = completed_months(born, month.last()).unwrap_or(0);
        let turned = born + chrono::Months::new(months);
        let any = month.first() + Days::new(self.dice.below(28));
        let days = [month.first(), month.last(), any, any, turned, turned - Days::new(1)];
        let day = self.dice.pick(&days);
        let day = if Month::of(day) == month { day } else { any };
        let is_before_birth = day < born && !self.chance(10);
        if is_before_birth { born } else { day.min(self.tomorrow()) }
    }

    /// One weighing in a month, and perhaps a second: of the same day, or of another.
    pub(super) fn measure(&mut self, at: usize, month: Month) {
        let day = self.day_in(at, month);
        self.measure_on(at, day);
        match self.dice.below(6) {
            0 => self.measure_on(at, day),
            1 => {
                let day = self.day_in(at, month);
                self.measure_on(at, day);
            }
            _ => {}
        }
    }

    fn measure_on(&mut self, at: usize, day: NaiveDate) {
        let worker = self.anybody();
        let id = self.id();
        let known = &self.children[at];
        let before = |(_, row): &&(RecordId, Value)| {
            row["weight_g"].is_number() && row["measured_on"].as_str() < Some(&day.to_string())
        };
        let last =
            known.rows.iter().filter(before).max_by_key(|(_, row)| row["measured_on"].to_string());
        let aim = Aim::of(&known.body, day, last.and_then(|(_, row)| row["weight_g"].as_i64()));
        let mut body = measures(&mut self.dice, &aim);
        body["child_id"] = json!(known.id);
        body["measured_on"] = json!(day.to_string());
        self.save(worker, "measurement", id, json!({"body": body}));
        self.children[at].rows.push((id, body));
    }

    /// What a stretch of time brings: new weighings, corrections, departures, moves, deletions.
    pub(super) fn go_on(&mut self) {
        let this = Month::of(self.today);
        for at in 0..self.children.len() {
            if self.chance(25) {
                let month = this.before(self.dice.pick(&[0, 0, 1]));
                self.measure(at, month);
            }
            match self.dice.below(25) {
                0 => self.edit_child(at),
                1 => self.move_away(at),
                3 => self.correct_row(at),
                4 => self.delete(at),
                5 => self.visit(at),
                6 => self.measure_on(at, self.tomorrow()),
                2 => self.measure_on(at, self.today + Days::new(40)),
                _ => {}
            }
        }
    }

    fn edit_child(&mut self, at: usize) {
        let worker = self.anybody();
        let mut body = self.children[at].body.clone();
        match self.dice.below(5) {
            0 => body["birth_date"] = json!(self.birthday().to_string()),
            1 => body["posyandu"] = json!(self.dice.pick(&POSYANDU)),
            // Came back, although a date says since when it was gone.
            2 => body["status"] = json!("aktif"),
            _ => self.depart(&mut body),
        }
        let id = self.children[at].id;
        self.save(worker, "child", id, json!({"body": body}));
        self.children[at].body = body;
    }

    fn move_away(&mut self, at: usize) {
        let worker = self.anybody();
        let known = &self.children[at];
        let (id, here) = (known.id, known.area.clone());
        let there: Vec<&str> =
            self.villages.iter().map(String::as_str).filter(|village| *village != here).collect();
        let village = self.dice.pick(&there).to_owned();
        self.save(worker, "child", id, json!({"move": village}));
        self.children[at].area = village;
    }

    fn correct_row(&mut self, at: usize) {
        let worker = self.anybody();
        let Some((id, mut body)) = self.children[at].rows.first().cloned() else { return };
        if self.chance(50) {
            body["weight_g"] = json!(9_000 + self.dice.below(3_000));
        } else {
            let month = Month::of(self.today).before(self.dice.pick(&[0, 1, 2]));
            body["measured_on"] = json!(self.day_in(at, month).to_string());
        }
        self.save(worker, "measurement", id, json!({"body": body}));
        self.children[at].rows[0].1 = body;
    }

    /// A child or a measurement; some are wanted again.
    fn delete(&mut self, at: usize) {
        let worker = self.anybody();
        let known = &self.children[at];
        let row = known.rows.last().filter(|_| at.is_multiple_of(2));
        let (kind, id, body) = match row {
            Some((id, body)) => ("measurement", *id, body.clone()),
            None => ("child", known.id, known.body.clone()),
        };
        let reason = self.dice.pick(&["salah_input", "ganda"]);
        self.save(worker, kind, id, json!({"deleted": reason}));
        if self.chance(20) {
            self.save(worker, kind, id, json!({"body": body}));
        }
    }

    fn visit(&mut self, at: usize) {
        let worker = self.anybody();
        let id = self.id();
        let body = json!({"child_id": self.children[at].id, "visited_on": self.today.to_string(),
            "purpose": "kunjungan_rumah"});
        self.save(worker, "visit", id, json!({"body": body}));
    }

    pub(super) fn siti_sends(&mut self) {
        self.send(Worker::Siti);
    }

    pub(super) fn budi_sends(&mut self) {
        self.send(Worker::Budi);
    }

    fn send(&mut self, worker: Worker) {
        let changes = std::mem::take(&mut self.unsent[worker as usize]);
        // A connection that idled while the days were made up may be closed by now.
        self.tablets[worker as usize].client = self.world.server.client();
        for batch in changes.chunks(BATCH) {
            self.tablets[worker as usize].push(batch);
        }
        self.sent[worker as usize].extend(changes);
    }

    /// What became a record's value, by the receipts of all that was sent, and how many changes are
    /// parked. What was superseded lost to one of these, or was replaced while it was parked.
    pub(super) fn merged(&self) -> (Vec<Merged>, usize) {
        let (mut merged, mut parked) = (Vec::new(), 0);
        for (tablet, sent) in self.tablets.iter().zip(&self.sent) {
            for batch in sent.chunks(BATCH) {
                let seqs = batch.iter().map(|change| change["seq"].to_string());
                let seqs = seqs.collect::<Vec<_>>().join(",");
                for (change, receipt) in batch.iter().zip(tablet.receipts(&seqs)) {
                    parked += usize::from(receipt.outcome == Outcome::Parked);
                    if receipt.outcome == Outcome::Applied {
                        let stamp = receipt.stamp.to_string();
                        merged.push(Merged { stamp, change: change.clone() });
                    }
                }
            }
        }
        (merged, parked)
    }
}
