//! Why a ruleset is the one that it is. Whoever chose its modules says so; the engine only puts it into
//! the report, where readers look for it.

use serde::{Deserialize, Serialize};

use super::ModuleSlot;

/// The place whose codes are used, and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChosenPlace {
    /// `us/co/denver`; none: modules were not chosen by a place.
    pub place: Option<String>,
    /// Who named it.
    pub source: PlaceSource,
    /// In one sentence, for people.
    pub why: String,
    /// What of the model it was read from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<Read>,
    /// What else a reader should know: what was written and not believed, what was not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Who named a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceSource {
    /// The caller.
    Given,
    /// The model.
    Model,
    /// Nobody: it was assumed.
    Assumed,
    /// Nobody, and none was needed: all modules there are were used.
    None,
}

/// A value of the model that a place was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// Instance number in the file (`#32`); none in JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// `BuildingAddress.Country`, `RefLatitude`, `metadata.location.state`
    pub attribute: String,
    /// As written.
    pub value: String,
    /// What it was taken for: a part of the place's id.
    pub means: String,
}

/// What sets a ruleset.
#[derive(Deserialize)]
pub struct Modules {
    /// In order of precedence.
    pub modules: Vec<ModuleSlot>,
    /// Why these.
    pub place: Option<ChosenPlace>,
}

impl Modules {
    /// Reads `{"modules": […], "place": …}`, or a plain list of modules of which nobody says why.
    ///
    /// # Errors
    /// It is neither.
    pub fn from_json(text: &str) -> Result<Modules, serde_json::Error> {
        if text.trim_start().starts_with('[') {
            let modules = serde_json::from_str(text)?;
            return Ok(Modules {
                modules,
                place: None,
            });
        }
        serde_json::from_str(text)
    }
}
