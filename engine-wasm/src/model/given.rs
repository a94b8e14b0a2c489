//! What an object of the JSON object model was given, exactly: names with their case, one place,
//! nothing merged or concluded. Elements of IFC files were given nothing in this sense.

use super::plain::{Form, LOCATION, PlainElement};
use super::value::{EditValue, Value};
use super::{ElementId, Model};

/// A value as it was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given<'m> {
    /// A number, and whether it was written without a point or an exponent.
    Number(f64, bool),
    /// A text.
    Text(&'m str),
    /// True or false.
    Boolean(bool),
}

impl Given<'_> {
    /// As JSON writes it, a text without its quotes: `20` or `20.0`, as it was given.
    #[must_use]
    pub fn written(&self) -> String {
        match *self {
            Given::Text(text) => text.to_owned(),
            Given::Boolean(truth) => truth.to_string(),
            Given::Number(number, whole) => plancheck_contract::written(number, whole),
        }
    }
}

fn edited(value: &EditValue) -> Given<'_> {
    match value {
        // What was typed is not kept; people write whole numbers without a point.
        EditValue::Number(number) => Given::Number(*number, number.fract() == 0.0),
        EditValue::Text(text) => Given::Text(text),
        EditValue::Boolean(truth) => Given::Boolean(*truth),
    }
}

impl Model {
    /// A property at the top of an object's `properties`, by its exact name; none for lists,
    /// objects and null.
    #[must_use]
    pub fn given_property(&self, e: ElementId, name: &str) -> Option<Given<'_>> {
        self.given(e, "", name)
    }

    /// A value of an object's `location`, by its exact name.
    #[must_use]
    pub fn given_location(&self, e: ElementId, name: &str) -> Option<Given<'_>> {
        self.given(e, LOCATION, name)
    }

    /// Whether an object was given a location that says something.
    #[must_use]
    pub fn is_located(&self, e: ElementId) -> bool {
        self.plain(e).is_some_and(|plain| {
            plain.located || plain.values.iter().any(|value| value.set == LOCATION)
        })
    }

    /// The `object_type` of an object, as given or as edited.
    #[must_use]
    pub fn given_type(&self, e: ElementId) -> Option<&str> {
        let plain = self.plain(e)?;
        match self.edited_attribute(e, "ObjectType") {
            Some(Some(EditValue::Text(text))) => Some(text),
            Some(_) => None,
            None => own_type(plain),
        }
    }

    /// The ids that an object was said to be connected to, in the order given, whether there are
    /// such objects or not.
    #[must_use]
    pub fn given_connections(&self, e: ElementId) -> &[String] {
        self.plain(e).map_or(&[], |plain| &plain.connections)
    }

    /// Objects of one of these types, in the order of the model.
    #[must_use]
    pub fn of_given_type(&self, types: &[String]) -> Vec<ElementId> {
        let mut all: Vec<ElementId> = Vec::new();
        for wanted in types {
            all.extend(self.fields.of_type(wanted));
        }
        if self.is_edited() {
            let added = (self.loaded as u32..self.class.len() as u32).map(ElementId);
            all.extend(self.edits.keys().copied().chain(added));
            all.retain(|e| {
                let own = self.given_type(*e);
                self.is_live(*e) && own.is_some_and(|own| types.iter().any(|t| t == own))
            });
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    fn given(&self, e: ElementId, set: &str, name: &str) -> Option<Given<'_>> {
        let plain = self.plain(e)?;
        if !self.edits.is_empty()
            && let Some(edits) = self.edits.get(&e)
        {
            if let Some(value) = edits.given(set, name) {
                return Some(edited(value));
            }
            if edits.hides(set, name) {
                return None;
            }
        }
        // The location is read after the properties, one of which may be an object of that name.
        let found = plain
            .values
            .iter()
            .rev()
            .find(|value| value.name == name && value.set == set)?;
        match (&found.value, found.form) {
            (_, Form::Listed) => None,
            (Value::Number(number), form) => Some(Given::Number(*number, form == Form::Integer)),
            (Value::Text(text), _) => Some(Given::Text(text)),
            (Value::Boolean(truth), _) => Some(Given::Boolean(*truth)),
            (Value::Range(..) | Value::Unusable(_), _) => None,
        }
    }
}

/// The type of an object before edits; of an added one it is an attribute.
fn own_type(plain: &PlainElement) -> Option<&str> {
    plain.object_type.as_deref().or_else(|| {
        let given = plain
            .attributes
            .iter()
            .find(|(name, _)| name == "ObjectType");
        match given {
            Some((_, Value::Text(text))) => Some(text),
            _ => None,
        }
    })
}
