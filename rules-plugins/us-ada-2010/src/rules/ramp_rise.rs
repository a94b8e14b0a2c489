//! 2010 ADA Standards §405.6.

use plancheck_sdk::prelude::*;

use crate::keys::governed;
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
/// A one- or two-family house is not governed; in an apartment building, and where the model does
/// not say the occupancy of the building, what would fail is undetermined.
#[rule(
    id = "accessible-ramp-rise",
    cite = "2010 ADA Standards §405.6",
    severity = Error,
    category = Accessibility,
    messages(PRIVATE = "Not allowed, unless the building is a private dwelling.")
)]
pub fn ramp_rise(ramp: RampFlight, p: &Params) -> Verdict {
    let verdict = ramp.rise.at_most(p.ramp_rise);
    governed(verdict, ramp.group, PRIVATE)
}
