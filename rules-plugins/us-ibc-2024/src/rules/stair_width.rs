//! IBC 2024 §1011.2.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::StairFlight;

/// Stairs are wide enough
///
/// 44 inches let two persons go down side by side. Where fewer than 50 persons depend on the
/// stair, 36 inches are enough.
///
/// # Example
///
/// A stair of 38 inches passes in a building with 30 occupants, since it cannot serve more. In a
/// larger building it is undetermined.
///
/// # Limits
///
/// The occupant load of the building stands for that of the stair, which can only be smaller. The
/// width for the number of occupants (§1005.3.1) is not checked, since a model does not say which
/// flights belong to which way out. Not modelled: spiral stairs, aisle stairs, stairways in
/// dwelling units, and the 48 inches of accessible means of egress.
#[rule(
    id = "stair-width",
    cite = "IBC 2024 §1011.2",
    severity = Error,
    category = FireSafetyEgress,
    messages(
        SERVES = "Wide enough only if it serves fewer than {0} of up to {1} persons in the building.",
        UNKNOWN = "Wide enough only if it serves fewer than {0} persons.",
    )
)]
pub fn stair_width(flight: StairFlight, p: &Params) -> Verdict {
    let wide = flight.width.at_least(p.stair_width);
    let narrow = flight.width.at_least(p.stair_width_few);
    if wide.is_pass() {
        return wide;
    }
    if !narrow.is_pass() {
        return narrow;
    }
    let load = flight.building_load.facts();
    match flight.building_load.known() {
        Ok(persons) if persons.at_least(p.few_persons).is_fail() => narrow.resting_on(load),
        Ok(persons) => wide.unless_known(load).because(
            SERVES,
            [p.few_persons.value(), persons.si() + persons.tolerance()],
        ),
        Err(_) => wide
            .unless_known(load)
            .because(UNKNOWN, [p.few_persons.value()]),
    }
}
