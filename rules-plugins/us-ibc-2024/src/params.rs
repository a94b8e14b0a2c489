//! The numbers of the code. An amendment may replace any of them.

use plancheck_sdk::prelude::*;

use crate::keys::{Function, Group};

/// The numbers of the code, in its own units.
#[derive(Params)]
pub struct Params {
    /// Least clear width of an egress door
    #[param(default = inches(32.0), cite = "IBC 2024 §1010.1.1", stricter = larger)]
    pub door_width: Limit<Length>,
    /// Least clear height of an egress door
    #[param(default = inches(80.0), cite = "IBC 2024 §1010.1.1", stricter = larger)]
    pub door_height: Limit<Length>,
    /// Least clear height of a door inside a dwelling or sleeping unit
    #[param(default = inches(78.0), cite = "IBC 2024 §1010.1.1", stricter = larger)]
    pub dwelling_door_height: Limit<Length>,
    /// Storage closets smaller than this may have narrower doors
    #[param(default = square_feet(10.0), cite = "IBC 2024 §1010.1.1")]
    pub closet_area: Limit<Area>,

    /// Corridors and stairs that serve fewer persons than this may be narrower
    #[param(default = persons(50.0), cite = "IBC 2024 §1020.3")]
    pub few_persons: Limit<Count>,
    /// Least width of a corridor
    #[param(default = inches(44.0), cite = "IBC 2024 §1020.3", stricter = larger)]
    pub corridor_width: Limit<Length>,
    /// Least width of a corridor that serves few persons
    #[param(default = inches(36.0), cite = "IBC 2024 §1020.3", stricter = larger)]
    pub corridor_width_few: Limit<Length>,
    /// Least ceiling height of a means of egress
    #[param(default = feet_inches(7.0, 6.0), cite = "IBC 2024 §1003.2", stricter = larger)]
    pub egress_ceiling: Limit<Length>,
    /// Least ceiling height of an occupiable room
    #[param(default = feet_inches(7.0, 6.0), cite = "IBC 2024 §1208.2", stricter = larger)]
    pub room_ceiling: Limit<Length>,
    /// Least ceiling height of bathrooms, toilets, kitchens, storage and laundry rooms
    #[param(default = feet_inches(7.0, 0.0), cite = "IBC 2024 §1208.2", stricter = larger)]
    pub low_room_ceiling: Limit<Length>,

    /// Least width of a stair
    #[param(default = inches(44.0), cite = "IBC 2024 §1011.2", stricter = larger)]
    pub stair_width: Limit<Length>,
    /// Least width of a stair that serves few persons
    #[param(default = inches(36.0), cite = "IBC 2024 §1011.2", stricter = larger)]
    pub stair_width_few: Limit<Length>,
    /// Greatest riser height
    #[param(default = inches(7.0), cite = "IBC 2024 §1011.5.2", stricter = smaller)]
    pub riser_max: Limit<Length>,
    /// Least riser height
    #[param(default = inches(4.0), cite = "IBC 2024 §1011.5.2", stricter = larger)]
    pub riser_min: Limit<Length>,
    /// Least tread depth
    #[param(default = inches(11.0), cite = "IBC 2024 §1011.5.2", stricter = larger)]
    pub tread_min: Limit<Length>,
    /// Greatest riser height in dwelling units
    #[param(default = inches(7.75), cite = "IBC 2024 §1011.5.2", stricter = smaller)]
    pub dwelling_riser_max: Limit<Length>,
    /// Least tread depth in dwelling units
    #[param(default = inches(10.0), cite = "IBC 2024 §1011.5.2", stricter = larger)]
    pub dwelling_tread_min: Limit<Length>,
    /// Least headroom of a stair
    #[param(default = inches(80.0), cite = "IBC 2024 §1011.3", stricter = larger)]
    pub stair_headroom: Limit<Length>,
    /// Greatest rise between landings
    #[param(default = feet(12.0), cite = "IBC 2024 §1011.8", stricter = smaller)]
    pub flight_rise: Limit<Length>,

    /// Greatest slope of a ramp in a means of egress
    #[param(default = one_in(12.0), cite = "IBC 2024 §1012.2", stricter = smaller)]
    pub ramp_slope: Limit<Slope>,
    /// Greatest slope of any other ramp
    #[param(default = one_in(8.0), cite = "IBC 2024 §1012.2", stricter = smaller)]
    pub ramp_slope_other: Limit<Slope>,
    /// Greatest rise of a ramp run
    #[param(default = inches(30.0), cite = "IBC 2024 §1012.4", stricter = smaller)]
    pub ramp_rise: Limit<Length>,
    /// Least clear width of a ramp
    #[param(default = inches(36.0), cite = "IBC 2024 §1012.5.1", stricter = larger)]
    pub ramp_width: Limit<Length>,

    /// One exit is enough for a space with up to this many persons
    #[param(
        table = [
            A = 49.0,
            B = 49.0,
            E = 49.0,
            F = 49.0,
            H = 3.0,
            H4 = 10.0,
            I = 10.0,
            M = 49.0,
            R1 = 10.0,
            R2 = 20.0,
            R3 = 20.0,
            R4 = 20.0,
            S = 29.0,
            U = 49.0,
        ],
        unit = Person,
        cite = "IBC 2024 §1006.2.1, Table 1006.2.1"
    )]
    pub one_exit_up_to: Table<Count, Group>,
    /// Two exits are enough up to this many persons
    #[param(default = persons(500.0), cite = "IBC 2024 §1006.2.1.1, §1006.3.3")]
    pub two_exits_up_to: Limit<Count>,
    /// Three exits are enough up to this many persons
    #[param(default = persons(1000.0), cite = "IBC 2024 §1006.2.1.1, §1006.3.3")]
    pub three_exits_up_to: Limit<Count>,
    /// Width of exit doors for each person
    #[param(default = inches_per_person(0.2), cite = "IBC 2024 §1005.3.2")]
    pub door_capacity: Limit<LengthPerPerson>,
    /// Width of exit doors for each person, with sprinklers and voice alarm
    #[param(default = inches_per_person(0.15), cite = "IBC 2024 §1005.3.2")]
    pub door_capacity_sprinklered: Limit<LengthPerPerson>,

    /// Least height of a guard
    #[param(default = inches(42.0), cite = "IBC 2024 §1015.3", stricter = larger)]
    pub guard_height: Limit<Length>,
    /// Least height of a handrail
    #[param(default = inches(34.0), cite = "IBC 2024 §1014.2", stricter = larger)]
    pub handrail_min: Limit<Length>,
    /// Greatest height of a handrail
    #[param(default = inches(38.0), cite = "IBC 2024 §1014.2", stricter = smaller)]
    pub handrail_max: Limit<Length>,

    /// Floor area for each person, by function of space
    #[param(
        table = [
            AccessoryStorage = 300.0,
            Agricultural = 300.0,
            AircraftHangar = 500.0,
            BaggageClaim = 20.0,
            BaggageHandling = 300.0,
            Concourse = 100.0,
            AirportWaiting = 15.0,
            Gaming = 11.0,
            Exhibit = 30.0,
            Chairs = 7.0,
            Standing = 5.0,
            Tables = 15.0,
            Bowling = 7.0,
            Business = 150.0,
            Courtroom = 40.0,
            DayCare = 35.0,
            Dormitory = 50.0,
            Classroom = 20.0,
            Vocational = 50.0,
            Exercise = 50.0,
            Fabrication = 200.0,
            Industrial = 100.0,
            InformationTechnology = 300.0,
            Inpatient = 240.0,
            Outpatient = 100.0,
            Sleeping = 120.0,
            Kitchen = 200.0,
            LibraryReading = 50.0,
            LibraryStacks = 100.0,
            Locker = 50.0,
            Mercantile = 60.0,
            MercantileStorage = 300.0,
            Parking = 200.0,
            Residential = 200.0,
            Pool = 50.0,
            PoolDeck = 15.0,
            Stage = 15.0,
            Warehouse = 500.0,
            Circulation = 150.0,
        ],
        unit = SquareFootPerPerson,
        cite = "IBC 2024 §1004.5, Table 1004.5"
    )]
    pub occupant_load_factor: Table<AreaPerPerson, Function>,
}
