//! The module: the interpreter with the program in its slot.

use std::fmt;

use plancheck_engine::module_file::{NoGuest, fill_slot};

/// What stands before the interpreter's slot.
const MARK: &[u8] = b"plancheck rulebook slot\n";

/// The interpreter is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoInterpreter(NoGuest);

impl fmt::Display for NoInterpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no interpreter of rulebooks: {}", self.0)
    }
}

impl std::error::Error for NoInterpreter {}

/// Puts a program into the interpreter, a core module.
pub(crate) fn module(interpreter: &[u8], program: &[u8]) -> Result<Vec<u8>, NoInterpreter> {
    fill_slot(interpreter, MARK, program).map_err(NoInterpreter)
}
