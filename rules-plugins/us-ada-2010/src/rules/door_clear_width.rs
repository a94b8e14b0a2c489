//! 2010 ADA Standards §404.2.3.

use plancheck_sdk::prelude::*;

use crate::keys::governed;
use crate::params::Params;
use crate::views::Door;

/// Doors are wide enough for a wheelchair
///
/// A wheelchair and the hands that turn its wheels need 32 inches between the stop and the face of
/// the door opened to 90 degrees.
///
/// # Example
///
/// A door of 30 inches nominal width leaves about 28 inches clear and fails.
///
/// # Limits
///
/// Every door is checked, though the standards ask for one accessible door for each room and for
/// most, not all, entrances (§206). Not modelled: openings deeper than 24 inches, which need 36
/// inches; the 5/8 inch that the latch stop of an existing door may take; pairs of doors, of which
/// one leaf must be wide enough; doors that only employees use in small spaces.
/// A one- or two-family house is not governed; in an apartment building, and where the model does
/// not say the occupancy of the building, what would fail is undetermined.
#[rule(
    id = "accessible-door-clear-width",
    cite = "2010 ADA Standards §404.2.3",
    severity = Error,
    category = Accessibility,
    messages(PRIVATE = "Not allowed, unless the building is a private dwelling.")
)]
pub fn door_clear_width(door: Door, p: &Params) -> Verdict {
    let verdict = door.clear_width.at_least(p.door_width);
    governed(verdict, door.group, PRIVATE)
}
