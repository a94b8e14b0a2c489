//! Codes of Europe: DIN 18040 and 18065, the Approved Documents K and M, the Código Técnico.

use super::Place::{Property, Quantity};
use super::{Place, Target, say, without_shape};
use crate::ifc::{Ifc, global_id};
use crate::units::Measure;

const FLIGHT: &str = "Pset_StairFlightCommon";
const QUANTITIES: &str = "Qto_SpaceBaseQuantities";
const RAILING: &str = "Pset_RailingCommon";

pub(super) fn targets() -> Vec<Target> {
    [
        din_18040(),
        din_18065(),
        document_k(),
        document_m(),
        codigo_tecnico(),
    ]
    .concat()
}

fn book(
    modules: &'static [&'static str],
    rule: &str,
    element: &'static str,
    place: Place,
    good: f64,
) -> Target {
    Target::new(modules, rule, element, place, good)
}

fn din_18040() -> Vec<Target> {
    const DIN: &[&str] = &["de-din-18040"];
    let clear_width = Property("Sizes", "ClearWidth");
    vec![
        book(DIN, "door-clear-width", "Door", clear_width, 1.0)
            .setup(|ifc| say(ifc, "Door", "Sizes", "InDwelling", false))
            .at_least(0.90)
            .missing(&["clear_width"]),
        book(
            DIN,
            "door-clear-height",
            "Door",
            Property("Sizes", "ClearHeight"),
            2.15,
        )
        .at_least(2.05)
        .missing(&["clear_height"]),
        book(DIN, "corridor-width", "Corridor", clear_width, 2.2)
            .setup(|ifc| {
                without_shape(ifc, "Corridor");
                for name in ["InDwelling", "NoTurningNeeded", "IsPassage"] {
                    say(ifc, "Corridor", "Sizes", name, false);
                }
            })
            .at_least(1.50)
            .missing(&["clear_width"]),
        book(
            DIN,
            "ramp-width",
            "Ramp",
            Property("Pset_RampFlightCommon", "ClearWidth"),
            1.6,
        )
        .at_least(1.20)
        .missing(&["width"]),
        book(DIN, "ramp-run", "Ramp", Property("Sizes", "Run"), 5.0)
            .at_most(6.0)
            .missing(&["run"]),
        book(
            DIN,
            "ramp-slope",
            "Ramp",
            Property("Pset_RampFlightCommon", "Slope"),
            0.05,
        )
        .setup(|ifc| {
            let ramp = ifc.element(&global_id("Ramp"));
            ifc.remove_entry(ramp, "Sizes", "Run");
        })
        .measure(Measure::Slope)
        .at_most(0.06)
        .missing(&["slope"]),
    ]
}

fn din_18065() -> Vec<Target> {
    const DIN: &[&str] = &["de-din-18065"];
    /// A required stair outside of dwellings.
    fn required(ifc: &mut Ifc) {
        say(ifc, "Flight", "Sizes", "InDwelling", false);
        say(ifc, "Flight", "Sizes", "IsRequiredStair", true);
    }
    vec![
        book(
            DIN,
            "stair-rise",
            "Flight",
            Property(FLIGHT, "RiserHeight"),
            0.165,
        )
        .setup(required)
        .at_least(0.140)
        .at_most(0.190)
        .missing(&["riser_height"]),
        book(
            DIN,
            "stair-going",
            "Flight",
            Property(FLIGHT, "TreadLength"),
            0.29,
        )
        .setup(required)
        .at_least(0.260)
        .at_most(0.370)
        .missing(&["tread_depth"]),
        // Twice the rise and the going: 590 to 650 mm; with a rise of 165 mm, 260 to 320 mm of going.
        book(
            DIN,
            "stair-step",
            "Flight",
            Property(FLIGHT, "TreadLength"),
            0.29,
        )
        .setup(required)
        .at_least(0.260)
        .at_most(0.320)
        .missing(&["tread_depth"])
        .missing_set(&["riser_height", "tread_depth"]),
        book(
            DIN,
            "stair-width",
            "Flight",
            Property("Sizes", "ClearWidth"),
            1.6,
        )
        .setup(required)
        .at_least(1.00)
        .missing(&["width"]),
        book(
            DIN,
            "stair-flight-risers",
            "Flight",
            Property(FLIGHT, "NumberOfRiser"),
            11.0,
        )
        .setup(required)
        .measure(Measure::Count)
        .at_most(18.0)
        .missing(&["number_of_risers"]),
        book(
            DIN,
            "stair-headroom",
            "Flight",
            Property(FLIGHT, "Headroom"),
            2.2,
        )
        .at_least(2.00)
        .missing(&["headroom"]),
        book(
            DIN,
            "handrail-height",
            "Handrail",
            Property(RAILING, "Height"),
            0.90,
        )
        .at_least(0.80)
        .at_most(1.15)
        .missing(&["height"]),
    ]
}

fn document_k() -> Vec<Target> {
    const K: &[&str] = &["gb-eng-adk"];
    fn public(ifc: &mut Ifc) {
        for name in ["InDwelling", "IsUtilityStair", "SmallPremises"] {
            say(ifc, "Flight", "Sizes", name, false);
        }
    }
    vec![
        book(
            K,
            "stair-rise",
            "Flight",
            Property(FLIGHT, "RiserHeight"),
            0.165,
        )
        .setup(public)
        .at_least(0.150)
        .at_most(0.170)
        .missing(&["riser_height"]),
        book(
            K,
            "stair-going",
            "Flight",
            Property(FLIGHT, "TreadLength"),
            0.29,
        )
        .setup(public)
        .at_least(0.250)
        .at_most(0.400)
        .missing(&["tread_depth"]),
        book(
            K,
            "stair-headroom",
            "Flight",
            Property(FLIGHT, "Headroom"),
            2.2,
        )
        .setup(public)
        .at_least(2.00)
        .missing(&["headroom"]),
        book(
            K,
            "stair-width",
            "Flight",
            Property("Sizes", "ClearWidth"),
            1.6,
        )
        .setup(public)
        .at_least(1.20)
        .missing(&["width"]),
        book(
            K,
            "stair-flight-risers",
            "Flight",
            Property(FLIGHT, "NumberOfRiser"),
            11.0,
        )
        .setup(public)
        .measure(Measure::Count)
        .at_most(12.0)
        .missing(&["number_of_risers"]),
        book(K, "guard-height", "Guard", Property(RAILING, "Height"), 1.2)
            .setup(|ifc| {
                for name in ["InDwelling", "OnStairFlight", "InFrontOfFixedSeating"] {
                    say(ifc, "Guard", "Sizes", name, false);
                }
            })
            .at_least(1.10)
            .missing(&["height"]),
        book(
            K,
            "handrail-height",
            "Handrail",
            Property(RAILING, "Height"),
            0.95,
        )
        .setup(|ifc| say(ifc, "Handrail", "Sizes", "OnLanding", false))
        .at_least(0.90)
        .at_most(1.00)
        .missing(&["height"]),
    ]
}

fn document_m() -> Vec<Target> {
    const M: &[&str] = &["gb-eng-adm"];
    const LIFT: &str = "Pset_TransportElementElevator";
    vec![
        book(
            M,
            "door-clear-width",
            "Door",
            Property("Sizes", "ClearWidth"),
            1.0,
        )
        .setup(|ifc| {
            let door = ifc.element(&global_id("Door"));
            ifc.put(door, "Pset_DoorCommon", "Status", "IFCLABEL('NEW')");
        })
        .at_least(0.800)
        .missing(&["clear_width"]),
        book(
            M,
            "corridor-width",
            "Corridor",
            Property("Sizes", "ClearWidth"),
            2.2,
        )
        .setup(|ifc| without_shape(ifc, "Corridor"))
        .at_least(1.200)
        .missing(&["clear_width"]),
        book(
            M,
            "lift-car-size",
            "Lift",
            Property(LIFT, "ClearWidth"),
            1.3,
        )
        .setup(|ifc| {
            super::length(ifc, "Lift", LIFT, "ClearWidth", 1.3);
            super::length(ifc, "Lift", LIFT, "ClearDepth", 1.6);
        })
        .at_least(1.100)
        .missing(&["property(Pset_TransportElementElevator, ClearWidth)"])
        .missing_set(&[
            "property(Pset_TransportElementElevator, ClearDepth)",
            "property(Pset_TransportElementElevator, ClearWidth)",
        ]),
        book(
            M,
            "wheelchair-toilet-area",
            "Bath",
            Quantity(QUANTITIES, "NetFloorArea"),
            7.5,
        )
        .setup(|ifc| {
            without_shape(ifc, "Bath");
            super::call(ifc, "Bath", "Accessible WC");
        })
        .measure(Measure::Area)
        .at_least(3.3)
        .missing(&["area"]),
    ]
}

fn codigo_tecnico() -> Vec<Target> {
    const CTE: &[&str] = &["es-cte"];
    vec![
        book(
            CTE,
            "exit-door-width",
            "Exit_A",
            Property("Sizes", "ClearWidth"),
            1.0,
        )
        .setup(|ifc| say(ifc, "Exit_A", "Sizes", "InDwelling", false))
        .at_least(0.80)
        .missing(&["clear_width"]),
        book(
            CTE,
            "stair-rise",
            "Flight",
            Property(FLIGHT, "RiserHeight"),
            0.165,
        )
        .setup(|ifc| {
            say(ifc, "Flight", "Sizes", "InDwelling", false);
            say(ifc, "Flight", "Sizes", "PublicUse", true);
        })
        .at_least(0.130)
        .at_most(0.175)
        .missing(&["riser_height"]),
        book(
            CTE,
            "door-height",
            "Door",
            Property("Sizes", "ClearHeight"),
            2.15,
        )
        .at_least(2.00)
        .missing(&["clear_height"]),
        book(
            CTE,
            "corridor-height",
            "Corridor",
            Quantity(QUANTITIES, "FinishCeilingHeight"),
            2.7,
        )
        .setup(|ifc| {
            without_shape(ifc, "Corridor");
            say(ifc, "Corridor", "Sizes", "InDwelling", false);
        })
        .at_least(2.20)
        .missing(&["height"]),
    ]
}
