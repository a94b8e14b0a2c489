//! What a file relates to what, by record: made once for a check, each relation when first needed.

use std::cell::OnceCell;

use crate::model::File;
use crate::step::{RecordIx, Value};

/// Pairs of records, by the first of them; those of one record in file order.
#[derive(Default)]
pub(super) struct Pairs(Vec<(u32, u32)>);

impl Pairs {
    fn new(mut pairs: Vec<(u32, u32)>) -> Pairs {
        if !pairs.is_sorted_by_key(|(key, _)| *key) {
            pairs.sort_by_key(|(key, _)| *key);
        }
        Pairs(pairs)
    }

    pub(super) fn get(&self, key: RecordIx) -> impl Iterator<Item = RecordIx> + '_ {
        let start = self.0.partition_point(|(own, _)| *own < key.0);
        self.0
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(move |(own, _)| *own == key.0)
            .map(|(_, value)| RecordIx(*value))
    }

    pub(super) fn first(&self, key: RecordIx) -> Option<RecordIx> {
        self.get(key).next()
    }
}

/// The relations of a file.
pub(super) struct Index<'m> {
    file: File<'m>,
    types: OnceCell<Pairs>,
    sets: OnceCell<Pairs>,
    extended: OnceCell<Pairs>,
    materials: OnceCell<Pairs>,
    classifications: OnceCell<Pairs>,
    aggregates: OnceCell<Pairs>,
    nests: OnceCell<Pairs>,
    groups: OnceCell<Pairs>,
    contained: OnceCell<Pairs>,
    voids: OnceCell<Pairs>,
    fills: OnceCell<Pairs>,
}

impl<'m> Index<'m> {
    pub(super) fn new(file: File<'m>) -> Index<'m> {
        Index {
            file,
            types: OnceCell::new(),
            sets: OnceCell::new(),
            extended: OnceCell::new(),
            materials: OnceCell::new(),
            classifications: OnceCell::new(),
            aggregates: OnceCell::new(),
            nests: OnceCell::new(),
            groups: OnceCell::new(),
            contained: OnceCell::new(),
            voids: OnceCell::new(),
            fills: OnceCell::new(),
        }
    }

    /// Adds a pair for every record that the attribute `from` names and every one that `to` names.
    fn collect(&self, all: &mut Vec<(u32, u32)>, class: &str, from: &str, to: &str) {
        let (file, schema) = (self.file, self.file.schema());
        let Some(id) = schema.class(class) else {
            return;
        };
        let place = |name| schema.attribute_index(id, name);
        let (Some(from), Some(to)) = (place(from), place(to)) else {
            return;
        };
        // One side of a relation is one record, so pairs are at most its references; a file that
        // makes both sides long is cut where pairs would outnumber what its bytes can hold.
        let most = file.step().bytes().len() / 2;
        let mut targets: Vec<RecordIx> = Vec::new();
        for relation in file.instances(class) {
            let record = file.step().record(relation);
            targets.clear();
            targets.extend(file.follow_all(record.arg(to)));
            if targets.is_empty() {
                continue;
            }
            for source in file.follow_all(record.arg(from)) {
                if all.len() > most {
                    return;
                }
                all.extend(targets.iter().map(|target| (source.0, target.0)));
            }
        }
    }

    fn pairs<'s>(&self, cell: &'s OnceCell<Pairs>, relations: &[(&str, &str, &str)]) -> &'s Pairs {
        cell.get_or_init(|| {
            let mut all = Vec::new();
            for (class, from, to) in relations {
                self.collect(&mut all, class, from, to);
            }
            Pairs::new(all)
        })
    }

    /// The type object of an occurrence.
    pub(super) fn type_of(&self, record: RecordIx) -> Option<RecordIx> {
        let relation = ("IfcRelDefinesByType", "RelatedObjects", "RelatingType");
        self.pairs(&self.types, &[relation]).first(record)
    }

    /// Sets that a relation gives an object.
    pub(super) fn sets(&self) -> &Pairs {
        let relation = (
            "IfcRelDefinesByProperties",
            "RelatedObjects",
            "RelatingPropertyDefinition",
        );
        self.pairs(&self.sets, &[relation])
    }

    /// Sets of materials and profiles.
    pub(super) fn extended(&self) -> &Pairs {
        self.extended.get_or_init(|| {
            let mut all = Vec::new();
            for (class, owner) in [
                ("IfcMaterialProperties", "Material"),
                ("IfcProfileProperties", "ProfileDefinition"),
            ] {
                for set in self.file.instances(class) {
                    let owners = self.file.follow_all(self.file.attribute(set, owner));
                    all.extend(owners.map(|owner| (owner.0, set.0)));
                }
            }
            Pairs::new(all)
        })
    }

    /// `RelatingMaterial` of objects and types.
    pub(super) fn materials(&self) -> &Pairs {
        let relation = (
            "IfcRelAssociatesMaterial",
            "RelatedObjects",
            "RelatingMaterial",
        );
        self.pairs(&self.materials, &[relation])
    }

    /// Classification references of objects, types and resources.
    pub(super) fn classifications(&self) -> &Pairs {
        let relations = [
            (
                "IfcRelAssociatesClassification",
                "RelatedObjects",
                "RelatingClassification",
            ),
            (
                "IfcExternalReferenceRelationship",
                "RelatedResourceObjects",
                "RelatingReference",
            ),
            (
                "IfcMaterialClassificationRelationship",
                "ClassifiedMaterial",
                "MaterialClassifications",
            ),
        ];
        self.pairs(&self.classifications, &relations)
    }

    pub(super) fn aggregates(&self) -> &Pairs {
        let relation = ("IfcRelAggregates", "RelatedObjects", "RelatingObject");
        self.pairs(&self.aggregates, &[relation])
    }

    pub(super) fn nests(&self) -> &Pairs {
        let relation = ("IfcRelNests", "RelatedObjects", "RelatingObject");
        self.pairs(&self.nests, &[relation])
    }

    pub(super) fn groups(&self) -> &Pairs {
        let relation = ("IfcRelAssignsToGroup", "RelatedObjects", "RelatingGroup");
        self.pairs(&self.groups, &[relation])
    }

    pub(super) fn contained(&self) -> &Pairs {
        let relation = (
            "IfcRelContainedInSpatialStructure",
            "RelatedElements",
            "RelatingStructure",
        );
        self.pairs(&self.contained, &[relation])
    }

    pub(super) fn voids(&self) -> &Pairs {
        let relation = (
            "IfcRelVoidsElement",
            "RelatedOpeningElement",
            "RelatingBuildingElement",
        );
        self.pairs(&self.voids, &[relation])
    }

    pub(super) fn fills(&self) -> &Pairs {
        let relation = (
            "IfcRelFillsElement",
            "RelatedBuildingElement",
            "RelatingOpeningElement",
        );
        self.pairs(&self.fills, &[relation])
    }

    /// A text attribute as it stands; none when empty.
    pub(super) fn text(&self, record: RecordIx, name: &str) -> Option<String> {
        match self.file.attribute(record, name).untyped() {
            Value::Text(text) => Some(text.decode().into_owned()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }
}
