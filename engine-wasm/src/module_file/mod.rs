//! A module's file, looked at without a runtime for components: its digest, its signature, that it is
//! one program whoever runs it (`wrapper`), and for a page the core module inside (`core`).
//!
//! The host leaves the rest to wasmtime. Nothing here runs a module.

mod bytes;
mod core;
mod error;
pub mod limits;
mod signature;
mod slot;
mod syntax;
mod world;
mod wrapper;

pub use self::core::core_module;
pub use bytes::{Bytes, number_into};
pub use error::{FileError, at_most, shown, shown_exports};
pub use signature::{SignatureError, verify};
pub use slot::{NoGuest, fill_slot};
pub use world::INTERFACE;
pub use wrapper::ModuleFile;

/// A digest (BLAKE3, hex) of a module's file, as reports name it.
#[must_use]
pub fn digest(file: &[u8]) -> String {
    blake3::hash(file).to_hex().to_string()
}
