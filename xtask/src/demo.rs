//! The demo, and running the program during development.

use anyhow::{Result, bail};

use crate::context::Context;
use crate::process::{self, Failed};
use crate::{toolchain, wasm};

/// What the demo checks.
const MODEL: &str = "demo/office.ifc";
/// `plancheck validate` answers with it when there are findings: that is what a demo should have.
const FINDINGS: u8 = 1;

/// `./x demo`
pub fn demo(context: &Context, arguments: &[String]) -> Result<()> {
    let serve = match arguments {
        [] => true,
        [word] if word == "--no-serve" => false,
        _ => bail!("the demo takes --no-serve or nothing"),
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
    if !serve {
        return Ok(());
    }
    process::announce("plancheck serve (Ctrl-C ends it)");
    process::become_program(context.program(&plancheck).arg("serve"))
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
fn build(context: &Context) -> Result<()> {
    wasm::build(context, &toolchain::prepare(context)?)?;
    process::step(
        "Building plancheck (the first time with wasmtime: minutes)",
        || {
            process::run(
                context
                    .cargo()
                    .args(["build", "--package", "plancheck-host"]),
            )
        },
    )
}
