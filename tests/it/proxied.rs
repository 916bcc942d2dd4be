//! Who a caller is and how he asked, behind a reverse proxy and without one: only what a proxy says
//! that the operator named.

use server::http::Settings;
use server::store::Role;
use sync_tests::{Device, KECAMATAN, Office, World};

/// Tries to enrol from an address that the caller writes down himself.
#[track_caller]
fn try_from(world: &World, forwarded: &str) -> u16 {
    let request = serde_json::json!({"code": "0000000000", "install": Device::new_install(),
        "device_name": "Tablet", "app": "sync-tests"});
    let client = world.server.client();
    client.post("/v1/enrol").header("X-Forwarded-For", forwarded).json(&request).send().status
}

#[test]
fn a_caller_who_writes_another_address_each_time_is_counted_as_one() {
    let world = World::with_settings(Settings::default());
    let statuses: Vec<u16> = (0..12).map(|at| try_from(&world, &format!("192.0.2.{at}"))).collect();
    assert_ne!(statuses[0], 429);
    assert_eq!(statuses[11], 429, "{statuses:?}");
}

#[test]
fn callers_behind_a_named_proxy_are_told_apart_by_what_it_wrote_last() {
    let world = World::behind(&["127.0.0.1"]);
    for at in 0..12 {
        assert_ne!(try_from(&world, &format!("192.0.2.{at}")), 429, "{at}");
    }
    // The first address is the caller's own word.
    let statuses: Vec<u16> =
        (0..12).map(|at| try_from(&world, &format!("198.51.100.{at}, 203.0.113.9"))).collect();
    assert_eq!(statuses[11], 429, "{statuses:?}");
}

/// The link of a new code names the address of this server.
#[track_caller]
fn link_of(world: &World, protocol: &str) -> String {
    let worker = world.worker("Siti", &[KECAMATAN]);
    let office = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let page = office.get("/tablet");
    let csrf = page.attributes("form.who [name=csrf]", "value").remove(0);
    let fields = format!("csrf={csrf}&worker={worker}");
    let client = world.server.client();
    let call = client.post("/tablet/kode").bytes(fields);
    let call = call.header("Cookie", office.cookie()).header("X-Forwarded-Proto", protocol);
    let page = call.send().text();
    assert!(page.contains("/app/#kode="), "{page}");
    page
}

#[test]
fn nobody_but_a_named_proxy_says_that_a_request_came_encrypted() {
    let world = World::default();
    let page = link_of(&world, "https");
    assert!(page.contains("http://127.0.0.1") && !page.contains("https://"), "{page}");
}

#[test]
fn behind_a_named_proxy_pages_are_shown_only_where_the_caller_asked_encrypted() {
    let world = World::behind(&["127.0.0.1"]);
    let client = world.server.client();
    let status = |protocols: &[&str]| {
        let call = client.get("/masuk");
        protocols.iter().fold(call, |call, value| call.header("X-Forwarded-Proto", value)).send()
    };
    assert_eq!(status(&["https"]).status, 200);
    for plain in [&[][..], &["http"], &["HTTPS"], &["https", "http"], &["https, http"]] {
        let refused = status(plain);
        assert_eq!(refused.status, 403, "{plain:?}");
        assert!(refused.text().contains("HTTPS"), "{plain:?}");
    }
    // A proxy that was not named is a caller like any other.
    let world = World::behind(&["10.1.0.0/16"]);
    assert_eq!(Office::at(&world.server.url()).get("/masuk").status(), 200);
}
