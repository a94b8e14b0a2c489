//! Element·rules per second of typical rules, natively. Prints figures, asserts nothing.
//!
//! `cargo bench -p plancheck-rulebook`

#![allow(missing_docs, reason = "a bench is read, not documented")]

use std::hint::black_box;
use std::time::Instant;

use plancheck_contract::Batch;
use plancheck_rulebook::{Program, Rulebook};

const RULEBOOK: &str = include_str!("typical.toml");
const USES: [&str; 5] = ["office", "storage", "classroom", "lobby", "shop"];

/// Rows of rooms: area, width, height, whether it is interior, use; about 5 % fail.
fn batch(rulebook: &Rulebook, rows: usize, tolerances: bool) -> Batch {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut batch = Batch {
        rows: rows as u32,
        parameters: rulebook.manifest().parameter_values().collect(),
        ..Batch::default()
    };
    let layout = u8::from(tolerances);
    for fact in &rulebook.manifest().views[0].facts {
        let (low, span) = match fact.path.as_str() {
            "area" => (20.0, 100.0),
            "height" => (2.27, 0.5),
            "doors.min(clear_width)" => (0.80, 0.3),
            "declared_occupants" => (1.0, 2.0),
            "is_interior" => {
                batch.layout.push(3);
                batch
                    .numbers
                    .extend((0..rows).map(|_| f64::from(random() < 0.9)));
                continue;
            }
            _ => {
                batch.layout.push(2);
                batch
                    .symbols
                    .extend((0..rows).map(|_| (random() * 5.0) as u32));
                continue;
            }
        };
        batch.layout.push(layout);
        batch
            .numbers
            .extend((0..rows).map(|_| low + span * random()));
        if tolerances {
            batch.numbers.extend((0..rows).map(|_| 1e-5));
        }
    }
    for text in USES {
        batch.text += text;
        batch.text_ends.push(batch.text.len() as u32);
    }
    batch
}

fn main() {
    let rulebook = Rulebook::parse(RULEBOOK, "typical.toml").expect("it is right");
    for (name, tolerances) in [("exact", false), ("with tolerances", true)] {
        for checks in [vec![0], vec![1], vec![2], vec![0, 1, 2]] {
            for rows in [1_000, 100_000] {
                let batch = batch(&rulebook, rows, tolerances);
                let ask = || {
                    let program = Program::open(rulebook.program()).expect("it is a program");
                    program.evaluate(&checks, &batch).expect("it answers")
                };
                let findings = ask().row.len();
                let repeats = 2_000_000 / rows;
                let mut best = f64::INFINITY;
                for _ in 0..5 {
                    let start = Instant::now();
                    for _ in 0..repeats {
                        black_box(ask());
                    }
                    best = best.min(start.elapsed().as_secs_f64());
                }
                let rate = (repeats * rows * checks.len()) as f64 / best / 1e6;
                println!(
                    "rules {checks:?}, {name}: {rows} rows, {findings} entries: {rate:.0} M element·rules/s"
                );
            }
        }
    }
}
