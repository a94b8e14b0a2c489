//! What a rule says of a row, and how verdicts combine.

use plancheck_contract::{Comparison, Kind, NO_MESSAGE, Unit};

use crate::limit::Required;
use crate::measured::Measured;
use crate::quantity::Quantity;

/// Enough for a sentence; a message with more arguments is a table.
pub const MAX_ARGUMENTS: usize = 4;

/// What a rule says of one row. Undetermined verdicts are of two sorts: a fact is absent (no
/// measured value, the facts named are the missing ones), or the limit lies inside the measured
/// value's tolerance (both values given).
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "a verdict is the rule's answer"]
pub struct Verdict {
    pub(crate) kind: Kind,
    pub(crate) comparison: Comparison,
    pub(crate) unit: Unit,
    pub(crate) measured: f64,
    pub(crate) tolerance: f64,
    pub(crate) required: f64,
    pub(crate) facts: u64,
    pub(crate) message: u32,
    /// How many of `arguments` are used.
    pub(crate) count: u32,
    pub(crate) arguments: [f64; MAX_ARGUMENTS],
}

/// A message of a rule, with `N` arguments. The `messages(…)` of `#[rule]` declare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<const N: usize>(
    /// Index in the rule's messages.
    pub u32,
);

/// Why a rule cannot say: a needed fact is absent, or not sharp enough. `?` turns it into an
/// undetermined verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Missing(Verdict);

impl Missing {
    /// These facts are missing.
    #[inline(always)]
    #[must_use]
    pub fn facts(facts: u64) -> Missing {
        Missing(Verdict {
            facts,
            ..Verdict::bare(Kind::Undetermined)
        })
    }

    /// The bits of the facts.
    #[inline]
    #[must_use]
    pub fn mask(&self) -> u64 {
        self.0.facts
    }
}

impl From<Missing> for Verdict {
    #[inline]
    fn from(missing: Missing) -> Verdict {
        missing.0
    }
}

impl Verdict {
    #[inline(always)]
    const fn bare(kind: Kind) -> Verdict {
        Verdict {
            kind,
            comparison: Comparison::None,
            unit: Unit::One,
            measured: f64::NAN,
            tolerance: 0.0,
            required: f64::NAN,
            facts: 0,
            message: NO_MESSAGE,
            count: 0,
            arguments: [0.0; MAX_ARGUMENTS],
        }
    }

    /// The requirement is met.
    #[inline(always)]
    pub const fn pass() -> Verdict {
        Verdict::bare(Kind::Pass)
    }

    /// The requirement is not met.
    #[inline(always)]
    pub const fn fail() -> Verdict {
        Verdict::bare(Kind::Fail)
    }

    /// The rule does not govern this element.
    #[inline(always)]
    pub const fn not_applicable() -> Verdict {
        Verdict::bare(Kind::NotApplicable)
    }

    /// The data does not allow a verdict: these facts are missing, or say too little.
    #[inline]
    pub const fn undetermined(facts: u64) -> Verdict {
        Verdict {
            facts,
            ..Verdict::bare(Kind::Undetermined)
        }
    }

    #[inline(always)]
    pub(crate) fn comparison<D: Quantity>(
        kind: Kind,
        comparison: Comparison,
        measured: Measured<D>,
        required: Required<D>,
    ) -> Verdict {
        Verdict {
            kind,
            comparison,
            unit: required.unit(),
            measured: measured.si(),
            tolerance: measured.tolerance(),
            required: required.si(),
            facts: measured.facts() | required.facts(),
            ..Verdict::bare(kind)
        }
    }

    /// What it says.
    #[inline(always)]
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Is it [`Kind::Pass`]?
    #[inline]
    #[must_use]
    pub fn is_pass(&self) -> bool {
        self.kind == Kind::Pass
    }

    /// Is it [`Kind::Fail`]?
    #[inline]
    #[must_use]
    pub fn is_fail(&self) -> bool {
        self.kind == Kind::Fail
    }

    /// What was measured, in SI.
    #[inline]
    #[must_use]
    pub fn measured(&self) -> Option<f64> {
        (!self.measured.is_nan()).then_some(self.measured)
    }

    /// What is required, in SI.
    #[inline]
    #[must_use]
    pub fn required(&self) -> Option<f64> {
        (!self.required.is_nan()).then_some(self.required)
    }

    /// The bits of the facts that decided, or that are missing.
    #[inline(always)]
    #[must_use]
    pub fn facts(&self) -> u64 {
        self.facts
    }

    /// Both requirements: the worse verdict. Fail is worse than undetermined, undetermined than
    /// pass; what is not applicable does not count. Two times missing facts names them all.
    #[inline(always)]
    pub fn and(self, other: Verdict) -> Verdict {
        self.combine(other, Kind::rank_of_both)
    }

    /// Either requirement: the better verdict, for exceptions. Pass is better than undetermined,
    /// undetermined than fail; what is not applicable does not count.
    #[inline(always)]
    pub fn or(self, other: Verdict) -> Verdict {
        self.combine(other, Kind::rank_of_either)
    }

    #[inline(always)]
    fn combine(self, other: Verdict, weight: impl Fn(Kind) -> u8) -> Verdict {
        let (mine, theirs) = (weight(self.kind), weight(other.kind));
        if mine > theirs {
            self
        } else if theirs > mine {
            other
        } else if self.is_missing() == other.is_missing() {
            Verdict {
                facts: self.facts | other.facts,
                ..self
            }
        } else {
            self
        }
    }

    #[inline(always)]
    fn is_missing(&self) -> bool {
        self.kind == Kind::Undetermined && self.measured.is_nan()
    }

    /// Says it in the rule's own words. Arguments are numbers in the unit that the message's text
    /// names after `{0}`.
    #[inline]
    pub fn because<const N: usize>(self, message: Message<N>, arguments: [f64; N]) -> Verdict {
        let mut said = Verdict {
            message: message.0,
            count: 0,
            ..self
        };
        for (slot, argument) in said.arguments.iter_mut().zip(arguments) {
            *slot = argument;
            said.count += 1;
        }
        said
    }

    /// Names further facts that decided, such as the flag that made the rule apply.
    #[inline]
    pub fn resting_on(self, facts: u64) -> Verdict {
        Verdict {
            facts: self.facts | facts,
            ..self
        }
    }

    /// The same values, but nothing is decided: these facts would decide.
    #[inline]
    pub fn unless_known(self, facts: u64) -> Verdict {
        Verdict {
            kind: Kind::Undetermined,
            facts: self.facts | facts,
            ..self
        }
    }

    /// Passed or failed?
    #[inline]
    pub(crate) fn decided(self) -> Result<bool, Missing> {
        match self.kind {
            Kind::Pass => Ok(true),
            Kind::Fail => Ok(false),
            Kind::Undetermined | Kind::NotApplicable => Err(Missing(self)),
        }
    }
}

/// What a rule may return.
#[diagnostic::on_unimplemented(
    message = "a rule returns `Verdict` or `Result<Verdict, Missing>`, not `{Self}`",
    label = "not a verdict"
)]
pub trait IntoVerdict {
    /// As a verdict.
    fn into_verdict(self) -> Verdict;
}

impl IntoVerdict for Verdict {
    #[inline(always)]
    fn into_verdict(self) -> Verdict {
        self
    }
}

impl IntoVerdict for Result<Verdict, Missing> {
    #[inline(always)]
    fn into_verdict(self) -> Verdict {
        self.unwrap_or_else(Verdict::from)
    }
}
