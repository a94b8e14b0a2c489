//! The numbers of the standards. An amendment may replace any of them.
//!
//! The standards give inches and rounded millimetres; the inches are used, and what equals them
//! within the precision of a file is accepted.

use plancheck_sdk::prelude::*;

/// The numbers of the standards, in their own units.
#[derive(Params)]
pub struct Params {
    /// Least clear width of a door
    #[param(default = inches(32.0), cite = "2010 ADA Standards §404.2.3", stricter = larger)]
    pub door_width: Limit<Length>,
    /// Least vertical clearance
    #[param(default = inches(80.0), cite = "2010 ADA Standards §307.4", stricter = larger)]
    pub door_height: Limit<Length>,
    /// Least vertical clearance under door closers and stops
    #[param(default = inches(78.0), cite = "2010 ADA Standards §307.4", stricter = larger)]
    pub door_height_closer: Limit<Length>,
    /// Greatest height of a threshold
    #[param(default = inches(0.5), cite = "2010 ADA Standards §404.2.5", stricter = smaller)]
    pub threshold: Limit<Length>,
    /// Greatest height of an existing threshold with bevelled sides
    #[param(default = inches(0.75), cite = "2010 ADA Standards §404.2.5", stricter = smaller)]
    pub threshold_existing: Limit<Length>,
    /// Greatest running slope of a ramp
    #[param(default = one_in(12.0), cite = "2010 ADA Standards §405.2", stricter = smaller)]
    pub ramp_slope: Limit<Slope>,
    /// Least clear width of a ramp run
    #[param(default = inches(36.0), cite = "2010 ADA Standards §405.5", stricter = larger)]
    pub ramp_width: Limit<Length>,
    /// Greatest rise of a ramp run
    #[param(default = inches(30.0), cite = "2010 ADA Standards §405.6", stricter = smaller)]
    pub ramp_rise: Limit<Length>,
    /// Least clear width of a walking surface
    #[param(default = inches(36.0), cite = "2010 ADA Standards §403.5.1", stricter = larger)]
    pub route_width: Limit<Length>,
    /// Least clear width of a walking surface over a short length
    #[param(default = inches(32.0), cite = "2010 ADA Standards §403.5.1", stricter = larger)]
    pub route_width_short: Limit<Length>,
    /// Least riser height
    #[param(default = inches(4.0), cite = "2010 ADA Standards §504.2", stricter = larger)]
    pub riser_min: Limit<Length>,
    /// Greatest riser height
    #[param(default = inches(7.0), cite = "2010 ADA Standards §504.2", stricter = smaller)]
    pub riser_max: Limit<Length>,
    /// Least tread depth
    #[param(default = inches(11.0), cite = "2010 ADA Standards §504.2", stricter = larger)]
    pub tread_min: Limit<Length>,
}
