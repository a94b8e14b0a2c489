//! Rows per second of one rule over four facts, natively. Prints figures, asserts nothing.
//!
//! `cargo bench -p plancheck-sdk`

#![allow(missing_docs, reason = "a bench is read, not documented")]

use std::hint::black_box;
use std::time::Instant;

use plancheck_sdk::Batch;
use plancheck_sdk::prelude::*;

#[derive(Facts)]
#[facts(subject = "stair_flight")]
pub struct Flight {
    pub riser: Number<Length>,
    pub tread: Number<Length>,
    pub width: Number<Length>,
    pub load: Number<Count>,
}

#[derive(Params)]
pub struct Params {
    /// Riser
    #[param(default = inches(7.0), cite = "Bench §1")]
    pub riser: Limit<Length>,
    /// Tread
    #[param(default = inches(11.0), cite = "Bench §1")]
    pub tread: Limit<Length>,
    /// Width for each
    #[param(default = inches_per_person(0.3), cite = "Bench §1")]
    pub each: Limit<LengthPerPerson>,
}

/// One comparison
#[rule(id = "one", cite = "Bench §1", severity = Error, category = General)]
pub fn one(flight: Flight, p: &Params) -> Verdict {
    flight.riser.at_most(p.riser)
}

/// Three comparisons over four facts, one of them computed
#[rule(id = "four", cite = "Bench §1", severity = Error, category = General)]
pub fn four(flight: Flight, p: &Params) -> Result<Verdict, Missing> {
    let load = flight.load.known()?;
    Ok(flight
        .riser
        .at_most(p.riser)
        .and(flight.tread.at_least(p.tread))
        .and(flight.width.at_least(load.times(p.each))))
}

plancheck_sdk::module! {
    id: "bench",
    title: "Bench",
    publisher: "Plancheck",
    limits: "Everything.",
    jurisdiction: { country: "us" },
    params: Params,
    views: [Flight],
    rules: [one, four],
}

/// About 5 % of the rows fail. With tolerances the numbers are twice as many.
fn batch(rows: usize, tolerances: bool) -> Batch {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut numbers = Vec::new();
    for (low, span) in [(0.150, 0.0285), (0.280, 0.05), (1.5, 0.5), (20.0, 150.0)] {
        numbers.extend((0..rows).map(|_| low + span * random()));
        if tolerances {
            numbers.extend((0..rows).map(|_| 1e-5));
        }
    }
    Batch {
        rows: rows as u32,
        layout: vec![u8::from(tolerances); 4],
        numbers,
        parameters: plancheck_sdk::params::default_values(<Params as plancheck_sdk::Params>::INFO),
        ..Batch::default()
    }
}

fn main() {
    let evaluate = module().evaluate;
    for (name, checks, tolerances) in [
        ("1 comparison, exact", [0], false),
        ("4 facts, exact", [1], false),
        ("4 facts, with tolerances", [1], true),
    ] {
        for rows in [1_000, 100_000] {
            let batch = batch(rows, tolerances);
            let findings = evaluate(&checks, &batch).row.len();
            let repeats = 20_000_000 / rows;
            let mut best = f64::INFINITY;
            for _ in 0..5 {
                let start = Instant::now();
                for _ in 0..repeats {
                    black_box(evaluate(black_box(&checks), black_box(&batch)));
                }
                best = best.min(start.elapsed().as_secs_f64());
            }
            let rate = (repeats * rows) as f64 / best / 1e6;
            println!("{name}: {rows} rows, {findings} findings: {rate:.0} M rows/s");
        }
    }
}
