//! Lists by page, and one child: what each role sees, and where its scope ends.

use super::support::{
    FAR_DESA, JARAI, NIK, NIK_MASKED, OTHER_DESA, Office, SADAN, any_id, child, ids,
};
use serde_json::{Value, json};
use server::store::Role;
use std::collections::BTreeSet;

#[test]
fn a_list_shows_the_scope_narrowed_by_its_filters() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI, FAR_DESA]);
    let here = tablet.child(SADAN, child("A")).to_string();
    let mut in_other_posyandu = child("B");
    in_other_posyandu["posyandu"] = json!("Anggrek");
    let there = tablet.child(OTHER_DESA, in_other_posyandu).to_string();
    let far = tablet.child(FAR_DESA, child("C")).to_string();
    let token = office.penyelia(&[JARAI]);
    let list = |query: &str| ids(&office.get(&token, &format!("/v1/children?{query}"))["children"]);
    assert_eq!(list(""), [here.as_str(), there.as_str()]);
    assert_eq!(list(&format!("area={SADAN}")), [here.as_str()]);
    assert_eq!(list("area=16"), [here.as_str(), there.as_str()]);
    assert_eq!(list("area=16.04.07"), [] as [&str; 0]);
    assert_eq!(list("area=99"), [] as [&str; 0]);
    assert_eq!(list("puskesmas=CONTOH-160406-1"), [here.as_str(), there.as_str()]);
    assert_eq!(list("puskesmas=CONTOH-160401-1"), [] as [&str; 0]);
    assert_eq!(list("puskesmas=TIDAK-ADA"), [] as [&str; 0]);
    assert_eq!(list("posyandu=melati%20i"), [here.as_str()]);
    assert_eq!(list("posyandu=Anggrek"), [there.as_str()]);

    // What is outside the scope looks like what does not exist, also in its body.
    let answer = |id: &str| {
        let response = office.answer(&token, &format!("/v1/children/{id}"));
        (response.status, response.body)
    };
    assert_eq!(answer(&here).0, 200);
    assert_eq!(answer(&far).0, 404);
    assert_eq!(answer(&far), answer(&any_id().to_string()));
    assert_eq!(answer(&far), answer("x"));
    for bad in ["aera=16", "limit=x", "after=x", "area=Lahat", "month=2026-11", "nik=full"] {
        let refused = office.refused(&token, &format!("/v1/children?{bad}"));
        assert_eq!(refused, (400, "malformed".to_owned()), "{bad}");
    }
}

#[test]
fn measurements_and_visits_are_found_by_month_and_go_with_their_child() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI]);
    let id = tablet.child(SADAN, child("A"));
    let weigh = |day: &str| json!({"measured_on": day, "weight_g": 9100});
    let october = tablet.add("measurement", id, weigh("2026-10-31"));
    let november = tablet.add("measurement", id, weigh("2026-11-01"));
    let visit =
        tablet.add("visit", id, json!({"visited_on": "2026-11-02", "purpose": "konseling"}));
    let token = office.penyelia(&[JARAI]);
    let list =
        |what: &str, query: &str| ids(&office.get(&token, &format!("/v1/{what}?{query}"))[what]);
    assert_eq!(list("measurements", ""), [october.to_string(), november.to_string()]);
    assert_eq!(list("measurements", "month=2026-11"), [november.to_string()]);
    assert_eq!(list("measurements", "month=2026-12"), [] as [&str; 0]);
    assert_eq!(list("measurements", "posyandu=Melati I&month=2026-10"), [october.to_string()]);
    assert_eq!(list("visits", "month=2026-11"), [visit.to_string()]);
    let row = &office.get(&token, "/v1/measurements?month=2026-10")["measurements"][0];
    assert_eq!((&row["child_id"], &row["child_name"]), (&json!(id), &json!("A")));
    assert_eq!((&row["by"], &row["area"]), (&json!("Siti"), &json!(SADAN)));
    assert_eq!(row["body"], json!({"measured_on": "2026-10-31", "weight_g": 9100}));

    // A tombstoned child takes what belongs to it out of every list, and is still shown itself.
    let base = office.get(&token, "/v1/children")["children"][0]["stamp"].clone();
    tablet.push(id, "child", json!({"base": base, "deleted": "ganda"}));
    assert_eq!(list("children", ""), [] as [&str; 0]);
    assert_eq!(list("measurements", ""), [] as [&str; 0]);
    let file = office.file(&token, "/v1/export/measurements.csv");
    assert_eq!(super::support::csv_rows(&file, b',').len(), 1, "only the header");
    let shown = office.get(&token, &format!("/v1/children/{id}"));
    assert_eq!(shown["child"]["deleted"], "ganda");
    assert_eq!(shown["measurements"].as_array().unwrap().len(), 2);
}

#[test]
fn numbers_are_masked_for_everybody_and_full_only_for_a_penyelia_who_is_recorded() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI]);
    let id = tablet.child(SADAN, child("A"));
    let one = format!("/v1/children/{id}");
    let masked = json!({"nik": NIK_MASKED, "kk": "160406********01",
        "guardian_nik": "160406********03", "phone": "081234567890"});
    let numbers = |body: &Value| {
        json!({"nik": body["nik"], "kk": body["kk"], "guardian_nik": body["guardian_nik"],
            "phone": body["phone"]})
    };
    for role in [Role::Penyelia, Role::Pengamat, Role::Admin] {
        let token = office.person(role, &[JARAI]);
        let list = office.get(&token, "/v1/children");
        assert_eq!(numbers(&list["children"][0]["body"]), masked, "{role}");
        let shown = office.answer(&token, &one);
        assert!(!String::from_utf8(shown.body).unwrap().contains(NIK), "{role}");
        let looks = office.audited("nik_seen").len();
        let full = office.answer(&token, &format!("{one}?nik=full"));
        let text = String::from_utf8(full.body).unwrap();
        if role == Role::Penyelia {
            assert!(full.status == 200 && text.contains(NIK), "{text}");
            assert_eq!(office.audited("nik_seen").len(), looks + 1);
        } else {
            assert!(full.status == 403 && !text.contains(NIK), "{text}");
            assert_eq!(office.audited("nik_seen").len(), looks);
        }
    }
    let look = &office.audited("nik_seen")[0];
    assert_eq!(look["subject"], json!({"child": id}));
    assert!(look["who"]["worker"].is_string());

    // A look that shows nothing is no look.
    let far = office.penyelia(&[FAR_DESA]);
    assert_eq!(office.refused(&far, &format!("{one}?nik=full")), (404, "not_found".to_owned()));
    assert_eq!(office.audited("nik_seen").len(), 1);
    let tenaga = office.person(Role::Tenaga, &[JARAI]);
    assert_eq!(office.refused(&tenaga, "/v1/children"), (403, "forbidden".to_owned()));
    assert_eq!(office.refused("tbg_no", "/v1/children"), (401, "unauthorised".to_owned()));
}

/// Every id that the pages of a list give, and how many pages there were.
fn all_pages(office: &Office, token: &str, limit: usize) -> (Vec<String>, usize) {
    let (mut found, mut after, mut pages) = (Vec::new(), 0, 0);
    loop {
        let page = office.get(token, &format!("/v1/children?after={after}&limit={limit}"));
        let rows = page["children"].as_array().unwrap();
        assert!(rows.len() <= limit);
        assert!(rows.iter().all(|row| row["feed"].as_i64() > Some(after)));
        found.extend(ids(&page["children"]));
        pages += 1;
        match page["next"].as_i64() {
            Some(next) => after = next,
            None => return (found, pages),
        }
    }
}

#[test]
fn pages_are_complete_and_say_nothing_twice() {
    let office = Office::new();
    // Two desa are read desa by desa, more than 64 in feed order.
    for (villages, of_each, limit) in [(2, 40, 7), (70, 3, 50)] {
        let areas = String::from_utf8(super::support::fixture("area/lahat.csv")).unwrap();
        let villages: Vec<&str> = areas
            .lines()
            .filter_map(|line| line.split(',').next())
            .filter(|code| code.len() == SADAN.len())
            .skip(if villages > 2 { 100 } else { 0 })
            .take(villages)
            .collect();
        let mut rows = "nama_anak,tgl_lahir,jenis_kelamin,kode_wilayah\n".to_owned();
        for n in 0..of_each {
            for village in &villages {
                rows += &format!("Anak {n} {village},2024-05-01,L,{village}\n");
            }
        }
        let report = office.import(&rows, SADAN);
        assert_eq!(report.added, villages.len() * of_each, "{report:?}");
        let token = office.penyelia(&villages);
        let (found, pages) = all_pages(&office, &token, limit);
        assert_eq!(found.len(), report.added);
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), report.added);
        assert_eq!(pages, report.added.div_ceil(limit));
        // An exactly full last page says that it is the last.
        assert_eq!(all_pages(&office, &token, report.added / 2).1, 2);
    }
}

#[test]
fn what_changed_since_comes_after_the_position_of_an_earlier_reply() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI]);
    let one = tablet.child(SADAN, child("A"));
    let two = tablet.child(SADAN, child("B"));
    let token = office.penyelia(&[JARAI]);
    let first = office.get(&token, "/v1/children");
    assert_eq!(ids(&first["children"]), [one.to_string(), two.to_string()]);
    let since = format!("/v1/children?after={}", first["as_of"]["feed"]);
    assert_eq!(office.get(&token, &since)["children"], json!([]));
    let base = first["children"][0]["stamp"].clone();
    tablet.push(one, "child", json!({"base": base, "body": child("A baru")}));
    let news = office.get(&token, &since);
    assert_eq!(ids(&news["children"]), [one.to_string()]);
    assert_eq!(news["children"][0]["body"]["name"], "A baru");
}

#[test]
fn a_page_of_long_texts_ends_before_it_is_too_heavy() {
    let office = Office::new();
    let mut tablet = office.tablet("Siti", &[JARAI]);
    let long = "x".repeat(4000);
    for n in 0..60 {
        let mut body = child(&format!("Anak {n}"));
        for field in ["address", "mother_name", "guardian_name", "parents_raw", "moved_to", "rt"] {
            body[field] = json!(long);
        }
        tablet.child(SADAN, body);
    }
    let token = office.penyelia(&[JARAI]);
    let (found, pages) = all_pages(&office, &token, 500);
    assert_eq!((found.len(), pages), (60, 2));
}
