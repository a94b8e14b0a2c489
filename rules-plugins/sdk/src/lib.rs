//! Write a jurisdiction module: the rules of a building code as documented Rust functions.
//!
//! A rule is a function over one row of facts. Its doc comment is the page that people read, its
//! first line the title. The engine collects the facts from the building model, hands over whole
//! columns, and words the findings; the function only judges:
//!
//! ```
//! use plancheck_sdk::prelude::*;
//!
//! /// A door, as the rules of this module see it. Field `i` is column `i` of the batch.
//! #[derive(Facts)]
//! #[facts(subject = "door")]
//! pub struct EgressDoor<'b> {
//!     pub clear_width: Number<Length>,
//!     pub operation: Text<'b>,
//!     #[fact(path = "storey.doors.count(is_exit)")]
//!     pub exits: Number<Count>,
//!     pub is_exit: Boolean,
//! }
//!
//! /// The numbers that an amendment may replace, in the code's own units.
//! #[derive(Params)]
//! pub struct Params {
//!     /// Least clear width of an egress door
//!     #[param(default = inches(32.0), cite = "Sample Code §1")]
//!     pub min_clear_width: Limit<Length>,
//! }
//!
//! /// Exit doors are wide enough
//! ///
//! /// People leave through them all at once. What is measured is the opening, not the leaf.
//! #[rule(id = "exit-door-width", cite = "Sample Code §1", severity = Error,
//!        category = FireSafetyEgress)]
//! pub fn exit_door_width(door: EgressDoor, p: &Params) -> Result<Verdict, Missing> {
//!     if !door.is_exit.is_true()? {
//!         return Ok(Verdict::not_applicable());
//!     }
//!     Ok(door.clear_width.at_least(p.min_clear_width))
//! }
//!
//! plancheck_sdk::module! {
//!     id: "sample",
//!     title: "Sample Code",
//!     publisher: "Example",
//!     limits: "Everything but the width of exit doors.",
//!     jurisdiction: { country: "us", family: "SAMPLE", edition: "1", effective_from: "2024-01-01" },
//!     params: Params,
//!     views: [EgressDoor],
//!     rules: [exit_door_width],
//! }
//!
//! # fn main() {
//! assert!((module().describe)().contains("Exit doors are wide enough"));
//! # }
//! ```
//!
//! `readiness: ["readiness.ids"]` names files beside `Cargo.toml`: IDS documents that say what a model
//! has to contain. They become part of the module, are checked before its rules, and reports say what
//! is lacking.
//!
//! # Facts
//!
//! A view struct names a subject and the facts wanted of it: [`Number`] (a value plus or minus its
//! tolerance), [`Boolean`], [`Text`] and, for texts that stand for a row of a table, [`Class`].
//! Any of them may be absent. `known()?`, `is_true()?` and the comparisons make the rule
//! undetermined then, naming the fact; nothing is ever assumed.
//!
//! # Comparisons
//!
//! They are made in the unit of the limit, with the whole interval that the value may lie in:
//!
//! ```
//! use plancheck_sdk::prelude::*;
//!
//! let width = |metres, tolerance| Number::<Length>::new(metres, tolerance, 1);
//! assert_eq!(width(0.8128, 0.0).at_least(inches(32.0)).kind(), Kind::Pass);
//! assert_eq!(width(0.81, 0.0).at_least(inches(32.0)).kind(), Kind::Fail);
//! assert_eq!(width(0.81, 0.02).at_least(inches(32.0)).kind(), Kind::Undetermined);
//! assert_eq!(width(f64::NAN, 0.0).at_least(inches(32.0)).kind(), Kind::Undetermined);
//! ```
//!
//! [`Verdict::and`] is for several requirements, [`Verdict::or`] for exceptions. A length cannot
//! be held against an area: that does not compile.
//!
//! # Computed values
//!
//! [`Measured`] values add, scale and divide, carrying tolerance and facts along:
//!
//! ```
//! use plancheck_sdk::prelude::*;
//!
//! # fn main() -> Result<(), Missing> {
//! let area = Number::<Area>::new(139.35456, 0.0, 0b01).known()?;
//! let load = area.persons_at(square_feet_per_person(150.0))?.ceil();
//! assert_eq!(load.si(), 10.0);
//! let width = Number::<Length>::new(0.8, 0.0, 0b10);
//! let verdict = width.at_least(load.times(inches_per_person(0.2)));
//! assert_eq!(verdict.facts(), 0b11);
//! # Ok(())
//! # }
//! ```
//!
//! # Messages
//!
//! The engine has a standard wording for every comparison. A rule that must say more declares
//! `messages(NAME = "… {0} ft …")` and returns `verdict.because(NAME, [number])`; the number of
//! arguments is checked while compiling. Arguments are in the unit that the text names.
//!
//! # What a module may not do
//!
//! It has no imports: no clock, no files, no randomness. A panic stops the batch, and the engine
//! reports its rows as undetermined.

// The macros write `::plancheck_sdk::…`; so that they work in this crate's own tests too.
extern crate self as plancheck_sdk;

mod answer;
pub mod derived;
pub mod facts;
pub mod keys;
pub mod limit;
pub mod measured;
pub mod module;
pub mod params;
pub mod quantity;
pub mod verdict;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use derived::{ColumnWriter, Derived, DerivedFact, DerivedValue, Flag, Label};
pub use facts::{Boolean, Class, Cursor, FactInfo, Facts, Field, Source, Text, ViewInfo};
pub use keys::Key;
pub use limit::{Limit, Required};
pub use measured::{Measured, Number};
pub use module::{Category, Native, Rule, RuleInfo};
pub use params::{Param, ParamInfo, Params, Table};
pub use plancheck_contract::{
    Batch, Columns, Comparison, Dimension, FactKind, Heading, Kind, Severity, Stage, Stricter,
    Unit, Verdicts,
};
pub use plancheck_sdk_macros::{Facts, Params, derived, module, rule};
pub use verdict::{IntoVerdict, Message, Missing, Verdict};

/// What a file of rules needs.
pub mod prelude {
    pub use crate::derived::{Derived, Flag, Label};
    pub use crate::facts::{Boolean, Class, Text};
    pub use crate::keys;
    pub use crate::limit::{
        Limit, Required, amperes, celsius, centimetres, cubic_feet_per_minute, cubic_metres,
        cubic_metres_per_hour, degrees, each, fahrenheit, feet, feet_inches, gallons_per_minute,
        hours, inches, inches_per_person, kilopascals, kilowatts, litres_per_second, metres,
        millimetres, millimetres_per_person, minutes, one_in, percent, persons, psi, slope_percent,
        square_feet, square_feet_per_person, square_metres, square_metres_per_person, watts,
    };
    pub use crate::measured::{Measured, Number};
    pub use crate::params::Table;
    pub use crate::quantity::{
        Angle, Area, AreaPerPerson, Count, Current, Flow, Length, LengthPerPerson, Power, Pressure,
        Ratio, Slope, Temperature, Time, Volume,
    };
    pub use crate::verdict::{Missing, Verdict};
    pub use crate::{Facts, Key, Kind, Params, Unit, derived, rule};
}
