//! The demo's own generator (SplitMix64): a few lines, and the same numbers on every machine.

use chrono::Days;

/// A stream of numbers. Streams of different names are independent of each other.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn of(seed: u64, name: &str) -> Random {
        let mut random = Random(seed);
        for byte in name.bytes() {
            random.0 ^= u64::from(byte);
            random.0 = random.next();
        }
        random
    }

    /// SplitMix64, Steele, Lea and Flood 2014.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `bound` - 1; 0 when there is no such number.
    pub(super) fn below(&mut self, bound: i64) -> i64 {
        let number = (self.next() >> 1).cast_signed();
        number.checked_rem(bound).unwrap_or(0)
    }

    /// `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high - low + 1)
    }

    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        let count = i64::try_from(texts.len()).unwrap_or(i64::MAX);
        let index = usize::try_from(self.below(count)).unwrap_or(0);
        texts.get(index).copied().unwrap_or_default()
    }

    /// Thousandths of a standard normal variable: the sum of twelve uniform ones, which needs no
    /// logarithm and so is the same on every machine.
    pub(super) fn normal(&mut self) -> i64 {
        (0..12).map(|_| self.below(1000)).sum::<i64>() - 5994
    }
}

pub(super) fn days(count: i64) -> Days {
    Days::new(u64::try_from(count).unwrap_or(0))
}
