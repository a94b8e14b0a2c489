//! `plancheck ids`: buildingSMART IDS documents, checked against models or audited.

mod audit;
mod check;
mod documents;
mod waiting;

use clap::Subcommand;

use super::exit::Failure;

/// Check models against buildingSMART IDS documents, or audit the documents
#[derive(Subcommand)]
pub(super) enum Command {
    Check(check::Args),
    Audit(audit::Args),
}

pub(super) fn run(command: Command) -> Result<u8, Failure> {
    match command {
        Command::Check(args) => check::run(args),
        Command::Audit(args) => audit::run(&args),
    }
}
