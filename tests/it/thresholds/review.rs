//! What supervisors review comes in parts of any size, and each part is of their scope.

use super::{Asker, joined};
use serde_json::Value;
use server::store::Role;
use server::thresholds::Thresholds;
use std::collections::BTreeSet;
use sync_tests::{
    Dice, FAR_DESA, OTHER_DESA, Office, SADAN, TestServer, World, any_id, child_body,
    measurement_body,
};

const VILLAGES: [&str; 3] = [SADAN, OTHER_DESA, FAR_DESA];

/// Conflicts and parked changes in three desa, in turn: fifteen conflicts, of which every third is
/// no overlap, and eighteen parked changes.
fn unsettled() -> World {
    let world = World::default();
    let mut tablets = VILLAGES
        .map(|village| [world.device("Siti", &[village]), world.device("Budi", &[village])]);
    for n in 0..15 {
        let (child, village) = (any_id(), VILLAGES[n % 3]);
        let [one, other] = &mut tablets[n % 3];
        let body = child_body(&format!("Anak {n}"));
        let first = one.child(child, village, &body);
        let base = one.push_one(first).stamp.to_string();
        world.time.pass(1_000);
        let mine = one.body("child", child, Some(&base), &body.clone().with("phone", "0800-1"));
        one.push_one(mine);
        world.time.pass(1_000);
        let field = if n % 5 == 0 { "rt" } else { "phone" };
        let theirs = other.body("child", child, Some(&base), &body.with(field, "0800-2"));
        other.push_one(theirs);
        let faulty = one.body("measurement", any_id(), None, &measurement_body(child, 1));
        one.push_one(faulty);
    }
    for ([_, other], village) in tablets.iter_mut().zip(VILLAGES) {
        let nobody = child_body("");
        let nameless = other.child(any_id(), village, &nobody);
        assert_eq!(other.push_one(nameless).outcome.as_str(), "parked");
    }
    world
}

/// Every part of a list, and how many there were.
fn parts(asker: &Asker, server: &TestServer, list: &str, query: &str) -> (Vec<Value>, usize) {
    let (mut parts, mut after) = (Vec::new(), String::new());
    loop {
        let part = asker.get(&server.client(), &format!("/v1/{list}?{query}{after}"));
        let next = part["after"].clone();
        parts.push(part);
        if next.is_null() {
            return (joined(&parts, list), parts.len());
        }
        after = format!("&after={next}");
    }
}

#[test]
fn what_is_reviewed_comes_whole_in_parts_of_any_size() {
    let mut dice = Dice::new(50);
    println!("TIMBANG_SEED={}", dice.seed());
    let world = unsettled();
    for (areas, conflicts, parked) in [
        (&["16.04"][..], 15, 18),
        (&["16.04.06"], 10, 12),
        (&[FAR_DESA, SADAN], 10, 12),
        (&[OTHER_DESA], 5, 6),
        (&["16.04.10"], 0, 0),
    ] {
        let asker = Asker::of(&world, areas);
        for (list, count) in [("conflicts", conflicts), ("parked", parked)] {
            let what = format!("{list} of {areas:?}");
            let (all, pages) = parts(&asker, &world.server, list, "limit=500");
            assert_eq!((all.len(), pages), (count, 1), "{what}");
            for limit in 1..=6 {
                let (some, pages) = parts(&asker, &world.server, list, &format!("limit={limit}"));
                assert_eq!(some, all, "{what}, {limit} a part");
                assert_eq!(pages, count.div_ceil(limit).max(1), "{what}, {limit} a part");
            }
            let review_bytes = usize::try_from(dice.below(1_500)).unwrap();
            let server = world.server_with(Thresholds { review_bytes, ..Thresholds::default() });
            let (some, pages) = parts(&asker, &server, list, "limit=500");
            assert_eq!(some, all, "{what}, {review_bytes} bytes a part");
            assert!(pages > 1 || count < 8, "{what}, {review_bytes} bytes a part: {pages}");
        }
    }
}

/// Where the conflicts of every page lead, and how many pages there were.
fn walked(world: &World, office: &Office, ordered_conflicts: usize) -> (Vec<String>, usize) {
    let server = world.server_with(Thresholds { ordered_conflicts, ..Thresholds::default() });
    let office = office.at_another(&server.url());
    let (mut found, mut pages, mut address) = (Vec::new(), 0, "/konflik".to_owned());
    loop {
        let page = office.get(&address);
        let conflicts = page.attributes("tbody th a", "href");
        assert!(conflicts.len() <= ordered_conflicts, "{page:?}");
        assert!(page.text().contains("10 konflik terbuka"), "{page:?}");
        found.extend(conflicts);
        pages += 1;
        match page.attributes("a[href^='/konflik?after=']", "href").pop() {
            Some(older) => address = older,
            None => return (found, pages),
        }
    }
}

#[test]
fn the_older_conflicts_follow_page_by_page() {
    let world = unsettled();
    let office = world.office("Rina", Role::Penyelia, &["16.04.06"]);
    let (all, pages) = walked(&world, &office, 100);
    let all: BTreeSet<String> = all.into_iter().collect();
    assert_eq!((all.len(), pages), (10, 1));
    for most in [1, 3, 4, 9, 10] {
        let (some, pages) = walked(&world, &office, most);
        assert_eq!((some.len(), pages), (10, 10_usize.div_ceil(most)), "{most} a page");
        assert_eq!(some.into_iter().collect::<BTreeSet<_>>(), all, "{most} a page");
    }
}
