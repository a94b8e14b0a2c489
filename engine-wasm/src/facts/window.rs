//! Facts of windows.

use plancheck_contract::Dimension;

use super::catalogue::{Fact, Relation, Source, Target, for_pages};
use super::element::{boolean_fact, number_fact};

pub(super) static FACTS: &[Fact] = &[
    number_fact(
        "overall_width",
        "Overall width",
        Dimension::Length,
        (0.05, 50.0),
        "The width of the window with its frame.",
        &[
            Source::Attribute("OverallWidth"),
            Source::TypeAttribute("OverallWidth"),
            Source::Quantity("", "Width"),
            Source::Property("", "Width"),
        ],
    ),
    number_fact(
        "overall_height",
        "Overall height",
        Dimension::Length,
        (0.05, 50.0),
        "The height of the window with its frame.",
        &[
            Source::Attribute("OverallHeight"),
            Source::TypeAttribute("OverallHeight"),
            Source::Quantity("", "Height"),
            Source::Property("", "Height"),
        ],
    ),
    number_fact(
        "sill_height",
        "Sill height",
        Dimension::Length,
        (0.0, 10.0),
        "The height of the sill above the floor.",
        &[
            Source::Property("", "SillHeight"),
            Source::Property("", "Sill Height"),
        ],
    ),
    boolean_fact(
        "is_exit",
        "Emergency exit",
        "Whether the window is meant for escape or rescue.",
        &[Source::Property("", "FireExit")],
    ),
];

pub(super) static RELATIONS: &[Relation] = &[Relation {
    name: "spaces",
    subject: "space",
    to: Target::Many(|reader, e| reader.bounded_spaces(e)),
    complete: None,
    description: for_pages("The spaces that it lights, by space boundaries."),
}];
