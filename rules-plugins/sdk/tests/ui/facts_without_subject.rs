//! A view of nothing.

use plancheck_sdk::prelude::*;

#[derive(Facts)]
pub struct Door {
    pub clear_width: Number<Length>,
}

fn main() {}
