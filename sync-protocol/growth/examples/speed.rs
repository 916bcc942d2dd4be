//! How many children a second one core scores: `cargo run --release -p child-growth --example
//! speed`. All six indices of 20,000 made-up children, over and over, the best of ten rounds.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

#[path = "../tests/support/children.rs"]
mod children;

use std::hint::black_box;
use std::time::Instant;

use child_growth::{Index, assess};

const ROUNDS: u32 = 10;
const PASSES: u32 = 25;

fn main() {
    let inputs = children::children(20_000);
    let scored = PASSES * u32::try_from(inputs.len()).unwrap_or(u32::MAX);
    let all_six =
        inputs.iter().filter(|input| Index::ALL.iter().all(|i| assess(input).score(*i).is_some()));
    println!("{} children, {} with all six scores", inputs.len(), all_six.count());
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..PASSES {
            for input in &inputs {
                black_box(assess(black_box(input)));
            }
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    let nanoseconds = best * 1e9 / f64::from(scored);
    println!("{nanoseconds:.0} ns a child, {:.2} million children a second", 1000.0 / nanoseconds);
}
