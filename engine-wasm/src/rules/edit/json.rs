//! Edits as JSON: one object each, `op` says which of them it is.
//!
//! Read by hand. What serde derives for an enum whose tag stands among its fields is 26 kB of code in
//! a page, and says of a misspelt field no more than this does.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use super::Edit;
use crate::model::EditValue;

/// What each edit is called, with all that it may say beside `op`.
const EDITS: &[(&str, &[&str])] = &[
    ("set_property", &["element", "set", "name", "value"]),
    ("set_attribute", &["element", "name", "value"]),
    ("restore_property", &["element", "set", "name"]),
    ("restore_attribute", &["element", "name"]),
    (
        "add_element",
        &[
            "global_id",
            "class",
            "name",
            "container",
            "attributes",
            "properties",
            "bounds",
        ],
    ),
    ("remove_element", &["element"]),
];

impl<'de> Deserialize<'de> for Edit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Edit, D::Error> {
        let fields = deserializer.deserialize_map(ObjectVisitor)?;
        edit(Fields(fields)).map_err(D::Error::custom)
    }
}

/// Keeps every field, so that one that is there twice is found.
struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an edit as an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(fields)
    }
}

/// What is wrong, in words.
type Read<T> = Result<T, String>;

fn edit(mut fields: Fields) -> Read<Edit> {
    let op = fields.text("op")?;
    let Some((op, known)) = EDITS.iter().find(|(name, _)| *name == op) else {
        let names: Vec<&str> = EDITS.iter().map(|(name, _)| *name).collect();
        return Err(format!("no edit is called {op:?}: {}", names.join(", ")));
    };
    read(op, known, fields).map_err(|why| format!("{op}: {why}"))
}

fn read(op: &str, known: &[&str], mut fields: Fields) -> Read<Edit> {
    fields.are_among(known)?;
    Ok(match op {
        "set_property" => Edit::SetProperty {
            element: fields.text("element")?,
            set: fields.text_or_empty("set")?,
            name: fields.text("name")?,
            value: fields.value("value")?,
        },
        "set_attribute" => Edit::SetAttribute {
            element: fields.text("element")?,
            name: fields.text("name")?,
            value: fields.value("value")?,
        },
        "restore_property" => Edit::RestoreProperty {
            element: fields.text("element")?,
            set: fields.text_or_empty("set")?,
            name: fields.text("name")?,
        },
        "restore_attribute" => Edit::RestoreAttribute {
            element: fields.text("element")?,
            name: fields.text("name")?,
        },
        "add_element" => Edit::AddElement {
            global_id: fields.text("global_id")?,
            class: fields.text("class")?,
            name: fields.text_or_null("name")?,
            container: fields.text_or_null("container")?,
            attributes: fields.list("attributes", attribute)?,
            properties: fields.list("properties", property)?,
            bounds: fields.list("bounds", text)?,
        },
        _ => Edit::RemoveElement {
            element: fields.text("element")?,
        },
    })
}

/// The fields that are not read yet.
struct Fields(Vec<(String, Value)>);

impl Fields {
    /// Each is one of these, and there once.
    fn are_among(&self, known: &[&str]) -> Read<()> {
        // One `op` was taken already.
        let mut seen = vec!["op"];
        for (name, _) in &self.0 {
            let name = name.as_str();
            if seen.contains(&name) {
                return Err(format!("has {name:?} twice"));
            }
            if !known.contains(&name) {
                let known = known.join(", ");
                return Err(format!("has no field {name:?}, only {known}"));
            }
            seen.push(name);
        }
        Ok(())
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(field, _)| field == name)?;
        Some(self.0.swap_remove(at).1)
    }

    fn text(&mut self, name: &str) -> Read<String> {
        let value = self.take(name).unwrap_or_default();
        text(value).ok_or_else(|| wanted(name, "a text"))
    }

    fn text_or_empty(&mut self, name: &str) -> Read<String> {
        match self.take(name) {
            None => Ok(String::new()),
            Some(value) => text(value).ok_or_else(|| wanted(name, "a text")),
        }
    }

    fn text_or_null(&mut self, name: &str) -> Read<Option<String>> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match text(value) {
                Some(text) => Ok(Some(text)),
                None => Err(wanted(name, "a text or null")),
            },
        }
    }

    fn value(&mut self, name: &str) -> Read<Option<EditValue>> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(given) => match value(given) {
                Some(value) => Ok(Some(value)),
                None => Err(wanted(name, "a text, a number, true, false or null")),
            },
        }
    }

    fn list<T>(&mut self, name: &str, item: impl Fn(Value) -> Option<T>) -> Read<Vec<T>> {
        let items = match self.take(name) {
            None => Some(Vec::new()),
            Some(Value::Array(items)) => items.into_iter().map(item).collect(),
            Some(_) => None,
        };
        items.ok_or_else(|| {
            let of = match name {
                "attributes" => "[name, value]",
                "properties" => "[set, name, value]",
                _ => "texts",
            };
            wanted(name, &format!("a list of {of}"))
        })
    }
}

fn wanted(name: &str, what: &str) -> String {
    format!("{name:?} has to be {what}")
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn value(value: Value) -> Option<EditValue> {
    match value {
        Value::Bool(yes) => Some(EditValue::Boolean(yes)),
        Value::Number(number) => number.as_f64().map(EditValue::Number),
        Value::String(text) => Some(EditValue::Text(text)),
        _ => None,
    }
}

fn attribute(pair: Value) -> Option<(String, EditValue)> {
    let [name, given] = parts(pair)?;
    Some((text(name)?, value(given)?))
}

fn property(three: Value) -> Option<(String, String, EditValue)> {
    let [set, name, given] = parts(three)?;
    Some((text(set)?, text(name)?, value(given)?))
}

fn parts<const N: usize>(list: Value) -> Option<[Value; N]> {
    match list {
        Value::Array(items) => items.try_into().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
