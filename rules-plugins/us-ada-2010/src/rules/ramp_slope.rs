//! 2010 ADA Standards §405.2.

use plancheck_sdk::prelude::*;

use crate::keys::governed;
use crate::params::Params;
use crate::views::RampFlight;

/// Ramps are not too steep for a wheelchair
///
/// A ramp rises 1 in 12 at most. Steeper ones cannot be climbed alone, and tip on the way down.
///
/// # Example
///
/// A ramp of 1 in 10 fails.
///
/// # Limits
///
/// Every ramp is checked, whether or not another accessible route avoids it. Not modelled: the
/// steeper short ramps allowed in existing sites, and aisle ramps of assembly areas that are not
/// part of an accessible route. Cross slope (§405.3) is not checked.
/// A one- or two-family house is not governed; in an apartment building, and where the model does
/// not say the occupancy of the building, what would fail is undetermined.
#[rule(
    id = "accessible-ramp-slope",
    cite = "2010 ADA Standards §405.2",
    severity = Error,
    category = Accessibility,
    messages(PRIVATE = "Not allowed, unless the building is a private dwelling.")
)]
pub fn ramp_slope(ramp: RampFlight, p: &Params) -> Verdict {
    let verdict = ramp.slope.at_most(p.ramp_slope);
    governed(verdict, ramp.group, PRIVATE)
}
