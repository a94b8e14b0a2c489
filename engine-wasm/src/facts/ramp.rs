//! Facts of ramps and their runs.

use plancheck_contract::Dimension;

use super::catalogue::{Fact, Outcome, Provenance, Relation, Source, Target, for_pages};
use super::element::number_fact;
use super::reader::Reader;
use crate::model::{ElementId, Value};

pub(super) static FLIGHT_FACTS: &[Fact] = &[
    number_fact(
        "slope",
        "Slope",
        Dimension::Slope,
        (0.0, 1.0),
        "Rise over run. An angle of inclination is converted.",
        &[
            Source::Property("Pset_RampFlightCommon", "Slope"),
            Source::Property("", "Slope"),
            Source::Compute {
                label: "rise ÷ run",
                provenance: Provenance::Inferred,
                read: slope_from_rise,
            },
        ],
    ),
    number_fact(
        "width",
        "Clear width",
        Dimension::Length,
        (0.3, 20.0),
        "The clear width between curbs or handrails.",
        &[
            Source::Property("Pset_RampFlightCommon", "ClearWidth"),
            Source::Property("", "ClearWidth"),
            Source::Property("", "Width"),
        ],
    ),
    number_fact(
        "rise",
        "Rise",
        Dimension::Length,
        (0.0, 50.0),
        "The height that the run climbs.",
        &[Source::Property("", "Rise"), Source::Quantity("", "Height")],
    ),
    number_fact(
        "run",
        "Run",
        Dimension::Length,
        (0.0, 500.0),
        "The horizontal length of the run.",
        &[Source::Property("", "Run"), Source::Quantity("", "Length")],
    ),
];

pub(super) static FLIGHT_RELATIONS: &[Relation] = &[Relation {
    name: "ramp",
    subject: "ramp",
    to: Target::One(|reader, e| reader.parent(e, "IfcRamp")),
    complete: None,
    description: for_pages("The ramp that it is a run of."),
}];

pub(super) static RAMP_RELATIONS: &[Relation] = &[Relation {
    name: "flights",
    subject: "ramp_flight",
    to: Target::Many(|reader, e| reader.parts(e, "IfcRampFlight")),
    complete: None,
    description: for_pages("Its runs."),
}];

fn slope_from_rise(reader: &Reader<'_>, flight: ElementId) -> Outcome {
    let number = |name| {
        let fact = FLIGHT_FACTS.iter().find(|f| f.name == name)?;
        match super::resolve::resolve(reader, fact, flight).value() {
            Some(Value::Number(x)) => Some(*x),
            _ => None,
        }
    };
    match (number("rise"), number("run")) {
        (Some(rise), Some(run)) if run > 0.0 => Outcome::exact(Value::Number(rise / run)),
        _ => Outcome::Nothing,
    }
}
