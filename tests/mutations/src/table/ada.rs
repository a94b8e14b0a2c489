//! 2010 ADA Standards for Accessible Design, and what California makes of one of their numbers.

use super::Place::{Property, Side as Footprint};
use super::{Expect, Place, Side, Target, without_shape};
use crate::units::{Measure, inches};

const ADA: &[&str] = &["us-ada-2010"];
const FLIGHT: &str = "Pset_StairFlightCommon";

fn ada(rule: &str, element: &'static str, place: Place, good: f64) -> Target {
    Target::new(ADA, rule, element, place, good)
}

pub(super) fn targets() -> Vec<Target> {
    vec![
        // §404.2.3
        ada(
            "accessible-door-clear-width",
            "Door",
            Property("Sizes", "ClearWidth"),
            1.0,
        )
        .at_least(inches(32.0))
        .missing(&["clear_width"]),
        // §307.4
        ada(
            "accessible-door-clear-height",
            "Door",
            Property("Sizes", "ClearHeight"),
            2.15,
        )
        .at_least(inches(80.0))
        .missing(&["clear_height"]),
        // §404.2.5: up to 3/4 in where an existing one is bevelled, which nobody says.
        ada(
            "accessible-door-threshold",
            "Door",
            Property("Sizes", "ThresholdHeight"),
            0.01,
        )
        .edge(
            Side::AtMost,
            inches(0.5),
            Expect::Undetermined(&[]),
            inches(1.0),
        )
        .missing(&["threshold_height"]),
        // §405.2
        ada(
            "accessible-ramp-slope",
            "Ramp",
            Property("Pset_RampFlightCommon", "Slope"),
            0.05,
        )
        .setup(|ifc| {
            let ramp = ifc.element(&crate::ifc::global_id("Ramp"));
            ifc.remove_entry(ramp, "Sizes", "Run");
        })
        .measure(Measure::Slope)
        .at_most(1.0 / 12.0)
        .missing(&["slope"]),
        // §405.6
        ada(
            "accessible-ramp-rise",
            "Ramp",
            Property("Sizes", "Rise"),
            0.25,
        )
        .at_most(inches(30.0))
        .missing(&["rise"]),
        // §405.5
        ada(
            "accessible-ramp-width",
            "Ramp",
            Property("Pset_RampFlightCommon", "ClearWidth"),
            1.6,
        )
        .at_least(inches(36.0))
        .missing(&["width"]),
        // §403.5.1: 32 in over 24 in of length, which nobody says.
        ada(
            "accessible-route-width",
            "Corridor",
            Property("Sizes", "ClearWidth"),
            2.2,
        )
        .setup(|ifc| without_shape(ifc, "Corridor"))
        .edge(
            Side::AtLeast,
            inches(36.0),
            Expect::Undetermined(&[]),
            inches(30.0),
        )
        .missing(&["clear_width"]),
        ada("accessible-route-width", "Corridor", Footprint, 2.2)
            .setup(|ifc| {
                let corridor = ifc.element(&crate::ifc::global_id("Corridor"));
                ifc.remove_entry(corridor, "Sizes", "ClearWidth");
            })
            .edge(
                Side::AtLeast,
                inches(36.0),
                Expect::Undetermined(&[]),
                inches(30.0),
            )
            .missing(&["clear_width"]),
        // §504.2
        ada(
            "accessible-stair-riser-height",
            "Flight",
            Property(FLIGHT, "RiserHeight"),
            0.165,
        )
        .at_most(inches(7.0))
        .at_least(inches(4.0))
        .missing(&["riser_height"]),
        ada(
            "accessible-stair-tread-depth",
            "Flight",
            Property(FLIGHT, "TreadLength"),
            0.29,
        )
        .at_least(inches(11.0))
        .missing(&["tread_depth"]),
        // California Building Code 2022 §11B-405.5
        Target::new(
            &["us-ada-2010", "us-ca-ada-2010"],
            "accessible-ramp-width",
            "Ramp",
            Property("Pset_RampFlightCommon", "ClearWidth"),
            1.6,
        )
        .at_least(inches(48.0))
        .missing(&["width"]),
    ]
}
