//! Five places with the same in each: a child with its measurement and visit, an open conflict, a
//! parked change; and callers of every kind, who all work in one kecamatan.

use serde_json::{Value, json};
use server::admin::{people, reference};
use server::http::Request;
use server::platform::Clock;
use server::store::{GrantOf, Role};
use std::collections::BTreeMap;
use std::sync::Arc;
use sync_protocol::ids::{RecordId, WorkerId};
use sync_tests::{
    Client, Device, FAR_DESA, KECAMATAN, OTHER_DESA, SADAN, World, any_id, area, child_body,
    measurement_body,
};

pub(super) const NIK: &str = "1604065205259001";
const OTHER_KABUPATEN: &str = "code,level,name,parent\n16.05,kabupaten,Contoh,16\n\
    16.05.01,kecamatan,Contoh Hulu,16.05\n16.05.01.2001,desa,Contoh Desa,16.05.01\n";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Caller {
    Nobody,
    Tablet,
    /// A tenaga with a token for people.
    Tenaga,
    Penyelia,
    Pengamat,
    Admin,
    RevokedTablet,
    RevokedPerson,
}

impl Caller {
    pub(super) const ALL: [Caller; 8] = [
        Caller::Nobody,
        Caller::Tablet,
        Caller::Tenaga,
        Caller::Penyelia,
        Caller::Pengamat,
        Caller::Admin,
        Caller::RevokedTablet,
        Caller::RevokedPerson,
    ];
}

/// Where what is asked about lies, as seen from the callers' kecamatan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Own,
    /// A desa of it.
    Child,
    /// The next kecamatan.
    Sibling,
    /// The kabupaten; what lies in it lies in yet another kecamatan.
    Parent,
    OtherKabupaten,
    /// Last: what is outside is held against it.
    Missing,
}

impl Target {
    pub(super) const ALL: [Target; 6] = [
        Target::Own,
        Target::Child,
        Target::Sibling,
        Target::Parent,
        Target::OtherKabupaten,
        Target::Missing,
    ];

    pub(super) fn is_in_scope(self) -> bool {
        matches!(self, Target::Own | Target::Child)
    }

    /// The area that is asked for, and the desa where its child lives.
    fn areas(self) -> (&'static str, &'static str) {
        match self {
            Target::Own => (KECAMATAN, SADAN),
            Target::Child => (OTHER_DESA, OTHER_DESA),
            Target::Sibling => ("16.04.07", FAR_DESA),
            Target::Parent => ("16.04", "16.04.09.2010"),
            Target::OtherKabupaten => ("16.05", "16.05.01.2001"),
            Target::Missing => ("16.04.99", "16.04.99.2001"),
        }
    }
}

/// What can be asked about at a target.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) area: &'static str,
    pub(super) desa: &'static str,
    pub(super) name: String,
    pub(super) child: RecordId,
    /// The stamp of the child's row.
    pub(super) stamp: Value,
    pub(super) conflict: i64,
    /// The stamp of the conflict's present winner.
    pub(super) winner: Value,
    pub(super) parked: i64,
    pub(super) measurement: RecordId,
    /// The number of a tablet that works there.
    pub(super) tablet: u32,
    /// A supervisor of it.
    pub(super) person: WorkerId,
    /// Who holds the tablet.
    pub(super) worker: WorkerId,
}

impl Place {
    /// Whether a text tells of it.
    pub(super) fn is_told_in(&self, shown: &str) -> bool {
        [self.desa, &self.name, &self.child.to_string()].iter().any(|word| shown.contains(*word))
    }
}

pub(super) struct Kabupaten {
    pub(super) world: World,
    pub(super) client: Client,
    /// The tablet that is [`Caller::Tablet`].
    pub(super) tablet: Device,
    tokens: BTreeMap<Caller, String>,
    places: BTreeMap<Target, Place>,
}

impl Kabupaten {
    pub(super) fn new() -> Self {
        let world = World::default();
        reference::import_areas(world.service(), OTHER_KABUPATEN.as_bytes()).unwrap();
        let everything = token(&world, Role::Penyelia, "16");
        let places = Target::ALL.map(|target| (target, fill(&world, target, &everything)));
        let tablet = enrol(&world, world.worker("Petugas", &[KECAMATAN]));
        let revoked = enrol(&world, world.worker("Petugas lama", &[KECAMATAN]));
        world.revoke(revoked.number);
        let revoked_person = worker(&world, Role::Penyelia, KECAMATAN);
        let revoked_token = people::make_token(world.service(), revoked_person).unwrap();
        people::revoke_tokens(world.service(), revoked_person).unwrap();
        let tokens = BTreeMap::from([
            (Caller::Tablet, tablet.token.clone()),
            (Caller::Tenaga, token(&world, Role::Tenaga, KECAMATAN)),
            (Caller::Penyelia, token(&world, Role::Penyelia, KECAMATAN)),
            (Caller::Pengamat, token(&world, Role::Pengamat, KECAMATAN)),
            (Caller::Admin, token(&world, Role::Admin, KECAMATAN)),
            (Caller::RevokedTablet, revoked.token),
            (Caller::RevokedPerson, revoked_token),
        ]);
        let client = world.server.client();
        Kabupaten { world, client, tablet, tokens, places: places.into() }
    }

    pub(super) fn token(&self, caller: Caller) -> Option<&str> {
        self.tokens.get(&caller).map(String::as_str)
    }

    pub(super) fn place(&self, target: Target) -> &Place {
        &self.places[&target]
    }
}

fn worker(world: &World, role: Role, code: &str) -> WorkerId {
    let grants = vec![GrantOf::Area(area(code))];
    people::add_worker(world.service(), format!("{role}"), role, grants).unwrap()
}

fn token(world: &World, role: Role, code: &str) -> String {
    people::make_token(world.service(), worker(world, role, code)).unwrap()
}

/// Enrols from an address of its own: more tablets than one address may enrol in a minute.
fn enrol(world: &World, worker: WorkerId) -> Device {
    let body = json!({"code": world.code(worker), "install": any_id(), "device_name": "Tablet",
        "app": "sync-tests/0.1.0"});
    let response = world.service().answer(&Request {
        method: "POST".to_owned(),
        path: "/v1/enrol".to_owned(),
        peer: worker.to_string(),
        arrived_ms: world.time.now_ms(),
        body: body.to_string().into_bytes(),
        ..Request::default()
    });
    let enrolled: Value = serde_json::from_slice(&response.body).unwrap();
    Device::of(world.server.client(), &enrolled, Arc::new(world.time.clone()))
}

/// Makes what is at a target. Nothing is at the missing one.
fn fill(world: &World, target: Target, everything: &str) -> Place {
    let (area, desa) = target.areas();
    let (name, child) = (format!("ANAK {desa}"), any_id());
    let nothing = Place {
        area,
        desa,
        name: name.clone(),
        child,
        stamp: json!("0193a5b2c4d10003-acd0f1a7"),
        conflict: 999_999,
        winner: json!("0193a5b2c4d10003-acd0f1a7"),
        parked: 999_999,
        measurement: any_id(),
        tablet: 999_999,
        person: any_id().to_string().parse().unwrap(),
        worker: any_id().to_string().parse().unwrap(),
    };
    if target == Target::Missing {
        return nothing;
    }
    let holder = world.worker(&format!("Petugas satu {desa}"), &[desa]);
    let mut one = enrol(world, holder);
    let mut other = enrol(world, world.worker(&format!("Petugas dua {desa}"), &[desa]));
    let body = child_body(&name).with("nik", NIK);
    let first = one.child(child, desa, &body);
    let measurement = any_id();
    let weighing = one.body("measurement", measurement, None, &measurement_body(child, 8_000));
    let visit = json!({"child_id": child, "visited_on": "2026-11-24", "purpose": "konseling"});
    let visit = one.change("visit", any_id(), json!({"body": visit}));
    let faulty = one.body("measurement", any_id(), None, &measurement_body(child, 1));
    let receipts = one.push(&[first, weighing, visit, faulty]).receipts;
    let outcomes: Vec<&str> = receipts.iter().map(|receipt| receipt.outcome.as_str()).collect();
    assert_eq!(outcomes, ["applied", "applied", "applied", "parked"]);
    let edit = other.body("child", child, None, &body.with("phone", "0800-0000-1111"));
    other.push(&[edit]);

    let client = world.server.client();
    let get = |address: &str| client.get(address).token(everything).send().json();
    let conflict = get(&format!("/v1/conflicts?area={desa}"))["conflicts"][0].clone();
    let parked = get(&format!("/v1/parked?area={desa}"))["parked"][0].clone();
    Place {
        stamp: get(&format!("/v1/children/{child}"))["child"]["stamp"].clone(),
        conflict: conflict["id"].as_i64().unwrap(),
        winner: conflict["winner_stamp"].clone(),
        parked: parked["id"].as_i64().unwrap(),
        measurement,
        tablet: one.number,
        person: worker(world, Role::Penyelia, desa),
        worker: holder,
        ..nothing
    }
}
