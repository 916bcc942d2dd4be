//! The edges of the web: other sites, bounds, headers, methods, positions in lists that nobody was
//! given.

use serde_json::json;
use server::admin::people;
use server::http::Settings;
use server::http::web::PAGES;
use server::store::{GrantOf, Role};
use sync_protocol::limits::ENVELOPE_BYTES_MAX;
use sync_protocol::problem::ProblemCode;
use sync_tests::{
    Call, FAR_DESA, KECAMATAN, OFFICE_PASSWORD, Office, Reply, SADAN, World, any_id, area,
    child_body,
};

fn desk() -> (World, Office) {
    let world = World::default();
    let office = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    (world, office)
}

/// A good form of Rina's, sent as a browser says it with these headers.
#[track_caller]
fn sent_from(world: &World, office: &Office, headers: &[(&str, &str)]) -> u16 {
    let csrf = office.get("/tablet").attributes("form.who [name=csrf]", "value").remove(0);
    let worker = world.worker("Siti", &[SADAN]);
    let client = world.server.client();
    let call = client.post("/tablet/kode").header("Cookie", office.cookie());
    let call = headers.iter().fold(call, |call, (name, value)| call.header(name, value));
    call.bytes(format!("csrf={csrf}&worker={worker}")).send().status
}

#[test]
fn a_form_of_a_sister_site_is_another_sites_form() {
    let (world, office) = desk();
    let host = world.server.address.to_string();
    let own = format!("http://{host}");
    for headers in [
        &[][..],
        &[("Sec-Fetch-Site", "same-origin")],
        &[("Sec-Fetch-Site", "none")],
        // An older browser says it in its own way.
        &[("Origin", own.as_str())],
        // Behind a proxy that does not hand the host on, a newer one is believed.
        &[("Sec-Fetch-Site", "same-origin"), ("Origin", "https://timbang.example")],
    ] {
        assert_eq!(sent_from(&world, &office, headers), 200, "{headers:?}");
    }
    for headers in [
        &[("Sec-Fetch-Site", "same-site")][..],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site"), ("Origin", own.as_str())],
        &[("Origin", "https://evil.example")],
        &[("Origin", "http://sister.127.0.0.1")],
        &[("Origin", "null")],
    ] {
        assert_eq!(sent_from(&world, &office, headers), 403, "{headers:?}");
    }
    // The door and the way out are no exception; a link from elsewhere may be followed.
    let client = world.server.client();
    let from = |call: Call<'_>| call.header("Sec-Fetch-Site", "same-site").send().status;
    assert_eq!(from(client.post("/masuk").bytes("nama=rina&sandi=x")), 403);
    assert_eq!(from(client.post("/keluar").bytes("")), 403);
    assert_eq!(from(client.get("/masuk")), 200);
}

#[test]
fn a_form_needs_the_key_of_its_own_session() {
    let (world, office) = desk();
    let other = world.office("Dewi", Role::Penyelia, &[KECAMATAN]);
    let worker = world.worker("Siti", &[SADAN]);
    let key = |office: &Office| {
        office.get("/tablet").attributes("form.who [name=csrf]", "value").remove(0)
    };
    let send = |csrf: &str| {
        let client = world.server.client();
        let call = client.post("/tablet/kode").header("Cookie", office.cookie());
        call.bytes(format!("csrf={csrf}&worker={worker}")).send().status
    };
    assert_eq!(send(&key(&office)), 200);
    assert_eq!(send(&key(&other)), 403);
    assert_eq!(send(""), 403);
}

#[test]
fn a_form_is_bounded_in_bytes_and_in_fields() {
    let (world, office) = desk();
    let client = world.server.client();
    let csrf = office.get("/tablet").attributes("form.who [name=csrf]", "value").remove(0);
    let send = |body: String| {
        let call = client.post("/entri/sementara").header("Cookie", office.cookie());
        call.bytes(format!("csrf={csrf}&{body}")).send().status
    };
    // As far as it is read, it names no sheet.
    assert_eq!(send("a=1&".repeat(900)), 404);
    assert_eq!(send("a=1&".repeat(1_100)), 413);
    assert_eq!(send("a".repeat(ENVELOPE_BYTES_MAX - 200)), 404);
    assert_eq!(send("a".repeat(ENVELOPE_BYTES_MAX)), 413);
    // Strangers, too, before anything is looked up.
    assert_eq!(client.post("/masuk").bytes("a=1&".repeat(1_100)).send().status, 413);
    assert_eq!(client.post("/masuk").bytes("a".repeat(ENVELOPE_BYTES_MAX + 1)).send().status, 413);
}

#[test]
fn a_code_is_made_for_a_tenaga_of_ones_own_area_and_for_nobody_else() {
    let (world, mut office) = desk();
    let person = |role, code: &str| {
        let grants = vec![GrantOf::Area(area(code))];
        people::add_worker(world.service(), "Orang".to_owned(), role, grants).unwrap()
    };
    let csrf = office.get("/tablet").attributes("form.who [name=csrf]", "value").remove(0);
    let mut ask = |worker: &str| {
        let fields = [("csrf", csrf.as_str()), ("worker", worker)]
            .map(|(name, text)| (name.to_owned(), text.to_owned()));
        office.send("/tablet/kode", &fields).status()
    };
    assert_eq!(ask(&person(Role::Tenaga, SADAN).to_string()), 200);
    assert_eq!(ask(&person(Role::Tenaga, FAR_DESA).to_string()), 404);
    assert_eq!(ask("siapa saja"), 404);
    for role in [Role::Penyelia, Role::Pengamat, Role::Admin] {
        let worker = person(role, SADAN);
        assert_eq!(ask(&worker.to_string()), 404, "{role:?}");
        let refused = people::make_code(world.service(), worker).unwrap_err().to_string();
        assert!(refused.contains("only a tenaga works on a tablet"), "{refused}");
    }
}

#[test]
fn a_cookie_is_given_and_taken_with_the_same_attributes() {
    let (world, _) = desk();
    let client = world.server.client();
    let body = format!("nama=rina&sandi={}", OFFICE_PASSWORD.replace(' ', "+"));
    let given = client.post("/masuk").bytes(body).send();
    let taken = client.post("/keluar").bytes("").send();
    for (reply, age) in [(&given, ""), (&taken, "; Max-Age=0")] {
        let cookie = reply.header("set-cookie").unwrap();
        let (_, attributes) = cookie.split_once(';').unwrap();
        assert_eq!(attributes, format!(" Path=/; Secure; HttpOnly; SameSite=Strict{age}"));
    }
    // Who is not let in gets none.
    let refused = client.post("/masuk").bytes("nama=rina&sandi=salah").send();
    assert_eq!((refused.status, refused.header("set-cookie")), (403, None));
}

#[track_caller]
fn check_headers(reply: &Reply, what: &str, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(reply.header(name), Some(*value), "{what}: {name}");
    }
}

#[test]
fn every_answer_is_kept_by_nobody_and_taken_for_nothing_else() {
    let (world, _) = desk();
    let client = world.server.client();
    let mut numbers = Vec::new();
    for path in ["/v1/limits", "/v1/areas", "/v1/children", "/none", "/masuk", "/"] {
        let reply = client.get(path).send();
        check_headers(
            &reply,
            path,
            &[("cache-control", "no-store"), ("x-content-type-options", "nosniff")],
        );
        numbers.push(reply.header("x-request-id").unwrap().to_owned());
    }
    // What holds nobody's data may be kept, and is asked about each time.
    let picture = client.get("/aset/timbang.svg").send();
    assert_eq!(picture.header("cache-control"), Some("no-cache"));
    let all = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), all, "each request has a number of its own");
}

#[test]
fn every_page_is_guarded_whether_it_is_shown_refused_or_sends_on() {
    let (world, office) = desk();
    let client = world.server.client();
    for page in &PAGES {
        let path = page.pattern.replace("{id}", &any_id().to_string()).replace("{nomor}", "7");
        let path = path.replace("{name}", "tidak-ada");
        for cookie in ["", office.cookie()] {
            let reply = client.call(page.method, &path).header("Cookie", cookie);
            let reply = reply.header("Accept", "text/html").send();
            let what = format!("{} {path} {}", page.method, reply.status);
            check_headers(
                &reply,
                &what,
                &[
                    ("x-frame-options", "DENY"),
                    ("referrer-policy", "same-origin"),
                    ("cross-origin-opener-policy", "same-origin"),
                ],
            );
            let policy = reply.header("content-security-policy").unwrap_or_default();
            for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
                assert!(policy.contains(part), "{what}: {policy}");
            }
            assert!(!policy.contains("unsafe-inline"), "{what}: {policy}");
        }
    }
}

#[test]
fn what_a_caller_has_already_is_not_sent_again() {
    let (world, _) = desk();
    let client = world.server.client();
    let device = world.device("Siti", &[SADAN]);
    let ask = |known: Option<&str>| {
        let call = client.get("/v1/areas").token(&device.token);
        known.into_iter().fold(call, |call, known| call.header("If-None-Match", known)).send()
    };
    let first = ask(None);
    let etag = first.header("etag").unwrap().to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 20, "{etag}");
    for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}")] {
        let again = ask(Some(&known));
        assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag"), Some(etag.as_str()));
    }
    for unknown in ["\"other\"", "", etag.trim_matches('"')] {
        assert_eq!((ask(Some(unknown)).status, ask(Some(unknown)).body), (200, first.body.clone()));
    }
}

#[test]
fn many_names_from_one_address_are_one_guesser() {
    let (world, _) = desk();
    let client = world.server.client();
    let statuses: Vec<u16> = (0..12)
        .map(|at| client.post("/masuk").bytes(format!("nama=orang{at}&sandi=x")).send().status)
        .collect();
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}

#[test]
fn a_login_that_is_endless_is_counted_and_refused_like_any_other() {
    let (world, _) = desk();
    let client = world.server.client();
    let tried = |name: &str| client.post("/masuk").bytes(format!("nama={name}&sandi=x")).send();
    let endless = "a".repeat(1_000);
    assert_eq!(tried(&endless).status, 403);
    let statuses: Vec<u16> = (0..12).map(|_| tried(&endless).status).collect();
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}

#[test]
fn positions_and_sizes_that_nobody_was_given_are_refused_or_harmless() {
    let world = World::default();
    let mut device = world.device("Siti", &[SADAN]);
    for name in ["Ani", "Budi", "Cici"] {
        let change = device.child(any_id(), SADAN, &child_body(name));
        device.push_one(change);
    }
    let grants = vec![GrantOf::Area(area(KECAMATAN))];
    let worker = people::add_worker(world.service(), "Rina".to_owned(), Role::Penyelia, grants);
    let token = people::make_token(world.service(), worker.unwrap()).unwrap();
    let client = world.server.client();
    let ask = |query: &str| client.get(&format!("/v1/children?{query}")).token(&token).send();
    let count = |query: &str| ask(query).json()["children"].as_array().unwrap().len();
    for query in
        ["after=-1", "after=-9223372036854775808", "limit=501", "limit=18446744073709551615"]
    {
        assert_eq!(count(query), 3, "{query}");
    }
    assert_eq!((count("limit=0"), count("limit=1"), count("limit=2")), (1, 1, 2));
    assert_eq!(count("after=9223372036854775807"), 0);
    for query in [
        "after=x",
        "after=1.5",
        "after=9223372036854775808",
        "limit=-1",
        "limit=x",
        "month=2026-11",
        "area=16.4",
        "area=16.04.06.2008%00",
        "limit=1&limit=2",
        "Limit=1",
    ] {
        ask(query).check_problem(ProblemCode::Malformed);
    }
    assert_eq!(count("area="), 3, "what is empty is not asked for");
    assert_eq!(count(&format!("area={FAR_DESA}")), 0);
}

#[test]
fn the_place_in_a_list_of_a_child_out_of_sight_is_not_there() {
    let (world, office) = desk();
    let mut far = world.device("Jauh", &[FAR_DESA]);
    let child = any_id();
    let change = far.child(child, FAR_DESA, &child_body("Melati"));
    far.push_one(change);
    assert_eq!(office.get(&format!("/balita?sesudah={child}")).status(), 404);
    assert_eq!(office.get(&format!("/balita?sesudah={}", any_id())).status(), 404);
    assert_eq!(office.get("/balita?sesudah=x").status(), 400);
    assert_eq!(office.get("/balita?cetak=2").status(), 400);
    assert_eq!(office.get("/balita?saring=semua").status(), 400);
    assert_eq!(office.get("/balita?halaman=2").status(), 400);
}

#[test]
fn a_page_that_was_asked_for_by_another_method_is_not_there() {
    let (world, office) = desk();
    for (method, path) in
        [("GET", "/keluar"), ("PUT", "/masuk"), ("DELETE", "/"), ("GET", "/tablet/kode")]
    {
        let client = world.server.client();
        let call = client.call(method, path).header("Cookie", office.cookie());
        let reply = call.header("Accept", "text/html").send();
        assert!([404, 405].contains(&reply.status), "{method} {path}: {}", reply.status);
    }
    // A look by HEAD does nothing and shows nothing.
    let head = world.server.client().call("HEAD", "/").header("Cookie", office.cookie()).send();
    assert_eq!((head.status, head.body.len()), (200, 0));
    let stranger = world.server.client().call("HEAD", "/").send();
    assert_eq!((stranger.status, stranger.header("location")), (303, Some("/masuk")));
}

#[test]
fn nobody_is_sent_on_to_another_site_after_the_door() {
    let (world, _) = desk();
    let client = world.server.client();
    let after = |to: &str| {
        let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let password = OFFICE_PASSWORD.replace(' ', "+");
        let body = format!("nama=rina&sandi={password}&ke={to}");
        client.post("/masuk").bytes(body).send().header("location").unwrap().to_owned()
    };
    assert_eq!(after("/balita?cari=a%20b"), "/balita?cari=a%20b");
    for bad in ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\r\nX: y"] {
        assert_eq!(after(bad), "/", "{bad}");
    }
}

#[test]
fn a_hurried_person_is_slowed_down_and_told_for_how_long() {
    let settings = Settings { requests_per_minute: 60, requests_burst: 5, ..Settings::default() };
    let world = World::with_settings(settings);
    let worker = people::add_worker(
        world.service(),
        "Rina".to_owned(),
        Role::Penyelia,
        vec![GrantOf::Area(area(KECAMATAN))],
    );
    let token = people::make_token(world.service(), worker.unwrap()).unwrap();
    let client = world.server.client();
    let replies: Vec<Reply> =
        (0..20).map(|_| client.get("/v1/conflicts").token(&token).send()).collect();
    assert_eq!(replies[0].status, 200);
    let slowed = replies.last().unwrap();
    slowed.check_problem(ProblemCode::RateLimited);
    let seconds: u64 = slowed.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    // A second token of the same person is no second helping.
    assert_eq!(json!(slowed.status), json!(429));
}
