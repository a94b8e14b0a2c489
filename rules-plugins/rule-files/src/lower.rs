//! Conditions as they are written, to conditions as the runner takes them.

use std::borrow::Cow;
use std::sync::LazyLock;

use plancheck_contract::written;
use plancheck_rule_files_runner::condition::{Columns, Condition, Constant, Operator, Source};
use serde_json::Value as Json;

use crate::document::{At, is_truthy};
use crate::error::{What, Wrong, wrong};
use crate::pattern;
use crate::view::{Growing, Place};

/// How far things that touch may be apart where the condition does not say it.
const ADJACENT: f64 = 2.0;
/// How far is near where the condition does not say it.
const WITHIN: f64 = 5.0;

/// The limit of a distance where the condition does not say it.
static ZERO: LazyLock<Json> = LazyLock::new(|| Json::from(0));

/// A text under a key; none where it is something else, which equals no text.
fn text<'j>(at: &At<'j>, key: &str) -> Option<&'j str> {
    at.object.get(key).and_then(Json::as_str)
}

fn value<'j>(at: &At<'j>, key: &str) -> &'j Json {
    at.object.get(key).unwrap_or(&Json::Null)
}

/// A word of the format; none where it is absent or none. A list or an object stops the original.
fn word<'j>(at: &At<'j>, key: &'static str) -> Result<Option<&'j str>, Wrong> {
    match at.object.get(key) {
        Some(found @ (Json::Array(_) | Json::Object(_))) if is_truthy(found) => wrong(
            at.at(key),
            What::Stops("a list or an object instead of a word"),
        ),
        other => Ok(other.and_then(Json::as_str).filter(|word| !word.is_empty())),
    }
}

/// A condition at a place.
pub(crate) fn condition<'j>(
    json: &'j Json,
    pointer: String,
    view: &mut Growing,
) -> Result<Condition<'j>, Wrong> {
    let at = At::new(json, pointer)?;
    let kind = text(&at, "type").unwrap_or_default();
    if kind == "composite" {
        return composite(&at, view);
    }
    let element_type = text(&at, "element_type").unwrap_or_default();
    let never = Condition::Never { element_type };
    if element_type.is_empty() {
        return Ok(never);
    }
    match kind {
        "property" => {
            let (Some(name), Some(operator)) = (word(&at, "property")?, word(&at, "operator")?)
            else {
                return Ok(never);
            };
            let Some((operator, constant)) = against(operator, value(&at, "value"), &at)? else {
                return Ok(never);
            };
            let columns = columns(&at, view, Place::Properties, name, operator.wants_text())?;
            Ok(Condition::Test {
                element_type,
                source: Source::Property(columns),
                operator,
                constant,
            })
        }
        "system" => {
            let columns = columns(&at, view, Place::Properties, "system_type", false)?;
            Ok(Condition::Test {
                element_type,
                source: Source::Property(columns),
                operator: Operator::System,
                constant: constant(value(&at, "value")),
            })
        }
        "relationship" => {
            let target_type = text(&at, "target_type").unwrap_or_default();
            if target_type.is_empty() || !is_truthy(value(&at, "relationship")) {
                return Ok(never);
            }
            Ok(Condition::Linked {
                element_type,
                target_type,
            })
        }
        _ => spatial(&at, element_type, view),
    }
}

fn composite<'j>(at: &At<'j>, view: &mut Growing) -> Result<Condition<'j>, Wrong> {
    let mut parts = Vec::new();
    for (index, part) in value(at, "conditions")
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let pointer = format!("{}/{index}", at.at("conditions"));
        parts.push(condition(part, pointer, view)?);
    }
    match text(at, "composite_operator") {
        _ if parts.is_empty() => Ok(Condition::Never { element_type: "" }),
        Some("AND") => Ok(Condition::All(parts)),
        Some("OR") => Ok(Condition::Any(parts)),
        // Holds for nothing, but says which objects it is about.
        _ => {
            parts.insert(0, Condition::Never { element_type: "" });
            Ok(Condition::All(parts))
        }
    }
}

fn spatial<'j>(
    at: &At<'j>,
    element_type: &'j str,
    view: &mut Growing,
) -> Result<Condition<'j>, Wrong> {
    let never = Condition::Never { element_type };
    let Some(property) = text(at, "property") else {
        return Ok(never);
    };
    let limit = value(at, "value");
    if let "adjacent_to" | "within_distance" = property {
        let Json::Object(limit) = limit else {
            let why = "it has no object as the value of a distance";
            return wrong(at.at("value"), What::Stops(why));
        };
        let otherwise = match property {
            "adjacent_to" => ADJACENT,
            _ => WITHIN,
        };
        let limit_of = |json: &Json| match json {
            Json::Bool(truth) => Some(f64::from(u8::from(*truth))),
            other => other.as_f64(),
        };
        let far = limit.get("max_distance").map_or(Some(otherwise), limit_of);
        let target = limit
            .get("target_type")
            .and_then(Json::as_str)
            .filter(|t| !t.is_empty());
        let (Some(target_type), Some(limit)) = (target, far) else {
            return Ok(never);
        };
        return Ok(Condition::Near {
            element_type,
            target_type,
            limit,
        });
    }
    let Some(operator) = word(at, "operator")? else {
        return Ok(never);
    };
    if property == "distance" {
        let target = limit.get("target_id").and_then(Json::as_str);
        let Some(target_id) = target else {
            return Ok(never);
        };
        let limit = limit.get("max_distance").unwrap_or(&ZERO);
        return Ok(match against(operator, limit, at)? {
            Some((operator, constant)) => Condition::Distance {
                element_type,
                target_id,
                operator,
                constant,
            },
            None => never,
        });
    }
    let Some((operator, constant)) = against(operator, limit, at)? else {
        return Ok(never);
    };
    let as_text = operator.wants_text();
    let mut of = |place, name| columns(at, view, place, name, as_text);
    let source = match property {
        "area" => Source::Extent {
            sides: [
                Some(of(Place::Location, "width")?),
                Some(of(Place::Location, "height")?),
                None,
            ],
            own: of(Place::Properties, "area")?,
        },
        "volume" => Source::Extent {
            sides: [
                Some(of(Place::Location, "width")?),
                Some(of(Place::Location, "height")?),
                Some(of(Place::Location, "depth")?),
            ],
            own: of(Place::Properties, "volume")?,
        },
        "height" => Source::Height {
            own: of(Place::Properties, "height")?,
            location: of(Place::Location, "height")?,
        },
        "floor_level" => Source::Floor(of(Place::Location, "z")?),
        _ => return Ok(never),
    };
    Ok(Condition::Test {
        element_type,
        source,
        operator,
        constant,
    })
}

fn columns(
    at: &At<'_>,
    view: &mut Growing,
    place: Place,
    name: &str,
    as_text: bool,
) -> Result<Columns, Wrong> {
    view.value(place, name, as_text)
        .or_else(|what| wrong(at.at("property"), what))
}

/// An operator with its constant; none where it holds for no value at all.
fn against<'j>(
    operator: &str,
    value: &'j Json,
    at: &At<'_>,
) -> Result<Option<(Operator, Constant<'j>)>, Wrong> {
    let plain = |operator| Ok(Some((operator, constant(value))));
    let as_text = |operator| {
        let constant = Constant::Text(python_text(value));
        Ok(Some((operator, constant)))
    };
    match operator {
        "==" => plain(Operator::Equal),
        "!=" => plain(Operator::NotEqual),
        "<" => plain(Operator::Less),
        "<=" => plain(Operator::AtMost),
        ">" => plain(Operator::Greater),
        ">=" => plain(Operator::AtLeast),
        "in" if value.is_array() => plain(Operator::In),
        "not_in" if value.is_array() => plain(Operator::NotIn),
        "contains" if value.is_string() => plain(Operator::Contains),
        "starts_with" => as_text(Operator::StartsWith),
        "ends_with" => as_text(Operator::EndsWith),
        "regex" => match value {
            Json::String(pattern) if !pattern.is_empty() => {
                let compiled = pattern::compile(pattern).or_else(|why| {
                    let pattern = pattern.clone();
                    wrong(at.at("value"), What::Pattern { pattern, why })
                })?;
                Ok(Some((Operator::Regex, Constant::Pattern(compiled))))
            }
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// A constant that values are equal to or ordered with.
fn constant(value: &Json) -> Constant<'_> {
    match value {
        Json::Null => Constant::Null,
        Json::Bool(truth) => Constant::Number(f64::from(u8::from(*truth))),
        Json::Number(number) => number.as_f64().map_or(Constant::Other, Constant::Number),
        Json::String(text) => Constant::Text(Cow::Borrowed(text)),
        Json::Array(items) => Constant::List(
            items
                .iter()
                .map(|item| match item {
                    Json::Array(_) => Constant::Other,
                    item => constant(item),
                })
                .collect(),
        ),
        Json::Object(_) => Constant::Other,
    }
}

/// A value as Python shows it in a text.
fn python_text(value: &Json) -> Cow<'_, str> {
    match value {
        Json::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(python_literal(other)),
    }
}

/// A value as Python writes it within a list.
fn python_literal(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Number(number) if number.is_f64() => {
            written(number.as_f64().unwrap_or(f64::NAN), false)
        }
        Json::Number(number) => number.to_string(),
        Json::String(text) if text.contains('\'') && !text.contains('"') => {
            format!("\"{}\"", text.replace('\\', "\\\\"))
        }
        Json::String(text) => {
            let text = text.replace('\\', "\\\\").replace('\'', "\\'");
            format!("'{}'", text.replace('\n', "\\n"))
        }
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(python_literal).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(object) => {
            let item = |(key, value): (&String, &Json)| {
                let key = Json::String(key.clone());
                format!("{}: {}", python_literal(&key), python_literal(value))
            };
            let items: Vec<String> = object.iter().map(item).collect();
            format!("{{{}}}", items.join(", "))
        }
    }
}
