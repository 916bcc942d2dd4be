//! What people do with a browser, done by one: a real Chromium against the real server.

use server::store::Role;
use sync_tests::{Browser, KECAMATAN, OFFICE_PASSWORD, World};

fn log_in(browser: &Browser, world: &World, name: &str) {
    browser.open(&format!("{}/masuk", world.server.url()));
    browser.type_in("#nama", name);
    browser.type_in("#sandi", OFFICE_PASSWORD);
    browser.click("main button");
    browser.wait_for("form.who");
}

#[test]
fn somebody_logs_in_and_sees_the_month() {
    let world = World::default();
    world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let browser = Browser::start(1280, 900);
    log_in(&browser, &world, "rina");
    assert_eq!(browser.text("h1"), "Ringkasan");
}
