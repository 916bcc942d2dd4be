//! Nothing that anybody types runs in anybody's browser: 200 strings that would, in every text field
//! of every kind and in every name, and every page that shows them.

use super::infested::{BAIT, Infested, desk, strings};
use scraper::Node;
use serde_json::{Map, Value, json};
use server::store::Role;
use std::collections::BTreeSet;
use sync_tests::{Browser, Device, OFFICE_PASSWORD, Paper, SADAN, World};

/// Everything on a page is the page's own: no handler, no script but our files, no address that is
/// not of this site.
fn check(page: &Paper) {
    assert_eq!(page.status(), 200, "{page:?}");
    for node in page.html().tree.nodes() {
        let Node::Element(element) = node.value() else { continue };
        let name = element.name();
        let is_strange =
            ["iframe", "object", "embed", "base", "video", "style", "template", "math"];
        assert!(!is_strange.contains(&name), "<{name}> on {}", page.address);
        assert!(name != "script" || element.attr("src").is_some(), "a script on {}", page.address);
        for (attribute, value) in element.attrs() {
            let what = format!("{attribute}={value} of <{name}> on {}", page.address);
            assert!(!attribute.starts_with("on") && attribute != "style", "{what}");
            if ["href", "src", "action", "formaction"].contains(&attribute) {
                let is_own = value.starts_with('/') && !value.starts_with("//")
                    || value.starts_with(['#', '?'])
                    || value.starts_with("http://127.0.0.1:");
                assert!(is_own, "{what}");
            }
        }
    }
}

#[test]
fn whatever_is_typed_is_text_on_every_page() {
    let strings = strings();
    let infested = Infested::new(&strings);
    let mut seen = BTreeSet::new();
    let mut shown = 0;
    for (pattern, address) in infested.addresses() {
        let is_admins = pattern.starts_with("/petugas");
        let office = if is_admins { &infested.admin } else { &infested.office };
        let page = office.get(&address);
        check(&page);
        shown += usize::from(page.text().contains("hit()"));
        seen.insert(pattern);
    }
    assert!(seen.len() > 15 && shown > 1_000, "{seen:?} {shown}");
    assert_eq!(infested.world.faults(), Vec::<String>::new());
}

/// The same in a real browser, where a page that holds many of them is loaded with everything on it.
#[test]
fn nothing_that_is_typed_runs_in_a_real_browser() {
    let strings = strings();
    let infested = Infested::new(&strings);
    let browser = Browser::start(1280, 900);
    let url = infested.world.server.url();
    browser.open(&format!("{url}/masuk"));
    browser.type_in("#nama", "rina");
    browser.type_in("#sandi", OFFICE_PASSWORD);
    browser.click("main button");
    browser.wait_for("form.who");
    let few = infested.addresses().into_iter().filter(|(pattern, _)| !pattern.contains("{id}"));
    let some = infested.children.iter().step_by(10).map(|id| ("", format!("/balita/{id}")));
    let forms = infested.children.iter().step_by(25).map(|id| ("", format!("/balita/{id}/ubah")));
    for (_, address) in few.chain(some).chain(forms) {
        if address.starts_with("/petugas") || address == "/masuk" {
            continue;
        }
        browser.open(&format!("{url}{address}"));
        browser.wait_for("h1");
        let found = browser.script(
            "const strange = [...document.querySelectorAll('*')].filter(part =>
                [...part.attributes].some(a => a.name.startsWith('on')) || part.src === 'x');
             return {at: location.host, strange: strange.length};",
        );
        let expected = Map::from_iter([
            ("at".to_owned(), Value::from(infested.world.server.address.to_string())),
            ("strange".to_owned(), Value::from(0)),
        ]);
        assert_eq!(found, Value::Object(expected), "{address}");
    }
}

/// Strings that a tablet can report of itself.
#[test]
fn what_a_tablet_says_of_itself_is_text() {
    let world = World::default();
    let worker = world.worker("Siti", &[SADAN]);
    let bait = BAIT[1];
    let request = json!({"code": world.code(worker), "install": Device::new_install(),
        "device_name": bait, "app": format!("{}/0.1", "x")});
    let reply = world.server.client().post("/v1/enrol").json(&request).send();
    assert_eq!(reply.status, 201, "{}", reply.text());
    let office = desk(&world, "Rina", Role::Penyelia, "rina");
    let page = office.get("/tablet");
    check(&page);
    assert!(page.text().contains(bait), "{page:?}");
}
