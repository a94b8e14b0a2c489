//! 2010 ADA Standards §405.5.

use plancheck_sdk::prelude::*;

use crate::keys::governed;
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
/// A one- or two-family house is not governed; in an apartment building, and where the model does
/// not say the occupancy of the building, what would fail is undetermined.
#[rule(
    id = "accessible-ramp-width",
    cite = "2010 ADA Standards §405.5",
    severity = Error,
    category = Accessibility,
    messages(PRIVATE = "Not allowed, unless the building is a private dwelling.")
)]
pub fn ramp_width(ramp: RampFlight, p: &Params) -> Verdict {
    let verdict = ramp.width.at_least(p.ramp_width);
    governed(verdict, ramp.group, PRIVATE)
}
