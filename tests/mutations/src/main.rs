//! Prints the table: `cargo run --bin mutations`, or `./x mutations`.

use std::io::Write as _;
use std::process::ExitCode;

use plancheck_mutations::benchmark;

fn main() -> anyhow::Result<ExitCode> {
    let score = benchmark::run()?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", score.table())?;
    let complaints = score.complaints();
    for complaint in &complaints {
        writeln!(out, "\n{complaint}")?;
    }
    Ok(ExitCode::from(u8::from(!complaints.is_empty())))
}
