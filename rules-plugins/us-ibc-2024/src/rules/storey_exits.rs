//! IBC 2024 §1006.3.3 and Table 1006.3.3.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::Storey;

/// Storeys have enough exits for their occupants
///
/// A storey has two exits, with more than 500 persons three, with more than 1000 four. They may be
/// doors to the outside or stairs.
///
/// # Example
///
/// A storey with 620 persons, two exit doors and no stair fails: three exits are required.
///
/// # Limits
///
/// Exit doors count; flights of stairs count as perhaps an exit each, so that too few of both are
/// certain, and enough of both leave open whether the stairs are exits. A storey that needs two
/// exits and has one may be allowed a single one (§1006.3.4) when few persons are on it: that is
/// undetermined. A stair counts for the storey where it begins and for those that it climbs to, as far
/// as the risers of its flights add up to. Which exits are accessible, and how far they are apart, is not checked.
#[rule(
    id = "storey-exits",
    cite = "IBC 2024 §1006.3.3",
    severity = Error,
    category = FireSafetyEgress,
    messages(
        STAIRS = "{0} exit doors are certain; enough only with others or some of {1} flights of stairs.",
        SINGLE = "One exit for up to {0} persons: allowed only under the conditions for single exits.",
    )
)]
pub fn storey_exits(storey: Storey, p: &Params) -> Result<Verdict, Missing> {
    let load = storey.occupant_load.known()?;
    let required = if load.is_at_most(p.two_exits_up_to)? {
        2.0
    } else if load.is_at_most(p.three_exits_up_to)? {
        3.0
    } else {
        4.0
    };
    let doors = storey.exit_doors.known()?;
    let verdict = doors.at_least(each(required)).resting_on(load.facts());
    if verdict.is_pass() {
        return Ok(verdict);
    }
    let flights = storey.stair_flights.known()?;
    let both = (doors + flights)
        .at_least(each(required))
        .resting_on(load.facts());
    if both.is_pass() {
        let open = verdict.unless_known(flights.facts());
        return Ok(open.because(STAIRS, [doors.si() - doors.tolerance(), flights.si()]));
    }
    let alone = (doors + flights).equal(each(1.0)).is_pass();
    if alone && !load.at_most(p.few_persons).is_fail() {
        return Ok(both
            .unless_known(0)
            .because(SINGLE, [load.si() + load.tolerance()]));
    }
    Ok(both)
}
