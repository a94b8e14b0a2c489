//! Attributes of elements and of their types.

use super::schema::ClassId;
use super::value::{Origin, Reading, Value, interpret};
use super::{EditValue, ElementId, Model};
use crate::step::RecordIx;

/// A text with something in it.
fn text(reading: Option<Reading>) -> Option<String> {
    match reading?.value {
        Value::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

impl Model {
    /// An explicit attribute of an element by its IFC name; enumeration items are texts. None for
    /// references and lists, and where nothing is written. Properties of a JSON object that are in
    /// no set answer as well.
    #[must_use]
    pub fn attribute(&self, e: ElementId, name: &str) -> Option<Reading> {
        if let Some(edited) = self.edited_attribute(e, name) {
            let value = Value::from(edited?.clone());
            let dimension = self
                .class_of(e)
                .and_then(|class| self.declared_dimension(class, name));
            return Some(Reading {
                value,
                dimension,
                origin: Origin::Declared,
            });
        }
        if let Some(plain) = self.plain(e) {
            return plain.attribute(name).or_else(|| {
                plain.property("", name, |set, name| {
                    !set.is_empty() || self.is_property_edited(e, set, name)
                })
            });
        }
        self.record_attribute(self.record(e)?, self.class_of(e)?, name)
    }

    /// The names of the attributes that IFC gives to elements of its class, in IFC's order.
    pub fn attribute_names(&self, e: ElementId) -> impl Iterator<Item = &'static str> {
        let class = self.class_of(e);
        let all = class.map_or(&[][..], |class| self.schema.attributes(class));
        all.iter().map(|attribute| attribute.name)
    }

    /// An attribute of the element's type object (`IfcDoorStyle`, `IfcDoorType`).
    #[must_use]
    pub fn type_attribute(&self, e: ElementId, name: &str) -> Option<Reading> {
        let (record, class) = self.type_of(e)?;
        self.record_attribute(record, class, name)
    }

    fn record_attribute(&self, record: RecordIx, class: ClassId, name: &str) -> Option<Reading> {
        let ifc = self.ifc.as_ref()?;
        let index = self.schema.attribute_index(class, name)?;
        let declared = self.schema.attributes(class).get(index)?.measure;
        let written = ifc.step.record(record).arg(index);
        let (value, dimension) = interpret(written, declared, None, &ifc.units)?;
        let origin = Origin::Attribute {
            record: ifc.step.number(record),
        };
        Some(Reading {
            value,
            dimension,
            origin,
        })
    }

    /// What an attribute measures by its declared type.
    fn declared_dimension(
        &self,
        class: ClassId,
        name: &str,
    ) -> Option<plancheck_contract::Dimension> {
        let index = self.schema.attribute_index(class, name)?;
        let declared = self.schema.attributes(class).get(index)?.measure;
        super::units::Measure::named(declared).dimension()
    }

    pub(super) fn type_of(&self, e: ElementId) -> Option<(RecordIx, ClassId)> {
        let ifc = self.ifc.as_ref()?;
        let (_, record) = ifc.type_of(e.0 as usize)?;
        Some((record, ifc.reader().class(record)?))
    }

    /// `ObjectType` of an element.
    #[must_use]
    pub fn object_type(&self, e: ElementId) -> Option<String> {
        text(self.attribute(e, "ObjectType"))
    }

    /// The predefined type of an element, else of its type: `DOOR`. Where it is `USERDEFINED`,
    /// the text that says what: `ObjectType` or `ElementType`. Stairs, ramps and roofs of IFC2X3
    /// have it as `ShapeType`.
    #[must_use]
    pub fn predefined_type(&self, e: ElementId) -> Option<String> {
        let own = text(self.attribute(e, "PredefinedType"))
            .or_else(|| text(self.attribute(e, "ShapeType")));
        match own.as_deref() {
            Some("USERDEFINED") => return self.object_type(e).or(own),
            Some("NOTDEFINED") | None => {}
            Some(_) => return own,
        }
        let of_type = text(self.type_attribute(e, "PredefinedType"));
        if of_type.as_deref() == Some("USERDEFINED") {
            return text(self.type_attribute(e, "ElementType"))
                .or_else(|| text(self.type_attribute(e, "ProcessType")))
                .or(of_type);
        }
        of_type.or(own)
    }

    /// The record of the element's type object.
    #[must_use]
    pub fn type_record(&self, e: ElementId) -> Option<u64> {
        let (record, _) = self.type_of(e)?;
        Some(self.ifc.as_ref()?.step.number(record))
    }

    /// The name of the element's type object.
    #[must_use]
    pub fn type_name(&self, e: ElementId) -> Option<String> {
        text(self.type_attribute(e, "Name"))
    }

    /// What an edit says of an attribute: outer none, nothing; inner none, that it is absent.
    pub(super) fn edited_attribute(&self, e: ElementId, name: &str) -> Option<Option<&EditValue>> {
        if self.edits.is_empty() {
            return None;
        }
        let edits = self.edits.get(&e)?;
        edits.attributes.get(name).map(Option::as_ref)
    }
}
