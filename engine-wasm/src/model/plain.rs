//! Elements that are in no file: from the JSON object model, or added by an edit.

use super::value::{Origin, Reading, Value};

/// One of them.
#[derive(Clone, Debug, Default)]
pub(super) struct PlainElement {
    pub id: String,
    pub name: Option<String>,
    pub object_type: Option<String>,
    pub predefined_type: Option<String>,
    /// Further attributes, by IFC name.
    pub attributes: Vec<(String, Value)>,
    /// Of JSON in the order of their names, of added elements as given.
    pub values: Vec<PlainValue>,
    /// The ids it is connected to, as given.
    pub connections: Vec<String>,
    /// Its location says something, be it nothing that is read.
    pub located: bool,
    /// Added by an edit.
    pub declared: bool,
}

/// A property of one.
#[derive(Clone, Debug)]
pub(super) struct PlainValue {
    /// Empty for properties that are in no set.
    pub set: String,
    pub name: String,
    pub value: Value,
    pub form: Form,
}

/// How a value was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// As what it is.
    #[default]
    Plain,
    /// A number without a point or an exponent.
    Integer,
    /// In a list.
    Listed,
}

/// The set that holds an object's location and size.
pub(super) const LOCATION: &str = "location";

impl PlainValue {
    /// Where it stands, for people.
    fn place(&self) -> String {
        if self.set.is_empty() {
            format!("{:?}", self.name)
        } else {
            format!("{}.{}", self.set, self.name)
        }
    }
}

impl PlainElement {
    fn reading(&self, value: Value) -> Reading {
        let origin = if self.declared {
            Origin::Declared
        } else {
            Origin::Json
        };
        Reading {
            value,
            dimension: None,
            origin,
        }
    }

    /// A property; an empty set is any set.
    pub(super) fn property(
        &self,
        set: &str,
        name: &str,
        hidden: impl Fn(&str, &str) -> bool,
    ) -> Option<Reading> {
        let mut all = self.values.iter().filter(|value| {
            value.name.eq_ignore_ascii_case(name)
                && (set.is_empty() || value.set.is_empty() || value.set.eq_ignore_ascii_case(set))
                && !hidden(&value.set, &value.name)
        });
        let found = all.next()?;
        // The box of a location says how large the object is, not what is measured of it.
        let other = all.find(|other| {
            other.set != LOCATION
                && found.set != LOCATION
                && !other.value.says_the_same(&found.value)
        });
        let value = match other {
            None => found.value.clone(),
            Some(other) => Value::Unusable(format!(
                "in conflict: {} says {}, {} says {}",
                found.place(),
                found.value.to_text(),
                other.place(),
                other.value.to_text()
            )),
        };
        Some(self.reading(value))
    }

    /// An attribute by its IFC name.
    pub(super) fn attribute(&self, name: &str) -> Option<Reading> {
        let text = |text: &Option<String>| text.clone().map(Value::Text);
        let value = match name {
            "GlobalId" => Some(Value::Text(self.id.clone())),
            "Name" => text(&self.name),
            "ObjectType" => text(&self.object_type),
            "PredefinedType" => text(&self.predefined_type),
            _ => self
                .attributes
                .iter()
                .find(|(own, _)| own == name)
                .map(|(_, value)| value.clone()),
        };
        value.map(|value| self.reading(value))
    }
}
