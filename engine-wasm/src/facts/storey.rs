//! Facts of storeys.

use plancheck_contract::Dimension;

use super::catalogue::{Fact, Relation, Source, Target, for_pages};
use super::element::{boolean_fact, number_fact};
use super::reader::Reader;
use crate::model::ElementId;

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
        to: Target::Many(|reader, e| reader.within(e, "IfcStairFlight")),
        complete: Some(flights_are_shown),
        description: for_pages("The stair flights of the storey."),
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

/// A stair belongs to the storey where it begins, and some exporters model no flights.
fn flights_are_shown(reader: &Reader<'_>, storey: ElementId) -> Result<(), &'static str> {
    let stairs = reader.within(storey, "IfcStair");
    if stairs
        .iter()
        .any(|s| reader.parts(*s, "IfcStairFlight").is_empty())
    {
        return Err("a stair of this storey is modelled without flights");
    }
    if reader.within(storey, "IfcStairFlight").is_empty() {
        return Err("no flight begins on this storey, and which lead to it is not known");
    }
    Ok(())
}
