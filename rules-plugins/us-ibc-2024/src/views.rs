//! What the rules see of each subject. Field `i` is column `i` of a batch.

use plancheck_sdk::prelude::*;

use crate::keys::{DoorOperation, Function, Group, LowRoom, RailingType};

/// A door.
#[derive(Facts)]
#[facts(subject = "door")]
pub struct Door {
    /// Between the stop and the face of the leaf, opened 90°.
    pub clear_width: Number<Length>,
    /// Under the frame or stop.
    pub clear_height: Number<Length>,
    /// It is part of an exit, or leads outside.
    pub is_exit: Boolean,
    /// How it opens.
    #[fact(path = "operation")]
    pub operation: Class<DoorOperation>,
    /// The smaller of the spaces on its sides.
    #[fact(path = "spaces.min(area)")]
    pub smallest_space: Number<Area>,
    /// Occupancy group of the building.
    #[fact(path = "building.occupancy")]
    pub group: Class<Group>,
}

/// A space used as a corridor.
#[derive(Facts)]
#[facts(subject = "corridor")]
pub struct Corridor {
    /// At its narrowest.
    pub clear_width: Number<Length>,
    /// Clear ceiling height.
    pub height: Number<Length>,
    /// It is within the building.
    pub is_interior: Boolean,
    /// Everyone on the storey: no corridor of it serves more.
    #[fact(path = "storey.spaces.sum(occupant_load)")]
    pub storey_load: Number<Count>,
}

/// A space, with what it is used for and how it is left.
#[derive(Facts)]
#[facts(subject = "space")]
pub struct Room {
    /// Clear ceiling height.
    pub height: Number<Length>,
    /// It is a room within the building.
    pub is_interior: Boolean,
    /// It is used as a corridor.
    pub is_corridor: Boolean,
    /// Its use, if a lower ceiling is enough for it.
    #[fact(path = "use")]
    pub low_room: Class<LowRoom>,
    /// Its use, as a row of Table 1004.5.
    #[fact(path = "use")]
    pub function: Class<Function>,
    /// Derived by this module.
    pub occupant_load: Number<Count>,
    /// Its doors.
    #[fact(path = "doors.count()")]
    pub doors: Number<Count>,
    /// Occupancy group of the building.
    #[fact(path = "building.occupancy")]
    pub group: Class<Group>,
}

/// A space, as its occupant load is computed.
#[derive(Facts)]
#[facts(subject = "space")]
pub struct SpaceUse {
    /// Its use, as a row of Table 1004.5.
    #[fact(path = "use")]
    pub function: Class<Function>,
    /// Floor area, not known whether net or gross.
    pub area: Number<Area>,
    /// Net floor area.
    pub net_area: Number<Area>,
    /// Gross floor area.
    pub gross_area: Number<Area>,
}

/// A flight of stairs.
#[derive(Facts)]
#[facts(subject = "stair_flight")]
pub struct StairFlight {
    /// From tread to tread.
    pub riser_height: Number<Length>,
    /// From nosing to nosing.
    pub tread_depth: Number<Length>,
    /// Clear of handrails as far as the model shows.
    pub width: Number<Length>,
    /// Above the line of the nosings.
    pub headroom: Number<Length>,
    /// From landing to landing.
    pub total_rise: Number<Length>,
    /// Everyone in the building: no stair serves more.
    #[fact(path = "building.spaces.sum(occupant_load)")]
    pub building_load: Number<Count>,
    /// Occupancy group of the building.
    #[fact(path = "building.occupancy")]
    pub group: Class<Group>,
}

/// A run of a ramp.
#[derive(Facts)]
#[facts(subject = "ramp_flight")]
pub struct RampFlight {
    /// Running slope.
    pub slope: Number<Slope>,
    /// Clear width.
    pub width: Number<Length>,
    /// From landing to landing.
    pub rise: Number<Length>,
}

/// A storey, with how it is left.
#[derive(Facts)]
#[facts(subject = "storey")]
pub struct Storey {
    /// Everyone on it.
    #[fact(path = "spaces.sum(occupant_load)")]
    pub occupant_load: Number<Count>,
    /// Its doors that are exits.
    #[fact(path = "doors.count(is_exit)")]
    pub exit_doors: Number<Count>,
    /// Their clear widths together.
    #[fact(path = "doors.sum(clear_width, is_exit)")]
    pub exit_width: Number<Length>,
    /// Its flights of stairs.
    #[fact(path = "stair_flights.count()")]
    pub stair_flights: Number<Count>,
    /// The building has sprinklers.
    #[fact(path = "building.sprinklered")]
    pub sprinklered: Boolean,
}

/// A railing.
#[derive(Facts)]
#[facts(subject = "railing")]
pub struct Railing {
    /// Above the walking surface or the nosings.
    pub height: Number<Length>,
    /// What the model says it is.
    #[fact(path = "predefined_type")]
    pub kind: Class<RailingType>,
}
