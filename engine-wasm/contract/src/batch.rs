//! Batches of rows, and what a module answers.

/// A number column whose values are exact.
pub const LAYOUT_EXACT: u8 = 0;
/// A number column: `rows` values, then `rows` tolerances (plus or minus, SI).
pub const LAYOUT_TOLERANCE: u8 = 1;
/// A text column: indices into the batch's texts.
pub const LAYOUT_TEXT: u8 = 2;
/// A boolean column: 0.0, 1.0 or NaN.
pub const LAYOUT_BOOLEAN: u8 = 3;
/// The text of an absent fact.
pub const NO_TEXT: u32 = u32::MAX;
/// The engine words the verdict itself.
pub const NO_MESSAGE: u32 = u32::MAX;

/// The rows of one view, column by column. See `record batch` in the WIT for each field.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "documented field by field in the WIT")]
pub struct Batch {
    pub view: u32,
    pub rows: u32,
    pub layout: Vec<u8>,
    pub numbers: Vec<f64>,
    pub symbols: Vec<u32>,
    pub text: String,
    pub text_ends: Vec<u32>,
    pub parameters: Vec<f64>,
    pub detail: bool,
}

/// Verdicts, one entry in each list. See `record verdicts` in the WIT for each field.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "documented field by field in the WIT")]
pub struct Verdicts {
    pub rule: Vec<u32>,
    pub row: Vec<u32>,
    pub kind: Vec<u8>,
    pub comparison: Vec<u8>,
    pub unit: Vec<u8>,
    pub measured: Vec<f64>,
    pub tolerance: Vec<f64>,
    pub required: Vec<f64>,
    pub facts: Vec<u64>,
    pub message: Vec<u32>,
    pub arguments: Vec<f64>,
    pub argument_ends: Vec<u32>,
}

/// Values of derived facts. See `record columns` in the WIT for each field.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "documented field by field in the WIT")]
pub struct Columns {
    pub values: Vec<f64>,
    pub tolerances: Vec<f64>,
    pub facts: Vec<u64>,
    pub text: String,
    pub text_ends: Vec<u32>,
}

impl Columns {
    /// The text that a value of a text fact names.
    #[must_use]
    pub fn text_at(&self, value: f64) -> Option<&str> {
        if !(0.0..f64::from(u32::MAX)).contains(&value) {
            return None;
        }
        // in range, and a fraction is cut off
        let index = value as usize;
        let end = *self.text_ends.get(index)? as usize;
        let start = match index.checked_sub(1) {
            Some(before) => *self.text_ends.get(before)? as usize,
            None => 0,
        };
        self.text.get(start..end)
    }
}

/// What a rule says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// The requirement is met.
    Pass = 0,
    /// The requirement is not met.
    Fail = 1,
    /// The data does not allow a verdict.
    Undetermined = 2,
    /// The rule does not govern this element.
    NotApplicable = 3,
}

impl Kind {
    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Kind> {
        [
            Kind::Pass,
            Kind::Fail,
            Kind::Undetermined,
            Kind::NotApplicable,
        ]
        .get(usize::from(code))
        .copied()
    }

    /// Of two requirements that both count, the one of higher rank decides: fail is worse than
    /// undetermined, undetermined than pass; what is not applicable does not count.
    #[inline(always)]
    #[must_use]
    pub const fn rank_of_both(self) -> u8 {
        match self {
            Kind::Fail => 3,
            Kind::Undetermined => 2,
            Kind::Pass => 1,
            Kind::NotApplicable => 0,
        }
    }

    /// Of two requirements of which either is enough, the one of higher rank decides: pass is better
    /// than undetermined, undetermined than fail; what is not applicable does not count.
    #[inline(always)]
    #[must_use]
    pub const fn rank_of_either(self) -> u8 {
        match self {
            Kind::Pass => 3,
            Kind::Undetermined => 2,
            Kind::Fail => 1,
            Kind::NotApplicable => 0,
        }
    }

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Pass => "pass",
            Kind::Fail => "fail",
            Kind::Undetermined => "undetermined",
            Kind::NotApplicable => "not_applicable",
        }
    }
}

/// How the measured value is held against the required one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Comparison {
    /// There is nothing to compare.
    None = 0,
    /// measured ≥ required
    AtLeast = 1,
    /// measured ≤ required
    AtMost = 2,
    /// measured = required
    Equal = 3,
}

impl Comparison {
    /// The comparison with this code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Comparison> {
        [
            Comparison::None,
            Comparison::AtLeast,
            Comparison::AtMost,
            Comparison::Equal,
        ]
        .get(usize::from(code))
        .copied()
    }

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Comparison::None => "none",
            Comparison::AtLeast => "at_least",
            Comparison::AtMost => "at_most",
            Comparison::Equal => "equal",
        }
    }
}
