//! Plancheck's own commands. `./x help` lists them; each one lives in a file of its own.

mod bench;
mod ci;
mod component;
mod context;
mod demo;
mod fuzz;
mod help;
mod interrupt;
mod mutations;
mod process;
mod test;
mod tidy;
mod toolchain;
mod wasm;
mod web;

use std::process::ExitCode;

use context::Context;
use process::Failed;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("x: {error:#}");
            error
                .downcast_ref::<Failed>()
                .map_or(ExitCode::FAILURE, |failed| ExitCode::from(failed.code))
        }
    }
}

/// Finds the command that `arguments` name, and runs it or explains it.
fn dispatch(arguments: &[String]) -> anyhow::Result<()> {
    let (name, rest) = match arguments.split_first() {
        None => ("help", &[][..]),
        Some((name, rest)) => (name.as_str(), rest),
    };
    if matches!(name, "help" | "--help" | "-h") {
        return help::print(rest.first().map(String::as_str));
    }
    let command = help::find(name)?;
    // After `--` the words belong to the program that is run.
    let own = rest.split(|word| word == "--").next().unwrap_or_default();
    if own.iter().any(|word| word == "--help" || word == "-h") {
        return help::print(Some(name));
    }
    interrupt::install()?;
    (command.run)(&Context::new()?, rest)
}
