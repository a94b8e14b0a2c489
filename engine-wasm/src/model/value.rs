//! Values of attributes, properties and quantities, in SI, with where they stand in the file.

use std::borrow::Cow;

use plancheck_contract::Dimension;

use super::units::{Measure, Units};
use crate::step;

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The value; numbers that measure something are in SI.
    pub value: Value,
    /// What a number measures, where its declared type or unit says so.
    pub dimension: Option<Dimension>,
    /// Where it stands.
    pub origin: Origin,
}

/// A value. Unknown logicals, empty places and numbers that are not finite are absent instead.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Measures, counts, integers.
    Number(f64),
    /// Labels, texts, identifiers, enumeration items.
    Text(String),
    /// Booleans and logicals that are known.
    Boolean(bool),
    /// A bounded value: from the lower to the upper bound.
    Range(f64, f64),
    /// Something is written that is no single value, or none that can be read: why, for people.
    Unusable(String),
}

/// Where a value stands. `record` is the instance number in the file (`#123`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// An attribute of this record.
    Attribute {
        /// The element or its type.
        record: u64,
    },
    /// A property.
    Property {
        /// The property, or the set where its attributes are the properties.
        record: u64,
        /// It comes from the type of the element.
        on_type: bool,
    },
    /// An element quantity.
    Quantity {
        /// The quantity.
        record: u64,
        /// It comes from the type of the element.
        on_type: bool,
    },
    /// The JSON object model.
    Json,
    /// An edit by the user.
    Declared,
}

impl Origin {
    /// It comes from the type of the element.
    pub(super) fn is_on_type(self) -> bool {
        matches!(
            self,
            Origin::Property { on_type: true, .. } | Origin::Quantity { on_type: true, .. }
        )
    }
}

/// A value that an edit sets. Numbers are in SI.
#[derive(Clone, Debug, PartialEq)]
pub enum EditValue {
    /// In SI.
    Number(f64),
    /// As it would stand in the file.
    Text(String),
    /// True or false.
    Boolean(bool),
}

impl From<EditValue> for Value {
    fn from(value: EditValue) -> Value {
        match value {
            EditValue::Number(number) => Value::Number(number),
            EditValue::Text(text) => Value::Text(text),
            EditValue::Boolean(truth) => Value::Boolean(truth),
        }
    }
}

impl EditValue {
    /// False for NaN and infinities.
    pub(super) fn is_usable(&self) -> bool {
        !matches!(self, EditValue::Number(number) if !number.is_finite())
    }
}

impl Value {
    /// False for NaN and infinities.
    pub(super) fn is_usable(&self) -> bool {
        !matches!(self, Value::Number(number) if !number.is_finite())
    }

    /// Whether two places say the same: numbers to a part in a million, since exporters round
    /// them, texts without regard to case and spaces.
    pub(super) fn says_the_same(&self, other: &Value) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(b.abs());
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => near(*a, *b),
            (Value::Range(a, b), Value::Range(c, d)) => near(*a, *c) && near(*b, *d),
            (Value::Text(a), Value::Text(b)) => {
                let letters = |text: &str| -> String {
                    text.chars()
                        .filter(|c| !c.is_whitespace())
                        .flat_map(char::to_lowercase)
                        .collect()
                };
                a == b || letters(a) == letters(b)
            }
            (a, b) => a == b,
        }
    }
}

/// Reads a value whose measure is declared outside it (`OverallWidth`: `PositiveLengthMeasure`),
/// or by the type around it (`IFCLENGTHMEASURE(2.)`), which wins. `unit` is the value's own unit.
pub(super) fn interpret(
    value: step::Value<'_>,
    declared: &str,
    unit: Option<&super::units::Unit>,
    units: &Units,
) -> Option<(Value, Option<Dimension>)> {
    use step::Value as V;
    let typed = match value {
        V::Typed(name, _) => Some(std::str::from_utf8(name).ok()?),
        _ => None,
    };
    let measure = Measure::named(typed.unwrap_or(declared));
    let plain = |value| Some((value, None));
    match value.untyped() {
        V::Integer(_) | V::Real(_) => {
            let raw = value.as_f64()?;
            if let Some(why) = units.unknown(measure, unit) {
                let dimension = measure.dimension();
                return raw
                    .is_finite()
                    .then(|| (Value::Unusable(format!("{raw} {why}")), dimension));
            }
            let (number, dimension) = units.to_si(raw, measure, unit);
            number
                .is_finite()
                .then_some((Value::Number(number), dimension))
        }
        V::Text(text) => plain(Value::Text(text.decode().into_owned())),
        V::Enum(name) if measure == Measure::Logical => match name {
            b"T" | b"t" => plain(Value::Boolean(true)),
            b"F" | b"f" => plain(Value::Boolean(false)),
            _ => None,
        },
        V::Enum(name) => plain(Value::Text(String::from_utf8_lossy(name).into_owned())),
        V::Binary(_) | V::Null | V::Derived | V::Ref(_) | V::List(_) | V::Malformed => None,
        V::Typed(..) => None,
    }
}

/// A string, absent when empty or blank.
pub(super) fn text(value: step::Value<'_>) -> Option<Cow<'_, str>> {
    let text = value.as_text()?.decode();
    (!text.trim().is_empty()).then_some(text)
}

/// Whether a string is `wanted` without regard to ASCII case; does not allocate in the usual case.
pub(super) fn is_text(value: step::Value<'_>, wanted: &str) -> bool {
    let Some(text) = value.as_text() else {
        return false;
    };
    let raw = text.raw();
    if raw
        .iter()
        .all(|byte| byte.is_ascii() && !matches!(byte, b'\\' | b'\''))
    {
        return raw.eq_ignore_ascii_case(wanted.as_bytes());
    }
    text.decode().eq_ignore_ascii_case(wanted)
}
