//! International Building Code 2024: means of egress, as far as a building model can show it.
//!
//! The README says what is covered and what is not. Rules are in [`rules`], the facts they see in
//! [`views`], the numbers of the code in [`params`].

pub mod keys;
pub mod params;
pub mod rules;
pub mod views;

use params::Params;
use rules::*;
use views::{Corridor, Door, Railing, RampFlight, Room, SpaceUse, StairFlight, Storey};

plancheck_sdk::module! {
    id: "us-ibc-2024",
    title: "International Building Code 2024, means of egress",
    publisher: "Plancheck",
    limits: "Means of egress only, by sizes, counts and loads. Not covered: travel distance, \
        common path, dead ends and exit separation; fire ratings; hardware, landings and swing of \
        doors; stair capacity; accessible means of egress; and exceptions that a page does not \
        name. Nobody has held the rules against the official text yet.",
    jurisdiction: {
        country: "us",
        family: "IBC",
        edition: "2024",
        effective_from: "2024-01-01",
    },
    params: Params,
    views: [Door, Corridor, Room, SpaceUse, StairFlight, RampFlight, Storey, Railing],
    derived: [occupant_load],
    rules: [
        egress_door_clear_width,
        egress_door_clear_height,
        egress_door_type,
        corridor_clear_width,
        corridor_ceiling_height,
        room_ceiling_height,
        space_exits,
        storey_exits,
        storey_exit_width,
        stair_width,
        stair_riser_height,
        stair_tread_depth,
        stair_headroom,
        stair_flight_rise,
        ramp_slope,
        ramp_rise,
        ramp_width,
        guard_height,
        handrail_height,
    ],
    readiness: ["readiness.ids"],
}
