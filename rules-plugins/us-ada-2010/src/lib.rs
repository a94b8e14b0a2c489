//! 2010 ADA Standards for Accessible Design: doors, ramps, routes and stairs, as far as a
//! building model can show them.
//!
//! The README says what is covered and what is not. Rules are in [`rules`], the facts they see in
//! [`views`], the numbers of the standards in [`params`].

pub mod keys;
pub mod params;
pub mod rules;
pub mod views;

use params::Params;
use rules::*;
use views::{Door, RampFlight, Route, StairFlight};

plancheck_sdk::module! {
    id: "us-ada-2010",
    title: "2010 ADA Standards, doors, ramps, routes and stairs",
    publisher: "Plancheck",
    limits: "Sizes of doors, ramps, corridors and stairs only. Not covered: scoping (which elements \
        must be accessible) but for private dwellings, manoeuvring clearances, turning spaces, hardware, landings and \
        handrails, slopes of walking surfaces, plumbing fixtures, reach ranges, signs, and \
        exceptions that a page does not name. Nobody has held the rules against the official text \
        yet.",
    jurisdiction: {
        country: "us",
        family: "ADA",
        edition: "2010",
        effective_from: "2012-03-15",
    },
    sections: [
        "2010 ADA Standards §307.4" => ("Protruding objects: vertical clearance", "https://www.access-board.gov/ada/#ada-307"),
        "2010 ADA Standards §403.5.1" => ("Walking surfaces: clear width", "https://www.access-board.gov/ada/#ada-403"),
        "2010 ADA Standards §404.2.3" => ("Doors: clear width", "https://www.access-board.gov/ada/#ada-404"),
        "2010 ADA Standards §404.2.5" => ("Doors: thresholds", "https://www.access-board.gov/ada/#ada-404"),
        "2010 ADA Standards §405.2" => ("Ramps: slope", "https://www.access-board.gov/ada/#ada-405"),
        "2010 ADA Standards §405.5" => ("Ramps: clear width", "https://www.access-board.gov/ada/#ada-405"),
        "2010 ADA Standards §405.6" => ("Ramps: rise", "https://www.access-board.gov/ada/#ada-405"),
        "2010 ADA Standards §504.2" => ("Stairs: treads and risers", "https://www.access-board.gov/ada/#ada-504"),
    ],
    params: Params,
    views: [Door, RampFlight, Route, StairFlight],
    rules: [
        door_clear_width,
        door_clear_height,
        door_threshold,
        ramp_slope,
        ramp_rise,
        ramp_width,
        route_width,
        stair_riser_height,
        stair_tread_depth,
    ],
}
