//! IBC 2024 §1020.3 and Table 1020.3.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::Corridor;

/// Corridors are wide enough
///
/// People from all rooms along a corridor meet in it. 44 inches let two pass; where fewer than 50
/// persons depend on the corridor, 36 inches are enough.
///
/// # Example
///
/// A corridor of 40 inches passes on a storey with 30 occupants, since it cannot serve more. On a
/// storey with 200 it is undetermined: the model does not say how many of them it serves.
///
/// # Limits
///
/// The storey's occupant load stands for that of the corridor, which can only be smaller. Not
/// modelled: the wider corridors of schools (72 inches), of places where beds are moved (96
/// inches) and of ambulatory care (72 inches), the 24 inches for access to equipment, and corridors
/// inside dwelling units.
#[rule(
    id = "corridor-clear-width",
    cite = "IBC 2024 §1020.3",
    severity = Error,
    category = FireSafetyEgress,
    messages(
        SERVES = "Wide enough only if it serves fewer than {0} of up to {1} persons on its storey.",
        UNKNOWN = "Wide enough only if it serves fewer than {0} persons.",
    )
)]
pub fn corridor_clear_width(corridor: Corridor, p: &Params) -> Verdict {
    let wide = corridor.clear_width.at_least(p.corridor_width);
    let narrow = corridor.clear_width.at_least(p.corridor_width_few);
    if wide.is_pass() {
        return wide;
    }
    if !narrow.is_pass() {
        return narrow;
    }
    let load = corridor.storey_load.facts();
    match corridor.storey_load.known() {
        Ok(on_storey) if on_storey.at_least(p.few_persons).is_fail() => narrow.resting_on(load),
        Ok(on_storey) => wide.unless_known(load).because(
            SERVES,
            [
                p.few_persons.value(),
                on_storey.si() + on_storey.tolerance(),
            ],
        ),
        Err(_) => wide
            .unless_known(load)
            .because(UNKNOWN, [p.few_persons.value()]),
    }
}
