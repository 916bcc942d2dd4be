//! Admission: the one stamp that the server gives a change, once, however wrong the tablet's clock.

use crate::ids::DeviceNo;
use crate::stamp::{Stamp, Tick};

/// A skew that differs by more than this from the kept one replaces it; a skew within this of zero
/// counts as none.
pub const SKEW_TOLERANCE_MS: i64 = 2 * 60 * 1000;

/// What the server knows when it admits one change. All times in ms since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Admission {
    pub device: DeviceNo,
    /// The tablet's raw clock when the change was saved.
    pub made_at_ms: i64,
    /// The kept skew of the change's clock; `None` for a clock that was never measured.
    pub skew_ms: Option<i64>,
    /// Server time of this device's latest exchange that could not yet know the change, else of
    /// its enrolment.
    pub not_before_ms: i64,
    pub server_now_ms: i64,
    /// The previous stamp of this device.
    pub previous: Option<Tick>,
    /// The change's base, when the server has that version of that record.
    pub base: Option<Stamp>,
}

impl Admission {
    /// The same of a change that says nothing of its time and must not be in the way of others: right
    /// after the previous one of its device.
    #[must_use]
    pub fn as_early_as_can_be(self) -> Self {
        let earliest_ms = self.previous.map_or(self.not_before_ms, Tick::unix_ms);
        Admission { made_at_ms: earliest_ms, skew_ms: None, not_before_ms: earliest_ms, ..self }
    }
}

/// What admission decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    pub stamp: Stamp,
    /// The repaired time of the edit, before the stamp's order rules.
    pub made_ms: i64,
    /// The clock was never measured: the time is only known to lie between two exchanges.
    pub time_uncertain: bool,
}

/// Gives a change its stamp. Pure: the same knowledge gives the same stamp.
pub fn admit(known: &Admission) -> Admitted {
    let repaired = known.made_at_ms.saturating_sub(known.skew_ms.unwrap_or(0));
    let latest = known.server_now_ms.max(known.not_before_ms);
    let made_ms = repaired.clamp(known.not_before_ms, latest);
    let after_previous = known.previous.map(Tick::next);
    let after_base = known.base.map(|base| base.tick.next());
    let tick =
        [after_previous, after_base].into_iter().flatten().fold(Tick::at(made_ms), Tick::max);
    Admitted {
        stamp: Stamp { tick, device: known.device },
        made_ms,
        time_uncertain: known.skew_ms.is_none(),
    }
}

/// The skew to keep for one (device, clock) after a request that was sent at `sent_at_ms` by the
/// tablet's clock and whose head arrived at `arrived_ms` by the server's.
pub fn measure_skew(kept_ms: Option<i64>, sent_at_ms: i64, arrived_ms: i64) -> i64 {
    let difference = sent_at_ms.saturating_sub(arrived_ms);
    let measured = if difference.abs() <= SKEW_TOLERANCE_MS { 0 } else { difference };
    match kept_ms {
        Some(kept) if measured.abs_diff(kept) <= SKEW_TOLERANCE_MS.unsigned_abs() => kept,
        Some(_) | None => measured,
    }
}

/// Whether the server keeps a stamp that it gave before a restore and that a tablet sends again.
pub fn keeps_old_stamp(
    old: Stamp,
    device: DeviceNo,
    was: Option<DeviceNo>,
    previous: Option<Tick>,
    server_now_ms: i64,
) -> bool {
    let own = old.device == device || was == Some(old.device);
    let above = previous.is_none_or(|previous| old.tick > previous);
    own && above && old.tick.unix_ms() <= server_now_ms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_795_000_000_000;
    const DAY: i64 = 86_400_000;
    const YEAR: i64 = 365 * DAY;

    fn change(made_at_ms: i64) -> Admission {
        Admission {
            device: DeviceNo(7),
            made_at_ms,
            skew_ms: Some(0),
            not_before_ms: NOW - 30 * DAY,
            server_now_ms: NOW,
            previous: None,
            base: None,
        }
    }

    #[test]
    fn a_right_clock_is_believed() {
        let admitted = admit(&change(NOW - DAY));
        assert_eq!(admitted.made_ms, NOW - DAY);
        assert_eq!(admitted.stamp.tick, Tick::at(NOW - DAY));
        assert!(!admitted.time_uncertain);
    }

    #[test]
    fn a_measured_skew_is_taken_off() {
        let fast = Admission { skew_ms: Some(3 * DAY), ..change(NOW - DAY + 3 * DAY) };
        assert_eq!(admit(&fast).made_ms, NOW - DAY);
    }

    #[test]
    fn an_unmeasured_clock_is_held_between_two_exchanges_and_said_to_be_uncertain() {
        let future = Admission { skew_ms: None, ..change(NOW + 10 * YEAR) };
        assert_eq!(
            admit(&future),
            Admitted { stamp: admit(&change(NOW)).stamp, made_ms: NOW, time_uncertain: true }
        );
        let past = Admission { skew_ms: None, ..change(NOW - 50 * YEAR) };
        assert_eq!(admit(&past).made_ms, NOW - 30 * DAY);
    }

    #[test]
    fn a_skew_is_replaced_only_when_it_differs_by_more_than_two_minutes() {
        assert_eq!(measure_skew(None, NOW + 119_000, NOW), 0);
        assert_eq!(measure_skew(None, NOW + 121_000, NOW), 121_000);
        assert_eq!(measure_skew(Some(DAY), NOW + DAY + 119_000, NOW), DAY);
        assert_eq!(measure_skew(Some(DAY), NOW + DAY + 121_000, NOW), DAY + 121_000);
        assert_eq!(measure_skew(Some(DAY), NOW, NOW), 0);
    }

    #[test]
    fn an_old_stamp_is_kept_only_by_its_own_device_in_order_and_not_from_the_future() {
        let stamp = Stamp { tick: Tick::at(NOW - DAY), device: DeviceNo(7) };
        let kept = |device, was, previous, now| {
            keeps_old_stamp(stamp, DeviceNo(device), was, previous, now)
        };
        assert!(kept(7, None, None, NOW));
        assert!(kept(8, Some(DeviceNo(7)), Some(Tick::at(NOW - 2 * DAY)), NOW));
        assert!(!kept(8, None, None, NOW));
        assert!(!kept(7, None, Some(stamp.tick), NOW));
        assert!(!kept(7, None, None, NOW - 2 * DAY));
    }

    fn any_ms() -> impl Strategy<Value = i64> {
        prop_oneof![NOW - 50 * YEAR..NOW + 10 * YEAR, any::<i64>()]
    }

    proptest! {
        #[test]
        fn a_tablet_keeps_its_own_order_under_any_clock(
            clocks in proptest::collection::vec((any_ms(), proptest::option::of(any_ms())), 1..20)
        ) {
            let mut previous = None;
            for (made_at_ms, skew_ms) in clocks {
                let admitted = admit(&Admission { skew_ms, previous, ..change(made_at_ms) });
                prop_assert!(previous.is_none_or(|previous| admitted.stamp.tick > previous));
                previous = Some(admitted.stamp.tick);
            }
        }

        #[test]
        fn an_edit_beats_what_it_was_based_on(made_at_ms in any_ms(), skew_ms in proptest::option::of(any_ms()),
            base_ms in any_ms(), base_device in any::<u32>()) {
            let base = Stamp { tick: Tick::at(base_ms), device: DeviceNo(base_device) };
            prop_assume!(base_ms < NOW + YEAR);
            let admitted = admit(&Admission { skew_ms, base: Some(base), ..change(made_at_ms) });
            prop_assert!(admitted.stamp > base);
        }

        #[test]
        fn no_clock_wins_for_ever_or_loses_for_ever(made_at_ms in any_ms(), skew_ms in proptest::option::of(any_ms())) {
            let admitted = admit(&Admission { skew_ms, ..change(made_at_ms) });
            prop_assert!(admitted.stamp.tick <= Tick::at(NOW));
            prop_assert!(admitted.stamp.tick >= Tick::at(NOW - 30 * DAY));
        }
    }
}
