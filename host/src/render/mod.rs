//! What people read in a terminal: reports, rule pages, tables.
//!
//! Everything that comes from a model or a module goes through [`safe`] before it is printed.
//! Documents for machines do not belong here: a report's JSON is passed on as the engine gave it.

mod group;
pub mod ids;
mod lines;
pub mod markdown;
pub mod module_page;
pub mod palette;
mod phrase;
mod readiness;
pub mod report;
pub mod safe;
pub mod table;
pub mod text;

pub use palette::Palette;
pub use phrase::{counted, thousands};
pub use report::Report;
pub use safe::{brief, cut, safe};
