//! 2010 ADA Standards §404.2.5.

use plancheck_sdk::prelude::*;

use crate::keys::governed;
use crate::params::Params;
use crate::views::Door;

/// Thresholds are low enough to roll over
///
/// A threshold is half an inch high at most. An existing or altered one with bevelled sides may be
/// three quarters.
///
/// # Example
///
/// A threshold of 1 inch fails. One of 5/8 inch is undetermined: the model does not say whether it
/// is an existing one with a bevel.
///
/// # Limits
///
/// Whether changes in level above a quarter inch are bevelled (§303) is not checked.
/// A one- or two-family house is not governed; in an apartment building, and where the model does
/// not say the occupancy of the building, what would fail is undetermined.
#[rule(
    id = "accessible-door-threshold",
    cite = "2010 ADA Standards §404.2.5",
    severity = Error,
    category = Accessibility,
    messages(
        EXISTING = "Low enough only for an existing threshold with bevelled sides.",
        PRIVATE = "Not allowed, unless the building is a private dwelling.",
    )
)]
pub fn door_threshold(door: Door, p: &Params) -> Verdict {
    let judge = || {
        let new = door.threshold_height.at_most(p.threshold);
        let existing = door.threshold_height.at_most(p.threshold_existing);
        if new.is_fail() && existing.is_pass() {
            new.unless_known(0).because(EXISTING, [])
        } else if existing.is_fail() {
            existing
        } else {
            new
        }
    };
    governed(judge(), door.group, PRIVATE)
}
