//! Between midnight and seven in the morning it is already the next day here, and still yesterday by
//! UTC: what is dated today is of today, and a month that has begun has begun.

use serde_json::json;
use server::admin::pengukuran::import_pengukuran;
use server::admin::people;
use server::admin::sasaran::{Defaults, import_sasaran};
use server::store::{GrantOf, Role};
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::parked::ParkCode;
use sync_tests::{
    DAY, Device, HOUR, KECAMATAN, MINUTE, NOW, Office, SADAN, World, any_id, area, child_body,
    measurement_body,
};

/// 2026-12-01 00:30 in Jakarta, and 2026-11-30 17:30 by UTC.
const HALF_PAST_MIDNIGHT: i64 = NOW + 6 * DAY + 15 * HOUR + 15 * MINUTE;
const TODAY: &str = "2026-12-01";
const TOMORROW: &str = "2026-12-02";
const LATER: &str = "2026-12-03";

struct Night {
    world: World,
    siti: Device,
    rina: Office,
}

impl Night {
    fn new() -> Self {
        let world = World::default();
        world.time.set(HALF_PAST_MIDNIGHT);
        let siti = world.device("Siti", &[SADAN]);
        let rina = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
        Night { world, siti, rina }
    }

    #[track_caller]
    fn push(&mut self, kind: &str, body: &Body) -> (RecordId, Option<ParkCode>) {
        let id = any_id();
        let change = match kind {
            "child" => self.siti.child(id, SADAN, body),
            _ => self.siti.body(kind, id, None, body),
        };
        (id, self.siti.push_one(change).code)
    }

    #[track_caller]
    fn child(&mut self, body: &Body) -> RecordId {
        let (id, code) = self.push("child", body);
        assert_eq!(code, None);
        id
    }
}

fn born(day: &str) -> Body {
    child_body("Melati").with("birth_date", day)
}

#[test]
fn a_sync_takes_what_is_dated_tomorrow_and_holds_back_what_is_later() {
    let mut night = Night::new();
    assert_eq!(night.push("child", &born(TOMORROW)).1, None);
    assert_eq!(night.push("child", &born(LATER)).1, Some(ParkCode::DateInFuture));
}

#[test]
fn an_entry_by_a_program_is_dated_by_the_day_here() {
    let mut night = Night::new();
    let child = night.child(&born("2026-05-01"));
    let grants = vec![GrantOf::Area(area(KECAMATAN))];
    let service = night.world.service();
    let worker = people::add_worker(service, "Sari".to_owned(), Role::Penyelia, grants).unwrap();
    let token = people::make_token(service, worker).unwrap();
    let enter = |day: &str| {
        let body = measurement_body(child, 7_000).with("measured_on", day);
        let record = json!({"kind": "measurement", "body": body});
        let client = night.world.server.client();
        client.post("/v1/records").token(&token).json(&record).send().status
    };
    assert_eq!((enter(TOMORROW), enter(LATER)), (201, 422));
}

#[test]
fn a_sheet_is_of_today_and_is_saved_today() {
    let mut night = Night::new();
    let child = night.child(&born("2025-05-01").with("posyandu", "Melati"));
    let chooser = night.rina.get("/entri");
    assert_eq!(chooser.attributes("[name=tanggal]", "value"), [TODAY], "{chooser:?}");
    let of = |day: &str| format!("/entri?area={SADAN}&posyandu=Melati&tanggal={day}");
    let sheet = night.rina.get(&of(TODAY));
    let checked = night.rina.submit(&sheet, "#lembar", &[("bb-0", "9,8")]);
    assert!(checked.text().contains("siap disimpan"), "{checked:?}");
    let saved = night.rina.press(&checked, "#simpan", &[]);
    assert!(saved.text().contains("Tersimpan."), "{saved:?}");
    let page = night.rina.get(&format!("/balita/{child}"));
    assert!(page.text().contains("01-12-2026"), "{page:?}");
    let later = night.rina.get(&of(TOMORROW));
    assert!(!later.has("#lembar") && later.text().contains("masih di masa depan"), "{later:?}");
}

#[test]
fn forms_of_the_office_take_a_birth_of_today_and_none_of_tomorrow() {
    let mut night = Night::new();
    let child = night.child(&born("2026-05-01"));
    let edit = format!("/balita/{child}/ubah");
    let form = night.rina.get(&edit);
    let again = night.rina.submit(&form, "main form", &[("birth_date", TOMORROW)]);
    assert_eq!(again.status(), 422, "{again:?}");
    let saved = night.rina.submit(&again, "main form", &[("birth_date", TODAY)]);
    assert_eq!(saved.texts(".notice"), ["Tersimpan."], "{saved:?}");

    let add = format!("/entri/anak?area={SADAN}&posyandu=*&tanggal={TODAY}");
    let filled = [("name", "Dewi"), ("sex", "P"), ("birth_date", TOMORROW)];
    let form = night.rina.get(&add);
    let again = night.rina.submit(&form, "#tambah", &filled);
    assert_eq!(again.status(), 422, "{again:?}");
    let added = night.rina.submit(&again, "#tambah", &[("birth_date", TODAY)]);
    assert_eq!(added.status(), 200, "{added:?}");
}

#[test]
fn what_is_held_back_is_mended_with_the_date_of_today() {
    let mut night = Night::new();
    let child = night.child(&born("2025-05-01"));
    let late = measurement_body(child, 9_400).with("measured_on", "2026-12-09");
    assert_eq!(night.push("measurement", &late).1, Some(ParkCode::DateInFuture));
    let list = night.rina.get("/tertahan");
    let page = night.rina.get(&list.attributes("tbody th a", "href")[0]);
    let again = night.rina.submit(&page, "#perbaiki", &[("measured_on", TOMORROW)]);
    assert_eq!(again.status(), 422, "{again:?}");
    let done = night.rina.submit(&again, "#perbaiki", &[("measured_on", TODAY)]);
    assert!(done.text().contains("Data tertahan dilepas"), "{done:?}");
}

#[test]
fn ages_and_who_has_outgrown_the_list_are_of_today() {
    let mut night = Night::new();
    let child = night.child(&born("2021-12-01"));
    let page = night.rina.get(&format!("/balita/{child}"));
    assert!(page.text().contains("5 th") && !page.text().contains("4 th 11 bl"), "{page:?}");
    assert!(page.text().contains("Lewat 59 bulan"), "{page:?}");
    let list = night.rina.get("/balita?saring=lewat_59");
    let row = list.texts("tbody tr").concat();
    assert!(row.contains("Melati") && row.contains("5 th"), "{list:?}");
    assert!(row.contains("Lewat 59 bulan"), "{list:?}");
}

#[test]
fn the_month_that_began_at_midnight_is_this_month() {
    let mut night = Night::new();
    let child = night.child(&born("2025-05-01"));
    let november = measurement_body(child, 9_000).with("measured_on", "2026-11-30");
    assert_eq!(night.push("measurement", &november).1, None);
    let page = night.rina.get("/");
    assert!(page.text().contains("Desember 2026"), "{page:?}");
    assert_eq!(page.attributes("input[name=month]", "value"), ["2026-12"], "{page:?}");
    let list = night.rina.get("/balita?saring=belum_diukur");
    assert_eq!(list.texts("tbody tr").len(), 1, "{list:?}");
}

#[test]
fn files_are_read_by_the_day_here() {
    let night = Night::new();
    let list = |day: &str| format!("nama_anak,tgl_lahir,jenis_kelamin\nAni {day},{day},P\n");
    let place = Defaults { area: Some(area(SADAN)), posyandu: None };
    let import = |day: &str| {
        let text = list(day);
        let file = text.as_bytes();
        let report = import_sasaran(night.world.service(), file, &place, &mut |_, _| ()).unwrap();
        (report.added, report.faults.len())
    };
    assert_eq!((import(TOMORROW), import(LATER)), ((1, 0), (0, 1)));
    assert_eq!(import("2026-05-01"), (1, 0));
    let weighed = |day: &str| {
        let text = format!(
            "nama_anak,tgl_lahir,jenis_kelamin,tanggal_ukur,berat,tinggi\nAni 2026-05-01,2026-05-01,P,{day},7.1,\n"
        );
        let file = text.as_bytes();
        let desa = area(SADAN);
        let report = import_pengukuran(night.world.service(), file, Some(&desa), &mut |_, _| ());
        let report = report.unwrap();
        (report.added, report.faults.len())
    };
    assert_eq!((weighed(TOMORROW), weighed(LATER)), ((1, 0), (0, 1)));
}

#[test]
fn a_tablet_has_the_day_here() {
    let night = Night::new();
    let tablet = night.world.tablet("Wati", &[SADAN]);
    assert_eq!(tablet.replica.today().unwrap().map(|day| day.to_string()).as_deref(), Some(TODAY));
}
