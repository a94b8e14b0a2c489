//! IBC 2024 §1010.1.1.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::Door;

/// Egress doors are high enough
///
/// Nobody should have to duck on the way out, least of all in smoke or in a crowd. What counts is
/// the clear height of the opening, under the frame or stop.
///
/// # Example
///
/// A door with a clear height of 78 inches fails: 80 inches are required.
///
/// # Limits
///
/// Not modelled: the 78 inches allowed under door closers and stops, and the lower doors allowed
/// inside dwelling and sleeping units.
#[rule(
    id = "egress-door-clear-height",
    cite = "IBC 2024 §1010.1.1",
    severity = Error,
    category = FireSafetyEgress
)]
pub fn egress_door_clear_height(door: Door, p: &Params) -> Verdict {
    door.clear_height.at_least(p.door_height)
}
