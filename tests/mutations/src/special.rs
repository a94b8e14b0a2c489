//! Mutants that no table can say: doors that are counted, words, relations, storeys.

use crate::mutants::Mutant;

/// All of them, each with the name of its model.
#[must_use]
pub fn mutants() -> Vec<(String, Mutant)> {
    Vec::new()
}
