//! Calculations: sums over what a rule matches, and formulas of them.

use std::collections::HashMap;

use plancheck_engine::model::{ElementId, Model};
use serde_json::Value as Json;

use super::RecoverError;
use super::expression;
use super::number::Number;

const FIXTURES: &[&str] = &["plumbing_fixture", "sink", "toilet", "shower"];
const UNITS: &[&str] = &["hvac_equipment", "hvac_unit"];
/// Variables: the types they are summed over (empty: all), and the property.
const SUMS: [(&str, &[&str], &str); 8] = [
    ("capacity", UNITS, "capacity"),
    ("load", &["electrical_outlet"], "load"),
    ("flow", FIXTURES, "flow_rate"),
    ("fixture_units", FIXTURES, "fixture_units"),
    ("airflow", &["duct"], "airflow"),
    (
        "structural_load",
        &["wall", "column", "beam", "foundation"],
        "load",
    ),
    ("occupancy", &["room"], "occupancy"),
    ("weight", &[], "weight"),
];
/// Formulas that are words.
const WORDS: [(&str, &[&str], &str, f64); 5] = [
    ("electrical_load", &["electrical_outlet"], "load", 1.0),
    (
        "plumbing_flow",
        &["sink", "toilet", "shower"],
        "flow_rate",
        1.0,
    ),
    ("hvac_capacity", &["hvac_unit"], "capacity", 1.0),
    ("structural_load", &["wall", "column", "beam"], "load", 1.0),
    ("fire_egress", &["room"], "occupancy", 0.3),
];

/// Why collecting failed, in Python's words.
type Failed = String;

/// The objects of a model as they are written.
pub(crate) struct Objects<'j> {
    all: Vec<&'j Json>,
    /// The first of them among the model's elements.
    first: u32,
}

fn property<'j>(object: &'j Json, name: &str) -> Option<&'j Json> {
    object.get("properties")?.get(name)
}

fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Number(number) if number.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "str",
        Json::Array(_) => "list",
        Json::Object(_) => "dict",
    }
}

fn number(value: &Json) -> Option<Number> {
    match value {
        Json::Bool(truth) => Some(Number::Whole(i128::from(*truth))),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Some(Number::Whole(i128::from(whole))),
            (None, Some(whole)) => Some(Number::Whole(i128::from(whole))),
            (None, None) => number.as_f64().map(Number::Real),
        },
        _ => None,
    }
}

fn added(sum: Number, value: &Json) -> Result<Number, Failed> {
    let sum_with = number(value).and_then(|value| sum.add(value));
    sum_with.ok_or_else(|| {
        format!(
            "unsupported operand type(s) for +=: '{}' and '{}'",
            sum.type_name(),
            type_name(value)
        )
    })
}

fn is_one_of(object: &Json, types: &[&str]) -> bool {
    let own = object.get("object_type").and_then(Json::as_str);
    types.is_empty() || own.is_some_and(|own| types.contains(&own))
}

fn total(objects: &[&Json], types: &[&str], name: &str, start: Number) -> Result<Number, Failed> {
    let mut sum = start;
    for object in objects.iter().filter(|object| is_one_of(object, types)) {
        if let Some(value) = property(object, name) {
            sum = added(sum, value)?;
        }
    }
    Ok(sum)
}

/// Width times height of the location, as soon as both are there, else the property.
fn total_area(objects: &[&Json]) -> Result<Number, Failed> {
    let mut sum = Number::Real(0.0);
    for object in objects {
        let location = object.get("location");
        let side = |name| location.and_then(|location| location.get(name));
        let area = match (side("width"), side("height")) {
            (Some(width), Some(height)) => product(width, height)?,
            _ => property(object, "area").cloned(),
        };
        if let Some(area) = area.filter(crate::document::is_truthy) {
            sum = added(sum, &area)?;
        }
    }
    Ok(sum)
}

/// A product as Python has it: a text or a list times a whole number repeats it.
fn product(a: &Json, b: &Json) -> Result<Option<Json>, Failed> {
    if let (Some(x), Some(y)) = (number(a), number(b)) {
        let product = x.multiply(y);
        return Ok(product.map(|product| match product {
            Number::Whole(whole) => {
                i64::try_from(whole).map_or(Json::from(whole as f64), Json::from)
            }
            Number::Real(real) => Json::from(real),
        }));
    }
    let repeats = |value: &Json| matches!(value, Json::String(_) | Json::Array(_));
    let times = |value: &Json| match number(value) {
        Some(Number::Whole(times)) => Some(times),
        _ => None,
    };
    for (sequence, other) in [(a, b), (b, a)] {
        if repeats(sequence) {
            return match times(other) {
                Some(times) if times > 0 => Ok(Some(sequence.clone())),
                Some(_) => Ok(None),
                None => Err(format!(
                    "can't multiply sequence by non-int of type '{}'",
                    type_name(other)
                )),
            };
        }
    }
    Err(format!(
        "unsupported operand type(s) for *: '{}' and '{}'",
        type_name(a),
        type_name(b)
    ))
}

/// What the objects say of each variable; sums that are not positive are left out.
fn variables(objects: &[&Json]) -> Result<HashMap<&'static str, f64>, Failed> {
    let mut found = HashMap::new();
    for (name, types, of) in SUMS {
        if name == "weight"
            && let Some(efficiency) = efficiency(objects)?
        {
            found.insert("efficiency", efficiency);
        }
        let sum = total(objects, types, of, Number::Whole(0))?;
        if sum.is_positive() {
            found.insert(name, sum.real());
        }
    }
    Ok(found)
}

/// The first that is positive.
fn efficiency(objects: &[&Json]) -> Result<Option<f64>, Failed> {
    for object in objects.iter().filter(|object| is_one_of(object, UNITS)) {
        let Some(value) = property(object, "efficiency_rating") else {
            continue;
        };
        let Some(number) = number(value) else {
            return Err(format!(
                "'>' not supported between instances of '{}' and 'int'",
                type_name(value)
            ));
        };
        if number.is_positive() {
            return Ok(Some(number.real()));
        }
    }
    Ok(None)
}

impl<'j> Objects<'j> {
    pub(crate) fn new(text: &'j Json, model: &Model) -> Objects<'j> {
        let list = text.get("objects").and_then(Json::as_array);
        let all: Vec<&Json> = list.into_iter().flatten().collect();
        // A building that was not given comes before them.
        let first = model.elements().count().saturating_sub(all.len()) as u32;
        Objects { all, first }
    }

    /// A formula over what a rule matches: the result, or why collecting failed.
    pub(crate) fn compute(
        &self,
        formula: &str,
        matched: &[ElementId],
    ) -> Result<Result<Json, Failed>, RecoverError> {
        let objects: Vec<&Json> = matched
            .iter()
            .filter_map(|element| element.0.checked_sub(self.first))
            .filter_map(|at| self.all.get(at as usize).copied())
            .collect();
        let word = WORDS.iter().find(|word| word.0 == formula);
        if let Some((_, types, name, factor)) = word {
            let sum = total(&objects, types, name, Number::Real(0.0));
            return Ok(sum.map(|sum| Json::from(sum.real() * factor)));
        }
        match formula {
            "area" => return Ok(total_area(&objects).map(|area| Json::from(area.real()))),
            "count" => return Ok(Ok(Json::from(objects.len()))),
            _ => {}
        }
        let collected = variables(&objects).and_then(|found| match found.is_empty() {
            true if objects.is_empty() => variables(&self.all),
            _ => Ok(found),
        });
        let area = total_area(&objects);
        let (known, area) = match (collected, area) {
            (Ok(known), Ok(area)) => (known, area.real()),
            (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
        };
        let variable = |name: &str| match name {
            "area" => Some(area),
            "count" => Some(objects.len() as f64),
            "efficiency" => Some(known.get(name).copied().unwrap_or(0.0)),
            _ => {
                let is_sum = SUMS.iter().any(|sum| sum.0 == name);
                is_sum.then(|| known.get(name).copied().unwrap_or(0.0))
            }
        };
        let value = expression::value(formula, &variable)
            .map_err(|_| RecoverError::Formula(formula.to_owned()))?;
        Ok(Ok(Json::from(value.unwrap_or(0.0))))
    }
}
