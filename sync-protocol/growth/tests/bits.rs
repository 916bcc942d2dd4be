//! The scores are the same to the last bit wherever this runs.

#[path = "support/bits.rs"]
mod bits;
#[path = "support/children.rs"]
mod children;

/// Found natively on x86-64 and in WebAssembly alike. It moves with `libm`, with the tables, and
/// with the order of a formula: move it only knowingly.
const EXPECTED: u64 = 0x2ff0_4508_252a_f032;

#[test]
fn the_bits_are_those_of_every_platform() {
    let inputs = children::children(10_000);
    assert!(inputs.len() > 9_900);
    assert_eq!(format!("{:016x}", bits::of(&inputs)), format!("{EXPECTED:016x}"));
}
