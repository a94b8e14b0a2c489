//! Facts of railings.

use plancheck_contract::Dimension;

use super::catalogue::{Fact, Source};
use super::element::number_fact;

pub(super) static FACTS: &[Fact] = &[number_fact(
    "height",
    "Height",
    Dimension::Length,
    (0.2, 5.0),
    "The height above the floor or the line of the nosings.",
    &[
        Source::Property("Pset_RailingCommon", "Height"),
        Source::Property("", "Railing Height"),
        Source::Property("", "Height"),
    ],
)];
