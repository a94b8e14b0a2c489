//! The host: everything around the engine that touches files, networks and clocks.

pub mod runtime;
