//! Balita in a browser: who is found, what is shown of whom, and what an edit in the office does.

use rusqlite::Connection;
use serde_json::json;
use server::report::prevalence::Prevalence;
use server::report::{Question, RedLineAt, answer};
use server::store::{DATABASE_FILE, Role, Selection};
use sync_protocol::area::Scope;
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;
use sync_protocol::sasaran::Ages;
use sync_tests::{
    Device, FAR_DESA, KECAMATAN, MINUTE, NOW, OTHER_DESA, Office, Paper, SADAN, World, any_id,
    area, child_body, id, measurement_body,
};

const NIK: &str = "1604064105250037";
const MASKED: &str = "160406********37";

/// A world with Rina at her desk and Siti's tablet in two desa of Jarai.
struct Desk {
    world: World,
    rina: Office,
    siti: Device,
}

fn desk() -> Desk {
    let world = World::default();
    let rina = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let siti = world.device("Siti A.", &[SADAN, OTHER_DESA]);
    Desk { world, rina, siti }
}

impl Desk {
    #[track_caller]
    fn child(&mut self, desa: &str, body: &Body) -> RecordId {
        let id = any_id();
        let change = self.siti.child(id, desa, body);
        assert!(self.siti.push_one(change).code.is_none());
        id
    }

    #[track_caller]
    fn measure(&mut self, body: &Body) {
        let change = self.siti.body("measurement", any_id(), None, body);
        assert!(self.siti.push_one(change).code.is_none());
    }

    fn list(&self, query: &str) -> Paper {
        self.rina.get(&format!("/balita?{query}"))
    }

    fn names(&self, query: &str) -> Vec<String> {
        names(&self.list(query))
    }

    fn page(&self, child: RecordId) -> Paper {
        self.rina.get(&format!("/balita/{child}"))
    }
}

#[track_caller]
fn names(page: &Paper) -> Vec<String> {
    assert_eq!(page.status(), 200, "{page:?}");
    page.texts("tbody th a")
}

fn audited(world: &World, act: &str) -> usize {
    let connection = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    let mut statement = connection.prepare("SELECT text FROM audit").unwrap();
    let texts = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    texts.filter(|text| text.as_ref().unwrap().contains(&format!("\"{act}\""))).count()
}

#[test]
fn a_child_is_found_by_its_name_its_mother_and_a_part_of_its_nik() {
    let mut desk = desk();
    let melati = child_body("Melati Putri").with("mother_name", "Ibu Wati").with("nik", NIK);
    desk.child(SADAN, &melati);
    desk.child(OTHER_DESA, &child_body("Budi 100% Sehat").with("parents_raw", "EKA / DEDI"));
    for query in ["cari=melati", "cari=PUTRI+mel", "cari=wati", "cari=105250", "cari=putri+wati"] {
        assert_eq!(desk.names(query), ["Melati Putri"], "{query}");
    }
    assert_eq!(desk.names("cari=eka"), ["Budi 100% Sehat"]);
    assert_eq!(desk.names("cari=100%25"), ["Budi 100% Sehat"]);
    assert_eq!(desk.names("cari=%25"), ["Budi 100% Sehat"], "a percent sign is one");
    assert_eq!(desk.names("cari=melati+budi"), [""; 0]);
    assert_eq!(desk.names(""), ["Budi 100% Sehat", "Melati Putri"]);
    assert_eq!(desk.names(&format!("area={SADAN}")), ["Melati Putri"]);
}

#[test]
fn nobody_finds_a_child_outside_of_their_scope() {
    let mut desk = desk();
    desk.child(SADAN, &child_body("Melati").with("nik", NIK));
    let mut far = desk.world.device("Far", &[FAR_DESA]);
    let change = far.child(id(9), FAR_DESA, &child_body("Melati Jauh").with("nik", NIK));
    far.push(&[change]);
    for query in ["", "cari=melati", "cari=160406", &format!("area={FAR_DESA}"), "area=16.04"] {
        let page = desk.list(query);
        assert!(!page.text().contains("Jauh"), "{query}: {page:?}");
    }
    let other = desk.world.office("Agus", Role::Penyelia, &[FAR_DESA]);
    assert_eq!(names(&other.get("/balita")), ["Melati Jauh"]);
    // Neither its page, nor its forms, nor the page after it.
    for path in ["", "/ubah", "/pindah", "/hapus"] {
        assert_eq!(desk.rina.get(&format!("/balita/{}{path}", id(9))).status(), 404, "{path}");
    }
    assert_eq!(desk.list(&format!("sesudah={}", id(9))).status(), 404);
}

#[test]
fn whoever_may_not_see_a_nik_finds_out_none_of_its_hidden_digits() {
    let mut desk = desk();
    desk.child(SADAN, &child_body("Melati").with("nik", NIK));
    desk.child(SADAN, &child_body("Budi").with("nik", "12345678"));
    let agus = desk.world.office("Agus", Role::Pengamat, &[KECAMATAN]);
    let finds = |digits: &str| names(&agus.get(&format!("/balita?cari={digits}"))).len();
    assert_eq!((finds("160406"), finds("37")), (1, 1), "what the mask shows may be searched");
    let hidden: Vec<String> = (0..NIK.len())
        .flat_map(|from| (from + 1..=NIK.len()).map(move |to| (from, to)))
        // Parts that reach into what is hidden.
        .filter(|(from, to)| *to > 6 && *from < 14)
        .map(|(from, to)| NIK[from..to].to_owned())
        .filter(|part| !"160406".contains(part.as_str()) && !"37".contains(part.as_str()))
        .collect();
    assert!(hidden.len() > 50);
    for part in hidden {
        assert_eq!(finds(&part), 0, "{part}");
        assert!(desk.names(&format!("cari={part}")).contains(&"Melati".to_owned()), "{part}");
    }
    // A number too short to hide anything in is hidden wholly.
    assert_eq!(finds("12345678"), 0);
    assert_eq!(finds("1234"), 0);
}

#[test]
fn a_nik_is_masked_in_the_list_and_on_the_page_and_each_look_is_audited() {
    let mut desk = desk();
    let child = desk.child(SADAN, &child_body("Melati").with("nik", NIK));
    let (list, page) = (desk.list(""), desk.page(child));
    for shown in [&list, &page] {
        assert!(shown.text().contains(MASKED), "{shown:?}");
        assert!(!shown.reply.text().contains(NIK), "{shown:?}");
    }
    assert!(!desk.rina.get(&format!("/balita/{child}/ubah")).reply.text().contains(NIK));
    assert_eq!(audited(&desk.world, "nik_seen"), 0);
    let form = format!("form[action='/balita/{child}/nik']");
    let seen = desk.rina.submit(&page, &form, &[]);
    assert!(seen.text().contains(NIK), "{seen:?}");
    assert_eq!(audited(&desk.world, "nik_seen"), 1);
    assert!(!desk.page(child).reply.text().contains(NIK), "one look is one look");

    let mut agus = desk.world.office("Agus", Role::Pengamat, &[KECAMATAN]);
    let page = agus.get(&format!("/balita/{child}"));
    assert!(!page.has(&form) && !page.text().contains("Ubah data"), "{page:?}");
    let key = page.attributes("input[name=csrf]", "value")[0].clone();
    let refused = agus.send(&format!("/balita/{child}/nik"), &[("csrf".to_owned(), key)]);
    assert_eq!((refused.status(), refused.reply.text().contains(NIK)), (403, false));
    assert_eq!(audited(&desk.world, "nik_seen"), 1);
}

/// Children of whom each filter has its own: (name, weight, height); born 2025-05-01.
const GROWN: [(&str, i64, i64); 6] = [
    ("Normal", 10_000, 790),
    ("Pendek", 9_000, 745),
    ("Sangat Pendek", 8_500, 710),
    ("Kurang", 7_700, 770),
    ("Buruk", 6_500, 790),
    ("Keliru", 3_000, 500),
];

#[test]
fn a_filter_lists_the_children_that_the_report_counts() {
    let mut desk = desk();
    for (name, weight, height) in GROWN {
        let child = desk.child(SADAN, &child_body(name));
        let body = measurement_body(child, weight).with("height_mm", height);
        desk.measure(&body.with("position", "terlentang"));
    }
    desk.child(SADAN, &child_body("Belum"));
    desk.child(SADAN, &child_body("Besar").with("birth_date", "2021-11-20"));
    let swollen = desk.child(SADAN, &child_body("Bengkak"));
    desk.measure(&measurement_body(swollen, 9_000).with("height_mm", 780).with("oedema", 2));

    let report = desk.world.read(|tx| {
        let question = Question {
            selection: Selection::of(Scope::of([area(KECAMATAN)])),
            month: "2026-11".parse().unwrap(),
            ages: Ages::To59,
            by: None,
            red_line: RedLineAt::default(),
        };
        answer::<Prevalence>(tx, &question, NOW)
    });
    let total = report.total;
    let lowest = |categories: &[u64]| categories[0];
    let counted = [
        ("stunting", total.tbu.low().count),
        ("sangat_pendek", lowest(&total.tbu.categories)),
        ("underweight", total.bbu.low().count),
        ("sangat_kurang", lowest(&total.bbu.categories)),
        ("wasting", total.bbtb.low().count),
        ("gizi_buruk", lowest(&total.bbtb.categories)),
        ("belum_diukur", total.sasaran - total.bbu.measured),
    ];
    for (filter, count) in counted {
        assert!(count > 0, "{filter} has nobody to find");
        // Everybody was measured this month, so what is known last says the same.
        for query in [format!("saring={filter}"), format!("saring={filter}&month=2026-11")] {
            assert_eq!(desk.names(&query).len() as u64, count, "{query}");
            let told = desk.list(&query).texts(".as-of strong");
            assert_eq!(told, [format!("{count} anak")], "{query}");
        }
    }
    // The figure of the first page leads to the children behind it, in its own month.
    let link = |month: &str| {
        let figures = desk.rina.get(&format!("/?area={SADAN}&month={month}"));
        figures.attributes("a[href*='saring=stunting']", "href")[0].clone()
    };
    assert_eq!(names(&desk.rina.get(&link("2026-11"))).len() as u64, total.tbu.low().count);
    assert_eq!(names(&desk.rina.get(&link("2026-10"))), [""; 0]);
    assert_eq!(desk.names("saring=sangat_pendek"), ["Sangat Pendek"]);
    assert_eq!(desk.names("saring=lewat_59"), ["Besar"]);
    assert_eq!(desk.names("saring=stunting&month=2026-10"), [""; 0], "nobody was measured then");
    assert_eq!(desk.list("saring=sesuatu").status(), 400);
}

#[test]
fn who_did_not_gain_is_listed_and_who_did_so_twice() {
    let mut desk = desk();
    let weigh = |desk: &mut Desk, name: &str, weights: [i64; 3]| {
        let child = desk.child(SADAN, &child_body(name));
        for (day, weight) in ["2026-09-10", "2026-10-10", "2026-11-10"].into_iter().zip(weights) {
            desk.measure(&measurement_body(child, weight).with("measured_on", day));
        }
    };
    weigh(&mut desk, "Naik", [9_000, 9_400, 9_900]);
    weigh(&mut desk, "Tetap", [9_000, 9_400, 9_400]);
    weigh(&mut desk, "Turun", [9_400, 9_300, 9_200]);
    for month in ["", "&month=2026-11"] {
        assert_eq!(desk.names(&format!("saring=t{month}")), ["Tetap", "Turun"]);
        assert_eq!(desk.names(&format!("saring=2t{month}")), ["Turun"]);
    }
    assert_eq!(desk.names("saring=t&month=2026-10"), ["Turun"]);
    let faults = desk.world.faults();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn a_long_list_is_walked_page_by_page_and_everybody_comes_once() {
    let mut desk = desk();
    let mut expected = Vec::new();
    for number in 0..103 {
        // Many of one name: the pages must not lose any of them.
        let name = format!("Anak {:02}", number % 3);
        let change = desk.siti.child(any_id(), SADAN, &child_body(&name));
        assert!(desk.siti.push_one(change).code.is_none());
        expected.push(name);
    }
    expected.sort();
    let (mut seen, mut address, mut pages) = (Vec::new(), "/balita?cari=anak".to_owned(), 0);
    loop {
        let page = desk.rina.get(&address);
        seen.extend(names(&page));
        pages += 1;
        match page.attributes("a[rel=next]", "href").as_slice() {
            [next] => address = next.clone(),
            _ => break,
        }
    }
    assert_eq!((pages, seen), (3, expected.clone()));
    assert_eq!(desk.names("cetak=1"), expected, "one long page for the printer");
}

#[test]
fn an_edit_in_the_office_reaches_the_tablet_under_the_persons_name() {
    let world = World::default();
    let mut rina = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let mut tablet = world.tablet("Siti A.", &[SADAN]);
    let child = tablet.save_child("Melati", &area(SADAN));
    tablet.edit(Kind::CHILD, child, "nik", NIK);
    tablet.sync();
    let form = rina.get(&format!("/balita/{child}/ubah"));
    let typed = [("phone", "0812 99"), ("birth_weight_g", "3,15"), ("imd", "ya")];
    let page = rina.submit(&form, "main form", &typed);
    assert_eq!((page.status(), page.texts(".notice")), (200, vec!["Tersimpan.".to_owned()]));
    tablet.sync();
    let body = tablet.body(Kind::CHILD, child).unwrap();
    assert_eq!(body.text("phone"), Some("0812 99"));
    assert_eq!((body.whole("birth_weight_g"), body.flag("imd")), (Some(3_150), Some(true)));
    assert_eq!(body.text("nik"), Some(NIK), "the mask was not stored");
    let newest = &page.texts("ol.history > li")[0];
    assert!(newest.contains("Rina, di kantor") && newest.contains("berlaku"), "{newest}");
    assert!(newest.contains("Berat lahir: (kosong) → 3,15 kg"), "{newest}");

    // Nothing touched is nothing changed.
    let feed = world.read(|tx| tx.server()).feed;
    let form = rina.get(&format!("/balita/{child}/ubah"));
    let page = rina.submit(&form, "main form", &[]);
    assert_eq!(page.texts(".notice"), ["Tidak ada yang berubah."]);
    assert_eq!(world.read(|tx| tx.server()).feed, feed);
}

#[test]
fn a_mistake_in_a_form_is_told_at_its_field_and_nothing_typed_is_lost() {
    let mut desk = desk();
    let child = desk.child(SADAN, &child_body("Melati"));
    let form = desk.rina.get(&format!("/balita/{child}/ubah"));
    let typed = [("birth_date", "kemarin"), ("birth_weight_g", "31"), ("phone", "0812")];
    let again = desk.rina.submit(&form, "main form", &typed);
    assert_eq!(again.status(), 422);
    for (field, text) in typed {
        let stands = again.attributes(&format!("input[name={field}]"), "value");
        assert_eq!(stands, [text], "{again:?}");
    }
    let said = again.texts("#salah-birth_weight_g");
    assert_eq!(said, ["Berat lahir 31,0 kg tidak mungkin: harus antara 0,3 dan 8,0 kg."]);
    assert_eq!(again.attributes("[name=birth_date]", "aria-invalid"), ["true"]);
    let mended = [("birth_date", "02-05-2025"), ("birth_weight_g", "3,1")];
    let page = desk.rina.submit(&again, "main form", &mended);
    assert!(page.text().contains("02-05-2025") && page.text().contains("0812"), "{page:?}");
}

#[test]
fn a_stale_edit_loses_neither_what_was_typed_nor_what_another_changed() {
    let world = World::default();
    let mut rina = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let mut tablet = world.tablet("Siti A.", &[SADAN]);
    let child = tablet.save_child("Melati", &area(SADAN));
    tablet.sync();
    let form = rina.get(&format!("/balita/{child}/ubah"));
    tablet.edit(Kind::CHILD, child, "phone", "0811");
    tablet.edit(Kind::CHILD, child, "rt", "007");
    tablet.sync();

    let typed = [("phone", "0999"), ("mother_name", "Ibu Wati")];
    let again = rina.submit(&form, "main form", &typed);
    assert_eq!(again.status(), 409);
    assert!(again.text().contains("Data ini diubah Siti A."), "{again:?}");
    let told = again.texts("[role=alert] li");
    assert!(told[0].starts_with("Telepon: (kosong) → 0811 . Anda juga"), "{told:?}");
    assert!(told[1].starts_with("RT: (kosong) → 007 . Sudah diambil"), "{told:?}");
    let stands = |field: &str| again.attributes(&format!("input[name={field}]"), "value");
    assert_eq!((stands("phone"), stands("rt")), (vec!["0999".into()], vec!["007".into()]));
    assert_eq!(stands("mother_name"), ["Ibu Wati"]);

    let page = rina.submit(&again, "main form", &[]);
    assert_eq!(page.texts(".notice"), ["Tersimpan."]);
    tablet.sync();
    assert_eq!(tablet.says(child, "phone").as_deref(), Some("0999"));
    assert_eq!(tablet.says(child, "rt").as_deref(), Some("007"));
}

#[test]
fn the_history_says_who_when_on_which_tablet_and_what_it_replaced() {
    let mut desk = desk();
    let child = id(1);
    let first = desk.siti.child(child, SADAN, &child_body("Melati"));
    let stamp = desk.siti.push_one(first).stamp.to_string();
    let mut budi = desk.world.device("Budi", &[SADAN]);
    desk.world.time.pass(30 * MINUTE);
    let body = child_body("Melati").with("phone", "0811");
    let change = desk.siti.body("child", child, Some(&stamp), &body);
    desk.siti.push(&[change]);
    // Another tablet that saw the first version only, and whose change is older than Siti's.
    let mut late = budi.body("child", child, Some(&stamp), &child_body("Melati").with("rt", "1"));
    late["made_at"] = json!("2026-11-24T09:20:00.000+07:00");
    budi.push(&[late]);

    let page = desk.page(child);
    let told = page.texts("ol.history > li");
    assert_eq!(page.status(), 200, "{page:?}");
    assert_eq!(told.len(), 3, "{told:?}");
    let all = told.join("\n");
    let device = desk.world.stored_device(desk.siti.number).name;
    assert!(all.contains(&format!("Siti A., {device}: mengubah data anak")), "{all}");
    assert!(all.contains("24-11-2026") && all.contains("Telepon: "), "{all}");
    assert!(told.last().unwrap().contains("mencatat data anak"), "{all}");
    assert!(told.last().unwrap().contains("digantikan"), "{all}");
    assert_eq!(told.iter().filter(|version| version.contains("berlaku")).count(), 1, "{all}");
    assert!(all.contains("Budi") && all.contains("diganti Kalah dari"), "{all}");
}

#[test]
fn a_child_is_handed_over_after_it_was_said_what_happens() {
    let mut desk = desk();
    let child = desk.child(SADAN, &child_body("Melati"));
    let ask = desk.rina.get(&format!("/balita/{child}/pindah"));
    let empty = desk.rina.submit(&ask, "main form", &[]);
    assert_eq!(empty.status(), 422);
    let confirm = desk.rina.submit(&ask, "main form", &[("tujuan", OTHER_DESA)]);
    assert!(confirm.text().contains("Melati diserahkan dari Desa"), "{confirm:?}");
    assert!(desk.page(child).text().contains(&format!("({SADAN})")), "nothing happened yet");
    let page = desk.rina.submit(&confirm, "main form", &[]);
    assert!(page.text().contains(&format!("({OTHER_DESA})")), "{page:?}");

    // Out of her own scope she is warned, and then sees it no more.
    let ask = desk.rina.get(&format!("/balita/{child}/pindah"));
    let confirm = desk.rina.submit(&ask, "main form", &[("tujuan", FAR_DESA)]);
    assert!(confirm.text().contains("di luar wilayah Anda"), "{confirm:?}");
    let page = desk.rina.submit(&confirm, "main form", &[]);
    assert_eq!(page.texts("h1"), ["Balita"]);
    assert_eq!(desk.page(child).status(), 404);
}

#[test]
fn a_deleted_child_is_shown_as_one_and_an_edit_revives_it() {
    let mut desk = desk();
    let child = desk.child(SADAN, &child_body("Melati"));
    desk.measure(&measurement_body(child, 9_000));
    let ask = desk.rina.get(&format!("/balita/{child}/hapus"));
    assert_eq!(desk.rina.submit(&ask, "main form", &[]).status(), 422, "a reason is needed");
    let page = desk.rina.submit(&ask, "main form", &[("alasan", "ganda")]);
    assert!(page.text().contains("ditandai terhapus (ganda (sudah tercatat))"), "{page:?}");
    assert!(page.text().contains("9,0 kg"), "what belongs to it is shown all the same: {page:?}");
    assert_eq!(desk.names(""), [""; 0]);
    assert!(desk.world.faults().is_empty());
    let form = desk.rina.get(&format!("/balita/{child}/ubah"));
    let page = desk.rina.submit(&form, "main form", &[]);
    assert_eq!(page.texts(".notice"), ["Tersimpan."], "{page:?}");
    assert_eq!(desk.names(""), ["Melati"]);
}

#[test]
fn a_wrong_weight_is_mended_and_a_doubtful_one_is_asked_about_first() {
    let mut desk = desk();
    let child = desk.child(SADAN, &child_body("Melati"));
    desk.measure(&measurement_body(child, 9_000).with("measured_on", "2026-10-20"));
    desk.measure(&measurement_body(child, 9_200));
    let mend = desk.page(child).attributes("a[href$='/ubah'][aria-label]", "href")[0].clone();
    let form = desk.rina.get(&mend);
    let doubted = desk.rina.submit(&form, "main form", &[("weight_g", "19,2")]);
    assert_eq!(doubted.status(), 422);
    assert!(doubted.has("input[name=pasti]"), "{doubted:?}");
    assert!(desk.page(child).text().contains("9,2 kg"));
    let page = desk.rina.submit(&doubted, "main form", &[("weight_g", "9,4")]);
    assert_eq!(page.texts(".notice"), ["Tersimpan."]);
    assert!(page.text().contains("9,4 kg"), "{page:?}");

    let doubted = desk.rina.submit(&form_of(&desk, &mend), "main form", &[("weight_g", "19,2")]);
    let word = doubted.attributes("[name=pasti]", "value").remove(0);
    let sure = desk.rina.submit(&doubted, "main form", &[("pasti", &word)]);
    assert!(
        sure.text().contains("19,2 kg") && sure.text().contains("sudah dipastikan"),
        "{sure:?}"
    );

    let gone = desk.rina.get(&mend.replace("/ubah", "/hapus"));
    let page = desk.rina.submit(&gone, "main form", &[("alasan", "salah_input")]);
    assert!(!page.texts("table").concat().contains("19,2 kg"), "{page:?}");
}

fn form_of(desk: &Desk, address: &str) -> Paper {
    desk.rina.get(address)
}

#[test]
fn what_a_worker_typed_is_text_and_runs_nothing() {
    let mut desk = desk();
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'`{{7*7}}";
    let mut body = child_body(evil);
    for field in ["mother_name", "posyandu", "address", "phone", "nik", "moved_to", "a_new_field"] {
        body.set(field, evil);
    }
    let child = desk.child(SADAN, &body);
    desk.measure(&measurement_body(child, 9_000).with("note", evil).with("measured_by", evil));
    let visit = json!({"child_id": child, "visited_on": "2026-11-20", "purpose": "konseling",
        "topics": [evil], "outcome": evil, "pmt": {evil: evil}});
    let visit = serde_json::from_value::<Body>(visit).unwrap();
    let change = desk.siti.body("visit", any_id(), None, &visit);
    assert!(desk.siti.push_one(change).code.is_none());

    let encoded: String = form_urlencoded::byte_serialize(evil.as_bytes()).collect();
    let pages = [
        format!("/balita?cari={encoded}&posyandu={encoded}"),
        "/balita".to_owned(),
        format!("/balita/{child}"),
        format!("/balita/{child}/ubah"),
        format!("/balita/{child}/pindah"),
        format!("/balita/{child}/hapus"),
    ];
    for address in pages {
        let page = desk.rina.get(&address);
        assert_eq!(page.status(), 200, "{page:?}");
        assert!(!page.has("script") && !page.has("img") && !page.has("[onerror]"), "{address}");
    }
    assert!(desk.page(child).texts("h1")[0].contains("<script>"), "it is shown as it was typed");
}

#[test]
fn a_child_page_draws_its_three_charts_and_says_their_last_point() {
    let mut desk = desk();
    let child = desk.child(SADAN, &child_body("Melati"));
    desk.measure(&measurement_body(child, 8_500).with("height_mm", 710));
    let page = desk.page(child);
    let said = page.attributes("svg[role=img]", "aria-label");
    assert_eq!(said.len(), 3, "{page:?}");
    assert!(said[0].contains("Terakhir 24-11-2026: 8,5 kg"), "{said:?}");
    assert!(said[1].contains("(Sangat pendek)"), "{said:?}");
    let rows = page.texts("table td .tag");
    assert!(rows.iter().any(|tag| tag == "Sangat pendek"), "{rows:?}");
    let unmeasured = desk.child(SADAN, &child_body("Budi"));
    assert!(desk.page(unmeasured).text().contains("Belum ada pengukuran"));
}
