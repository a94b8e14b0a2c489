//! How long a model takes natively, engine and modules without sandboxes, for benches that compare:
//! `native_times MODEL [ROUNDS]` prints medians as JSON, in milliseconds.

use std::time::Instant;

use plancheck_engine::rules::Session;
use plancheck_tests::native;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let model = arguments
        .next()
        .ok_or_else(|| anyhow::anyhow!("usage: native_times MODEL [ROUNDS]"))?;
    let rounds: usize = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let bytes = std::fs::read(model)?;
    let modules = native::modules();
    let (mut loads, mut validations) = (Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let own = bytes.clone();
        let started = Instant::now();
        let mut session = Session::load(own)?;
        loads.push(started.elapsed().as_secs_f64() * 1e3);
        let started = Instant::now();
        session.use_modules(native::slots(&modules));
        native::run(&mut session, &modules);
        let report = session.report()?.to_json();
        validations.push(started.elapsed().as_secs_f64() * 1e3);
        std::hint::black_box(report);
    }
    println!(
        "{}",
        serde_json::json!({ "load": median(loads), "validate": median(validations) })
    );
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
