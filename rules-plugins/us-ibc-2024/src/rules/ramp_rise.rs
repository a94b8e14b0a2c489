//! IBC 2024 §1012.4.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::RampFlight;

/// Ramp runs do not rise too far
///
/// A run of a ramp rises 30 inches at most before the next landing.
///
/// # Example
///
/// A run that rises 36 inches fails: a landing is needed in between.
///
/// # Limits
///
/// Not modelled: aisle ramps. The length of the landings (§1012.6) is not checked.
#[rule(
    id = "ramp-rise",
    cite = "IBC 2024 §1012.4",
    severity = Error,
    category = FireSafetyEgress
)]
pub fn ramp_rise(ramp: RampFlight, p: &Params) -> Verdict {
    ramp.rise.at_most(p.ramp_rise)
}
