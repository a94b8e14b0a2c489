//! The Plancheck rule engine.
//!
//! Bytes of a building model go in ([`model`], read by [`step`] or as JSON), facts with
//! provenance are derived from it ([`facts`]), jurisdiction modules judge batches of them
//! ([`rules`]), and a report comes out ([`report`]). The engine performs no I/O, knows no clock,
//! starts no thread and never panics on input: the same code runs natively, in wasmtime
//! (feature `component`) and in the browser (feature `browser`).

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing
)]

pub mod diagnostic;
pub mod facts;
pub mod ids;
pub mod model;
pub mod module_file;
pub mod report;
pub mod rules;
pub mod step;

#[cfg(feature = "browser")]
mod browser;
#[cfg(feature = "component")]
mod component;

/// The version of the engine, part of every report.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A digest (BLAKE3, hex) of the sources that this engine was built from, part of every report.
pub const SOURCE_DIGEST: &str = env!("PLANCHECK_ENGINE_DIGEST");
