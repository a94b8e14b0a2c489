//! IBC 2024 §1010.1.1.

use plancheck_sdk::Message;
use plancheck_sdk::prelude::*;

use crate::keys::{Dwelling, dwelling_width};
use crate::params::Params;
use crate::views::Door;

/// Egress doors are wide enough
///
/// Everyone who leaves a room or a building passes its doors, some of them in a wheelchair or with
/// a stretcher. What counts is the clear opening between the stop and the face of the leaf opened
/// to 90 degrees, not the width of the leaf.
///
/// # Example
///
/// A door with a clear opening of 31 inches fails in an office building: 32 inches are required. In
/// a building that may hold dwellings it is undetermined, since a bathroom door there may be
/// narrower.
///
/// # Limits
///
/// Every door counts as an egress door, since every room is left through one. A storage closet
/// below the closet area is excepted when the model shows its area and the door is not an exit.
/// Inside dwelling units of Groups I-1, R-2, R-3 and R-4 that need not be accessible no width is
/// required but for the way out: a door of a one-family house that is no exit is excepted, one that
/// may be an exit is undetermined, and so is a narrow door in the other groups or where the model
/// does not say the occupancy of the building. That such a unit need not be accessible is assumed.
/// Not modelled: doors of walk-in freezers,
/// revolving doors, the 41.5 inches where beds are moved, and leaves of a pair counted alone.
#[rule(
    id = "egress-door-clear-width",
    cite = "IBC 2024 §1010.1.1",
    severity = Error,
    category = FireSafetyEgress,
    messages(DWELLING = "Wide enough only in a dwelling unit, beside its required exit door.")
)]
pub fn egress_door_clear_width(door: Door, p: &Params) -> Verdict {
    let verdict = door.clear_width.at_least(p.door_width);
    if verdict.is_pass() {
        return verdict;
    }
    if door.is_exit.is_known_true() {
        return in_dwelling(verdict, &door, DWELLING);
    }
    // Smaller than the closet area, with certainty.
    if door.smallest_space.at_least(p.closet_area).is_fail() {
        return Verdict::not_applicable().resting_on(door.smallest_space.facts());
    }
    in_dwelling(verdict, &door, DWELLING)
}

/// What a door that is not known to be wide enough is where it may be inside a dwelling unit.
fn in_dwelling(verdict: Verdict, door: &Door, open: Message<0>) -> Verdict {
    let facts = door.group.facts() | door.is_exit.facts();
    match dwelling_width(door.group.key()) {
        Dwelling::No => verdict,
        Dwelling::Yes if door.is_exit.is_known_false() => {
            Verdict::not_applicable().resting_on(facts)
        }
        // A width that is missing or not sharp enough leaves it open in every group.
        _ if !verdict.is_fail() => verdict,
        Dwelling::Yes | Dwelling::Perhaps => verdict.unless_known(facts).because(open, []),
    }
}
