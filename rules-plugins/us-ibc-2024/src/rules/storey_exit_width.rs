//! IBC 2024 §1005.3.2.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::Storey;

/// Exit doors of a storey are wide enough together
///
/// Doors let a certain number of persons through: 0.2 inches of clear width for each. With
/// sprinklers and an emergency voice alarm 0.15 inches are enough.
///
/// # Example
///
/// 400 persons need 80 inches. Two exit doors of 34 inches fail; with sprinklers the answer
/// depends on the alarm, which the model does not show.
///
/// # Limits
///
/// The doors marked as exits on the storey are added up; a storey without any is not judged here
/// but by the number of its exits. How the load divides among them (§1005.4), the loss of one exit
/// (§1005.5) and the capacity of stairs (§1005.3.1) are not checked.
#[rule(
    id = "storey-exit-width",
    cite = "IBC 2024 §1005.3.2",
    severity = Error,
    category = FireSafetyEgress,
    messages(ALARM = "Wide enough only with an emergency voice alarm beside the sprinklers.")
)]
pub fn storey_exit_width(storey: Storey, p: &Params) -> Result<Verdict, Missing> {
    if storey.exit_doors.at_most(each(0.0)).is_pass() {
        return Ok(Verdict::not_applicable().resting_on(storey.exit_doors.facts()));
    }
    let load = storey.occupant_load.known()?;
    let width = storey.exit_width.known()?;
    let plain = width.at_least(load.times(p.door_capacity));
    if plain.is_pass() || !storey.sprinklered.is_known_true() {
        return Ok(plain);
    }
    let sprinklers = storey.sprinklered.facts();
    let sprinklered = width.at_least(load.times(p.door_capacity_sprinklered));
    if sprinklered.is_pass() {
        return Ok(plain.unless_known(sprinklers).because(ALARM, []));
    }
    Ok(sprinklered.resting_on(sprinklers))
}
