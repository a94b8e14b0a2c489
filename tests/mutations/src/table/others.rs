//! Codes of Canada and Australia, and those of the United States for houses, wires and pipes.

use super::Place::{Property, Quantity};
use super::{Place, Target, call, length, say, without_shape};
use crate::ifc::{Ifc, global_id};
use crate::units::{Measure, inches, square_feet};

const FLIGHT: &str = "Pset_StairFlightCommon";
const QUANTITIES: &str = "Qto_SpaceBaseQuantities";
const RAILING: &str = "Pset_RailingCommon";

pub(super) fn targets() -> Vec<Target> {
    [canada(), australia(), houses(), wires_and_pipes()].concat()
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

fn canada() -> Vec<Target> {
    const NBC: &[&str] = &["ca-nbc-2020"];
    let riser = Property(FLIGHT, "RiserHeight");
    vec![
        book(NBC, "stair-rise", "Flight", riser, 0.165)
            .at_least(0.125)
            .at_most(0.180)
            .missing(&["riser_height"]),
        book(
            NBC,
            "stair-run",
            "Flight",
            Property(FLIGHT, "TreadLength"),
            0.29,
        )
        .at_least(0.280)
        .missing(&["tread_depth"]),
        book(
            NBC,
            "stair-width",
            "Flight",
            Property("Sizes", "ClearWidth"),
            1.6,
        )
        .at_least(0.900)
        .missing(&["width"]),
        book(
            NBC,
            "stair-headroom",
            "Flight",
            Property(FLIGHT, "Headroom"),
            2.2,
        )
        .at_least(2.050)
        .missing(&["headroom"]),
        book(
            NBC,
            "guard-height",
            "Guard",
            Property(RAILING, "Height"),
            1.2,
        )
        .setup(|ifc| say(ifc, "Guard", "Sizes", "OnStairFlight", false))
        .at_least(1.070)
        .missing(&["height"]),
    ]
}

fn australia() -> Vec<Target> {
    const NCC: &[&str] = &["au-ncc-2022"];
    vec![
        book(
            NCC,
            "stair-riser",
            "Flight",
            Property(FLIGHT, "RiserHeight"),
            0.165,
        )
        .setup(|ifc| say(ifc, "Flight", "Sizes", "IsSpiral", false))
        .at_least(0.115)
        .at_most(0.190)
        .missing(&["riser_height"]),
        book(
            NCC,
            "corridor-width",
            "Corridor",
            Property("Sizes", "ClearWidth"),
            2.2,
        )
        .setup(|ifc| without_shape(ifc, "Corridor"))
        .at_least(1.0)
        .missing(&["clear_width"]),
        book(
            NCC,
            "doorway-height",
            "Door",
            Property("Sizes", "ClearHeight"),
            2.15,
        )
        .at_least(1.980)
        .missing(&["clear_height"]),
        book(
            NCC,
            "accessible-doorway-width",
            "Door",
            Property("Sizes", "ClearWidth"),
            1.0,
        )
        .at_least(0.850)
        .missing(&["clear_width"]),
        book(
            NCC,
            "handrail-height",
            "Handrail",
            Property(RAILING, "Height"),
            0.90,
        )
        .setup(|ifc| say(ifc, "Handrail", "Sizes", "LowerHandrail", false))
        .at_least(0.865)
        .missing(&["height"]),
    ]
}

fn houses() -> Vec<Target> {
    const IRC: &[&str] = &["us-irc-2024"];
    vec![
        book(
            IRC,
            "stair-riser-height",
            "Flight",
            Property(FLIGHT, "RiserHeight"),
            0.165,
        )
        .occupancy("R-3")
        .at_most(inches(7.75))
        .missing(&["riser_height"]),
        book(
            IRC,
            "hallway-width",
            "Corridor",
            Property("Sizes", "ClearWidth"),
            2.2,
        )
        .occupancy("R-3")
        .setup(|ifc| without_shape(ifc, "Corridor"))
        .at_least(inches(36.0))
        .missing(&["clear_width"]),
        book(
            IRC,
            "habitable-room-area",
            "Office_2",
            Quantity(QUANTITIES, "NetFloorArea"),
            24.0,
        )
        .occupancy("R-3")
        .setup(|ifc| {
            without_shape(ifc, "Office_2");
            call(ifc, "Office_2", "Living room");
        })
        .measure(Measure::Area)
        .at_least(square_feet(70.0))
        .missing(&["area"]),
        book(
            IRC,
            "escape-window-sill",
            "Window",
            Property("Sizes", "SillHeight"),
            0.9,
        )
        .occupancy("R-3")
        .setup(|ifc| say(ifc, "Window", "Pset_WindowCommon", "FireExit", true))
        .at_most(inches(44.0))
        .missing(&["sill_height"]),
    ]
}

fn wires_and_pipes() -> Vec<Target> {
    const NEC: &[&str] = &["us-nec-2023"];
    const IPC: &[&str] = &["us-ipc-2024"];
    fn of_pipe(ifc: &mut Ifc) {
        let pipe = ifc.element(&global_id("Pipe"));
        ifc.put(pipe, "Plumbing", "SystemType", "IFCLABEL('Vent')");
        length(
            ifc,
            "Pipe",
            "Pset_PipeSegmentTypeCommon",
            "NominalDiameter",
            0.05,
        );
    }
    vec![
        book(
            NEC,
            "breaker-handle-height",
            "Panel",
            Property("Electrical", "HighestHandleHeight"),
            1.8,
        )
        .setup(|ifc| length(ifc, "Panel", "Electrical", "HighestHandleHeight", 1.8))
        .at_most(inches(79.0))
        .missing(&["property(HighestHandleHeight)"]),
        book(
            NEC,
            "switch-height",
            "Switch",
            Property("Electrical", "Elevation from Level"),
            1.1,
        )
        .setup(|ifc| {
            say(ifc, "Switch", "Switching", "BesideEquipment", false);
        })
        .at_most(inches(79.0))
        .missing(&["property(Elevation from Level)"]),
        book(
            IPC,
            "fixture-side-clearance",
            "Closet",
            Property("Plumbing", "SideClearance"),
            0.5,
        )
        .setup(|ifc| length(ifc, "Closet", "Plumbing", "SideClearance", 0.5))
        .at_least(inches(15.0))
        .missing(&["property(SideClearance)"]),
        book(
            IPC,
            "fixture-front-clearance",
            "Basin",
            Property("Plumbing", "FrontClearance"),
            0.7,
        )
        .setup(|ifc| length(ifc, "Basin", "Plumbing", "FrontClearance", 0.7))
        .at_least(inches(21.0))
        .missing(&["property(FrontClearance)"]),
        book(
            IPC,
            "vent-size",
            "Pipe",
            Property("Pset_PipeSegmentTypeCommon", "NominalDiameter"),
            0.05,
        )
        .setup(of_pipe)
        .at_least(inches(1.25))
        .missing(&["property(Pset_PipeSegmentTypeCommon, NominalDiameter)"]),
    ]
}
