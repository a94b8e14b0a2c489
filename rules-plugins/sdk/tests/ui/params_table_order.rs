//! A table that lists its cells in another order than its keys.

use plancheck_sdk::prelude::*;

keys! {
    /// Uses.
    pub enum Use {
        /// One.
        Office = "office": ["office"],
        /// Two.
        Shop = "shop": ["shop"],
    }
}

#[derive(Params)]
pub struct Params {
    /// Factor
    #[param(table = [Shop = 60.0, Office = 150.0], unit = SquareFootPerPerson, cite = "Code §1")]
    pub factor: Table<AreaPerPerson, Use>,
}

fn main() {}
