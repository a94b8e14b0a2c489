//! IBC 2024 §1011.8.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::StairFlight;

/// Flights do not rise too far between landings
///
/// Landings give a rest and stop a fall: at least one for every 12 feet of rise.
///
/// # Example
///
/// A straight flight that rises 13 feet from one storey to the next fails.
///
/// # Limits
///
/// Not modelled: aisle stairs, alternating tread devices, and the slightly greater rise that some
/// editions allow in dwelling units.
#[rule(
    id = "stair-flight-rise",
    cite = "IBC 2024 §1011.8",
    severity = Error,
    category = FireSafetyEgress
)]
pub fn stair_flight_rise(flight: StairFlight, p: &Params) -> Verdict {
    flight.total_rise.at_most(p.flight_rise)
}
