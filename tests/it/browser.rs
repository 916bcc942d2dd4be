//! What people do with a browser, done by one: a real Chromium against the real server. Everything
//! here also works without a screen; that is tested beside each page.

use serde_json::Value;
use server::store::Role;
use std::ffi::OsStr;
use sync_protocol::record::Kind;
use sync_tests::{
    Browser, KECAMATAN, OFFICE_PASSWORD, OTHER_DESA, SADAN, Tablet, World, any_id, area,
    child_body, measurement_body, run,
};

/// Rina at her desk, and Siti in Sadan with a tablet.
struct Scene {
    world: World,
    siti: Tablet,
}

impl Scene {
    fn new() -> Self {
        let world = World::default();
        world.office("Rina", Role::Penyelia, &[KECAMATAN]);
        let siti = world.tablet("Siti", &[SADAN]);
        Scene { world, siti }
    }

    /// A browser in which Rina is logged in.
    fn rina(&self, width: u32) -> Browser {
        let browser = Browser::start(width, 900);
        browser.open(&self.url("/masuk"));
        browser.type_in("#nama", "rina");
        browser.type_in("#sandi", OFFICE_PASSWORD);
        browser.click("main button");
        browser.wait_for("form.who");
        browser
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.world.server.url())
    }
}

#[test]
fn a_child_is_found_and_its_growth_seen() {
    let mut scene = Scene::new();
    let ani = scene.siti.save_child("Ani Contoh", &area(SADAN));
    scene.siti.save_child("Budi Contoh", &area(SADAN));
    scene.siti.weigh(ani, 7_000);
    scene.siti.sync();
    let browser = scene.rina(360);
    assert_eq!(browser.text("h1"), "Ringkasan");
    browser.click("nav a[href='/balita']");
    browser.type_in("#cari", "ani con");
    browser.click("form[role=search] button");
    browser.wait_until("new URL(location).searchParams.get('cari') === 'ani con'");
    assert_eq!(browser.texts("tbody th a"), ["Ani Contoh"]);
    browser.click("tbody th a");
    browser.wait_for("svg[role=img]");
    let drawn = browser.script(
        "const chart = document.querySelector('svg[role=img]').getBoundingClientRect();
         return [document.querySelector('h1').textContent, chart.width > 200, chart.height > 100,
            document.documentElement.scrollWidth <= innerWidth];",
    );
    assert_eq!(drawn, serde_json::json!(["Ani Contoh", true, true, true]));
    let told = browser.script("return document.querySelector('svg[role=img]').ariaLabel");
    assert!(told.as_str().unwrap().contains("7,0 kg"), "{told}");
}

#[test]
fn a_half_filled_sheet_survives_the_browser_and_is_saved_in_another() {
    let mut scene = Scene::new();
    let ani = scene.siti.save_child("Ani Contoh", &area(SADAN));
    scene.siti.sync();
    let sheet = scene.url(&format!("/entri?area={SADAN}&posyandu=*&tanggal=2026-11-24"));
    let browser = scene.rina(1280);
    browser.open(&sheet);
    browser.type_in("#bb-0", "9,8");
    browser.wait_until("document.querySelector('.hasil').textContent.includes('BB/U')");
    browser.wait_until("document.getElementById('tersimpan').textContent.startsWith('tersimpan')");
    drop(browser);

    let browser = scene.rina(1280);
    browser.open(&sheet);
    browser.wait_for("#lembar");
    assert_eq!(browser.script("return document.getElementById('bb-0').value"), "9,8");
    browser.click("#simpan");
    browser.wait_for(".notice.done");
    drop(browser);
    scene.siti.sync();
    let rows = scene.world.read(|tx| tx.count_live(Kind::MEASUREMENT));
    assert_eq!(rows, 1);
    assert_eq!(scene.siti.says(ani, "name").as_deref(), Some("Ani Contoh"));
}

#[test]
fn a_conflict_is_seen_side_by_side_and_decided() {
    let scene = Scene::new();
    let (mut one, mut other) =
        (scene.world.device("Petugas satu", &[SADAN]), scene.world.device("Petugas dua", &[SADAN]));
    let child = any_id();
    let with_phone = |phone: &str| child_body("Ani Contoh").with("phone", phone);
    let born = one.child(child, SADAN, &with_phone("0800-1"));
    one.push(&[born]);
    let edited = other.body("child", child, None, &with_phone("0800-2"));
    other.push(&[edited]);
    let browser = scene.rina(360);
    browser.open(&scene.url("/konflik"));
    browser.click("tbody a[href^='/konflik/']");
    browser.wait_for("#pakai");
    let page = browser.text("main");
    assert!(page.contains("0800-1") && page.contains("0800-2"), "{page}");
    browser.click("#pakai button");
    browser.wait_for(".notice.done");
    assert_eq!(scene.world.conflicts().len(), 0);
    browser.open(&scene.url(&format!("/balita/{child}")));
    assert!(browser.text("main").contains("0800-1"));
}

#[test]
fn a_parked_weighing_is_mended_and_released() {
    let scene = Scene::new();
    let mut tablet = scene.world.device("Petugas", &[SADAN]);
    let child = any_id();
    let born = tablet.child(child, SADAN, &child_body("Ani Contoh"));
    let faulty = tablet.body("measurement", any_id(), None, &measurement_body(child, 1));
    let outcomes = tablet.push(&[born, faulty]).receipts;
    assert_eq!(outcomes[1].outcome.as_str(), "parked");
    let browser = scene.rina(360);
    browser.open(&scene.url("/tertahan"));
    browser.click("tbody a[href^='/tertahan/']");
    browser.type_in("#perbaiki [name=weight_g]", "9,8");
    browser.click("#perbaiki button");
    browser.wait_for(".notice.done");
    assert_eq!(scene.world.read(|tx| tx.count_parked()), 0);
    assert_eq!(scene.world.read(|tx| tx.count_live(Kind::MEASUREMENT)), 1);
}

#[test]
fn a_tablet_is_enrolled_with_a_code_from_the_screen() {
    let scene = Scene::new();
    scene.world.worker("Budi", &[OTHER_DESA]);
    let browser = scene.rina(360);
    browser.open(&scene.url("/tablet"));
    browser.choose("#worker", "Budi");
    browser.click("main form button");
    browser.wait_for("svg.qr");
    let (server, code) = (browser.text("dd code:not(.secret)"), browser.text("code.secret"));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("budi.db");
    let arguments = ["--json", "--db", file.to_str().unwrap(), "enrol", &server, &code];
    let enrolled: Value = run("timbang-tablet", arguments.map(OsStr::new)).json();
    assert_eq!(enrolled["worker"], "Budi");
    browser.open(&scene.url("/tablet"));
    assert!(browser.text("main").contains("Budi"));
    assert!(browser.texts("h2").contains(&"Belum pernah sinkron".to_owned()));
}
