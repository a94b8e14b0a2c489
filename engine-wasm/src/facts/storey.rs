//! Facts of storeys.

use plancheck_contract::Dimension;

use super::catalogue::{Fact, Relation, Source, Target, find_fact, find_subject, for_pages};
use super::element::{boolean_fact, number_fact};
use super::reader::Reader;
use super::resolve::resolve;
use crate::model::{ElementId, Value};

pub(super) static FACTS: &[Fact] = &[
    number_fact(
        "elevation",
        "Elevation",
        Dimension::Length,
        (-1000.0, 2000.0),
        "The height of the storey's floor above the building's datum.",
        &[
            Source::Attribute("Elevation"),
            Source::Property("", "elevation"),
        ],
    ),
    boolean_fact(
        "sprinklered",
        "Sprinklered",
        "Whether the storey has sprinklers; the building's answer where the storey has none.",
        &[
            Source::Property("Pset_BuildingStoreyCommon", "SprinklerProtection"),
            Source::Property("", "sprinklered"),
            super::space::FROM_BUILDING,
        ],
    ),
];

pub(super) static RELATIONS: &[Relation] = &[
    Relation {
        name: "spaces",
        subject: "space",
        to: Target::Many(|reader, e| reader.spaces_within(e)),
        complete: None,
        description: for_pages("The spaces of the storey."),
    },
    Relation {
        name: "doors",
        subject: "door",
        to: Target::Many(|reader, e| reader.doorways(reader.within(e, "IfcDoor"))),
        complete: Some(doors_are_shown),
        description: for_pages("The doors of the storey, also those in curtain walls."),
    },
    Relation {
        name: "stair_flights",
        subject: "stair_flight",
        to: Target::Many(|reader, e| serving(reader, e).flights),
        complete: Some(|reader, e| serving(reader, e).shown),
        description: for_pages(
            "The stair flights that begin on the storey, and those of stairs below that climb to it.",
        ),
    },
    Relation {
        name: "ramp_flights",
        subject: "ramp_flight",
        to: Target::Many(|reader, e| reader.within(e, "IfcRampFlight")),
        complete: None,
        description: for_pages("The ramp runs of the storey."),
    },
];

/// A storey without a door in the model is not one without a way out.
fn doors_are_shown(reader: &Reader<'_>, storey: ElementId) -> Result<(), &'static str> {
    if reader.within(storey, "IfcDoor").is_empty() {
        return Err("the model shows no door on this storey");
    }
    Ok(())
}

/// The flights of stairs that serve a storey, and whether these are all.
struct Serving {
    flights: Vec<ElementId>,
    shown: Result<(), &'static str>,
}

/// A stair may begin on a platform above its storey's floor, and end below the finished floor that it
/// leads to: metres.
const PLATFORM: f64 = 1.0;

/// Storeys times stairs that are looked at: a tower of 100 storeys has 40 000. Files that are made of
/// nothing else would take minutes.
const MAX_PAIRS: usize = 200_000;

const UNKNOWN: &str = "how far stairs climb that may lead to this storey is not known";

/// A stair belongs to the storey where it begins; it serves that one and those that it climbs to.
fn serving(reader: &Reader<'_>, storey: ElementId) -> Serving {
    let own = reader.within(storey, "IfcStairFlight");
    let building = reader.building(storey).unwrap_or(storey);
    let storeys = reader.within(building, "IfcBuildingStorey").len();
    let mut stairs = reader.within(building, "IfcStair");
    stairs.extend(reader.within(building, "IfcStairFlight"));
    let to = elevation(reader, storey);
    let mut serving = Serving {
        flights: own,
        shown: Ok(()),
    };
    if storeys.saturating_mul(stairs.len()) > MAX_PAIRS {
        serving.shown = Err(UNKNOWN);
        return serving;
    }
    for stair in stairs {
        let flights = if reader.model().is_a(stair, "IfcStair") {
            reader.parts(stair, "IfcStairFlight")
        } else if reader.parent(stair, "IfcStair").is_none() {
            vec![stair]
        } else {
            continue;
        };
        let from = reader.storey(stair);
        let missing = if from == Some(storey) {
            flights.is_empty()
        } else {
            match (from.and_then(|s| elevation(reader, s)), to) {
                (Some(from), Some(to)) if from >= to => false,
                (Some(from), Some(to)) => match climb(reader, &flights) {
                    Some(climb) if from + climb < to - PLATFORM => false,
                    Some(_) => {
                        serving.flights.extend(flights);
                        false
                    }
                    None => true,
                },
                _ => true,
            }
        };
        if missing {
            serving.shown = Err(UNKNOWN);
        }
    }
    if serving.flights.is_empty() && serving.shown.is_ok() {
        serving.shown = Err("the model shows no stair of this storey");
    }
    serving.flights.sort_unstable();
    serving.flights.dedup();
    serving
}

/// What flights climb together, where that is known of each.
fn climb(reader: &Reader<'_>, flights: &[ElementId]) -> Option<f64> {
    let fact = find_fact(find_subject("stair_flight"), "total_rise")?;
    let rises = flights.iter().map(|flight| number(reader, fact, *flight));
    let climb: f64 = rises.sum::<Option<f64>>()?;
    (climb > 0.0).then_some(climb)
}

fn elevation(reader: &Reader<'_>, storey: ElementId) -> Option<f64> {
    number(reader, FACTS.first()?, storey)
}

fn number(reader: &Reader<'_>, fact: &Fact, element: ElementId) -> Option<f64> {
    match resolve(reader, fact, element).value() {
        Some(Value::Number(x)) => Some(*x),
        _ => None,
    }
}
