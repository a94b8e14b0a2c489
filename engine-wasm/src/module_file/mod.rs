//! A module's file where no runtime for components is at hand: its digest, its signature, and the
//! one core module inside that a browser can run.
//!
//! The host leaves all of this but the signature to wasmtime. Nothing here runs a module.

mod core;
mod signature;

pub use self::core::{FileError, core_module};
pub use signature::{SignatureError, verify};

/// A digest (BLAKE3, hex) of a module's file, as reports name it.
#[must_use]
pub fn digest(file: &[u8]) -> String {
    blake3::hash(file).to_hex().to_string()
}
