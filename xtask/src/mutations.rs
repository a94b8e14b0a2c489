//! The mutation benchmark.

use anyhow::{Result, ensure};

use crate::context::Context;
use crate::process;

/// `./x mutations`
pub fn mutations(context: &Context, words: &[String]) -> Result<()> {
    ensure!(words.is_empty(), "./x mutations takes no arguments");
    let mut build = context.cargo();
    // The whole workspace, for the features of dependencies that the tests have.
    build.args(["build", "--workspace", "--bin", "mutations"]);
    process::step("Building the mutation benchmark", || {
        process::run(&mut build)
    })?;
    let beside = context.plancheck()?;
    let program = beside.with_file_name(format!("mutations{}", std::env::consts::EXE_SUFFIX));
    process::announce("Mutations");
    process::run(&mut context.program(program))
}
