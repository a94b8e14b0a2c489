//! Runs the tests.

use anyhow::Result;

use crate::context::Context;
use crate::process;
use crate::{toolchain, wasm, web};

/// `./x test`
pub fn test(context: &Context, filters: &[String]) -> Result<()> {
    let toolchain = toolchain::prepare(context)?;
    wasm::build(context, &toolchain)?;
    let tools = web::tools(context)?;
    web::build(context, &toolchain, &tools)?;
    run(context, &tools, filters)
}

/// Runs the tests; what they load is built. The runners' closing lines are the last ones.
pub fn run(context: &Context, tools: &web::Node, filters: &[String]) -> Result<()> {
    let filters = match filters {
        [first, rest @ ..] if first == "--" => rest,
        all => all,
    };
    rust(context, filters)?;
    // Names of tests in Rust are none of those.
    if filters.is_empty() {
        web::test(context, tools)?;
    }
    Ok(())
}

fn rust(context: &Context, filters: &[String]) -> Result<()> {
    if !process::answers(context.cargo().args(["nextest", "--version"])) {
        process::announce(&format!(
            "All tests with cargo test ({})",
            process::WITH_WASMTIME
        ));
        // cargo test takes one filter; more of them go to the test programs.
        let mut command = context.cargo();
        command.args(["test", "--workspace", "--no-fail-fast"]);
        if !filters.is_empty() {
            command
                .args(["--lib", "--bins", "--tests", "--"])
                .args(filters);
        }
        return process::run(&mut command);
    }
    if filters.is_empty() {
        process::step(
            &format!("Examples in the documentation ({})", process::WITH_WASMTIME),
            || {
                process::run(
                    context
                        .cargo()
                        .args(["test", "--workspace", "--doc", "--quiet"]),
                )
            },
        )?;
    }
    process::announce("All tests with cargo nextest");
    let mut command = context.cargo();
    command.args(["nextest", "run", "--workspace"]);
    if std::env::var_os("CI").is_some_and(|value| value == "true") {
        command.args(["--profile", "ci"]);
    }
    process::run(command.args(filters))
}
