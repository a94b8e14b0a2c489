//! The host: everything around the engine that touches files, networks and clocks.

pub mod api;
pub mod auth;
pub mod bundle;
pub mod cache;
pub mod catalogue;
pub mod check;
pub mod cli;
pub mod ids;
pub mod place;
pub mod registry;
pub mod render;
pub mod runtime;
pub mod store;
pub mod sync;
pub mod telemetry;
pub mod trust;
