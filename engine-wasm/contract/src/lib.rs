//! The contract between the engine and a jurisdiction module, as Rust types.
//!
//! `engine-wasm/wit/module` says the same in WIT; this crate adds the meaning of the codes, the
//! manifest that `describe` returns, and the units. The engine, the host and the module SDK all
//! stand on it; it depends on nothing, so that modules stay small.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing
)]

pub mod amends;
pub mod batch;
pub mod check;
#[cfg(feature = "fixture")]
pub mod fixture;
pub mod knowledge;
pub mod manifest;
pub mod unit;
mod view;
mod write;
mod written;

pub use amends::{AmendedCell, Amends, Policy};
pub use batch::{
    Batch, Columns, Comparison, Kind, LAYOUT_BOOLEAN, LAYOUT_EXACT, LAYOUT_TEXT, LAYOUT_TOLERANCE,
    NO_MESSAGE, NO_TEXT, Verdicts,
};
pub use knowledge::{Heading, Redirect, Section};
pub use manifest::{
    Cell, DerivedFact, FactKind, Jurisdiction, Manifest, ModuleInfo, Only, Parameter, Rule,
    Severity, Stage, Stricter, View, ViewFact,
};
pub use unit::{Dimension, Unit};
pub use written::written;

/// The version of the contract. The host refuses a module whose major version differs.
pub const VERSION: &str = "1.0.0";

/// At most this many facts in one view: a verdict names the facts that decided as bits of a u64.
pub const MAX_VIEW_FACTS: usize = 64;

/// Two numbers that differ by less than this, relative to the larger, are equal in a comparison.
///
/// It absorbs the representation of a number, not its measurement: files carry 6 to 16
/// significant digits (`2.666667` ft for 32 in), and conversion to SI and back costs one ulp.
pub const COMPARISON_TOLERANCE: f64 = 1e-6;
