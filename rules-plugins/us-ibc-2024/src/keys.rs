//! The tables of the code by their rows, and the words of a model that stand for each row.
//!
//! A text that names no row, or might name several, stays unrecognised: the rule is then
//! undetermined and names the fact. Fixed seating (theatres, auditoriums) is left out on purpose,
//! since its load is the number of seats.

use plancheck_sdk::keys;

keys! {
    /// Function of space, the rows of Table 1004.5.
    pub enum Function {
        /// Storage and plant that belong to another use.
        AccessoryStorage = "accessory storage, mechanical equipment": [
            "storage", "store room", "storeroom", "mechanical", "mechanical room", "plant room",
            "equipment room", "electrical room", "utility", "janitor", "boiler room", "closet"],
        /// Farm buildings.
        Agricultural = "agricultural": ["agricultural", "barn", "stable"],
        /// Hangars.
        AircraftHangar = "aircraft hangar": ["hangar"],
        /// Where baggage is claimed.
        BaggageClaim = "airport baggage claim": ["baggage claim"],
        /// Where baggage is handled.
        BaggageHandling = "airport baggage handling": ["baggage handling"],
        /// Where passengers walk.
        Concourse = "airport concourse": ["concourse"],
        /// Where passengers wait.
        AirportWaiting = "airport waiting area": ["departure lounge", "gate lounge"],
        /// Casinos.
        Gaming = "gaming floor": ["casino", "gaming"],
        /// Museums and galleries.
        Exhibit = "exhibit gallery, museum": ["gallery", "museum", "exhibition", "exhibit"],
        /// Chairs without tables.
        Chairs = "assembly, chairs only": [
            "chairs only", "assembly concentrated", "dance floor", "worship", "chapel"],
        /// Standing room.
        Standing = "assembly, standing": ["standing", "standing space"],
        /// Tables and chairs.
        Tables = "assembly, tables and chairs": [
            "tables and chairs", "assembly unconcentrated", "conference", "conference room",
            "meeting", "meeting room", "dining", "restaurant", "cafeteria", "canteen", "lounge",
            "break room", "waiting room", "waiting area", "multipurpose room"],
        /// Bowling lanes.
        Bowling = "bowling": ["bowling"],
        /// Offices and the like.
        Business = "business": [
            "office", "business", "open plan", "work area", "workstation", "reception", "bank",
            "administration", "copy room", "manager"],
        /// Courtrooms without fixed seats.
        Courtroom = "courtroom": ["courtroom", "court room"],
        /// Care of children by day.
        DayCare = "day care": ["day care", "daycare"],
        /// Dormitories.
        Dormitory = "dormitory": ["dormitory", "dormitories"],
        /// Classrooms.
        Classroom = "classroom": ["classroom", "class room", "training room", "seminar room"],
        /// Where trades are taught.
        Vocational = "vocational room": ["vocational", "school workshop", "school laboratory"],
        /// Gymnasiums and the like.
        Exercise = "exercise room": ["exercise", "fitness", "gym", "gymnasium"],
        /// Fabrication in Group H-5.
        Fabrication = "H-5 fabrication": ["semiconductor fabrication"],
        /// Factories.
        Industrial = "industrial": ["industrial", "factory", "manufacturing", "production"],
        /// Data centres.
        InformationTechnology = "information technology equipment": [
            "server room", "data center", "data centre", "information technology"],
        /// Treatment of inpatients.
        Inpatient = "inpatient treatment": ["inpatient", "operating room", "operating theatre"],
        /// Treatment of outpatients.
        Outpatient = "outpatient area": ["outpatient", "clinic", "exam room", "examination room"],
        /// Where patients sleep.
        Sleeping = "institutional sleeping": ["patient room", "ward"],
        /// Kitchens.
        Kitchen = "commercial kitchen": ["kitchen"],
        /// Where readers sit.
        LibraryReading = "library reading room": ["library", "reading room"],
        /// Where books stand.
        LibraryStacks = "library stacks": ["library stack", "book stack", "stack area"],
        /// Locker rooms.
        Locker = "locker room": ["locker", "locker room", "changing room"],
        /// Shops.
        Mercantile = "mercantile": [
            "mercantile", "retail", "sales", "sales area", "shop", "showroom", "supermarket"],
        /// Storage and shipping of shops.
        MercantileStorage = "mercantile storage": ["stock room", "stockroom", "shipping"],
        /// Garages.
        Parking = "parking garage": ["parking", "parking garage", "garage", "car park"],
        /// Dwellings and hotels.
        Residential = "residential": [
            "residential", "apartment", "dwelling", "bedroom", "living room", "guest room",
            "hotel room"],
        /// Ice and water.
        Pool = "skating rink, swimming pool": ["pool", "swimming pool", "skating rink", "rink"],
        /// Beside ice and water.
        PoolDeck = "rink and pool deck": ["pool deck", "rink deck"],
        /// Stages and platforms.
        Stage = "stage, platform": ["stage", "platform"],
        /// Warehouses.
        Warehouse = "warehouse": ["warehouse"],
        /// Ours, not of the table: what a gross area covers beside the rooms.
        Circulation = "circulation and sanitary": [
            "corridor", "hallway", "passage", "circulation", "stair", "stairs", "stairway",
            "staircase", "stairwell", "elevator", "lift", "shaft", "toilet", "restroom", "rest room",
            "wc", "washroom", "bathroom", "lavatory", "shower", "vestibule"],
    }
}

impl Function {
    /// Is the net floor area counted, without walls, corridors and toilets?
    #[must_use]
    pub fn is_net(self) -> bool {
        use Function::*;
        matches!(
            self,
            Exhibit
                | Chairs
                | Standing
                | Tables
                | Bowling
                | Courtroom
                | DayCare
                | Classroom
                | Vocational
                | LibraryReading
                | Stage
        )
    }
}

keys! {
    /// Occupancy groups, as far as the rules tell them apart.
    pub enum Group {
        /// Assembly.
        A = "A": ["A", "group A", "A-1", "A-2", "A-3", "A-4", "A-5", "assembly"],
        /// Business.
        B = "B": ["B", "group B", "business", "office"],
        /// Education to the twelfth grade.
        E = "E": ["E", "group E", "educational", "school"],
        /// Factories.
        F = "F": ["F", "group F", "F-1", "F-2", "factory", "industrial"],
        /// High hazard, explosive or burning fast.
        H = "H-1, H-2, H-3": ["H-1", "H-2", "H-3"],
        /// High hazard to health, and semiconductors.
        H4 = "H-4, H-5": ["H-4", "H-5"],
        /// Institutions.
        I = "I": ["I", "group I", "I-1", "I-2", "I-3", "I-4", "institutional", "hospital", "nursing home"],
        /// Shops.
        M = "M": ["M", "group M", "mercantile", "retail"],
        /// Hotels.
        R1 = "R-1": ["R-1", "hotel", "motel"],
        /// Apartment buildings and dormitories.
        R2 = "R-2": ["R-2", "apartment", "apartment building", "multifamily", "multi family"],
        /// One- and two-family dwellings.
        R3 = "R-3": ["R-3", "single family", "one family", "two family", "duplex"],
        /// Small residential care.
        R4 = "R-4": ["R-4"],
        /// Storage.
        S = "S": ["S", "group S", "S-1", "S-2", "warehouse", "storage"],
        /// Sheds, private garages, tanks.
        U = "U": ["U", "group U", "utility"],
    }
}

/// May an element be one of those inside a dwelling unit?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dwelling {
    /// Every one is.
    Yes,
    /// Some are, and the model does not say which; or it does not say what the building is.
    Perhaps,
    /// None is.
    No,
}

/// May stairs be as steep as those inside a dwelling unit? From the group of the building.
#[must_use]
pub fn dwelling(group: Option<Group>) -> Dwelling {
    match group {
        Some(Group::R3) => Dwelling::Yes,
        Some(Group::R2) | None => Dwelling::Perhaps,
        Some(_) => Dwelling::No,
    }
}

/// May a door be one of those inside a dwelling unit, which may be of any width?
#[must_use]
pub fn dwelling_width(group: Option<Group>) -> Dwelling {
    match group {
        Some(Group::I | Group::R4) => Dwelling::Perhaps,
        other => dwelling(other),
    }
}

/// May a door be one of those inside a dwelling or sleeping unit, which may be lower?
#[must_use]
pub fn dwelling_height(group: Option<Group>) -> Dwelling {
    match group {
        Some(Group::R1) => Dwelling::Perhaps,
        other => dwelling_width(other),
    }
}

keys! {
    /// Rooms for which a lower ceiling is enough. One key for all: a bathroom with a toilet is one.
    pub enum LowRoom {
        /// Bathrooms, toilets, kitchens, storage rooms, laundries.
        Any = "bathroom, toilet, kitchen, storage, laundry": [
            "bathroom", "shower", "washroom", "toilet", "wc", "restroom", "rest room", "lavatory",
            "kitchen", "storage", "store room", "storeroom", "closet", "laundry"],
    }
}

keys! {
    /// How a door opens: the operation types of IFC by what they have in common.
    pub enum DoorOperation {
        /// On hinges or pivots.
        Swinging = "swinging": ["swing", "double swing", "single swing", "hinged", "swinging"],
        /// Sideways.
        Sliding = "sliding": ["sliding", "double door sliding", "single sliding"],
        /// In folds.
        Folding = "folding": ["folding", "double door folding"],
        /// Around a middle.
        Revolving = "revolving": ["revolving", "revolving horizontal", "revolving vertical"],
        /// Up, in a roll or as a whole.
        Lifting = "lifting": ["rollingup", "rolling up", "lifting", "overhead"],
    }
}

keys! {
    /// What a railing is for.
    pub enum RailingType {
        /// Keeps people from falling.
        Guard = "guard": ["guardrail", "guard rail", "guard", "balustrade"],
        /// Gives a hold.
        Handrail = "handrail": ["handrail", "hand rail"],
    }
}

#[cfg(test)]
mod tests {
    use plancheck_sdk::Key;

    use super::*;

    #[test]
    fn a_text_of_two_rows_is_none() {
        for text in [
            "Meeting room storage",
            "Platform lift",
            "Pool table lounge",
            "Library cafeteria",
            "Stage manager",
            "Office storage",
            "Not an office",
            "former office",
            "Bank of lifts",
            "Lobby",
        ] {
            assert_eq!(Function::of_text(text), None, "{text}");
        }
        for text in [
            "B, R-3",
            "R-3 / B mixed use",
            "M over R-3",
            "Not R-3",
            "Hotel office",
        ] {
            assert_eq!(Group::of_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_of_one_row_is_that_row() {
        for (text, row) in [
            ("Open Office", Function::Business),
            ("Open Office 2", Function::Business),
            ("Conference Room", Function::Tables),
            ("Gallery", Function::Exhibit),
            ("Library stacks", Function::LibraryStacks),
            ("Parking garage", Function::Parking),
            ("Server room", Function::InformationTechnology),
            ("Men's restroom", Function::Circulation),
            ("Pool deck", Function::PoolDeck),
            ("Waiting area", Function::Tables),
        ] {
            assert_eq!(Function::of_text(text), Some(row), "{text}");
        }
        assert_eq!(Group::of_text("Group B, office"), Some(Group::B));
        assert_eq!(Group::of_text("R-3"), Some(Group::R3));
        assert_eq!(Group::of_text("b"), Some(Group::B));
        assert!(LowRoom::of_text("Bathroom with toilet").is_some());
    }
}
