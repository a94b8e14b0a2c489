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
    if let [first, rest @ ..] = names
        && first == "server"
    {
        return server(context, rest);
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

/// `./x bench server`: the server under load, or one of its three commands.
fn server(context: &Context, words: &[String]) -> Result<()> {
    // As the demo is built, so that nothing is built twice; see there.
    let mut build = context.cargo();
    build.args([
        "build",
        "--workspace",
        "--bin",
        "plancheck",
        "--bin",
        "server-bench",
    ]);
    build.args(["--test", "manifest"]);
    process::step(
        &format!(
            "Building the server and its load ({})",
            process::WITH_WASMTIME
        ),
        || process::run(&mut build),
    )?;
    let plancheck = context.plancheck()?;
    let bench = plancheck.with_file_name(format!("server-bench{}", std::env::consts::EXE_SUFFIX));
    let all = [["http"], ["live"], ["soak"]].map(|name| name.map(str::to_owned));
    let commands: Vec<&[String]> = match words {
        [] => all.iter().map(<[String; 1]>::as_slice).collect(),
        words => vec![words],
    };
    for command in commands {
        process::announce(&format!("The server under load: {}", command.join(" ")));
        let mut run = context.program(&bench);
        process::run(run.args(command).env("PLANCHECK_PROGRAM", &plancheck))?;
    }
    Ok(())
}
