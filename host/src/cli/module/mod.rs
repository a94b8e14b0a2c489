//! `plancheck module`: writing, building, testing and looking at jurisdiction modules.

mod build;
mod inspect;
mod new;
mod test;

use super::exit::Failure;

/// Write, build, test and inspect jurisdiction modules
#[derive(clap::Subcommand)]
pub(super) enum Command {
    New(new::Args),
    Build(build::Args),
    Test(test::Args),
    Inspect(inspect::Args),
}

pub(super) fn run(command: Command) -> Result<u8, Failure> {
    match command {
        Command::New(args) => new::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Inspect(args) => inspect::run(&args),
    }
}
