//! A severity that there is not.

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
#[rule(id = "door-width", cite = "Code §1", severity = Fatal, category = General)]
pub fn door_width(door: Door, p: &Params) -> Verdict {
    door.clear_width.at_least(p.width)
}

fn main() {}
