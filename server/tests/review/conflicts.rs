//! Conflicts: how they are shown, and what each decision does.

use crate::world::{
    DESA, FAR_DESA, MINUTE, NEXT_DESA, Tablet, World, child_body, id, weighing, with,
};
use serde_json::{Value, json};
use server::store::Role;

const NIK: &str = "1604064105250001";
const MASKED: &str = "160406********01";

/// A child that both tablets have; gives its stamp.
fn shared_child(world: &World, siti: &mut Tablet<'_>, budi: &mut Tablet<'_>, child: &str) -> Value {
    let body = with(&child_body("Melati"), json!({"phone": "0811", "nik": NIK}));
    let receipt = siti.push("child", child, json!({"area": DESA, "body": body}));
    budi.sync(&[]);
    world.pass(MINUTE);
    receipt["stamp"].clone()
}

/// Siti and then Budi edit the child, neither having seen the other's edit. Budi's is the later.
fn conflict(world: &World, siti: &mut Tablet<'_>, budi: &mut Tablet<'_>, child: &str) {
    let base = shared_child(world, siti, budi, child);
    let body = with(&child_body("Melati"), json!({"phone": "0811", "nik": NIK}));
    let by_siti = with(&body, json!({"name": "Melati Putri", "rt": "03"}));
    siti.push("child", child, json!({"base": base, "body": by_siti}));
    world.pass(MINUTE);
    let by_budi = with(&body, json!({"name": "Mawar", "phone": "0822"}));
    budi.push("child", child, json!({"base": base, "body": by_budi}));
    world.pass(MINUTE);
}

fn two_tablets(world: &World) -> (Tablet<'_>, Tablet<'_>) {
    (world.tablet("Siti A.", &[DESA]), world.tablet("Budi", &[DESA]))
}

#[test]
fn both_versions_are_shown_field_by_field_beside_what_they_were_made_from() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    conflict(&world, &mut siti, &mut budi, &id(1));

    let shown = world.only_conflict(&world.supervisor());
    assert_eq!(shown["kind"], "child");
    assert_eq!(shown["record"], id(1));
    assert_eq!(shown["child_id"], id(1));
    assert_eq!(shown["child_name"], "Mawar");
    assert_eq!(shown["area"], DESA);
    assert_eq!(shown["label"], "overlap");
    assert_eq!(shown["winner"], "incoming");
    assert_eq!(shown["later"], Value::Null);
    assert_eq!(shown["winner_stamp"], shown["incoming"]["stamp"]);
    assert_eq!(shown["incoming"]["by"], "Budi");
    assert_eq!(shown["other"]["by"], "Siti A.");
    assert_eq!(shown["other"]["made_at"], "2026-11-24T02:01:00.000+00:00");
    assert_eq!(shown["found_at"], "2026-11-24T02:02:00.000+00:00");
    assert_eq!(shown["base"]["body"]["name"], "Melati");
    for version in ["base", "incoming", "other"] {
        assert_eq!(shown[version]["body"]["nik"], MASKED);
    }
    let expected = json!([
        {"field": "name", "base": "Melati", "incoming": "Mawar", "other": "Melati Putri",
            "overlap": true},
        {"field": "phone", "base": "0811", "incoming": "0822", "other": "0811", "overlap": false},
        {"field": "rt", "base": null, "incoming": null, "other": "03", "overlap": false}
    ]);
    assert_eq!(shown["fields"], expected);
}

#[test]
fn overlaps_come_first_then_the_oldest_part_by_part() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    for (n, by_siti, by_budi) in [
        (1, json!({"rt": "01"}), json!({"rw": "01"})),
        (2, json!({"rt": "01"}), json!({"rt": "02"})),
        (3, json!({"rt": "01"}), json!({"rw": "01"})),
        (4, json!({"rt": "01"}), json!({"rt": "02"})),
        // Both say the same: nothing to decide.
        (5, json!({"rt": "01"}), json!({"rt": "01"})),
    ] {
        let base = shared_child(&world, &mut siti, &mut budi, &id(n));
        let body = with(&child_body("Melati"), json!({"phone": "0811", "nik": NIK}));
        siti.push("child", &id(n), json!({"base": base, "body": with(&body, by_siti)}));
        budi.push("child", &id(n), json!({"base": base, "body": with(&body, by_budi)}));
    }
    let supervisor = world.supervisor();
    let records = |conflicts: &Value| -> Vec<Value> {
        conflicts.as_array().unwrap().iter().map(|shown| shown["record"].clone()).collect()
    };
    let all = world.get(&supervisor, "/v1/conflicts");
    assert_eq!(records(&all.ok()["conflicts"]), [id(2), id(4), id(1), id(3)]);
    assert_eq!(all.json["after"], Value::Null);

    let first = world.get(&supervisor, "/v1/conflicts?limit=3");
    assert_eq!(records(&first.ok()["conflicts"]), [id(2), id(4), id(1)]);
    let rest = world.get(&supervisor, &format!("/v1/conflicts?after={}", first.json["after"]));
    assert_eq!(records(&rest.ok()["conflicts"]), [id(3)]);
    assert_eq!(rest.json["after"], Value::Null);
    world.check();
}

#[test]
fn keeping_the_winner_closes_the_conflict_and_changes_nothing() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    conflict(&world, &mut siti, &mut budi, &id(1));
    let supervisor = world.supervisor();
    let shown = world.only_conflict(&supervisor);
    let (before, changes, audited) = (siti.row(&id(1)), world.changes_in_log(), world.audited());

    let answer = world.decide(&supervisor, &shown, json!({"decision": "keep"}));
    assert_eq!(*answer.ok(), json!({"id": shown["id"], "decision": "keep", "stamp": null}));
    assert!(world.conflicts(&supervisor).is_empty());
    assert_eq!(siti.row(&id(1)), before);
    assert_eq!(world.changes_in_log(), changes);
    assert_eq!(world.audited(), audited + 1);
    // Decided once: who comes second looks again.
    world.decide(&supervisor, &shown, json!({"decision": "take"})).refused(409, "stale");
    assert_eq!(world.audited(), audited + 1);
    world.check();
}

#[test]
fn taking_the_losing_version_is_a_change_of_the_office_that_opens_no_conflict() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    conflict(&world, &mut siti, &mut budi, &id(1));
    let supervisor = world.supervisor();
    let shown = world.only_conflict(&supervisor);
    let changes = world.changes_in_log();

    let answer = world.decide(&supervisor, &shown, json!({"decision": "take"}));
    let row = budi.row(&id(1));
    assert_eq!(row["body"]["name"], "Melati Putri");
    assert_eq!(row["body"]["nik"], NIK);
    assert_eq!(row["by"], "Bu Rina");
    assert_eq!(row["stamp"], answer.ok()["stamp"]);
    assert!(row["stamp"].as_str().unwrap().ends_with("-00000000"), "{row}");
    assert_eq!(world.changes_in_log(), changes + 1);
    assert!(world.conflicts(&supervisor).is_empty());
    world.check();
}

#[test]
fn a_combination_holds_and_a_masked_nik_in_it_stands_for_the_number() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    conflict(&world, &mut siti, &mut budi, &id(1));
    let supervisor = world.supervisor();
    let shown = world.only_conflict(&supervisor);

    let faulty = with(&shown["other"]["body"], json!({"sex": "X"}));
    let ruling = json!({"decision": "body", "body": faulty});
    world.decide(&supervisor, &shown, ruling).refused(422, "invalid_field").with_detail("sex");
    assert_eq!(world.only_conflict(&supervisor), shown);

    let combined = with(&shown["other"]["body"], json!({"phone": "0822"}));
    assert_eq!(combined["nik"], MASKED);
    let ruling = json!({"decision": "body", "body": combined, "reason": "Nama menurut KK"});
    world.decide(&supervisor, &shown, ruling).ok();
    let body = siti.row(&id(1))["body"].clone();
    let expected =
        with(&child_body("Melati Putri"), json!({"phone": "0822", "rt": "03", "nik": NIK}));
    assert_eq!(body, expected);
    assert!(world.conflicts(&supervisor).is_empty());
    world.check();
}

#[test]
fn dismissing_needs_a_reason() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    conflict(&world, &mut siti, &mut budi, &id(1));
    let supervisor = world.supervisor();
    let shown = world.only_conflict(&supervisor);
    for ruling in [json!({"decision": "dismiss"}), json!({"decision": "dismiss", "reason": "  "})] {
        world.decide(&supervisor, &shown, ruling).refused(400, "malformed");
    }
    let ruling = json!({"decision": "dismiss", "reason": "Sudah dibicarakan"});
    world.decide(&supervisor, &shown, ruling).ok();
    assert!(world.conflicts(&supervisor).is_empty());
    world.check();
}

#[test]
fn a_decision_on_what_has_changed_since_is_refused_and_shown_again() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    conflict(&world, &mut siti, &mut budi, &id(1));
    let supervisor = world.supervisor();
    let shown = world.only_conflict(&supervisor);

    // Siti sees Budi's version and edits it on: no new conflict, but another winner.
    let row = siti.row(&id(1));
    world.pass(MINUTE);
    let edit = json!({"base": row["stamp"], "body": with(&row["body"], json!({"rw": "07"}))});
    let receipt = siti.push("child", &id(1), edit);
    let (audited, changes) = (world.audited(), world.changes_in_log());
    for decision in ["keep", "take"] {
        world.decide(&supervisor, &shown, json!({"decision": decision})).refused(409, "stale");
    }
    let ruling = json!({"decision": "dismiss", "reason": "x"});
    world.decide(&supervisor, &shown, ruling).refused(409, "stale");
    assert_eq!((world.audited(), world.changes_in_log()), (audited, changes));

    let again = world.only_conflict(&supervisor);
    assert_eq!(again["winner"], "later");
    assert_eq!(again["winner_stamp"], receipt["stamp"]);
    assert_eq!(again["later"]["body"]["rw"], "07");
    world.decide(&supervisor, &again, json!({"decision": "take"})).ok();
    assert_eq!(budi.row(&id(1))["body"]["name"], "Melati Putri");
    assert!(world.conflicts(&supervisor).is_empty());
    world.check();
}

#[test]
fn a_move_against_a_move_is_decided_too() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    let base = shared_child(&world, &mut siti, &mut budi, &id(1));
    siti.push("child", &id(1), json!({"base": base, "move": FAR_DESA}));
    world.pass(MINUTE);
    // Budi could not know: but a move by somebody out of scope is parked.
    let parked = budi.push("child", &id(1), json!({"base": base, "move": NEXT_DESA}));
    assert_eq!(parked["outcome"], "parked");

    let everywhere = world.person("Pak Dinas", Role::Penyelia, &["16.04"]);
    let mut wide = world.tablet("Koordinator", &["16.04"]);
    world.pass(MINUTE);
    let receipt = wide.push("child", &id(1), json!({"base": base, "move": NEXT_DESA}));
    assert_eq!(receipt["outcome"], "applied");

    let shown = world.only_conflict(&everywhere);
    assert_eq!(shown["other"]["area"], FAR_DESA);
    assert_eq!(shown["incoming"]["area"], NEXT_DESA);
    assert_eq!(shown["base"]["area"], DESA);
    assert_eq!(shown["fields"], json!([]));
    let body = json!({"decision": "body", "body": child_body("Melati")});
    world.decide(&everywhere, &shown, body).refused(400, "malformed");
    world.decide(&everywhere, &shown, json!({"decision": "take"})).ok();
    assert_eq!(wide.row(&id(1))["area"], FAR_DESA);
    assert!(world.conflicts(&everywhere).is_empty());
    world.check();
}

#[test]
fn a_delete_against_an_edit_can_be_taken_back_and_taken() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    let supervisor = world.supervisor();
    shared_child(&world, &mut siti, &mut budi, &id(1));
    for (n, deleter_is_later) in [(2, true), (3, false)] {
        let first = siti.push("measurement", &id(n), json!({"body": weighing(&id(1), 8000)}));
        budi.sync(&[]);
        world.pass(MINUTE);
        let deletion = json!({"base": first["stamp"], "deleted": "salah_input"});
        let edit = json!({"base": first["stamp"], "body": weighing(&id(1), 8200)});
        let (one, two) = if deleter_is_later { (edit, deletion) } else { (deletion, edit) };
        siti.push("measurement", &id(n), one);
        world.pass(MINUTE);
        budi.push("measurement", &id(n), two);
        let shown = world.only_conflict(&supervisor);
        assert_eq!(shown["label"], "overlap");
        assert_eq!(shown["child_name"], "Melati");
        world.decide(&supervisor, &shown, json!({"decision": "take"})).ok();
        let row = budi.row(&id(n));
        if deleter_is_later {
            assert_eq!(row["body"]["weight_g"], 8200);
        } else {
            assert_eq!(row["deleted"], "salah_input");
        }
        assert!(world.conflicts(&supervisor).is_empty());
    }
    world.check();
}

#[test]
fn an_edit_made_without_sight_of_a_decision_is_a_conflict_with_it() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    conflict(&world, &mut siti, &mut budi, &id(1));
    let supervisor = world.supervisor();
    let before = budi.row(&id(1));
    let shown = world.only_conflict(&supervisor);
    world.decide(&supervisor, &shown, json!({"decision": "take"})).ok();
    world.pass(MINUTE);
    let body = with(&before["body"], json!({"name": "Dahlia"}));
    budi.push("child", &id(1), json!({"base": before["stamp"], "body": body}));
    let shown = world.only_conflict(&supervisor);
    assert_eq!(shown["other"]["by"], "Bu Rina");
    assert_eq!(shown["other"]["device"], 0);
    world.check();
}

#[test]
fn a_version_whose_future_date_was_released_can_be_taken() {
    let world = World::new();
    let (mut siti, mut budi) = two_tablets(&world);
    let supervisor = world.supervisor();
    shared_child(&world, &mut siti, &mut budi, &id(1));
    let first = siti.push("measurement", &id(2), json!({"body": weighing(&id(1), 8000)}));
    budi.sync(&[]);
    world.pass(MINUTE);
    let future = with(&weighing(&id(1), 8100), json!({"measured_on": "2027-01-31"}));
    siti.push("measurement", &id(2), json!({"base": first["stamp"], "body": future}));
    world.pass(MINUTE);
    let edit = json!({"base": first["stamp"], "body": weighing(&id(1), 8200)});
    budi.push("measurement", &id(2), edit);
    assert!(world.conflicts(&supervisor).is_empty());

    // Released late, it loses by its stamp; only now the two are known to be concurrent.
    let parked = world.only_parked(&supervisor);
    let released = world.settle(&supervisor, &parked, &json!({"decision": "release"}));
    assert_eq!(released.ok()["outcome"], "superseded");
    let shown = world.only_conflict(&supervisor);
    assert_eq!(shown["winner"], "other");
    world.decide(&supervisor, &shown, json!({"decision": "take"})).ok();
    assert_eq!(budi.row(&id(2))["body"], future);
    assert!(world.conflicts(&supervisor).is_empty());
    world.check();
}
