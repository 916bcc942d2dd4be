//! Pages that everybody can use: with a screen reader, with a keyboard, on a phone in the sun.

use super::infested::{Infested, strings};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;
use std::collections::BTreeMap;
use sync_tests::{Browser, OFFICE_PASSWORD};

/// One address of each page, of a world in which everything has something to show.
fn pages(infested: &Infested) -> BTreeMap<&'static str, String> {
    let mut pages = BTreeMap::new();
    for (pattern, address) in infested.addresses() {
        pages.entry(pattern).or_insert(address);
    }
    pages
}

fn all<'h>(html: &'h Html, css: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(css).unwrap()).collect()
}

#[test]
fn every_field_has_a_name_and_every_table_its_headers() {
    let infested = Infested::new(&strings()[..2]);
    for (pattern, address) in pages(&infested) {
        let is_admins = pattern.starts_with("/petugas");
        let page = if is_admins { &infested.admin } else { &infested.office }.get(&address);
        let html = page.html();
        assert_eq!(all(html, "html[lang=id]").len(), 1, "{address}");
        assert_eq!(all(html, "h1").len(), 1, "{address}");
        assert_eq!(all(html, "main").len(), 1, "{address}");
        for field in all(html, "input:not([type=hidden]), select, textarea") {
            let id = field.value().attr("id").unwrap_or("-");
            let labelled = all(html, "label").iter().any(|label| {
                label.value().attr("for") == Some(id)
                    || label.select(&Selector::parse("input").unwrap()).any(|own| own == field)
            });
            let is_named = labelled || field.value().attr("aria-label").is_some();
            assert!(is_named, "{} has no label on {address}", field.html());
        }
        for table in all(html, "table") {
            let heads = Selector::parse("th").unwrap();
            let heads: Vec<_> = table.select(&heads).collect();
            let are_scoped = heads.iter().all(|head| head.value().attr("scope").is_some());
            assert!(!heads.is_empty() && are_scoped, "a table on {address}");
        }
        for picture in all(html, "img, svg") {
            let value = picture.value();
            let is_told = ["alt", "aria-label", "aria-labelledby", "aria-hidden"]
                .iter()
                .any(|name| value.attr(name).is_some());
            assert!(is_told, "{} on {address}", picture.html());
        }
    }
}

/// Text against its background, for every piece of text that is shown; the least ratio found.
const CONTRAST: &str = "
    const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => {
        const part = [r, g, b].map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
    };
    const ground = part => {
        for (; part; part = part.parentElement) {
            const colour = rgb(getComputedStyle(part).backgroundColor);
            if (colour.length === 3 || colour[3] > 0.5) return colour;
        }
        return [255, 255, 255];
    };
    let worst = [99, ''];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const part = walker.currentNode.parentElement;
        const is_seen = part.getClientRects().length && walker.currentNode.data.trim();
        if (!is_seen || part.closest('svg, [disabled], script')) continue;
        const [a, b] = [light(rgb(getComputedStyle(part).color)), light(ground(part))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < worst[0]) worst = [ratio, walker.currentNode.data.trim().slice(0, 40)];
    }
    const small = [...document.querySelectorAll('button, select, input:not([type=hidden])')].filter(part => {
        const box = part.getBoundingClientRect();
        return box.width > 0 && box.height < 44 && !['checkbox', 'radio'].includes(part.type);
    });
    return {width: innerWidth, contrast: worst[0] >= 4.5 ? 'good' : worst, small: small.map(part => part.outerHTML),
        sideways: document.documentElement.scrollWidth > innerWidth};";

#[test]
fn pages_have_contrast_and_large_targets_and_never_scroll_sideways_on_a_phone() {
    let infested = Infested::new(&strings()[..2]);
    let url = infested.world.server.url();
    let phone = Browser::start(360, 740);
    for login in ["rina", "anton"] {
        phone.open(&format!("{url}/masuk"));
        phone.type_in("#nama", login);
        phone.type_in("#sandi", OFFICE_PASSWORD);
        phone.click("main button");
        phone.wait_for("form.who");
        for (pattern, address) in pages(&infested) {
            if pattern.starts_with("/petugas") == (login == "rina") {
                continue;
            }
            for width in [360, 768, 1280] {
                phone.resize(width, 740);
                phone.open(&format!("{url}{address}"));
                phone.wait_for("h1");
                let seen = phone.script(CONTRAST);
                let good =
                    json!({"width": width, "contrast": "good", "small": [], "sideways": false});
                assert_eq!(seen, good, "{address} at {width}");
            }
        }
    }
}
