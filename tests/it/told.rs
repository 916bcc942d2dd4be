//! What a tablet could not know: how long a child was in its scope, when it was told that it left,
//! and by which request that shows.

use serde_json::{Value, json};
use sync_protocol::ids::{RecordId, WorkerId};
use sync_protocol::wire::{Outcome, Receipt, SyncReply};
use sync_tests::{
    DAY, Device, FAR_DESA, HOUR, MINUTE, OTHER_DESA, SADAN, World, any_id, child_body,
};

/// Siti works in one desa, Budi in all of them; some children live in hers.
struct Neighbours {
    world: World,
    siti: Device,
    budi: Device,
    worker: WorkerId,
    children: Vec<RecordId>,
}

impl Neighbours {
    fn with_children(count: usize) -> Self {
        let world = World::default();
        let worker = world.worker("Siti", &[SADAN]);
        let (mut siti, budi) = (world.device_of(worker), world.device("Budi", &["16.04"]));
        let children: Vec<RecordId> = (0..count).map(|_| any_id()).collect();
        let changes: Vec<Value> =
            children.iter().map(|child| siti.child(*child, SADAN, &child_body("Ani"))).collect();
        siti.push(&changes);
        siti.push(&[]);
        world.time.pass(HOUR);
        Neighbours { world, siti, budi, worker, children }
    }

    fn hand_over(&mut self, child: RecordId, to: &str) {
        let change = self.budi.change("child", child, json!({"move": to}));
        assert_eq!(self.budi.push_one(change).outcome, Outcome::Applied);
        self.world.time.pass(MINUTE);
    }

    /// Siti edits a child now; it is sent later.
    fn edit(&mut self, child: RecordId) -> Value {
        let change = self.siti.body("child", child, None, &child_body("Ani, diedit"));
        self.world.time.pass(MINUTE);
        change
    }

    /// Siti edits a child and sends that at once.
    fn edit_now(&mut self, child: RecordId) -> Receipt {
        let change = self.edit(child);
        // What she is told meanwhile she does not read.
        let envelope = self.siti.envelope(&[change]);
        self.siti.post(&envelope).sync().receipts.remove(0)
    }

    /// Siti reads one page of so many rows.
    fn read_page(&mut self, rows: u32) -> SyncReply {
        let mut envelope = self.siti.envelope(&[]);
        envelope["limit"] = json!(rows);
        let reply = self.siti.post(&envelope).sync();
        self.siti.cursor = reply.cursor.clone().map(|cursor| cursor.0);
        self.world.time.pass(MINUTE);
        reply
    }

    /// Siti lets the server see what she has read.
    fn show_cursor(&mut self) {
        let envelope = self.siti.envelope(&[]);
        self.siti.post(&envelope).sync();
        self.world.time.pass(MINUTE);
    }
}

#[track_caller]
fn check_taken(receipt: &Receipt) {
    assert_eq!(receipt.outcome, Outcome::Applied, "she could not know: {receipt:?}");
}

#[track_caller]
fn check_parked(receipt: &Receipt) {
    let said = (receipt.outcome, receipt.code.map(|code| code.as_str()));
    assert_eq!(said, (Outcome::Parked, Some("not_in_scope")), "{receipt:?}");
}

#[test]
fn a_page_tells_of_the_children_on_it_and_of_no_other() {
    let mut here = Neighbours::with_children(2);
    let [first, second] = here.children[..] else { panic!("two children") };
    here.hand_over(first, FAR_DESA);
    here.hand_over(second, FAR_DESA);
    let page = here.read_page(1);
    assert_eq!((page.rows.len(), page.more), (1, true));
    here.show_cursor();
    check_parked(&here.edit_now(first));
    check_taken(&here.edit_now(second));
    here.read_page(1);
    here.show_cursor();
    check_parked(&here.edit_now(second));
    assert_eq!(here.world.faults(), Vec::<String>::new());
}

#[test]
fn a_page_that_never_came_back_as_a_cursor_told_nothing() {
    let mut here = Neighbours::with_children(1);
    let child = here.children[0];
    here.hand_over(child, FAR_DESA);
    for _ in 0..3 {
        // The answer is lost each time.
        let envelope = here.siti.envelope(&[]);
        assert_eq!(here.siti.post(&envelope).sync().rows.len(), 1);
        here.world.time.pass(DAY);
        check_taken(&here.edit_now(child));
    }
}

#[test]
fn a_tablet_is_told_by_its_first_request_after_it_was_told_and_not_by_a_later_one() {
    let mut here = Neighbours::with_children(1);
    let child = here.children[0];
    here.hand_over(child, FAR_DESA);
    here.read_page(500);
    let unaware = here.edit(child);
    here.show_cursor();
    let aware = here.edit(child);
    here.world.time.pass(DAY);
    here.show_cursor();
    let envelope = here.siti.envelope(&[unaware, aware]);
    let receipts = here.siti.post(&envelope).sync().receipts;
    check_taken(&receipts[0]);
    check_parked(&receipts[1]);
}

#[test]
fn a_child_that_came_back_and_left_again_is_told_of_again() {
    let mut here = Neighbours::with_children(1);
    let child = here.children[0];
    here.hand_over(child, FAR_DESA);
    here.read_page(500);
    here.show_cursor();
    check_parked(&here.edit_now(child));
    here.hand_over(child, SADAN);
    here.hand_over(child, FAR_DESA);
    check_taken(&here.edit_now(child));
}

#[test]
fn ninety_days_count_from_the_hour_a_child_left_and_for_its_last_departure() {
    let mut here = Neighbours::with_children(1);
    let child = here.children[0];
    here.hand_over(child, FAR_DESA);
    here.world.time.pass(80 * DAY);
    here.hand_over(child, SADAN);
    here.hand_over(child, FAR_DESA);
    here.world.time.pass(90 * DAY - HOUR);
    check_taken(&here.edit_now(child));
    here.world.time.pass(HOUR);
    check_parked(&here.edit_now(child));
}

#[test]
fn an_answer_that_told_of_a_grants_end_and_was_lost_told_nothing() {
    let mut here = Neighbours::with_children(1);
    let child = here.children[0];
    here.world.ungrant(here.worker, SADAN, false);
    here.show_cursor();
    here.world.time.pass(DAY);
    check_taken(&here.edit_now(child));
    here.read_page(500);
    here.show_cursor();
    check_parked(&here.edit_now(child));
}

#[test]
fn a_child_that_came_after_a_grant_ended_was_never_in_scope_by_it() {
    let mut here = Neighbours::with_children(0);
    here.world.ungrant(here.worker, SADAN, false);
    here.world.time.pass(MINUTE);
    let child = any_id();
    let change = here.budi.child(child, SADAN, &child_body("Baru"));
    here.budi.push_one(change);
    check_parked(&here.edit_now(child));
}

#[test]
fn a_child_that_went_before_a_grant_was_given_was_never_in_scope_by_it() {
    let mut here = Neighbours::with_children(0);
    let child = any_id();
    let change = here.budi.child(child, OTHER_DESA, &child_body("Lama"));
    here.budi.push_one(change);
    here.hand_over(child, FAR_DESA);
    here.world.grant(here.worker, OTHER_DESA);
    check_parked(&here.edit_now(child));
}

#[test]
fn a_child_of_another_desa_than_the_ended_grants_was_never_in_scope() {
    let mut here = Neighbours::with_children(0);
    let child = any_id();
    let change = here.budi.child(child, OTHER_DESA, &child_body("Lain"));
    here.budi.push_one(change);
    here.world.ungrant(here.worker, SADAN, false);
    check_parked(&here.edit_now(child));
    here.hand_over(child, FAR_DESA);
    check_parked(&here.edit_now(child));
}

#[test]
fn a_child_that_moved_on_after_the_grant_ended_had_been_in_scope_until_then() {
    let mut here = Neighbours::with_children(2);
    let [moved, stayed] = here.children[..] else { panic!("two children") };
    here.world.ungrant(here.worker, SADAN, false);
    here.world.time.pass(MINUTE);
    here.hand_over(moved, FAR_DESA);
    // A hand-over to where a child is already begins no new stay.
    here.hand_over(stayed, SADAN);
    check_taken(&here.edit_now(moved));
    check_taken(&here.edit_now(stayed));
    // The ninety days count from the end of the grant, for both.
    here.world.time.pass(90 * DAY - HOUR);
    check_taken(&here.edit_now(stayed));
    here.hand_over(stayed, FAR_DESA);
    here.world.time.pass(HOUR);
    check_parked(&here.edit_now(stayed));
    check_parked(&here.edit_now(moved));
}

#[test]
fn whoever_was_told_of_the_departure_gains_nothing_by_the_end_of_the_grant() {
    let mut here = Neighbours::with_children(1);
    let child = here.children[0];
    here.hand_over(child, FAR_DESA);
    here.read_page(500);
    here.show_cursor();
    let aware = here.edit(child);
    here.world.ungrant(here.worker, SADAN, false);
    here.read_page(500);
    here.show_cursor();
    let envelope = here.siti.envelope(&[aware]);
    check_parked(&here.siti.post(&envelope).sync().receipts[0]);
}

#[test]
fn a_grant_that_ended_for_cause_lets_nothing_in_and_another_one_still_does() {
    let mut here = Neighbours::with_children(1);
    let child = here.children[0];
    here.world.grant(here.worker, "16.04.06");
    here.world.ungrant(here.worker, SADAN, true);
    here.hand_over(child, FAR_DESA);
    check_taken(&here.edit_now(child));
    here.world.ungrant(here.worker, "16.04.06", true);
    check_parked(&here.edit_now(child));
}

#[test]
fn what_one_tablet_of_a_worker_was_told_the_other_was_not() {
    let mut here = Neighbours::with_children(1);
    let child = here.children[0];
    let mut second = here.world.device_of(here.worker);
    second.push(&[]);
    second.push(&[]);
    here.hand_over(child, FAR_DESA);
    here.read_page(500);
    here.show_cursor();
    check_parked(&here.edit_now(child));
    let unaware = second.body("child", child, None, &child_body("Ani, dari tablet kedua"));
    check_taken(&second.push_one(unaware));
}
