//! 2010 ADA Standards §504.2.

use plancheck_sdk::prelude::*;

use crate::keys::governed;
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
/// A one- or two-family house is not governed; in an apartment building, and where the model does
/// not say the occupancy of the building, what would fail is undetermined.
#[rule(
    id = "accessible-stair-tread-depth",
    cite = "2010 ADA Standards §504.2",
    severity = Error,
    category = Accessibility,
    messages(PRIVATE = "Not allowed, unless the building is a private dwelling.")
)]
pub fn stair_tread_depth(flight: StairFlight, p: &Params) -> Verdict {
    let verdict = flight.tread_depth.at_least(p.tread_min);
    governed(verdict, flight.group, PRIVATE)
}
