//! `plancheck module`: writing, building, testing and looking at jurisdiction modules.

mod build;
mod bundle;
mod check;
mod docs;
mod inspect;
mod new;
mod registry;
mod rulebook;
mod sign;
mod test;

use super::exit::Failure;

/// Write, build, test and inspect jurisdiction modules
#[derive(clap::Subcommand)]
pub(super) enum Command {
    New(new::Args),
    Check(check::Args),
    Test(test::Args),
    Build(build::Args),
    Docs(docs::Args),
    Inspect(inspect::Args),
    Keygen(sign::Keygen),
    Sign(sign::Sign),
    Bundle(bundle::Bundle),
    Unbundle(bundle::Unbundle),
    Push(registry::Push),
    Pull(registry::Pull),
}

pub(super) fn run(command: Command) -> Result<u8, Failure> {
    match command {
        Command::New(args) => new::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Docs(args) => docs::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Keygen(args) => sign::keygen(&args),
        Command::Sign(args) => sign::sign(&args),
        Command::Bundle(args) => bundle::bundle(&args),
        Command::Unbundle(args) => bundle::unbundle(&args),
        Command::Push(args) => registry::push(&args),
        Command::Pull(args) => registry::pull(&args),
    }
}
