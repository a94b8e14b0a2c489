//! Runs the benchmarks.

use anyhow::Result;

use crate::context::Context;
use crate::process;
use crate::{toolchain, wasm, web};

/// `./x bench`
pub fn bench(context: &Context, names: &[String]) -> Result<()> {
    let toolchain = toolchain::prepare(context)?;
    wasm::build(context, &toolchain)?;
    let names = match names {
        [first, rest @ ..] if first == "--" => rest,
        all => all,
    };
    if names == ["web"] {
        let tools = web::tools(context)?;
        web::build(context, &toolchain, &tools)?;
        return web::bench(context, &tools);
    }
    // The profile of the tests: engine and dependencies at full optimisation, built already.
    let cargo = |first: &[&str]| {
        let mut command = context.cargo();
        // The whole workspace, for the features of dependencies that the tests have.
        command.args(["bench", "--profile", "dev", "--workspace"]);
        command.args(["--bench", "checks"]).args(first);
        command
    };
    process::step(
        &format!("Building the benchmarks ({})", process::WITH_WASMTIME),
        || process::run(&mut cargo(&["--no-run"])),
    )?;
    process::announce("Benchmarks");
    process::run(cargo(&["--"]).args(names))
}
