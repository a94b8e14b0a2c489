//! IBC 2024 §1010.1.2.

use plancheck_sdk::prelude::*;

use crate::keys::{DoorOperation, Dwelling, dwelling};
use crate::params::Params;
use crate::views::Door;

/// Exit doors turn on hinges or pivots
///
/// A crowd that presses against a swinging door still opens it. Sliding, folding, revolving and
/// lifting doors need to be understood first, and may jam.
///
/// # Example
///
/// An exit with a roll-up door is reported.
///
/// # Limits
///
/// Doors that serve a single dwelling unit are excepted: those of a one-family house, and perhaps
/// those of an apartment building or where the model does not say the occupancy of the building.
/// A warning, since the code has many exceptions that a model rarely shows: spaces for ten persons
/// or fewer, private garages, power-operated and special-purpose sliding doors, and revolving doors
/// that collapse. Whether the door swings in the direction of egress (§1010.1.2.1) is not checked:
/// no fact says which way people leave.
#[rule(
    id = "egress-door-type",
    cite = "IBC 2024 §1010.1.2",
    severity = Warning,
    category = FireSafetyEgress,
    messages(
        SLIDES = "The exit door slides, folds or lifts; it should turn on hinges or pivots.",
        DWELLING = "The exit door does not swing; allowed only where it serves one dwelling unit.",
        REVOLVES = "The exit door revolves; it counts only with a swinging door close to it.",
    )
)]
pub fn egress_door_type(door: Door, _p: &Params) -> Result<Verdict, Missing> {
    if !door.is_exit.is_true()? {
        return Ok(Verdict::not_applicable().resting_on(door.is_exit.facts()));
    }
    let verdict = match door.operation.known()? {
        DoorOperation::Swinging => Verdict::pass(),
        DoorOperation::Revolving => Verdict::fail().because(REVOLVES, []),
        DoorOperation::Sliding | DoorOperation::Folding | DoorOperation::Lifting => {
            Verdict::fail().because(SLIDES, [])
        }
    };
    let facts = door.operation.facts() | door.is_exit.facts();
    if verdict.is_pass() {
        return Ok(verdict.resting_on(facts));
    }
    let group = door.group.facts();
    Ok(match dwelling(door.group.key()) {
        Dwelling::No => verdict.resting_on(facts),
        Dwelling::Yes => Verdict::not_applicable().resting_on(facts | group),
        Dwelling::Perhaps => verdict.unless_known(facts | group).because(DWELLING, []),
    })
}
