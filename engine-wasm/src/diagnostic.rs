//! What was odd about the input: said, counted, never fatal.

use serde::Serialize;

/// Diagnostics kept word for word; what comes after is only counted. Enough to find the cause,
/// small enough that a file made of errors costs no memory.
pub const MAX_KEPT: usize = 500;

/// One oddity of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable, for machines: `step.malformed-record`.
    pub code: &'static str,
    /// What was found, where, what was done about it.
    pub message: String,
    /// Line in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Instance number (`#123`) in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
}

/// A bounded list of diagnostics.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    total: u64,
}

impl Diagnostics {
    /// Adds one; the message is only made when it will be kept.
    pub fn push(
        &mut self,
        code: &'static str,
        line: Option<u64>,
        record: Option<u64>,
        message: impl FnOnce() -> String,
    ) {
        self.total += 1;
        if self.kept.len() < MAX_KEPT {
            self.kept.push(Diagnostic {
                code,
                message: message(),
                line,
                record,
            });
        }
    }

    /// The first [`MAX_KEPT`].
    #[must_use]
    pub fn kept(&self) -> &[Diagnostic] {
        &self.kept
    }

    /// How many there were in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Appends another list, in order.
    pub fn extend(&mut self, other: Diagnostics) {
        self.total += other.total;
        let room = MAX_KEPT.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.into_iter().take(room));
    }
}
