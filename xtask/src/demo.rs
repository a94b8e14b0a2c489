//! The demo, and running the program during development.

use anyhow::{Result, bail};

use crate::context::Context;
use crate::process::{self, Failed};
use crate::{toolchain, wasm, web};

/// What the demo checks.
const MODEL: &str = "demo/office.ifc";
/// Where the demo's server listens when nobody says; only this machine reaches it.
const ADDRESS: &str = "127.0.0.1:8080";
/// Where the demo's server keeps accounts and buildings.
const DATA: &str = "target/demo-data";
/// `plancheck validate` answers with it when there are findings: that is what a demo should have.
const FINDINGS: u8 = 1;

/// `./x demo`
pub fn demo(context: &Context, arguments: &[String]) -> Result<()> {
    let address = match arguments {
        [] => Some(ADDRESS),
        [word] if word == "--no-serve" => None,
        [word, address] if word == "--listen" => Some(address.as_str()),
        _ => bail!("the demo takes --no-serve, or --listen ADDRESS, or nothing"),
    };
    build(context)?;
    let plancheck = context.plancheck()?;
    process::step(&format!("plancheck validate {MODEL}"), || {
        let mut validate = context.program(&plancheck);
        validate.args(["validate", MODEL]);
        match process::status(&mut validate)? {
            0 | FINDINGS => Ok(()),
            code => bail!(Failed {
                program: process::describe(&validate),
                code
            }),
        }
    })?;
    let Some(address) = address else {
        return Ok(());
    };
    process::announce(&format!(
        "plancheck serve on {address}: Ctrl-C ends it; `./x demo --listen 127.0.0.1:0` takes a free port"
    ));
    process::become_program(context.program(&plancheck).args([
        "serve",
        "--listen",
        address,
        "--data-dir",
        DATA,
    ]))
}

/// `./x run -- ARGUMENTS`
pub fn run(context: &Context, arguments: &[String]) -> Result<()> {
    build(context)?;
    let arguments = match arguments {
        [first, rest @ ..] if first == "--" => rest,
        all => all,
    };
    let mut plancheck = context.program(context.plancheck()?);
    // The paths among the arguments are relative to where the caller stands.
    plancheck
        .current_dir(std::env::current_dir()?)
        .args(arguments);
    process::become_program(&mut plancheck)
}

/// Builds the program `plancheck` and what it embeds.
///
/// Cargo chooses the features of dependencies by what is built. With `--package` it would be others
/// than for the tests, and wasmtime would be built twice; without any test the engine and the host
/// would. So a small test is built along, and all that is here is what `./x test` uses.
fn build(context: &Context) -> Result<()> {
    let toolchain = toolchain::prepare(context)?;
    wasm::build(context, &toolchain)?;
    // Before the host, which embeds it.
    web::build_if_possible(context, &toolchain)?;
    process::step(
        &format!("Building plancheck ({})", process::WITH_WASMTIME),
        || {
            process::run(context.cargo().args([
                "build",
                "--workspace",
                "--bin",
                "plancheck",
                "--test",
                "manifest",
            ]))
        },
    )
}
