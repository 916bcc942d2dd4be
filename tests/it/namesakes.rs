//! Lists page by page among children of one name: everybody comes once, also when somebody is taken
//! off the list meanwhile.

use serde_json::Value;
use server::admin::people;
use server::store::{GrantOf, Role};
use std::collections::BTreeSet;
use sync_protocol::ids::RecordId;
use sync_tests::{
    Device, KECAMATAN, OTHER_DESA, Office, Paper, SADAN, World, any_id, area, child_body,
};

/// Rina's desk, and 130 girls whose names differ at most in their case, in two desa.
fn namesakes() -> (World, Office, Device, BTreeSet<String>) {
    let world = World::default();
    let mut siti = world.device("Siti", &[SADAN, OTHER_DESA]);
    let ids: Vec<RecordId> = (0..130).map(|_| any_id()).collect();
    let changes: Vec<Value> = ids
        .iter()
        .enumerate()
        .map(|(at, id)| {
            let name = ["SITI AISYAH", "Siti Aisyah", "siti aisyah"][at % 3];
            let desa = if at % 2 == 0 { SADAN } else { OTHER_DESA };
            siti.child(*id, desa, &child_body(name).with("posyandu", "Melati"))
        })
        .collect();
    assert!(siti.push(&changes).receipts.iter().all(|receipt| receipt.code.is_none()));
    let rina = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    (world, rina, siti, ids.iter().map(RecordId::to_string).collect())
}

fn children_on(page: &Paper) -> Vec<String> {
    let links = page.attributes("tbody th a", "href");
    links.iter().map(|link| link.trim_start_matches("/balita/").to_owned()).collect()
}

/// Walks a list from a page on, and does something between its pages.
#[track_caller]
fn walk(rina: &Office, first: &str, next: &str, mut between: impl FnMut(&str)) -> Vec<String> {
    let (mut seen, mut address) = (Vec::new(), first.to_owned());
    loop {
        let page = rina.get(&address);
        assert_eq!(page.status(), 200, "{page:?}");
        seen.extend(children_on(&page));
        match page.attributes(next, "href").as_slice() {
            [more] => address = more.clone(),
            _ => return seen,
        }
        between(seen.last().unwrap());
    }
}

#[track_caller]
fn check_once(seen: &[String], all: &BTreeSet<String>) {
    assert_eq!(seen.len(), all.len(), "nobody twice");
    assert_eq!(&seen.iter().cloned().collect::<BTreeSet<_>>(), all, "nobody left out");
}

#[test]
fn a_list_of_namesakes_is_walked_and_everybody_comes_once() {
    let (_world, rina, _, all) = namesakes();
    for first in ["/balita", "/balita?cari=siti", "/balita?area=16.04.06"] {
        check_once(&walk(&rina, first, "a[rel=next]", |_| ()), &all);
    }
}

#[test]
fn a_child_that_is_deleted_at_the_border_of_a_page_takes_nobody_along() {
    let (_world, rina, mut siti, all) = namesakes();
    let seen = walk(&rina, "/balita", "a[rel=next]", |last| {
        let id: RecordId = last.parse().unwrap();
        let change = siti.change("child", id, serde_json::json!({"deleted": "ganda"}));
        siti.push_one(change);
    });
    check_once(&seen, &all);
}

#[test]
fn a_sheet_of_namesakes_is_walked_and_every_child_has_one_line() {
    let world = World::default();
    let mut siti = world.device("Siti", &[SADAN]);
    let ids: Vec<RecordId> = (0..205).map(|_| any_id()).collect();
    let body = child_body("Siti Aisyah").with("posyandu", "Melati");
    let changes: Vec<Value> = ids.iter().map(|id| siti.child(*id, SADAN, &body)).collect();
    siti.push(&changes);
    let rina = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let sheet = format!("/entri?area={SADAN}&posyandu=Melati&tanggal=2026-11-24");
    let seen = walk(&rina, &sheet, "p.pager a", |_| ());
    check_once(&seen, &ids.iter().map(RecordId::to_string).collect());
}

#[test]
fn a_program_walks_a_list_in_parts_of_any_size_and_gets_everybody_once() {
    let (world, _, _, all) = namesakes();
    let grants = vec![GrantOf::Area(area(KECAMATAN))];
    let worker = people::add_worker(world.service(), "Sari".to_owned(), Role::Penyelia, grants);
    let token = people::make_token(world.service(), worker.unwrap()).unwrap();
    for limit in [1, 7, 65, 130, 500] {
        let (mut seen, mut after) = (Vec::new(), Value::from(0));
        while !after.is_null() {
            let path = format!("/v1/children?limit={limit}&after={after}");
            let part = world.server.client().get(&path).token(&token).send().json();
            let rows = part["children"].as_array().unwrap();
            assert!(rows.len() <= limit);
            seen.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
            after = part["next"].clone();
        }
        check_once(&seen, &all);
    }
}
