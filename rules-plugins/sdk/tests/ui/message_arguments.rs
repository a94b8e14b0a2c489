//! A message with fewer arguments than its text has places.

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

/// Doors are wide enough
#[rule(id = "door-width", cite = "Code §1", severity = Error, category = General,
       messages(NARROW = "{0} in, {1} in are required"))]
pub fn door_width(door: Door, p: &Params) -> Verdict {
    door.clear_width.at_least(p.width).because(NARROW, [1.0])
}

fn main() {}
