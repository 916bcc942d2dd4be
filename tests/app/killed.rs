//! The browser is killed while it saves: Android does so when memory is short, and batteries end.

use super::{App, Puskesmas};
use serde_json::Value;
use std::collections::BTreeMap;
use sync_tests::Dice;

const KILLS: u64 = 10;

/// Saves one child after the other as a finger would, and notes which of them the screen called saved.
const SAVE_ON_AND_ON: &str = r#"
    const round = ROUND;
    window.saved = [];
    const until = async (isSo) => { while (!isSo()) await new Promise((turn) => setTimeout(turn)); };
    const put = (id, value) => { document.getElementById(id).value = value; };
    (async () => {
        for (let number = 1; ; number += 1) {
            const name = `ANAK ${round}-${number}`;
            location.hash = "/anak-baru";
            await until(() => document.body.dataset.screen === "Anak baru");
            put("name", name);
            put("sex", "P");
            put("birth_date", "2025-05-01");
            put("mother_name", `IBU ${round}-${number}`);
            document.querySelector("main button[type=submit]").click();
            await until(() => document.body.innerText.includes(`${name} ditambahkan. Tersimpan`));
            window.saved.push(name);
        }
    })();
"#;

#[test]
fn what_the_screen_called_saved_is_there_whole_after_the_browser_was_killed() {
    let mut dice = Dice::new(70);
    println!("seed {}", dice.seed());
    let (puskesmas, mut server, profile, app) = Puskesmas::with_siti();
    let url = server.url.clone();
    server.kill();
    drop(app);

    let mut saved = Vec::new();
    for round in 1..=KILLS {
        let app = App::open(profile.path(), &url);
        app.shows(&saved);
        saved.extend(app.save_until_killed(round, &mut dice));
    }

    let app = App::open(profile.path(), &url);
    app.shows(&saved);
    let server = puskesmas.server_at(&url);
    app.send();
    let arrived = puskesmas.supervisor(&server).children();
    println!("{} called saved, {} arrived", saved.len(), arrived.len());
    let text = |child: &Value, field: &str| child["body"][field].as_str().unwrap().to_owned();
    let children: BTreeMap<String, &Value> =
        arrived.iter().map(|child| (text(child, "name"), child)).collect();
    assert_eq!(children.len(), arrived.len(), "one child arrived twice");
    for (name, child) in &children {
        assert_eq!(text(child, "birth_date"), "2025-05-01", "{name}");
        assert_eq!(text(child, "mother_name"), name.replace("ANAK", "IBU"));
        // What was saved just before the end was not called so any more, and nothing before it is missing.
        let (round, number) = name.rsplit_once('-').unwrap();
        let before = number.parse::<u32>().unwrap() - 1;
        let is_there = before == 0 || children.contains_key(&format!("{round}-{before}"));
        assert!(is_there, "{name} was saved, and the one before it is not there");
    }
    for name in &saved {
        assert!(children.contains_key(name), "{name} was called saved");
    }
}

impl App {
    /// Each of the children is found.
    #[track_caller]
    fn shows(&self, names: &[String]) {
        self.go("/");
        for name in names {
            self.fill("#cari", name);
            self.reads(name);
        }
    }

    /// Saves until it is killed somewhere; what was called saved just before.
    #[track_caller]
    fn save_until_killed(self, round: u64, dice: &mut Dice) -> Vec<String> {
        self.browser.wait_for("#cari");
        self.browser.script(&SAVE_ON_AND_ON.replace("ROUND", &round.to_string()));
        let least = 1 + dice.below(4);
        self.browser.wait_until(&format!("window.saved.length >= {least}"));
        // Somewhere in a save: each look takes about a tenth of one.
        for _ in 0..dice.below(20) {
            self.browser.script("return 0");
        }
        let saved = self.browser.script("return window.saved");
        self.browser.kill();
        serde_json::from_value(saved).unwrap()
    }
}
