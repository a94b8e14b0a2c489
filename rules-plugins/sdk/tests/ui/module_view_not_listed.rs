//! A rule whose view the module does not list.

use plancheck_sdk::prelude::*;

#[derive(Facts)]
#[facts(subject = "door")]
pub struct Door {
    pub clear_width: Number<Length>,
}

#[derive(Params)]
pub struct Params {
    /// Width
    #[param(default = inches(32.0), cite = "Code §1")]
    pub width: Limit<Length>,
    /// Area
    #[param(default = square_feet(10.0), cite = "Code §1")]
    pub area: Limit<Area>,
}

/// A window.
#[derive(Facts)]
#[facts(subject = "window")]
pub struct Window {
    pub sill_height: Number<Length>,
}

/// Doors are wide enough
#[rule(id = "door-width", cite = "Code §1", severity = Error, category = General)]
pub fn door_width(door: Door, p: &Params) -> Verdict {
    door.clear_width.at_least(p.width)
}

plancheck_sdk::module! {
    id: "sample",
    title: "Sample",
    publisher: "Example",
    limits: "Everything.",
    jurisdiction: { country: "us" },
    params: Params,
    views: [Window],
    rules: [door_width],
}

fn main() {}
