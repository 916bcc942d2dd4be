//! Prints one number that changes when any bit of any score changes: run it natively and in
//! WebAssembly and compare. `cargo run -p child-growth --example bits`
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

#[path = "../tests/support/bits.rs"]
mod bits;
#[path = "../tests/support/children.rs"]
mod children;

fn main() {
    println!("{:016x}", bits::of(&children::children(10_000)));
}
