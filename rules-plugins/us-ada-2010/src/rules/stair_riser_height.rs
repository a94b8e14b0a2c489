//! 2010 ADA Standards §504.2.

use plancheck_sdk::prelude::*;

use crate::keys::governed;
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
/// A one- or two-family house is not governed; in an apartment building, and where the model does
/// not say the occupancy of the building, what would fail is undetermined.
#[rule(
    id = "accessible-stair-riser-height",
    cite = "2010 ADA Standards §504.2",
    severity = Error,
    category = Accessibility,
    messages(PRIVATE = "Not allowed, unless the building is a private dwelling.")
)]
pub fn stair_riser_height(flight: StairFlight, p: &Params) -> Verdict {
    let verdict = flight.riser_height.between(p.riser_min, p.riser_max);
    governed(verdict, flight.group, PRIVATE)
}
