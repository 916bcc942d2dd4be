//! The same of the pages: every page and form, as everybody with a desk and as nobody, about what
//! lies in their scope and about what does not.

use super::place::{Caller, Kabupaten, Place, Target, check_masked, check_masked_before};
use server::admin::people;
use server::http::routes::Callers;
use server::http::web::PAGES;
use server::store::{GrantOf, Role};
use std::collections::BTreeSet;
use sync_tests::{KECAMATAN, OFFICE_PASSWORD, Office, Paper, World, area};

/// A page or a form, who may have it, and what it is about.
pub(super) struct Rule {
    pub(super) page: &'static str,
    roles: &'static [Role],
    about: About,
}

/// What stands in the address of a page, or what its form names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// Nothing of any place.
    Nothing,
    /// A list that `area` narrows.
    Area,
    Child,
    Measurement,
    Conflict,
    Parked,
    Tablet,
    Person,
    /// A form that names the worker in a field.
    Worker,
    /// A form that names the desa in a field.
    Village,
    /// A form that names conflicts in a field.
    Conflicts,
}

const READERS: &[Role] = &[Role::Penyelia, Role::Pengamat, Role::Admin];
const KEEPERS: &[Role] = &[Role::Penyelia, Role::Admin];
const PENYELIA: &[Role] = &[Role::Penyelia];
const ADMIN: &[Role] = &[Role::Admin];

pub(super) const RULES: &[Rule] = &[
    rule("GET /", READERS, About::Area),
    rule("GET /tren", READERS, About::Area),
    rule("GET /tren.svg", READERS, About::Area),
    rule("GET /balita", READERS, About::Area),
    rule("GET /balita/{id}", READERS, About::Child),
    rule("POST /balita/{id}/nik", PENYELIA, About::Child),
    rule("GET /balita/{id}/ubah", PENYELIA, About::Child),
    rule("POST /balita/{id}/ubah", PENYELIA, About::Child),
    rule("GET /balita/{id}/pindah", PENYELIA, About::Child),
    rule("POST /balita/{id}/pindah", PENYELIA, About::Child),
    rule("GET /balita/{id}/hapus", PENYELIA, About::Child),
    rule("POST /balita/{id}/hapus", PENYELIA, About::Child),
    rule("GET /pengukuran/{id}/ubah", PENYELIA, About::Measurement),
    rule("POST /pengukuran/{id}/ubah", PENYELIA, About::Measurement),
    rule("GET /pengukuran/{id}/hapus", PENYELIA, About::Measurement),
    rule("POST /pengukuran/{id}/hapus", PENYELIA, About::Measurement),
    rule("GET /entri", PENYELIA, About::Area),
    rule("POST /entri/periksa", PENYELIA, About::Village),
    rule("POST /entri/simpan", PENYELIA, About::Village),
    rule("POST /entri/sementara", PENYELIA, About::Village),
    rule("POST /entri/baris", PENYELIA, About::Village),
    rule("GET /entri/anak", PENYELIA, About::Area),
    rule("POST /entri/anak", PENYELIA, About::Village),
    rule("GET /konflik", PENYELIA, About::Nothing),
    rule("POST /konflik", PENYELIA, About::Conflicts),
    rule("GET /konflik/{id}", PENYELIA, About::Conflict),
    rule("POST /konflik/{id}", PENYELIA, About::Conflict),
    rule("GET /tertahan", PENYELIA, About::Area),
    rule("GET /tertahan/{id}", PENYELIA, About::Parked),
    rule("POST /tertahan/{id}", PENYELIA, About::Parked),
    rule("GET /tablet", KEEPERS, About::Nothing),
    rule("POST /tablet/kode", KEEPERS, About::Worker),
    rule("GET /tablet/{nomor}", KEEPERS, About::Tablet),
    rule("POST /tablet/{nomor}/tarik", KEEPERS, About::Tablet),
    rule("POST /tablet/{nomor}/cabut", KEEPERS, About::Tablet),
    rule("GET /petugas", ADMIN, About::Nothing),
    rule("GET /petugas/{id}", ADMIN, About::Person),
    rule("POST /petugas/{id}/sandi", ADMIN, About::Person),
    rule("POST /petugas/{id}/nonaktif", ADMIN, About::Person),
    rule("GET /sandi", READERS, About::Nothing),
    rule("POST /sandi", READERS, About::Nothing),
];

/// What is for everybody: it shows nothing of anybody.
const DOORS: [&str; 7] = [
    "GET /aset/{name}",
    "GET /app",
    "GET /app/",
    "GET /app/{name}",
    "GET /masuk",
    "POST /masuk",
    "POST /keluar",
];

/// What forms want before they do anything.
const FILLED: [(&str, &str); 5] = [
    ("yakin", "ya"),
    ("alasan", "sama saja"),
    ("nama", "siapa"),
    ("sandi", "sandi baru sekali"),
    ("sandi2", "sandi baru sekali"),
];

const fn rule(page: &'static str, roles: &'static [Role], about: About) -> Rule {
    Rule { page, roles, about }
}

#[test]
fn every_page_has_a_rule_and_every_rule_a_page() {
    let name = |page: &server::http::web::Page| format!("{} {}", page.method, page.pattern);
    let (doors, rooms): (Vec<_>, Vec<_>) =
        PAGES.iter().partition(|page| page.callers() == Callers::Anyone);
    assert_eq!(doors.into_iter().map(name).collect::<Vec<_>>(), DOORS);
    let rooms: BTreeSet<String> = rooms.into_iter().map(name).collect();
    let ruled: BTreeSet<String> = RULES.iter().map(|rule| rule.page.to_owned()).collect();
    assert_eq!(rooms, ruled, "left: the table of pages, right: the rules");
}

#[test]
fn every_page_shows_everybody_what_lies_in_their_scope_and_nothing_else() {
    let kabupaten = Kabupaten::new();
    let desks = DESKS.map(|caller| desk(&kabupaten.world, caller));
    for rule in RULES {
        check_nobody(&kabupaten, rule);
        for desk in &desks {
            if rule.roles.contains(&desk.role()) {
                check_served(&kabupaten, rule, desk);
            } else {
                check_refused(&kabupaten, rule, desk);
            }
        }
    }
    assert_eq!(kabupaten.world.faults(), Vec::<String>::new());
}

/// Those of the callers who have a desk.
pub(super) const DESKS: [Caller; 5] =
    [Caller::Penyelia, Caller::Pengamat, Caller::Admin, Caller::WidePenyelia, Caller::IdlePenyelia];

/// One of them who is logged in, and the key of their forms.
pub(super) struct Desk {
    pub(super) caller: Caller,
    pub(super) office: Office,
    key: String,
}

impl Desk {
    fn role(&self) -> Role {
        match self.caller.kind() {
            Caller::Pengamat => Role::Pengamat,
            Caller::Admin => Role::Admin,
            Caller::Penyelia => Role::Penyelia,
            Caller::Nobody
            | Caller::Tablet
            | Caller::Tenaga
            | Caller::RevokedTablet
            | Caller::RevokedPerson
            | Caller::WideTablet
            | Caller::WidePenyelia
            | Caller::IdleTablet
            | Caller::IdlePenyelia => panic!("{:?} has no desk", self.caller),
        }
    }
}

pub(super) fn desk(world: &World, caller: Caller) -> Desk {
    let mut desk = Desk { caller, office: Office::at(&world.server.url()), key: String::new() };
    desk.office = world.office(&format!("Meja {caller:?}"), desk.role(), &caller.areas());
    let page = desk.office.get("/sandi");
    desk.key = page.attributes("form.who input[name=csrf]", "value").remove(0);
    desk
}

fn check_nobody(kabupaten: &Kabupaten, rule: &Rule) {
    let mut nobody = Office::at(&kabupaten.world.server.url());
    let (method, address) = rule.address(kabupaten.place(Target::Own));
    let page = match method {
        "GET" => nobody.get(&address),
        _ => nobody.send(&address, &[]),
    };
    let is_door = page.address.starts_with("/masuk")
        || page.reply.header("location").is_some_and(|to| to.starts_with("/masuk"));
    assert!(is_door, "{}: {page:?}", rule.page);
}

/// Whoever may not have it hears the same, whatever it is about; so does a form without its key.
fn check_refused(kabupaten: &Kabupaten, rule: &Rule, desk: &Desk) {
    for target in Target::ALL {
        let page = ask(kabupaten, rule, desk, target, true);
        assert_eq!(page.status(), 403, "{} about {target:?}: {page:?}", rule.page);
        check_nothing_leaks(kabupaten, desk, &page, rule.page);
    }
}

fn check_served(kabupaten: &Kabupaten, rule: &Rule, desk: &Desk) {
    let mut outside = Vec::new();
    let targets = if rule.about == About::Nothing { &[Target::Own][..] } else { &Target::ALL };
    for &target in targets {
        let what = format!("{} as {:?} about {target:?}", rule.page, desk.caller);
        if !rule.page.starts_with("GET ") {
            let forged = ask(kabupaten, rule, desk, target, false);
            assert_eq!(forged.status(), 403, "{what} without its key: {forged:?}");
        }
        let page = ask(kabupaten, rule, desk, target, true);
        check_nothing_leaks(kabupaten, desk, &page, &what);
        check_headers(&page, &what);
        if rule.about == About::Nothing || desk.caller.sees(target) {
            // A form with nothing in it is sent back, or there was nothing to say.
            assert!(matches!(page.status(), 200 | 400 | 422), "{what}: {page:?}");
            assert!(!rule.page.starts_with("GET ") || page.status() == 200, "{what}: {page:?}");
        } else if target != Target::Parent {
            outside.push((target, page.status(), page.text()));
        }
    }
    let missing = outside.last().map(|(_, status, text)| (*status, text.clone()));
    for (target, status, text) in outside {
        let asked = (rule.page, desk.caller);
        let what = format!("{asked:?}: {target:?} and what is missing");
        assert!(status == 404 || !rule.names_one(), "{what}: {status} {text}");
        assert_eq!(Some((status, text)), missing, "{what}");
    }
}

fn ask(kabupaten: &Kabupaten, rule: &Rule, desk: &Desk, target: Target, with_key: bool) -> Paper {
    let place = kabupaten.place(target);
    let (method, address) = rule.address(place);
    let mut office = desk.office.clone();
    if method == "GET" {
        return office.get(&address);
    }
    let mut fields = rule.fields(place);
    if !desk.caller.sees(target) {
        // Filled in so far that it would do something.
        fields.extend(FILLED.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
    if with_key {
        fields.push(("csrf".to_owned(), desk.key.clone()));
    }
    office.send(&address, &fields)
}

/// Nothing tells of what is outside of the scope, and no number of a person is shown in full but
/// where it was asked for.
fn check_nothing_leaks(kabupaten: &Kabupaten, desk: &Desk, page: &Paper, what: &str) {
    let text = page.reply.text();
    for target in Target::ALL.into_iter().filter(|target| !desk.caller.sees(*target)) {
        let name = &kabupaten.place(target).name;
        assert!(!text.contains(name.as_str()), "{what} tells a name of {target:?}: {page:?}");
    }
    // A child may move to any desa; everything else is chosen from what the person sees.
    let codes =
        page.attributes("option", "value").into_iter().filter(|code| code.starts_with("16"));
    for code in codes.filter(|_| !what.contains("/balita/{id}/pindah")) {
        let areas = desk.caller.areas();
        let is_inside = areas.iter().any(|granted| area(granted).contains(&area(&code)));
        assert!(is_inside, "{what} offers {code}: {page:?}");
    }
    let shows_numbers = what.starts_with("POST /balita/{id}/nik")
        || what.contains("/balita/{id}/ubah")
        || what.contains("/tertahan/{id}");
    if shows_numbers {
        // The present number, and not what it was.
        check_masked_before(&text, what);
    } else {
        check_masked(&text, what);
    }
}

fn check_headers(page: &Paper, what: &str) {
    let policy = page.reply.header("content-security-policy").unwrap_or_default();
    assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    assert_eq!(page.reply.header("cache-control"), Some("no-store"), "{what}");
    assert_eq!(page.reply.header("x-content-type-options"), Some("nosniff"), "{what}");
}

impl Rule {
    /// The method, and the address of the page about a place.
    pub(super) fn address(&self, place: &Place) -> (&'static str, String) {
        let (method, pattern) = self.page.split_once(' ').unwrap();
        let id = match self.about {
            About::Area => {
                let address = match pattern {
                    "/entri" => format!("/entri?area={}", place.desa),
                    "/entri/anak" => format!("/entri/anak?area={}&tanggal=2026-11-24", place.desa),
                    _ => format!("{pattern}?area={}", place.area),
                };
                return (method, address);
            }
            About::Nothing | About::Worker | About::Village | About::Conflicts => {
                return (method, pattern.to_owned());
            }
            About::Child => place.child.to_string(),
            About::Measurement => place.measurement.to_string(),
            About::Conflict => place.conflict.to_string(),
            About::Parked => place.parked.to_string(),
            About::Tablet => place.tablet.to_string(),
            About::Person => place.person.to_string(),
        };
        (method, pattern.replace("{id}", &id).replace("{nomor}", &id))
    }

    pub(super) fn is_about_a_place(&self) -> bool {
        self.about != About::Nothing
    }

    /// Whether it names one record, tablet, person or desa: what is outside is not there.
    fn names_one(&self) -> bool {
        self.page.contains('{')
            || matches!(self.about, About::Worker | About::Village | About::Conflicts)
    }

    /// What its form names.
    fn fields(&self, place: &Place) -> Vec<(String, String)> {
        let field = |name: &str, value: String| (name.to_owned(), value);
        match self.about {
            About::Worker => vec![field("worker", place.worker.to_string())],
            About::Village => vec![
                field("area", place.desa.to_owned()),
                field("posyandu", "Mawar".to_owned()),
                field("tanggal", "2026-11-24".to_owned()),
                field("baris", "0".to_owned()),
                field("anak-0", place.child.to_string()),
                field("bb-0", "8,1".to_owned()),
            ],
            About::Conflicts => vec![
                field("pilih", format!("{}@{}", place.conflict, place.winner.as_str().unwrap())),
                field("alasan", "sama saja".to_owned()),
            ],
            // Nothing that would settle what is in the scope: it is asked about again.
            About::Conflict => vec![
                field("putusan", "abaikan".to_owned()),
                field("pemenang", place.winner.as_str().unwrap().to_owned()),
            ],
            About::Parked => vec![field("putusan", "buang".to_owned())],
            About::Nothing
            | About::Area
            | About::Child
            | About::Measurement
            | About::Tablet
            | About::Person => Vec::new(),
        }
    }
}

/// Who has no grant yet may be given any: no admin makes a login of theirs before.
#[test]
fn somebody_who_may_see_nothing_is_in_no_admin_s_reach() {
    let world = World::default();
    let newcomer = people::add_worker(world.service(), "Baru".to_owned(), Role::Penyelia, vec![]);
    let newcomer = newcomer.unwrap();
    let admin = desk(&world, Caller::Admin);
    assert_eq!(admin.office.get(&format!("/petugas/{newcomer}")).status(), 404);
    assert!(!admin.office.get("/petugas").text().contains("Baru"));
    people::grant(world.service(), newcomer, vec![GrantOf::Area(area(KECAMATAN))]).unwrap();
    assert_eq!(admin.office.get(&format!("/petugas/{newcomer}")).status(), 200);
    assert!(admin.office.get("/petugas").text().contains("Baru"));
}

/// A supervisor of a wider area is out of reach: with their login, more could be seen.
#[test]
fn an_admin_gives_no_password_to_somebody_who_may_see_more() {
    let world = World::default();
    let wider = vec![GrantOf::Area(area("16.04"))];
    let wider = people::add_worker(world.service(), "Dinkes".to_owned(), Role::Penyelia, wider);
    let wider = wider.unwrap();
    people::set_password(world.service(), wider, Some("dinkes"), OFFICE_PASSWORD).unwrap();
    let admin = desk(&world, Caller::Admin);
    assert_eq!(admin.office.get(&format!("/petugas/{wider}")).status(), 404);
    let fields =
        [("nama", "dinkes"), ("sandi", "sandi lain sekali"), ("sandi2", "sandi lain sekali")];
    let mut fields: Vec<(String, String)> =
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    fields.push(("csrf".to_owned(), admin.key.clone()));
    let page = admin.office.clone().send(&format!("/petugas/{wider}/sandi"), &fields);
    assert_eq!(page.status(), 404);
    Office::log_in(&world.server.url(), "dinkes", OFFICE_PASSWORD);
}
