//! Parked changes: how they are shown, and what release, discard and mending do.

use crate::world::{DESA, FAR_DESA, MINUTE, NEXT_DESA, World, child_body, id, weighing, with};
use serde_json::{Value, json};
use server::store::Role;

fn future_child(name: &str) -> Value {
    with(&child_body(name), json!({"birth_date": "2027-05-01"}))
}

#[test]
fn a_parked_change_is_shown_as_it_was_typed_with_nik_masked() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let body = with(&future_child("Melati"), json!({"nik": "1604064105250001", "x": 1}));
    siti.push("child", &id(1), json!({"area": DESA, "body": body}));
    siti.push("measurement", &id(2), json!({"body": weighing(&id(1), 8000)}));

    let supervisor = world.supervisor();
    let shown = world.parked(&supervisor);
    assert_eq!(shown.len(), 2);
    assert_eq!(shown[0]["worker"], "Siti A.");
    assert_eq!(shown[0]["device_name"], "Tab A7");
    assert_eq!(shown[0]["seq"], 1);
    assert_eq!(shown[0]["code"], "date_in_future");
    assert_eq!(shown[0]["field"], "birth_date");
    assert_eq!(shown[0]["kind"], "child");
    assert_eq!(shown[0]["record"], id(1));
    assert_eq!(shown[0]["child_name"], "Melati");
    assert_eq!(shown[0]["received_at"], "2026-11-24T02:00:00.000+00:00");
    assert_eq!(shown[0]["change"]["area"], DESA);
    assert_eq!(shown[0]["change"]["body"]["x"], 1);
    assert_eq!(shown[0]["change"]["body"]["nik"], "160406********01");
    assert_eq!(shown[1]["code"], "not_in_scope");
    assert!(shown[1]["message"].as_str().unwrap().starts_with("Data ini di luar"));

    let some = |query: &str| {
        let answer = world.get(&supervisor, &format!("/v1/parked?{query}"));
        let seqs = answer.ok()["parked"].as_array().unwrap().iter().map(|p| p["seq"].clone());
        (seqs.collect::<Vec<_>>(), answer.json["after"].clone())
    };
    assert_eq!(some("code=not_in_scope").0, [2]);
    assert_eq!(some(&format!("area={DESA}")).0, [1, 2]);
    assert!(some(&format!("area={NEXT_DESA}")).0.is_empty());
    assert!(some(&format!("area={FAR_DESA}")).0.is_empty());
    let (first, after) = some("limit=1");
    assert_eq!(first, [1]);
    assert_eq!(some(&format!("after={after}")), (vec![json!(2)], Value::Null));
}

#[test]
fn a_change_concerns_whoever_supervises_its_maker_its_record_or_its_area() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let mut far = world.tablet("Yanto", &[FAR_DESA]);
    far.push("child", &id(9), json!({"area": FAR_DESA, "body": child_body("Jauh")}));
    // A new child, a measurement of a child, and an edit, all beyond Siti's scope.
    siti.push("child", &id(1), json!({"area": FAR_DESA, "body": child_body("Melati")}));
    siti.push("measurement", &id(2), json!({"body": weighing(&id(9), 8000)}));
    siti.push("child", &id(9), json!({"body": child_body("Dekat")}));
    let everybody = world.person("Pak Dinas", Role::Penyelia, &["16.04"]);
    for supervisor in
        [world.supervisor(), world.person("Bu Eka", Role::Penyelia, &[FAR_DESA]), everybody]
    {
        assert_eq!(world.parked(&supervisor).len(), 3);
    }
    let elsewhere = world.person("Bu Ida", Role::Penyelia, &[NEXT_DESA]);
    assert!(world.parked(&elsewhere).is_empty());
    let first = world.parked(&world.supervisor())[0].clone();
    for settlement in [
        json!({"decision": "release"}),
        json!({"decision": "discard", "reason": "x"}),
        json!({"decision": "mend", "body": child_body("Melati")}),
    ] {
        world.settle(&elsewhere, &first, &settlement).refused(404, "not_found");
    }
    world.check();
}

#[test]
fn a_released_change_keeps_its_stamp_and_releases_what_waits_for_it() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let child = siti.push("child", &id(1), json!({"area": DESA, "body": future_child("Melati")}));
    siti.push("measurement", &id(2), json!({"body": weighing(&id(1), 8000)}));
    let supervisor = world.supervisor();
    world.pass(MINUTE);
    let audited = world.audited();

    let shown = world.parked(&supervisor);
    let answer = world.settle(&supervisor, &shown[0], &json!({"decision": "release"}));
    assert_eq!(*answer.ok(), json!({"id": shown[0]["id"], "outcome": "applied"}));
    assert_eq!(siti.receipt(1), json!({"seq": 1, "outcome": "applied", "stamp": child["stamp"]}));
    assert_eq!(siti.receipt(2)["outcome"], "applied");
    assert!(world.parked(&supervisor).is_empty());
    assert_eq!(siti.row(&id(1))["stamp"], child["stamp"]);
    assert_eq!(siti.row(&id(1))["by"], "Siti A.");
    assert_eq!(world.audited(), audited + 1);
    world.settle(&supervisor, &shown[0], &json!({"decision": "release"})).refused(404, "not_found");
    world.check();
}

#[test]
fn a_release_runs_every_other_check_and_leaves_what_fails_as_it_was() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let supervisor = world.supervisor();
    let wrong = with(&child_body("Melati"), json!({"birth_weight_g": 9}));
    siti.push("child", &id(1), json!({"area": DESA, "body": wrong}));
    siti.push("child", &id(2), json!({"area": FAR_DESA, "body": future_child("Mawar")}));
    let before = (world.parked(&supervisor), siti.receipt(1), siti.receipt(2), world.audited());

    let release = json!({"decision": "release"});
    let details = ["invalid_field (birth_weight_g)", "not_in_scope"];
    for (shown, detail) in before.0.iter().zip(details) {
        let answer = world.settle(&supervisor, shown, &release);
        answer.refused(409, "still_parked").with_detail(detail);
    }
    let after = (world.parked(&supervisor), siti.receipt(1), siti.receipt(2), world.audited());
    assert_eq!(before, after);
    world.check();
}

#[test]
fn the_worker_reads_who_discarded_a_change_and_why() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let parked = siti.push("child", &id(1), json!({"area": DESA, "body": future_child("Melati")}));
    let supervisor = world.supervisor();
    let shown = world.only_parked(&supervisor);
    let without_reason = json!({"decision": "discard", "reason": " "});
    world.settle(&supervisor, &shown, &without_reason).refused(400, "malformed");

    let settlement = json!({"decision": "discard", "reason": "Anak ini belum lahir."});
    let answer = world.settle(&supervisor, &shown, &settlement);
    assert_eq!(answer.ok()["outcome"], "discarded");
    let expected = json!({"seq": 1, "outcome": "discarded", "stamp": parked["stamp"],
        "message": "Ditolak oleh Bu Rina: Anak ini belum lahir."});
    assert_eq!(siti.receipt(1), expected);
    assert!(world.parked(&supervisor).is_empty());
    assert_eq!(siti.sync(&[])["parked"], json!([]));
    assert_eq!(siti.row(&id(1)), Value::Null);
    world.check();
}

#[test]
fn a_mended_body_is_merged_in_place_of_the_parked_one() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let typed = with(&future_child("Melati"), json!({"nik": "1604064105250001"}));
    siti.push("child", &id(1), json!({"area": DESA, "body": typed}));
    siti.push("measurement", &id(2), json!({"body": weighing(&id(1), 8000)}));
    let supervisor = world.supervisor();
    let shown = world.parked(&supervisor)[0].clone();
    let (before, audited) = (world.parked(&supervisor), world.audited());

    let faulty = with(&shown["change"]["body"], json!({"birth_date": "2027-01-01"}));
    let answer = world.settle(&supervisor, &shown, &json!({"decision": "mend", "body": faulty}));
    answer.refused(422, "invalid_field").with_detail("birth_date");
    assert_eq!((world.parked(&supervisor), world.audited()), (before, audited));

    let mended = with(&shown["change"]["body"], json!({"birth_date": "2025-05-01"}));
    let answer = world.settle(&supervisor, &shown, &json!({"decision": "mend", "body": mended}));
    assert_eq!(answer.ok()["outcome"], "superseded");
    assert_eq!(answer.json["mending"]["outcome"], "applied");
    assert_eq!(siti.receipt(1)["outcome"], "superseded");
    assert_eq!(siti.receipt(2)["outcome"], "applied");
    let row = siti.row(&id(1));
    assert_eq!(row["by"], "Bu Rina");
    assert_eq!(row["stamp"], answer.json["mending"]["stamp"]);
    assert_eq!(row["area"], DESA);
    assert_eq!(row["body"]["nik"], "1604064105250001");
    assert_eq!(row["body"]["birth_date"], "2025-05-01");
    assert!(world.parked(&supervisor).is_empty());
    assert!(world.conflicts(&supervisor).is_empty());
    assert_eq!(world.audited(), audited + 1);
    world.check();
}

#[test]
fn a_mending_of_what_others_changed_unseen_is_a_conflict_and_of_ones_own_is_not() {
    let world = World::new();
    let (mut siti, mut budi) = (world.tablet("Siti A.", &[DESA]), world.tablet("Budi", &[DESA]));
    let supervisor = world.supervisor();
    for (n, budi_edits) in [(1, false), (2, true)] {
        // Siti has written two versions in one go, offline; the second is faulty.
        let first = siti.change("child", &id(n), json!({"area": DESA, "body": child_body("Ani")}));
        world.pass(MINUTE);
        let faulty = with(&child_body("Ani"), json!({"rt": "03", "birth_weight_g": 9}));
        let second = siti.change("child", &id(n), json!({"area": DESA, "body": faulty}));
        let receipts = siti.sync(&[first, second])["receipts"].clone();
        assert_eq!(receipts[1]["outcome"], "parked");
        world.pass(MINUTE);
        if budi_edits {
            let body = with(&child_body("Ani"), json!({"rw": "01"}));
            budi.push("child", &id(n), json!({"base": receipts[0]["stamp"], "body": body}));
            world.pass(MINUTE);
        }
        let shown = world.only_parked(&supervisor);
        let mended = with(&shown["change"]["body"], json!({"birth_weight_g": 2900}));
        let settlement = json!({"decision": "mend", "body": mended});
        world.settle(&supervisor, &shown, &settlement).ok();
        assert_eq!(world.conflicts(&supervisor).len(), usize::from(budi_edits));
        assert_eq!(siti.row(&id(n))["body"]["birth_weight_g"], 2900);
    }
    world.check();
}

#[test]
fn what_cannot_be_mended_is_said_to_be_so() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let supervisor = world.supervisor();
    let mend = json!({"decision": "mend", "body": child_body("Melati")});
    siti.push("arisan", &id(1), json!({"body": {"x": 1}}));
    siti.push("child", &id(2), json!({"move": NEXT_DESA}));
    siti.push("child", &id(3), json!({"area": FAR_DESA, "body": child_body("Melati")}));
    let shown = world.parked(&supervisor);
    let answer = world.settle(&supervisor, &shown[0], &mend);
    answer.refused(409, "still_parked").with_detail("unknown_kind");
    world.settle(&supervisor, &shown[1], &mend).refused(400, "malformed");
    let answer = world.settle(&supervisor, &shown[2], &mend);
    answer.refused(409, "still_parked").with_detail("not_in_scope");
    assert_eq!(world.parked(&supervisor), shown);
    world.check();
}

#[test]
fn a_change_that_cannot_be_read_is_shown_as_far_as_it_goes_and_can_be_discarded() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let supervisor = world.supervisor();
    let long = "x".repeat(70_000);
    siti.push("child", &id(1), json!({"area": DESA, "body": {"name": long}}));
    siti.push("child", "not-an-id", json!({"body": 7}));
    let shown = world.parked(&supervisor);
    assert_eq!(shown[0]["code"], "too_large");
    assert_eq!(shown[0]["change"], Value::Null);
    assert_eq!(shown[1]["change"]["body"], 7);
    assert_eq!(shown[1]["record"], Value::Null);
    for parked in &shown {
        let settlement = json!({"decision": "discard", "reason": "Tidak terbaca"});
        world.settle(&supervisor, parked, &settlement).ok();
    }
    assert_eq!(siti.receipt(2)["outcome"], "discarded");
    world.check();
}
