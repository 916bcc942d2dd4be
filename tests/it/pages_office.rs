//! Ringkasan, Tablet, Petugas and one's own password: what is shown is what is so, and what is asked
//! is done under the name of the person who asks.

use rusqlite::Connection;
use serde_json::Value;
use server::admin::people;
use server::store::{DATABASE_FILE, DeviceState, GrantOf, Role};
use sync_protocol::ids::WorkerId;
use sync_tests::{
    DAY, HOUR, KECAMATAN, OFFICE_PASSWORD, OTHER_DESA, Office, Paper, SADAN, World, any_id, area,
    child_body, measurement_body,
};

/// Two desa: in Sadan both children are weighed this month, one of them is small and one was weighed
/// in October, too; elsewhere the only child is not.
fn world() -> (World, Office) {
    let world = World::default();
    let mut tablet = world.device("Siti", &[KECAMATAN]);
    let [small, well, other] = [any_id(), any_id(), any_id()];
    let mut changes = vec![
        tablet.child(small, SADAN, &child_body("Ani Kecil")),
        tablet.child(well, SADAN, &child_body("Budi Baik")),
        tablet.child(other, OTHER_DESA, &child_body("Cici Jauh")),
    ];
    let weighed = |child, grams, mm: i64| {
        measurement_body(child, grams).with("height_mm", mm).with("position", "terlentang")
    };
    let earlier = weighed(well, 9_500, 790).with("measured_on", "2026-10-20");
    for body in [weighed(small, 8_000, 700), weighed(well, 9_900, 800), earlier] {
        changes.push(tablet.body("measurement", any_id(), None, &body));
    }
    let receipts = tablet.push(&changes).receipts;
    assert!(receipts.iter().all(|receipt| receipt.outcome.as_str() == "applied"));
    let office = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    (world, office)
}

fn names_of(page: &Paper) -> Vec<String> {
    page.texts("tbody th[scope=row]")
}

#[test]
fn the_month_is_told_as_the_reports_count_it() {
    let (world, office) = world();
    let page = office.get("/");
    let told = page.texts("dl.figures dd");
    let figures =
        ["3", "2 1 belum diukur", "66,7 % 2 dari 3", "100,0 % 1 dari 1", "50,0 % 1 dari 2"];
    for (told, figure) in told.iter().zip(figures) {
        assert!(told.starts_with(figure), "{told} is not {figure}");
    }
    let as_of = page.texts("p.as-of").remove(0);
    assert!(as_of.starts_with("Data s.d. 24-11-2026 09:15; 0 dari 1 tablet"), "{as_of}");
    // The tablet was heard once and never again.
    world.time.pass(8 * DAY);
    let office = Office::log_in(&world.server.url(), "rina", OFFICE_PASSWORD);
    let as_of = office.get("/?month=2026-11").texts("p.as-of").remove(0);
    assert!(as_of.contains("1 dari 1 tablet belum sinkron > 7 hari"), "{as_of}");
}

#[test]
fn desa_are_sorted_by_what_is_asked_for_and_lead_to_their_own_figures() {
    let (_world, office) = world();
    let by_name = names_of(&office.get("/"));
    let mut sorted = by_name.clone();
    sorted[..2].sort();
    assert_eq!(by_name, sorted);
    assert_eq!(by_name[..2], ["Desa Penantian", "Desa Sadan"], "desa with children come first");
    assert_eq!(names_of(&office.get("/?urut=sasaran"))[..2], ["Desa Sadan", "Desa Penantian"]);
    let by_stunting = office.get("/?urut=stunting");
    assert_eq!(names_of(&by_stunting)[..2], ["Desa Sadan", "Desa Penantian"]);
    assert_eq!(by_stunting.attributes("th[aria-sort]", "aria-sort"), ["descending"]);
    assert_eq!(names_of(&office.get("/?urut=ds"))[..2], ["Desa Penantian", "Desa Sadan"]);
    let link = by_stunting.attributes("tbody th a", "href").remove(0);
    let sadan = office.get(&link);
    assert!(sadan.texts("h2").contains(&"Desa Sadan, November 2026".to_owned()));
    assert!(sadan.texts("dl.figures dd")[0].starts_with('2'));
    assert_eq!(office.get("/?urut=siapa").status(), 400);
}

#[test]
fn the_year_ends_with_the_month_and_has_every_month_once() {
    let (_world, office) = world();
    let rows = office.get("/tren?month=2026-11").texts("tbody tr");
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0], "November 2026 3 2 66,7 % 50,0 % 0,0 % 50,0 %");
    assert!(rows[1].starts_with("Oktober 2026 3 1 33,3 % 0,0 %"), "{}", rows[1]);
    assert_eq!(rows[2], "September 2026 3 0 – – – –", "nothing weighed is no zero");
    assert!(rows[11].starts_with("Desember 2025 "), "{}", rows[11]);
    let picture = office.get("/tren.svg?month=2026-11").reply;
    assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
    // Two months of each line, and the line of the legend is none.
    assert_eq!(picture.text().matches("<polyline").count(), 4);
}

#[test]
fn a_tablet_turns_amber_and_red_and_one_that_was_never_heard_stands_apart() {
    let world = World::default();
    let mut tablet = world.device("Siti", &[SADAN]);
    world.device("Budi", &[SADAN]);
    tablet.push(&[]);
    world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    for (passed, tag) in [(0, "≤ 3 hari"), (3 * DAY + HOUR, "> 3 hari"), (4 * DAY, "> 7 hari")] {
        world.time.pass(passed);
        let office = Office::log_in(&world.server.url(), "rina", OFFICE_PASSWORD);
        let page = office.get("/tablet");
        assert_eq!(page.texts("td .tag:not(.warn):not(.bad):not(.good)"), ["belum pernah"]);
        assert!(page.texts("td .tag").contains(&tag.to_owned()), "{page:?}");
        assert_eq!(page.texts("h2"), ["Belum pernah sinkron"]);
    }
}

#[test]
fn a_tablet_is_drained_or_shut_out_by_who_may_and_the_log_says_who() {
    let world = World::default();
    let tablet = world.device("Siti", &[SADAN]);
    let mut office = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let state = || world.stored_device(tablet.number).state;
    let address = format!("/tablet/{}", tablet.number);
    let page = office.get(&address);
    office.submit(&page, &format!("form[action='{address}/tarik']"), &[]);
    assert_eq!(state(), DeviceState::Draining);
    let revoke = format!("form[action='{address}/cabut']");
    let unsure = office.submit(&page, &revoke, &[]);
    assert_eq!((unsure.status(), state()), (400, DeviceState::Draining), "nobody ticked it");
    let listed = office.submit(&page, &revoke, &[("yakin", "ya")]);
    assert_eq!((listed.status(), state()), (200, DeviceState::Revoked));
    assert_eq!(listed.texts("details summary"), ["Sudah dicabut (1)"]);
    assert_eq!(acts_of(&world, "Rina"), ["logged_in", "device_drained", "device_revoked"]);

    // Who also works elsewhere is shown, and ended by somebody who sees all of it.
    let wide = world.device("Wati", &[SADAN, "16.04.07"]);
    assert!(office.get("/tablet").text().contains("Wati"));
    assert_eq!(office.get(&format!("/tablet/{}", wide.number)).status(), 404);
}

#[test]
fn an_admin_gives_a_password_and_takes_a_login_away() {
    let world = World::default();
    let mut admin = world.office("Anton", Role::Admin, &[KECAMATAN]);
    let grants = vec![GrantOf::Area(area(KECAMATAN))];
    let rina = people::add_worker(world.service(), "Rina".to_owned(), Role::Penyelia, grants);
    let rina = rina.unwrap();
    let address = format!("/petugas/{rina}");
    let form = format!("form[action='{address}/sandi']");
    let page = admin.get(&address);
    let typed = |first, second| [("nama", "rina.b"), ("sandi", first), ("sandi2", second)];
    for (first, second, fault) in [
        ("pendek", "pendek", "sedikitnya 10 karakter"),
        ("panjang sekali", "panjang lain", "tidak sama"),
    ] {
        let again = admin.submit(&page, &form, &typed(first, second));
        assert_eq!(again.status(), 422);
        assert!(again.texts("[role=alert]")[0].contains(fault), "{again:?}");
        assert_eq!(again.attributes("#nama", "value"), ["rina.b"], "what was typed stays");
    }
    let taken = [("nama", "anton"), ("sandi", "panjang sekali"), ("sandi2", "panjang sekali")];
    assert_eq!(admin.submit(&page, &form, &taken).status(), 422, "another person's name");
    assert_eq!(
        admin.submit(&page, &form, &typed("panjang sekali", "panjang sekali")).status(),
        200
    );
    let office = Office::log_in(&world.server.url(), "rina.b", "panjang sekali");
    assert_eq!(office.get("/").status(), 200);

    let page = admin.get(&address);
    let end = format!("form[action='{address}/nonaktif']");
    admin.submit(&page, &end, &[("yakin", "ya")]);
    assert_eq!(office.get("/").status(), 303, "shown the door");
    assert!(admin.get("/petugas").text().contains("dinonaktifkan"));
    assert_eq!(acts_of(&world, "Anton"), ["logged_in", "password_set", "login_disabled"]);
}

#[test]
fn ones_own_password_is_changed_by_who_knows_the_present_one() {
    let world = World::default();
    let mut office = world.office("Rina", Role::Pengamat, &[KECAMATAN]);
    let form = "form[action='/sandi']";
    let page = office.get("/sandi");
    let new = [("sandi", "sandi baru sekali"), ("sandi2", "sandi baru sekali")];
    let with = |old| [&[("lama", old)][..], &new].concat();
    assert_eq!(office.submit(&page, form, &with("sandi orang lain")).status(), 422);
    Office::log_in(&world.server.url(), "rina", OFFICE_PASSWORD);
    let door = office.submit(&page, form, &with(OFFICE_PASSWORD));
    assert_eq!(door.texts("h1"), ["Masuk"], "everybody who was in as her is out");
    Office::log_in(&world.server.url(), "rina", "sandi baru sekali");
}

/// What the audit log says that somebody did.
fn acts_of(world: &World, name: &str) -> Vec<String> {
    let workers = people::list_workers(world.service()).unwrap();
    let is_named = |(worker, _): &(server::store::Worker, _)| worker.name == name;
    let worker: WorkerId = workers.into_iter().find(is_named).unwrap().0.id;
    let connection = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    let mut statement = connection.prepare("SELECT text FROM audit ORDER BY pos").unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let rows = rows.map(|text| serde_json::from_str::<Value>(&text.unwrap()).unwrap());
    let own = rows.filter(|row| row["who"]["worker"] == worker.to_string());
    own.map(|row| row["act"].as_str().unwrap().to_owned()).collect()
}
