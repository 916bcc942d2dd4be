//! Who is let in to the pages, for how long, and what another site can do with a browser that is
//! logged in: nothing.

use rusqlite::Connection;
use server::admin::people;
use server::http::{Channel, Request};
use server::store::{DATABASE_FILE, Role};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use sync_tests::{
    HOUR, KECAMATAN, MINUTE, OFFICE_PASSWORD, Office, Paper, ServerProcess, World, program, timbang,
};

/// Rina, who is logged in.
fn desk() -> (World, Office) {
    let world = World::default();
    let office = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    (world, office)
}

fn is_door(page: &Paper) -> bool {
    page.status() == 303 && page.reply.header("location").unwrap().starts_with("/masuk")
}

#[track_caller]
fn try_to_log_in(world: &World, name: &str, password: &str) -> (Office, Paper) {
    let mut office = Office::at(&world.server.url());
    let door = office.get("/masuk");
    let page = office.submit(&door, "form", &[("nama", name), ("sandi", password)]);
    (office, page)
}

#[test]
fn a_right_password_opens_and_wrong_ones_all_hear_the_same() {
    let (world, office) = desk();
    assert_eq!(office.get("/").status(), 200);
    assert_eq!(office.get("/").texts("h1"), ["Ringkasan"]);

    let (stranger, wrong) = try_to_log_in(&world, "rina", "kata sandi lain");
    let (_, unknown) = try_to_log_in(&world, "siapa", "kata sandi lain");
    assert_eq!((wrong.status(), wrong.text()), (403, unknown.text()));
    assert!(is_door(&stranger.get("/")));
    let (_, empty) = try_to_log_in(&world, "rina", "");
    assert_eq!(empty.status(), 422);
    // Its case does not count, as people type it.
    let (_, page) = try_to_log_in(&world, "RINA", OFFICE_PASSWORD);
    assert_eq!(page.texts("h1"), ["Ringkasan"]);
}

#[test]
fn the_cookie_is_seen_by_no_script_and_sent_by_no_other_site() {
    let (world, _) = desk();
    let fields = format!("nama=rina&sandi={}", OFFICE_PASSWORD.replace(' ', "+"));
    let reply = world.server.client().post("/masuk").bytes(fields).send();
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-timbang=tbg_"), "{cookie}");
    for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}

#[test]
fn a_session_ends_by_itself_by_leaving_and_when_the_password_changes() {
    let (world, mut office) = desk();
    // Somebody who looks now and then stays in, but not for ever.
    for _ in 0..13 {
        world.time.pass(55 * MINUTE);
        assert_eq!(office.get("/").status(), 200);
    }
    world.time.pass(10 * MINUTE);
    assert!(is_door(&office.get("/")), "12 hours are over");

    office = Office::log_in(&world.server.url(), "rina", OFFICE_PASSWORD);
    world.time.pass(HOUR);
    assert!(is_door(&office.get("/tren?month=2026-10")), "nobody looked for an hour");

    office = Office::log_in(&world.server.url(), "rina", OFFICE_PASSWORD);
    let page = office.get("/");
    let mut copy = office.clone();
    let left = office.submit(&page, "form.who", &[]);
    assert_eq!(left.texts("h1"), ["Masuk"]);
    assert!(is_door(&copy.get("/")), "the session is gone, not only the cookie");

    copy = Office::log_in(&world.server.url(), "rina", OFFICE_PASSWORD);
    let worker = people::list_workers(world.service()).unwrap().remove(0).0.id;
    people::set_password(world.service(), worker, None, "kata sandi baru").unwrap();
    assert!(is_door(&copy.get("/")));
    assert_eq!(try_to_log_in(&world, "rina", OFFICE_PASSWORD).1.status(), 403);
    copy = Office::log_in(&world.server.url(), "rina", "kata sandi baru");

    assert!(people::disable_login(world.service(), worker).unwrap());
    assert!(is_door(&copy.get("/")));
    assert_eq!(try_to_log_in(&world, "rina", "kata sandi baru").1.status(), 403);
}

#[test]
fn whoever_was_sent_to_the_door_comes_back_to_what_they_asked_for() {
    let (world, _) = desk();
    let mut office = Office::at(&world.server.url());
    let door = office.get("/tren?month=2026-10");
    assert_eq!(door.reply.header("location"), Some("/masuk?ke=%2Ftren%3Fmonth%3D2026-10"));
    let door = office.get("/masuk?ke=%2Ftren%3Fmonth%3D2026-10");
    let page = office.submit(&door, "form", &[("nama", "rina"), ("sandi", OFFICE_PASSWORD)]);
    assert_eq!(page.address, "/tren?month=2026-10");
    // Never to another site.
    let door = office.get("/masuk?ke=%2F%2Fevil.example");
    let page = office.submit(&door, "form", &[("nama", "rina"), ("sandi", OFFICE_PASSWORD)]);
    assert_eq!(page.address, "/");
}

#[test]
fn guessing_is_slowed_down_for_a_name_and_for_an_address() {
    let (world, _) = desk();
    let mut statuses: Vec<u16> = Vec::new();
    for _ in 0..12 {
        statuses.push(try_to_log_in(&world, "rina", "salah salah salah").1.status());
    }
    assert_eq!(statuses.first(), Some(&403));
    assert_eq!(statuses.last(), Some(&429));
    // From elsewhere, the name is still slowed down.
    let page = world.answer(&Request {
        method: "POST".to_owned(),
        path: "/masuk".to_owned(),
        peer: "192.0.2.7".to_owned(),
        body: format!("nama=Rina&sandi={OFFICE_PASSWORD}").into_bytes(),
        ..Request::default()
    });
    assert_eq!(page.status, 429);
}

#[test]
fn a_form_of_another_site_does_nothing() {
    let (world, mut office) = desk();
    // Without the key of the session's own pages.
    let forged = office.send("/tablet/kode", &[("worker".to_owned(), "x".to_owned())]);
    assert_eq!(forged.status(), 403, "{forged:?}");
    // With a key that was stolen, but from another site's page.
    let secret = "tbg_irrelevant".to_owned();
    let request = |from_other_site| Request {
        method: "POST".to_owned(),
        path: "/keluar".to_owned(),
        session: Some(secret.clone()),
        from_other_site,
        ..Request::default()
    };
    assert_eq!(world.answer(&request(true)).status, 403);
    assert_eq!(world.answer(&request(false)).status, 303);
}

#[test]
fn over_plain_http_from_elsewhere_nothing_is_shown_but_that_https_is_needed() {
    let (world, _) = desk();
    let ask = |path: &str, channel| {
        world.answer(&Request {
            method: "GET".to_owned(),
            path: path.to_owned(),
            channel,
            ..Request::default()
        })
    };
    for path in ["/", "/masuk"] {
        let refused = ask(path, Channel::Plain);
        assert_eq!(refused.status, 403);
        assert!(String::from_utf8(refused.body).unwrap().contains("HTTPS"), "{path}");
    }
    assert_eq!(ask("/masuk", Channel::Https).status, 200);
    assert_eq!(ask("/masuk", Channel::Loopback).status, 200);
}

#[test]
fn logins_are_made_on_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let admin = |arguments: &[&str]| timbang(dir.path(), arguments);
    let added = admin(&["worker", "add", "--name", "Anton", "--role", "admin", "--json"]).json();
    let worker = added["worker"].as_str().unwrap();
    let set = ["password", "set", "--worker", worker];
    let refused = type_password(dir.path(), &[&set[..], &["--login", "anton"]].concat(), "pendek");
    assert!(refused.contains("at least 10 characters"), "{refused}");
    let refused = type_password(dir.path(), &set, "panjang sekali");
    assert!(refused.contains("repeat with --login NAME"), "{refused}");
    type_password(dir.path(), &[&set[..], &["--login", "anton"]].concat(), "panjang sekali");
    let server = ServerProcess::start(dir.path());
    Office::log_in(&server.url, "anton", "panjang sekali");
    let disabled = admin(&["password", "disable", "--worker", worker, "--json"]).json();
    assert_eq!(disabled["disabled"], true);
    let mut office = Office::at(&server.url);
    let door = office.get("/masuk");
    let page = office.submit(&door, "form", &[("nama", "anton"), ("sandi", "panjang sekali")]);
    assert_eq!(page.status(), 403);
}

/// A restore lets nobody in again who was shut out since the backup.
#[test]
fn a_restore_keeps_logins_disabled_and_logs_everybody_out() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let admin = |arguments: &[&str]| timbang(&data, arguments);
    let add = |name: &str| {
        let added = ["worker", "add", "--name", name, "--role", "admin", "--json"];
        let worker = admin(&added).json()["worker"].as_str().unwrap().to_owned();
        let set = ["password", "set", "--worker", &worker, "--login", name];
        type_password(&data, &set, "sandi lama sekali");
        worker
    };
    let (anton, beni) = (add("anton"), add("beni"));
    let server = ServerProcess::start(&data);
    let office = Office::log_in(&server.url, "beni", "sandi lama sekali");
    assert_eq!(office.get("/sandi").status(), 200);
    drop(server);
    let backup = dir.path().join("backup.db");
    admin(&["backup", backup.to_str().unwrap(), "--json"]).json();
    admin(&["password", "disable", "--worker", &anton, "--json"]).json();
    type_password(&data, &["password", "set", "--worker", &beni], "sandi baru sekali");
    let restored = admin(&["restore", backup.to_str().unwrap(), "--yes", "--json"]);
    assert!(restored.success, "{restored:?}");

    let server = ServerProcess::start(&data);
    let log_in = |name: &str, password: &str| {
        let mut stranger = Office::at(&server.url);
        let door = stranger.get("/masuk");
        stranger.submit(&door, "form", &[("nama", name), ("sandi", password)]).status()
    };
    assert_eq!(log_in("anton", "sandi lama sekali"), 403, "disabled since the backup");
    assert_eq!(log_in("beni", "sandi lama sekali"), 403, "replaced since the backup");
    assert_eq!(log_in("beni", "sandi baru sekali"), 200);
    let sessions = Connection::open(data.join(DATABASE_FILE)).unwrap();
    let sessions = sessions.query_row("SELECT count(*) FROM session", [], |row| row.get(0));
    assert_eq!(sessions, Ok(1), "only who has just logged in");
}

/// Types a line where nobody is asked. Returns what the program said.
fn type_password(data: &Path, arguments: &[&str], line: &str) -> String {
    let mut child = program("timbang")
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}
