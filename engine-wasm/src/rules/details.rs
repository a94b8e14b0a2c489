//! What there is to know of a model and of one element, for viewers and side panels: all elements
//! and storeys; the facts of an element with where they came from, or why they are not known; its
//! attributes and properties, and how each is edited.

use std::collections::BTreeSet;

use plancheck_contract::{Dimension, FactKind, Unit};
use serde::Serialize;

use super::evaluate::{Cell, Evaluator};
use super::explain::FactUse;
use super::path::SubjectRef;
use super::session::Session;
use crate::facts::text::display;
use crate::facts::{
    Fact, Reader, Resolved, Source, Subject, facts_of, find_fact, find_subject, resolve, subjects,
};
use crate::model::{ElementId, Model, Origin, Reading, Value};
use crate::report::finding::{ElementRef, element_ref, long_name, shortened};

/// All elements of a model, and its storeys.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelElements {
    /// In file order.
    pub elements: Vec<ListedElement>,
    /// In file order.
    pub storeys: Vec<ListedStorey>,
}

/// An element in the list of all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedElement {
    /// GlobalId, or `object_id` of JSON models.
    pub global_id: String,
    /// IFC class.
    pub class: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The attribute LongName, where it says more than the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long_name: Option<String>,
    /// GlobalId of the storey it is in; a storey is in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storey: Option<String>,
    /// GlobalId of what it belongs to: the whole that it is a part of, else the spatial element that
    /// contains it, else the element whose opening it fills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Instance number in the file, by which geometry kernels name it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
}

/// A storey.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedStorey {
    /// GlobalId, or `object_id` of JSON models.
    pub global_id: String,
    /// Its name, else its GlobalId.
    pub name: String,
    /// Metres above the building's datum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elevation: Option<f64>,
}

/// What there is to know of an element.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ElementDetails {
    /// Who it is.
    #[serde(flatten)]
    pub element: ElementRef,
    /// The subject of the fact catalogue that it is; none: an element like any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<&'static str>,
    /// Facts of the catalogue, then those that modules derive; absent ones with the reason.
    pub facts: Vec<DetailedFact>,
    /// Attributes that have a value, in IFC's order.
    pub attributes: Vec<Attribute>,
    /// Properties and quantities, by set.
    pub properties: Vec<Property>,
}

/// A fact, and how a user may give it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DetailedFact {
    /// What it is and where from.
    #[serde(flatten)]
    pub fact: FactUse,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The SI unit of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// What exactly is meant, and how it is measured or computed.
    pub description: String,
    /// The edit that gives it another value; none where it can only be concluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<EditTarget>,
}

/// Where an edit sets a value: what [`super::Edit`] needs beside the element and the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum EditTarget {
    /// A property or a quantity.
    SetProperty {
        /// Its set; empty: whichever has it.
        set: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// An attribute.
    SetAttribute {
        /// IFC name.
        name: &'static str,
    },
}

/// An attribute that has a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attribute {
    /// IFC name.
    pub name: &'static str,
    /// What it says.
    #[serde(flatten)]
    pub value: Shown,
    /// `occurrence`, or `declared` by an edit.
    pub from: &'static str,
}

/// A property or a quantity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Property {
    /// Its set; empty for what is in none.
    pub set: String,
    /// Its name.
    pub name: String,
    /// What it says.
    #[serde(flatten)]
    pub value: Shown,
    /// `occurrence`, `type`, or `declared` by an edit.
    pub from: &'static str,
    /// It is a quantity.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub quantity: bool,
    /// Instance number in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// It has one value, which an edit may replace.
    pub editable: bool,
}

/// A value for people, and as a number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    /// For people; numbers with their unit.
    pub value: String,
    /// `number`, `text`, `boolean`; `other`: a range, or nothing that is read, and then `value` says
    /// why.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// A number, in SI where it measures something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<f64>,
    /// The unit of the number, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
}

impl Shown {
    fn new(value: &Value, dimension: Option<Dimension>) -> Shown {
        let plain = |kind, value| Shown {
            value,
            kind,
            number: None,
            unit: None,
        };
        match value {
            Value::Number(number) => Shown {
                number: Some(*number),
                unit: symbol(dimension),
                ..plain("number", display(value, dimension))
            },
            Value::Text(text) => plain("text", text.clone()),
            Value::Boolean(_) => plain("boolean", display(value, None)),
            Value::Range(..) | Value::Unusable(_) => plain("other", display(value, dimension)),
        }
    }
}

/// The symbol of a dimension's SI unit; none where there is nothing to say.
fn symbol(dimension: Option<Dimension>) -> Option<&'static str> {
    let unit = dimension?.si_unit();
    (!matches!(unit, Unit::One | Unit::Each)).then(|| unit.symbol())
}

impl Session {
    /// All elements and storeys.
    #[must_use]
    pub fn elements(&self) -> ModelElements {
        let model = self.model();
        let id = |e: ElementId| shortened(&model.global_id(e));
        let elements = model.elements().map(|e| ListedElement {
            global_id: id(e),
            class: model.class_name(e).to_owned(),
            name: name(model, e),
            long_name: long_name(model, e),
            storey: model.storey(e).filter(|storey| *storey != e).map(id),
            container: model.parent(e).map(id),
            record: model.record_number(e),
        });
        let reader = Reader::new(model);
        let elevation = find_fact(find_subject("storey"), "elevation");
        let storeys = model.of_class("IfcBuildingStorey").into_iter();
        let storeys = storeys.map(|e| ListedStorey {
            global_id: id(e),
            name: name(model, e).unwrap_or_else(|| id(e)),
            elevation: elevation.and_then(|fact| match resolve(&reader, fact, e) {
                Resolved::Known(known) => match known.value {
                    Value::Number(metres) => Some(metres),
                    _ => None,
                },
                Resolved::Absent(_) => None,
            }),
        });
        ModelElements {
            elements: elements.collect(),
            storeys: storeys.collect(),
        }
    }

    /// What there is to know of an element; none: the model has no such element.
    #[must_use]
    pub fn element_details(&self, global_id: &str) -> Option<ElementDetails> {
        let model = self.model();
        let element = model.find(global_id)?;
        let evaluator = Evaluator::new(model, &self.ruleset, &self.derived, &self.memo);
        let own = subjects_of(&evaluator.reader, element);
        Some(ElementDetails {
            element: element_ref(&evaluator, element),
            subject: own.last().map(|subject| subject.name),
            facts: facts(&evaluator, &own, element),
            attributes: attributes(model, element),
            properties: properties(model, element),
        })
    }
}

fn name(model: &Model, e: ElementId) -> Option<String> {
    let name = model.element_name(e)?;
    (!name.trim().is_empty()).then(|| shortened(&name))
}

/// The subjects that an element is, the general one before its use: a space, a corridor.
fn subjects_of(reader: &Reader<'_>, element: ElementId) -> Vec<&'static Subject> {
    let holds = |subject: &'static Subject| {
        let Some(fact) = subject.only_if else {
            return true;
        };
        find_fact(Some(subject), fact)
            .map(|fact| resolve(reader, fact, element))
            .is_some_and(|answer| answer.value() == Some(&Value::Boolean(true)))
    };
    subjects()
        .iter()
        .filter(|subject| subject.name != "element")
        .filter(|subject| reader.model().is_a(element, subject.class))
        .filter(|subject| holds(subject))
        .collect()
}

fn facts(
    evaluator: &Evaluator<'_>,
    own: &[&'static Subject],
    element: ElementId,
) -> Vec<DetailedFact> {
    let mut known = BTreeSet::new();
    let mut all = Vec::new();
    let of_subjects = own.iter().flat_map(|subject| facts_of(Some(subject)));
    for fact in of_subjects.chain(facts_of(None)) {
        if known.insert(fact.name) {
            all.push(DetailedFact {
                fact: evaluator.explain_fact(fact, element),
                kind: fact.kind.name(),
                unit: symbol(fact.dimension),
                description: fact.description.to_owned(),
                edit: edit_of(fact),
            });
        }
    }
    for (index, derived) in evaluator.ruleset.derived.iter().enumerate() {
        let module = evaluator.ruleset.modules.get(derived.module);
        let manifest = module.and_then(|module| module.manifest.as_ref());
        let definition = manifest.and_then(|manifest| manifest.derived.get(derived.index));
        let view = manifest.and_then(|manifest| manifest.views.get(derived.view));
        let plan = module.and_then(|module| module.views.get(derived.view));
        let (Some(definition), Some(view), Some(plan)) = (definition, view, plan) else {
            continue;
        };
        let governs = SubjectRef::parse(&view.subject)
            .is_ok_and(|subject| evaluator.reader.model().is_a(element, subject.class))
            && plan.only_if.is_none_or(|fact| {
                evaluator.cell(fact, element).as_kind(FactKind::Boolean) == Cell::Boolean(true)
            });
        if governs {
            all.push(DetailedFact {
                fact: evaluator.explain_derived_fact(index, definition, element),
                kind: definition.kind.name(),
                unit: symbol(definition.dimension),
                description: definition.description.clone(),
                edit: None,
            });
        }
    }
    all
}

/// The edit that gives a fact: of the source that is trusted most.
fn edit_of(fact: &Fact) -> Option<EditTarget> {
    fact.sources.iter().find_map(|source| match source {
        Source::Attribute(name) => Some(EditTarget::SetAttribute { name }),
        Source::Property(set, name) | Source::Quantity(set, name) => {
            Some(EditTarget::SetProperty { set, name })
        }
        Source::TypeAttribute(_) | Source::Compute { .. } => None,
    })
}

fn attributes(model: &Model, element: ElementId) -> Vec<Attribute> {
    let names = model.attribute_names(element);
    let with_values = names.filter(|name| *name != "GlobalId").filter_map(|name| {
        let reading = model.attribute(element, name)?;
        Some(Attribute {
            name,
            value: Shown::new(&reading.value, reading.dimension),
            from: from(reading.origin),
        })
    });
    with_values.collect()
}

fn properties(model: &Model, element: ElementId) -> Vec<Property> {
    let mut all = Vec::new();
    for set in model.property_sets(element) {
        for entry in set.entries {
            let Some(reading) = entry.reading else {
                continue;
            };
            let dimension = dimension(model, element, &set.name, &entry.name, &reading);
            let value = Shown::new(&reading.value, dimension);
            all.push(Property {
                editable: value.kind != "other",
                value,
                from: match from(reading.origin) {
                    "occurrence" if set.on_type => "type",
                    other => other,
                },
                quantity: set.quantities,
                record: match reading.origin {
                    Origin::Attribute { record }
                    | Origin::Property { record, .. }
                    | Origin::Quantity { record, .. } => Some(record),
                    Origin::Json | Origin::Declared => None,
                },
                set: set.name.clone(),
                name: entry.name,
            });
        }
    }
    all
}

/// What a number measures; an edited one, what was measured before.
fn dimension(
    model: &Model,
    element: ElementId,
    set: &str,
    name: &str,
    reading: &Reading,
) -> Option<Dimension> {
    if reading.origin != Origin::Declared {
        return reading.dimension;
    }
    let again = [
        model.property(element, set, name),
        model.quantity(element, set, name),
    ];
    again
        .into_iter()
        .flatten()
        .find_map(|reading| reading.dimension)
}

fn from(origin: Origin) -> &'static str {
    match origin {
        Origin::Property { on_type: true, .. } | Origin::Quantity { on_type: true, .. } => "type",
        Origin::Declared => "declared",
        _ => "occurrence",
    }
}
