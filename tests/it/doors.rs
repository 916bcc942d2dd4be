//! What is asked before something doubtful is taken, in every door of the office: a word is given for
//! what stood there, and for nothing else.

use server::admin::pengukuran::import_pengukuran;
use server::store::Role;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_tests::{
    Device, FAR_DESA, KECAMATAN, OTHER_DESA, Office, Paper, SADAN, Tablet, World, any_id, area,
    child_body, measurement_body,
};

const POSYANDU: &str = "Melati";

struct Desk {
    world: World,
    siti: Device,
    rina: Office,
    wati: Tablet,
}

impl Desk {
    fn new() -> Self {
        let world = World::default();
        let siti = world.device("Siti", &[SADAN, OTHER_DESA]);
        let rina = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
        let wati = world.tablet("Wati", &[SADAN]);
        Desk { world, siti, rina, wati }
    }

    #[track_caller]
    fn child(&mut self, name: &str) -> RecordId {
        let id = any_id();
        let body = child_body(name).with("posyandu", POSYANDU);
        let change = self.siti.child(id, SADAN, &body);
        assert_eq!(self.siti.push_one(change).code, None);
        id
    }

    #[track_caller]
    fn measure(&mut self, body: &Body) -> RecordId {
        let id = any_id();
        let change = self.siti.body("measurement", id, None, body);
        assert_eq!(self.siti.push_one(change).code, None);
        id
    }

    /// What a tablet has of a record.
    #[track_caller]
    fn body(&mut self, kind: Kind, id: RecordId) -> Body {
        self.wati.sync();
        self.wati.body(kind, id).unwrap()
    }

    #[track_caller]
    fn edit(&mut self, address: &str, filled: &[(&str, &str)]) -> Paper {
        let form = self.rina.get(address);
        self.rina.submit(&form, "main form", filled)
    }
}

/// The word that the box of a page sends.
#[track_caller]
fn word(page: &Paper, name: &str) -> String {
    match page.attributes(&format!("[name='{name}']"), "value").as_slice() {
        [word] if !word.is_empty() => word.clone(),
        found => panic!("{found:?} is no word of {name} on {page:?}"),
    }
}

fn codes(body: &Body) -> Vec<String> {
    let codes = body.get("confirmed").cloned().unwrap_or_default();
    serde_json::from_value(codes).unwrap_or_default()
}

#[test]
fn a_word_for_one_weight_is_none_for_another_on_the_edit_page() {
    let mut desk = Desk::new();
    let child = desk.child("Melati");
    let measured = desk.measure(&measurement_body(child, 9_200));
    let address = format!("/pengukuran/{measured}/ubah");
    let asked = desk.edit(&address, &[("weight_g", "29,2")]);
    let given = word(&asked, "pasti");
    // Ticked for 29,2 kg; then the weight is typed anew, as doubtful as before.
    let filled = [("weight_g", "39,2"), ("pasti", given.as_str())];
    let again = desk.rina.submit(&asked, "main form", &filled);
    assert_eq!(again.status(), 422, "{again:?}");
    assert!(again.text().contains("Periksa angka yang diragukan"), "{again:?}");
    assert_eq!(desk.body(Kind::MEASUREMENT, measured).whole("weight_g"), Some(9_200));
    let given = word(&again, "pasti");
    let saved = desk.rina.submit(&again, "main form", &[("pasti", &given)]);
    assert_eq!(saved.texts(".notice"), ["Tersimpan."], "{saved:?}");
    let body = desk.body(Kind::MEASUREMENT, measured);
    assert_eq!((body.whole("weight_g"), codes(&body).len()), (Some(39_200), 1), "{body:?}");
}

#[test]
fn what_was_confirmed_goes_with_its_value_and_stays_with_a_note() {
    let mut desk = Desk::new();
    let child = desk.child("Melati");
    let sure = measurement_body(child, 29_200).with("confirmed", vec!["bbu_tidak_wajar"]);
    let measured = desk.measure(&sure);
    let address = format!("/pengukuran/{measured}/ubah");
    // A note does not ask again, and takes nothing away.
    let saved = desk.edit(&address, &[("note", "ditimbang dua kali")]);
    assert_eq!(saved.texts(".notice"), ["Tersimpan."], "{saved:?}");
    assert_eq!(codes(&desk.body(Kind::MEASUREMENT, measured)), ["bbu_tidak_wajar"]);
    // Another doubtful weight is asked about, although the same was confirmed before.
    let asked = desk.edit(&address, &[("weight_g", "28,2")]);
    assert_eq!(asked.status(), 422, "{asked:?}");
    let saved = desk.edit(&address, &[("weight_g", "9,2")]);
    assert_eq!(saved.texts(".notice"), ["Tersimpan."], "{saved:?}");
    assert_eq!(codes(&desk.body(Kind::MEASUREMENT, measured)), [""; 0]);
}

#[test]
fn a_word_for_one_weight_is_none_for_another_on_the_sheet() {
    let mut desk = Desk::new();
    let child = desk.child("Melati");
    let address = format!("/entri?area={SADAN}&posyandu={POSYANDU}&tanggal=2026-11-24");
    let sheet = desk.rina.get(&address);
    let asked = desk.rina.press(&sheet, "#simpan", &[("bb-0", "29,2")]);
    let given = word(&asked, "benar-0");
    let again = desk.rina.press(&asked, "#simpan", &[("bb-0", "39,2"), ("benar-0", &given)]);
    assert_eq!(again.status(), 422, "{again:?}");
    assert_eq!(desk.world.digest(SADAN)[&area(SADAN)].count, 1, "nothing was saved");
    // What is kept for a while is no word for another weight either.
    let kept = desk.rina.press(&asked, "#sementara", &[("bb-0", "39,2"), ("benar-0", &given)]);
    let again = desk.rina.press(&kept, "#simpan", &[]);
    assert_eq!(again.status(), 422, "{again:?}");
    let given = word(&again, "benar-0");
    let saved = desk.rina.press(&again, "#simpan", &[("benar-0", &given)]);
    assert!(saved.text().contains("Tersimpan."), "{saved:?}");
    desk.wati.sync();
    let rows = desk.wati.replica.growth(child).unwrap();
    let body = rows[0].record.body().cloned().unwrap();
    assert_eq!((body.whole("weight_g"), codes(&body).len()), (Some(39_200), 1), "{body:?}");
}

#[test]
fn a_file_that_corrects_a_weight_takes_the_word_for_the_old_one_away() {
    let mut desk = Desk::new();
    let child = desk.child("Melati");
    let sure = measurement_body(child, 29_200).with("confirmed", vec!["bbu_tidak_wajar"]);
    let measured = desk.measure(&sure);
    let import = |desk: &Desk, cells: &str| {
        let head = "nama_anak,tgl_lahir,jenis_kelamin,tanggal_ukur,berat,tinggi,vita";
        let text = format!("{head}\nMelati,2025-05-01,P,2026-11-24,{cells}\n");
        let (file, desa) = (text.as_bytes(), area(SADAN));
        let service = desk.world.service();
        let report = import_pengukuran(service, file, Some(&desa), &mut |_, _| ()).unwrap();
        assert_eq!(report.completed, 1, "{report:?}");
    };
    import(&desk, "29.2,,Biru");
    assert_eq!(codes(&desk.body(Kind::MEASUREMENT, measured)), ["bbu_tidak_wajar"]);
    import(&desk, "9.2,,");
    let body = desk.body(Kind::MEASUREMENT, measured);
    assert_eq!((body.whole("weight_g"), codes(&body)), (Some(9_200), vec![]), "{body:?}");
}

#[test]
fn a_child_that_may_be_there_already_is_asked_about_wherever_it_lives_in_the_scope() {
    let mut desk = Desk::new();
    let known = desk.child("Siti  Aisyah");
    let add = |desa: &str| format!("/entri/anak?area={desa}&posyandu=*&tanggal=2026-11-24");
    let filled = [
        ("name", "siti aisyah"),
        ("sex", "P"),
        ("birth_date", "2025-05-01"),
        ("mother_name", "Dewi"),
    ];
    for desa in [SADAN, OTHER_DESA] {
        let form = desk.rina.get(&add(desa));
        let asked = desk.rina.submit(&form, "#tambah", &filled);
        assert_eq!(asked.status(), 422, "{asked:?}");
        assert!(asked.text().contains("Sudah ada Siti Aisyah di Desa Sadan"), "{asked:?}");
        assert_eq!(word(&asked, "lain"), format!("/balita/{known}"));
    }
    // Who lives out of sight is not told.
    let mut far = desk.world.device("Jauh", &[FAR_DESA]);
    let change = far.child(any_id(), FAR_DESA, &child_body("Kenanga"));
    assert_eq!(far.push_one(change).code, None);
    let form = desk.rina.get(&add(SADAN));
    let unseen = [&[("name", "Kenanga")], &filled[1..]].concat();
    assert_eq!(desk.rina.submit(&form, "#tambah", &unseen).status(), 200);
    // Another birth date is another child; so is what a person says is one.
    let form = desk.rina.get(&add(SADAN));
    let asked = desk.rina.submit(&form, "#tambah", &filled);
    let given = word(&asked, "lain");
    let other = desk.rina.submit(
        &form,
        "#tambah",
        &[&filled[..2], &[("birth_date", "2025-05-02")]].concat(),
    );
    assert_eq!(other.status(), 200, "{other:?}");
    // The word for one name is none for another that is there, too.
    desk.child("Melati");
    let renamed = desk.rina.submit(&asked, "#tambah", &[("name", "Melati"), ("lain", &given)]);
    assert_eq!(renamed.status(), 422, "{renamed:?}");
    assert!(renamed.text().contains("Sudah ada Melati"), "{renamed:?}");
    let added = desk.rina.submit(&asked, "#tambah", &[("lain", &given)]);
    assert_eq!(added.status(), 200, "{added:?}");
}

#[test]
fn a_child_that_left_is_asked_since_when() {
    let mut desk = Desk::new();
    let child = desk.child("Melati");
    let address = format!("/balita/{child}/ubah");
    for status in ["pindah", "meninggal", "lulus"] {
        let asked = desk.edit(&address, &[("status", status)]);
        assert_eq!(asked.status(), 422, "{asked:?}");
        assert!(asked.texts("#salah-status_on").concat().contains("sejak tanggal"), "{asked:?}");
    }
    let left = desk.edit(&address, &[("status", "pindah"), ("status_on", "20-11-2026")]);
    assert_eq!(left.texts(".notice"), ["Tersimpan."], "{left:?}");
    let body = desk.body(Kind::CHILD, child);
    assert_eq!((body.text("status"), body.text("status_on")), (Some("pindah"), Some("2026-11-20")));
    // Back again: the day on which it left is none of the next departure.
    let back = desk.edit(&address, &[("status", "aktif")]);
    assert_eq!(back.texts(".notice"), ["Tersimpan."], "{back:?}");
    assert_eq!(desk.body(Kind::CHILD, child).text("status_on"), None);

    let add = format!("/entri/anak?area={SADAN}&posyandu=*&tanggal=2026-11-24");
    let form = desk.rina.get(&add);
    let filled =
        [("name", "Dewi"), ("sex", "P"), ("birth_date", "2025-05-01"), ("status", "meninggal")];
    let asked = desk.rina.submit(&form, "#tambah", &filled);
    assert_eq!(asked.status(), 422, "{asked:?}");
    let added = desk.rina.submit(&asked, "#tambah", &[("status_on", "20-11-2026")]);
    assert_eq!(added.status(), 200, "{added:?}");
}
