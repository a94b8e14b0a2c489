//! XSD regular expressions: read as XSD has them and matched without backtracking.
//!
//! A pattern matches a whole value. Time is linear in the value, memory is bounded for each
//! pattern; what would be larger is refused when it is read.

mod class;
mod machine;
mod parse;
mod unicode;

use std::cell::RefCell;

/// Longest pattern in bytes; naming rules have under a hundred.
pub const MAX_PATTERN_BYTES: usize = 20_000;

/// Longest value that is matched, in bytes; labels of IFC have 255 characters. A longer value does
/// not match.
pub const MAX_VALUE_BYTES: usize = 100_000;

/// Numbers that all patterns of a plan keep together for speed: 200 megabytes if every pattern is
/// a bad one; real ones keep some hundred numbers each.
const MAX_CACHED_TOGETHER: usize = 50_000_000;

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Not an XSD regular expression.
    #[error("at character {at}: {what}")]
    Syntax {
        /// From 1.
        at: usize,
        /// What is wrong there.
        what: String,
    },
    /// More than is compiled.
    #[error("more than {limit} {what}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much is compiled.
        limit: usize,
    },
}

/// A compiled pattern.
#[derive(Debug)]
pub struct Pattern {
    machine: machine::Machine,
    cache: RefCell<machine::Cache>,
    lenient: Option<String>,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// It is not one of XSD, or larger than the limits of this module.
    pub fn new(text: &str) -> Result<Pattern, PatternError> {
        if text.len() > MAX_PATTERN_BYTES {
            return Err(PatternError::TooLarge {
                what: "bytes",
                limit: MAX_PATTERN_BYTES,
            });
        }
        let parsed = parse::parse(text)?;
        Ok(Pattern {
            machine: machine::Machine::new(&parsed)?,
            cache: RefCell::default(),
            lenient: parsed.lenient,
        })
    }

    /// Whether the whole value matches.
    #[must_use]
    pub fn is_match(&self, value: &str) -> bool {
        // Nothing is called back while the cache is borrowed.
        value.len() <= MAX_VALUE_BYTES && self.machine.is_match(&mut self.cache.borrow_mut(), value)
    }

    /// Lets it keep less between values: what it keeps is shared among `patterns` of them.
    pub(crate) fn share(&mut self, patterns: usize) {
        let fair = MAX_CACHED_TOGETHER / patterns.max(1);
        self.machine.cached = fair.clamp(1_000, machine::MAX_CACHED);
    }

    /// What of it other dialects allow but XSD does not, though its meaning is plain (`\/`).
    #[must_use]
    pub fn lenient(&self) -> Option<&str> {
        self.lenient.as_deref()
    }
}

#[cfg(test)]
mod tests;
