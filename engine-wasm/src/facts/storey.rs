//! Facts of storeys.

use plancheck_contract::Dimension;

use super::catalogue::{Fact, Relation, Source, Target};
use super::element::{boolean_fact, number_fact};

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
            super::space::FROM_BUILDING,
        ],
    ),
];

pub(super) static RELATIONS: &[Relation] = &[
    Relation {
        name: "spaces",
        subject: "space",
        to: Target::Many(|reader, e| reader.within(e, "IfcSpace")),
        complete: None,
        description: "The spaces of the storey.",
    },
    Relation {
        name: "doors",
        subject: "door",
        to: Target::Many(|reader, e| reader.within(e, "IfcDoor")),
        complete: None,
        description: "The doors of the storey, also those in curtain walls.",
    },
    Relation {
        name: "stair_flights",
        subject: "stair_flight",
        to: Target::Many(|reader, e| reader.within(e, "IfcStairFlight")),
        complete: None,
        description: "The stair flights of the storey.",
    },
    Relation {
        name: "ramp_flights",
        subject: "ramp_flight",
        to: Target::Many(|reader, e| reader.within(e, "IfcRampFlight")),
        complete: None,
        description: "The ramp runs of the storey.",
    },
];
