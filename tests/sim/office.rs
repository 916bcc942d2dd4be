//! What the office does: grants given, ended and given again, lists imported, villages made known.

use crate::country::Country;
use crate::grants::End;
use crate::letter::Letter;
use crate::world::World;
use serde_json::{Value, json};
use server::admin::sasaran::{Defaults, import_sasaran};
use server::admin::{people, reference};
use server::store::GrantOf;
use std::fmt::Write as _;
use sync_protocol::area::Area;
use sync_protocol::ids::WorkerId;
use sync_replica::Request;

/// A child on the office's list.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    name: String,
    born: String,
    village: Area,
}

impl World {
    pub(crate) fn administer(&mut self) {
        let worker = *self.dice.one_of(&self.workers).unwrap();
        match self.dice.weighed(&[20, 25, 20, 10, 20, 5, 20]) {
            0 => {
                let of = self.draw_grant();
                self.note_grant("is granted", worker, &of);
                self.grant(worker, of);
            }
            1 => self.ungrant(worker),
            2 => self.regrant(worker),
            3 => self.grant_above(worker),
            4 => self.import_list(),
            5 => self.learn_late_village(),
            _ => self.settle_parked(),
        }
    }

    fn note_grant(&mut self, verb: &str, worker: WorkerId, of: &GrantOf) {
        let n = self.workers.iter().position(|known| *known == worker).unwrap_or_default();
        self.hub.note(format!("worker {n} {verb} {of:?}"));
    }

    fn ungrant(&mut self, worker: WorkerId) {
        let held = self.hub.grants.held(worker);
        let Some(of) = self.dice.one_of(&held).cloned() else { return };
        let end = if self.dice.percent(25) { End::ForCause } else { End::Plain };
        self.note_grant(&format!("loses ({end:?})"), worker, &of);
        let service = self.hub.host.service();
        people::ungrant(service, worker, vec![of.clone()], end == End::ForCause).unwrap();
        self.hub.grants.end(worker, &of, end);
        self.after_administration();
    }

    fn regrant(&mut self, worker: WorkerId) {
        let lost = self.hub.grants.lost(worker);
        let Some(of) = self.dice.one_of(&lost).cloned() else { return };
        self.note_grant("is granted again", worker, &of);
        self.grant(worker, of);
    }

    /// A kecamatan over a village that the worker holds already.
    fn grant_above(&mut self, worker: WorkerId) {
        let held = self.hub.grants.areas(worker);
        let Some(village) = self.dice.one_of(&held) else { return };
        let Some(above) = village.parent().filter(|area| *area != Country::kabupaten()) else {
            return;
        };
        let of = GrantOf::Area(above);
        self.note_grant("is granted above", worker, &of);
        self.grant(worker, of);
    }

    fn learn_late_village(&mut self) {
        if std::mem::replace(&mut self.late_is_known, true) {
            return;
        }
        self.hub.note("the server learns of the late village");
        let file = self.hub.country.late_csv();
        reference::import_areas(self.hub.host.service(), file.as_bytes()).unwrap();
        self.after_administration();
    }

    /// A supervisor releases or discards something that is parked.
    fn settle_parked(&mut self) {
        let (status, listed) = self.ask_as_supervisor("GET", "/v1/parked", None);
        assert_eq!(status, 200, "{listed}");
        let parked: Vec<i64> = listed["parked"]
            .as_array()
            .unwrap()
            .iter()
            .map(|parked| parked["id"].as_i64().unwrap())
            .collect();
        let Some(id) = self.dice.one_of(&parked) else { return };
        let decision = if self.dice.percent(50) {
            json!({"decision": "release"})
        } else {
            json!({"decision": "discard", "reason": "Contoh"})
        };
        self.hub.note(format!("a supervisor settles what is parked at {id}: {decision}"));
        let (status, said) =
            self.ask_as_supervisor("POST", &format!("/v1/parked/{id}"), Some(decision));
        assert!(status == 200 || said["code"] == "still_parked", "{status} {said}");
        self.after_administration();
    }

    fn ask_as_supervisor(
        &mut self,
        method: &'static str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let request = Request {
            method,
            path: path.to_owned(),
            token: Some(self.supervisor.clone()),
            body: body.map(|body| body.to_string().into_bytes()),
            etag: None,
        };
        let letter = Letter::of(&request, "198.51.100.9", self.hub.time.ms());
        let reply = self.hub.deliver(&letter);
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    /// New children of the office, and old ones with another phone number.
    fn import_list(&mut self) {
        for _ in 0..self.dice.between(1, 4) {
            let name = format!("Balita Kantor {}", self.listed.len());
            let born =
                format!("2025-{:02}-{:02}", self.dice.between(1, 12), self.dice.between(1, 28));
            let village = self.dice.one_of(&self.hub.country.villages).unwrap().clone();
            self.listed.push(Listed { name, born, village });
        }
        let mut file = String::from("nama_anak,tgl_lahir,jenis_kelamin,hp_ortu,kode_wilayah\n");
        for child in &self.listed {
            let phone = self.dice.below(10_000);
            writeln!(file, "{},{},L,0811{phone:06},{}", child.name, child.born, child.village)
                .unwrap();
        }
        self.hub.note(format!("the office imports a list of {}", self.listed.len()));
        let service = self.hub.host.service();
        import_sasaran(service, file.as_bytes(), &Defaults::default(), &mut |_, _| ()).unwrap();
        self.after_administration();
    }
}
