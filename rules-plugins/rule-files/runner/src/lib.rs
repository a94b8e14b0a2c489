//! Runs compiled rule files.
//!
//! A rule file is compiled once, by `plancheck-rule-files`, to a flat program ([`format`]). This
//! crate answers batches with it ([`evaluate`]): conditions narrow a table of rows, each row being
//! out, undecided or in, and keep the order in which the older system told what it found.
//!
//! Natively it is a library. With the feature `component` it is the guest that the compiler puts a
//! program into (`component`).

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing
)]

mod batch;
#[cfg(all(feature = "component", target_arch = "wasm32"))]
mod component;
pub mod condition;
pub mod evaluate;
pub mod format;
mod others;
pub mod pattern;
mod value;

pub use format::{Broken, Program};
