//! The components that are built into the program.
//!
//! `build.rs` takes them from `target/plancheck` (or from the folder that `PLANCHECK_ARTIFACTS`
//! names) at the time the host is compiled. Where there are none, as in a fresh checkout, the
//! host compiles all the same and says that it has none.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The engine, if the host was built with one.
#[must_use]
pub fn embedded_engine() -> Option<&'static [u8]> {
    ENGINE
}

/// The core module that runs rulebooks, if the host was built with it.
#[must_use]
pub fn embedded_interpreter() -> Option<&'static [u8]> {
    INTERPRETER
}

/// The core module that runs rule files of the older system, if the host was built with it.
#[must_use]
pub fn embedded_runner() -> Option<&'static [u8]> {
    RUNNER
}

/// The modules that the host was built with, by name (`us-ibc-2024`), in alphabetical order.
#[must_use]
pub fn embedded_modules() -> &'static [(&'static str, &'static [u8])] {
    MODULES
}

/// The modules of the rulebooks that the host was built with: name, what the module says of itself (JSON),
/// and its file, in alphabetical order.
#[must_use]
pub fn embedded_rulebooks() -> &'static [(&'static str, &'static str, &'static [u8])] {
    RULEBOOKS
}
