//! WHO's LMS tables. They travel to tablets over a village's line, so they are embedded as small as
//! they get, and unpacked at the first question: half a megabyte, a fraction of a millisecond.
//!
//! `tables/who2006.bin` holds three columns of 20,492 rows: L in 1/10,000, M in 1/10,000, S in
//! 1/100,000. WHO's curves are smooth, so what is written of a value is by how much its step from
//! the row before differs from the step before that one: a signed number, its sign in the lowest
//! bit, seven bits a byte from the lowest, the high bit set in all but the last. No digit is lost, and
//! dividing gives the same `f64` as reading the decimal. A test rebuilds the file from the CSVs beside
//! it and compares.

use crate::input::Sex;
use crate::lms::Lms;
use std::sync::LazyLock;

const PACKED: &[u8] = include_bytes!("../tables/who2006.bin");
const ROWS: usize = 20_492;

static UNPACKED: LazyLock<Vec<Lms>> = LazyLock::new(unpack);

/// One of WHO's seven tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// PB/U and TB/U (lhfa), cm by day 0-1826.
    LengthForAge,
    /// BB/U (wfa), kg by day 0-1826.
    WeightForAge,
    /// IMT/U (bfa), kg/m² by day 0-1826.
    BmiForAge,
    /// LK/U (hcfa), cm by day 0-1826.
    HeadForAge,
    /// LiLA/U (acfa), cm by day 91-1826.
    ArmForAge,
    /// BB/PB (wfl), kg by tenth of a centimetre 450-1100.
    WeightForLength,
    /// BB/TB (wfh), kg by tenth of a centimetre 650-1200.
    WeightForHeight,
}

/// Where a table lies: its first row for boys, its first key, and the rows of each sex.
struct Place {
    start: u32,
    first: u32,
    rows: u32,
}

impl Table {
    /// The row of a key: the day of age, or the length in tenths of a centimetre. `None` outside
    /// the table.
    #[must_use]
    pub fn row(self, sex: Sex, key: u32) -> Option<Lms> {
        let Place { start, first, rows } = self.place();
        let step = key.checked_sub(first).filter(|step| *step < rows)?;
        let skipped = match sex {
            Sex::Male => 0,
            Sex::Female => rows,
        };
        let index = usize::try_from(start + skipped + step).ok()?;
        UNPACKED.get(index).copied()
    }

    const fn place(self) -> Place {
        match self {
            Self::LengthForAge => Place { start: 0, first: 0, rows: 1827 },
            Self::WeightForAge => Place { start: 3654, first: 0, rows: 1827 },
            Self::BmiForAge => Place { start: 7308, first: 0, rows: 1827 },
            Self::HeadForAge => Place { start: 10_962, first: 0, rows: 1827 },
            Self::ArmForAge => Place { start: 14_616, first: 91, rows: 1736 },
            Self::WeightForLength => Place { start: 18_088, first: 450, rows: 651 },
            Self::WeightForHeight => Place { start: 19_390, first: 650, rows: 551 },
        }
    }
}

fn unpack() -> Vec<Lms> {
    let mut bytes = PACKED.iter().copied();
    let [l, m, s] = [10_000.0, 10_000.0, 100_000.0].map(|unit| column(&mut bytes, unit));
    l.into_iter().zip(m).zip(s).map(|((l, m), s)| Lms::new(l, m, s)).collect()
}

fn column(bytes: &mut impl Iterator<Item = u8>, unit: f64) -> Vec<f64> {
    let (mut value, mut step) = (0, 0);
    let next = |_| {
        step += signed(bytes);
        value += step;
        f64::from(value) / unit
    };
    (0..ROWS).map(next).collect()
}

fn signed(bytes: &mut impl Iterator<Item = u8>) -> i32 {
    let mut written: u32 = 0;
    for (shift, byte) in (0..u32::BITS).step_by(7).zip(bytes) {
        written |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    let magnitude = (written >> 1).cast_signed();
    if written & 1 == 0 { magnitude } else { !magnitude }
}
