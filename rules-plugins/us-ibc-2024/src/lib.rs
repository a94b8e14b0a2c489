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
    sections: [
        "IBC 2024 §1003.2" => ("General: ceiling height", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1004.5" => ("Occupant load: areas without fixed seating", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1005.3.2" => ("Egress width: other components", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1006.2.1" => ("Egress from rooms: number of exits", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1006.2.1.1" => "Egress from rooms: three or more exits",
        "IBC 2024 §1006.3.3" => ("Egress from storeys: number of exits", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1010.1.1" => ("Doors: size", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1010.1.2" => ("Doors: kind and swing", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1011.2" => ("Stairs: width", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1011.3" => ("Stairs: headroom", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1011.5.2" => ("Stairs: risers and treads", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1011.8" => ("Stairs: rise of a flight", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1012.2" => ("Ramps: slope", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1012.4" => ("Ramps: rise", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1012.5.1" => ("Ramps: width", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1014.2" => ("Handrails: height", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1015.3" => ("Guards: height", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1020.3" => ("Corridors: width", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-10-means-of-egress"),
        "IBC 2024 §1208.2" => ("Rooms: ceiling height", "https://codes.iccsafe.org/content/IBC2024V2.0/chapter-12-interior-environment"),
    ],
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
