//! What the end to end tests share.

pub mod native;
pub mod shared;
