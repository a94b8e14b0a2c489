//! International Building Code 2024. Doors, spaces and storeys whose rules count or name things are
//! in `special`.

use super::Place::{Property, Quantity, Side as Footprint};
use super::{Expect, Place, Side, Target, without_shape};
use crate::units::{Measure, feet, inches};

const IBC: &[&str] = &["us-ibc-2024"];
const FLIGHT: &str = "Pset_StairFlightCommon";
const QUANTITIES: &str = "Qto_SpaceBaseQuantities";

fn ibc(rule: &str, element: &'static str, place: Place, good: f64) -> Target {
    Target::new(IBC, rule, element, place, good)
}

pub(super) fn targets() -> Vec<Target> {
    let mut all = doors_and_rooms();
    all.extend(stairs());
    all.extend(ramps_and_railings());
    all
}

fn doors_and_rooms() -> Vec<Target> {
    vec![
        // §1010.1.1
        ibc(
            "egress-door-clear-width",
            "Door",
            Property("Sizes", "ClearWidth"),
            1.0,
        )
        .at_least(inches(32.0))
        .missing(&["clear_width"]),
        ibc(
            "egress-door-clear-height",
            "Door",
            Property("Sizes", "ClearHeight"),
            2.15,
        )
        .at_least(inches(80.0))
        .missing(&["clear_height"]),
        // §1020.3: 36 in below 50 persons.
        ibc(
            "corridor-clear-width",
            "Corridor",
            Property("Sizes", "ClearWidth"),
            2.2,
        )
        .setup(|ifc| without_shape(ifc, "Corridor"))
        .at_least(inches(36.0))
        .missing(&["clear_width"]),
        ibc("corridor-clear-width", "Corridor", Footprint, 2.2)
            .setup(|ifc| {
                let corridor = ifc.element(&crate::ifc::global_id("Corridor"));
                ifc.remove_entry(corridor, "Sizes", "ClearWidth");
                ifc.remove_entry(corridor, QUANTITIES, "NetFloorArea");
            })
            .at_least(inches(36.0))
            .related(&["Lower"])
            .missing(&["clear_width"]),
        // 44 in from 50 persons on: the offices hold 80 here. How many use the corridor nobody says.
        ibc(
            "corridor-clear-width",
            "Corridor",
            Property("Sizes", "ClearWidth"),
            2.2,
        )
        .setup(|ifc| {
            without_shape(ifc, "Corridor");
            crowd(ifc);
        })
        .edge(
            Side::AtLeast,
            inches(44.0),
            Expect::Undetermined(&[]),
            inches(30.0),
        )
        .missing(&["clear_width"]),
        // §1003.2
        ibc(
            "corridor-ceiling-height",
            "Corridor",
            Quantity(QUANTITIES, "FinishCeilingHeight"),
            2.7,
        )
        .related(&["Lower"])
        .setup(|ifc| without_shape(ifc, "Corridor"))
        .at_least(feet(7.5))
        .missing(&["height"]),
        // §1208.2
        ibc(
            "room-ceiling-height",
            "Office",
            Quantity(QUANTITIES, "FinishCeilingHeight"),
            2.7,
        )
        .related(&["Lower"])
        .setup(|ifc| without_shape(ifc, "Office"))
        .at_least(feet(7.5))
        .missing(&["height"]),
        ibc(
            "room-ceiling-height",
            "Bath",
            Quantity(QUANTITIES, "FinishCeilingHeight"),
            2.6,
        )
        .related(&["Lower"])
        .setup(|ifc| without_shape(ifc, "Bath"))
        .at_least(feet(7.0))
        .missing(&["height"]),
    ]
}

/// 80 persons and more on the lower storey: 12 000 square feet of office.
fn crowd(ifc: &mut crate::ifc::Ifc) {
    without_shape(ifc, "Office");
    let office = ifc.element(&crate::ifc::global_id("Office"));
    let area = crate::units::square_feet(12_000.0);
    ifc.set_quantity(office, QUANTITIES, "NetFloorArea", area, Measure::Area);
}

fn stairs() -> Vec<Target> {
    vec![
        // §1011.2: 36 in below 50 persons in the building, else 44 in.
        ibc(
            "stair-width",
            "Flight",
            Property("Sizes", "ClearWidth"),
            1.6,
        )
        .at_least(inches(36.0))
        .missing(&["width"]),
        ibc(
            "stair-width",
            "Flight",
            Property("Sizes", "ClearWidth"),
            1.6,
        )
        .setup(crowd)
        .edge(
            Side::AtLeast,
            inches(44.0),
            Expect::Undetermined(&[]),
            inches(30.0),
        )
        .missing(&["width"]),
        // §1011.5.2
        ibc(
            "stair-riser-height",
            "Flight",
            Property(FLIGHT, "RiserHeight"),
            0.165,
        )
        .related(&["Upper"])
        .at_most(inches(7.0))
        .at_least(inches(4.0))
        .missing(&["riser_height"]),
        // In a one-family house 7 3/4 in.
        ibc(
            "stair-riser-height",
            "Flight",
            Property(FLIGHT, "RiserHeight"),
            0.165,
        )
        .occupancy("R-3")
        .related(&["Upper"])
        .at_most(inches(7.75))
        .missing(&["riser_height"]),
        // In an apartment building 7 3/4 in inside dwellings only, and which these are nobody says.
        ibc(
            "stair-riser-height",
            "Flight",
            Property(FLIGHT, "RiserHeight"),
            0.165,
        )
        .occupancy("R-2")
        .related(&["Upper"])
        .edge(
            Side::AtMost,
            inches(7.0),
            Expect::Undetermined(&[]),
            inches(8.0),
        )
        .missing(&["riser_height"]),
        ibc(
            "stair-tread-depth",
            "Flight",
            Property(FLIGHT, "TreadLength"),
            0.29,
        )
        .at_least(inches(11.0))
        .missing(&["tread_depth"]),
        // §1011.3
        ibc(
            "stair-headroom",
            "Flight",
            Property(FLIGHT, "Headroom"),
            2.2,
        )
        .at_least(inches(80.0))
        .missing(&["headroom"]),
        // §1011.8
        ibc(
            "stair-flight-rise",
            "Flight",
            Property("Sizes", "total_rise"),
            1.815,
        )
        .setup(|ifc| {
            let flight = ifc.element(&crate::ifc::global_id("Flight"));
            ifc.remove_entry(flight, FLIGHT, "NumberOfRiser");
            ifc.put_number(flight, "Sizes", "total_rise", 1.815, Measure::Length);
        })
        .related(&["Upper"])
        .at_most(feet(12.0))
        .missing(&["total_rise"]),
        ibc(
            "stair-flight-rise",
            "Flight",
            Property(FLIGHT, "NumberOfRiser"),
            11.0,
        )
        .measure(Measure::Count)
        .setup(|ifc| super::length(ifc, "Flight", FLIGHT, "RiserHeight", inches(6.0)))
        .related(&["Upper"])
        .at_most(24.0)
        .missing(&["total_rise"]),
    ]
}

fn ramps_and_railings() -> Vec<Target> {
    vec![
        // §1012.2: 1 in 12, and 1 in 8 outside of a means of egress, which nobody says.
        ibc(
            "ramp-slope",
            "Ramp",
            Property("Pset_RampFlightCommon", "Slope"),
            0.05,
        )
        .setup(|ifc| {
            let ramp = ifc.element(&crate::ifc::global_id("Ramp"));
            ifc.remove_entry(ramp, "Sizes", "Run");
        })
        .measure(Measure::Slope)
        .edge(
            Side::AtMost,
            1.0 / 12.0,
            Expect::Undetermined(&[]),
            1.0 / 7.0,
        )
        .missing(&["slope"]),
        // §1012.4
        ibc("ramp-rise", "Ramp", Property("Sizes", "Rise"), 0.25)
            .at_most(inches(30.0))
            .missing(&["rise"]),
        // §1012.5.1
        ibc(
            "ramp-width",
            "Ramp",
            Property("Pset_RampFlightCommon", "ClearWidth"),
            1.6,
        )
        .at_least(inches(36.0))
        .missing(&["width"]),
        // §1015.3
        ibc(
            "guard-height",
            "Guard",
            Property("Pset_RailingCommon", "Height"),
            1.2,
        )
        .at_least(inches(42.0))
        .missing(&["height"]),
        // §1014.2
        ibc(
            "handrail-height",
            "Handrail",
            Property("Pset_RailingCommon", "Height"),
            inches(35.4),
        )
        .at_least(inches(34.0))
        .at_most(inches(38.0))
        .missing(&["height"]),
    ]
}
