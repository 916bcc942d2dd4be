//! Entri.

use super::{Desk, INJECTION, POSYANDU};
use server::admin::people;
use server::store::Role;
use sync_protocol::ids::RecordId;
use sync_tests::{
    FAR_DESA, KECAMATAN, OFFICE_PASSWORD, Office, Paper, SADAN, any_id, area, child_body,
    measurement_body,
};

fn address() -> String {
    format!("/entri?area={SADAN}&posyandu={POSYANDU}&tanggal=2026-11-24")
}

/// The name of a cell in the line of a child.
#[track_caller]
fn cell(sheet: &Paper, cell: &str, child: RecordId) -> String {
    let children = sheet.attributes("input[name^='anak-']", "value");
    let at = children.iter().position(|known| *known == child.to_string());
    format!("{cell}-{}", at.unwrap_or_else(|| panic!("no line of {child} on {sheet:?}")))
}

#[track_caller]
fn value(sheet: &Paper, cell: &str) -> String {
    sheet.attributes(&format!("[name='{cell}']"), "value").concat()
}

#[test]
fn rows_with_comma_and_point_are_saved_in_the_persons_name_and_tablets_pull_them() {
    let mut desk = Desk::new();
    let (ani, budi, cici) = (desk.child("Ani"), desk.child("Budi"), desk.child("Cici"));
    let sheet = desk.rina.get(&address());
    let filled = [
        (cell(&sheet, "bb", ani), "9,8"),
        (cell(&sheet, "tb", ani), "78.5"),
        (cell(&sheet, "cara", ani), "terlentang"),
        (cell(&sheet, "bb", budi), "10.25"),
        (cell(&sheet, "lila", budi), "14,2"),
    ];
    let filled: Vec<(&str, &str)> = filled.iter().map(|(name, text)| (&**name, *text)).collect();
    let checked = desk.rina.submit(&sheet, "#lembar", &filled);
    assert_eq!(checked.status(), 200);
    assert!(checked.text().contains("siap disimpan") && checked.text().contains("BB/U"));
    assert_eq!(desk.world.digest(SADAN)[&area(SADAN)].count, 3, "checking saves nothing");

    let saved = desk.rina.press(&checked, "#simpan", &[]);
    assert_eq!(saved.status(), 200, "{saved:?}");
    assert!(saved.text().contains("Tersimpan."), "{saved:?}");
    assert_eq!(
        saved.texts("td.hasil .tag.good").iter().filter(|t| *t == "sudah diukur").count(),
        2
    );

    let mut tablet = desk.world.tablet("Wati", &[SADAN]);
    tablet.sync();
    let of = |child| tablet.replica.growth(child).unwrap();
    let body = of(ani)[0].record.body().cloned().unwrap();
    let said = ["weight_g", "height_mm", "muac_mm"].map(|field| body.whole(field));
    assert_eq!(said, [Some(9_800), Some(785), None]);
    assert_eq!(body.text("position"), Some("terlentang"));
    assert_eq!(of(ani)[0].record.by.as_deref(), Some("Bu Rina"));
    let body = of(budi)[0].record.body().cloned().unwrap();
    assert_eq!((body.whole("weight_g"), body.whole("muac_mm")), (Some(10_250), Some(142)));
    assert!(of(cici).is_empty(), "an empty row is no measurement");
    desk.check();
}

#[test]
fn a_doubtful_row_is_saved_only_when_confirmed_and_a_mistake_stays_on_the_sheet() {
    let mut desk = Desk::new();
    let (ani, budi, cici) = (desk.child("Ani"), desk.child("Budi"), desk.child("Cici"));
    let sheet = desk.rina.get(&address());
    let (doubtful, wrong) = (cell(&sheet, "bb", ani), cell(&sheet, "bb", budi));
    let fine = cell(&sheet, "bb", cici);
    let filled = [(&*doubtful, "30"), (&*wrong, "sembilan"), (&*fine, "9,8")];
    let shown = desk.rina.press(&sheet, "#simpan", &filled);
    assert_eq!(shown.status(), 422);
    assert!(shown.text().contains("1 anak tersimpan, 2 belum"), "{shown:?}");
    assert_eq!(value(&shown, &doubtful), "30");
    assert_eq!(value(&shown, &wrong), "sembilan");
    assert!(shown.text().contains("bukan angka"), "{shown:?}");
    assert!(shown.has(&format!("[name='{wrong}'][aria-invalid='true']")));
    assert_eq!(desk.world.digest(SADAN)[&area(SADAN)].count, 4);

    let sure = cell(&shown, "benar", ani);
    let word = value(&shown, &sure);
    let saved = desk.rina.press(&shown, "#simpan", &[(&sure, &word), (&wrong, "9,9")]);
    assert!(saved.text().contains("Tersimpan."), "{saved:?}");
    assert_eq!(desk.world.digest(SADAN)[&area(SADAN)].count, 6);
    let mut tablet = desk.world.tablet("Wati", &[SADAN]);
    tablet.sync();
    let body = tablet.replica.growth(ani).unwrap()[0].record.body().cloned().unwrap();
    assert_eq!(body.get("confirmed").unwrap(), &serde_json::json!(["bbu_tidak_wajar"]));
    desk.check();
}

#[test]
fn a_measured_child_is_corrected_with_its_base_and_not_over_what_changed_meanwhile() {
    let mut desk = Desk::new();
    let ani = desk.child("Ani");
    let weighing = any_id();
    let change = desk.device.body("measurement", weighing, None, &measurement_body(ani, 9_400));
    let stamp = desk.device.push_one(change).stamp.to_string();
    let sheet = desk.rina.get(&address());
    let weight = cell(&sheet, "bb", ani);
    assert_eq!(value(&sheet, &weight), "9,4");

    // The tablet corrects it while the sheet lies open.
    let body = measurement_body(ani, 9_500);
    let change = desk.device.body("measurement", weighing, Some(&stamp), &body);
    desk.device.push_one(change);
    let untouched = desk.rina.press(&sheet, "#simpan", &[]);
    assert_eq!(value(&untouched, &weight), "9,5", "who touched nothing overwrites nothing");
    let checked = desk.rina.submit(&sheet, "#lembar", &[]);
    assert_eq!(value(&checked, &weight), "9,5", "and sees what is so now");
    let shown = desk.rina.press(&sheet, "#simpan", &[(&weight, "9,6")]);
    assert_eq!(shown.status(), 422);
    assert!(shown.text().contains("berubah sejak lembar dibuka"), "{shown:?}");
    assert!(shown.text().contains("Tersimpan: Berat 9,5"), "{shown:?}");
    assert_eq!(value(&shown, &weight), "9,6");
    let saved = desk.rina.press(&shown, "#simpan", &[]);
    assert_eq!(value(&saved, &weight), "9,6", "{saved:?}");
    assert_eq!(desk.world.digest(SADAN)[&area(SADAN)].count, 2, "it is corrected, not added");
    desk.check();
}

#[test]
fn a_sheet_lists_who_was_on_the_list_on_its_day_and_no_older_ones() {
    let mut desk = Desk::new();
    let mut child = |name: &str, birth_date: &str, left: Option<&str>| {
        let id = any_id();
        let body = child_body(name)
            .with("posyandu", "Melati")
            .with("birth_date", birth_date)
            .with("status", left.map(|_| "pindah"))
            .with("status_on", left);
        let change = desk.device.child(id, SADAN, &body);
        desk.device.push_one(change);
    };
    child("Besok Lima Tahun", "2021-11-25", None);
    child("Hari Ini Lima Tahun", "2021-11-24", None);
    child("Pindah Hari Ini", "2025-01-01", Some("2026-11-24"));
    child("Pindah Sesudahnya", "2025-01-01", Some("2026-11-25"));
    let sheet = desk.rina.get(&address());
    let text = sheet.text();
    for (name, is_listed) in [
        ("Besok Lima Tahun", true),
        ("Hari Ini Lima Tahun", false),
        ("Pindah Hari Ini", false),
        ("Pindah Sesudahnya", true),
    ] {
        assert_eq!(text.contains(name), is_listed, "{name}: {sheet:?}");
    }
    desk.check();
}

#[test]
fn a_draft_survives_a_new_login_and_nobody_else_sees_it() {
    let mut desk = Desk::new();
    let (ani, budi) = (desk.child("Ani"), desk.child("Budi"));
    let sheet = desk.rina.get(&address());
    let (of_ani, of_budi) = (cell(&sheet, "bb", ani), cell(&sheet, "bb", budi));
    let kept = desk.rina.press(&sheet, "#sementara", &[(&of_ani, "9,87"), (&of_budi, "9,")]);
    assert!(kept.text().contains("Tersimpan sementara untuk Anda"), "{kept:?}");
    assert_eq!(desk.world.digest(SADAN)[&area(SADAN)].count, 2, "a draft is no record");

    let url = desk.world.server.url();
    let mut again = Office::log_in(&url, "bu.rina", OFFICE_PASSWORD);
    let sheet = again.get(&address());
    assert_eq!((value(&sheet, &of_ani), value(&sheet, &of_budi)), ("9,87".into(), "9,".into()));
    assert!(again.get("/entri").text().contains("1 lembar belum selesai"));
    let other = desk.world.office("Bu Lain", Role::Penyelia, &[KECAMATAN]);
    assert_eq!(value(&other.get(&address()), &of_ani), "");
    assert!(!other.get("/entri").text().contains("belum selesai"));

    let saved = again.press(&sheet, "#simpan", &[]);
    assert!(saved.text().contains("Tersimpan."), "{saved:?}");
    assert!(!again.get("/entri").text().contains("belum selesai"), "what is saved is no draft");
}

#[test]
fn a_draft_of_a_desa_that_was_taken_away_is_offered_no_more() {
    let mut desk = Desk::new();
    let ani = desk.child("Ani");
    let sheet = desk.rina.get(&address());
    desk.rina.press(&sheet, "#sementara", &[(&cell(&sheet, "bb", ani), "9,87")]);
    let offered = || desk.rina.get("/entri").text().contains("1 lembar belum selesai");
    assert!(offered());
    let workers = people::list_workers(desk.world.service()).unwrap();
    let rina = workers.into_iter().find(|(worker, _)| worker.name == "Bu Rina").unwrap().0.id;
    desk.world.ungrant(rina, KECAMATAN, false);
    assert!(!offered());
    desk.world.grant(rina, SADAN);
    assert!(offered(), "it was kept");
}

#[test]
fn a_line_is_judged_alone_for_the_script_and_drafts_are_kept_for_it() {
    let mut desk = Desk::new();
    let ani = desk.child("Ani");
    let sheet = desk.rina.get(&address());
    let weight = cell(&sheet, "bb", ani);
    let mut fields: Vec<(String, String)> = ["csrf", "area", "posyandu", "tanggal", "anak-0"]
        .map(|name| (name, sheet.attributes(&format!("#lembar [name='{name}']"), "value").concat()))
        .map(|(name, text)| (name.to_owned(), text))
        .to_vec();
    fields.push(("baris".to_owned(), "0".to_owned()));
    fields.push((weight, "7,1".to_owned()));
    let piece = desk.rina.send("/entri/baris", &fields);
    assert!(piece.text().contains("BB/U") && piece.text().contains("kurang"), "{piece:?}");
    assert_eq!(desk.world.digest(SADAN)[&area(SADAN)].count, 1);
    fields.push(("potongan".to_owned(), "1".to_owned()));
    let kept = desk.rina.send("/entri/sementara", &fields);
    assert_eq!(kept.text(), "tersimpan sementara 09.15", "{kept:?}");
}

/// The sheet is of the person's desa, and one of its lines of a child that is not.
#[test]
fn a_line_of_a_child_of_elsewhere_is_told_like_one_of_nobody() {
    let mut desk = Desk::new();
    let ani = desk.child("Ani");
    let mut elsewhere = desk.world.device("Budi", &[FAR_DESA]);
    let far = any_id();
    let change = elsewhere.child(far, FAR_DESA, &child_body("Jauh").with("posyandu", POSYANDU));
    elsewhere.push_one(change);
    let sheet = desk.rina.get(&address());
    let weight = cell(&sheet, "bb", ani);
    let mut told = |child: RecordId, form: &str| {
        let mut fields: Vec<(String, String)> = ["csrf", "area", "posyandu", "tanggal"]
            .map(|name| {
                (name, sheet.attributes(&format!("#lembar [name='{name}']"), "value").concat())
            })
            .map(|(name, text)| (name.to_owned(), text))
            .to_vec();
        fields.push(("anak-0".to_owned(), child.to_string()));
        fields.push(("baris".to_owned(), "0".to_owned()));
        fields.push((weight.clone(), "7,1".to_owned()));
        let page = desk.rina.send(form, &fields);
        (page.status(), page.text())
    };
    for form in ["/entri/baris", "/entri/periksa", "/entri/simpan"] {
        assert_eq!(told(far, form), told(any_id(), form), "{form}");
    }
    assert_eq!(desk.world.digest(FAR_DESA)[&area(FAR_DESA)].count, 1);
    desk.check();
}

#[test]
fn a_sheet_of_another_scope_is_not_there_and_names_are_texts() {
    let mut desk = Desk::new();
    desk.child(INJECTION);
    let sheet = desk.rina.get(&address());
    assert!(sheet.texts("tbody th").concat().contains(INJECTION));
    assert!(!sheet.has("tbody script") && !sheet.has("img"));
    let mut stranger = desk.stranger();
    let shown = stranger.get(&address());
    assert!(!shown.has("#lembar"), "{shown:?}");
    let csrf = shown.attributes("form.who [name='csrf']", "value").concat();
    let fields: Vec<(String, String)> =
        [("csrf", &*csrf), ("area", SADAN), ("posyandu", POSYANDU), ("tanggal", "2026-11-24")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .to_vec();
    for address in ["/entri/periksa", "/entri/simpan", "/entri/sementara"] {
        assert_eq!(stranger.send(address, &fields).status(), 404, "{address}");
    }
}

#[test]
fn a_child_is_added_from_the_sheet_and_not_twice_without_a_word() {
    let mut desk = Desk::new();
    desk.child("Ani");
    let sheet = desk.rina.get(&address());
    let form = desk.rina.get(&sheet.attributes("main a.button[href^='/entri/anak']", "href")[0]);
    assert_eq!(form.attributes("[name='posyandu']", "value"), [POSYANDU]);
    let shown = desk.rina.submit(&form, "#tambah", &[("name", "Dewi"), ("birth_date", "kemarin")]);
    assert_eq!(shown.status(), 422);
    assert_eq!(shown.attributes("[name='birth_date']", "value"), ["kemarin"]);
    let filled = [("name", "ani"), ("sex", "P"), ("birth_date", "2025-05-01")];
    let shown = desk.rina.submit(&shown, "#tambah", &filled);
    assert_eq!(shown.status(), 422);
    assert!(shown.text().contains("Sudah ada Ani"), "{shown:?}");
    assert_eq!(desk.world.digest(SADAN)[&area(SADAN)].count, 1);
    let word = value(&shown, "lain");
    let added = desk.rina.submit(&shown, "#tambah", &[("lain", &word)]);
    assert_eq!(added.texts("tbody th a"), ["Ani", "ani"], "{added:?}");
    desk.check();
}
