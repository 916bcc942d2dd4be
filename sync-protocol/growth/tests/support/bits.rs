//! One number for all the bits of many scores (FNV-1a, 64 bits).

use child_growth::{Index, Input, assess};

pub(crate) fn of(inputs: &[Input]) -> u64 {
    let mut sum = 0xCBF2_9CE4_8422_2325_u64;
    for input in inputs {
        let found = assess(input);
        for index in Index::ALL {
            let bits = found.score(index).map_or(u64::MAX, |score| score.z().to_bits());
            for byte in bits.to_le_bytes() {
                sum = (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
            }
        }
    }
    sum
}
