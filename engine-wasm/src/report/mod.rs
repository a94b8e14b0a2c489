//! Findings, score, digests: what a check found, as one deterministic document.
//!
//! Nothing here knows the time, the host or the caller: equal input gives equal bytes. Rendering
//! for people (text, HTML, PDF) belongs to whoever shows it.

pub mod document;
pub mod finding;
pub(crate) mod wording;

pub use document::{Delta, Report};
pub use finding::Finding;
