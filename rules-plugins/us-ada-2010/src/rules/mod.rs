//! One rule per file, with its fixture beside it.

mod door_clear_height;
mod door_clear_width;
mod door_threshold;
mod ramp_rise;
mod ramp_slope;
mod ramp_width;
mod route_width;
mod stair_riser_height;
mod stair_tread_depth;

pub use door_clear_height::*;
pub use door_clear_width::*;
pub use door_threshold::*;
pub use ramp_rise::*;
pub use ramp_slope::*;
pub use ramp_width::*;
pub use route_width::*;
pub use stair_riser_height::*;
pub use stair_tread_depth::*;
