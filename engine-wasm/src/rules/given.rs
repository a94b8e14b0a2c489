//! Paths to what an object of the JSON object model was given, exactly: `given(properties, NAME)`,
//! `given(location, x)`, `given(location)`, `given(object_type)`, `given(object_id)`,
//! `given(connections)`, and `written(properties, NAME)`.
//!
//! Nothing is merged, converted or guessed, and the type of the column decides strictly: a number
//! takes numbers and, as 0 and 1, what is true or false; a text takes texts, a boolean booleans.

use std::sync::Arc;

use plancheck_contract::FactKind;

use super::evaluate::Cell;
use crate::model::{ElementId, Fields, Given, Model};

/// One of the paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    place: Place,
    /// As JSON writes it, whatever it is.
    written: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Property(String),
    Location(String),
    Located,
    ObjectType,
    ObjectId,
    Connections,
}

impl Own {
    /// Understands the arguments of `given` or `written`; also the title and the type, where it has
    /// only one.
    ///
    /// # Errors
    /// They name nothing that an object has.
    pub(super) fn parse(
        access: &str,
        arguments: &[String],
    ) -> Result<(Own, String, Option<FactKind>), String> {
        let written = access == "written";
        let parts: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (place, title, kind) = match parts.as_slice() {
            ["properties", name] => (
                Place::Property((*name).to_owned()),
                (*name).to_owned(),
                None,
            ),
            ["location", name] => (
                Place::Location((*name).to_owned()),
                format!("{name} of the location"),
                None,
            ),
            ["location"] if !written => (
                Place::Located,
                "Location".to_owned(),
                Some(FactKind::Boolean),
            ),
            ["object_type"] if !written => (
                Place::ObjectType,
                "Object type".to_owned(),
                Some(FactKind::Text),
            ),
            ["object_id"] if !written => (
                Place::ObjectId,
                "Object id".to_owned(),
                Some(FactKind::Text),
            ),
            ["connections"] if !written => (
                Place::Connections,
                "Connections".to_owned(),
                Some(FactKind::Text),
            ),
            _ if written => {
                return Err("written takes `properties` or `location`, and a name".to_owned());
            }
            _ => {
                return Err(
                    "given takes `properties` or `location` and a name, or one of \
                            `location`, `object_type`, `object_id`, `connections`"
                        .to_owned(),
                );
            }
        };
        let kind = if written { Some(FactKind::Text) } else { kind };
        Ok((Own { place, written }, title, kind))
    }

    /// Whether this is the type of the object.
    pub(super) fn is_object_type(&self) -> bool {
        self.place == Place::ObjectType
    }

    /// The number of the field that this is; none inside where no object has it, none outside
    /// where it is no field.
    pub(super) fn field(&self, fields: &Fields) -> Option<Option<u32>> {
        match &self.place {
            Place::Property(name) if !self.written => Some(fields.property(name)),
            Place::Location(name) if !self.written => Some(fields.location(name)),
            _ => None,
        }
    }

    /// What a column of this type holds.
    pub(super) fn cell(&self, model: &Model, element: ElementId, kind: FactKind) -> Cell {
        let text = |text: &str| match kind {
            FactKind::Text => Cell::Text(Arc::from(text)),
            FactKind::Number | FactKind::Boolean => Cell::Absent,
        };
        match &self.place {
            Place::Property(_) | Place::Location(_) => {
                let Some(given) = self.value(model, element) else {
                    return Cell::Absent;
                };
                if self.written {
                    return text(&given.written());
                }
                match (given, kind) {
                    (Given::Number(x, _), FactKind::Number) => Cell::Number(x, 0.0),
                    (Given::Boolean(b), FactKind::Number) => {
                        Cell::Number(f64::from(u8::from(b)), 0.0)
                    }
                    (Given::Boolean(b), FactKind::Boolean) => Cell::Boolean(b),
                    (Given::Text(t), FactKind::Text) => text(t),
                    _ => Cell::Absent,
                }
            }
            Place::Located => Cell::Boolean(model.is_located(element)),
            Place::ObjectType => model.given_type(element).map_or(Cell::Absent, text),
            Place::ObjectId => text(&model.global_id(element)),
            // An id with a line feed could not be told from two.
            Place::Connections => {
                let ids = model.given_connections(element).iter();
                let whole: Vec<&str> = ids
                    .map(String::as_str)
                    .filter(|id| !id.contains('\n'))
                    .collect();
                if whole.is_empty() {
                    Cell::Absent
                } else {
                    text(&whole.join("\n"))
                }
            }
        }
    }

    /// The value as it is, for people.
    pub(super) fn any(&self, model: &Model, element: ElementId) -> Cell {
        let kinds = [FactKind::Number, FactKind::Boolean, FactKind::Text];
        let boolean = matches!(self.value(model, element), Some(Given::Boolean(_)));
        kinds
            .into_iter()
            .filter(|kind| !(boolean && *kind == FactKind::Number))
            .map(|kind| self.cell(model, element, kind))
            .find(|cell| *cell != Cell::Absent)
            .unwrap_or(Cell::Absent)
    }

    fn value<'m>(&self, model: &'m Model, element: ElementId) -> Option<Given<'m>> {
        match &self.place {
            Place::Property(name) => model.given_property(element, name),
            Place::Location(name) => model.given_location(element, name),
            Place::Located | Place::ObjectType | Place::ObjectId | Place::Connections => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EditValue;

    const MODEL: &str = r#"{"building_id": "b", "objects": [
        {"object_id": "o", "object_type": "Duct Part", "connections": ["x", "o"],
         "properties": {"p": 20.0, "P": 20, "yes": true, "t": "true", "list": [1, 1],
                        "nested": {"q": 1}, "none": null},
         "location": {"x": 1, "p": 3}}]}"#;

    fn cell(model: &Model, access: &str, arguments: &[&str], kind: FactKind) -> Cell {
        let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
        let (own, ..) = Own::parse(access, &arguments).unwrap();
        own.cell(model, model.find("o").unwrap(), kind)
    }

    #[test]
    fn the_type_of_the_column_decides() {
        let model = Model::load(MODEL.into()).unwrap();
        let text = |t: &str| Cell::Text(Arc::from(t));
        let (n, t, b) = (FactKind::Number, FactKind::Text, FactKind::Boolean);
        for (access, arguments, kind, wanted) in [
            (
                "given",
                &["properties", "p"][..],
                n,
                Cell::Number(20.0, 0.0),
            ),
            ("given", &["properties", "p"], t, Cell::Absent),
            ("written", &["properties", "p"], t, text("20.0")),
            ("written", &["properties", "P"], t, text("20")),
            ("given", &["properties", "yes"], n, Cell::Number(1.0, 0.0)),
            ("given", &["properties", "yes"], b, Cell::Boolean(true)),
            ("given", &["properties", "t"], b, Cell::Absent),
            ("given", &["properties", "t"], t, text("true")),
            ("given", &["properties", "list"], n, Cell::Absent),
            ("given", &["properties", "q"], n, Cell::Absent),
            ("given", &["properties", "x"], n, Cell::Absent),
            ("given", &["properties", "none"], n, Cell::Absent),
            ("given", &["location", "p"], n, Cell::Number(3.0, 0.0)),
            ("given", &["location"], b, Cell::Boolean(true)),
            ("given", &["object_type"], t, text("Duct Part")),
            ("given", &["object_id"], t, text("o")),
            ("given", &["connections"], t, text("x\no")),
        ] {
            let found = cell(&model, access, arguments, kind);
            assert_eq!(found, wanted, "{access} {arguments:?} {kind:?}");
        }
    }

    #[test]
    fn edits_count() {
        let mut model = Model::load(MODEL.into()).unwrap();
        let o = model.find("o").unwrap();
        model.set_property(o, "", "p", Some(EditValue::Number(5.0)));
        let five = Cell::Number(5.0, 0.0);
        let n = FactKind::Number;
        assert_eq!(cell(&model, "given", &["properties", "p"], n), five);
        // Properties whose names differ in case are one to an edit.
        assert_eq!(cell(&model, "given", &["properties", "P"], n), Cell::Absent);
        model.set_property(o, "", "yes", None);
        assert_eq!(
            cell(&model, "given", &["properties", "yes"], n),
            Cell::Absent
        );
        let types = ["Duct Part".to_owned()];
        assert_eq!(model.of_given_type(&types), [o]);
        model.set_attribute(o, "ObjectType", Some(EditValue::Text("other".to_owned())));
        assert!(model.of_given_type(&types).is_empty());
        assert_eq!(model.of_given_type(&["other".to_owned()]), [o]);
    }

    #[test]
    fn a_building_that_was_not_given_has_no_type() {
        let model = Model::load(MODEL.into()).unwrap();
        let building = model.find("b").unwrap();
        assert_eq!(model.given_type(building), None);
    }
}
