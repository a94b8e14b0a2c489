//! The JSON rule files of the older system, as modules.
//!
//! `docs/rule-files.md` says what the format is and how verdicts relate to what the older system,
//! here called the original, reported. [`RuleFile::parse`] reads a file strictly and compiles it;
//! [`RuleFile::module`] puts its program into the runner (`plancheck-rule-files-runner`), which
//! makes the core module of an ordinary module. [`recover`] goes the way back: from verdicts to
//! the answer of the original, element by element.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing
)]

mod compile;
mod document;
mod error;
mod lower;
mod pattern;
pub mod recover;
mod view;

pub use error::{Error, What};
pub use plancheck_engine::module_file::NoGuest;
pub use plancheck_rule_files_runner::{Broken, Program};

use plancheck_contract::Manifest;
use plancheck_engine::module_file::fill_slot;

use compile::{Compiled, Which, compile};
use document::Document;

/// Bytes of a rule file. The largest of the older system has 20 kB.
pub const MAX_SOURCE: usize = 4 << 20;
/// What stands before the runner's slot.
const MARK: &[u8] = b"plancheck rulefile slot\n";

/// A rule file that was understood.
#[derive(Clone, Debug)]
pub struct RuleFile {
    document: Document,
    reporting: Compiled,
    computing: Compiled,
}

impl RuleFile {
    /// Reads and compiles a rule file. `file_name` is what messages call it.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(source: &str, file_name: &str) -> Result<RuleFile, Error> {
        RuleFile::read(source).map_err(|(pointer, what)| Error {
            file: file_name.to_owned(),
            pointer,
            what,
        })
    }

    fn read(source: &str) -> Result<RuleFile, error::Wrong> {
        if source.len() > MAX_SOURCE {
            let (found, limit) = (source.len(), MAX_SOURCE);
            return error::wrong("", What::TooLarge { found, limit });
        }
        let json = serde_json::from_str(source)
            .or_else(|error| error::wrong("", What::NotJson(error.to_string())))?;
        let document = document::read(&json)?;
        Ok(RuleFile {
            reporting: compile(&document, Which::Reporting)?,
            computing: compile(&document, Which::Computing)?,
            document,
        })
    }

    /// What the module says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.reporting.manifest
    }

    /// The compiled rules, for [`Program::open`]: to ask them natively.
    #[must_use]
    pub fn program(&self) -> &[u8] {
        &self.reporting.program
    }

    /// The rules that compute something, as a module of their own: they report nothing, but what they
    /// match is what they compute with. Its manifest and its program.
    #[must_use]
    pub fn calculations(&self) -> (&Manifest, &[u8]) {
        (&self.computing.manifest, &self.computing.program)
    }

    /// Why the original does not load this file, where it does not: it then answers as if there
    /// were none. The module judges by it all the same.
    #[must_use]
    pub fn refused_by_original(&self) -> Option<&str> {
        self.document.refused.as_deref()
    }

    /// The module as a core module of WebAssembly: the runner with the program inside. The runner's
    /// own WIT world stays in it, so that it can be wrapped into a component.
    ///
    /// # Errors
    /// `runner` is not the runner's core module.
    pub fn module(&self, runner: &[u8]) -> Result<Vec<u8>, NoGuest> {
        fill_slot(runner, MARK, &self.reporting.program)
    }
}
