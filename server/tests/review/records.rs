//! Records that people enter and correct in the office.

use crate::world::{DESA, FAR_DESA, MINUTE, NEXT_DESA, World, child_body, id, weighing, with};
use serde_json::{Value, json};
use server::admin::people::{make_token, ungrant};
use server::admin::sasaran::{Defaults, import_sasaran};
use server::store::{GrantOf, Role, StoreError};

const RECORDS: &str = "/v1/records";

#[test]
fn a_new_child_and_its_weighing_are_changes_of_the_office_that_name_the_person() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let supervisor = world.supervisor();
    let audited = world.audited();
    let entry = json!({"kind": "child", "area": DESA, "body": child_body("Melati")});
    let entered = world.post(&supervisor, RECORDS, &entry);
    assert_eq!((entered.status, &entered.json["outcome"]), (201, &json!("applied")));
    let child = entered.json["id"].as_str().unwrap();
    let row = siti.row(child);
    assert_eq!(row["by"], "Bu Rina");
    assert_eq!(row["stamp"], entered.json["stamp"]);
    assert_eq!(row["area"], DESA);

    let entry = json!({"kind": "measurement", "id": id(2), "body": weighing(child, 8000)});
    assert_eq!(world.post(&supervisor, RECORDS, &entry).status, 201);
    assert_eq!(siti.row(&id(2))["child_id"], child);
    assert_eq!(world.audited(), audited + 2);
    // The same again is an edit without sight of the first.
    world.post(&supervisor, RECORDS, &entry).refused(409, "stale");
    world.check();
}

#[test]
fn what_waited_for_an_entered_child_is_released() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    siti.push("measurement", &id(2), json!({"body": weighing(&id(1), 8000)}));
    assert_eq!(siti.receipt(1)["outcome"], "parked");
    let entry = json!({"kind": "child", "id": id(1), "area": DESA, "body": child_body("Melati")});
    world.post(&world.supervisor(), RECORDS, &entry).ok();
    assert_eq!(siti.receipt(1)["outcome"], "applied");
    world.check();
}

#[test]
fn an_edit_in_the_office_names_the_row_that_the_person_saw() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let body = with(&child_body("Melati"), json!({"nik": "1604064105250001"}));
    let first = siti.push("child", &id(1), json!({"area": DESA, "body": body}))["stamp"].clone();
    let supervisor = world.supervisor();
    world.pass(MINUTE);
    let masked = with(&body, json!({"name": "Melati P.", "nik": "160406********01"}));
    let edit = |base: &Value| json!({"kind": "child", "id": id(1), "body": masked, "base": base});
    for seen in [&Value::Null, &json!("01a1f69321c00000-acd0f1a7")] {
        world.post(&supervisor, RECORDS, &edit(seen)).refused(409, "stale");
    }
    let entered = world.post(&supervisor, RECORDS, &edit(&first));
    let second = entered.ok()["stamp"].clone();
    assert_eq!(siti.row(&id(1))["body"]["name"], "Melati P.");
    assert_eq!(siti.row(&id(1))["body"]["nik"], "1604064105250001");
    world.post(&supervisor, RECORDS, &edit(&first)).refused(409, "stale");

    let moved = json!({"kind": "child", "id": id(1), "move": NEXT_DESA, "base": second});
    let third = world.post(&supervisor, RECORDS, &moved).ok()["stamp"].clone();
    let deleted = json!({"kind": "child", "id": id(1), "deleted": "ganda", "base": third});
    let fourth = world.post(&supervisor, RECORDS, &deleted).ok()["stamp"].clone();
    let mut next = world.tablet("Tuti", &[NEXT_DESA]);
    let row = next.row(&id(1));
    assert_eq!((&row["deleted"], &row["stamp"]), (&json!("ganda"), &fourth));
    assert!(world.conflicts(&supervisor).is_empty());
    world.check();
}

#[test]
fn a_fault_is_named_and_nothing_of_it_is_stored() {
    let world = World::new();
    let supervisor = world.supervisor();
    let changes = world.changes_in_log();
    let heavy = with(&child_body("Melati"), json!({"birth_weight_g": 9}));
    let unborn = with(&child_body("Melati"), json!({"birth_date": "2027-01-01"}));
    for (entry, field) in [
        (json!({"kind": "child", "area": DESA, "body": heavy}), "birth_weight_g"),
        (json!({"kind": "child", "area": DESA, "body": unborn}), "birth_date"),
        (json!({"kind": "arisan", "area": DESA, "body": {}}), "kind"),
        (json!({"kind": "visit", "move": DESA}), "move"),
    ] {
        world.post(&supervisor, RECORDS, &entry).refused(422, "invalid_field").with_detail(field);
    }
    let both = json!({"kind": "child", "area": DESA, "body": child_body("A"), "deleted": "ganda"});
    for entry in [both, json!({"kind": "child"}), json!({"kind": "child", "id": "x"})] {
        world.post(&supervisor, RECORDS, &entry).refused(400, "malformed");
    }
    assert_eq!(world.changes_in_log(), changes);
    assert_eq!(world.parked(&supervisor), Vec::<Value>::new());
    world.check();
}

#[test]
fn what_lies_out_of_scope_looks_like_missing() {
    let world = World::new();
    let mut far = world.tablet("Yanto", &[FAR_DESA]);
    let child = far.push("child", &id(1), json!({"area": FAR_DESA, "body": child_body("Jauh")}));
    let supervisor = world.supervisor();
    let changes = world.changes_in_log();
    for entry in [
        json!({"kind": "child", "area": FAR_DESA, "body": child_body("Baru")}),
        json!({"kind": "child", "area": "16.04.06.2999", "body": child_body("Baru")}),
        json!({"kind": "child", "body": child_body("Baru")}),
        json!({"kind": "child", "id": id(1), "body": child_body("Baru")}),
        json!({"kind": "child", "id": id(1), "body": child_body("Baru"), "base": child["stamp"]}),
        json!({"kind": "child", "id": id(1), "move": DESA, "base": child["stamp"]}),
        json!({"kind": "child", "id": id(3), "body": child_body("Baru"), "base": child["stamp"]}),
        json!({"kind": "measurement", "body": weighing(&id(1), 8000)}),
        json!({"kind": "measurement", "body": weighing(&id(3), 8000)}),
    ] {
        world.post(&supervisor, RECORDS, &entry).refused(404, "not_found");
    }
    assert_eq!(world.changes_in_log(), changes);
    world.check();
}

#[test]
fn a_person_in_the_office_sees_at_once_what_left_the_scope() {
    let world = World::new();
    let mut siti = world.tablet("Siti A.", &[DESA]);
    let child = siti.push("child", &id(1), json!({"area": DESA, "body": child_body("Melati")}));
    let worker = world.worker("Bu Rina", Role::Penyelia, &[DESA, NEXT_DESA]);
    let supervisor = make_token(&world.service, worker).unwrap();
    world.pass(MINUTE);
    ungrant(&world.service, worker, vec![GrantOf::Area(DESA.parse().unwrap())], false).unwrap();
    // A tablet would be let through for 90 days: it could not know.
    let weighed = json!({"kind": "measurement", "body": weighing(&id(1), 8000)});
    world.post(&supervisor, RECORDS, &weighed).refused(404, "not_found");
    let edit = json!({"kind": "child", "id": id(1), "body": child_body("Mawar"),
        "base": child["stamp"]});
    world.post(&supervisor, RECORDS, &edit).refused(404, "not_found");
    world.check();
}

#[test]
fn an_import_does_not_undo_what_a_person_corrected() {
    let world = World::new();
    let supervisor = world.supervisor();
    let file =
        format!("nama anak,jk,tgl lahir,kode desa,alamat\nMelati,P,2025-05-01,{DESA},Dusun 1\n");
    let import = || {
        import_sasaran(&world.service, file.as_bytes(), &Defaults::default(), &mut |_, _| {})
            .unwrap()
    };
    let first = import();
    assert_eq!((first.added, &first.faults), (1, &Vec::new()));
    let born = "2025-05-01".parse().unwrap();
    let found =
        world.service.read_as_operator::<_, StoreError>(|tx, _| tx.children_born_on(born, "P"));
    let child = found.unwrap()[0].id.to_string();
    let row = world.tablet("Siti A.", &[DESA]).row(&child);
    let body = with(&row["body"], json!({"address": "Dusun 2"}));
    let edit = json!({"kind": "child", "id": child, "body": body, "base": row["stamp"]});
    world.post(&supervisor, RECORDS, &edit).ok();
    assert_eq!(import().unchanged, 1);
    assert_eq!(world.tablet("Budi", &[DESA]).row(&child)["body"]["address"], "Dusun 2");
    world.check();
}
