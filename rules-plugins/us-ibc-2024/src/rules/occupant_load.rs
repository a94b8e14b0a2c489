//! IBC 2024 §1004.5 and Table 1004.5.

use plancheck_sdk::prelude::*;

use crate::keys::Function;
use crate::params::Params;
use crate::views::SpaceUse;

/// Occupant load of a space
///
/// Floor area divided by the factor of Table 1004.5 for the function of the space. A part of a
/// person counts as one: the section does not say how to round, and rounding up is the reading that
/// asks for no less than any other. The function is found from the use that the model gives; a use that names no row
/// of the table leaves the load undetermined. Net functions take the net area, gross functions the
/// gross area, and both the plain area where the model has no other.
///
/// Corridors, stairs and toilets are part of the gross area around them: they count for anything
/// from no persons to one for each 150 square feet, in whole persons, as a tolerance.
///
/// Not modelled: fixed seats (§1004.6), concentrated business use (§1004.8), and loads increased
/// by approval (§1004.5.1).
#[derived(name = "occupant_load")]
pub fn occupant_load(space: SpaceUse, p: &Params) -> Derived<Count> {
    let function = space.function.known()?;
    let exact = if function.is_net() {
        space.net_area
    } else {
        space.gross_area
    };
    let area = exact.known().or_else(|_| space.area.known())?;
    let load = area.persons_at(p.occupant_load_factor.get(function))?;
    let load = load.resting_on(space.function.facts());
    if function == Function::Circulation {
        Ok(load.ceil().from_zero())
    } else {
        Ok(load.ceil())
    }
}
