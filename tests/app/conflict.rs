//! Two workers write to the same field, and neither has a signal.

use super::{App, Puskesmas};
use sync_tests::ServerProcess;

/// The earlier edit arrives last: what counts is when it was made.
#[test]
fn of_two_edits_without_signal_the_later_stays_and_the_other_is_told() {
    let puskesmas = Puskesmas::new();
    let mut server = ServerProcess::start(puskesmas.data());
    let url = server.url.clone();
    let profiles = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [siti, budi] = profiles.each_ref().map(|profile| App::open(profile.path(), &url));
    siti.enrol(&puskesmas.code_of("Siti"));
    let child = siti.add_child("BINTANG");
    siti.send();
    budi.enrol(&puskesmas.code_of("Budi"));
    server.kill();

    siti.rename(&child, "BINTANG SITI");
    budi.rename(&child, "BINTANG BUDI");

    let server = puskesmas.server_at(&url);
    budi.send();
    siti.send_now();
    siti.reads("Diganti");
    let replaced = siti.browser.text("main table tbody");
    for value in ["BINTANG SITI", "BINTANG BUDI"] {
        assert!(replaced.contains(value), "{value} is not in {replaced}");
    }
    siti.go(&child);
    siti.reads("BINTANG BUDI");
    budi.go(&child);
    budi.reads("BINTANG BUDI");

    let supervisor = puskesmas.supervisor(&server);
    let conflicts = supervisor.list("/v1/conflicts", "conflicts");
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    assert_eq!(conflicts[0]["child_name"], "BINTANG BUDI");
    let field = &conflicts[0]["fields"][0];
    assert_eq!((&field["field"], &field["overlap"]), (&"name".into(), &true.into()), "{field}");
}

impl App {
    #[track_caller]
    pub(crate) fn rename(&self, child: &str, name: &str) {
        self.go(&format!("{child}/ubah"));
        self.fill("#name", name);
        self.save();
        self.reads(name);
    }
}
