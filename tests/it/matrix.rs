//! Who may do what, everywhere: every route, asked by every kind of caller, about what lies in
//! their scope and about what does not. [`rules`] is the table that a person reads; a route that
//! has no rule fails here.

mod aim;
mod apart;
mod figures;
mod pages;
mod place;
mod rules;

use aim::{Aim, Asked};
use place::{Caller, Kabupaten, Target};
use rules::{RULES, Rule};
use rusqlite::Connection;
use serde_json::Value;
use server::http::routes::ROUTES;
use server::store::DATABASE_FILE;
use std::collections::BTreeSet;
use sync_protocol::problem::ProblemCode;
use sync_tests::{Described, Reply};

#[test]
fn every_route_has_a_rule_and_every_rule_a_route() {
    let routes: BTreeSet<String> =
        ROUTES.iter().map(|route| format!("{} {}", route.method, route.pattern)).collect();
    let ruled: BTreeSet<String> = RULES.iter().map(|rule| rule.route.to_owned()).collect();
    assert_eq!(routes, ruled, "left: the route table, right: the rules");
}

#[test]
fn every_route_gives_every_caller_what_lies_in_their_scope_and_nothing_else() {
    // The second is for those who settle the same as somebody before them.
    let (few, others): (Vec<Caller>, Vec<Caller>) =
        Caller::ALL.into_iter().partition(|caller| *caller == caller.kind());
    for callers in [few, others] {
        check_every_route(&callers);
    }
}

fn check_every_route(callers: &[Caller]) {
    let mut kabupaten = Kabupaten::new();
    let (mut looks, mut exports) = (0, 0);
    for rule in RULES {
        for &caller in callers {
            match rule.refusal(caller) {
                Some(code) => check_refused(&mut kabupaten, rule, caller, code),
                None => {
                    let served = check_served(&mut kabupaten, rule, caller);
                    looks += if rule.aim == Aim::FullNik { served } else { 0 };
                    exports += if rule.route.contains("/export/") { served } else { 0 };
                }
            }
        }
    }
    // Each look at full numbers and each file is in the audit log, and nothing that was refused.
    assert_eq!(audited(&kabupaten, "nik_seen"), looks);
    assert_eq!(audited(&kabupaten, "exported"), exports);
    assert_eq!(kabupaten.world.faults(), Vec::<String>::new());
}

/// A caller who may not call a route hears the same of whatever they ask about.
fn check_refused(kabupaten: &mut Kabupaten, rule: &Rule, caller: Caller, code: ProblemCode) {
    for target in Target::ALL {
        let what = format!("{} as {caller:?} about {target:?}", rule.route);
        let (_, reply) = ask(kabupaten, rule, caller, target);
        assert_eq!((reply.status, reply.code().as_str()), (code.status(), code.as_str()), "{what}");
        assert_eq!(reply.json().get("detail"), None, "{what}");
    }
}

/// A caller who may gets what lies in their scope; what does not looks like what is missing.
/// Returns how many answers were no refusals.
fn check_served(kabupaten: &mut Kabupaten, rule: &Rule, caller: Caller) -> u64 {
    let mut served = 0;
    let mut outside = Vec::new();
    // What is about no place is asked once.
    let targets = if rule.aim.is_about_nobody() { &[Target::Own][..] } else { &Target::ALL };
    for &target in targets {
        let what = format!("{} as {caller:?} about {target:?}", rule.route);
        let (asked, reply) = ask(kabupaten, rule, caller, target);
        if (200..300).contains(&reply.status) {
            served += 1;
            check_taken(&asked, &what);
        }
        let shown = rule.aim.shown(&reply);
        check_nothing_leaks(kabupaten, rule, caller, &shown, &what);
        if rule.aim.is_about_nobody() {
            assert!((200..300).contains(&reply.status), "{what}: {} {shown}", reply.status);
        } else if caller.sees(target) {
            assert!((200..300).contains(&reply.status), "{what}: {} {shown}", reply.status);
            assert!(rule.aim.succeeded(&shown, kabupaten.place(target)), "{what}: {shown}");
        } else if target == Target::Parent && rule.aim.narrows() && caller.sees(Target::Own) {
            // A filter narrows: of what is wider than the scope, the scope is shown.
            assert!(rule.aim.succeeded(&shown, kabupaten.place(Target::Own)), "{what}: {shown}");
        } else {
            outside.push((target, reply.status, shown));
        }
    }
    let missing = outside.last().map(|(_, status, shown)| (*status, shown.clone()));
    for (target, status, shown) in outside {
        let what = format!("{} as {caller:?}: {target:?} and what is missing", rule.route);
        assert_eq!(Some((status, shown)), missing, "{what}");
    }
    served
}

/// What a body was taken for is what is described.
fn check_taken(asked: &Asked, what: &str) {
    let Some(body) = &asked.body else { return };
    let described = Described::get();
    let operation = described.operation(asked.method, &asked.address).unwrap();
    described.check_body(operation, body).unwrap_or_else(|fault| panic!("{what}: {fault}"));
}

/// Nothing tells of what is outside of the scope, and no number of a person is shown in full but
/// where it must be.
fn check_nothing_leaks(
    kabupaten: &Kabupaten,
    rule: &Rule,
    caller: Caller,
    shown: &str,
    what: &str,
) {
    if rule.aim.is_about_nobody() {
        return;
    }
    for target in Target::ALL.into_iter().filter(|target| !caller.sees(*target)) {
        let place = kabupaten.place(target);
        assert!(!shown.contains(&place.name), "{what} tells a name of {target:?}: {shown}");
        // What a tablet of the scope typed is shown as it was typed.
        let is_typed = rule.route == "GET /v1/parked";
        assert!(is_typed || !place.is_told_in(shown), "{what} tells of {target:?}: {shown}");
    }
    if !rule.aim.shows_numbers() {
        place::check_masked(shown, what);
    }
}

fn ask(kabupaten: &mut Kabupaten, rule: &Rule, caller: Caller, target: Target) -> (Asked, Reply) {
    let asked = rule.aim.ask(kabupaten, rule, caller, target);
    let call = kabupaten.client.call(asked.method, &asked.address);
    let call = match kabupaten.token(caller) {
        Some(token) => call.token(token),
        None => call,
    };
    let call = match &asked.body {
        Some(body) => call.json(body),
        None => call,
    };
    let reply = call.send();
    (asked, reply)
}

/// How many rows of the audit log are of an act.
fn audited(kabupaten: &Kabupaten, act: &str) -> u64 {
    let connection = Connection::open(kabupaten.world.data().join(DATABASE_FILE)).unwrap();
    let mut statement = connection.prepare("SELECT text FROM audit").unwrap();
    let texts = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let is_of_act =
        |text: String| serde_json::from_str::<Value>(&text).is_ok_and(|row| row["act"] == act);
    texts.map(Result::unwrap).filter(|text| is_of_act(text.clone())).count() as u64
}
