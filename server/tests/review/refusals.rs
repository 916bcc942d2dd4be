//! Who may review: supervisors, in their scope, and nobody else.

use crate::world::{DESA, MINUTE, NEXT_DESA, World, child_body, id, with};
use serde_json::json;
use server::store::Role;

#[test]
fn only_supervisors_review_and_enter() {
    let world = World::new();
    let siti = world.tablet("Siti A.", &[DESA]);
    let callers = [
        (String::new(), 401, "unauthorised"),
        ("tbg_nobody".to_owned(), 401, "unauthorised"),
        // A tablet's token is not a person's.
        (siti.token.clone(), 401, "unauthorised"),
        (world.person("Siti A.", Role::Tenaga, &["16.04"]), 403, "forbidden"),
        (world.person("Pak Camat", Role::Pengamat, &["16.04"]), 403, "forbidden"),
        (world.person("IT", Role::Admin, &["16.04"]), 403, "forbidden"),
    ];
    let ruling = json!({"decision": "keep", "winner": "01a1f69321c00000-acd0f1a7"});
    let entry = json!({"kind": "child", "area": DESA, "body": child_body("Melati")});
    for (token, status, code) in callers {
        world.get(&token, "/v1/conflicts").refused(status, code);
        world.get(&token, "/v1/parked").refused(status, code);
        world.post(&token, "/v1/conflicts/1", &ruling).refused(status, code);
        world.post(&token, "/v1/parked/1", &json!({"decision": "release"})).refused(status, code);
        world.post(&token, "/v1/records", &entry).refused(status, code);
    }
    assert_eq!(world.changes_in_log(), 0);
}

#[test]
fn a_conflict_of_another_scope_is_not_there() {
    let world = World::new();
    let (mut siti, mut budi) = (world.tablet("Siti A.", &[DESA]), world.tablet("Budi", &[DESA]));
    let first = siti.push("child", &id(1), json!({"area": DESA, "body": child_body("Melati")}));
    world.pass(MINUTE);
    for (tablet, name) in [(&mut siti, "Mawar"), (&mut budi, "Dahlia")] {
        let body = with(&child_body(name), json!({}));
        tablet.push("child", &id(1), json!({"base": first["stamp"], "body": body}));
    }
    let here = world.supervisor();
    let shown = world.only_conflict(&here);
    let elsewhere = world.person("Bu Ida", Role::Penyelia, &[NEXT_DESA]);
    assert!(world.conflicts(&elsewhere).is_empty());
    world.decide(&elsewhere, &shown, json!({"decision": "keep"})).refused(404, "not_found");
    for address in ["/v1/conflicts/999", "/v1/conflicts/x"] {
        let ruling = json!({"decision": "keep", "winner": shown["winner_stamp"]});
        world.post(&here, address, &ruling).refused(404, "not_found");
    }
    let within = |area: &str| {
        let answer = world.get(&here, &format!("/v1/conflicts?area={area}"));
        answer.ok()["conflicts"].as_array().unwrap().len()
    };
    assert_eq!((within(DESA), within("16.04"), within(NEXT_DESA)), (1, 1, 0));
    world.get(&here, "/v1/conflicts?area=Jarai").refused(400, "malformed");
    world.get(&here, "/v1/parked?code=because").refused(400, "malformed");
}
