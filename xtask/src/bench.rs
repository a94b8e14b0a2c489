//! Runs the benchmarks.

use anyhow::Result;

use crate::context::Context;
use crate::process;
use crate::{toolchain, wasm};

/// `./x bench`
pub fn bench(context: &Context, names: &[String]) -> Result<()> {
    wasm::build(context, &toolchain::prepare(context)?)?;
    let names = match names {
        [first, rest @ ..] if first == "--" => rest,
        all => all,
    };
    process::step(
        "Building the benchmarks (the first time with wasmtime: minutes)",
        || {
            process::run(context.cargo().args([
                "build",
                "--release",
                "--package",
                "plancheck-tests",
                "--bin",
                "bench",
            ]))
        },
    )?;
    process::announce("Benchmarks");
    let mut command = context.cargo();
    command.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "plancheck-tests",
        "--bin",
        "bench",
        "--",
    ]);
    process::run(command.args(names))
}
