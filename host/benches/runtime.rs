//! What a sandbox costs: loading a module, one call, one large batch.
//!
//! `cargo bench -p plancheck-host --bench runtime`, or the same with the path of a module file
//! that has a rule 0 over a view of numbers.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use plancheck_contract::{Batch, LAYOUT_EXACT};
use plancheck_host::runtime::{Compiler, Limits, Module, Runtime, RuntimeConfig, Trust};

fn main() -> anyhow::Result<()> {
    let bytes = plancheck_hostile::module(plancheck_hostile::HONEST)?;
    let dir = tempfile::tempdir()?;
    let open = || {
        Runtime::new(RuntimeConfig {
            cache_dir: Some(dir.path().join("artifacts")),
            compiler: Compiler::Child(PathBuf::from(env!("CARGO_BIN_EXE_plancheck"))),
            limits: Limits::default(),
        })
    };
    let cold = once(|| {
        open()?
            .load_module(&bytes, Trust::Untrusted)
            .map_err(anyhow::Error::from)
    })?;
    println!("runtime and first load, compiled in a child   {cold:>12.1?}");
    let runtime = open()?;
    let warm = median(200, || {
        runtime.load_module(&bytes, Trust::Untrusted).map(drop)
    })?;
    println!("load from the cache                           {warm:>12.1?}");
    let module = runtime.load_module(&bytes, Trust::Untrusted)?;
    let empty = median(2000, || module.evaluate(&[0], &doors(0)).map(drop))?;
    println!("fresh instance and an empty batch             {empty:>12.1?}");
    for rows in [100, 10_000, 100_000] {
        let batch = doors(rows);
        let native = median(50, || {
            Ok::<_, std::fmt::Error>(black_box(judge(black_box(&batch))))
        })?;
        let sandboxed = median(50, || evaluate(&module, &batch))?;
        let ratio = sandboxed.as_secs_f64() / native.as_secs_f64();
        println!(
            "{rows:>7} rows of 6 numbers: native {native:>10.1?}, module {sandboxed:>10.1?}, {ratio:.1} ×"
        );
    }
    Ok(())
}

fn evaluate(module: &Module, batch: &Batch) -> anyhow::Result<()> {
    black_box(module.evaluate(&[0], batch)?);
    Ok(())
}

/// Doors of which one in twenty is too narrow, with five more columns that no rule reads.
fn doors(rows: u32) -> Batch {
    let widths = (0..rows).map(|row| if row % 20 == 0 { 0.7 } else { 0.9 });
    let others = std::iter::repeat_n(1.0, rows as usize * 5);
    Batch {
        rows,
        layout: vec![LAYOUT_EXACT; 6],
        numbers: widths.chain(others).collect(),
        ..Batch::default()
    }
}

/// The rule of the honest module.
fn judge(batch: &Batch) -> Vec<(u32, f64)> {
    let widths = batch.numbers.iter().take(batch.rows as usize);
    (0..)
        .zip(widths)
        .filter(|(_, width)| **width < 0.8128)
        .map(|(row, w)| (row, *w))
        .collect()
}

fn once<T>(run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    run()?;
    Ok(begun.elapsed())
}

fn median<T, E>(times: usize, mut run: impl FnMut() -> Result<T, E>) -> Result<Duration, E> {
    let mut all = Vec::with_capacity(times);
    for _ in 0..times {
        let begun = Instant::now();
        black_box(run()?);
        all.push(begun.elapsed());
    }
    all.sort();
    Ok(all.get(times / 2).copied().unwrap_or_default())
}
