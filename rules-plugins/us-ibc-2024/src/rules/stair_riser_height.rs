//! IBC 2024 §1011.5.2.

use plancheck_sdk::prelude::*;

use crate::keys::{Dwelling, dwelling};
use crate::params::Params;
use crate::views::StairFlight;

/// Risers are neither too high nor too low
///
/// Risers of 4 to 7 inches make a stair that people can walk down in a hurry. Inside dwelling
/// units 7 3/4 inches are allowed.
///
/// # Example
///
/// A riser of 7.5 inches fails in an office building, passes in a one-family house, and is
/// undetermined in an apartment building, whose model does not say which stairs lie in dwellings.
///
/// # Limits
///
/// Where the model does not say the occupancy of the building, a riser that only dwellings may have
/// is undetermined.
/// Not modelled: aisle stairs, spiral and alternating tread stairs, existing stairs, and how much
/// the risers of a flight may differ (§1011.5.4).
#[rule(
    id = "stair-riser-height",
    cite = "IBC 2024 §1011.5.2",
    severity = Error,
    category = FireSafetyEgress,
    messages(DWELLING = "Low enough only inside a dwelling unit.")
)]
pub fn stair_riser_height(flight: StairFlight, p: &Params) -> Verdict {
    let strict = flight.riser_height.between(p.riser_min, p.riser_max);
    if strict.is_pass() {
        return strict;
    }
    let relaxed = flight
        .riser_height
        .between(p.riser_min, p.dwelling_riser_max);
    match dwelling(flight.group.key()) {
        Dwelling::No => strict,
        Dwelling::Yes => relaxed.resting_on(flight.group.facts()),
        Dwelling::Perhaps if relaxed.is_pass() => strict
            .unless_known(flight.group.facts())
            .because(DWELLING, []),
        Dwelling::Perhaps => relaxed,
    }
}
