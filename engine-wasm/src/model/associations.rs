//! Classifications and materials of elements.

use std::collections::BTreeSet;

use super::ifc::{PerNode, Reader};
use super::{ElementId, Model};
use crate::step::RecordIx;

/// References upwards from a classification item; real systems have under ten levels.
const MAX_LEVELS: usize = 32;

/// Materials within sets, usages and lists; IFC nests four deep.
const MAX_DEPTH: usize = 6;

/// A place in a classification system. What is absent is empty.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Classification {
    /// Uniclass 2015, OmniClass, …
    pub system: String,
    /// `SL_25_10_14`
    pub identification: String,
    /// "Classrooms"
    pub name: String,
}

impl Model {
    /// The records associated with an element and then those of its type.
    fn associated<'a>(
        &'a self,
        e: ElementId,
        of: impl Fn(&'a super::ifc::Ifc) -> &'a PerNode,
    ) -> impl Iterator<Item = (Reader<'a>, RecordIx)> {
        self.ifc.iter().flat_map(move |ifc| {
            let per_node = of(ifc);
            let by_type = ifc
                .type_of(e.0 as usize)
                .map_or(&[][..], |(index, _)| per_node.of_type.get(index));
            let own = if (e.0 as usize) < ifc.elements.len() {
                per_node.of_element.get(e.0)
            } else {
                &[]
            };
            own.iter()
                .chain(by_type)
                .map(move |record| (ifc.reader(), RecordIx(*record)))
        })
    }

    /// The classifications of an element and its type. Each is followed by the broader items it
    /// refers to, up to the system.
    #[must_use]
    pub fn classifications(&self, e: ElementId) -> Vec<Classification> {
        let mut all: Vec<Classification> = Vec::new();
        for (reader, record) in self.associated(e, |ifc| &ifc.classifications) {
            for item in classification(reader, record) {
                if !all.contains(&item) {
                    all.push(item);
                }
            }
        }
        all
    }

    /// The names of the materials of an element, then of its type, each once: single materials,
    /// lists, layers, profiles, constituents. For JSON objects the property `material`.
    #[must_use]
    pub fn materials(&self, e: ElementId) -> Vec<String> {
        if let Some(plain) = self.plain(e) {
            let material = plain.property("", "material", |set, name| {
                self.is_property_edited(e, set, name)
            });
            return material
                .map(|reading| reading.value.to_text())
                .into_iter()
                .collect();
        }
        let (mut names, mut seen) = (Vec::new(), BTreeSet::new());
        for (reader, record) in self.associated(e, |ifc| &ifc.materials) {
            materials(reader, record, MAX_DEPTH, &mut seen, &mut names);
        }
        names
    }
}

/// A reference, the ones above it, all with the name of the system at the top.
fn classification(reader: Reader<'_>, record: RecordIx) -> Vec<Classification> {
    let mut chain = Vec::new();
    let mut system = String::new();
    let mut at = Some(record);
    while let Some(record) = at
        && chain.len() < MAX_LEVELS
    {
        let text = |name| reader.text(record, name).unwrap_or_default();
        match reader.step().record(record).name() {
            "IFCCLASSIFICATION" => {
                system = text("Name");
                if chain.is_empty() {
                    chain.push(Classification::default());
                }
                break;
            }
            "IFCCLASSIFICATIONNOTATION" => {
                let facets = reader.follow_all(reader.attribute(record, "NotationFacets"));
                let values: Vec<String> = facets
                    .filter_map(|facet| reader.text(facet, "NotationValue"))
                    .collect();
                let identification = values.join(" ");
                chain.push(Classification {
                    identification,
                    ..Classification::default()
                });
                break;
            }
            _ => {}
        }
        let identification = reader
            .text(record, "Identification")
            .or_else(|| reader.text(record, "ItemReference"))
            .unwrap_or_default();
        chain.push(Classification {
            system: String::new(),
            identification,
            name: text("Name"),
        });
        at = reader.follow(reader.attribute(record, "ReferencedSource"));
    }
    for item in &mut chain {
        item.system.clone_from(&system);
    }
    chain
}

/// Appends the names of the materials that a record stands for.
fn materials(
    reader: Reader<'_>,
    record: RecordIx,
    depth: usize,
    seen: &mut BTreeSet<RecordIx>,
    names: &mut Vec<String>,
) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    if !seen.insert(record) {
        return;
    }
    if reader.step().record(record).name() == "IFCMATERIAL" {
        if let Some(name) = reader.text(record, "Name")
            && !names.contains(&name)
        {
            names.push(name);
        }
        return;
    }
    for attribute in [
        "Materials",
        "ForLayerSet",
        "MaterialLayers",
        "ForProfileSet",
        "ForProfileEndSet",
        "MaterialProfiles",
        "MaterialConstituents",
        "Material",
    ] {
        for inner in reader.follow_all(reader.attribute(record, attribute)) {
            materials(reader, inner, depth, seen, names);
        }
    }
}
