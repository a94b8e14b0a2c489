//! The `plancheck` program.

use std::process::ExitCode;

use plancheck_host::runtime::{COMPILE_COMMAND, compile_artifact_main};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    match args.next() {
        Some(command) if command == COMPILE_COMMAND => compile_artifact_main(args),
        _ => {
            eprintln!("usage: plancheck <command>");
            ExitCode::from(2)
        }
    }
}
