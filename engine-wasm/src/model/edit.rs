//! Edits: values set or deleted by the user, elements added and removed.
//!
//! The file stays as it is; edits lie over it. Re-checking after edits and checking an equally
//! edited model from scratch see the same model.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::elements::ClassQuery;
use super::plain::{Form, PlainElement, PlainValue};
use super::schema::{ClassId, Schema};
use super::value::{EditValue, Origin, Reading, Value};
use super::{ElementId, Model, ModelError, Property, PropertySet};
use crate::ids::near::nearest;

/// What was set on one element. None means deleted.
#[derive(Clone, Debug, Default)]
pub(super) struct ElementEdits {
    pub attributes: BTreeMap<String, Option<EditValue>>,
    /// By set and name in lower case.
    properties: BTreeMap<(String, String), PropertyEdit>,
}

#[derive(Clone, Debug)]
struct PropertyEdit {
    set: String,
    name: String,
    value: Option<EditValue>,
}

impl ElementEdits {
    /// The value set for a property; an empty set, in the question or in the edit, is any set.
    pub(super) fn property(&self, set: &str, name: &str) -> Option<&EditValue> {
        self.properties
            .values()
            .filter(|edit| edit.name.eq_ignore_ascii_case(name))
            .filter(|edit| {
                set.is_empty() || edit.set.is_empty() || edit.set.eq_ignore_ascii_case(set)
            })
            .find_map(|edit| edit.value.as_ref())
    }

    /// Whether what a set of this name says of a property no longer counts.
    pub(super) fn hides(&self, set: &str, name: &str) -> bool {
        self.properties.values().any(|edit| {
            edit.name.eq_ignore_ascii_case(name)
                && (edit.set.is_empty() || edit.set.eq_ignore_ascii_case(set))
        })
    }

    /// The value set for a property of exactly this name; an empty set in the edit is any set.
    pub(super) fn given(&self, set: &str, name: &str) -> Option<&EditValue> {
        self.properties
            .values()
            .filter(|edit| edit.name == name && (edit.set.is_empty() || edit.set == set))
            .find_map(|edit| edit.value.as_ref())
    }

    /// Puts the edits into a listing.
    pub(super) fn apply(&self, sets: &mut Vec<PropertySet>) {
        for set in sets.iter_mut() {
            set.entries
                .retain(|entry| !self.hides(&set.name, &entry.name));
        }
        for edit in self.properties.values() {
            let Some(value) = &edit.value else { continue };
            let reading = Some(Reading {
                value: value.clone().into(),
                dimension: None,
                origin: Origin::Declared,
            });
            let entry = Property {
                name: edit.name.clone(),
                reading,
            };
            match sets
                .iter_mut()
                .find(|s| !s.on_type && s.name.eq_ignore_ascii_case(&edit.set))
            {
                Some(set) => set.entries.push(entry),
                None => sets.push(PropertySet {
                    name: edit.set.clone(),
                    on_type: false,
                    quantities: false,
                    entries: vec![entry],
                }),
            }
        }
    }
}

/// An element to add.
#[derive(Clone, Debug, Default)]
pub struct NewElement {
    /// Not used in the model yet.
    pub global_id: String,
    /// `IfcDoor`
    pub class: String,
    /// For people.
    pub name: Option<String>,
    /// The spatial element it is in; for a spatial element, the one it is a part of.
    pub container: Option<ElementId>,
    /// Set, name, value.
    pub properties: Vec<(String, String, EditValue)>,
    /// IFC name, value.
    pub attributes: Vec<(String, EditValue)>,
    /// Spaces that it bounds or, for a space, what bounds it.
    pub bounds: Vec<ElementId>,
}

impl Model {
    /// Sets a property in a set, or deletes it. Numbers are in SI; one that is not finite deletes. Quantities of that set and name
    /// are replaced too. An empty set replaces the property in every set.
    pub fn set_property(&mut self, e: ElementId, set: &str, name: &str, value: Option<EditValue>) {
        if !self.is_live(e) {
            return;
        }
        let key = (set.to_ascii_lowercase(), name.to_ascii_lowercase());
        let value = value.filter(EditValue::is_usable);
        let edit = PropertyEdit {
            set: set.to_owned(),
            name: name.to_owned(),
            value,
        };
        self.edits
            .entry(e)
            .or_default()
            .properties
            .insert(key, edit);
    }

    /// Sets an attribute by its IFC name, or deletes it. Numbers are in SI. The GlobalId stays.
    pub fn set_attribute(&mut self, e: ElementId, name: &str, value: Option<EditValue>) {
        if self.is_live(e) && name != "GlobalId" {
            let value = value.filter(EditValue::is_usable);
            self.edits
                .entry(e)
                .or_default()
                .attributes
                .insert(name.to_owned(), value);
        }
    }

    /// Whether an attribute of this name can be set. It need not be one of the element's own class: facts may
    /// be given by attributes that other elements, or other versions of IFC, have (the Tag of a space).
    /// Objects of JSON models have attributes of any name.
    ///
    /// # Errors
    /// IFC gives it to no element, or it is the GlobalId.
    pub fn check_attribute(&self, e: ElementId, name: &str) -> Result<(), ModelError> {
        self.check_attribute_of(self.class_of(e), name)
    }

    fn check_attribute_of(&self, class: Option<ClassId>, name: &str) -> Result<(), ModelError> {
        if name == "GlobalId" {
            return Err(ModelError::GlobalIdStays);
        }
        let all = class.map_or(&[][..], |class| self.schema.attributes(class));
        let own = || all.iter().map(|attribute| attribute.name);
        if self.ifc.is_none() || own().any(|known| known == name) || anywhere(name) {
            return Ok(());
        }
        Err(ModelError::NoSuchAttribute {
            name: name.to_owned(),
            class: class.map_or("", |class| self.schema.class_name(class)),
            suggestion: nearest(name, own().filter(|known| *known != "GlobalId")),
        })
    }

    /// Takes back what was set for a property, or its deletion: what the file says counts again.
    /// Nothing happens where nothing was.
    pub fn restore_property(&mut self, e: ElementId, set: &str, name: &str) {
        let key = (set.to_ascii_lowercase(), name.to_ascii_lowercase());
        self.restore(e, |edits| {
            edits.properties.remove(&key);
        });
    }

    /// Takes back what was set for an attribute, or its deletion.
    pub fn restore_attribute(&mut self, e: ElementId, name: &str) {
        self.restore(e, |edits| {
            edits.attributes.remove(name);
        });
    }

    fn restore(&mut self, e: ElementId, take: impl FnOnce(&mut ElementEdits)) {
        if let Some(edits) = self.edits.get_mut(&e) {
            take(edits);
            if edits.attributes.is_empty() && edits.properties.is_empty() {
                self.edits.remove(&e);
            }
        }
    }

    /// Whether there are edits: values that were set or deleted, elements that came or went.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        !self.edits.is_empty()
            || self.class.len() > self.loaded
            || self.live.iter().any(|live| !live)
    }

    /// Adds an element at the end.
    ///
    /// # Errors
    /// The class is not one of elements, the GlobalId is empty or taken, an element that it should be
    /// in or bound does not exist, or an attribute is none (see [`Model::check_attribute`]).
    pub fn add_element(&mut self, new: NewElement) -> Result<ElementId, ModelError> {
        let class = self
            .schema
            .class(&new.class)
            .filter(|class| {
                ["IfcObject", "IfcProject"]
                    .iter()
                    .filter_map(|above| self.schema.class(above))
                    .any(|above| self.schema.is_a(*class, above))
            })
            .ok_or_else(|| ModelError::NotAnElementClass {
                class: new.class.clone(),
                schema: self.schema.name(),
            })?;
        if new.global_id.trim().is_empty() || self.find(&new.global_id).is_some() {
            return Err(ModelError::GlobalIdTaken {
                global_id: new.global_id,
            });
        }
        if let Some(missing) = new
            .container
            .iter()
            .chain(&new.bounds)
            .find(|e| !self.is_live(**e))
        {
            return Err(ModelError::NoSuchElement(missing.0));
        }
        for (name, _) in &new.attributes {
            self.check_attribute_of(Some(class), name)?;
        }
        let e = ElementId(self.class.len() as u32);
        self.class.push(class);
        self.live.push(true);
        self.within = Mutex::default();
        self.relations.grow();
        self.plain.push(PlainElement {
            id: new.global_id,
            name: new.name,
            attributes: new
                .attributes
                .into_iter()
                .map(|(n, v)| (n, v.into()))
                .collect(),
            values: new
                .properties
                .into_iter()
                .map(|(set, name, value)| PlainValue {
                    set,
                    name,
                    value: value.into(),
                    form: Form::default(),
                })
                .collect(),
            declared: true,
            ..PlainElement::default()
        });
        let spatial = self.matches(e, ClassQuery::new(self.schema, "IfcSpatialElement"));
        match new.container {
            Some(container) if spatial => self.relations.set_whole(e, container),
            Some(container) => self.relations.set_container(e, container),
            None => {}
        }
        for other in new.bounds {
            if spatial {
                self.relations.add_boundary(e, other);
            } else {
                self.relations.add_boundary(other, e);
            }
        }
        self.index_global_id(e);
        Ok(e)
    }

    /// Removes an element, its parts and its openings from the model and all relations.
    pub fn remove_element(&mut self, e: ElementId) {
        self.within = Mutex::default();
        let mut open = vec![e];
        while let Some(at) = open.pop() {
            if !self.is_live(at) {
                continue;
            }
            open.extend_from_slice(self.relations.parts.get(at));
            open.extend_from_slice(self.relations.openings.get(at));
            if let Some(live) = self.live.get_mut(at.0 as usize) {
                *live = false;
            }
            self.relations.remove(at);
            self.edits.remove(&at);
        }
    }

    /// A digest of the model: the bytes as given and, where there are edits, what they amount to.
    /// The order in which they were made does not matter, except for added elements.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let source = *self.source_digest.get_or_init(|| match &self.ifc {
            Some(ifc) => blake3::hash(ifc.step.bytes()).into(),
            None => blake3::hash(b"").into(),
        });
        if !self.is_edited() {
            return source;
        }
        let mut log = Log(blake3::Hasher::new());
        log.0.update(&source);
        for index in self.loaded..self.class.len() {
            self.log_added(&mut log, ElementId(index as u32));
        }
        for (index, _) in self.live.iter().enumerate().filter(|(_, live)| !**live) {
            log.text("removed");
            log.number(index as u64);
        }
        for (e, edits) in &self.edits {
            log.text("edited");
            log.number(u64::from(e.0));
            for (name, value) in &edits.attributes {
                log.text("attribute");
                log.text(name);
                log.value(value.clone().map(Value::from).as_ref());
            }
            for ((set, name), edit) in &edits.properties {
                log.text("property");
                log.text(set);
                log.text(name);
                log.value(edit.value.clone().map(Value::from).as_ref());
            }
        }
        log.0.finalize().into()
    }

    /// Logs an added element with where it stands.
    fn log_added(&self, log: &mut Log, e: ElementId) {
        let Some(plain) = self.plain(e) else { return };
        log.text("added");
        log.text(self.class_name(e));
        log.text(&plain.id);
        log.value(plain.name.clone().map(Value::Text).as_ref());
        for value in &plain.values {
            log.text(&value.set);
            log.text(&value.name);
            log.value(Some(&value.value));
        }
        log.text("attributes");
        for (name, value) in &plain.attributes {
            log.text(name);
            log.value(Some(value));
        }
        log.number(
            self.parent(e)
                .map_or(u64::MAX, |parent| u64::from(parent.0)),
        );
        for bound in self
            .space_boundaries(e)
            .iter()
            .chain(self.bounded_spaces(e))
        {
            log.number(u64::from(bound.0));
        }
    }
}

/// Whether elements of some class have an attribute of this name, in any version of IFC.
fn anywhere(name: &str) -> bool {
    Schema::ALL.into_iter().any(|schema| {
        let classes = schema.class("IfcObject").into_iter();
        classes
            .flat_map(|object| schema.descendants(object))
            .any(|class| schema.attribute_index(*class, name).is_some())
    })
}

/// Feeds a hasher with texts and numbers so that no two sequences look the same.
struct Log(blake3::Hasher);

impl Log {
    fn number(&mut self, number: u64) {
        self.0.update(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
    }

    fn value(&mut self, value: Option<&Value>) {
        match value {
            None => self.number(0),
            Some(Value::Number(number)) => {
                self.number(1);
                self.number(number.to_bits());
            }
            Some(Value::Text(text)) => {
                self.number(2);
                self.text(text);
            }
            Some(Value::Boolean(truth)) => {
                self.number(3);
                self.number(u64::from(*truth));
            }
            Some(Value::Range(low, high)) => {
                self.number(4);
                self.number(low.to_bits());
                self.number(high.to_bits());
            }
            Some(Value::Unusable(why)) => {
                self.number(5);
                self.text(why);
            }
        }
    }
}
