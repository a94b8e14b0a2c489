//! Why bytes give no model, or an edit cannot be made.

use crate::step::StepError;

/// Code of [`ModelError::NoMemory`]: no fault of the model, so hosts tell it apart.
pub const NO_MEMORY: &str = "model.no-memory";

/// What was wrong, where, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file is no IFC STEP file, or too large.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The text is not JSON.
    #[error("not valid JSON at line {line}, column {column}: {what}")]
    JsonSyntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the JSON reader expected.
        what: String,
    },
    /// An object names a key twice: readers differ in which of the two values they keep.
    #[error(
        "at line {line}, column {column}: the key {key:?} stands twice in one object; keep one"
    )]
    JsonDoubledKey {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// The key.
        key: String,
    },
    /// The JSON is not an object model.
    #[error("at {pointer:?}: {what}")]
    JsonModel {
        /// JSON pointer (RFC 6901) to the place; empty for the whole text.
        pointer: String,
        /// What was expected there.
        what: String,
    },
    /// More than is read.
    #[error("{what}: {count}; at most {limit} are read")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        count: usize,
        /// How much is read.
        limit: usize,
    },
    /// There is not as much memory.
    #[error("there is no memory for a model of {bytes} bytes")]
    NoMemory {
        /// What would be needed.
        bytes: usize,
    },
    /// A new element's class is unknown or not one that elements have.
    #[error("{class:?} is not a class of elements in {schema}; give one such as IfcDoor")]
    NotAnElementClass {
        /// As given.
        class: String,
        /// The model's schema.
        schema: &'static str,
    },
    /// The GlobalId is empty or taken.
    #[error("the global id {global_id:?} is empty or used by another element; give a new one")]
    GlobalIdTaken {
        /// As given.
        global_id: String,
    },
    /// An edit sets an attribute that IFC gives to no element: a misspelt one would change nothing, and nobody
    /// would be told.
    #[error("IFC has no attribute {name:?} of {class}{}", meant(*.suggestion))]
    NoSuchAttribute {
        /// As given.
        name: String,
        /// Of the element.
        class: &'static str,
        /// What was probably meant.
        suggestion: Option<&'static str>,
    },
    /// An edit sets the GlobalId.
    #[error("the GlobalId of an element stays: everything names it by that")]
    GlobalIdStays,
    /// An element that an edit names does not exist (any more).
    #[error("element {0} is not in the model")]
    NoSuchElement(u32),
}

fn meant(suggestion: Option<&'static str>) -> String {
    suggestion.map_or_else(
        || "; give its IFC name, such as OverallWidth".to_owned(),
        |name| format!("; did you mean {name}?"),
    )
}

impl ModelError {
    /// Stable name of the error, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ModelError::Step(error) => error.code(),
            ModelError::JsonSyntax { .. } => "model.json-syntax",
            ModelError::JsonDoubledKey { .. } => "model.json-doubled-key",
            ModelError::JsonModel { .. } => "model.json",
            ModelError::TooLarge { .. } => "model.too-large",
            ModelError::NoMemory { .. } => NO_MEMORY,
            ModelError::NotAnElementClass { .. } => "model.not-an-element-class",
            ModelError::GlobalIdTaken { .. } => "model.global-id-taken",
            ModelError::NoSuchAttribute { .. } => "model.no-such-attribute",
            ModelError::GlobalIdStays => "model.global-id-stays",
            ModelError::NoSuchElement(_) => "model.no-such-element",
        }
    }
}
