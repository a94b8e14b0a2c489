//! 2010 ADA Standards §403.5.1.

use plancheck_sdk::prelude::*;

use crate::keys::governed;
use crate::params::Params;
use crate::views::Route;

/// Corridors are wide enough for a wheelchair
///
/// A walking surface is 36 inches wide at least. Over 24 inches of its length it may narrow to 32.
///
/// # Example
///
/// A corridor that narrows to 34 inches beside a column is undetermined: the model gives the
/// narrowest width, not how long it is. One that narrows to 30 inches fails.
///
/// # Limits
///
/// Every corridor is checked as part of an accessible route. Not checked: the distance between two
/// narrow places (48 inches), the width at a turn around a narrow object (§403.5.2), and places for
/// two wheelchairs to pass (§403.5.3).
/// A one- or two-family house is not governed; in an apartment building, and where the model does
/// not say the occupancy of the building, what would fail is undetermined.
#[rule(
    id = "accessible-route-width",
    cite = "2010 ADA Standards §403.5.1",
    severity = Error,
    category = Accessibility,
    messages(
        SHORT = "Wide enough only where the narrow place is at most 24 inches long.",
        PRIVATE = "Not allowed, unless the building is a private dwelling.",
    )
)]
pub fn route_width(route: Route, p: &Params) -> Verdict {
    let judge = || {
        let whole = route.clear_width.at_least(p.route_width);
        let short = route.clear_width.at_least(p.route_width_short);
        if whole.is_fail() && short.is_pass() {
            whole.unless_known(0).because(SHORT, [])
        } else if short.is_fail() {
            short
        } else {
            whole
        }
    };
    governed(judge(), route.group, PRIVATE)
}
