//! Enrolment: a code becomes one device, and a guesser gets nowhere.

use serde_json::Value;
use server::http::Settings;
use sync_protocol::limits::{ENROL_CODE_HOURS, ENROL_TRIES_PER_MINUTE, ENROL_WRONG_SECRETS_MAX};
use sync_protocol::problem::ProblemCode;
use sync_protocol::wire::EnrolReply;
use sync_replica::EnrolError;
use sync_tests::{Device, HOUR, Reply, SADAN, Tablet, World};

/// A world with one worker and a code for his tablet.
fn with_code() -> (World, String) {
    with_code_in(World::default())
}

fn with_code_in(world: World) -> (World, String) {
    let worker = world.worker("Petugas Contoh", &[SADAN]);
    let code = world.code(worker);
    (world, code)
}

fn try_code(world: &World, code: &str) -> Reply {
    Device::try_enrol(&world.server.client(), code, &Device::new_install())
}

/// A code with another secret of the right form.
fn with_wrong_secret(code: &str) -> String {
    let other = if code.ends_with('0') { "1" } else { "0" };
    format!("{}{other}", &code[..9])
}

#[track_caller]
fn check_refused(world: &World, code: &str, expected: ProblemCode) {
    try_code(world, code).check_problem(expected);
}

#[test]
fn a_code_becomes_a_device_with_a_token() {
    let (world, code) = with_code();
    let reply = try_code(&world, &code);
    assert_eq!((reply.status, reply.header("content-type")), (201, Some("application/json")));
    let enrolled: EnrolReply = serde_json::from_slice(&reply.body).unwrap();
    assert_ne!(enrolled.device.0, 0);
    assert!(enrolled.token.starts_with("tbg_"));
    assert_eq!(enrolled.worker.name, "Petugas Contoh");
    assert_eq!(enrolled.areas, [sync_tests::area(SADAN)]);
    assert_eq!(enrolled.server_time.unix_ms(), sync_tests::NOW);
    let device =
        Device::of(world.server.client(), &reply.json(), std::sync::Arc::new(world.time.clone()));
    assert_eq!(device.post(&device.envelope(&[])).sync().epoch, enrolled.epoch);
}

#[test]
fn a_lost_answer_is_made_good_by_the_same_installation_and_the_first_token_dies() {
    let (world, code) = with_code();
    let (client, install) = (world.server.client(), Device::new_install());
    let enrol = || -> Value { Device::try_enrol(&client, &code, &install).json() };
    let (first, second) = (enrol(), enrol());
    assert_eq!(first["device"], second["device"]);
    assert_ne!(first["token"], second["token"]);
    let areas =
        |reply: &Value| client.get("/v1/areas").token(reply["token"].as_str().unwrap()).send();
    areas(&first).check_problem(ProblemCode::Unauthorised);
    assert_eq!(areas(&second).status, 200);
    assert_eq!(world.read(|tx| tx.devices()).len(), 1);
}

#[test]
fn a_tablet_whose_enrolment_was_answered_into_the_void_enrols_again() {
    let (world, code) = with_code();
    let mut tablet = Tablet::new(&world.time, &world.server.url());
    tablet.net.lose_answers = 1;
    let url = world.server.url();
    let lost = tablet.replica.enrol(&mut tablet.net, &url, &code, "Tablet");
    assert!(matches!(lost, Err(EnrolError::Sync(_))), "{lost:?}");
    tablet.enrol(&code);
    assert!(tablet.sync().complete);
    assert_eq!(world.read(|tx| tx.devices()).len(), 1);
}

#[test]
fn a_used_code_serves_no_other_installation() {
    let (world, code) = with_code();
    assert_eq!(try_code(&world, &code).status, 201);
    check_refused(&world, &code, ProblemCode::CodeUsed);
    check_refused(&world, &with_wrong_secret(&code), ProblemCode::CodeWrong);
}

#[test]
fn five_wrong_secrets_burn_a_code() {
    let (world, code) = with_code();
    for _ in 0..ENROL_WRONG_SECRETS_MAX {
        check_refused(&world, &with_wrong_secret(&code), ProblemCode::CodeWrong);
    }
    check_refused(&world, &code, ProblemCode::CodeBurnt);
    assert_eq!(world.read(|tx| tx.devices()).len(), 0);
}

#[test]
fn four_wrong_secrets_do_not() {
    let (world, code) = with_code();
    for _ in 1..ENROL_WRONG_SECRETS_MAX {
        check_refused(&world, &with_wrong_secret(&code), ProblemCode::CodeWrong);
    }
    assert_eq!(try_code(&world, &code).status, 201);
}

#[test]
fn a_code_can_be_used_for_a_day() {
    let (world, code) = with_code();
    world.time.pass(ENROL_CODE_HOURS * HOUR - 1);
    let (client, install) = (world.server.client(), Device::new_install());
    assert_eq!(Device::try_enrol(&client, &code, &install).status, 201);
    world.time.pass(1);
    Device::try_enrol(&client, &code, &install).check_problem(ProblemCode::CodeExpired);
    check_refused(&world, &with_wrong_secret(&code), ProblemCode::CodeWrong);
}

#[test]
fn an_unused_code_expires() {
    let (world, code) = with_code();
    world.time.pass(ENROL_CODE_HOURS * HOUR);
    check_refused(&world, &code, ProblemCode::CodeExpired);
}

#[test]
fn the_eleventh_try_of_an_address_in_a_minute_must_wait() {
    let (world, code) = with_code_in(World::with_settings(Settings::default()));
    for n in 0..ENROL_TRIES_PER_MINUTE {
        let reply = try_code(&world, &format!("{n:04}ZZZZZZ"));
        reply.check_problem(ProblemCode::CodeWrong);
    }
    let reply = try_code(&world, &code);
    reply.check_problem(ProblemCode::RateLimited);
    let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[test]
fn a_code_is_read_as_people_type_it() {
    let world = World::default();
    let worker = world.worker("Petugas", &[SADAN]);
    let typed: [fn(&str) -> String; 4] = [
        str::to_lowercase,
        |code| format!("{}-{}", &code[..4], &code[4..]),
        |code| format!("  {} {} {}", &code[..4], &code[4..7], &code[7..]),
        |code| code.replace('0', "o").replace('1', "l"),
    ];
    for typed in typed {
        let code = typed(&world.code(worker));
        assert_eq!(try_code(&world, &code).status, 201, "{code}");
    }
}

#[test]
fn an_unknown_name_and_a_wrong_secret_are_answered_alike() {
    let (world, code) = with_code();
    let other = if code.starts_with('0') { "1" } else { "0" };
    let unknown = try_code(&world, &format!("{other}{}", &code[1..]));
    let wrong = try_code(&world, &with_wrong_secret(&code));
    unknown.check_problem(ProblemCode::CodeWrong);
    assert_eq!((unknown.status, unknown.body), (wrong.status, wrong.body));
    for shape in ["", "7KQ2", "7KQ29MXT3FX", "7KQ29MXT3U", "7KQ29MXT3é"] {
        check_refused(&world, shape, ProblemCode::CodeWrong);
    }
}

#[test]
fn the_server_keeps_a_hundred_characters_of_a_tablets_name() {
    let (world, code) = with_code();
    let request = serde_json::json!({"code": code, "install": Device::new_install(),
        "device_name": "é".repeat(1000), "app": "sync-tests"});
    let reply = world.server.client().post("/v1/enrol").json(&request).send();
    assert_eq!(reply.status, 201, "{}", reply.text());
    assert_eq!(world.read(|tx| tx.devices())[0].name, "é".repeat(100));
}
