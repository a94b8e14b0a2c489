//! IBC 2024 §1010.1.1.

use plancheck_sdk::prelude::*;

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
/// A door with a clear opening of 31 inches fails: 32 inches are required.
///
/// # Limits
///
/// Every door counts as an egress door, since every room is left through one. A storage closet
/// below the closet area is excepted when the model shows its area and the door is not an exit.
/// Not modelled: the exceptions for dwelling and sleeping units, doors of walk-in freezers,
/// revolving doors, the 41.5 inches where beds are moved, and leaves of a pair counted alone.
#[rule(
    id = "egress-door-clear-width",
    cite = "IBC 2024 §1010.1.1",
    severity = Error,
    category = FireSafetyEgress
)]
pub fn egress_door_clear_width(door: Door, p: &Params) -> Verdict {
    let verdict = door.clear_width.at_least(p.door_width);
    if verdict.is_pass() || door.is_exit.is_known_true() {
        return verdict;
    }
    // Smaller than the closet area, with certainty.
    if door.smallest_space.at_least(p.closet_area).is_fail() {
        return Verdict::not_applicable().resting_on(door.smallest_space.facts());
    }
    verdict
}
