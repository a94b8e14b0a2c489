//! 2010 ADA Standards §405.5.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::RampFlight;

/// Ramps are wide enough for a wheelchair
///
/// A ramp run is 36 inches wide at least, measured between its handrails.
///
/// # Example
///
/// A ramp of 34 inches between handrails fails.
///
/// # Limits
///
/// Handrails that the model lacks are not subtracted. Not modelled: ramps in work areas that only
/// employees use.
#[rule(
    id = "accessible-ramp-width",
    cite = "2010 ADA Standards §405.5",
    severity = Error,
    category = Accessibility
)]
pub fn ramp_width(ramp: RampFlight, p: &Params) -> Verdict {
    ramp.width.at_least(p.ramp_width)
}
