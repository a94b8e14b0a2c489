//! What the model keeps of an IFC file: which records are elements and types, and which property
//! sets, types, classifications and materials belong to them. Values stay in the file until asked.

use super::links::Packed;
use super::schema::{ClassId, Schema};
use super::units::Units;
use crate::diagnostic::Diagnostics;
use crate::step::{RecordIx, Step, Value};

/// No type, no element.
pub(super) const NONE: u32 = u32::MAX;
/// Marks a type in [`Nodes`]; there are never 2³¹ elements in a file of 4 GB.
const TYPE: u32 = 1 << 31;

/// An IFC file and the parts of its structure that the model looks up often.
pub(super) struct Ifc {
    pub step: Step,
    pub schema: Schema,
    /// Class of each keyword of the file.
    classes: Vec<Option<ClassId>>,
    /// Record of each element.
    pub elements: Vec<RecordIx>,
    /// Records of type objects.
    pub types: Vec<RecordIx>,
    /// Index into `types` for each element, or [`NONE`].
    pub type_of: Vec<u32>,
    /// Property sets and quantities of elements and of types, as record indices.
    pub sets: PerNode,
    /// `RelatingClassification` of elements and types, as record indices.
    pub classifications: PerNode,
    /// `RelatingMaterial` of elements and types, as record indices.
    pub materials: PerNode,
    pub units: Units,
    pub known: Known,
}

/// Records for each element and for each type.
#[derive(Default)]
pub(super) struct PerNode {
    pub of_element: Packed<u32>,
    pub of_type: Packed<u32>,
}

/// Classes that property lookups compare with.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub property_set: Option<ClassId>,
    pub element_quantity: Option<ClassId>,
    pub set_definition: Option<ClassId>,
    pub simple_quantity: Option<ClassId>,
}

/// Reads records through the schema. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    step: &'a Step,
    schema: Schema,
    classes: &'a [Option<ClassId>],
}

impl<'a> Reader<'a> {
    pub(super) fn step(self) -> &'a Step {
        self.step
    }

    /// The class of a record; none for keywords that no schema has.
    pub(super) fn class(self, record: RecordIx) -> Option<ClassId> {
        self.classes
            .get(usize::from(self.step.keyword(record).0))
            .copied()
            .flatten()
    }

    pub(super) fn is_a(self, record: RecordIx, class: Option<ClassId>) -> bool {
        match (self.class(record), class) {
            (Some(own), Some(wanted)) => self.schema.is_a(own, wanted),
            _ => false,
        }
    }

    /// All records of a class and its subtypes, in file order.
    pub(super) fn instances(self, class: &str) -> impl Iterator<Item = RecordIx> + use<> {
        let mut all: Vec<RecordIx> = Vec::new();
        if let Some(wanted) = self.schema.class(class) {
            for (index, own) in self.classes.iter().enumerate() {
                if own.is_some_and(|own| self.schema.is_a(own, wanted)) {
                    all.extend(self.step.with_keyword(crate::step::KeywordId(index as u16)));
                }
            }
        }
        all.sort_unstable();
        all.into_iter()
    }

    /// An attribute by its IFC name; null where the class has none of that name.
    pub(super) fn attribute(self, record: RecordIx, name: &str) -> Value<'a> {
        self.class(record)
            .and_then(|class| self.schema.attribute_index(class, name))
            .map_or(Value::Null, |index| self.step.record(record).arg(index))
    }

    /// The record that a reference names.
    pub(super) fn follow(self, value: Value<'_>) -> Option<RecordIx> {
        self.step.find(value.as_ref()?)
    }

    /// Every record that a value names: one reference, a list of them, or either inside a type.
    pub(super) fn follow_all(self, value: Value<'a>) -> impl Iterator<Item = RecordIx> + 'a {
        let one = match value.untyped() {
            Value::Ref(number) => Some(number),
            _ => None,
        };
        let list = value
            .as_list()
            .into_iter()
            .flatten()
            .filter_map(Value::as_ref);
        one.into_iter()
            .chain(list)
            .filter_map(move |number| self.step.find(number))
    }

    /// An attribute that is a text with something in it.
    pub(super) fn text(self, record: RecordIx, name: &str) -> Option<String> {
        super::value::text(self.attribute(record, name)).map(std::borrow::Cow::into_owned)
    }
}

/// Which element or type a record is.
pub(super) struct Nodes {
    of_record: Vec<u32>,
}

/// An element or a type, by index.
#[derive(Clone, Copy)]
pub(super) enum Node {
    Element(u32),
    Type(u32),
}

impl Nodes {
    fn new(records: usize, elements: &[RecordIx], types: &[RecordIx]) -> Nodes {
        let mut of_record = vec![NONE; records];
        for (list, mark) in [(elements, 0), (types, TYPE)] {
            for (index, record) in list.iter().enumerate() {
                if let Some(slot) = of_record.get_mut(record.0 as usize) {
                    *slot = index as u32 | mark;
                }
            }
        }
        Nodes { of_record }
    }

    pub(super) fn get(&self, record: RecordIx) -> Option<Node> {
        match self.of_record.get(record.0 as usize).copied()? {
            NONE => None,
            node if node & TYPE == 0 => Some(Node::Element(node)),
            node => Some(Node::Type(node ^ TYPE)),
        }
    }

    pub(super) fn element(&self, record: RecordIx) -> Option<super::ElementId> {
        match self.get(record)? {
            Node::Element(index) => Some(super::ElementId(index)),
            Node::Type(_) => None,
        }
    }
}

/// Pairs of a node and a record, collected before they are packed.
#[derive(Default)]
struct Pairs {
    elements: Vec<(u32, u32)>,
    types: Vec<(u32, u32)>,
}

impl Pairs {
    fn add(&mut self, node: Option<Node>, record: RecordIx) {
        match node {
            Some(Node::Element(index)) => self.elements.push((index, record.0)),
            Some(Node::Type(index)) => self.types.push((index, record.0)),
            None => {}
        }
    }

    fn pack(self, elements: usize, types: usize) -> PerNode {
        PerNode {
            of_element: Packed::new(elements, &self.elements),
            of_type: Packed::new(types, &self.types),
        }
    }
}

impl Ifc {
    /// Finds elements, types and what belongs to them. The nodes are for reading more relations.
    pub(super) fn new(step: Step, diagnostics: &mut Diagnostics) -> (Ifc, Nodes) {
        let schema = Schema::detect(&step.header().schema, diagnostics);
        let classes = keyword_classes(&step, schema, diagnostics);
        let reader = Reader {
            step: &step,
            schema,
            classes: &classes,
        };
        let units = Units::read(reader, diagnostics);
        let mut elements: Vec<RecordIx> = reader.instances("IfcObject").collect();
        if schema != Schema::Ifc2x3 {
            elements.extend(reader.instances("IfcProject"));
            elements.sort_unstable();
        }
        let types: Vec<RecordIx> = reader.instances("IfcTypeObject").collect();
        let nodes = Nodes::new(step.len(), &elements, &types);
        let sets = associated(
            reader,
            &nodes,
            "IfcRelDefinesByProperties",
            "RelatingPropertyDefinition",
        );
        let classifications = associated(
            reader,
            &nodes,
            "IfcRelAssociatesClassification",
            "RelatingClassification",
        );
        let materials = associated(
            reader,
            &nodes,
            "IfcRelAssociatesMaterial",
            "RelatingMaterial",
        );
        let type_of = types_of(reader, &nodes, elements.len(), diagnostics);
        let (e, t) = (elements.len(), types.len());
        let known = Known {
            property_set: schema.class("IfcPropertySet"),
            element_quantity: schema.class("IfcElementQuantity"),
            set_definition: schema.class("IfcPropertySetDefinition"),
            simple_quantity: schema.class("IfcPhysicalSimpleQuantity"),
        };
        let ifc = Ifc {
            sets: sets.pack(e, t),
            classifications: classifications.pack(e, t),
            materials: materials.pack(e, t),
            schema,
            classes,
            elements,
            types,
            type_of,
            units,
            known,
            step,
        };
        (ifc, nodes)
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader {
            step: &self.step,
            schema: self.schema,
            classes: &self.classes,
        }
    }

    /// The type object of an element: its index in `types` and its record.
    pub(super) fn type_of(&self, element: usize) -> Option<(u32, RecordIx)> {
        let index = self
            .type_of
            .get(element)
            .copied()
            .filter(|index| *index != NONE)?;
        Some((index, self.types.get(index as usize).copied()?))
    }
}

/// The class of each keyword that the file uses; unknown ones are said once.
fn keyword_classes(
    step: &Step,
    schema: Schema,
    diagnostics: &mut Diagnostics,
) -> Vec<Option<ClassId>> {
    (0..step.keywords())
        .map(|index| {
            let id = crate::step::KeywordId(index as u16);
            let name = step.keyword_name(id);
            if let Some(class) = schema.class(name) {
                return Some(class);
            }
            // `?` and `()` stand for keywords too rare to number and for complex instances.
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return None;
            }
            let first = step.with_keyword(id).next()?;
            let near = schema.nearest_class(name);
            diagnostics.push(
                "model.unknown-class",
                Some(step.line(first)),
                Some(step.number(first)),
                || match near {
                    Some(class) => format!(
                        "{name} is not in {}: read as {}",
                        schema.name(),
                        schema.class_name(class)
                    ),
                    None => format!("{name} is not in {}: not read", schema.name()),
                },
            );
            near
        })
        .collect()
}

/// Pairs of `RelatedObjects` and what a relation relates them to.
fn associated(reader: Reader<'_>, nodes: &Nodes, relation: &str, relating: &str) -> Pairs {
    let mut pairs = Pairs::default();
    for record in reader.instances(relation) {
        let targets: Vec<RecordIx> = reader
            .follow_all(reader.attribute(record, relating))
            .collect();
        for object in reader.follow_all(reader.attribute(record, "RelatedObjects")) {
            for target in &targets {
                pairs.add(nodes.get(object), *target);
            }
        }
    }
    pairs
}

/// The type of each element; the first relation wins.
fn types_of(
    reader: Reader<'_>,
    nodes: &Nodes,
    elements: usize,
    diagnostics: &mut Diagnostics,
) -> Vec<u32> {
    let mut type_of = vec![NONE; elements];
    for record in reader.instances("IfcRelDefinesByType") {
        let Some(Node::Type(index)) = reader
            .follow(reader.attribute(record, "RelatingType"))
            .and_then(|target| nodes.get(target))
        else {
            continue;
        };
        for object in reader.follow_all(reader.attribute(record, "RelatedObjects")) {
            let Some(element) = nodes.element(object) else {
                continue;
            };
            match type_of.get_mut(element.0 as usize) {
                Some(slot) if *slot == NONE => *slot = index,
                Some(slot) if *slot != index => {
                    let number = reader.step().number(object);
                    diagnostics.push("model.two-types", None, Some(number), || {
                        "the element has two types; the first is used".to_owned()
                    });
                }
                _ => {}
            }
        }
    }
    type_of
}
