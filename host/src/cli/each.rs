//! Several models, one after the other.

use std::path::PathBuf;

use super::exit::{self, Failure};
use super::output;

/// Where what is shown of the models goes.
pub(super) struct Models<'a> {
    pub(super) paths: &'a [PathBuf],
    /// A file that takes everything; none: standard output, as it comes.
    pub(super) output: Option<&'a PathBuf>,
    /// A blank line stands between two models.
    pub(super) apart: bool,
}

impl Models<'_> {
    /// Runs `one` on every model, and shows what it gives; a model that cannot be read does not
    /// stop the others. The worst exit code, and what is to be written to the file.
    pub(super) fn each(
        &self,
        mut one: impl FnMut(&PathBuf) -> Result<(String, u8), Failure>,
    ) -> Result<(String, u8), Failure> {
        let (mut file, mut code) = (String::new(), exit::CLEAN);
        for (at, path) in self.paths.iter().enumerate() {
            match one(path) {
                Ok((mut shown, of_model)) => {
                    if self.apart && at + 1 < self.paths.len() {
                        shown.push('\n');
                    }
                    if self.output.is_some() {
                        file.push_str(&shown);
                    } else {
                        output::print(&shown)?;
                    }
                    code = code.max(of_model);
                }
                Err(failure) if self.paths.len() == 1 => return Err(failure),
                Err(failure) => {
                    code = code.max(failure.code());
                    // Its code is kept above; the others are still checked.
                    let _ = failure.report();
                }
            }
        }
        Ok((file, code))
    }
}
