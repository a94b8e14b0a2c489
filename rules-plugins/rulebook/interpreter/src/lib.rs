//! Runs compiled rulebooks.
//!
//! A rulebook is compiled once, by `plancheck-rulebook`, to a flat program (`format`). This crate
//! answers batches with it, in two steps: a screen (`screen`) goes over whole columns and finds the
//! rows that certainly pass or are certainly not governed; every other row is judged on its own
//! (`row`), with tolerances, the facts that decided, and what the verdict has to say. The screen
//! only ever saves work: what it is not sure of, it leaves to the second step.
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

mod answer;
mod batch;
#[cfg(all(feature = "component", target_arch = "wasm32"))]
mod component;
pub mod format;
mod program;
mod row;
mod screen;
pub mod text;
mod validate;
mod value;

pub use program::{Broken, Program};
