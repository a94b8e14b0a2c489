//! 2010 ADA Standards §405.6.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::RampFlight;

/// Ramp runs do not rise too far
///
/// After 30 inches of rise a level landing gives a rest.
///
/// # Example
///
/// A run that rises 32 inches without a landing fails.
///
/// # Limits
///
/// The length of the landings (§405.7) is not checked.
#[rule(
    id = "accessible-ramp-rise",
    cite = "2010 ADA Standards §405.6",
    severity = Error,
    category = Accessibility
)]
pub fn ramp_rise(ramp: RampFlight, p: &Params) -> Verdict {
    ramp.rise.at_most(p.ramp_rise)
}
