//! IBC 2024 §1011.3.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::StairFlight;

/// Stairs have enough headroom
///
/// 80 inches, measured straight up from the line that joins the nosings, over the whole width.
///
/// # Example
///
/// A flight that passes 78 inches below a beam fails.
///
/// # Limits
///
/// The least headroom that the model gives is checked, not found from the geometry around the
/// flight unless the engine did so. Not modelled: the 78 inches of spiral stairs, and what lies
/// beyond the edge of the treads.
#[rule(
    id = "stair-headroom",
    cite = "IBC 2024 §1011.3",
    severity = Error,
    category = FireSafetyEgress
)]
pub fn stair_headroom(flight: StairFlight, p: &Params) -> Verdict {
    flight.headroom.at_least(p.stair_headroom)
}
