//! The `plancheck` program.

use std::process::ExitCode;

use plancheck_host::runtime::{COMPILE_COMMAND, compile_artifact_main};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    // The compiling process: started by the runtime, not by people. It must be first, so that
    // nothing else is set up before it limits itself.
    if args
        .next()
        .is_some_and(|command| command == COMPILE_COMMAND)
    {
        return compile_artifact_main(args.map(|arg| arg.to_string_lossy().into_owned()));
    }
    plancheck_host::cli::main()
}
