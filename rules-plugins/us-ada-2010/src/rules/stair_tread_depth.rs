//! 2010 ADA Standards §504.2.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::StairFlight;

/// Treads suit people who walk with difficulty
///
/// Treads are 11 inches deep at least, from nosing to nosing.
///
/// # Example
///
/// A tread of 10 inches fails.
///
/// # Limits
///
/// The standards govern stairs that are part of a means of egress; every stair is checked here. Not
/// modelled: existing stairs of altered buildings where a new accessible route joins the storeys.
/// Whether all treads are equal, and the shape of the nosings (§504.5), is not checked.
#[rule(
    id = "accessible-stair-tread-depth",
    cite = "2010 ADA Standards §504.2",
    severity = Error,
    category = Accessibility
)]
pub fn stair_tread_depth(flight: StairFlight, p: &Params) -> Verdict {
    flight.tread_depth.at_least(p.tread_min)
}
