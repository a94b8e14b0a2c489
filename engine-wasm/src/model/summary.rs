//! What is said of a model once it is read, before anything is checked.

use serde::{Deserialize, Serialize};

use super::{Location, Model};

/// What a model is and how much there is of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// `ifc` or `json`.
    pub format: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Records in the file.
    pub records: u64,
    /// Elements.
    pub elements: u64,
    /// Oddities of the input.
    pub diagnostics: u64,
    /// Where it says that it is; a page does not ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

impl Model {
    /// What it is and how much there is of it.
    #[must_use]
    pub fn summary(&self) -> ModelSummary {
        ModelSummary {
            format: self.source_format().to_owned(),
            name: self.name(),
            records: self.record_count() as u64,
            elements: self.elements().count() as u64,
            diagnostics: self.diagnostics().total(),
            location: (!cfg!(feature = "browser")).then(|| self.location()),
        }
    }
}
