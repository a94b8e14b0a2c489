//! Models that others made, from the shared data.

use anyhow::Result;

use crate::mutants::Mutant;

/// All of them, each with the name of its model.
///
/// # Errors
/// A model cannot be read.
pub fn mutants() -> Result<Vec<(String, Mutant)>> {
    Ok(Vec::new())
}
