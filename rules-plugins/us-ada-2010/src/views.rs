//! What the rules see of each subject. Field `i` is column `i` of a batch.

use plancheck_sdk::prelude::*;

use crate::keys::Building;

/// A door.
#[derive(Facts)]
#[facts(subject = "door")]
pub struct Door {
    /// Between the stop and the face of the leaf, opened 90°.
    pub clear_width: Number<Length>,
    /// Under the frame, stop or closer.
    pub clear_height: Number<Length>,
    /// Above the floor on either side.
    pub threshold_height: Number<Length>,
    /// It has a closer, which may hang lower than the frame.
    pub self_closing: Boolean,
    /// Occupancy group of the building.
    #[fact(path = "building.occupancy")]
    pub group: Class<Building>,
}

/// A run of a ramp.
#[derive(Facts)]
#[facts(subject = "ramp_flight")]
pub struct RampFlight {
    /// Running slope.
    pub slope: Number<Slope>,
    /// Clear of handrails as far as the model shows.
    pub width: Number<Length>,
    /// From landing to landing.
    pub rise: Number<Length>,
    /// Occupancy group of the building.
    #[fact(path = "building.occupancy")]
    pub group: Class<Building>,
}

/// A corridor, as a walking surface of an accessible route.
#[derive(Facts)]
#[facts(subject = "corridor", name = "route")]
pub struct Route {
    /// At its narrowest.
    pub clear_width: Number<Length>,
    /// Occupancy group of the building.
    #[fact(path = "building.occupancy")]
    pub group: Class<Building>,
}

/// A flight of stairs.
#[derive(Facts)]
#[facts(subject = "stair_flight")]
pub struct StairFlight {
    /// From tread to tread.
    pub riser_height: Number<Length>,
    /// From nosing to nosing.
    pub tread_depth: Number<Length>,
    /// Occupancy group of the building.
    #[fact(path = "building.occupancy")]
    pub group: Class<Building>,
}
