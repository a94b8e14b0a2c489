//! What is wrong with a rule file, and where.

use thiserror::Error;

/// Why a rule file does not become a module.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{file}: {}: {what}", place(.pointer))]
pub struct Error {
    /// The file, as the caller calls it.
    pub file: String,
    /// The place: a JSON pointer (RFC 6901), empty for the whole file.
    pub pointer: String,
    /// What is wrong there.
    pub what: What,
}

fn place(pointer: &str) -> &str {
    if pointer.is_empty() {
        "the file"
    } else {
        pointer
    }
}

/// What is wrong at a place.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// It is larger than is read.
    #[error("{found} bytes; at most {limit} are read")]
    TooLarge {
        /// Its bytes.
        found: usize,
        /// How many are read.
        limit: usize,
    },
    /// It is no JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// A key is missing.
    #[error("the key {0:?} is missing")]
    Missing(&'static str),
    /// It is of another type.
    #[error("{0} is expected")]
    Expected(&'static str),
    /// It is none of the words that the format has here.
    #[error("unknown {what} {found:?}; the format has {known}")]
    Unknown {
        /// What the word is for.
        what: &'static str,
        /// The word.
        found: String,
        /// The words there are.
        known: String,
    },
    /// The original stops at such a rule; a module would have to say something else.
    #[error("the original gives no answer for such a rule: {0}")]
    Stops(&'static str),
    /// The pattern is outside of what is compiled.
    #[error("the pattern {pattern:?} cannot be compiled: {why}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// Why not.
        why: String,
    },
    /// A name that no path of a fact can carry.
    #[error(
        "the name {0:?} cannot be asked for: it has a comma, a quote, a parenthesis or blanks at its ends"
    )]
    Name(String),
    /// More than a module can hold.
    #[error("{0}")]
    TooMany(String),
    /// What came out is no manifest.
    #[error("{0}")]
    Manifest(String),
}

/// A place and what is wrong there, before the file has a name.
pub(crate) type Wrong = (String, What);

/// Something is wrong at this place.
pub(crate) fn wrong<T>(pointer: impl Into<String>, what: What) -> Result<T, Wrong> {
    Err((pointer.into(), what))
}
