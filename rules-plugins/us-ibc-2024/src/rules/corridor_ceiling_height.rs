//! IBC 2024 §1003.2.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::Corridor;

/// Corridors have a sufficient ceiling height
///
/// A means of egress keeps a clear height of 7 feet 6 inches, so that smoke has somewhere to
/// gather and nobody has to duck.
///
/// # Example
///
/// A corridor with a ceiling at 7 feet 4 inches fails.
///
/// # Limits
///
/// The height of the space is checked as a whole; one outdoors is not governed. Where only the height
/// of the space is known, not that of its ceiling, a corridor is too low or undetermined. Not modelled: sloped ceilings, and the lower
/// headroom allowed under single projections, stairs, ramps and doors (§1003.3).
#[rule(
    id = "corridor-ceiling-height",
    cite = "IBC 2024 §1003.2",
    severity = Error,
    category = FireSafetyEgress
)]
pub fn corridor_ceiling_height(corridor: Corridor, p: &Params) -> Verdict {
    if corridor.is_interior.is_known_false() {
        return Verdict::not_applicable().resting_on(corridor.is_interior.facts());
    }
    corridor.height.at_least(p.egress_ceiling)
}
