//! Everything a change must pass.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::context::Context;
use crate::process::{self, step};
use crate::{test, tidy, toolchain, wasm, web};

/// `./x ci`: the quick checks first.
pub fn ci(context: &Context, _arguments: &[String]) -> Result<()> {
    step("cargo fmt --check", || {
        process::run(context.cargo().args(["fmt", "--all", "--", "--check"]))
    })?;
    tidy::tidy(context, &[])?;

    let toolchain = toolchain::prepare(context)?;
    // Before clippy: the host's build script embeds the components.
    wasm::build(context, &toolchain)?;
    let tools = web::tools(context)?;
    web::build(context, &toolchain, &tools)?;
    web::check(context, &tools)?;
    step("clippy (the first time with wasmtime: minutes)", || {
        process::run(context.cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ]))
    })?;

    let deny = cargo_deny(context)?;
    step("cargo deny: bans, licences, sources", || {
        process::run(context.program(deny).args([
            "--all-features",
            "check",
            "bans",
            "licenses",
            "sources",
        ]))
    })?;

    test::run(context, &tools, &[])
}

/// The program cargo-deny: the installed one, or our own in `target/tools`, compiled once.
fn cargo_deny(context: &Context) -> Result<PathBuf> {
    let installed = PathBuf::from("cargo-deny");
    if process::answers(Command::new(&installed).arg("--version")) {
        return Ok(installed);
    }
    let tools = context.root.join("target/tools");
    let own = tools
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !process::answers(Command::new(&own).arg("--version")) {
        step(
            "Installing cargo-deny into target/tools (once, several minutes)",
            || {
                let mut command = context.cargo();
                command
                    .args(["install", "cargo-deny", "--locked", "--root"])
                    .arg(&tools);
                // Speed of compiling matters here, not speed of running.
                process::run(
                    command
                        .args(["--profile", "dev", "--target-dir"])
                        .arg(tools.join("build")),
                )
            },
        )?;
    }
    Ok(own)
}
