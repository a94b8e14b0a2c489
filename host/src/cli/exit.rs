//! How the program ends.

use std::fmt;
use std::process::ExitCode;

use super::setup;
use crate::catalogue::CatalogueError;
use crate::check::CheckError;
use crate::render::{cut, safe};
use crate::runtime::{EngineError, ModuleError, RuntimeError};

/// Nothing to report.
pub const CLEAN: u8 = 0;
/// Findings at or above `--fail-on`, a check that is not complete, a fixture that does not match.
pub const FINDINGS: u8 = 1;
/// Wrong arguments, or input that cannot be read, or not in the time that it is given.
pub const USAGE: u8 = 2;
/// A fault of plancheck or of the machine.
pub const FAULT: u8 = 3;

/// Characters of a message about a model: longer ones quote what is in it.
const LONGEST: usize = 1000;

/// Why a command did not do its work.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The caller can put it right.
    pub fn usage(message: impl fmt::Display) -> Failure {
        Failure {
            code: USAGE,
            message: message.to_string(),
        }
    }

    /// What was looked at is not as it should be.
    pub fn findings(message: impl fmt::Display) -> Failure {
        Failure {
            code: FINDINGS,
            message: message.to_string(),
        }
    }

    /// The caller cannot.
    pub fn fault(message: impl fmt::Display) -> Failure {
        Failure {
            code: FAULT,
            message: message.to_string(),
        }
    }

    /// Adds where it happened.
    #[must_use]
    pub fn at(self, place: impl fmt::Display) -> Failure {
        Failure {
            message: format!("{place}: {}", self.message),
            ..self
        }
    }

    /// The exit code.
    #[must_use]
    pub fn code(&self) -> u8 {
        self.code
    }

    /// What went wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Says it on standard error; each line is escaped, because models and modules have words in
    /// it.
    #[must_use]
    pub fn report(&self) -> ExitCode {
        for (at, line) in self.message.lines().enumerate() {
            eprintln!(
                "{}{}",
                if at == 0 { "plancheck: " } else { "  " },
                safe(line)
            );
        }
        ExitCode::from(self.code)
    }
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Failure {
        match &error {
            CheckError::BadInput(problem) => {
                // Some messages quote the input.
                let message = cut(&problem.message, LONGEST);
                Failure::usage(format!("{message} ({})", problem.code))
            }
            CheckError::TooLarge { limit } => {
                let advice = if *limit < setup::MAX_ENGINE_MEMORY as u64 {
                    "give it more with --engine-memory, at most 4GiB"
                } else {
                    "that is all that the engine can address: split the model"
                };
                Failure::usage(format!("{error} (model-too-large)\n{advice}"))
            }
            CheckError::ReportTooLarge { .. } => Failure::usage(format!(
                "{error} (report-too-large)\nsplit the model, or check it without --show pass"
            )),
            CheckError::NoRuleset(error) => Failure::usage(format!(
                "{error}\nname a place that has codes with --jurisdiction, or give modules with --module"
            )),
            CheckError::Unreadable(error) => Failure::usage(error.to_string()),
            CheckError::TimeOver
            | CheckError::Engine(EngineError::Stopped(ModuleError::Deadline { .. })) => {
                Failure::usage(format!("{error} (timeout)\ngive it more with --timeout"))
            }
            CheckError::Cancelled | CheckError::Engine(_) | CheckError::Mismatch(_) => {
                Failure::fault(error)
            }
        }
    }
}

impl From<CatalogueError> for Failure {
    fn from(error: CatalogueError) -> Failure {
        Failure::usage(error)
    }
}

impl From<RuntimeError> for Failure {
    fn from(error: RuntimeError) -> Failure {
        Failure::fault(error)
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Failure {
        Failure::fault(error)
    }
}
