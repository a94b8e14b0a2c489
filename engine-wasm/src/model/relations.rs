//! The relations between elements: wholes and parts, containment, openings, space boundaries,
//! groups, connections. Read once, kept packed, changed by edits.

use std::collections::{BTreeMap, BTreeSet};

use super::ElementId;
use super::ifc::{Nodes, Reader};
use super::links::Links;
use crate::diagnostic::Diagnostics;
use crate::step::RecordIx;

/// Elements within elements. Real models nest fewer than ten deep; every level costs another look
/// at everything below it, which a file of thousands of levels must not ask for.
pub(super) const MAX_NESTING: usize = 64;

/// One element at most for each element.
type One = Vec<Option<ElementId>>;

/// All relations between elements.
#[derive(Clone, Debug, Default)]
pub(super) struct Relations {
    /// The whole that an element is aggregated or nested in.
    pub whole: One,
    /// The spatial element that contains an element directly.
    pub container: One,
    /// The element that an opening voids.
    pub voided: One,
    /// The opening that an element fills.
    pub filled: One,
    pub parts: Links,
    pub contained: Links,
    /// Openings of an element.
    pub openings: Links,
    /// What fills an opening.
    pub fillers: Links,
    /// From a space to the elements that bound it.
    pub boundaries: Links,
    /// From an element to the spaces it bounds.
    pub bounded: Links,
    /// Elements all of whose boundaries are external.
    pub outside: BTreeSet<ElementId>,
    /// Spaces with a boundary that is virtual or that no element makes.
    pub open: BTreeSet<ElementId>,
    pub groups: Links,
    pub members: Links,
    pub connected: Links,
}

/// Pairs as they are collected; packed into [`Relations`] at the end.
#[derive(Default)]
pub(super) struct Collected {
    pub whole: Vec<(ElementId, ElementId)>,
    pub container: Vec<(ElementId, ElementId)>,
    pub voided: Vec<(ElementId, ElementId)>,
    pub filled: Vec<(ElementId, ElementId)>,
    /// (space, element)
    pub boundaries: Vec<(ElementId, ElementId)>,
    /// Elements all of whose boundaries are external.
    pub outside: BTreeSet<ElementId>,
    /// Spaces with a boundary that is virtual or that no element makes.
    pub open: BTreeSet<ElementId>,
    /// (group, member)
    pub members: Vec<(ElementId, ElementId)>,
    /// Both ways are made from each pair.
    pub connected: Vec<(ElementId, ElementId)>,
}

impl Collected {
    /// Reads the relations of a file.
    pub(super) fn read(reader: Reader<'_>, nodes: &Nodes) -> Collected {
        let pairs = |class: &str, one: &str, many: &str| {
            let mut all = Vec::new();
            for record in reader.instances(class) {
                collect(reader, nodes, record, one, many, &mut all);
            }
            all
        };
        let flip =
            |list: Vec<(ElementId, ElementId)>| list.into_iter().map(|(a, b)| (b, a)).collect();
        // Aggregation goes before nesting: a part has one whole.
        let mut whole = pairs("IfcRelAggregates", "RelatingObject", "RelatedObjects");
        whole.extend(pairs("IfcRelNests", "RelatingObject", "RelatedObjects"));
        let contained = pairs(
            "IfcRelContainedInSpatialStructure",
            "RelatingStructure",
            "RelatedElements",
        );
        let voids = pairs(
            "IfcRelVoidsElement",
            "RelatingBuildingElement",
            "RelatedOpeningElement",
        );
        let fills = pairs(
            "IfcRelFillsElement",
            "RelatingOpeningElement",
            "RelatedBuildingElement",
        );
        let mut connected = pairs(
            "IfcRelConnectsElements",
            "RelatingElement",
            "RelatedElement",
        );
        connected.extend(through_ports(
            &pairs("IfcRelConnectsPorts", "RelatingPort", "RelatedPort"),
            &pairs(
                "IfcRelConnectsPortToElement",
                "RelatingPort",
                "RelatedElement",
            ),
            &whole,
        ));
        Collected {
            whole: flip(whole),
            container: flip(contained),
            voided: flip(voids),
            filled: flip(fills),
            boundaries: pairs(
                "IfcRelSpaceBoundary",
                "RelatingSpace",
                "RelatedBuildingElement",
            ),
            outside: outside(reader, nodes),
            open: open(reader, nodes),
            members: pairs("IfcRelAssignsToGroup", "RelatingGroup", "RelatedObjects"),
            connected,
        }
    }

    /// Packs the pairs. `name` says which element is meant in a diagnostic.
    pub(super) fn pack(
        self,
        elements: usize,
        diagnostics: &mut Diagnostics,
        name: impl Fn(ElementId) -> Option<u64>,
    ) -> Relations {
        let mut first = |pairs: &[(ElementId, ElementId)], code, what: &str| {
            let mut one: One = vec![None; elements];
            for (child, parent) in pairs {
                match one.get_mut(child.0 as usize) {
                    Some(slot @ None) if child != parent => *slot = Some(*parent),
                    Some(Some(other)) if other == parent => {}
                    _ => diagnostics.push(code, None, name(*child), || {
                        format!("{what}; the first that is another element counts")
                    }),
                }
            }
            one
        };
        let mut relations = Relations {
            whole: first(
                &self.whole,
                "model.two-wholes",
                "the element is part of several wholes",
            ),
            container: first(
                &self.container,
                "model.two-containers",
                "the element is in several spatial elements",
            ),
            voided: first(
                &self.voided,
                "model.two-hosts",
                "the opening voids several elements",
            ),
            filled: first(
                &self.filled,
                "model.two-openings",
                "the element fills several openings",
            ),
            ..Relations::default()
        };
        let forward = |pairs: &[(ElementId, ElementId)]| {
            let keyed: Vec<(u32, ElementId)> = pairs
                .iter()
                .filter(|(a, b)| a != b)
                .map(|(a, b)| (a.0, *b))
                .collect();
            Links::new(elements, &keyed)
        };
        let backward = |pairs: &[(ElementId, ElementId)]| {
            let flipped: Vec<_> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
            forward(&flipped)
        };
        relations.parts = backward(&self.whole);
        relations.contained = backward(&self.container);
        relations.openings = backward(&self.voided);
        relations.fillers = backward(&self.filled);
        relations.boundaries = forward(&self.boundaries);
        relations.bounded = backward(&self.boundaries);
        relations.outside = self.outside;
        relations.open = self.open;
        relations.members = forward(&self.members);
        relations.groups = backward(&self.members);
        let both: Vec<_> = self
            .connected
            .iter()
            .flat_map(|(a, b)| [(*a, *b), (*b, *a)])
            .collect();
        relations.connected = forward(&both);
        relations.cut_cycles(diagnostics, &name);
        relations.cut_depth(diagnostics, &name);
        relations
    }
}

/// Elements to be taken out of lists, by the element whose list it is.
type Cuts = BTreeMap<ElementId, BTreeSet<ElementId>>;

/// The pairs of one relation record: (the one, each of the many).
fn collect(
    reader: Reader<'_>,
    nodes: &Nodes,
    record: RecordIx,
    one: &str,
    many: &str,
    pairs: &mut Vec<(ElementId, ElementId)>,
) {
    let Some(one) = reader
        .follow(reader.attribute(record, one))
        .and_then(|record| nodes.element(record))
    else {
        return;
    };
    let many = reader.follow_all(reader.attribute(record, many));
    pairs.extend(
        many.filter_map(|record| nodes.element(record))
            .map(|other| (one, other)),
    );
}

/// Elements that bound spaces, and to the outside wherever they do.
fn outside(reader: Reader<'_>, nodes: &Nodes) -> BTreeSet<ElementId> {
    let (mut outside, mut other) = (BTreeSet::new(), BTreeSet::new());
    for record in reader.instances("IfcRelSpaceBoundary") {
        let element = reader
            .follow(reader.attribute(record, "RelatedBuildingElement"))
            .and_then(|record| nodes.element(record));
        let Some(element) = element else {
            continue;
        };
        let side = reader.attribute(record, "InternalOrExternalBoundary");
        if side.as_enum() == Some(b"EXTERNAL") {
            outside.insert(element);
        } else {
            other.insert(element);
        }
    }
    outside.retain(|element| !other.contains(element));
    outside
}

/// Spaces whose boundary is open somewhere: virtual, or without an element.
fn open(reader: Reader<'_>, nodes: &Nodes) -> BTreeSet<ElementId> {
    let of = |record, name| {
        reader
            .follow(reader.attribute(record, name))
            .and_then(|record| nodes.element(record))
    };
    let mut open = BTreeSet::new();
    for record in reader.instances("IfcRelSpaceBoundary") {
        let kind = reader.attribute(record, "PhysicalOrVirtualBoundary");
        if (kind.as_enum() == Some(b"VIRTUAL") || of(record, "RelatedBuildingElement").is_none())
            && let Some(space) = of(record, "RelatingSpace")
        {
            open.insert(space);
        }
    }
    open
}

/// Elements whose ports are connected. A port belongs to an element by relation (IFC2X3) or as
/// its nested part (IFC4).
fn through_ports(
    ports: &[(ElementId, ElementId)],
    owners: &[(ElementId, ElementId)],
    wholes: &[(ElementId, ElementId)],
) -> Vec<(ElementId, ElementId)> {
    let mut owner: std::collections::BTreeMap<ElementId, ElementId> =
        std::collections::BTreeMap::new();
    let wanted: std::collections::BTreeSet<ElementId> =
        ports.iter().flat_map(|(a, b)| [*a, *b]).collect();
    for (port, element) in owners
        .iter()
        .copied()
        .chain(wholes.iter().map(|(w, p)| (*p, *w)))
    {
        if wanted.contains(&port) {
            owner.entry(port).or_insert(element);
        }
    }
    ports
        .iter()
        .filter_map(|(a, b)| Some((*owner.get(a)?, *owner.get(b)?)))
        .filter(|(a, b)| a != b)
        .collect()
}

fn at(one: &One, element: ElementId) -> Option<ElementId> {
    one.get(element.0 as usize).copied().flatten()
}

fn clear(one: &mut One, element: ElementId) {
    if let Some(slot) = one.get_mut(element.0 as usize) {
        *slot = None;
    }
}

/// Empties the list of `element` here and takes it out of the lists there.
fn unlink(here: &mut Links, there: &mut Links, element: ElementId) {
    for other in here.get(element).to_vec() {
        there.remove(other, element);
    }
    here.clear(element);
}

impl Relations {
    /// What an element belongs to: its whole, else what contains it, else what it is an opening
    /// in or fills an opening of.
    pub(super) fn parent(&self, element: ElementId) -> Option<ElementId> {
        at(&self.whole, element)
            .or_else(|| at(&self.container, element))
            .or_else(|| self.host(element))
    }

    /// The element that `element` fills an opening of, or that it is an opening in.
    pub(super) fn host(&self, element: ElementId) -> Option<ElementId> {
        match at(&self.filled, element) {
            Some(opening) => at(&self.voided, opening).filter(|host| *host != element),
            None => at(&self.voided, element),
        }
    }

    /// Cuts relations that make an element its own ancestor, so that every walk upwards ends.
    fn cut_cycles(
        &mut self,
        diagnostics: &mut Diagnostics,
        name: impl Fn(ElementId) -> Option<u64>,
    ) {
        #[derive(Clone, Copy, PartialEq)]
        enum Seen {
            No,
            OnPath,
            Done,
        }
        let mut seen = vec![Seen::No; self.whole.len()];
        let mut path: Vec<ElementId> = Vec::new();
        for index in 0..self.whole.len() {
            let mut at = Some(ElementId(index as u32));
            while let Some(element) = at {
                let Some(state) = seen.get_mut(element.0 as usize) else {
                    break;
                };
                match *state {
                    Seen::Done => break,
                    Seen::No => {
                        *state = Seen::OnPath;
                        path.push(element);
                        at = self.parent(element);
                    }
                    Seen::OnPath => {
                        // The last on the path leads back to `element`; it may have another parent.
                        let Some(last) = path.last().copied() else {
                            break;
                        };
                        diagnostics.push("model.cycle", None, name(last), || {
                            "the element would be its own ancestor: the relation is ignored"
                                .to_owned()
                        });
                        self.cut_parent(last);
                        at = self.parent(last);
                    }
                }
            }
            for element in path.drain(..) {
                if let Some(state) = seen.get_mut(element.0 as usize) {
                    *state = Seen::Done;
                }
            }
        }
    }

    /// Takes elements that nest deeper than [`MAX_NESTING`] out of what they are in. They begin a
    /// nesting of their own.
    fn cut_depth(
        &mut self,
        diagnostics: &mut Diagnostics,
        name: impl Fn(ElementId) -> Option<u64>,
    ) {
        let mut depth: Vec<Option<usize>> = vec![None; self.whole.len()];
        let known =
            |depth: &[Option<usize>], e: ElementId| depth.get(e.0 as usize).copied().flatten();
        let mut cuts = [const { Cuts::new() }; 4];
        let mut path: Vec<ElementId> = Vec::new();
        for index in 0..self.whole.len() {
            let mut at = Some(ElementId(index as u32));
            while let Some(element) = at.filter(|e| known(&depth, *e).is_none()) {
                path.push(element);
                at = self.parent(element);
            }
            while let Some(element) = path.pop() {
                let above = self
                    .parent(element)
                    .and_then(|parent| known(&depth, parent));
                let mut own = above.map_or(0, |above| above + 1);
                if own > MAX_NESTING {
                    diagnostics.push("model.too-deep", None, name(element), || {
                        format!(
                            "the element is nested more than {MAX_NESTING} levels deep: what it \
                             is in is ignored"
                        )
                    });
                    let ones = [
                        &mut self.whole,
                        &mut self.container,
                        &mut self.filled,
                        &mut self.voided,
                    ];
                    for (one, cuts) in ones.into_iter().zip(&mut cuts) {
                        if let Some(parent) = one.get_mut(element.0 as usize).and_then(Option::take)
                        {
                            cuts.entry(parent).or_default().insert(element);
                        }
                    }
                    own = 0;
                }
                if let Some(slot) = depth.get_mut(element.0 as usize) {
                    *slot = Some(own);
                }
            }
        }
        let many = [
            &mut self.parts,
            &mut self.contained,
            &mut self.fillers,
            &mut self.openings,
        ];
        for (links, cuts) in many.into_iter().zip(&cuts) {
            for (parent, children) in cuts {
                links.remove_all(*parent, children);
            }
        }
    }

    /// Removes the relation that [`Relations::parent`] answers from.
    fn cut_parent(&mut self, element: ElementId) {
        if let Some(whole) = at(&self.whole, element) {
            clear(&mut self.whole, element);
            self.parts.remove(whole, element);
        } else if let Some(container) = at(&self.container, element) {
            clear(&mut self.container, element);
            self.contained.remove(container, element);
        } else if let Some(opening) = at(&self.filled, element) {
            clear(&mut self.filled, element);
            self.fillers.remove(opening, element);
        } else if let Some(host) = at(&self.voided, element) {
            clear(&mut self.voided, element);
            self.openings.remove(host, element);
        }
    }

    /// Makes room for one more element, without relations.
    pub(super) fn grow(&mut self) {
        for one in [
            &mut self.whole,
            &mut self.container,
            &mut self.voided,
            &mut self.filled,
        ] {
            one.push(None);
        }
    }

    /// Makes `part` a part of `whole`.
    pub(super) fn set_whole(&mut self, part: ElementId, whole: ElementId) {
        if let Some(slot) = self.whole.get_mut(part.0 as usize) {
            *slot = Some(whole);
            self.parts.add(whole, part);
        }
    }

    /// Puts `element` into a spatial element.
    pub(super) fn set_container(&mut self, element: ElementId, container: ElementId) {
        if let Some(slot) = self.container.get_mut(element.0 as usize) {
            *slot = Some(container);
            self.contained.add(container, element);
        }
    }

    /// Makes `element` bound `space`.
    pub(super) fn add_boundary(&mut self, space: ElementId, element: ElementId) {
        self.boundaries.add(space, element);
        self.bounded.add(element, space);
    }

    /// Takes an element out of every relation.
    pub(super) fn remove(&mut self, element: ElementId) {
        for (one, many) in [
            (&mut self.whole, &mut self.parts),
            (&mut self.container, &mut self.contained),
            (&mut self.voided, &mut self.openings),
            (&mut self.filled, &mut self.fillers),
        ] {
            if let Some(parent) = at(one, element) {
                clear(one, element);
                many.remove(parent, element);
            }
            for child in many.get(element).to_vec() {
                if at(one, child) == Some(element) {
                    clear(one, child);
                }
            }
            many.clear(element);
        }
        unlink(&mut self.boundaries, &mut self.bounded, element);
        unlink(&mut self.bounded, &mut self.boundaries, element);
        unlink(&mut self.members, &mut self.groups, element);
        unlink(&mut self.groups, &mut self.members, element);
        for other in self.connected.get(element).to_vec() {
            self.connected.remove(other, element);
        }
        self.connected.clear(element);
    }
}
