//! Five places with the same in each: children with their measurements and visits, open conflicts,
//! parked changes, so many of each that no place and no sum of places can be taken for another; and
//! callers of every kind, of whom most work in one kecamatan.

use serde_json::{Value, json};
use server::admin::{people, reference};
use server::http::Request;
use server::platform::Clock;
use server::store::{GrantOf, Role};
use server::thresholds::Thresholds;
use std::collections::BTreeMap;
use std::sync::Arc;
use sync_protocol::ids::{RecordId, WorkerId};
use sync_tests::{
    Client, Device, FAR_DESA, KECAMATAN, OTHER_DESA, SADAN, World, any_id, area, child_body,
    measurement_body,
};

pub(super) const NIK: &str = "1604065205259001";
/// What the first child's NIK was before, on one tablet and on the other, and that of a child whose
/// change is parked.
const OTHER_NIKS: [&str; 3] = ["1604065205259012", "1604065205259023", "1604065205259034"];
/// Kecamatan of more desa than are read one by one, and of none of the five places.
const WIDE: [&str; 3] = ["16.04.10", "16.04.12", "16.04.17"];
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
    /// Of the kecamatan and of more desa than are read one by one.
    WideTablet,
    WidePenyelia,
    /// Without a grant.
    IdleTablet,
    IdlePenyelia,
}

impl Caller {
    pub(super) const ALL: [Caller; 12] = [
        Caller::WideTablet,
        Caller::WidePenyelia,
        Caller::IdleTablet,
        Caller::IdlePenyelia,
        Caller::Nobody,
        Caller::Tablet,
        Caller::Tenaga,
        Caller::Penyelia,
        Caller::Pengamat,
        Caller::Admin,
        Caller::RevokedTablet,
        Caller::RevokedPerson,
    ];

    /// Who of one kecamatan has the same rights.
    pub(super) fn kind(self) -> Caller {
        match self {
            Caller::WideTablet | Caller::IdleTablet => Caller::Tablet,
            Caller::WidePenyelia | Caller::IdlePenyelia => Caller::Penyelia,
            Caller::Nobody
            | Caller::Tablet
            | Caller::Tenaga
            | Caller::Penyelia
            | Caller::Pengamat
            | Caller::Admin
            | Caller::RevokedTablet
            | Caller::RevokedPerson => self,
        }
    }

    pub(super) fn sees(self, target: Target) -> bool {
        !matches!(self, Caller::IdleTablet | Caller::IdlePenyelia) && target.is_in_scope()
    }

    pub(super) fn areas(self) -> Vec<&'static str> {
        match self {
            Caller::WideTablet | Caller::WidePenyelia => [&[KECAMATAN], &WIDE[..]].concat(),
            Caller::IdleTablet | Caller::IdlePenyelia => Vec::new(),
            Caller::Nobody
            | Caller::Tablet
            | Caller::Tenaga
            | Caller::Penyelia
            | Caller::Pengamat
            | Caller::Admin
            | Caller::RevokedTablet
            | Caller::RevokedPerson => vec![KECAMATAN],
        }
    }
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

    fn count(self) -> Count {
        let of = |children, measured, visits, conflicts, parked| Count {
            children,
            measured,
            visits,
            conflicts,
            parked,
        };
        match self {
            Target::Own => of(7, 5, 4, 2, 3),
            Target::Child => of(11, 9, 6, 3, 4),
            Target::Sibling => of(13, 12, 7, 4, 8),
            Target::Parent => of(17, 16, 8, 6, 9),
            Target::OtherKabupaten => of(19, 18, 11, 8, 12),
            Target::Missing => Count::default(),
        }
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

/// How much there is of each at a place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    pub(super) children: usize,
    pub(super) measured: usize,
    pub(super) visits: usize,
    pub(super) conflicts: usize,
    pub(super) parked: usize,
}

/// What can be asked about at a target.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) area: &'static str,
    pub(super) desa: &'static str,
    /// Of its first child; those of the others begin with it.
    pub(super) name: String,
    pub(super) child: RecordId,
    pub(super) count: Count,
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

pub(super) struct Kabupaten {
    pub(super) world: World,
    pub(super) client: Client,
    tablets: BTreeMap<Caller, Device>,
    tokens: BTreeMap<Caller, String>,
    places: BTreeMap<Target, Place>,
    /// Desa with a child each that only the wide callers see.
    wide_villages: usize,
    /// Of somebody who sees all places.
    everything: String,
}

impl Kabupaten {
    pub(super) fn new() -> Self {
        let mut kabupaten = Kabupaten::of_the_kecamatan();
        kabupaten.fill_elsewhere();
        kabupaten
    }

    /// With nothing outside of the callers' scopes yet.
    pub(super) fn of_the_kecamatan() -> Self {
        let world = World::default();
        reference::import_areas(world.service(), OTHER_KABUPATEN.as_bytes()).unwrap();
        let everything = token(&world, Role::Penyelia, &["16"]);
        let places = Target::ALL.map(|target| (target, Place::empty(target)));
        let client = world.server.client();
        let mut kabupaten = Kabupaten {
            world,
            client,
            tablets: BTreeMap::new(),
            tokens: BTreeMap::new(),
            places: places.into(),
            wide_villages: 0,
            everything,
        };
        for target in [Target::Own, Target::Child] {
            kabupaten.fill(target);
            kabupaten.name_houses(target);
        }
        kabupaten.wide_villages = fill_wide(&kabupaten.world);
        for caller in Caller::ALL {
            kabupaten.let_in(caller);
        }
        kabupaten
    }

    /// Puts something into every place that no caller sees, posyandu and puskesmas included.
    pub(super) fn fill_elsewhere(&mut self) {
        for target in [Target::Sibling, Target::Parent, Target::OtherKabupaten] {
            self.fill(target);
            self.name_houses(target);
        }
    }

    /// A posyandu and a puskesmas that are named after the place.
    fn name_houses(&self, target: Target) {
        let Place { desa, name, .. } = self.place(target);
        let posyandu = format!("desa,name\n{desa},POS {name}\n");
        reference::import_posyandu(self.world.service(), posyandu.as_bytes()).unwrap();
        let puskesmas = format!("code,name,desa\nPKM-{desa},PUS {name},{desa}\n");
        reference::import_puskesmas(self.world.service(), puskesmas.as_bytes()).unwrap();
    }

    pub(super) fn fill(&mut self, target: Target) {
        self.places.insert(target, fill(&self.world, target, &self.everything));
    }

    fn let_in(&mut self, caller: Caller) {
        let (world, areas) = (&self.world, caller.areas());
        let role = match caller {
            Caller::Nobody => return,
            Caller::Tablet | Caller::RevokedTablet | Caller::WideTablet | Caller::IdleTablet => {
                let tablet = enrol(world, world.worker("Petugas", &areas));
                tablet.post(&tablet.envelope(&[])).sync();
                if caller == Caller::RevokedTablet {
                    world.revoke(tablet.number);
                }
                self.tokens.insert(caller, tablet.token.clone());
                self.tablets.insert(caller, tablet);
                return;
            }
            Caller::Tenaga => Role::Tenaga,
            Caller::Pengamat => Role::Pengamat,
            Caller::Admin => Role::Admin,
            Caller::Penyelia
            | Caller::RevokedPerson
            | Caller::WidePenyelia
            | Caller::IdlePenyelia => Role::Penyelia,
        };
        let person = worker(world, role, &areas);
        self.tokens.insert(caller, people::make_token(world.service(), person).unwrap());
        if caller == Caller::RevokedPerson {
            people::revoke_tokens(world.service(), person).unwrap();
        }
    }

    pub(super) fn token(&self, caller: Caller) -> Option<&str> {
        self.tokens.get(&caller).map(String::as_str)
    }

    /// The tablet of a caller who has one that may speak.
    pub(super) fn tablet(&mut self, caller: Caller) -> Option<&mut Device> {
        self.tablets.get_mut(&caller).filter(|_| caller.kind() == Caller::Tablet)
    }

    pub(super) fn wide_villages(&self) -> usize {
        self.wide_villages
    }

    pub(super) fn place(&self, target: Target) -> &Place {
        &self.places[&target]
    }
}

fn worker(world: &World, role: Role, areas: &[&str]) -> WorkerId {
    let grants = areas.iter().map(|code| GrantOf::Area(area(code))).collect();
    people::add_worker(world.service(), format!("{role}"), role, grants).unwrap()
}

fn token(world: &World, role: Role, areas: &[&str]) -> String {
    people::make_token(world.service(), worker(world, role, areas)).unwrap()
}

/// Enrols from an address of its own: more tablets than one address may enrol in a minute.
fn enrol(world: &World, worker: WorkerId) -> Device {
    let body = json!({"code": world.code(worker), "install": any_id(), "device_name": "Tablet",
        "app": "sync-tests/0.1.0"});
    let response = world.answer(&Request {
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

/// One child in each of the many desa that only the wide callers see beside the kecamatan, and how
/// many desa they are.
fn fill_wide(world: &World) -> usize {
    let mut tablet = enrol(world, world.worker("Petugas luas", &WIDE));
    let areas = world.read(|tx| tx.areas());
    let villages = areas.iter().map(|area| &area.code).filter(|code| code.is_village());
    let wide = villages.filter(|code| WIDE.iter().any(|wide| area(wide).contains(code)));
    let changes: Vec<Value> = wide
        .map(|code| tablet.child(any_id(), code.as_str(), &child_body(&format!("LUAS {code}"))))
        .collect();
    assert!(changes.len() > Thresholds::default().few.villages, "{}", changes.len());
    tablet.push(&changes);
    changes.len()
}

impl Place {
    /// Whether a text tells of it.
    pub(super) fn is_told_in(&self, shown: &str) -> bool {
        [self.desa, &self.name, &self.child.to_string()].iter().any(|word| shown.contains(*word))
    }

    /// One where nothing is: nobody has these ids.
    fn empty(target: Target) -> Self {
        let (area, desa) = target.areas();
        Place {
            area,
            desa,
            name: format!("ANAK {desa}"),
            child: any_id(),
            count: Count::default(),
            stamp: json!("0193a5b2c4d10003-acd0f1a7"),
            conflict: 999_999,
            winner: json!("0193a5b2c4d10003-acd0f1a7"),
            parked: 999_999,
            measurement: any_id(),
            tablet: 999_999,
            person: any_id().to_string().parse().unwrap(),
            worker: any_id().to_string().parse().unwrap(),
        }
    }
}

/// Makes what is at a target.
fn fill(world: &World, target: Target, everything: &str) -> Place {
    let place = Place { count: target.count(), ..Place::empty(target) };
    let desa = place.desa;
    let holder = world.worker(&format!("Petugas satu {desa}"), &[desa]);
    let mut one = enrol(world, holder);
    let mut other = enrol(world, world.worker(&format!("Petugas dua {desa}"), &[desa]));
    make_children(&place, &mut one, &mut other);
    park_some(&place, &mut one);

    let client = world.server.client();
    let get = |address: &str| client.get(address).token(everything).send().json();
    let conflicts = get(&format!("/v1/conflicts?area={desa}"))["conflicts"].take();
    let is_of_the_first = |conflict: &&Value| conflict["record"] == json!(place.child);
    let conflict = conflicts.as_array().unwrap().iter().find(is_of_the_first).unwrap();
    let parked = get(&format!("/v1/parked?area={desa}"))["parked"][0].clone();
    Place {
        stamp: get(&format!("/v1/children/{}", place.child))["child"]["stamp"].clone(),
        conflict: conflict["id"].as_i64().unwrap(),
        winner: conflict["winner_stamp"].clone(),
        parked: parked["id"].as_i64().unwrap(),
        tablet: one.number,
        person: worker(world, Role::Penyelia, &[desa]),
        worker: holder,
        ..place
    }
}

/// The children of a place, of whom some were measured and visited, and some changed by two tablets
/// that had not seen each other. The first child's NIK is what they disagree about.
fn make_children(place: &Place, one: &mut Device, other: &mut Device) {
    let Place { desa, name, count, .. } = place;
    let named = |n: usize| if n == 0 { name.clone() } else { format!("{name} {n}") };
    let posyandu = format!("POS {name}");
    let body =
        |n: usize| child_body(&named(n)).with("nik", OTHER_NIKS[0]).with("posyandu", &*posyandu);
    let children: Vec<RecordId> =
        (0..count.children).map(|n| if n == 0 { place.child } else { any_id() }).collect();
    let mut changes: Vec<Value> =
        (0..count.children).map(|n| one.child(children[n], desa, &body(n))).collect();
    for (n, child) in children.iter().take(count.measured).enumerate() {
        let id = if n == 0 { place.measurement } else { any_id() };
        let body =
            measurement_body(*child, 8_000).with("height_mm", 720).with("position", "terlentang");
        changes.push(one.body("measurement", id, None, &body));
    }
    for child in children.iter().take(count.visits) {
        let visit = json!({"child_id": child, "visited_on": "2026-11-24", "purpose": "konseling"});
        changes.push(one.change("visit", any_id(), json!({"body": visit})));
    }
    let receipts = one.push(&changes).receipts;
    assert!(receipts.iter().all(|r| r.outcome.as_str() == "applied"), "{receipts:?}");

    let first = receipts[0].stamp.to_string();
    let theirs =
        other.body("child", place.child, Some(&first), &body(0).with("nik", OTHER_NIKS[1]));
    let mut edits = vec![theirs];
    for (n, child) in children.iter().enumerate().take(count.conflicts).skip(1) {
        edits.push(other.body("child", *child, None, &body(n).with("phone", "0800-0000-1111")));
    }
    other.push(&edits);
    let ours = one.body("child", place.child, Some(&first), &body(0).with("nik", NIK));
    one.push(&[ours]);
}

/// Weighings that cannot be, and a child that is not born yet.
fn park_some(place: &Place, one: &mut Device) {
    let mut changes: Vec<Value> = (1..place.count.parked)
        .map(|_| one.body("measurement", any_id(), None, &measurement_body(place.child, 1)))
        .collect();
    let unborn = child_body(&format!("{} BARU", place.name));
    let unborn = unborn.with("birth_date", "2027-05-01").with("nik", OTHER_NIKS[2]);
    changes.push(one.child(any_id(), place.desa, &unborn));
    let receipts = one.push(&changes).receipts;
    assert!(receipts.iter().all(|r| r.outcome.as_str() == "parked"), "{receipts:?}");
}

/// No number of a person, now or before, is shown in full.
#[track_caller]
pub(super) fn check_masked(shown: &str, what: &str) {
    check_masked_before(shown, what);
    assert!(!shown.contains(NIK), "{what} shows a whole NIK: {shown}");
}

/// None of those that were or may be is.
#[track_caller]
pub(super) fn check_masked_before(shown: &str, what: &str) {
    for nik in OTHER_NIKS {
        assert!(!shown.contains(nik), "{what} shows what a NIK was: {shown}");
    }
}
