//! The server under load. Every figure stands beside the limit that it is held against: a bare server
//! of the same framework, bytes for each client, milliseconds to the last of thousands.
//!
//! The load is made in this process; the server is the real program, in a process of its own on the
//! same machine. Commands: `http`, `live`, `soak`.

mod commands;
mod figures;
mod load;
mod process;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

const HELP: &str = "\
server-bench http [NAME]         throughput and latency of cached answers, beside a bare server; only
                                 those whose name contains NAME
server-bench live [--clients N]  live sync with N clients (5000)
server-bench soak [--minutes N]  everything at once for N minutes (10), while Redis comes and goes

The server is the program that PLANCHECK_PROGRAM names; otherwise target/debug/plancheck.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("server-bench: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether what must hold did hold.
fn run(arguments: &[String]) -> Result<bool> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if words.first() == Some(&load::baseline::COMMAND) {
        return load::baseline::serve(&words).map(|()| true);
    }
    process::raise_file_limit()?;
    let runtime = tokio::runtime::Runtime::new()?;
    match words.as_slice() {
        ["http", rest @ ..] => {
            figures::machine("http")?;
            runtime
                .block_on(commands::http::run(&rest.join(" ")))
                .map(|()| true)
        }
        ["live", rest @ ..] => {
            let clients = option(rest, "--clients", 5_000)?;
            figures::machine("live")?;
            runtime
                .block_on(commands::live::run(clients))
                .map(|()| true)
        }
        ["soak", rest @ ..] => {
            let minutes = option(rest, "--minutes", 10)?;
            figures::machine("soak")?;
            let time = Duration::from_secs(minutes as u64 * 60);
            runtime.block_on(commands::soak::run(time))
        }
        ["--help" | "-h" | "help"] => {
            print!("{HELP}");
            Ok(true)
        }
        _ => bail!("which one?\n\n{HELP}"),
    }
}

fn option(words: &[&str], name: &str, otherwise: usize) -> Result<usize> {
    match words {
        [] => Ok(otherwise),
        [word, number] if *word == name => {
            let number: usize = number.parse().with_context(|| format!("{name} {number}"))?;
            if number == 0 {
                bail!("{name} is at least 1");
            }
            Ok(number)
        }
        _ => bail!("only {name} N is known here\n\n{HELP}"),
    }
}
