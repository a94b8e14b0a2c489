//! Facts of stairs and their flights.

use plancheck_contract::{Dimension, Unit};

use super::catalogue::{Combine, Fact, Outcome, Provenance, Relation, Source, Target, for_pages};
use super::element::number_fact;
use super::reader::Reader;
use super::resolve::{Known, Resolved};
use super::text::{display, show};
use crate::model::{ElementId, Value};

/// Risers that are believed.
const RISERS: (f64, f64) = (0.05, 0.35);

pub(super) static FLIGHT_FACTS: &[Fact] = &[
    Fact {
        combine: Combine::CrossCheck(0.02),
        ..number_fact(
            "riser_height",
            "Riser height",
            Dimension::Length,
            RISERS,
            "The height of one step. Exporters have been seen to convert the attribute of \
             `IfcStairFlight` twice: implausible values, and those that are the first source's number \
             of feet, are not believed; two believable ones that differ by more than 2 % are a \
             conflict.",
            &[
                Source::Property("Pset_StairFlightCommon", "RiserHeight"),
                Source::Attribute("RiserHeight"),
                Source::Property("", "riser_height"),
            ],
        )
    },
    Fact {
        combine: Combine::CrossCheck(0.02),
        examine: Some(beside_a_believable_riser),
        ..number_fact(
            "tread_depth",
            "Tread depth",
            Dimension::Length,
            (0.1, 1.5),
            "The going of one step, nosing to nosing. Cross-checked like the riser; an attribute \
             beside a riser that is not believed is not believed either.",
            &[
                Source::Property("Pset_StairFlightCommon", "TreadLength"),
                Source::Attribute("TreadLength"),
                Source::Property("", "tread_depth"),
            ],
        )
    },
    number_fact(
        "number_of_risers",
        "Number of risers",
        Dimension::Count,
        (1.0, 100.0),
        "How many risers the flight has.",
        &[
            Source::Property("Pset_StairFlightCommon", "NumberOfRiser"),
            Source::Attribute("NumberOfRisers"),
            Source::Attribute("NumberOfRiser"),
            Source::Property("", "number_of_risers"),
        ],
    ),
    number_fact(
        "width",
        "Width",
        Dimension::Length,
        (0.3, 20.0),
        "The clear width of the flight between walls or stringers. IFC has no standard property \
         for it: common user properties are read.",
        &[
            Source::Property("", "ClearWidth"),
            Source::Property("", "Clear Width"),
            Source::Property("", "Actual Run Width"),
            Source::Quantity("", "Width"),
            Source::Property("", "Width"),
        ],
    ),
    number_fact(
        "headroom",
        "Headroom",
        Dimension::Length,
        (1.0, 20.0),
        "The clear height above the line of the nosings. `RequiredHeadroom` is a requirement and \
         not read.",
        &[
            Source::Property("Pset_StairFlightCommon", "Headroom"),
            Source::Property("", "Headroom"),
        ],
    ),
    number_fact(
        "total_rise",
        "Total rise",
        Dimension::Length,
        (0.05, 50.0),
        "The height that the flight climbs: number of risers × riser height.",
        &[
            Source::Property("", "total_rise"),
            Source::Compute {
                label: "number of risers × riser height",
                provenance: Provenance::Inferred,
                read: |reader, e| {
                    let number = |name| {
                        let fact = FLIGHT_FACTS.iter().find(|f| f.name == name)?;
                        match super::resolve::resolve(reader, fact, e).value() {
                            Some(Value::Number(x)) => Some(*x),
                            _ => None,
                        }
                    };
                    match (number("number_of_risers"), number("riser_height")) {
                        (Some(n), Some(h)) => Outcome::exact(Value::Number(n * h)),
                        _ => Outcome::Nothing,
                    }
                },
            },
        ],
    ),
];

/// Both attributes come from one exporter: where it converted the riser twice, it did the tread.
fn beside_a_believable_riser(reader: &Reader<'_>, flight: ElementId, known: Known) -> Resolved {
    if known.provenance != Provenance::Attribute {
        return Resolved::Known(known);
    }
    match reader.attribute(flight, "RiserHeight").map(|r| r.value) {
        Some(Value::Number(riser)) if !(RISERS.0..=RISERS.1).contains(&riser) => {
            Resolved::Absent(format!(
                "the attribute TreadLength says {}, but the riser height beside it, {}, is not \
                 plausible: both may have been converted twice",
                display(&known.value, Some(Dimension::Length)),
                show(riser, Unit::Metre)
            ))
        }
        _ => Resolved::Known(known),
    }
}

pub(super) static FLIGHT_RELATIONS: &[Relation] = &[Relation {
    name: "stair",
    subject: "stair",
    to: Target::One(|reader, e| reader.parent(e, "IfcStair")),
    complete: None,
    description: for_pages("The stair that it is a flight of."),
}];

pub(super) static STAIR_RELATIONS: &[Relation] = &[Relation {
    name: "flights",
    subject: "stair_flight",
    to: Target::Many(|reader, e| reader.parts(e, "IfcStairFlight")),
    complete: None,
    description: for_pages("Its flights."),
}];
