//! One rule per file, with its fixture beside it. Helpers that several rules share belong in
//! `keys` or in the SDK, not here.

mod corridor_ceiling_height;
mod corridor_clear_width;
mod egress_door_clear_height;
mod egress_door_clear_width;
mod egress_door_type;
mod guard_height;
mod handrail_height;
mod occupant_load;
mod ramp_rise;
mod ramp_slope;
mod ramp_width;
mod room_ceiling_height;
mod space_exits;
mod stair_flight_rise;
mod stair_headroom;
mod stair_riser_height;
mod stair_tread_depth;
mod stair_width;
mod storey_exit_width;
mod storey_exits;

pub use corridor_ceiling_height::*;
pub use corridor_clear_width::*;
pub use egress_door_clear_height::*;
pub use egress_door_clear_width::*;
pub use egress_door_type::*;
pub use guard_height::*;
pub use handrail_height::*;
pub use occupant_load::*;
pub use ramp_rise::*;
pub use ramp_slope::*;
pub use ramp_width::*;
pub use room_ceiling_height::*;
pub use space_exits::*;
pub use stair_flight_rise::*;
pub use stair_headroom::*;
pub use stair_riser_height::*;
pub use stair_tread_depth::*;
pub use stair_width::*;
pub use storey_exit_width::*;
pub use storey_exits::*;
