//! IBC 2024 §1006.2.1, §1006.2.1.1 and Table 1006.2.1.

use plancheck_sdk::prelude::*;

use crate::params::Params;
use crate::views::Room;

/// Spaces have enough exits for their occupants
///
/// One door may be blocked. A space with more persons than Table 1006.2.1 allows for its occupancy
/// has two, with more than 500 persons three, with more than 1000 four.
///
/// # Example
///
/// An assembly room for 60 persons with a single door fails: two are required.
///
/// # Limits
///
/// Every door of the space counts, so that too few doors are certain and enough doors are not yet
/// proof that each is an exit or exit access. Only the occupant loads of the table are checked, not
/// its common path of travel, nor how far the doors are apart. Exceptions for dwelling units and
/// day care are not modelled. The group is that of the building; unknown, a single door
/// is enough for the smallest load that the table allows to any group but H-1 to H-3.
#[rule(
    id = "space-exits",
    cite = "IBC 2024 §1006.2.1",
    severity = Error,
    category = FireSafetyEgress,
    messages(GROUP = "One exit is enough for up to {0} persons in some occupancy groups only.")
)]
pub fn space_exits(room: Room, p: &Params) -> Result<Verdict, Missing> {
    let load = room.occupant_load.known()?;
    let rests = load.facts();
    if load.at_most(p.two_exits_up_to).is_fail() {
        let many = load.is_at_most(p.three_exits_up_to)?;
        let exits = if many { 3.0 } else { 4.0 };
        return Ok(room.doors.at_least(each(exits)).resting_on(rests));
    }
    let two = room.doors.at_least(each(2.0));
    let one = room.doors.at_least(each(1.0));
    if load.at_most(p.two_exits_up_to).kind() == Kind::Undetermined {
        // Two or three: fewer than two is too few in any case.
        let three = room.doors.at_least(each(3.0));
        let verdict = if two.is_fail() || three.is_pass() {
            three
        } else {
            three.unless_known(0)
        };
        return Ok(verdict.resting_on(rests));
    }
    if two.is_pass() || !one.is_pass() {
        return Ok(if two.is_pass() {
            two
        } else {
            one.resting_on(rests)
        });
    }
    // A single door: the occupancy group decides how many persons may depend on it.
    let Some(group) = room.group.key() else {
        let (low, high) = one_exit_range(p);
        if load.at_most(high).is_fail() {
            return Ok(two.resting_on(rests));
        }
        if load.at_most(low).is_pass() {
            return Ok(one.resting_on(rests));
        }
        let verdict = two.unless_known(rests | room.group.facts());
        return Ok(verdict.because(GROUP, [load.si() + load.tolerance()]));
    };
    let enough = load.is_at_most(p.one_exit_up_to.get(group))?;
    Ok(if enough { one } else { two }.resting_on(rests | room.group.facts()))
}

/// The smallest load with one exit in an ordinary group, and the largest in any.
fn one_exit_range(p: &Params) -> (Limit<Count>, Limit<Count>) {
    use crate::keys::Group;
    (
        p.one_exit_up_to.get(Group::R1),
        p.one_exit_up_to.get(Group::B),
    )
}
