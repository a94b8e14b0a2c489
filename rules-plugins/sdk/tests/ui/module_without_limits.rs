//! A module that does not say what it does not cover.

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

plancheck_sdk::module! {
    id: "sample",
    title: "Sample",
    publisher: "Example",
    jurisdiction: { country: "us" },
    params: Params,
    views: [Door],
    rules: [],
}

fn main() {}
