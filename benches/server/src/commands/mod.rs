//! What is measured: one file for each command.

pub mod http;
pub mod live;
pub mod soak;
