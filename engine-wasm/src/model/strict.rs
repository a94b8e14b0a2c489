//! JSON read strictly: an object that names a key twice is refused, since readers differ in which
//! of the two they keep.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::ModelError;

/// Longest key that an error shows whole.
const MAX_SHOWN: usize = 100;

/// Reads a text.
///
/// # Errors
/// It is not JSON, or names a key twice.
pub(super) fn read(bytes: &[u8]) -> Result<Json, ModelError> {
    let doubled = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    Strict(&doubled)
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| match doubled.take() {
            Some(key) => ModelError::JsonDoubledKey {
                line: error.line(),
                column: error.column(),
                key,
            },
            None => ModelError::JsonSyntax {
                line: error.line(),
                column: error.column(),
                what: error.to_string(),
            },
        })
}

/// Reads any value; the cell takes the doubled key.
#[derive(Clone, Copy)]
struct Strict<'c>(&'c RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Json;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(value))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = from.next_element_seed(self)? {
            list.push(value);
        }
        Ok(Json::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            if map.contains_key(&key) {
                let shown: String = key.chars().take(MAX_SHOWN).collect();
                self.0.replace(Some(shown));
                return Err(A::Error::custom("a key stands twice"));
            }
            let value = from.next_value_seed(self)?;
            map.insert(key, value);
        }
        Ok(Json::Object(map))
    }
}
