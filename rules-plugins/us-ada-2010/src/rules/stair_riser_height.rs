//! 2010 ADA Standards §504.2.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::StairFlight;

/// Risers suit people who walk with difficulty
///
/// Risers of a flight are 4 to 7 inches high.
///
/// # Example
///
/// A riser of 190 mm (7.5 inches) fails.
///
/// # Limits
///
/// The standards govern stairs that are part of a means of egress; every stair is checked here. Not
/// modelled: existing stairs of altered buildings where a new accessible route joins the storeys,
/// and stairs in detention areas. Whether all risers are equal, and whether they are closed
/// (§504.3), is not checked.
#[rule(
    id = "accessible-stair-riser-height",
    cite = "2010 ADA Standards §504.2",
    severity = Error,
    category = Accessibility
)]
pub fn stair_riser_height(flight: StairFlight, p: &Params) -> Verdict {
    flight.riser_height.between(p.riser_min, p.riser_max)
}
