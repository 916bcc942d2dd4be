//! Pages that everybody can use: with a screen reader, with a keyboard, on a phone in the sun.

use super::infested::{Infested, strings};
use serde_json::Value;
use std::collections::BTreeMap;
use sync_tests::{Browser, OFFICE_PASSWORD};

/// One address of each page, of a world in which everything has something to show.
fn pages(infested: &Infested) -> BTreeMap<&'static str, String> {
    let mut pages = BTreeMap::new();
    for (pattern, address) in infested.addresses() {
        pages.entry(pattern).or_insert(address);
    }
    pages
}

#[test]
fn every_page_can_be_read_made_out_and_touched_on_a_phone_and_at_a_desk() {
    let infested = Infested::new(&strings()[..2]);
    let url = infested.world.server.url();
    let phone = Browser::start(360, 740);
    for login in ["rina", "anton"] {
        phone.open(&format!("{url}/masuk"));
        phone.type_in("#nama", login);
        phone.type_in("#sandi", OFFICE_PASSWORD);
        phone.click("main button");
        phone.wait_for("form.who");
        for (pattern, address) in pages(&infested) {
            if pattern.starts_with("/petugas") == (login == "rina") {
                continue;
            }
            for width in [360, 768, 1280] {
                phone.resize(width, 740);
                phone.open(&format!("{url}{address}"));
                phone.wait_for("h1");
                assert_eq!(phone.flaws(), Vec::<Value>::new(), "{address} at {width}");
            }
        }
    }
}
