//! 2010 ADA Standards §405.2.

use plancheck_sdk::prelude::*;

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
#[rule(
    id = "accessible-ramp-slope",
    cite = "2010 ADA Standards §405.2",
    severity = Error,
    category = Accessibility
)]
pub fn ramp_slope(ramp: RampFlight, p: &Params) -> Verdict {
    ramp.slope.at_most(p.ramp_slope)
}
