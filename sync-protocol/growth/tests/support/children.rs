//! Made-up children that are the same everywhere: a plain generator of numbers, and measures
//! around the medians. Used for the bits that must not change and for the speed.

use child_growth::{Age, Input, Length, Lms, Oedema, Position, Sex, Table, Weight};

/// Marsaglia's xorshift, 64 bits.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end)).unwrap_or(0)
    }

    /// About normal, SD 1.15, never beyond 6: 1 in 100 lies beyond 3, as in a survey.
    fn z(&mut self) -> f64 {
        let sum: u32 = (0..9).map(|_| self.below(1330)).sum();
        f64::from(sum) / 1000.0 - 5.98
    }
}

/// `count` children of 91 to 1826 days with all six indices.
pub(crate) fn children(count: usize) -> Vec<Input> {
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    (0..count).filter_map(|_| child(&mut numbers)).collect()
}

fn child(numbers: &mut Numbers) -> Option<Input> {
    let sex = if numbers.below(2) == 0 { Sex::Male } else { Sex::Female };
    let day = 91 + numbers.below(1736);
    let lying = (numbers.below(10) == 0) != (day < 731);
    let height = at(Table::LengthForAge.row(sex, day)?, numbers.z(), 10.0);
    // Weight follows height, as in a body; from the day tables it would give impossible builds.
    let table = if day < 731 { Table::WeightForLength } else { Table::WeightForHeight };
    let weight = at(table.row(sex, tenths(height))?, numbers.z(), 100.0);
    let head = at(Table::HeadForAge.row(sex, day)?, numbers.z(), 10.0);
    let arm = at(Table::ArmForAge.row(sex, day)?, numbers.z(), 10.0);
    Some(Input {
        sex: Some(sex),
        age: Some(Age::from_days(day)),
        length: Length::from_cm(height).ok(),
        weight: Weight::from_kg(weight).ok(),
        head: Length::from_cm(head).ok(),
        arm: Length::from_cm(arm).ok(),
        position: Some(if lying { Position::Lying } else { Position::Standing }),
        oedema: Oedema::Absent,
    })
}

/// The measure at z, read off to a number of `steps` in a unit.
fn at(row: Lms, z: f64, steps: f64) -> f64 {
    (row.at(z) * steps).round() / steps
}

fn tenths(cm: f64) -> u32 {
    Length::from_cm(cm).map_or(0, |_| format!("{:.0}", cm * 10.0).parse().unwrap_or(0))
}
