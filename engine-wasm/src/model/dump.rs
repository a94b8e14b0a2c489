//! The whole model as JSON lines, for comparison with other readers and for `plancheck model`.
//!
//! The first line: `{"kind":"model","schema":…,"records":n,"classes":{"IfcDoor":n,…}}`, where
//! `classes` counts the records of each class (of a JSON model: the elements). Then one line for
//! each element: `{"kind":"element","global_id","record","class","name","storey","container",
//! "parent","type","type_record","object_type","predefined_type","materials","classifications",
//! "sets":{set:{name:{"value","dimension","origin","record","on_type"}}}}`. Sets are merged: the
//! occurrence wins over the type, the first of equally named properties over later ones.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::value::{Origin, Reading, Value};
use super::{ElementId, Model};

/// Writes the model, one line at a time, each with its newline.
pub fn dump(model: &Model, mut out: impl FnMut(&str)) {
    let mut line = |value: &Json| {
        let mut text = value.to_string();
        text.push('\n');
        out(&text);
    };
    line(&json!({
        "kind": "model",
        "format": model.source_format(),
        "schema": model.schema().name(),
        "name": model.name(),
        "records": model.record_count(),
        "classes": class_counts(model),
    }));
    for e in model.elements() {
        line(&element(model, e));
    }
}

/// Records of each class; keywords that no schema has are left out.
#[must_use]
pub fn class_counts(model: &Model) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    match &model.ifc {
        Some(ifc) => {
            let reader = ifc.reader();
            for record in ifc.step.records() {
                if let Some(class) = reader.class(record.ix()) {
                    *counts.entry(ifc.schema.class_name(class)).or_insert(0) += 1;
                }
            }
        }
        None => {
            for e in model.elements() {
                *counts.entry(model.class_name(e)).or_insert(0) += 1;
            }
        }
    }
    counts
}

fn element(model: &Model, e: ElementId) -> Json {
    let id = |other: Option<ElementId>| other.map(|o| model.global_id(o).into_owned());
    let mut sets: BTreeMap<String, Map<String, Json>> = BTreeMap::new();
    for set in model.property_sets(e) {
        let entries = sets.entry(set.name).or_default();
        for entry in set.entries {
            if let Some(reading) = entry.reading {
                entries.entry(entry.name).or_insert_with(|| value(&reading));
            }
        }
    }
    let classifications: Vec<Json> = model
        .classifications(e)
        .into_iter()
        .map(|c| json!({"system": c.system, "identification": c.identification, "name": c.name}))
        .collect();
    json!({
        "kind": "element",
        "global_id": model.global_id(e),
        "record": model.record_number(e),
        "class": model.class_name(e),
        "name": model.element_name(e),
        "storey": id(model.storey(e)),
        "container": id(model.container(e)),
        "parent": id(model.parent(e)),
        "type": model.type_name(e),
        "type_record": model.type_record(e),
        "object_type": model.object_type(e),
        "predefined_type": model.predefined_type(e),
        "materials": model.materials(e),
        "classifications": classifications,
        "sets": sets,
    })
}

/// A reading with its origin.
#[must_use]
pub fn value(reading: &Reading) -> Json {
    let (origin, record, on_type) = match reading.origin {
        Origin::Attribute { record } => ("attribute", Some(record), false),
        Origin::Property { record, on_type } => ("property", Some(record), on_type),
        Origin::Quantity { record, on_type } => ("quantity", Some(record), on_type),
        Origin::Json => ("json", None, false),
        Origin::Declared => ("declared", None, false),
    };
    let value = match &reading.value {
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Boolean(truth) => json!(truth),
        Value::Range(low, high) => json!([low, high]),
        Value::Unusable(_) => Json::Null,
    };
    json!({
        "value": value,
        "dimension": reading.dimension,
        "origin": origin,
        "record": record,
        "on_type": on_type,
    })
}
