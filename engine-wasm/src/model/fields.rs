//! What the objects of a JSON model were given, with names and texts as numbers: so that a column
//! of ten thousand rows is read without comparing or copying a text.

use std::collections::HashMap;

use super::plain::{Form, LOCATION, PlainElement};
use super::value::Value;
use super::{ElementId, Model};

/// A value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Field {
    /// A number; 0 and 1 for false and true.
    Number(f64),
    /// The number of a text.
    Text(u32),
}

/// The fields of all objects as loaded.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    properties: HashMap<String, u32>,
    locations: HashMap<String, u32>,
    names: u32,
    texts: Vec<String>,
    /// Name and value, object after object.
    values: Vec<(u32, Field)>,
    ends: Vec<usize>,
    /// By the type that they were given.
    by_type: HashMap<String, Vec<ElementId>>,
}

impl Fields {
    pub(super) fn new(objects: &[PlainElement]) -> Fields {
        let mut fields = Fields::default();
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        for (index, object) in objects.iter().enumerate() {
            if let Some(own) = object.object_type.as_deref() {
                let e = ElementId(index as u32);
                match fields.by_type.get_mut(own) {
                    Some(all) => all.push(e),
                    None => {
                        fields.by_type.insert(own.to_owned(), vec![e]);
                    }
                }
            }
            for value in &object.values {
                let names = match value.set.as_str() {
                    "" => &mut fields.properties,
                    LOCATION => &mut fields.locations,
                    _ => continue,
                };
                let field = match (&value.value, value.form) {
                    (_, Form::Listed) => continue,
                    (Value::Number(x), _) => Field::Number(*x),
                    (Value::Boolean(b), _) => Field::Number(f64::from(u8::from(*b))),
                    (Value::Text(text), _) => {
                        let texts = &mut fields.texts;
                        Field::Text(*numbers.entry(text).or_insert_with(|| {
                            texts.push(text.clone());
                            texts.len() as u32 - 1
                        }))
                    }
                    (Value::Range(..) | Value::Unusable(_), _) => continue,
                };
                let name = match names.get(&value.name) {
                    Some(name) => *name,
                    None => {
                        let name = fields.names;
                        names.insert(value.name.clone(), name);
                        fields.names += 1;
                        name
                    }
                };
                // Properties may have an object that is called location, before the location.
                let own = fields.ends.last().copied().unwrap_or(0);
                let again = value.set == LOCATION;
                let mut before = fields.values.iter_mut().skip(own);
                match before.find(|known| again && known.0 == name) {
                    Some(known) => known.1 = field,
                    None => fields.values.push((name, field)),
                }
            }
            fields.ends.push(fields.values.len());
        }
        fields
    }

    /// The number of a property's name; none where no object has it.
    pub(crate) fn property(&self, name: &str) -> Option<u32> {
        self.properties.get(name).copied()
    }

    /// The number of a name in locations.
    pub(crate) fn location(&self, name: &str) -> Option<u32> {
        self.locations.get(name).copied()
    }

    /// How many names there are.
    pub(crate) fn names(&self) -> usize {
        self.names as usize
    }

    /// How many texts there are.
    pub(crate) fn texts(&self) -> usize {
        self.texts.len()
    }

    /// A text by its number.
    pub(crate) fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }

    /// The fields of an object, each name once.
    pub(crate) fn of(&self, e: ElementId) -> &[(u32, Field)] {
        let at = e.0 as usize;
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(usize::MAX),
            None => 0,
        };
        let end = self.ends.get(at).copied().unwrap_or(0);
        self.values.get(start..end).unwrap_or_default()
    }

    /// Objects of a type, in the order of the model.
    pub(super) fn of_type(&self, given: &str) -> &[ElementId] {
        self.by_type.get(given).map_or(&[], Vec::as_slice)
    }
}

impl Model {
    /// The fields of all objects, where none was edited.
    pub(crate) fn unedited_fields(&self) -> Option<&Fields> {
        (!self.is_edited()).then_some(&self.fields)
    }
}
