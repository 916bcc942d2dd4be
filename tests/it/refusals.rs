//! Who may not, what does not follow, and how often: refusals of requests that are well formed.

use rusqlite::Connection;
use serde_json::{Value, json};
use server::admin::people;
use server::http::Settings;
use server::store::{DATABASE_FILE, GrantOf, Role};
use sync_protocol::problem::ProblemCode;
use sync_tests::{Client, SADAN, World, any_id, area, child_body};

/// The routes that need a token.
const GUARDED: [(&str, &str); 3] =
    [("POST", "/v1/sync"), ("GET", "/v1/receipts?seq=1"), ("GET", "/v1/areas")];

/// Every guarded route refuses this `Authorization` header, or its absence.
#[track_caller]
fn check_guarded(client: &Client, authorization: Option<&str>, code: ProblemCode) {
    for (method, path) in GUARDED {
        let call = client.call(method, path);
        let call = if method == "POST" { call.json(&json!({})) } else { call };
        let call = authorization.into_iter().fold(call, |call, h| call.header("Authorization", h));
        call.send().check_problem(code);
    }
}

#[test]
fn only_a_bearer_token_opens_a_guarded_route() {
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    let (client, token) = (&device.client, &device.token);
    let basic = format!("Basic {token}");
    let longer = format!("Bearer {token}0");
    let shorter = format!("Bearer {}", &token[..token.len() - 1]);
    for header in [None, Some(""), Some("Bearer "), Some(token.as_str()), Some(basic.as_str())] {
        check_guarded(client, header, ProblemCode::Unauthorised);
    }
    for header in [longer, shorter, "Bearer tbg_contoh".to_owned()] {
        check_guarded(client, Some(&header), ProblemCode::Unauthorised);
    }
    let in_address = format!("/v1/areas?token={token}&access_token={token}");
    client.get(&in_address).send().check_problem(ProblemCode::Unauthorised);
    assert_eq!(client.get("/v1/areas").token(token).send().status, 200);
    assert_eq!(client.get("/v1/limits").send().status, 200);
}

#[test]
fn a_revoked_device_is_told_that_it_is_revoked() {
    let world = World::default();
    let device = world.device("Petugas", &[SADAN]);
    world.revoke(device.number);
    let header = format!("Bearer {}", device.token);
    check_guarded(&device.client, Some(&header), ProblemCode::Revoked);
}

#[test]
fn a_gap_is_refused_with_the_seq_that_is_expected() {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let changes: Vec<Value> =
        (0..6).map(|_| device.child(any_id(), SADAN, &child_body("Anak"))).collect();
    let pick = |seqs: &[usize]| -> Vec<Value> {
        seqs.iter().map(|seq| changes[seq - 1].clone()).collect()
    };
    let refuse = |seqs: &[usize], expected: u64| {
        let reply = device.post(&device.envelope(&pick(seqs)));
        reply.check_problem(ProblemCode::Gap);
        assert_eq!(reply.json()["expected"], expected, "{seqs:?}");
    };
    refuse(&[2], 1);
    refuse(&[1, 3], 1);
    refuse(&[1, 1], 1);
    refuse(&[2, 1], 1);
    assert_eq!(device.post(&device.envelope(&pick(&[1, 2, 3]))).sync().acked_through, 3);
    refuse(&[5, 6], 4);
    refuse(&[2, 3, 5], 4);
    refuse(&[3, 2], 4);
    assert_eq!(world.stored_device(device.number).acked, 3);
    let reply = device.post(&device.envelope(&pick(&[2, 3, 4, 5, 6]))).sync();
    assert_eq!((reply.acked_through, reply.receipts.len()), (6, 5));
}

#[test]
fn another_change_under_a_known_seq_is_a_clone_and_nothing_of_its_request_is_stored() {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let change = device.child(any_id(), SADAN, &child_body("Anak"));
    device.push(std::slice::from_ref(&change));
    let mut other = change.clone();
    other["body"]["name"] = json!("Anak lain");
    let next = device.child(any_id(), SADAN, &child_body("Anak kedua"));
    device.post(&device.envelope(&[other, next.clone()])).check_problem(ProblemCode::DeviceCloned);
    assert_eq!(world.stored_device(device.number).acked, 1);
    // Null at the top, the order of members and white space make no other change of it.
    let mut same = change;
    same["deleted"] = Value::Null;
    let spaced = serde_json::to_string_pretty(&same).unwrap();
    let reply = device.post_texts(&[spaced, next.to_string()]).sync();
    assert_eq!(reply.acked_through, 2);
}

#[test]
fn a_question_for_receipts_without_a_readable_seq_is_malformed() {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let change = device.child(any_id(), SADAN, &child_body("Anak"));
    device.push(&[change]);
    let ask = |query: &str| {
        device.client.get(&format!("/v1/receipts{query}")).token(&device.token).send()
    };
    let many: Vec<String> = (1..=501).map(|seq| seq.to_string()).collect();
    let too_many = format!("?seq={}", many.join(","));
    for query in ["", "?", "?seq=", "?seq=0", "?seq=-1", "?seq=x", "?seq=1,,2", "?seq=1.5"] {
        ask(query).check_problem(ProblemCode::Malformed);
    }
    ask("?seq=9007199254740992").check_problem(ProblemCode::Malformed);
    ask(&too_many).check_problem(ProblemCode::Malformed);
    let as_many_as_may_be = format!("?seq={}", many[..500].join(","));
    // A seq that the server does not have is left out.
    assert_eq!(ask(&as_many_as_may_be).json()["receipts"].as_array().unwrap().len(), 1);
}

#[test]
fn a_device_that_asks_too_often_is_told_when_to_come_back_and_holds_up_nobody_else() {
    let world = World::with_settings(Settings {
        requests_per_minute: 60,
        requests_burst: 3,
        ..Settings::default()
    });
    let hasty = world.device("Petugas", &[SADAN]);
    let other = world.device("Petugas lain", &[SADAN]);
    let limits = hasty.client.get("/v1/limits").send().json();
    assert_eq!(
        (&limits["requests_per_minute"], &limits["requests_burst"]),
        (&json!(60), &json!(3))
    );
    for _ in 0..3 {
        hasty.post(&hasty.envelope(&[])).sync();
    }
    for (method, path) in GUARDED {
        let call = hasty.client.call(method, path).token(&hasty.token);
        let call = if method == "POST" { call.json(&hasty.envelope(&[])) } else { call };
        let reply = call.send();
        reply.check_problem(ProblemCode::RateLimited);
        let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
    }
    other.post(&other.envelope(&[])).sync();
    assert_eq!(hasty.client.get("/v1/limits").send().status, 200);
}

#[test]
fn a_person_who_asks_too_often_is_told_when_to_come_back_whatever_they_may_do() {
    let world = World::with_settings(Settings {
        requests_per_minute: 60,
        requests_burst: 3,
        ..Settings::default()
    });
    let person = |role| {
        let grants = vec![GrantOf::Area(area(SADAN))];
        people::add_worker(world.service(), format!("{role}"), role, grants).unwrap()
    };
    let token = |worker| people::make_token(world.service(), worker).unwrap();
    let client = world.server.client();
    let ask = |token: &str| client.get("/v1/conflicts").token(token).send();
    let (hasty, watcher) = (person(Role::Penyelia), person(Role::Pengamat));
    // A second token is no second allowance, and a route that a role may not call counts, too.
    for (tokens, answer) in
        [([token(hasty), token(hasty)], 200), ([token(watcher), token(watcher)], 403)]
    {
        let [first, second] = tokens;
        for token in [&first, &second, &first] {
            assert_eq!(ask(token).status, answer);
        }
        let reply = ask(&second);
        reply.check_problem(ProblemCode::RateLimited);
        let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
    }
    assert_eq!(ask(&token(person(Role::Penyelia))).status, 200);
}

#[test]
fn a_server_that_cannot_write_says_so_and_stores_nothing() {
    let world = World::default();
    let mut device = world.device("Petugas", &[SADAN]);
    let change = device.child(any_id(), SADAN, &child_body("Anak"));
    let request = device.envelope(&[change]);
    let other_program = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    other_program.execute_batch("BEGIN IMMEDIATE").unwrap();
    let reply = device.post(&request);
    reply.check_problem(ProblemCode::Busy);
    assert!(reply.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    // Reading goes on meanwhile.
    assert_eq!(device.client.get("/v1/areas").token(&device.token).send().status, 200);
    other_program.execute_batch("ROLLBACK").unwrap();
    assert_eq!(world.stored_device(device.number).acked, 0);
    assert_eq!(device.post(&request).sync().acked_through, 1);
}
