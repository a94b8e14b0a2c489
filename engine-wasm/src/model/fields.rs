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
    /// Name and value. Objects of a type lie together, because they are read together.
    values: Vec<(u32, Field)>,
    /// Where the values of each object are.
    spans: Vec<(u32, u32)>,
    /// By the type that they were given.
    by_type: HashMap<String, Vec<ElementId>>,
}

impl Fields {
    pub(super) fn new(objects: &[PlainElement]) -> Fields {
        let mut fields = Fields {
            spans: vec![(0, 0); objects.len()],
            ..Fields::default()
        };
        let mut types: Vec<Vec<ElementId>> = Vec::new();
        let mut known: HashMap<Option<&str>, usize> = HashMap::new();
        for (index, object) in objects.iter().enumerate() {
            let at = *known
                .entry(object.object_type.as_deref())
                .or_insert_with(|| {
                    types.push(Vec::new());
                    types.len() - 1
                });
            if let Some(all) = types.get_mut(at) {
                all.push(ElementId(index as u32));
            }
        }
        let mut numbers = HashMap::new();
        for e in types.iter().flatten() {
            if let Some(object) = objects.get(e.0 as usize) {
                fields.add(*e, object, &mut numbers);
            }
        }
        for (given, at) in known {
            if let (Some(given), Some(all)) = (given, types.get_mut(at)) {
                fields.by_type.insert(given.to_owned(), std::mem::take(all));
            }
        }
        fields
    }

    fn add<'o>(
        &mut self,
        e: ElementId,
        object: &'o PlainElement,
        numbers: &mut HashMap<&'o str, u32>,
    ) {
        let start = self.values.len();
        for value in &object.values {
            let names = match value.set.as_str() {
                "" => &mut self.properties,
                LOCATION => &mut self.locations,
                _ => continue,
            };
            let field = match (&value.value, value.form) {
                (_, Form::Listed) => continue,
                (Value::Number(x), _) => Field::Number(*x),
                (Value::Boolean(b), _) => Field::Number(f64::from(u8::from(*b))),
                (Value::Text(text), _) => {
                    let texts = &mut self.texts;
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
                    let name = self.names;
                    names.insert(value.name.clone(), name);
                    self.names += 1;
                    name
                }
            };
            // Properties may have an object that is called location, before the location.
            let again = value.set == LOCATION;
            let mut before = self.values.iter_mut().skip(start);
            match before.find(|known| again && known.0 == name) {
                Some(known) => known.1 = field,
                None => self.values.push((name, field)),
            }
        }
        if let Some(span) = self.spans.get_mut(e.0 as usize) {
            *span = (start as u32, self.values.len() as u32);
        }
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
        let (start, end) = self.spans.get(e.0 as usize).copied().unwrap_or_default();
        self.values
            .get(start as usize..end as usize)
            .unwrap_or_default()
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
