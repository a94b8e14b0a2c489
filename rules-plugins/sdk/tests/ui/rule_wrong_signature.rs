//! A rule that takes its facts one by one.

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
#[rule(id = "door-width", cite = "Code §1", severity = Error, category = General)]
pub fn door_width(clear_width: f64) -> Verdict {
    Verdict::pass()
}

fn main() {}
