//! Facts of buildings.

use plancheck_contract::Dimension;

use super::catalogue::{Fact, Relation, Source, Target, for_pages};
use super::element::{boolean_fact, number_fact, text_fact};

pub(super) static FACTS: &[Fact] = &[
    text_fact(
        "occupancy",
        "Occupancy",
        "The occupancy group of the whole building, as the model states it.",
        &[
            Source::Property("Pset_BuildingCommon", "OccupancyType"),
            Source::Property("", "OccupancyType"),
            Source::Property("", "occupancy"),
        ],
    ),
    boolean_fact(
        "sprinklered",
        "Sprinklered",
        "Whether the building has sprinklers throughout.",
        &[
            Source::Property("Pset_BuildingCommon", "SprinklerProtection"),
            Source::Property("", "SprinklerProtection"),
            Source::Property("", "sprinklered"),
        ],
    ),
    number_fact(
        "height",
        "Height",
        Dimension::Length,
        (1.0, 1500.0),
        "The height of the building above grade.",
        &[
            Source::Quantity("", "Height"),
            Source::Property("", "BuildingHeight"),
            Source::Property("", "height"),
        ],
    ),
];

pub(super) static RELATIONS: &[Relation] = &[
    Relation {
        name: "storeys",
        subject: "storey",
        to: Target::Many(|reader, e| reader.within(e, "IfcBuildingStorey")),
        complete: None,
        description: for_pages("Its storeys."),
    },
    Relation {
        name: "spaces",
        subject: "space",
        to: Target::Many(|reader, e| reader.spaces_within(e)),
        complete: None,
        description: for_pages("Its spaces."),
    },
    Relation {
        name: "doors",
        subject: "door",
        to: Target::Many(|reader, e| reader.doorways(reader.within(e, "IfcDoor"))),
        complete: None,
        description: for_pages("Its doors."),
    },
];
