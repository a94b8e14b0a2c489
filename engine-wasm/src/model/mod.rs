//! The building model: elements, their types, properties, quantities and relations, from IFC or
//! from the JSON object model, with every number in SI and every value with its origin.
//!
//! Loading touches only elements, types and relations; values are decoded from the file when they
//! are asked for. Everything is deterministic: elements are in file order, and so is every list.
//! Nothing here judges a building or guesses a fact: that is [`crate::facts`].
//!
//! Where what lives: `schema` the IFC classes as data; `ifc` the records of a file; `units` and
//! `value` from written numbers to SI; `relations`, `links` and `hierarchy` what belongs to what;
//! `properties`, `attributes`, `associations` the values; `json` the object model; `edit` changes;
//! `footprint` the cheap part of geometry; `location` the place as stated; `fed` bytes that come in parts; `file` the records as written; `summary`
//! and `dump` what there is of it, in short and as JSON lines for comparison.

mod associations;
mod attributes;
pub mod dump;
mod edit;
mod elements;
mod error;
mod fed;
mod fields;
mod file;
mod footprint;
mod given;
mod hierarchy;
mod ifc;
mod json;
mod links;
mod listed;
pub mod location;
mod plain;
mod properties;
mod relations;
pub mod schema;
mod strict;
mod summary;
mod units;
mod value;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};

pub use associations::Classification;
pub use edit::NewElement;
pub use error::{ModelError, NO_MEMORY};
pub use fed::Fed;
pub(crate) use fields::{Field, Fields};
pub(crate) use file::File;
pub use footprint::Footprint;
pub use given::Given;
pub use location::Location;
pub use properties::{Property, PropertySet};
pub use schema::Schema;
pub use summary::ModelSummary;
pub use value::{EditValue, Origin, Reading, Value};

use crate::diagnostic::Diagnostics;
use crate::step::{self, Step};
use edit::ElementEdits;
use hierarchy::Within;
use ifc::Ifc;
use links::Packed;
use listed::Lately;
use plain::PlainElement;
use relations::Relations;
use schema::ClassId;

/// An element of the model: its position. Stable for the life of the model, also across edits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct ElementId(pub u32);

/// Largest IFC file inside an archive: what a 32-bit engine can hold beside its index.
pub const MAX_UNPACKED: usize = 1 << 30;

/// A building model.
pub struct Model {
    schema: Schema,
    /// The file, when the model came as one; its elements come first.
    ifc: Option<Ifc>,
    /// Elements that are in no file: from JSON, or added by edits.
    plain: Vec<PlainElement>,
    /// Title of a JSON model.
    title: Option<String>,
    /// Where a JSON model says that it is.
    stated: Location,
    /// Class of each element.
    class: Vec<ClassId>,
    live: Vec<bool>,
    /// Elements by class, as loaded.
    by_class: Packed<ElementId>,
    /// What objects of JSON were given.
    fields: Fields,
    /// How many elements were loaded; those after were added.
    loaded: usize,
    /// Hash of the GlobalId and element, sorted.
    by_global_id: Vec<(u64, ElementId)>,
    /// Elements whose GlobalId an earlier one has.
    repeats: BTreeSet<ElementId>,
    relations: Relations,
    within: Mutex<Within>,
    lately: Mutex<Lately>,
    edits: BTreeMap<ElementId, ElementEdits>,
    diagnostics: Diagnostics,
    /// Digest of the bytes as given.
    source_digest: OnceLock<[u8; 32]>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("schema", &self.schema)
            .field("elements", &self.class.len())
            .finish_non_exhaustive()
    }
}

impl Model {
    /// Reads a model: an IFC STEP file, a zip archive with one in it, or the JSON object model,
    /// told apart by their first bytes.
    ///
    /// # Errors
    /// The bytes are none of these, too large, or (for JSON) break the object model. What is
    /// merely odd is a diagnostic.
    pub fn load(bytes: Vec<u8>) -> Result<Model, ModelError> {
        let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        if step::zip::is_zip(&bytes) {
            let digest = blake3::hash(&bytes).into();
            let model =
                Model::from_step(Step::parse(step::zip::extract_ifc(&bytes, MAX_UNPACKED)?)?);
            return Ok(model.with_digest(digest));
        }
        if start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
            let digest = blake3::hash(&bytes).into();
            return Ok(json::load(start)?.with_digest(digest));
        }
        Ok(Model::from_step(Step::parse(bytes)?))
    }

    fn with_digest(self, digest: [u8; 32]) -> Model {
        Model {
            source_digest: OnceLock::from(digest),
            ..self
        }
    }

    fn from_step(step: Step) -> Model {
        let mut diagnostics = step.diagnostics().clone();
        let (ifc, nodes) = Ifc::new(step, &mut diagnostics);
        let reader = ifc.reader();
        let number = |e: ElementId| Some(ifc.step.number(*ifc.elements.get(e.0 as usize)?));
        let relations = relations::Collected::read(reader, &nodes).pack(
            ifc.elements.len(),
            &mut diagnostics,
            number,
        );
        let class: Vec<ClassId> = ifc
            .elements
            .iter()
            .filter_map(|record| reader.class(*record))
            .collect();
        let schema = ifc.schema;
        Model::assemble(Parts {
            schema,
            ifc: Some(ifc),
            plain: Vec::new(),
            title: None,
            class,
            relations,
            diagnostics,
        })
    }

    /// Puts the parts of a loaded model together and indexes them.
    fn assemble(parts: Parts) -> Model {
        let Parts {
            schema,
            ifc,
            plain,
            title,
            class,
            relations,
            diagnostics,
        } = parts;
        let pairs: Vec<(u32, ElementId)> = class
            .iter()
            .enumerate()
            .map(|(index, class)| (u32::from(class.0), ElementId(index as u32)))
            .collect();
        let mut model = Model {
            by_class: Packed::new(schema.classes(), &pairs),
            live: vec![true; class.len()],
            fields: Fields::new(&plain),
            loaded: class.len(),
            by_global_id: Vec::new(),
            repeats: BTreeSet::new(),
            within: Mutex::default(),
            lately: Mutex::default(),
            edits: BTreeMap::new(),
            source_digest: OnceLock::new(),
            schema,
            ifc,
            plain,
            title,
            stated: Location::default(),
            class,
            relations,
            diagnostics,
        };
        model.index_global_ids();
        model
    }
}

/// What a model is assembled from.
struct Parts {
    schema: Schema,
    ifc: Option<Ifc>,
    plain: Vec<PlainElement>,
    title: Option<String>,
    class: Vec<ClassId>,
    relations: Relations,
    diagnostics: Diagnostics,
}
