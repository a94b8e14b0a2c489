//! A length in inches as the default of an area.

use plancheck_sdk::prelude::*;

#[derive(Params)]
pub struct Params {
    /// Area
    #[param(default = inches(32.0), cite = "Code §1")]
    pub area: Limit<Area>,
}

fn main() {}
