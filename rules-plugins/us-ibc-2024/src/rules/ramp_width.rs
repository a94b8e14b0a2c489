//! IBC 2024 §1012.5.1.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::RampFlight;

/// Ramps are wide enough
///
/// The clear width of a ramp, between its handrails, is 36 inches at least.
///
/// # Example
///
/// A ramp of 33 inches between handrails fails.
///
/// # Limits
///
/// Where the ramp is the only way of a corridor, the corridor's width applies to it too; that is not
/// checked. Handrails that the model lacks are not subtracted.
#[rule(
    id = "ramp-width",
    cite = "IBC 2024 §1012.5.1",
    severity = Error,
    category = FireSafetyEgress
)]
pub fn ramp_width(ramp: RampFlight, p: &Params) -> Verdict {
    ramp.width.at_least(p.ramp_width)
}
