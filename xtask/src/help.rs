//! The table of commands: what `./x help` prints and what `main` runs.

use std::io::Write as _;

use anyhow::{Result, bail};

use crate::context::Context;
use crate::{bench, ci, demo, fuzz, mutations, test, tidy, toolchain, wasm, web};

/// One command of `./x`.
pub struct Command {
    /// The word after `./x`.
    pub name: &'static str,
    /// The words that may follow it.
    arguments: &'static str,
    /// One line for the list.
    summary: &'static str,
    /// What it does, needs, writes and answers: paragraphs of the command's own page.
    page: &'static str,
    /// Runs it with the words after its name.
    pub run: fn(&Context, &[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        arguments: "[--no-serve | --listen ADDRESS]",
        summary: "build everything, check the demo office, start the server",
        page: "\
Builds the engine and the jurisdiction modules to WebAssembly, the web page (./x help web) and the
`plancheck` program, validates demo/office.ifc with it (the findings are printed), then starts
`plancheck serve`, which prints its address, http://127.0.0.1:8080: open it for the viewer. Ctrl-C ends
it: what was begun is finished first, a second Ctrl-C ends it at once.

The first run compiles wasmtime: about 8 minutes on 2 cores that have nothing else to do, and 2 to 5
for the rest. Later runs take seconds. Without Node the server shows a plain page instead of the
viewer, and this says so.

  --no-serve         stop after the validation
  --listen ADDRESS   where the server listens; 127.0.0.1:0 takes a free port",
        run: demo::demo,
    },
    Command {
        name: "test",
        arguments: "[FILTER...]",
        summary: "build everything, run all tests, or those whose name contains FILTER",
        page: "\
Builds what the tests load (engine, modules, web page), then runs the documentation's examples
and every test of the workspace: with cargo-nextest when it is installed, else with `cargo test`; then
`npm test` in web-demo: the npm package and the page in Chromium, Node and an edge runtime.
With a FILTER only tests in Rust are run, without the examples.

Needs Node 20.19 or newer with npm, and Chromium: installed where they can be, or it says how.

Tests over shared data look for it in PLANCHECK_SHARED (default ../shared) and say so when they skip.",
        run: test::test,
    },
    Command {
        name: "run",
        arguments: "[--] ARGUMENTS...",
        summary: "run `plancheck ARGUMENTS` after building what is stale",
        page: "\
Builds the engine, the modules and the `plancheck` program where sources changed, then becomes
`plancheck` in your current directory, so that relative paths mean what you expect.

  ./x run -- validate demo/office.ifc",
        run: demo::run,
    },
    Command {
        name: "wasm",
        arguments: "",
        summary: "build the engine and the jurisdiction modules as components",
        page: "\
Compiles the engine and every crate under rules-plugins/ that declares

  [package.metadata.plancheck]
  module = true

for wasm32-unknown-unknown (profile `wasm`, in target/wasm-build), wraps each into a component and
writes target/plancheck/engine.wasm and target/plancheck/modules/<package>.wasm. A crate's feature
`component` is switched on when it has one. A file whose bytes did not change is not touched.

Modules must keep the browser profile: exactly one core module inside, which imports nothing.",
        run: wasm::wasm,
    },
    Command {
        name: "web",
        arguments: "[engine]",
        summary: "build the engine for browsers, the npm packages and the page",
        page: "\
Compiles the engine for JavaScript (feature `browser`), writes its glue with wasm-bindgen and optimises
it with wasm-opt into web-demo/packages/engine/wasm, then builds the packages and the page that the
host embeds: web-demo/dist, with .br and .gz beside its files. Prints the engine's size; more than
600 kB in gzip is an error. What did not change is left alone. `./x wasm` is done first.

  engine   stop after the engine: what is needed to work on the packages and the page

Needs Node 20.19 or newer with npm: found in PATH, or installed by xtask/tools.sh where it can.",
        run: web::web,
    },
    Command {
        name: "toolchain",
        arguments: "",
        summary: "make this machine able to compile for wasm32-unknown-unknown",
        page: "\
Runs xtask/wasm-toolchain.sh: the active toolchain if it has the target, else `rustup target add`,
else Debian's rustc-web (as root) with a standard library built from its sources, kept in
~/.local/share/wasm-web. The other commands do this by themselves; it takes half a second when ready.",
        run: toolchain::toolchain,
    },
    Command {
        name: "tidy",
        arguments: "",
        summary: "check the repository's own rules",
        page: "\
Rules that no compiler knows: file sizes, open ends, reasons beside exceptions, fixtures beside rules,
what the engine may not mention. Every breach is listed as path:line: what to do.",
        run: tidy::tidy,
    },
    Command {
        name: "ci",
        arguments: "",
        summary: "everything a change must pass: format, tidy, clippy, dependencies, tests",
        page: "\
In this order: cargo fmt --check, tidy, the wasm and web builds, types and format of what is under
web-demo, clippy with warnings denied, cargo deny (bans, licences, sources), then what `./x test` does. Stops at the first step that fails.

cargo-deny is compiled into target/tools when it is not installed: several minutes, once.",
        run: ci::ci,
    },
    Command {
        name: "bench",
        arguments: "[NAME...]",
        summary: "run the benchmarks, or those named",
        page: "\
Builds the bench program of plancheck-tests with optimisation and runs it with the names given.
Every word is handed on, so `./x bench -- --help` asks the bench program itself. `./x bench web` measures
the npm package in Chromium instead, beside the same code natively and web-ifc. `./x bench server`
measures the server under load, about 25 minutes; it needs Redis and PostgreSQL:

  server http [NAME]         cached answers, beside a bare server of the same framework
  server live [--clients N]  live sync with N clients (5000) on one building
  server soak [--minutes N]  everything at once for N minutes (10), while Redis is killed twice",
        run: bench::bench,
    },
    Command {
        name: "mutations",
        arguments: "",
        summary: "seed defects into models and count which are found",
        page: "\
Writes passing IFC files, seeds one defect into the text of each copy, and holds the verdict against the
one that the code's clause asks for. Prints precision and recall of every verdict, a row for each
rule, and every mutant with the wrong verdict. Fails when one is below 0.98, or a kind of mutant is missing.

Real models of the shared data are mutated too: PLANCHECK_SHARED (default ../shared).",
        run: mutations::mutations,
    },
    Command {
        name: "fuzz",
        arguments: "[TARGET] [--seconds N]",
        summary: "fuzz one target, or each in turn, for N seconds (60)",
        page: "\
Runs `cargo +nightly fuzz run` on the targets in fuzz/. Needs a nightly toolchain and cargo-fuzz, and
says how to install what is missing.

  --seconds N   how long each target runs (60)",
        run: fuzz::fuzz,
    },
];

/// The command called `name`; an error that lists the names otherwise.
pub fn find(name: &str) -> Result<&'static Command> {
    if let Some(command) = COMMANDS.iter().find(|command| command.name == name) {
        return Ok(command);
    }
    let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    bail!(
        "there is no command `{name}`. Commands: {}",
        names.join(", ")
    )
}

/// Prints the list of commands, or one command's page.
pub fn print(name: Option<&str>) -> Result<()> {
    let text = match name {
        Some(name) => {
            let Command {
                name,
                arguments,
                summary,
                page,
                ..
            } = find(name)?;
            format!("./x {name} {arguments}\n\n{summary}\n\n{page}\n")
        }
        None => list(),
    };
    // A reader such as `head` may close the pipe early; that is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(())
}

fn list() -> String {
    let mut text = "Plancheck's own commands. Two to start with: ./x demo, ./x test\n\n".to_owned();
    for Command {
        name,
        arguments,
        summary,
        ..
    } in COMMANDS
    {
        let call = format!("./x {name} {arguments}");
        text += &format!("  {call:<32} {summary}\n");
    }
    text + "\n./x help COMMAND, or ./x COMMAND --help, says more about one.\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_found_once() {
        for command in COMMANDS {
            assert_eq!(
                COMMANDS
                    .iter()
                    .filter(|other| other.name == command.name)
                    .count(),
                1
            );
            assert_eq!(find(command.name).unwrap().summary, command.summary);
        }
    }

    #[test]
    fn an_unknown_command_lists_the_known_ones() {
        let message = find("tset").err().unwrap().to_string();
        assert!(
            message.contains("`tset`") && message.contains("test"),
            "{message}"
        );
    }
}
