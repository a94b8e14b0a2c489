//! What the standards distinguish buildings by: whether they are private dwellings.

use plancheck_sdk::Message;
use plancheck_sdk::keys;
use plancheck_sdk::prelude::*;

keys! {
    /// Occupancy groups, as far as the standards tell them apart. They govern places of public
    /// accommodation, commercial facilities and public bodies; private dwellings are none of these.
    pub enum Building {
        /// One- and two-family dwellings.
        House = "R-3": ["R-3", "single family", "one family", "two family", "duplex"],
        /// Apartment buildings: leasing offices and public housing are governed, private units not.
        Apartments = "R-2": ["R-2", "apartment", "apartment building", "multifamily", "multi family"],
        /// Everything else.
        Other = "another group": [
            "A", "group A", "A-1", "A-2", "A-3", "A-4", "A-5", "assembly",
            "B", "group B", "business", "office",
            "E", "group E", "educational", "school",
            "F", "group F", "F-1", "F-2", "factory", "industrial",
            "H-1", "H-2", "H-3", "H-4", "H-5",
            "I", "group I", "I-1", "I-2", "I-3", "I-4", "institutional", "hospital", "nursing home",
            "M", "group M", "mercantile", "retail",
            "R-1", "hotel", "motel", "R-4",
            "S", "group S", "S-1", "S-2", "warehouse", "storage",
            "U", "group U", "utility"],
    }
}

/// A verdict on a building that the standards may not govern. What they would not allow is
/// undetermined where the building may be a private dwelling (`open` says so), and not governed
/// where it is one.
pub fn governed(verdict: Verdict, building: Class<Building>, open: Message<0>) -> Verdict {
    let facts = building.facts();
    match building.key() {
        Some(Building::Other) => verdict,
        Some(Building::House) => Verdict::not_applicable().resting_on(facts),
        Some(Building::Apartments) | None if verdict.is_fail() => {
            verdict.unless_known(facts).because(open, [])
        }
        Some(Building::Apartments) | None => verdict,
    }
}
