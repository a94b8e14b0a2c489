//! Facts of railings.

use plancheck_contract::Dimension;

use super::catalogue::{Fact, Outcome, Provenance, Source};
use super::door::{between, length};
use super::element::number_fact;

pub(super) static FACTS: &[Fact] = &[number_fact(
    "height",
    "Height",
    Dimension::Length,
    (0.2, 5.0),
    "The height above the floor or the line of the nosings. A quantity is of the whole railing, which \
     may climb or reach below the floor: anything up to it.",
    &[
        Source::Property("Pset_RailingCommon", "Height"),
        Source::Property("", "Railing Height"),
        Source::Property("", "Height"),
        Source::Compute {
            label: "up to quantity Height",
            provenance: Provenance::Inferred,
            read: |reader, e| match length(reader.quantity(e, "", "Height")) {
                Some(whole) => between(0.0, whole, "the height of the whole railing".to_owned()),
                None => Outcome::Nothing,
            },
        },
    ],
)];
