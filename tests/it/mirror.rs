//! `timbang import mirror`: what a tablet's mirror holds of the office's comes back where it was lost,
//! and wins over nothing that was decided later.

use rusqlite::Connection;
use server::admin::mirror::{Recovered, import_mirror};
use server::store::Role;
use std::path::PathBuf;
use sync_protocol::ids::{DeviceNo, RecordId};
use sync_protocol::record::Kind;
use sync_protocol::stamp::Stamp;
use sync_tests::{KECAMATAN, MINUTE, SADAN, Tablet, World, area};

struct Scene {
    world: World,
    child: RecordId,
    /// A tablet that goes on, and a copy of its file that is handed in.
    tablet: Tablet,
    handed_in: Tablet,
    /// The stamp of the office's decision.
    decided: Stamp,
}

/// A child whose phone number the office has decided.
fn scene() -> Scene {
    let world = World::default();
    let mut rina = world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let mut tablet = world.tablet("Siti", &[SADAN]);
    let child = tablet.save_child("Melati", &area(SADAN));
    tablet.sync();
    world.time.pass(10 * MINUTE);
    let form = rina.get(&format!("/balita/{child}/ubah"));
    let saved = rina.submit(&form, "main form", &[("phone", "0812")]);
    assert_eq!(saved.texts(".notice"), ["Tersimpan."]);
    tablet.sync();
    world.time.pass(10 * MINUTE);
    let decided = world.read(|tx| tx.record(child)).unwrap().row_stamp();
    assert_eq!(decided.device, DeviceNo::OFFICE);
    let handed_in = tablet.copied(&world.time);
    Scene { world, child, tablet, handed_in, decided }
}

impl Scene {
    /// A stamp of the office so many minutes after the decision, or before it.
    fn beside(&self, minutes: i64) -> Stamp {
        let ms = self.decided.tick.unix_ms() + minutes * MINUTE;
        format!("{ms:012x}0000-00000000").parse().unwrap()
    }

    /// Hands in a mirror in which the child is so.
    #[track_caller]
    fn hand_in(&self, stamp: Stamp, change: &str) -> Recovered {
        let file: PathBuf = self.handed_in.path();
        let sql = format!("UPDATE mirror SET stamp = '{stamp}', {change} WHERE kind = 'child'");
        assert_eq!(Connection::open(&file).unwrap().execute(&sql, []).unwrap(), 1);
        import_mirror(self.world.service(), &file).unwrap()
    }

    #[track_caller]
    fn phone(&mut self) -> Option<String> {
        self.tablet.sync();
        assert_eq!(self.world.faults(), Vec::<String>::new());
        self.tablet.body(Kind::CHILD, self.child)?.text("phone").map(str::to_owned)
    }
}

const ANOTHER_PHONE: &str = "body = json_set(body, '$.phone', '0899')";
const DELETED: &str = "body = NULL, deleted = 'ganda'";
const LATER: &str = "something later stands there now";

#[test]
fn what_a_mirror_holds_from_before_a_decision_changes_nothing() {
    let mut scene = scene();
    for change in [ANOTHER_PHONE, DELETED, "area = '16.04.06.2009'"] {
        let recovered = scene.hand_in(scene.beside(-1), change);
        assert_eq!(
            (recovered.put_in.len(), recovered.left_out.as_slice()),
            (0, [(scene.child, LATER)].as_slice()),
            "{change}"
        );
        assert_eq!(scene.phone().as_deref(), Some("0812"), "{change}");
        scene.handed_in = scene.tablet.copied(&scene.world.time);
    }
}

#[test]
fn what_the_office_decided_later_and_lost_comes_back_under_its_stamp() {
    let mut scene = scene();
    let stamp = scene.beside(5);
    let recovered = scene.hand_in(stamp, ANOTHER_PHONE);
    assert_eq!(
        (recovered.put_in.as_slice(), recovered.left_out.len()),
        ([scene.child].as_slice(), 0)
    );
    assert_eq!(scene.phone().as_deref(), Some("0899"));
    let stored = scene.world.read(|tx| tx.record(scene.child)).unwrap();
    assert_eq!(stored.row_stamp(), stamp);
}

#[test]
fn what_a_tablet_wrote_comes_back_from_its_log_and_not_from_a_mirror() {
    let mut scene = scene();
    let stamp = scene.beside(5).to_string().replace("-00000000", "-00000b0b");
    let recovered = scene.hand_in(stamp.parse().unwrap(), ANOTHER_PHONE);
    assert_eq!((recovered.put_in.len(), recovered.of_tablets), (0, 1));
    assert_eq!(scene.phone().as_deref(), Some("0812"));
}
