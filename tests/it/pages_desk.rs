//! A supervisor at the desk: a posyandu's day from the paper register, what two tablets disagree on,
//! what waits for a person.

mod conflicts;
mod entry;
mod parked;

use server::store::Role;
use sync_protocol::ids::RecordId;
use sync_protocol::wire::Outcome;
use sync_tests::{Device, KECAMATAN, Office, SADAN, World, any_id, child_body};

pub(crate) const POSYANDU: &str = "Melati";
/// Would run, were it not shown as a text.
pub(crate) const INJECTION: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) device: Device,
    pub(crate) rina: Office,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let world = World::default();
        let device = world.device("Siti", &[SADAN]);
        let rina = world.office("Bu Rina", Role::Penyelia, &[KECAMATAN]);
        Desk { world, device, rina }
    }

    /// A girl of the posyandu, 18 months old.
    #[track_caller]
    pub(crate) fn child(&mut self, name: &str) -> RecordId {
        let child = any_id();
        let change = self.device.child(child, SADAN, &child_body(name).with("posyandu", POSYANDU));
        assert_eq!(self.device.push_one(change).outcome, Outcome::Applied);
        child
    }

    /// Somebody of the same right, whose scope is elsewhere.
    pub(crate) fn stranger(&self) -> Office {
        self.world.office("Pak Jauh", Role::Penyelia, &["16.04.07"])
    }

    #[track_caller]
    pub(crate) fn check(&self) {
        assert_eq!(self.world.faults(), Vec::<String>::new());
    }
}
