//! The file under a model, for whoever asks what it says rather than what that means.

use super::Model;
use super::ifc::{Ifc, Reader};
use super::schema::{ClassId, Schema};
use super::units::{self, Measure};
use crate::step::{RecordIx, Step, Value};

/// Records, classes and units of an IFC file as loaded, without edits. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct File<'a> {
    ifc: &'a Ifc,
    reader: Reader<'a>,
}

impl Model {
    /// The file that the model came from; none for JSON.
    pub(crate) fn file(&self) -> Option<File<'_>> {
        let ifc = self.ifc.as_ref()?;
        Some(File {
            ifc,
            reader: ifc.reader(),
        })
    }
}

impl<'a> File<'a> {
    pub(crate) fn step(self) -> &'a Step {
        self.reader.step()
    }

    pub(crate) fn schema(self) -> Schema {
        self.ifc.schema
    }

    /// The class of a record; none for keywords that no schema has.
    pub(crate) fn class(self, record: RecordIx) -> Option<ClassId> {
        self.reader.class(record)
    }

    /// Whether a record is of a class or a subtype of it.
    pub(crate) fn is_a(self, record: RecordIx, class: Option<ClassId>) -> bool {
        self.reader.is_a(record, class)
    }

    /// All records of a class and its subtypes, in file order.
    pub(crate) fn instances(self, class: &str) -> impl Iterator<Item = RecordIx> + use<> {
        self.reader.instances(class)
    }

    /// An attribute by its IFC name; null where the class has none of that name.
    pub(crate) fn attribute(self, record: RecordIx, name: &str) -> Value<'a> {
        self.reader.attribute(record, name)
    }

    /// Every record that a value names: one reference, a list of them, or either inside a type.
    pub(crate) fn follow_all(self, value: Value<'a>) -> impl Iterator<Item = RecordIx> + 'a {
        self.reader.follow_all(value)
    }

    /// The record that a reference names.
    pub(crate) fn follow(self, value: Value<'_>) -> Option<RecordIx> {
        self.reader.follow(value)
    }

    /// A number in SI: by its own unit (a reference or null) where it has one, else by the project's
    /// for the declared type (`IFCLENGTHMEASURE`).
    pub(crate) fn to_si(self, number: f64, declared: &str, unit: Value<'_>) -> f64 {
        let own = unit
            .as_ref()
            .and_then(|number| units::own_unit(self.reader, number));
        self.ifc
            .units
            .to_si(number, Measure::named(declared), own.as_ref())
            .0
    }

    /// Whether numbers of a declared type have a unit.
    pub(crate) fn has_unit(declared: &str) -> bool {
        !matches!(
            Measure::named(declared),
            Measure::Plain | Measure::Logical | Measure::Count | Measure::Ratio
        )
    }
}
