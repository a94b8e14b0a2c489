//! IBC 2024 §1208.2.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::Room;

/// Rooms have a sufficient ceiling height
///
/// Rooms where people stay are at least 7 feet 6 inches high. Bathrooms, toilets, kitchens,
/// storage and laundry rooms may be 7 feet.
///
/// # Example
///
/// A bathroom of 7 feet 2 inches passes, an office of the same height fails.
///
/// # Limits
///
/// The use decides between the two heights, and whether anybody stays there at all: where the model's
/// text names no known use, a room that is too low is undetermined. Corridors have their own rule,
/// and spaces outdoors are not governed. Under a sloped ceiling, and where only the height of the
/// space is stated, only the greatest height is known, so that a room is too low or undetermined; the part of it that may be lower is not measured. Not modelled: furred ceilings,
/// beams, mezzanines, and basements without habitable rooms.
#[rule(
    id = "room-ceiling-height",
    cite = "IBC 2024 §1208.2",
    severity = Error,
    category = InteriorEnvironment,
    messages(
        USE = "High enough only for a bathroom, toilet, kitchen, storage or laundry room.",
        UNUSED = "Too low for any room where people stay."
    )
)]
pub fn room_ceiling_height(room: Room, p: &Params) -> Verdict {
    if room.is_interior.is_known_false() {
        return Verdict::not_applicable().resting_on(room.is_interior.facts());
    }
    if room.is_corridor.is_known_true() {
        return Verdict::not_applicable().resting_on(room.is_corridor.facts());
    }
    let high = room.height.at_least(p.room_ceiling);
    let low = room.height.at_least(p.low_room_ceiling);
    if high.is_pass() {
        high
    } else if low.is_fail() {
        if room.low_room.key().is_some() || room.function.key().is_some() {
            low
        } else {
            low.unless_known(room.function.facts()).because(UNUSED, [])
        }
    } else if !low.is_pass() && room.function.key().is_none() {
        low
    } else if room.low_room.key().is_some() {
        low.resting_on(room.low_room.facts())
    } else if room.function.key().is_some() {
        high.resting_on(room.function.facts())
    } else {
        high.unless_known(room.function.facts()).because(USE, [])
    }
}
