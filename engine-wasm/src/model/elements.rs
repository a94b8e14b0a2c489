//! The elements themselves: which there are, their class and identity.

use std::borrow::Cow;

use super::plain::PlainElement;
use super::schema::{ClassId, Schema};
use super::{ElementId, Model};
use crate::diagnostic::Diagnostics;
use crate::step::RecordIx;

/// What a class name asks for.
#[derive(Clone, Copy)]
pub(super) struct ClassQuery {
    class: Option<ClassId>,
    /// IFC2X3 has no class for some elements (`IfcOutlet`): they are of a general one and their
    /// type object says what they are (`IfcOutletType`).
    by_type: Option<ClassId>,
}

/// Names that changed between schemas.
const RENAMED: [(&str, &str); 3] = [
    ("IfcBuiltElement", "IfcBuildingElement"),
    ("IfcSpatialElement", "IfcSpatialStructureElement"),
    (
        "IfcElectricDistributionBoard",
        "IfcElectricDistributionPoint",
    ),
];

impl ClassQuery {
    pub(super) fn new(schema: Schema, name: &str) -> ClassQuery {
        let other = || {
            RENAMED.iter().find_map(|(new, old)| {
                if new.eq_ignore_ascii_case(name) {
                    schema.class(old)
                } else if old.eq_ignore_ascii_case(name) {
                    schema.class(new)
                } else {
                    None
                }
            })
        };
        let class = schema.class(name).or_else(other);
        let by_type = match class {
            None => schema.class(&format!("{name}Type")),
            Some(_) => None,
        };
        ClassQuery { class, by_type }
    }
}

/// FNV-1a: spreads identifiers; equal hashes are compared in full.
fn hash(text: &[u8]) -> u64 {
    text.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

impl Model {
    /// The version of IFC; JSON models are read as IFC4X3.
    #[must_use]
    pub fn schema(&self) -> Schema {
        self.schema
    }

    /// What was odd about the input.
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// `ifc` or `json`.
    #[must_use]
    pub fn source_format(&self) -> &'static str {
        if self.ifc.is_some() { "ifc" } else { "json" }
    }

    /// The name of the project, else of the building.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        if self.title.is_some() {
            return self.title.clone();
        }
        ["IfcProject", "IfcBuilding"].into_iter().find_map(|class| {
            self.of_class(class).into_iter().find_map(|e| {
                let text = |name| match self.attribute(e, name)?.value {
                    super::Value::Text(text) if !text.trim().is_empty() => Some(text),
                    _ => None,
                };
                text("Name").or_else(|| text("LongName"))
            })
        })
    }

    /// Records in the file, or objects in the JSON.
    #[must_use]
    pub fn record_count(&self) -> usize {
        self.ifc.as_ref().map_or(self.loaded, |ifc| ifc.step.len())
    }

    /// All elements in file order: occurrences of `IfcObject` (products, spatial structure,
    /// groups, systems, zones) and the project; neither types nor relations.
    pub fn elements(&self) -> impl Iterator<Item = ElementId> + '_ {
        (0..self.class.len() as u32)
            .map(ElementId)
            .filter(|e| self.is_live(*e))
    }

    /// False once it was removed, and for ids that never were.
    #[must_use]
    pub fn is_live(&self, e: ElementId) -> bool {
        self.live.get(e.0 as usize).copied().unwrap_or(false)
    }

    /// Elements of a class and its subtypes, in file order. Knows the classes that another schema
    /// calls differently, and in IFC2X3 those that only the type object tells (`IfcOutlet`).
    #[must_use]
    pub fn of_class(&self, class: &str) -> Vec<ElementId> {
        let query = ClassQuery::new(self.schema, class);
        let Some(wanted) = query.class else {
            if query.by_type.is_none() {
                return Vec::new();
            }
            return self
                .elements()
                .filter(|e| self.matches(*e, query))
                .collect();
        };
        let mut all: Vec<ElementId> = Vec::new();
        for class in self.schema.descendants(wanted) {
            all.extend(
                self.by_class
                    .get(u32::from(class.0))
                    .iter()
                    .filter(|e| self.is_live(**e)),
            );
        }
        all.sort_unstable();
        let added = (self.loaded as u32..self.class.len() as u32).map(ElementId);
        all.extend(added.filter(|e| self.is_live(*e) && self.matches(*e, query)));
        all
    }

    /// The class of an element as IFC writes it: `IfcDoor`.
    #[must_use]
    pub fn class_name(&self, e: ElementId) -> &str {
        self.class_of(e)
            .map_or("", |class| self.schema.class_name(class))
    }

    /// Whether an element is of a class or a subtype of it, as in [`Model::of_class`].
    #[must_use]
    pub fn is_a(&self, e: ElementId, class: &str) -> bool {
        self.matches(e, ClassQuery::new(self.schema, class))
    }

    pub(super) fn class_of(&self, e: ElementId) -> Option<ClassId> {
        self.class.get(e.0 as usize).copied()
    }

    pub(super) fn matches(&self, e: ElementId, query: ClassQuery) -> bool {
        if let Some(wanted) = query.class {
            return self
                .class_of(e)
                .is_some_and(|own| self.schema.is_a(own, wanted));
        }
        let (Some(wanted), Some(ifc)) = (query.by_type, &self.ifc) else {
            return false;
        };
        ifc.type_of(e.0 as usize)
            .is_some_and(|(_, record)| ifc.reader().is_a(record, Some(wanted)))
    }

    /// The record of an element that came from a file.
    pub(super) fn record(&self, e: ElementId) -> Option<RecordIx> {
        self.ifc.as_ref()?.elements.get(e.0 as usize).copied()
    }

    /// An element that came from no file.
    pub(super) fn plain(&self, e: ElementId) -> Option<&PlainElement> {
        let in_file = self.ifc.as_ref().map_or(0, |ifc| ifc.elements.len());
        self.plain.get((e.0 as usize).checked_sub(in_file)?)
    }

    /// The IFC GlobalId, or the `object_id` of the JSON.
    #[must_use]
    pub fn global_id(&self, e: ElementId) -> Cow<'_, str> {
        if let Some(plain) = self.plain(e) {
            return Cow::Borrowed(&plain.id);
        }
        match (&self.ifc, self.record(e)) {
            (Some(ifc), Some(record)) => ifc
                .step
                .record(record)
                .arg(0)
                .as_text()
                .map(|text| text.decode())
                .unwrap_or_default(),
            _ => Cow::Borrowed(""),
        }
    }

    /// The name of an element; none when empty.
    #[must_use]
    pub fn element_name(&self, e: ElementId) -> Option<Cow<'_, str>> {
        if let Some(edited) = self.edited_attribute(e, "Name") {
            return match edited? {
                super::EditValue::Text(text) => Some(Cow::Borrowed(text)),
                super::EditValue::Number(number) => Some(Cow::Owned(number.to_string())),
                super::EditValue::Boolean(_) => None,
            };
        }
        if let Some(plain) = self.plain(e) {
            return plain.name.as_deref().map(Cow::Borrowed);
        }
        let ifc = self.ifc.as_ref()?;
        super::value::text(ifc.step.record(self.record(e)?).arg(2))
    }

    /// The instance number (`#123`) of an element in the file.
    #[must_use]
    pub fn record_number(&self, e: ElementId) -> Option<u64> {
        Some(self.ifc.as_ref()?.step.number(self.record(e)?))
    }

    /// The element with a GlobalId or `object_id`; the first of several.
    #[must_use]
    pub fn find(&self, global_id: &str) -> Option<ElementId> {
        let wanted = hash(global_id.as_bytes());
        let start = self
            .by_global_id
            .partition_point(|(hash, _)| *hash < wanted);
        self.by_global_id
            .iter()
            .skip(start)
            .take_while(|(hash, _)| *hash == wanted)
            .map(|(_, e)| *e)
            .find(|e| self.is_live(*e) && self.global_id(*e) == global_id)
    }

    /// Indexes the global ids of all elements and says which are used twice.
    pub(super) fn index_global_ids(&mut self) {
        let mut index: Vec<(u64, ElementId)> = self
            .elements()
            .map(|e| (hash(self.global_id(e).as_bytes()), e))
            .collect();
        index.sort_unstable();
        let twice: Vec<ElementId> = index
            .windows(2)
            .filter_map(|pair| match pair {
                [(a, first), (b, second)] if a == b => {
                    (self.global_id(*first) == self.global_id(*second)).then_some(*second)
                }
                _ => None,
            })
            .collect();
        for e in twice {
            let (id, number) = (self.global_id(e).into_owned(), self.record_number(e));
            if !id.trim().is_empty() {
                self.repeats.insert(e);
            }
            self.diagnostics.push("model.duplicate-global-id", None, number, || {
                format!("the GlobalId {id:?} is used by another element; looking it up gives the first")
            });
        }
        self.by_global_id = index;
    }

    /// Adds one element to the index of global ids.
    pub(super) fn index_global_id(&mut self, e: ElementId) {
        let entry = (hash(self.global_id(e).as_bytes()), e);
        let place = self.by_global_id.partition_point(|other| *other < entry);
        self.by_global_id.insert(place, entry);
    }
}
