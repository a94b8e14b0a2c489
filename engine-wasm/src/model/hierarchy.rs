//! What belongs to what: wholes, parts, containers, storeys, openings, boundaries, groups.

use std::collections::BTreeMap;

use super::elements::ClassQuery;
use super::relations::MAX_NESTING;
use super::{ElementId, Model};

/// Levels that are walked upwards: what loading leaves, and what edits may add to it.
const MAX_LEVELS: usize = 4 * MAX_NESTING;

/// What [`Model::within`] found, by spatial element and class: storeys and buildings are asked for
/// the same classes by many facts, and again after each edit. Forgotten when elements come or go.
#[derive(Default)]
pub(super) struct Within(BTreeMap<ElementId, Vec<OfClass>>);

/// A class, and what is of it.
type OfClass = (Box<str>, Vec<ElementId>);

impl Model {
    /// What an element belongs to: the whole it is aggregated or nested in, else the spatial
    /// element that contains it, else the element whose opening it fills (or is).
    #[must_use]
    pub fn parent(&self, e: ElementId) -> Option<ElementId> {
        self.relations.parent(e)
    }

    /// An element's ancestors, nearest first.
    fn ancestors(&self, e: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        std::iter::successors(self.parent(e), |at| self.parent(*at)).take(MAX_LEVELS)
    }

    fn nearest(&self, e: ElementId, class: &str) -> Option<ElementId> {
        let query = ClassQuery::new(self.schema, class);
        std::iter::once(e)
            .chain(self.ancestors(e))
            .find(|at| self.matches(*at, query))
    }

    /// The nearest spatial element around an element, also through wholes and openings (a door
    /// nested in a curtain wall, a window in the opening of a wall).
    #[must_use]
    pub fn container(&self, e: ElementId) -> Option<ElementId> {
        let query = ClassQuery::new(self.schema, "IfcSpatialElement");
        self.ancestors(e).find(|at| self.matches(*at, query))
    }

    /// The storey an element is in; a storey is in itself.
    #[must_use]
    pub fn storey(&self, e: ElementId) -> Option<ElementId> {
        self.nearest(e, "IfcBuildingStorey")
    }

    /// The building an element is in; a building is in itself.
    #[must_use]
    pub fn building(&self, e: ElementId) -> Option<ElementId> {
        self.nearest(e, "IfcBuilding")
    }

    /// Aggregated and nested parts, direct ones.
    #[must_use]
    pub fn parts(&self, e: ElementId) -> &[ElementId] {
        self.relations.parts.get(e)
    }

    /// What a spatial element contains directly, its parts not among them.
    #[must_use]
    pub fn contained(&self, e: ElementId) -> &[ElementId] {
        self.relations.contained.get(e)
    }

    /// Everything of a class that is in an element, directly or not, once, in file order. An
    /// element is in what [`Model::parent`] says.
    #[must_use]
    pub fn within(&self, spatial: ElementId, class: &str) -> Vec<ElementId> {
        let known = |within: &Within| {
            let of_element = within.0.get(&spatial)?;
            let found = of_element.iter().find(|(name, _)| &**name == class);
            found.map(|(_, elements)| elements.clone())
        };
        // A poisoned lock costs a second walk, nothing else.
        if let Some(elements) = self.within.lock().ok().and_then(|within| known(&within)) {
            return elements;
        }
        let found = self.walk(spatial, class);
        if let Ok(mut within) = self.within.lock() {
            let of_element = within.0.entry(spatial).or_default();
            of_element.push((class.into(), found.clone()));
        }
        found
    }

    fn walk(&self, spatial: ElementId, class: &str) -> Vec<ElementId> {
        let query = ClassQuery::new(self.schema, class);
        let mut found = Vec::new();
        let mut open = vec![spatial];
        while let Some(at) = open.pop() {
            let children = self.children(at);
            found.extend(
                children
                    .iter()
                    .copied()
                    .filter(|child| self.matches(*child, query)),
            );
            open.extend(children);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The elements whose parent is `e`.
    fn children(&self, e: ElementId) -> Vec<ElementId> {
        let relations = &self.relations;
        let openings = relations.openings.get(e);
        let fillers = openings
            .iter()
            .flat_map(|opening| relations.fillers.get(*opening));
        let mut all: Vec<ElementId> = relations
            .parts
            .get(e)
            .iter()
            .chain(relations.contained.get(e))
            .chain(openings)
            .chain(fillers)
            .copied()
            .filter(|child| self.parent(*child) == Some(e))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Elements that bound a space (doors, walls, windows, virtual boundaries), each once.
    #[must_use]
    pub fn space_boundaries(&self, space: ElementId) -> &[ElementId] {
        self.relations.boundaries.get(space)
    }

    /// Spaces that an element bounds, each once.
    #[must_use]
    pub fn bounded_spaces(&self, element: ElementId) -> &[ElementId] {
        self.relations.bounded.get(element)
    }

    /// Whether the boundary of a space is virtual somewhere, or made by no element.
    #[must_use]
    pub fn is_open(&self, space: ElementId) -> bool {
        self.relations.open.contains(&space)
    }

    /// Whether an element repeats the GlobalId and the class of an earlier one.
    #[must_use]
    pub fn is_repeat(&self, e: ElementId) -> bool {
        self.repeats.contains(&e) && {
            let id = self.global_id(e);
            let first = self.find(&id);
            first.is_some_and(|first| first != e && self.class_of(first) == self.class_of(e))
        }
    }

    /// Whether an element bounds spaces, and each of its boundaries is said to be external.
    #[must_use]
    pub fn bounds_outside(&self, element: ElementId) -> bool {
        self.relations.outside.contains(&element)
    }

    /// The element whose opening `e` fills.
    #[must_use]
    pub fn fills(&self, e: ElementId) -> Option<ElementId> {
        self.relations.filled.get(e.0 as usize).copied().flatten()?;
        self.relations.host(e)
    }

    /// The doors and windows that fill the openings of an element, in file order.
    #[must_use]
    pub fn fillers(&self, host: ElementId) -> Vec<ElementId> {
        let openings = self.relations.openings.get(host).iter();
        let mut all: Vec<ElementId> = openings
            .flat_map(|opening| self.relations.fillers.get(*opening))
            .copied()
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Groups, systems and zones that an element is assigned to.
    #[must_use]
    pub fn groups(&self, e: ElementId) -> &[ElementId] {
        self.relations.groups.get(e)
    }

    /// What is assigned to a group, system or zone.
    #[must_use]
    pub fn members(&self, group: ElementId) -> &[ElementId] {
        self.relations.members.get(group)
    }

    /// Elements that are connected to an element, through ports or directly.
    #[must_use]
    pub fn connected(&self, e: ElementId) -> &[ElementId] {
        self.relations.connected.get(e)
    }
}
