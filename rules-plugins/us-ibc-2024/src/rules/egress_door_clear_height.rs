//! IBC 2024 §1010.1.1.

use plancheck_sdk::prelude::*;

use crate::keys::{Dwelling, dwelling_height};
use crate::params::Params;
use crate::views::Door;

/// Egress doors are high enough
///
/// Nobody should have to duck on the way out, least of all in smoke or in a crowd. What counts is
/// the clear height of the opening, under the frame or stop.
///
/// # Example
///
/// A door with a clear height of 79 inches fails in an office building: 80 inches are required. In
/// a building that may hold dwellings it is undetermined, since 78 inches are enough inside one.
///
/// # Limits
///
/// Which doors lie inside a dwelling or sleeping unit (78 inches) no fact says: a door between both
/// heights is undetermined in Groups I and R and where the model does not say the occupancy of the
/// building. Not modelled: the 78 inches allowed under door closers and stops, and the 76 inches of
/// exterior doors of dwelling units beside the required one.
#[rule(
    id = "egress-door-clear-height",
    cite = "IBC 2024 §1010.1.1",
    severity = Error,
    category = FireSafetyEgress,
    messages(DWELLING = "High enough only inside a dwelling or sleeping unit.")
)]
pub fn egress_door_clear_height(door: Door, p: &Params) -> Verdict {
    let strict = door.clear_height.at_least(p.door_height);
    if !strict.is_fail() || dwelling_height(door.group.key()) == Dwelling::No {
        return strict;
    }
    let relaxed = door.clear_height.at_least(p.dwelling_door_height);
    if relaxed.is_pass() {
        let facts = door.group.facts();
        strict.unless_known(facts).because(DWELLING, [])
    } else {
        relaxed
    }
}
