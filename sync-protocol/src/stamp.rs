//! Stamps: the one order in which edits count.

use crate::ids::{BadId, DeviceNo, parse_text};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The greatest millisecond a stamp can hold: 48 bits, the year 10889.
pub const MS_MAX: u64 = (1 << 48) - 1;

/// The time part of a stamp: milliseconds since 1970 (48 bit), then a counter (16 bit).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tick {
    ms: u64,
    counter: u16,
}

impl Tick {
    /// The first tick of a millisecond. Times before 1970 are 1970.
    pub fn at(unix_ms: i64) -> Self {
        Tick { ms: u64::try_from(unix_ms).unwrap_or(0).min(MS_MAX), counter: 0 }
    }

    /// The next tick; a full counter carries into the millisecond.
    pub fn next(self) -> Self {
        match self.counter.checked_add(1) {
            Some(counter) => Tick { ms: self.ms, counter },
            None => Tick { ms: (self.ms + 1).min(MS_MAX), counter: 0 },
        }
    }

    pub fn unix_ms(self) -> i64 {
        self.ms.cast_signed()
    }

    /// Milliseconds and counter in one number, in the same order; the form a database keeps.
    pub fn packed(self) -> u64 {
        (self.ms << 16) | u64::from(self.counter)
    }

    pub fn unpack(packed: u64) -> Self {
        let [.., high, low] = packed.to_be_bytes();
        Tick { ms: packed >> 16, counter: u16::from_be_bytes([high, low]) }
    }
}

/// When the server says that a change was made, and by which device. Total order; the device
/// decides between equal ticks.
///
/// Text: `{ms:012x}{counter:04x}-{device:08x}`, which sorts as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    pub tick: Tick,
    pub device: DeviceNo,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}{:04x}-{:08x}", self.tick.ms, self.tick.counter, self.device.0)
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Stamp {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = BadId("stamp");
        let hex = |part: &str, digits: usize| {
            let lower = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
            if part.len() == digits && part.bytes().all(lower) {
                u64::from_str_radix(part, 16).ok()
            } else {
                None
            }
        };
        let (tick, device) = text.split_once('-').ok_or(bad)?;
        let packed = hex(tick, 16).ok_or(bad)?;
        let device = hex(device, 8).and_then(|d| u32::try_from(d).ok()).ok_or(bad)?;
        Ok(Stamp { tick: Tick::unpack(packed), device: DeviceNo(device) })
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        parse_text(d)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_stamp() -> impl Strategy<Value = Stamp> {
        (any::<u64>(), any::<u32>()).prop_map(|(packed, device)| Stamp {
            tick: Tick::unpack(packed),
            device: DeviceNo(device),
        })
    }

    proptest! {
        #[test]
        fn a_stamp_survives_its_text(stamp in any_stamp()) {
            prop_assert_eq!(stamp.to_string().parse(), Ok(stamp));
        }

        #[test]
        fn stamps_sort_as_their_text_does(a in any_stamp(), b in any_stamp()) {
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn packing_keeps_the_order(a in any::<u64>(), b in any::<u64>()) {
            prop_assert_eq!(Tick::unpack(a).packed(), a);
            prop_assert_eq!(Tick::unpack(a).cmp(&Tick::unpack(b)), a.cmp(&b));
        }
    }

    #[test]
    fn a_full_counter_carries_into_the_millisecond() {
        let full = Tick { ms: 5, counter: u16::MAX };
        assert_eq!(full.next(), Tick { ms: 6, counter: 0 });
        assert!(full.next() > full);
    }

    #[test]
    fn a_stamp_has_exactly_one_text() {
        let good = "0193a5b2c4d10003-acd0f1a7";
        assert_eq!(good.parse::<Stamp>().unwrap().to_string(), good);
        for bad in [
            "",
            "-",
            "0193A5B2C4D10003-acd0f1a7",
            "193a5b2c4d10003-acd0f1a7",
            "0193a5b2c4d10003-acd0f1a",
            "+193a5b2c4d10003-acd0f1a7",
        ] {
            assert!(bad.parse::<Stamp>().is_err(), "{bad}");
        }
    }

    #[test]
    fn times_before_1970_are_1970() {
        assert_eq!(Tick::at(-1).packed(), 0);
    }
}
