//! The only last-writer-wins in Timbang.
//!
//! It runs on each register of a record by itself: on its **state** (body or tombstone) and, for a
//! child, on its **place** (area), so that a stale edit of a phone number cannot undo a hand-over.

use crate::stamp::Stamp;

/// What the merge says of an incoming version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is the register's value now.
    Applied,
    /// A later stamp holds the register; the incoming version is kept beside it.
    Superseded,
}

/// The greater stamp wins; an equal one is the version already there.
pub fn decide(current: Option<Stamp>, incoming: Stamp) -> Decision {
    match current {
        Some(current) if incoming <= current => Decision::Superseded,
        Some(_) | None => Decision::Applied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceNo;
    use crate::stamp::Tick;
    use proptest::prelude::*;

    fn any_stamp() -> impl Strategy<Value = Stamp> {
        // Few ticks and devices, so that ties are common.
        (0u64..4, 0u32..3).prop_map(|(t, d)| Stamp { tick: Tick::unpack(t), device: DeviceNo(d) })
    }

    fn merge(current: Option<Stamp>, incoming: Stamp) -> Option<Stamp> {
        match decide(current, incoming) {
            Decision::Applied => Some(incoming),
            Decision::Superseded => current,
        }
    }

    fn merge_all(stamps: impl IntoIterator<Item = Stamp>) -> Option<Stamp> {
        stamps.into_iter().fold(None, merge)
    }

    proptest! {
        #[test]
        fn the_winner_is_the_same_in_every_order(
            (stamps, shuffled) in proptest::collection::vec(any_stamp(), 0..8)
                .prop_flat_map(|stamps| (Just(stamps.clone()), Just(stamps).prop_shuffle()))
        ) {
            prop_assert_eq!(merge_all(stamps.iter().copied()), merge_all(shuffled));
            prop_assert_eq!(merge_all(stamps.iter().copied()), stamps.iter().copied().max());
        }

        #[test]
        fn merging_is_associative(a in any_stamp(), b in any_stamp(), c in any_stamp()) {
            let bc = merge(Some(b), c);
            let left = merge(merge(Some(a), b), c);
            let right = bc.map_or(Some(a), |bc| merge(Some(a), bc));
            prop_assert_eq!(left, right);
        }

        #[test]
        fn merging_twice_is_merging_once(current in proptest::option::of(any_stamp()), incoming in any_stamp()) {
            let once = merge(current, incoming);
            prop_assert_eq!(merge(once, incoming), once);
            prop_assert_eq!(decide(once, incoming), Decision::Superseded);
        }

        #[test]
        fn of_two_versions_exactly_one_wins(a in any_stamp(), b in any_stamp()) {
            prop_assume!(a != b);
            let a_wins = decide(Some(b), a) == Decision::Applied;
            let b_wins = decide(Some(a), b) == Decision::Applied;
            prop_assert!(a_wins != b_wins);
        }
    }

    #[test]
    fn the_device_decides_between_equal_ticks() {
        let tick = Tick::at(1_000);
        let low = Stamp { tick, device: DeviceNo(1) };
        let high = Stamp { tick, device: DeviceNo(2) };
        assert_eq!(decide(Some(low), high), Decision::Applied);
        assert_eq!(decide(Some(high), low), Decision::Superseded);
    }
}
