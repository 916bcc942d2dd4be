//! Diganti: the worker sees which of his values were replaced, from what to what and by whom.

use crate::support::{
    DESA, FAR_DESA, LATER, Script, Tablet, area, child_row, other_stamp, own_stamp,
};
use serde_json::{Value, json};
use sync_protocol::ids::RecordId;

/// A child of this tablet, settled.
fn settled() -> (Tablet, RecordId) {
    let mut tablet = Tablet::enrolled();
    let melati = tablet.save_child("Melati").id;
    tablet.sync(Script::default().says(json!({"rows": [own_row(melati)]}))).unwrap();
    (tablet, melati)
}

fn own_row(id: RecordId) -> Value {
    json!({"kind": "child", "id": id, "area": DESA, "stamp": own_stamp(1), "by": "Siti A.",
        "body": {"name": "Melati", "sex": "L", "birth_date": "2025-05-01"}})
}

#[test]
fn a_value_that_another_hand_replaced_is_listed_with_both_values() {
    let (mut tablet, melati) = settled();
    let rows = json!([child_row(melati, "Melati Sari", &other_stamp(LATER))]);
    let report = tablet.sync(Script::default().says(json!({"rows": rows}))).unwrap();
    assert_eq!(report.replaced, 1);
    let replaced = &tablet.replica.superseded().unwrap()[0];
    assert_eq!(replaced.by.as_deref(), Some("Budi"));
    let name = replaced.fields.iter().find(|(field, ..)| field == "name");
    assert_eq!(name, Some(&("name".to_owned(), json!("Melati"), json!("Melati Sari"))));
    assert_eq!(replaced.child_name.as_deref(), Some("Melati Sari"));
    let again = json!([child_row(melati, "Melati Sari Dewi", &other_stamp(LATER + 1))]);
    let report = tablet.sync(Script::default().says(json!({"rows": again}))).unwrap();
    assert_eq!(report.replaced, 0, "it was already replaced");
}

#[test]
fn a_deletion_by_another_hand_is_listed() {
    let (mut tablet, melati) = settled();
    let rows = json!([{"kind": "child", "id": melati, "area": DESA, "stamp": other_stamp(LATER),
        "by": "Budi", "deleted": "ganda"}]);
    tablet.sync(Script::default().says(json!({"rows": rows}))).unwrap();
    let replaced = &tablet.replica.superseded().unwrap()[0];
    assert_eq!(replaced.fields, [("deleted".to_owned(), Value::Null, json!("ganda"))]);
}

#[test]
fn a_hand_over_by_another_hand_replaces_no_value() {
    let (mut tablet, melati) = settled();
    let mut row = own_row(melati);
    row["area"] = json!(FAR_DESA);
    row["stamp"] = json!(other_stamp(LATER));
    let answer = json!({"rows": [row], "areas": [DESA, FAR_DESA]});
    let report = tablet.sync(Script::default().says(answer)).unwrap();
    assert_eq!(report.replaced, 0);
}

#[test]
fn a_hand_over_that_another_hand_took_back_is_listed() {
    let (mut tablet, melati) = settled();
    tablet.replica.move_child(melati, area(FAR_DESA)).unwrap();
    let both = json!([DESA, FAR_DESA]);
    let mut moved = own_row(melati);
    moved["area"] = json!(FAR_DESA);
    moved["stamp"] = json!(own_stamp(2));
    tablet.sync(Script::default().says(json!({"rows": [moved], "areas": both}))).unwrap();
    let mut back = own_row(melati);
    back["stamp"] = json!(other_stamp(LATER));
    tablet.sync(Script::default().says(json!({"rows": [back], "areas": both}))).unwrap();
    let replaced = &tablet.replica.superseded().unwrap()[0];
    assert_eq!(replaced.fields, [("area".to_owned(), json!(FAR_DESA), json!(DESA))]);
}

#[test]
fn ones_own_later_edit_replaces_nothing_even_before_its_receipt() {
    let (mut tablet, melati) = settled();
    let body = crate::support::child("Melati P.");
    tablet.replica.save(sync_protocol::record::Kind::CHILD, Some(melati), None, body).unwrap();
    let mut row = own_row(melati);
    row["body"]["name"] = json!("Melati P.");
    row["stamp"] = json!(own_stamp(2));
    // The server has seq 2 from a request whose answer was lost; the batch brings it again later.
    let page =
        json!({"rows": [row], "receipts": [], "acked_through": 1, "more": true, "cursor": "c2"});
    let mut server = Script::default().then(move |request| {
        let mut unsent = request.clone();
        unsent["changes"] = json!([]);
        Ok(crate::support::good(&unsent, page.clone()))
    });
    // An answer without our receipt is not taken, so the row is not either.
    assert!(tablet.replica.exchange(&mut server).is_err());
    let rows = json!([{"kind": "child", "id": melati, "area": DESA, "stamp": own_stamp(2),
        "by": "Siti A.", "body": {"name": "Melati P.", "sex": "L", "birth_date": "2025-05-01"}}]);
    let report = tablet.sync(Script::default().says(json!({"rows": rows}))).unwrap();
    assert_eq!(report.replaced, 0);
    assert!(tablet.replica.superseded().unwrap().is_empty());
}
