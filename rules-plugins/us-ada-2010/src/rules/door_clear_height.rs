//! 2010 ADA Standards §307.4.

use plancheck_sdk::prelude::*;

use crate::keys::governed;
use crate::params::Params;
use crate::views::Door;

/// Doors leave enough vertical clearance
///
/// Somebody who cannot see a low frame walks into it: 80 inches are kept clear. A closer or stop
/// may hang down to 78 inches.
///
/// # Example
///
/// A doorway with a clear height of 79 inches fails, unless the door has a closer: then the answer
/// depends on what was measured, the frame or the closer.
///
/// # Limits
///
/// Only door openings are checked, not the rest of the circulation route.
/// A one- or two-family house is not governed; in an apartment building, and where the model does
/// not say the occupancy of the building, what would fail is undetermined.
#[rule(
    id = "accessible-door-clear-height",
    cite = "2010 ADA Standards §307.4",
    severity = Error,
    category = Accessibility,
    messages(
        CLOSER = "High enough only if the door closer or stop was measured.",
        PRIVATE = "Not allowed, unless the building is a private dwelling.",
    )
)]
pub fn door_clear_height(door: Door, p: &Params) -> Verdict {
    let judge = || {
        let frame = door.clear_height.at_least(p.door_height);
        if !frame.is_fail() || !door.self_closing.is_known_true() {
            return frame;
        }
        let closer = door.clear_height.at_least(p.door_height_closer);
        if closer.is_fail() {
            return closer.resting_on(door.self_closing.facts());
        }
        frame
            .unless_known(door.self_closing.facts())
            .because(CLOSER, [])
    };
    governed(judge(), door.group, PRIVATE)
}
