//! Where the server has two ways to one answer, or gives it in parts, a threshold says which way or
//! how much. Each is moved here, and the same is asked again: the answers are the same.

mod changes;
mod child;
mod content;
mod review;

use content::Kabupaten;
use serde_json::{Value, json};
use server::admin::people;
use server::store::{Few, GrantOf, Role};
use server::thresholds::Thresholds;
use std::collections::BTreeSet;
use sync_tests::{Client, Device, Dice, TestServer, World, area};

/// Whoever asks: a tablet and a person of the same areas.
struct Asker {
    device: Device,
    token: String,
}

impl Asker {
    fn of(world: &World, areas: &[&str]) -> Self {
        let grants = areas.iter().map(|code| GrantOf::Area(area(code))).collect();
        let person =
            people::add_worker(world.service(), "Rina".to_owned(), Role::Penyelia, grants).unwrap();
        let token = people::make_token(world.service(), person).unwrap();
        Asker { device: world.device("Siti", areas), token }
    }

    /// Every page of a pull from null.
    fn pull(&self, server: &TestServer, limit: u64) -> Vec<Value> {
        let mut device = self.device.clone();
        device.client = server.client();
        let (mut pages, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let mut envelope = device.envelope(&[]);
            envelope["cursor"] = cursor;
            envelope["limit"] = json!(limit);
            let page = device.post(&envelope).json();
            cursor = page["cursor"].clone();
            let more = page["more"].clone();
            pages.push(page);
            if more == false {
                return pages;
            }
        }
    }

    /// Every page of a list.
    fn list(&self, server: &TestServer, list: &str, query: &str, limit: u64) -> Vec<Value> {
        let client = server.client();
        let (mut pages, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.get(&client, &format!("/v1/{list}?limit={limit}{query}{after}"));
            let next = page["next"].clone();
            assert!(
                next.is_null() || page[list] != json!([]),
                "an empty page that is not the last"
            );
            pages.push(page);
            if next.is_null() {
                return pages;
            }
            after = format!("&after={next}");
        }
    }

    fn get(&self, client: &Client, address: &str) -> Value {
        let reply = client.get(address).token(&self.token).send();
        assert_eq!(reply.status, 200, "{address}: {}", reply.text());
        reply.json()
    }
}

/// What the pages hold under a name, one after the other.
fn joined(pages: &[Value], name: &str) -> Vec<Value> {
    pages.iter().flat_map(|page| page[name].as_array().unwrap().clone()).collect()
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// Each of them once, in any order.
#[track_caller]
fn check_all(rows: &[Value], expected: &BTreeSet<String>, what: &str) {
    let found = ids(rows);
    let once: BTreeSet<String> = found.iter().cloned().collect();
    assert_eq!(once.len(), found.len(), "{what}: something comes twice");
    assert_eq!(&once, expected, "{what}");
}

/// How a server reads a scope, whatever its size.
fn narrow(villages: usize, list_bytes: usize) -> Thresholds {
    Thresholds { few: Few { villages, ..Few::default() }, list_bytes, ..Thresholds::default() }
}

#[test]
fn a_scope_of_many_desa_is_answered_like_one_of_few() {
    let mut dice = Dice::new(9_064);
    println!("TIMBANG_SEED={}", dice.seed());
    let kabupaten = Kabupaten::random(&mut dice);
    let bytes = usize::try_from(600 + dice.below(6_000)).unwrap();
    let few = kabupaten.world.server_with(narrow(usize::MAX, bytes));
    let many = kabupaten.world.server_with(narrow(0, bytes));
    for round in 0..8 {
        let areas = kabupaten.any_areas(&mut dice);
        let what = format!("round {round}, {areas:?}");
        let asker = Asker::of(&kabupaten.world, &areas);
        let limit = dice.pick(&[1, 2, 3, 7, 500]);
        let pages = asker.pull(&few, limit);
        assert_eq!(asker.pull(&many, limit), pages, "{what}: the feed in pages of {limit}");
        let rows = joined(&pages, "rows");
        let (gone, rows): (Vec<Value>, Vec<Value>) =
            rows.into_iter().partition(|row| row["gone"] == true);
        check_all(&rows, &kabupaten.records_in(&areas), &what);
        // A child that left two desa of the scope is told of twice.
        let gone: BTreeSet<String> = ids(&gone).into_iter().collect();
        assert_eq!(gone, kabupaten.gone_from(&areas), "{what}");

        for list in ["children", "measurements", "visits"] {
            let what = format!("{what}, {list} in pages of {limit}");
            let pages = asker.list(&few, list, "", limit);
            assert_eq!(asker.list(&many, list, "", limit), pages, "{what}");
            check_all(&joined(&pages, list), &kabupaten.live_in(list, &areas), &what);
            let place = kabupaten.any_areas(&mut dice)[0];
            let queries = [
                format!("&area={place}"),
                "&posyandu=melati".to_owned(),
                format!("&area={place}&posyandu=MAWAR"),
                "&month=2026-10".to_owned(),
            ];
            for query in queries.iter().filter(|q| list != "children" || !q.contains("month")) {
                let pages = asker.list(&few, list, query, limit);
                assert_eq!(asker.list(&many, list, query, limit), pages, "{what}{query}");
            }
        }
    }
    assert_eq!(kabupaten.world.faults(), Vec::<String>::new());
}

/// The real threshold: a person and a tablet of more desa than are read one by one.
#[test]
fn more_than_sixty_four_desa_are_a_scope_and_not_everything() {
    let world = World::default();
    let kecamatan = ["16.04.10", "16.04.12", "16.04.17"];
    let mut writer = world.device("Penulis", &["16.04"]);
    let areas = world.read(|tx| tx.areas());
    let villages: Vec<String> =
        areas.iter().filter(|area| area.code.is_village()).map(|a| a.code.to_string()).collect();
    let changes: Vec<Value> = villages
        .iter()
        .map(|village| {
            let body = sync_tests::child_body(&format!("ANAK {village}"));
            writer.child(sync_tests::any_id(), village, &body)
        })
        .collect();
    writer.post(&writer.envelope(&changes)).sync();
    let inside: BTreeSet<String> = villages
        .into_iter()
        .filter(|village| kecamatan.iter().any(|code| village.starts_with(code)))
        .collect();
    assert!(inside.len() > 64 && inside.len() < changes.len(), "{}", inside.len());

    let asker = Asker::of(&world, &kecamatan);
    let villages_of = |rows: &[Value]| -> BTreeSet<String> {
        rows.iter().map(|row| row["area"].as_str().unwrap().to_owned()).collect()
    };
    let pages = asker.pull(&world.server, 50);
    assert_eq!(villages_of(&joined(&pages, "rows")), inside);
    let digest = pages.last().unwrap()["digest"].as_object().unwrap();
    assert_eq!(digest.keys().cloned().collect::<BTreeSet<_>>(), inside);
    let pages = asker.list(&world.server, "children", "", 50);
    assert_eq!(villages_of(&joined(&pages, "children")), inside);
}
