//! Rulebooks: a jurisdiction module written as one readable TOML file, without a compiler.
//!
//! `docs/rulebooks.md` is the reference of the format. [`Rulebook::parse`] reads a file, understands
//! its expressions, holds them against the engine's catalogue of facts and asks the cases of every
//! rule; what is wrong comes back all at once, with the lines of the file. A rulebook that is right
//! has a manifest, and [`Rulebook::module`] puts its program into the interpreter
//! (`plancheck-rulebook-interpreter`), which makes the core module of an ordinary module.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing
)]

mod compile;
mod diagnostic;
mod document;
mod expression;
mod fixtures;
mod module;
mod units;

use diagnostic::Wrong;
pub use diagnostic::{Diagnostic, Errors, Span};
pub use module::NoInterpreter;
pub use plancheck_rulebook_interpreter::{Broken, Program};

use plancheck_contract::Manifest;
use plancheck_contract::fixture::Fixture;

/// Bytes of a rulebook. A code of several hundred rules with their pages has under 1 MB.
pub const MAX_SOURCE: usize = 2 << 20;

/// A rulebook that was understood.
#[derive(Clone, Debug)]
pub struct Rulebook {
    manifest: Manifest,
    program: Vec<u8>,
    fixtures: Vec<Fixture>,
}

impl Rulebook {
    /// Reads and compiles a rulebook. `file_name` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(source: &str, file_name: &str) -> Result<Rulebook, Errors> {
        Rulebook::read(source, file_name, true)
    }

    /// The same, but no case is asked, and none has to be there: for a rulebook that is being written.
    ///
    /// # Errors
    /// Everything else that is wrong with it.
    pub fn parse_without_fixtures(source: &str, file_name: &str) -> Result<Rulebook, Errors> {
        Rulebook::read(source, file_name, false)
    }

    fn read(source: &str, file_name: &str, ask_fixtures: bool) -> Result<Rulebook, Errors> {
        let mut wrong = Wrong::default();
        if source.len() > MAX_SOURCE {
            let message = format!("a rulebook of more than {MAX_SOURCE} bytes");
            wrong.push(Diagnostic::new("too-large", 0..0, message));
            return Err(Errors::new(file_name, "", wrong));
        }
        let document = document::read(source, &mut wrong);
        let output = compile::compile(&document, &mut wrong);
        if let Some(output) = output {
            match Program::open(&output.program) {
                Ok(program) if program.validate().is_ok() => {
                    if ask_fixtures {
                        fixtures::check(&document, &output.manifest, program, &mut wrong);
                    }
                }
                _ => wrong.push(Diagnostic::new("broken-program", 0..0, Broken.to_string())),
            }
            if let Err(error) = Manifest::from_json(&output.manifest.to_json()) {
                wrong.push(Diagnostic::new("manifest", 0..0, error.to_string()));
            }
            if wrong.is_empty() {
                return Ok(Rulebook {
                    manifest: output.manifest,
                    program: output.program,
                    fixtures: fixtures::all(&document),
                });
            }
        }
        Err(Errors::new(file_name, source, wrong))
    }

    /// What the module says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The compiled rulebook, for [`Program::open`]: to ask it natively.
    #[must_use]
    pub fn program(&self) -> &[u8] {
        &self.program
    }

    /// The cases of its derived facts and rules, to ask the module itself.
    #[must_use]
    pub fn fixtures(&self) -> &[Fixture] {
        &self.fixtures
    }

    /// The module as a core module of WebAssembly: the interpreter with the program inside. The
    /// interpreter's own WIT world stays in it, so that it can be wrapped into a component.
    ///
    /// # Errors
    /// `interpreter` is not the interpreter's core module.
    pub fn module(&self, interpreter: &[u8]) -> Result<Vec<u8>, NoInterpreter> {
        module::module(interpreter, &self.program)
    }
}
