//! Property sets and quantities: of the occurrence and of its type, merged by property.
//!
//! Nothing is decoded before it is asked for. The occurrence wins over the type for each property,
//! not for each set. Several sets of the one or of the other that say different things of the same
//! property say nothing. Names are compared without regard to ASCII case, because exporters differ
//! there.

use plancheck_contract::Dimension;

use super::ifc::Ifc;
use super::listed::{ListedSet, name_hash};
use super::units::{self, Unit};
use super::value::{Origin, Reading, Value, interpret, is_text};
use super::{ElementId, Model};
use crate::step::{self, Record, RecordIx};

/// Where the entries of a set begin among its attributes: after GlobalId, OwnerHistory, Name and
/// Description (and, for quantities, MethodOfMeasurement).
const FIRST_ENTRY: usize = 4;

/// How often one property of an element may be stated. All must agree, and each is read: an element
/// with a thousand sets would cost as many times as much.
const MAX_SAID: usize = 32;

/// A set as a side panel lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertySet {
    /// `Pset_DoorCommon`; the class where the set's attributes are the properties; empty for
    /// properties that are in no set.
    pub name: String,
    /// It belongs to the element's type.
    pub on_type: bool,
    /// Its entries are quantities.
    pub quantities: bool,
    /// Properties in the order of the file, without those that the occurrence overrides.
    pub entries: Vec<Property>,
}

/// One entry of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// `FireRating`
    pub name: String,
    /// None: empty, or of a kind that is not read (tables, references, complex properties).
    pub reading: Option<Reading>,
}

/// What kind of set a record is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Properties,
    Quantities,
    /// `IfcDoorLiningProperties` and its like: the attributes are the properties.
    Predefined,
}

impl Model {
    /// A property of an element or its type. An empty set name means any set. Reads single values,
    /// enumerated and list values of one distinct value, bounded values, and the attributes of sets
    /// such as `IfcDoorLiningProperties`, by that class as the set's name. [`Value::Unusable`] where
    /// what is written is no single value, or several sets contradict each other.
    #[must_use]
    pub fn property(&self, e: ElementId, set: &str, name: &str) -> Option<Reading> {
        self.lookup(e, set, name, false)
    }

    /// A quantity of an element or its type. An empty set name means any set. For JSON objects
    /// the same as [`Model::property`].
    #[must_use]
    pub fn quantity(&self, e: ElementId, set: &str, name: &str) -> Option<Reading> {
        self.lookup(e, set, name, true)
    }

    fn lookup(&self, e: ElementId, set: &str, name: &str, quantity: bool) -> Option<Reading> {
        let edits = self.edits.get(&e);
        if let Some(value) = edits.and_then(|edits| edits.property(set, name)) {
            let before = self.written(e, set, name, quantity, false);
            return Some(Reading {
                value: value.clone().into(),
                dimension: before.and_then(|reading| reading.dimension),
                origin: Origin::Declared,
            });
        }
        self.written(e, set, name, quantity, edits.is_some())
    }

    /// What the file or the JSON says, with or without what edits hide.
    fn written(
        &self,
        e: ElementId,
        set: &str,
        name: &str,
        quantity: bool,
        hide: bool,
    ) -> Option<Reading> {
        let hidden = |set: &str, name: &str| hide && self.is_property_edited(e, set, name);
        if let Some(plain) = self.plain(e) {
            return plain.property(set, name, hidden);
        }
        let ifc = self.ifc.as_ref()?;
        // The first answer of the occurrence, else of the type, and what else stands beside it.
        let mut first: Option<(RecordIx, Reading)> = None;
        let mut said = 1;
        let (wanted, wanted_set) = (name_hash(name), name_hash(set));
        for listed in self.listed(ifc, e).iter() {
            let ListedSet {
                record,
                on_type,
                kind,
                ..
            } = *listed;
            if on_type
                && let Some((_, found)) = &first
                && !found.origin.is_on_type()
            {
                break;
            }
            if quantity != (kind == Kind::Quantities)
                || !(set.is_empty()
                    || (listed.name == wanted_set || kind == Kind::Predefined)
                        && is_named(ifc, record, kind, set))
                || hide && hidden(&set_name(ifc, record, kind), name)
            {
                continue;
            }
            for found in entry(ifc, listed, name, wanted) {
                let Some((before, reading)) = &mut first else {
                    first = Some((record, found));
                    continue;
                };
                said += 1;
                if said > MAX_SAID {
                    let why = format!("{name} is stated more than {MAX_SAID} times");
                    reading.value = Value::Unusable(why);
                    return first.map(|(_, reading)| reading);
                }
                if !reading.value.says_the_same(&found.value) {
                    let place = |record| match self::kind(ifc, record) {
                        Some(kind) => set_name(ifc, record, kind),
                        None => String::new(),
                    };
                    reading.value =
                        contradiction((&place(*before), &*reading), (&place(record), &found));
                    return first.map(|(_, reading)| reading);
                }
            }
        }
        first.map(|(_, reading)| reading)
    }

    /// Whether an edit replaces or deletes what a set says.
    pub(super) fn is_property_edited(&self, e: ElementId, set: &str, name: &str) -> bool {
        self.edits
            .get(&e)
            .is_some_and(|edits| edits.hides(set, name))
    }

    /// The sets of an element, then those of its type.
    pub(super) fn sets<'a>(
        &'a self,
        ifc: &'a Ifc,
        e: ElementId,
    ) -> impl Iterator<Item = (RecordIx, bool)> + 'a {
        let own = ifc
            .sets
            .of_element
            .get(e.0)
            .iter()
            .map(|record| (RecordIx(*record), false));
        let of_type = ifc
            .type_of(e.0 as usize)
            .into_iter()
            .flat_map(move |(index, record)| {
                let reader = ifc.reader();
                let listed = reader.follow_all(reader.attribute(record, "HasPropertySets"));
                listed.chain(
                    ifc.sets
                        .of_type
                        .get(index)
                        .iter()
                        .map(|record| RecordIx(*record)),
                )
            });
        own.chain(of_type.map(|record| (record, true)))
    }

    /// Every set of an element and its type, quantities too, with edits applied: for lists in a
    /// user interface.
    #[must_use]
    pub fn property_sets(&self, e: ElementId) -> Vec<PropertySet> {
        let mut all: Vec<PropertySet> = Vec::new();
        if let Some(plain) = self.plain(e) {
            for value in &plain.values {
                let place = match all.iter().position(|set| set.name == value.set) {
                    Some(place) => place,
                    None => {
                        all.push(PropertySet {
                            name: value.set.clone(),
                            on_type: false,
                            quantities: false,
                            entries: Vec::new(),
                        });
                        all.len() - 1
                    }
                };
                let reading = self.property(e, &value.set, &value.name);
                if let Some(set) = all.get_mut(place) {
                    set.entries.push(Property {
                        name: value.name.clone(),
                        reading,
                    });
                }
            }
        } else if let Some(ifc) = &self.ifc {
            for (record, on_type) in self.sets(ifc, e) {
                let Some(kind) = kind(ifc, record) else {
                    continue;
                };
                let name = set_name(ifc, record, kind);
                let overridden: Vec<String> = all
                    .iter()
                    .filter(|set| set.name.eq_ignore_ascii_case(&name))
                    .flat_map(|set| &set.entries)
                    .filter(|entry| entry.reading.is_some())
                    .map(|entry| entry.name.to_ascii_lowercase())
                    .collect();
                let mut entries = entries(ifc, record, kind, on_type);
                entries.retain(|entry| !overridden.contains(&entry.name.to_ascii_lowercase()));
                if !(entries.is_empty() && on_type) {
                    all.push(PropertySet {
                        name,
                        on_type,
                        quantities: kind == Kind::Quantities,
                        entries,
                    });
                }
            }
        }
        if let Some(edits) = self.edits.get(&e) {
            edits.apply(&mut all);
        }
        all
    }
}

pub(super) fn kind(ifc: &Ifc, record: RecordIx) -> Option<Kind> {
    let (reader, known) = (ifc.reader(), ifc.known);
    if reader.is_a(record, known.property_set) {
        Some(Kind::Properties)
    } else if reader.is_a(record, known.element_quantity) {
        Some(Kind::Quantities)
    } else {
        reader
            .is_a(record, known.set_definition)
            .then_some(Kind::Predefined)
    }
}

/// The class of a set whose attributes are the properties.
fn class_name(ifc: &Ifc, record: RecordIx) -> &'static str {
    ifc.reader()
        .class(record)
        .map_or("", |class| ifc.schema.class_name(class))
}

fn is_named(ifc: &Ifc, record: RecordIx, kind: Kind, wanted: &str) -> bool {
    is_text(ifc.step.record(record).arg(2), wanted)
        || kind == Kind::Predefined && class_name(ifc, record).eq_ignore_ascii_case(wanted)
}

fn set_name(ifc: &Ifc, record: RecordIx, kind: Kind) -> String {
    match kind {
        Kind::Predefined => class_name(ifc, record).to_owned(),
        Kind::Properties | Kind::Quantities => ifc
            .step
            .record(record)
            .arg(2)
            .as_text()
            .map(|t| t.decode().into_owned())
            .unwrap_or_default(),
    }
}

/// Positions of the properties or quantities among the attributes of a set.
pub(super) fn members(record: Record<'_>, kind: Kind) -> impl Iterator<Item = u64> {
    record.refs(FIRST_ENTRY + usize::from(kind == Kind::Quantities))
}

/// The entries with this name that have a value; one, but for files that say a thing twice.
fn entry(ifc: &Ifc, set: &ListedSet, name: &str, hash: u64) -> Vec<Reading> {
    let (record, kind, on_type) = (set.record, set.kind, set.on_type);
    if kind == Kind::Predefined {
        let Some(class) = ifc.reader().class(record) else {
            return Vec::new();
        };
        let attributes = ifc
            .schema
            .attributes(class)
            .iter()
            .enumerate()
            .skip(FIRST_ENTRY);
        let named = attributes.filter(|(_, attribute)| attribute.name.eq_ignore_ascii_case(name));
        return named
            .filter_map(|(index, attribute)| {
                predefined(ifc, record, on_type, index, attribute.measure)
            })
            .take(1)
            .collect();
    }
    set.members
        .iter()
        .filter(|(of_member, _)| *of_member == hash)
        .filter_map(|(_, member)| {
            is_text(ifc.step.record(*member).arg(0), name).then_some(())?;
            read(ifc, *member, kind, on_type)
        })
        .collect()
}

/// What two places that disagree say together.
fn contradiction(first: (&str, &Reading), second: (&str, &Reading)) -> Value {
    let said = |(set, reading): (&str, &Reading)| {
        let text = match &reading.value {
            Value::Number(number) => {
                let unit = reading.dimension.map(Dimension::si_unit);
                crate::facts::text::show(*number, unit.unwrap_or(plancheck_contract::Unit::One))
            }
            Value::Text(text) => format!("{text:?}"),
            other => other.to_text(),
        };
        format!("{set} says {text}")
    };
    Value::Unusable(format!("in conflict: {}, {}", said(first), said(second)))
}

/// All entries of a set.
fn entries(ifc: &Ifc, record: RecordIx, kind: Kind, on_type: bool) -> Vec<Property> {
    if kind == Kind::Predefined {
        let Some(class) = ifc.reader().class(record) else {
            return Vec::new();
        };
        let attributes = ifc
            .schema
            .attributes(class)
            .iter()
            .enumerate()
            .skip(FIRST_ENTRY);
        return attributes
            .filter_map(|(index, attribute)| {
                let reading = predefined(ifc, record, on_type, index, attribute.measure)?;
                Some(Property {
                    name: attribute.name.to_owned(),
                    reading: Some(reading),
                })
            })
            .collect();
    }
    members(ifc.step.record(record), kind)
        .filter_map(|number| {
            let member = ifc.step.find(number)?;
            let name = ifc
                .step
                .record(member)
                .arg(0)
                .as_text()?
                .decode()
                .into_owned();
            Some(Property {
                name,
                reading: read(ifc, member, kind, on_type),
            })
        })
        .collect()
}

fn predefined(
    ifc: &Ifc,
    record: RecordIx,
    on_type: bool,
    index: usize,
    declared: &str,
) -> Option<Reading> {
    let (value, dimension) = interpret(
        ifc.step.record(record).arg(index),
        declared,
        None,
        &ifc.units,
    )?;
    let origin = Origin::Property {
        record: ifc.step.number(record),
        on_type,
    };
    Some(Reading {
        value,
        dimension,
        origin,
    })
}

/// The value of a property or quantity.
fn read(ifc: &Ifc, member: RecordIx, kind: Kind, on_type: bool) -> Option<Reading> {
    let record = ifc.step.record(member);
    let number = record.number();
    let (value, dimension, origin) = if kind == Kind::Quantities {
        let reader = ifc.reader();
        let class = reader
            .class(member)
            .filter(|_| reader.is_a(member, ifc.known.simple_quantity))?;
        let declared = ifc.schema.attributes(class).get(3)?.measure;
        let own = own_unit(ifc, record.arg(2));
        let (value, dimension) = interpret(record.arg(3), declared, own.as_ref(), &ifc.units)?;
        let origin = Origin::Quantity {
            record: number,
            on_type,
        };
        (value, dimension, origin)
    } else {
        let (value, dimension) = property_value(ifc, record)?;
        let origin = Origin::Property {
            record: number,
            on_type,
        };
        (value, dimension, origin)
    };
    value.is_usable().then_some(Reading {
        value,
        dimension,
        origin,
    })
}

fn own_unit(ifc: &Ifc, unit: step::Value<'_>) -> Option<Unit> {
    unit.as_ref()
        .and_then(|number| units::own_unit(ifc.reader(), number))
}

/// The value of a property in SI.
fn property_value(ifc: &Ifc, record: Record<'_>) -> Option<(Value, Option<Dimension>)> {
    let si = |value: step::Value<'_>, unit: step::Value<'_>| {
        interpret(value, "", own_unit(ifc, unit).as_ref(), &ifc.units)
    };
    match record.name() {
        "IFCPROPERTYSINGLEVALUE" => si(record.arg(2), record.arg(3)),
        "IFCPROPERTYLISTVALUE" => only_value(record.arg(2), |value| si(value, record.arg(3))),
        "IFCPROPERTYBOUNDEDVALUE" => {
            let at = |index| si(record.arg(index), record.arg(4));
            bounded(at(3), at(2), at(5))
        }
        "IFCPROPERTYENUMERATEDVALUE" => {
            let enumeration = ifc.reader().follow(record.arg(3));
            let unit = enumeration.map_or(step::Value::Null, |at| ifc.step.record(at).arg(2));
            only_value(record.arg(2), |value| si(value, unit))
        }
        _ => None,
    }
}

/// Values of a list that are told in a reason.
const MAX_TOLD: usize = 4;

/// The value of a list of one distinct value.
fn only_value<'a>(
    list: step::Value<'a>,
    read: impl Fn(step::Value<'a>) -> Option<(Value, Option<Dimension>)>,
) -> Option<(Value, Option<Dimension>)> {
    let mut distinct: Vec<(Value, Option<Dimension>)> = Vec::new();
    for value in list.as_list()?.filter_map(read) {
        if !distinct
            .iter()
            .any(|(known, _)| known.says_the_same(&value.0))
        {
            distinct.push(value);
        }
        if distinct.len() > MAX_TOLD {
            break;
        }
    }
    if distinct.len() < 2 {
        return distinct.pop();
    }
    let mut told: Vec<String> = distinct
        .iter()
        .take(MAX_TOLD)
        .map(|(value, _)| value.to_text())
        .collect();
    if distinct.len() > MAX_TOLD {
        told.push("…".to_owned());
    }
    let why = format!("several values are listed: {}", told.join(", "));
    Some((Value::Unusable(why), None))
}

/// A bounded value: the range, where both bounds are given; else the set point, where it stands
/// alone. IFC2X3 has no set point.
fn bounded(
    lower: Option<(Value, Option<Dimension>)>,
    upper: Option<(Value, Option<Dimension>)>,
    set_point: Option<(Value, Option<Dimension>)>,
) -> Option<(Value, Option<Dimension>)> {
    match (lower, upper, set_point) {
        (Some((Value::Number(low), dimension)), Some((Value::Number(high), _)), _) => {
            let value = if low == high {
                Value::Number(low)
            } else if low < high {
                Value::Range(low, high)
            } else {
                Value::Unusable(format!(
                    "the lower bound {low} is above the upper bound {high}"
                ))
            };
            Some((value, dimension))
        }
        (None, None, point) => point,
        (Some((value, dimension)), None, _) => Some((
            Value::Unusable(format!("only a lower bound is given: {}", value.to_text())),
            dimension,
        )),
        (None, Some((value, dimension)), _) => Some((
            Value::Unusable(format!("only an upper bound is given: {}", value.to_text())),
            dimension,
        )),
        (Some((_, dimension)), Some(_), _) => {
            let why = "its bounds are no numbers that can be read".to_owned();
            Some((Value::Unusable(why), dimension))
        }
    }
}

impl Value {
    /// As text, for lists and digests: numbers in the shortest form that reads back the same.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Boolean(truth) => truth.to_string(),
            Value::Range(low, high) => format!("{low} to {high}"),
            Value::Unusable(why) => why.clone(),
        }
    }
}
