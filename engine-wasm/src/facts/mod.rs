//! The fact catalogue: what can be known of a door, a space, a stair …, and where from.
//!
//! One file per subject, each a table of [`Fact`]s with their ordered chain of sources. A fact is
//! read through a [`Reader`], which notes which elements were looked at, so that an edit
//! re-checks only what depends on it. What codes require does not belong here.

mod building;
mod catalogue;
mod door;
mod element;
mod markdown;
mod railing;
mod ramp;
mod reader;
mod resolve;
mod space;
mod stair;
mod storey;
pub mod text;
mod uses;
mod window;

pub use catalogue::{
    Combine, Completeness, Fact, Outcome, Provenance, Relation, Source, Subject, Target, facts_of,
    find_fact, find_relation, find_subject, subjects,
};
pub use markdown::catalogue_markdown;
pub use reader::{Dependencies, Reader};
pub use resolve::{Known, Resolved, believed, resolve};
