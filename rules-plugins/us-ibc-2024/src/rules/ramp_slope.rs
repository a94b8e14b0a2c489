//! IBC 2024 §1012.2.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::RampFlight;

/// Ramps are not too steep
///
/// A ramp in a means of egress rises 1 in 12 at most, any other pedestrian ramp 1 in 8.
///
/// # Example
///
/// A ramp of 1 in 10 is undetermined: the model does not say whether it is part of a means of
/// egress. A ramp of 1 in 7 fails either way.
///
/// # Limits
///
/// Not modelled: aisle ramps of assembly seating, and the cross slope (§1012.3).
#[rule(
    id = "ramp-slope",
    cite = "IBC 2024 §1012.2",
    severity = Error,
    category = FireSafetyEgress,
    messages(EGRESS = "Flat enough only if it is not part of a means of egress.")
)]
pub fn ramp_slope(ramp: RampFlight, p: &Params) -> Verdict {
    let egress = ramp.slope.at_most(p.ramp_slope);
    let other = ramp.slope.at_most(p.ramp_slope_other);
    if egress.is_fail() && other.is_pass() {
        egress.unless_known(0).because(EGRESS, [])
    } else if other.is_fail() {
        other
    } else {
        egress
    }
}
