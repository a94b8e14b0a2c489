//! Materials, classifications, and what an element is part of.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::check::{Checker, Outcome, Why};
use super::document::Relation;
use super::hash::Build;
use super::plan::{ConstraintId, EntityAsk};
use super::scalar::Scalar;
use super::symbols::Sym;
use crate::step::RecordIx;

/// Materials within sets, usages and lists; IFC nests four deep.
const MAX_DEPTH: usize = 6;

/// References upwards from a classification item; real systems have under ten levels.
const MAX_LEVELS: usize = 32;

/// Wholes that are looked at for one element: a building has a dozen. Bounds the time that a file
/// of groups within groups can cost.
const MAX_WHOLES: usize = 1_000;

/// Names that are kept of one material association; the rest of an absurd one is not looked at.
const MAX_NAMES: usize = 10_000;

/// What was read of records that many elements share.
#[derive(Default)]
pub(super) struct Caches {
    materials: HashMap<RecordIx, Rc<Vec<Sym>>, Build>,
    references: HashMap<RecordIx, Rc<Reference>, Build>,
    material_answers: HashMap<(ConstraintId, RecordIx), bool, Build>,
}

/// A classification reference with those above it.
struct Reference {
    /// Name of the system.
    system: Option<Sym>,
    /// Own identification first.
    identifications: Vec<Sym>,
}

impl Checker<'_, '_> {
    /// Whether the element has a material, of a name or category.
    pub(super) fn material(&mut self, value: Option<ConstraintId>) -> Outcome {
        let own = self.materials_of_subject();
        if own.is_empty() {
            return Outcome::Absent(Why::NoMaterial);
        }
        let Some(wanted) = value else {
            return Outcome::Pass;
        };
        for record in own {
            if let Some(known) = self.caches.material_answers.get(&(wanted, record)) {
                if *known {
                    return Outcome::Pass;
                }
                continue;
            }
            let names = self.material_names(record);
            let takes = names
                .iter()
                .any(|name| self.satisfies(wanted, Scalar::Text(*name)));
            self.caches.material_answers.insert((wanted, record), takes);
            if takes {
                return Outcome::Pass;
            }
        }
        Outcome::Fail(Why::Material)
    }

    /// The materials of the element, else of its type.
    fn materials_of_subject(&self) -> Vec<RecordIx> {
        let own: Vec<RecordIx> = self.index.materials().get(self.subject).collect();
        match self.index.type_of(self.subject) {
            Some(of_type) if own.is_empty() => self.index.materials().get(of_type).collect(),
            _ => own,
        }
    }

    /// Everything that is compared with a wanted material, each once: names and categories of sets,
    /// layers, profiles and constituents.
    pub(super) fn material_candidates(&mut self) -> Vec<Sym> {
        let mut all: Vec<Sym> = Vec::new();
        let mut seen: HashSet<Sym, Build> = HashSet::default();
        for record in self.materials_of_subject() {
            for name in self.material_names(record).iter() {
                if seen.insert(*name) {
                    all.push(*name);
                }
            }
        }
        all
    }

    /// Names and categories of everything that a material association stands for.
    fn material_names(&mut self, record: RecordIx) -> Rc<Vec<Sym>> {
        if let Some(known) = self.caches.materials.get(&record) {
            return known.clone();
        }
        let mut names = Vec::new();
        let mut seen = HashSet::new();
        self.collect_materials(record, MAX_DEPTH, &mut seen, &mut names);
        let names = Rc::new(names);
        self.caches.materials.insert(record, names.clone());
        names
    }

    fn collect_materials(
        &mut self,
        record: RecordIx,
        depth: usize,
        seen: &mut HashSet<RecordIx>,
        names: &mut Vec<Sym>,
    ) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        if names.len() > MAX_NAMES || !seen.insert(record) {
            return;
        }
        for attribute in ["Name", "LayerSetName", "Category"] {
            if let Some(text) = self.index.text(record, attribute) {
                names.push(self.symbols.owned(text));
            }
        }
        for attribute in [
            "Material",
            "Materials",
            "ForLayerSet",
            "MaterialLayers",
            "ForProfileSet",
            "ForProfileEndSet",
            "MaterialProfiles",
            "MaterialConstituents",
        ] {
            let inner = self.file.attribute(record, attribute);
            for inner in self.file.follow_all(inner) {
                self.collect_materials(inner, depth, seen, names);
            }
        }
    }

    /// Whether the element is classified in a system, as something. Its own references win over
    /// those of its type in the same system.
    pub(super) fn classification(
        &mut self,
        system: Option<ConstraintId>,
        value: Option<ConstraintId>,
    ) -> Outcome {
        let references = self.references();
        let Some(first) = references.first() else {
            return Outcome::Absent(Why::NoClassification);
        };
        let seen = (first.system, first.identifications.first().copied());
        let mut in_system = None;
        for reference in &references {
            if !self.right_system(reference, system) {
                continue;
            }
            if self.right_item(reference, value).is_some() {
                return Outcome::Pass;
            }
            in_system = in_system.or(Some((
                reference.system,
                reference.identifications.first().copied(),
            )));
        }
        match in_system {
            Some((system, value)) => Outcome::Fail(Why::Classification(system, value)),
            // Classified, but not in this system.
            None => Outcome::Absent(Why::Classification(seen.0, seen.1)),
        }
    }

    /// System and item because of which [`Checker::classification`] passes.
    pub(super) fn classification_found(
        &mut self,
        system: Option<ConstraintId>,
        value: Option<ConstraintId>,
    ) -> Option<(Option<Sym>, Option<Sym>)> {
        self.references().iter().find_map(|reference| {
            let right = self.right_system(reference, system);
            let item = self.right_item(reference, value).filter(|_| right)?;
            Some((reference.system, item))
        })
    }

    fn right_system(&mut self, reference: &Reference, system: Option<ConstraintId>) -> bool {
        match (system, reference.system) {
            (None, _) => true,
            (Some(wanted), Some(name)) => self.satisfies(wanted, Scalar::Text(name)),
            (Some(_), None) => false,
        }
    }

    /// The item of a reference, or above it, that satisfies a constraint; its own where none is
    /// asked for, if it has one.
    fn right_item(
        &mut self,
        reference: &Reference,
        value: Option<ConstraintId>,
    ) -> Option<Option<Sym>> {
        let items = &reference.identifications;
        let Some(wanted) = value else {
            return Some(items.first().copied());
        };
        let right = |item: &&Sym| self.satisfies(wanted, Scalar::Text(**item));
        items.iter().find(right).map(|item| Some(*item))
    }

    /// The references of the element, then those of its type in other systems.
    fn references(&mut self) -> Vec<Rc<Reference>> {
        let subject = self.subject;
        let own: Vec<RecordIx> = self.index.classifications().get(subject).collect();
        let of_type: Vec<RecordIx> = match self.index.type_of(subject) {
            Some(of_type) => self.index.classifications().get(of_type).collect(),
            None => Vec::new(),
        };
        let mut references: Vec<Rc<Reference>> = Vec::new();
        for record in own {
            references.push(self.reference(record));
        }
        let owned = references.len();
        for record in of_type {
            let reference = self.reference(record);
            let overridden = references
                .iter()
                .take(owned)
                .any(|other| other.system == reference.system);
            if !overridden {
                references.push(reference);
            }
        }
        references
    }

    fn reference(&mut self, record: RecordIx) -> Rc<Reference> {
        if let Some(known) = self.caches.references.get(&record) {
            return known.clone();
        }
        let mut reference = Reference {
            system: None,
            identifications: Vec::new(),
        };
        let mut at = Some(record);
        for _ in 0..MAX_LEVELS {
            let Some(here) = at else { break };
            match self.file.step().record(here).name() {
                "IFCCLASSIFICATION" => {
                    let name = self.index.text(here, "Name");
                    reference.system = name.map(|name| self.symbols.owned(name));
                    break;
                }
                "IFCCLASSIFICATIONNOTATION" => {
                    let facets = self.file.attribute(here, "NotationFacets");
                    let values: Vec<String> = self
                        .file
                        .follow_all(facets)
                        .filter_map(|facet| self.index.text(facet, "NotationValue"))
                        .collect();
                    let sym = self.symbols.owned(values.join(" "));
                    reference.identifications.push(sym);
                    break;
                }
                _ => {}
            }
            let text = self
                .index
                .text(here, "Identification")
                .or_else(|| self.index.text(here, "ItemReference"));
            if let Some(text) = text {
                let sym = self.symbols.owned(text);
                reference.identifications.push(sym);
            }
            at = self
                .file
                .follow(self.file.attribute(here, "ReferencedSource"));
        }
        let reference = Rc::new(reference);
        self.caches.references.insert(record, reference.clone());
        reference
    }

    /// Whether the element is part of something, directly or not, along one kind of relation or
    /// along all of them.
    pub(super) fn part_of(
        &mut self,
        entity: Option<EntityAsk>,
        relation: Option<Relation>,
    ) -> Outcome {
        match self.whole(entity, relation) {
            Ok(_) => Outcome::Pass,
            Err(outcome) => outcome,
        }
    }

    /// The nearest whole that the element is part of.
    pub(super) fn whole(
        &mut self,
        entity: Option<EntityAsk>,
        relation: Option<Relation>,
    ) -> Result<RecordIx, Outcome> {
        let mut wholes: Vec<RecordIx> = Vec::new();
        let mut seen: HashSet<RecordIx, Build> = HashSet::default();
        seen.insert(self.subject);
        match relation {
            Some(Relation::Contained) => self.containers(&mut seen, &mut wholes),
            _ => self.wholes(self.subject, relation, &mut seen, &mut wholes),
        }
        // What contains a container is related to it by aggregation.
        let onwards = match relation {
            Some(Relation::Contained) => Some(Relation::Aggregates),
            other => other,
        };
        let mut next = 0;
        let mut nearest_predefined = None;
        while let Some(whole) = wholes.get(next).copied() {
            next += 1;
            match entity {
                None => return Ok(whole),
                Some(entity) => match self.entity(whole, entity) {
                    Outcome::Pass => return Ok(whole),
                    Outcome::Fail(Why::Predefined(found)) if nearest_predefined.is_none() => {
                        nearest_predefined = Some(Why::Predefined(found));
                    }
                    _ => {}
                },
            }
            if wholes.len() < MAX_WHOLES {
                self.wholes(whole, onwards, &mut seen, &mut wholes);
            }
        }
        Err(match wholes.first() {
            None => Outcome::Absent(Why::NotPart),
            Some(first) => Outcome::Fail(nearest_predefined.unwrap_or(Why::PartOf(*first))),
        })
    }

    /// What contains the element directly; for a part of an assembly, which IFC does not contain
    /// itself, what contains the nearest whole that is contained.
    fn containers(&self, seen: &mut HashSet<RecordIx, Build>, wholes: &mut Vec<RecordIx>) {
        let mut at = Some(self.subject);
        for _ in 0..MAX_LEVELS {
            let Some(here) = at else { break };
            self.wholes(here, Some(Relation::Contained), seen, wholes);
            if !wholes.is_empty() {
                break;
            }
            at = self.index.aggregates().first(here);
        }
    }

    /// Appends what a record is directly part of.
    fn wholes(
        &self,
        part: RecordIx,
        relation: Option<Relation>,
        seen: &mut HashSet<RecordIx, Build>,
        wholes: &mut Vec<RecordIx>,
    ) {
        let asked = |one| relation.is_none_or(|relation| relation == one);
        let mut add = |pairs: &super::index::Pairs| {
            for whole in pairs.get(part).take(MAX_WHOLES) {
                if seen.insert(whole) {
                    wholes.push(whole);
                }
            }
        };
        if asked(Relation::Aggregates) {
            add(self.index.aggregates());
        }
        if asked(Relation::Nests) {
            add(self.index.nests());
        }
        if asked(Relation::VoidsAndFills) {
            add(self.index.fills());
            add(self.index.voids());
        }
        if asked(Relation::Contained) {
            add(self.index.contained());
        }
        if asked(Relation::Group) {
            add(self.index.groups());
        }
    }
}
