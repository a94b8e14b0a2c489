//! The command line: one file for each command. `--help` of each teaches with an example.
//!
//! Commands read arguments, call the library, and print; what they compute lives elsewhere
//! (`check`, `catalogue`, `render`, `api`). Exit codes are in [`exit`].

mod cache;
mod each;
pub mod exit;
mod explain;
mod facts;
mod health;
mod ids;
mod input;
mod jurisdictions;
mod model;
mod module;
mod output;
mod progress;
mod quantity;
mod rules;
mod serve;
mod setup;
mod validate;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

/// Checks building models against building codes.
#[derive(Parser)]
#[command(
    name = "plancheck",
    version,
    propagate_version = true,
    after_help = "Exit codes: 0 nothing to report, 1 findings, 2 wrong arguments or input, \
                  3 a fault of plancheck or of the machine.\n\n\
                  Example: plancheck validate office.ifc --jurisdiction us"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Validate(validate::Args),
    #[command(subcommand)]
    Ids(ids::Command),
    Explain(explain::Args),
    Rules(rules::Args),
    #[command(subcommand)]
    Jurisdictions(jurisdictions::Command),
    Facts(facts::Args),
    Model(model::Args),
    #[command(subcommand)]
    Module(module::Command),
    Serve(Box<serve::Args>),
    Health(health::Args),
    ResetPassword(Box<serve::reset_password::Args>),
    /// Print the OpenAPI document of the server
    #[command(after_help = "Example:\n  plancheck openapi > docs/openapi.json")]
    Openapi,
    #[command(subcommand)]
    Cache(cache::Command),
}

/// Reads the arguments; those of `serve` have defaults from its configuration file.
fn parse() -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if let Some(file) = serve::file::named(std::env::args_os()) {
        let mut why = None;
        command = command.mut_subcommand("serve", |serve| {
            let unchanged = serve.clone();
            serve::file::with_defaults(serve, &file).unwrap_or_else(|error| {
                why = Some(error);
                unchanged
            })
        });
        if let Some(why) = why {
            return Err(command.error(clap::error::ErrorKind::Io, why));
        }
    }
    Cli::from_arg_matches(&command.try_get_matches()?)
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` are no errors; clap knows which stream is whose.
            let code = if error.use_stderr() {
                exit::USAGE
            } else {
                exit::CLEAN
            };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let done = match cli.command {
        Command::Validate(args) => validate::run(args),
        Command::Ids(command) => ids::run(command),
        Command::Explain(args) => explain::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Jurisdictions(command) => jurisdictions::run(command),
        Command::Facts(args) => facts::run(&args),
        Command::Model(args) => model::run(&args),
        Command::Health(args) => health::run(&args),
        Command::ResetPassword(args) => serve::reset_password::run(&args),
        Command::Openapi => output::print(&crate::api::openapi_json()).map(|()| exit::CLEAN),
        Command::Module(command) => module::run(command),
        Command::Serve(args) => serve::run(*args),
        Command::Cache(command) => cache::run(&command),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => failure.report(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_teaches_with_an_example() {
        fn walk(command: &clap::Command) {
            let leaf = command.get_subcommands().next().is_none();
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(
                !leaf || help.contains("plancheck "),
                "{} has no example",
                command.get_name()
            );
            command.get_subcommands().for_each(walk);
        }
        walk(&Cli::command());
    }
}
