//! What a fact, a source, a subject and a relation are, and how to find them by name.

use plancheck_contract::{Dimension, FactKind};
use serde::Serialize;

use super::reader::Reader;
use super::resolve::{Known, Resolved};
use super::{building, door, element, railing, ramp, space, stair, storey, window};
use crate::model::{ElementId, Origin, Value};

/// Where a fact came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// An attribute of the element or of its type.
    Attribute,
    /// A property of the element or of its type.
    Property,
    /// An element quantity.
    Quantity,
    /// Computed from the element's shape.
    Geometry,
    /// Concluded from other data, not stated.
    Inferred,
    /// Given by the user.
    Declared,
    /// Computed by a jurisdiction module.
    Derived,
}

impl Provenance {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Provenance::Attribute => "attribute",
            Provenance::Property => "property",
            Provenance::Quantity => "quantity",
            Provenance::Geometry => "geometry",
            Provenance::Inferred => "inferred",
            Provenance::Declared => "declared",
            Provenance::Derived => "derived",
        }
    }
}

/// A fact of a subject: what it is and the chain of sources it is read from.
#[derive(Debug)]
pub struct Fact {
    /// In paths: `clear_width`.
    pub name: &'static str,
    /// For people, without the subject: "Clear width".
    pub title: &'static str,
    /// Its type.
    pub kind: FactKind,
    /// For numbers; values are in the dimension's SI unit.
    pub dimension: Option<Dimension>,
    /// What exactly is meant, and how it is measured.
    pub description: &'static str,
    /// Numbers outside this range (SI) are not believed.
    pub plausible: Option<(f64, f64)>,
    /// Sources in order of trust.
    pub sources: &'static [Source],
    /// What several sources mean.
    pub combine: Combine,
    /// How a text that stands where a number is wanted is read, in SI.
    pub parse: Option<ParseText>,
    /// Holds the answer against what else the model says of the element.
    pub examine: Option<Examine>,
    /// Whether a text is what exporters write where nobody chose one. It is no answer.
    pub unchosen: Option<fn(&str) -> bool>,
}

/// An answer, held against what else the model says: the answer, a less certain one, or none.
pub type Examine = fn(&Reader<'_>, ElementId, Known) -> Resolved;

/// Reads a text as a number in SI, or says why it is none.
pub type ParseText = fn(&str) -> Result<f64, String>;

/// What to do when several sources answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Combine {
    /// The first answer is taken. What is stated as a property or quantity but not believed ends the
    /// search: the fact is absent, with the reason.
    First,
    /// All are asked; answers further apart than this share of the larger are a conflict, and the
    /// fact is absent.
    CrossCheck(f64),
}

/// One place to look for a fact.
#[derive(Debug)]
pub enum Source {
    /// An attribute of the element, by its IFC name.
    Attribute(&'static str),
    /// An attribute of the element's type.
    TypeAttribute(&'static str),
    /// A property: set (empty: any), name. Occurrence before type.
    Property(&'static str, &'static str),
    /// A quantity: set (empty: any), name.
    Quantity(&'static str, &'static str),
    /// Anything else.
    Compute {
        /// What it does, for people: "overall width − lining − leaf".
        label: &'static str,
        /// What its answers are.
        provenance: Provenance,
        /// How.
        read: fn(&Reader<'_>, ElementId) -> Outcome,
    },
}

impl Source {
    /// Where it looks, for people.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Source::Attribute(name) => format!("the attribute {name}"),
            Source::TypeAttribute(name) => format!("the attribute {name} of the type"),
            Source::Property("", name) => format!("property {name} in any set"),
            Source::Property(set, name) => format!("{set}.{name}"),
            Source::Quantity("", name) => format!("quantity {name} in any set"),
            Source::Quantity(set, name) => format!("{set}.{name} (quantity)"),
            Source::Compute { label, .. } => (*label).to_owned(),
        }
    }

    /// The place of an answer, for people: the provenance beside it says the rest.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Source::Property("", name) | Source::Quantity("", name) => (*name).to_owned(),
            Source::Property(set, name) | Source::Quantity(set, name) => format!("{set}.{name}"),
            Source::Attribute(name) => (*name).to_owned(),
            Source::TypeAttribute(name) => format!("{name} of the type"),
            Source::Compute { .. } => self.label(),
        }
    }

    /// What its answers are.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        match self {
            Source::Attribute(_) | Source::TypeAttribute(_) => Provenance::Attribute,
            Source::Property(..) => Provenance::Property,
            Source::Quantity(..) => Provenance::Quantity,
            Source::Compute { provenance, .. } => *provenance,
        }
    }
}

/// What a computed source answers.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Nothing to go by.
    Nothing,
    /// Something is there, but it is not an answer: why.
    Rejected(String),
    /// An answer.
    Found {
        /// In SI.
        value: Value,
        /// Plus or minus, SI.
        tolerance: f64,
        /// What it was read from, where that is one place.
        origin: Option<Origin>,
        /// How it came about, for people.
        note: Option<String>,
    },
}

impl Outcome {
    /// An exact answer without more to say.
    #[must_use]
    pub fn exact(value: Value) -> Outcome {
        Outcome::Found {
            value,
            tolerance: 0.0,
            origin: None,
            note: None,
        }
    }
}

/// A kind of element that rules govern.
#[derive(Debug)]
pub struct Subject {
    /// In manifests: `door`.
    pub name: &'static str,
    /// The IFC class of its elements, subclasses included.
    pub class: &'static str,
    /// A boolean fact that must be true, for subjects that are a use of a class.
    pub only_if: Option<&'static str>,
    /// What it is.
    pub description: &'static str,
    /// Its own facts; those of every element come on top.
    pub facts: &'static [&'static [Fact]],
    /// Its own relations; those of every element come on top.
    pub relations: &'static [Relation],
}

/// A way from an element to others.
#[derive(Debug)]
pub struct Relation {
    /// In paths: `spaces`.
    pub name: &'static str,
    /// The subject it leads to.
    pub subject: &'static str,
    /// To one, or to many.
    pub to: Target,
    /// Whether the model shows all of them from this element, or why it may not.
    pub complete: Option<Completeness>,
    /// What it follows.
    pub description: &'static str,
}

/// A text that is shown on pages about the catalogue alone, which browsers do not have.
pub(super) const fn for_pages(text: &'static str) -> &'static str {
    if cfg!(feature = "browser") { "" } else { text }
}

/// Whether the model shows all that a relation leads to; an error says why it may not.
pub type Completeness = fn(&Reader<'_>, ElementId) -> Result<(), &'static str>;

/// Where a relation leads.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// At most one element.
    One(fn(&Reader<'_>, ElementId) -> Option<ElementId>),
    /// Any number, in file order.
    Many(fn(&Reader<'_>, ElementId) -> Vec<ElementId>),
}

/// Every subject of the catalogue. Any IFC class is one more, with the facts of every element.
#[must_use]
pub fn subjects() -> &'static [Subject] {
    static SUBJECTS: &[Subject] = &[
        Subject {
            name: "element",
            class: "IfcObject",
            only_if: None,
            description: for_pages("Any element; every other subject has these facts too."),
            facts: &[element::FACTS],
            relations: element::RELATIONS,
        },
        Subject {
            name: "door",
            class: "IfcDoor",
            only_if: Some("is_doorway"),
            description: for_pages("A door (`IfcDoor`), also one nested in a curtain wall."),
            facts: &[door::FACTS],
            relations: door::RELATIONS,
        },
        Subject {
            name: "window",
            class: "IfcWindow",
            only_if: None,
            description: for_pages("A window (`IfcWindow`)."),
            facts: &[window::FACTS],
            relations: window::RELATIONS,
        },
        Subject {
            name: "space",
            class: "IfcSpace",
            only_if: None,
            description: for_pages("A space (`IfcSpace`): a room, a corridor, a shaft."),
            facts: &[space::FACTS],
            relations: space::RELATIONS,
        },
        Subject {
            name: "corridor",
            class: "IfcSpace",
            only_if: Some("is_corridor"),
            description: for_pages("A space used as a corridor (`space.is_corridor`)."),
            facts: &[space::FACTS, space::CORRIDOR_FACTS],
            relations: space::RELATIONS,
        },
        Subject {
            name: "stair",
            class: "IfcStair",
            only_if: None,
            description: for_pages("A stair (`IfcStair`), with its flights."),
            facts: &[],
            relations: stair::STAIR_RELATIONS,
        },
        Subject {
            name: "stair_flight",
            class: "IfcStairFlight",
            only_if: None,
            description: for_pages("One flight of a stair (`IfcStairFlight`)."),
            facts: &[stair::FLIGHT_FACTS],
            relations: stair::FLIGHT_RELATIONS,
        },
        Subject {
            name: "ramp",
            class: "IfcRamp",
            only_if: None,
            description: for_pages("A ramp (`IfcRamp`), with its flights."),
            facts: &[],
            relations: ramp::RAMP_RELATIONS,
        },
        Subject {
            name: "ramp_flight",
            class: "IfcRampFlight",
            only_if: None,
            description: for_pages("One run of a ramp (`IfcRampFlight`)."),
            facts: &[ramp::FLIGHT_FACTS],
            relations: ramp::FLIGHT_RELATIONS,
        },
        Subject {
            name: "railing",
            class: "IfcRailing",
            only_if: None,
            description: for_pages("A guard, balustrade or handrail (`IfcRailing`)."),
            facts: &[railing::FACTS],
            relations: &[],
        },
        Subject {
            name: "storey",
            class: "IfcBuildingStorey",
            only_if: None,
            description: for_pages("A storey (`IfcBuildingStorey`)."),
            facts: &[storey::FACTS],
            relations: storey::RELATIONS,
        },
        Subject {
            name: "building",
            class: "IfcBuilding",
            only_if: None,
            description: for_pages("A building (`IfcBuilding`)."),
            facts: &[building::FACTS],
            relations: building::RELATIONS,
        },
    ];
    SUBJECTS
}

/// The subject with this name.
#[must_use]
pub fn find_subject(name: &str) -> Option<&'static Subject> {
    subjects().iter().find(|s| s.name == name)
}

/// Every fact of a subject, those of every element included. `None`: a plain IFC class.
pub fn facts_of(subject: Option<&'static Subject>) -> impl Iterator<Item = &'static Fact> {
    let own = subject.map_or(&[][..], |s| s.facts);
    let shared = if subject.is_some_and(|s| s.name == "element") {
        &[][..]
    } else {
        element::FACTS
    };
    own.iter().flat_map(|facts| facts.iter()).chain(shared)
}

/// The fact of this subject with this name.
#[must_use]
pub fn find_fact(subject: Option<&'static Subject>, name: &str) -> Option<&'static Fact> {
    facts_of(subject).find(|f| f.name == name)
}

/// The relation of this subject with this name.
#[must_use]
pub fn find_relation(subject: Option<&'static Subject>, name: &str) -> Option<&'static Relation> {
    let own = subject.map_or(&[][..], |s| s.relations);
    own.iter()
        .chain(element::RELATIONS)
        .find(|r| r.name == name)
}
