//! IBC 2024 §1011.5.2.

use plancheck_sdk::prelude::*;

use crate::keys::{Dwelling, dwelling};
use crate::params::Params;
use crate::views::StairFlight;

/// Treads are deep enough
///
/// A tread of 11 inches carries the whole foot on the way down. Inside dwelling units 10 inches
/// are allowed. Treads are measured from nosing to nosing.
///
/// # Example
///
/// A tread of 10.5 inches fails in an office building and passes in a one-family house.
///
/// # Limits
///
/// Where the model does not say the occupancy of the building, a tread that only dwellings may have
/// is undetermined.
/// Not modelled: winders and their walking line, aisle stairs, spiral and alternating tread stairs,
/// existing stairs, and how much the treads of a flight may differ (§1011.5.4).
#[rule(
    id = "stair-tread-depth",
    cite = "IBC 2024 §1011.5.2",
    severity = Error,
    category = FireSafetyEgress,
    messages(DWELLING = "Deep enough only inside a dwelling unit.")
)]
pub fn stair_tread_depth(flight: StairFlight, p: &Params) -> Verdict {
    let strict = flight.tread_depth.at_least(p.tread_min);
    if strict.is_pass() {
        return strict;
    }
    let relaxed = flight.tread_depth.at_least(p.dwelling_tread_min);
    match dwelling(flight.group.key()) {
        Dwelling::No => strict,
        Dwelling::Yes => relaxed.resting_on(flight.group.facts()),
        Dwelling::Perhaps if relaxed.is_pass() => strict
            .unless_known(flight.group.facts())
            .because(DWELLING, []),
        Dwelling::Perhaps => relaxed,
    }
}
