//! The JSON object model: what thin CAD clients send when they have no IFC.
//!
//! `{building_id, building_name, metadata, objects: [{object_id, object_type, properties,
//! location, connections}]}`. Object types become IFC classes, properties stay as they are (SI),
//! connections become containment, space boundaries or plain connections.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::plain::{Form, LOCATION, PlainElement, PlainValue};
use super::relations::Collected;
use super::schema::{ClassId, Schema};
use super::value::Value;
use super::{ElementId, Model, ModelError, Parts, location};
use crate::diagnostic::Diagnostics;

/// Bytes: the reader holds about ten times as much while it works.
const MAX_JSON: usize = 64 << 20;
/// Objects: larger models come as IFC.
const MAX_OBJECTS: usize = 200_000;
/// Values of one object, nested ones counted.
const MAX_VALUES: usize = 10_000;
/// Objects within properties.
const MAX_DEPTH: usize = 8;

/// Object types that are not an IFC class name in lower case with underscores.
const TYPES: &[(&str, &str)] = &[
    ("room", "IfcSpace"),
    ("corridor", "IfcSpace"),
    ("hallway", "IfcSpace"),
    ("storey", "IfcBuildingStorey"),
    ("story", "IfcBuildingStorey"),
    ("level", "IfcBuildingStorey"),
    ("floor", "IfcBuildingStorey"),
    ("electrical_outlet", "IfcOutlet"),
    ("receptacle", "IfcOutlet"),
    ("socket", "IfcOutlet"),
    ("emergency_lighting", "IfcLightFixture"),
    ("light", "IfcLightFixture"),
    ("escalator", "IfcTransportElement"),
    ("elevator", "IfcTransportElement"),
    ("lift", "IfcTransportElement"),
    ("toilet", "IfcSanitaryTerminal"),
    ("shower", "IfcSanitaryTerminal"),
    ("sink", "IfcSanitaryTerminal"),
    ("plumbing_fixture", "IfcSanitaryTerminal"),
    ("duct", "IfcDuctSegment"),
    ("drainage_pipe", "IfcPipeSegment"),
    ("gas_pipe", "IfcPipeSegment"),
    ("vent_pipe", "IfcPipeSegment"),
    ("water_pipe", "IfcPipeSegment"),
    ("foundation", "IfcFooting"),
    ("guard", "IfcRailing"),
    ("guardrail", "IfcRailing"),
    ("handrail", "IfcRailing"),
    ("furniture", "IfcFurniture"),
];

/// Object types that say how a space is used.
const CORRIDORS: [&str; 2] = ["corridor", "hallway"];

fn refuse<T>(pointer: impl Into<String>, what: impl Into<String>) -> Result<T, ModelError> {
    Err(ModelError::JsonModel {
        pointer: pointer.into(),
        what: what.into(),
    })
}

/// Reads an object model.
///
/// # Errors
/// Not JSON, not the object model, or larger than is read; says where.
pub(super) fn load(bytes: &[u8]) -> Result<Model, ModelError> {
    limit("bytes of JSON", bytes.len(), MAX_JSON)?;
    let Json::Object(root) = super::strict::read(bytes)? else {
        return refuse("", "an object is expected");
    };
    let Some(Json::Array(objects)) = root.get("objects") else {
        return refuse("/objects", "a list of objects is expected");
    };
    limit("objects", objects.len(), MAX_OBJECTS)?;
    let mut builder = Builder::default();
    let title = optional_text(&root, "building_name", "")?;
    let building_id = optional_text(&root, "building_id", "")?;
    let own_building = objects.iter().any(|object| {
        object
            .get("object_type")
            .and_then(Json::as_str)
            .is_some_and(|t| normalise(t) == "building")
    });
    if !own_building && (building_id.is_some() || title.is_some()) {
        let mut building = PlainElement {
            id: building_id.unwrap_or_else(|| "building".to_owned()),
            name: title.clone(),
            ..PlainElement::default()
        };
        match root.get("metadata") {
            None | Some(Json::Null) => {}
            Some(Json::Object(metadata)) => {
                values(
                    metadata,
                    "metadata",
                    "",
                    "/metadata",
                    0,
                    &mut building.values,
                )?;
            }
            Some(_) => return refuse("/metadata", "an object is expected"),
        }
        builder.add(building, "IfcBuilding");
    }
    for (index, object) in objects.iter().enumerate() {
        builder.object(object, &format!("/objects/{index}"))?;
    }
    let mut model = builder.finish(title);
    if !cfg!(feature = "browser") {
        model.stated = location::of_json(root.get("metadata"));
    }
    Ok(model)
}

fn limit(what: &'static str, count: usize, limit: usize) -> Result<(), ModelError> {
    if count > limit {
        Err(ModelError::TooLarge { what, count, limit })
    } else {
        Ok(())
    }
}

/// A text or a number (ids often are), absent when null.
fn optional_text(
    from: &Map<String, Json>,
    key: &str,
    pointer: &str,
) -> Result<Option<String>, ModelError> {
    match from.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(Json::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => refuse(format!("{pointer}/{key}"), "a text is expected"),
    }
}

/// Appends the plain values of an object. Objects at the top are sets (where `set` is empty),
/// further ones make dotted names; lists give their one distinct value.
fn values(
    from: &Map<String, Json>,
    set: &str,
    prefix: &str,
    pointer: &str,
    depth: usize,
    into: &mut Vec<PlainValue>,
) -> Result<(), ModelError> {
    if depth > MAX_DEPTH {
        return refuse(pointer, format!("objects nest deeper than {MAX_DEPTH}"));
    }
    // By name: whether the JSON reader keeps the order of the text depends on its features.
    let mut sorted: Vec<(&String, &Json)> = from.iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    for (key, value) in sorted {
        if into.len() >= MAX_VALUES {
            return refuse(
                pointer,
                format!("more than {MAX_VALUES} values in one object"),
            );
        }
        let name = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        let mut form = match value {
            Json::Array(_) => Form::Listed,
            _ => Form::Plain,
        };
        let value = match value {
            Json::Array(list) => match distinct(list) {
                Ok(only) => only,
                Err(why) => {
                    into.push(PlainValue {
                        set: set.to_owned(),
                        name,
                        value: Value::Unusable(why),
                        form,
                    });
                    continue;
                }
            },
            other => other,
        };
        let value = match value {
            Json::Bool(truth) => Value::Boolean(*truth),
            Json::String(text) => Value::Text(text.clone()),
            Json::Number(number) => match number.as_f64().filter(|number| number.is_finite()) {
                Some(value) => {
                    if form == Form::Plain && !number.is_f64() {
                        form = Form::Integer;
                    }
                    Value::Number(value)
                }
                None => {
                    return refuse(
                        format!("{pointer}/{}", escape(key)),
                        "the number is too large",
                    );
                }
            },
            Json::Object(inner) => {
                let at = format!("{pointer}/{}", escape(key));
                if set.is_empty() && prefix.is_empty() {
                    values(inner, key, "", &at, depth + 1, into)?;
                } else {
                    values(inner, set, &name, &at, depth + 1, into)?;
                }
                continue;
            }
            Json::Null | Json::Array(_) => continue,
        };
        into.push(PlainValue {
            set: set.to_owned(),
            name,
            value,
            form,
        });
    }
    Ok(())
}

/// Values of a list that are told in a reason.
const MAX_TOLD: usize = 4;

/// The one value of a list, null where it has none; why not, where it has several.
fn distinct(list: &[Json]) -> Result<&Json, String> {
    let mut values = list.iter().filter(|value| !value.is_null());
    let first = values.next().unwrap_or(&Json::Null);
    let same = |other: &Json| match (first.as_f64(), other.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => first == other,
    };
    if values.all(same) {
        return Ok(first);
    }
    let told: Vec<String> = list.iter().take(MAX_TOLD).map(short).collect();
    let more = if list.len() > MAX_TOLD { ", …" } else { "" };
    Err(format!(
        "several values are listed: {}{more}",
        told.join(", ")
    ))
}

/// A value in a reason, without what is inside it.
fn short(value: &Json) -> String {
    match value {
        Json::String(text) => text.chars().take(40).collect(),
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "an object".to_owned(),
        plain => plain.to_string(),
    }
}

/// A key as a part of a JSON pointer (RFC 6901).
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn normalise(object_type: &str) -> String {
    object_type
        .trim()
        .to_ascii_lowercase()
        .replace([' ', '-'], "_")
}

/// The class of an object type: from the table, else the IFC class of that name (`stair_flight`:
/// `IfcStairFlight`; IFC names are taken too), else a proxy.
fn class_of(object_type: &str) -> ClassId {
    let schema = Schema::Ifc4x3;
    let element = |class: &ClassId| {
        ["IfcObject", "IfcProject"]
            .iter()
            .filter_map(|above| schema.class(above))
            .any(|above| schema.is_a(*class, above))
    };
    let known = TYPES
        .iter()
        .find(|(name, _)| *name == object_type)
        .map(|(_, class)| *class);
    let named = format!("Ifc{}", object_type.replace('_', ""));
    known
        .and_then(|class| schema.class(class))
        .or_else(|| schema.class(&named).filter(element))
        .or_else(|| schema.class(object_type).filter(element))
        .or_else(|| schema.class("IfcBuildingElementProxy"))
        .unwrap_or(ClassId(0))
}

#[derive(Default)]
struct Builder {
    elements: Vec<PlainElement>,
    class: Vec<ClassId>,
    by_id: BTreeMap<String, ElementId>,
    diagnostics: Diagnostics,
}

impl Builder {
    fn add(&mut self, element: PlainElement, class: &str) -> ElementId {
        let class = Schema::Ifc4x3.class(class).unwrap_or(ClassId(0));
        self.push(element, class)
    }

    fn push(&mut self, element: PlainElement, class: ClassId) -> ElementId {
        let e = ElementId(self.elements.len() as u32);
        self.by_id.entry(element.id.clone()).or_insert(e);
        self.elements.push(element);
        self.class.push(class);
        e
    }

    /// Reads one object.
    fn object(&mut self, object: &Json, pointer: &str) -> Result<(), ModelError> {
        let Json::Object(object) = object else {
            return refuse(pointer, "an object is expected");
        };
        let id = match optional_text(object, "object_id", pointer)? {
            Some(id) if !id.is_empty() => id,
            _ => return refuse(format!("{pointer}/object_id"), "an id is expected"),
        };
        let Some(given_type) = optional_text(object, "object_type", pointer)? else {
            return refuse(
                format!("{pointer}/object_type"),
                "a type such as \"door\" is expected",
            );
        };
        let object_type = normalise(&given_type);
        let mut element = PlainElement {
            id,
            object_type: Some(given_type),
            ..PlainElement::default()
        };
        match object.get("properties") {
            None | Some(Json::Null) => {}
            Some(Json::Object(properties)) => {
                let at = format!("{pointer}/properties");
                values(properties, "", "", &at, 0, &mut element.values)?;
            }
            Some(_) => return refuse(format!("{pointer}/properties"), "an object is expected"),
        }
        match object.get("location") {
            None | Some(Json::Null) => {}
            Some(Json::Object(location)) => {
                element.located = !location.is_empty();
                let at = format!("{pointer}/location");
                values(location, LOCATION, "", &at, 0, &mut element.values)?;
            }
            Some(_) => return refuse(format!("{pointer}/location"), "an object is expected"),
        }
        element.name = optional_text(object, "name", pointer)?.or_else(|| {
            element
                .property("", "name", |set, _| !set.is_empty())
                .filter(|reading| !matches!(reading.value, Value::Unusable(_)))
                .map(|reading| reading.value.to_text())
        });
        if CORRIDORS.contains(&object_type.as_str()) {
            element.predefined_type = Some("corridor".to_owned());
        }
        let connections = &mut element.connections;
        match object.get("connections") {
            None | Some(Json::Null) => {}
            Some(Json::Array(list)) => {
                for (index, other) in list.iter().enumerate() {
                    match other {
                        Json::String(id) => connections.push(id.clone()),
                        Json::Number(id) => connections.push(id.to_string()),
                        _ => {
                            return refuse(
                                format!("{pointer}/connections/{index}"),
                                "an object_id is expected",
                            );
                        }
                    }
                }
            }
            Some(_) => return refuse(format!("{pointer}/connections"), "a list is expected"),
        }
        self.push(element, class_of(&object_type));
        Ok(())
    }

    fn is_a(&self, e: ElementId, class: &str) -> bool {
        let schema = Schema::Ifc4x3;
        let own = self.class.get(e.0 as usize).copied();
        own.zip(schema.class(class))
            .is_some_and(|(own, wanted)| schema.is_a(own, wanted))
    }

    /// Which element a property of `e` names, by id, or by name among `class`.
    fn named(
        &self,
        e: ElementId,
        keys: &[&str],
        class: &str,
        names: &BTreeMap<String, ElementId>,
    ) -> Option<ElementId> {
        let element = self.elements.get(e.0 as usize)?;
        let text = keys
            .iter()
            .find_map(|key| element.property("", key, |set, _| !set.is_empty()))?
            .value
            .to_text();
        let by_id = self
            .by_id
            .get(&text)
            .copied()
            .filter(|other| self.is_a(*other, class));
        by_id
            .or_else(|| names.get(&text).copied())
            .filter(|other| *other != e)
    }

    /// Names of the elements of a class; the first of several.
    fn names(&self, class: &str) -> BTreeMap<String, ElementId> {
        let mut names = BTreeMap::new();
        for (index, element) in self.elements.iter().enumerate() {
            let e = ElementId(index as u32);
            if let (true, Some(name)) = (self.is_a(e, class), &element.name) {
                names.entry(name.clone()).or_insert(e);
            }
        }
        names
    }

    /// Relations from properties and connections, then the model.
    fn finish(mut self, title: Option<String>) -> Model {
        let count = self.elements.len() as u32;
        let all = || (0..count).map(ElementId);
        let mut collected = Collected::default();
        let building = all().find(|e| self.is_a(*e, "IfcBuilding"));
        let (storeys, spaces) = (self.names("IfcBuildingStorey"), self.names("IfcSpace"));
        let mut place = vec![None; self.elements.len()];
        for e in all() {
            if self.is_a(e, "IfcSpatialElement") && !self.is_a(e, "IfcSpace") {
                continue;
            }
            let in_space = if self.is_a(e, "IfcSpace") {
                None
            } else {
                self.named(
                    e,
                    &["space", "space_id", "room", "room_id"],
                    "IfcSpace",
                    &spaces,
                )
            };
            let storey = || {
                self.named(
                    e,
                    &["storey", "storey_id", "level", "level_id", "story", "floor"],
                    "IfcBuildingStorey",
                    &storeys,
                )
            };
            if let Some(slot) = place.get_mut(e.0 as usize) {
                *slot = in_space.or_else(storey);
            }
        }
        self.connect(&mut place, &mut collected);
        for e in all() {
            let spatial = self.is_a(e, "IfcSpatialElement");
            let parent = place.get(e.0 as usize).copied().flatten().or(building);
            match parent {
                Some(parent) if parent == e || self.is_a(e, "IfcBuilding") => {}
                Some(parent) if spatial => collected.whole.push((e, parent)),
                Some(parent) if self.is_a(e, "IfcProduct") => collected.container.push((e, parent)),
                _ => {}
            }
        }
        let Builder {
            elements,
            class,
            mut diagnostics,
            ..
        } = self;
        let relations = collected.pack(elements.len(), &mut diagnostics, |_| None);
        Model::assemble(Parts {
            schema: Schema::Ifc4x3,
            ifc: None,
            plain: elements,
            title,
            class,
            relations,
            diagnostics,
        })
    }

    /// What each connection means: being in a storey, bounding a space, being in a space, or a
    /// plain connection.
    fn connect(&mut self, place: &mut [Option<ElementId>], collected: &mut Collected) {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        for (index, element) in self.elements.iter().enumerate() {
            let from = ElementId(index as u32);
            for id in &element.connections {
                let Some(to) = self.by_id.get(id).copied() else {
                    diagnostics.push("json.unknown-connection", None, None, || {
                        let own = &element.id;
                        format!("object {own:?} is connected to {id:?}, which does not exist")
                    });
                    continue;
                };
                if from == to {
                    continue;
                }
                for (a, b) in [(from, to), (to, from)] {
                    let opening = self.is_a(b, "IfcDoor") || self.is_a(b, "IfcWindow");
                    let spatial = self.is_a(b, "IfcSpatialElement");
                    let put = if self.is_a(a, "IfcBuildingStorey") {
                        !spatial || self.is_a(b, "IfcSpace")
                    } else {
                        self.is_a(a, "IfcSpace") && !spatial && !opening
                    };
                    if self.is_a(a, "IfcSpace") && opening {
                        collected.boundaries.push((a, b));
                    }
                    if let (true, Some(slot @ None)) = (put, place.get_mut(b.0 as usize)) {
                        *slot = Some(a);
                    }
                }
                collected.connected.push((from, to));
            }
        }
        self.diagnostics = diagnostics;
    }
}
