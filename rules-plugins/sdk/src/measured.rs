//! Measured values: a number in SI, plus or minus its tolerance, and the facts it came from.
//!
//! Arithmetic carries both along, so that a verdict on a computed value still knows how sure it
//! is and which facts decided. A value is an interval; a comparison holds for all of it, for none
//! of it, or is undetermined.

use std::marker::PhantomData;
use std::ops::{Add, Sub};

use plancheck_contract::{COMPARISON_TOLERANCE, Comparison, Kind, Unit};

use crate::limit::{Limit, Required};
use crate::quantity::{Area, AreaPerPerson, Count, Length, LengthPerPerson, Quantity};
use crate::verdict::{Missing, Verdict};

/// A number that a fact of the model may have: value and tolerance in SI, or absent.
#[derive(Clone, Copy, Debug)]
pub struct Number<D> {
    measured: Measured<D>,
}

/// A number that is known.
#[derive(Clone, Copy, Debug)]
pub struct Measured<D> {
    value: f64,
    tolerance: f64,
    facts: u64,
    dimension: PhantomData<D>,
}

impl<D: Quantity> Number<D> {
    /// A fact's value and tolerance in SI (NaN: absent) and its bit in the view.
    #[inline]
    #[must_use]
    pub fn new(value: f64, tolerance: f64, facts: u64) -> Self {
        Number {
            measured: Measured {
                value,
                tolerance,
                facts,
                dimension: PhantomData,
            },
        }
    }

    /// The value.
    ///
    /// # Errors
    /// The fact is absent; `?` makes the rule undetermined and names the fact.
    #[inline(always)]
    pub fn known(self) -> Result<Measured<D>, Missing> {
        if self.measured.value.is_finite() {
            Ok(self.measured)
        } else {
            Err(self.missing())
        }
    }

    /// The whole interval is at least the limit.
    #[inline(always)]
    pub fn at_least(self, limit: impl Into<Required<D>>) -> Verdict {
        self.judge(|m| m.at_least(limit))
    }

    /// The whole interval is at most the limit.
    #[inline(always)]
    pub fn at_most(self, limit: impl Into<Required<D>>) -> Verdict {
        self.judge(|m| m.at_most(limit))
    }

    /// The whole interval lies from `low` to `high`, both included. A pass names the limit that is
    /// nearer, as a share of it.
    #[inline(always)]
    pub fn between(self, low: impl Into<Required<D>>, high: impl Into<Required<D>>) -> Verdict {
        self.judge(|m| m.between(low, high))
    }

    /// The value is the limit.
    #[inline]
    pub fn equal(self, limit: impl Into<Required<D>>) -> Verdict {
        self.judge(|m| m.equal(limit))
    }

    /// The bit of the fact in the view.
    #[inline]
    #[must_use]
    pub fn facts(self) -> u64 {
        self.measured.facts
    }

    #[inline(always)]
    fn missing(self) -> Missing {
        Missing::facts(self.measured.facts)
    }

    #[inline(always)]
    fn judge(self, compare: impl FnOnce(Measured<D>) -> Verdict) -> Verdict {
        match self.known() {
            Ok(measured) => compare(measured),
            Err(missing) => missing.into(),
        }
    }
}

impl<D: Quantity> Measured<D> {
    /// An exact number that comes from no fact, in SI.
    #[inline]
    #[must_use]
    pub fn exact(si: f64) -> Self {
        Measured {
            value: si,
            tolerance: 0.0,
            facts: 0,
            dimension: PhantomData,
        }
    }

    /// The value in SI.
    #[inline]
    #[must_use]
    pub fn si(self) -> f64 {
        self.value
    }

    /// The value in `unit`; for the arguments of messages.
    #[inline]
    #[must_use]
    pub fn value_in(self, unit: Unit) -> f64 {
        unit.from_si(self.value)
    }

    /// Plus or minus, in SI; 0: exact.
    #[inline]
    #[must_use]
    pub fn tolerance(self) -> f64 {
        self.tolerance
    }

    /// The bits of the facts it came from.
    #[inline]
    #[must_use]
    pub fn facts(self) -> u64 {
        self.facts
    }

    /// `factor` times as much.
    #[inline]
    #[must_use]
    pub fn scale(self, factor: f64) -> Self {
        Measured {
            value: self.value * factor,
            tolerance: self.tolerance * factor.abs(),
            ..self
        }
    }

    /// Anything from 0 to this: for what may count in part, or not at all.
    #[inline]
    #[must_use]
    pub fn from_zero(self) -> Self {
        let half = (self.value + self.tolerance) / 2.0;
        Measured {
            value: half,
            tolerance: half,
            ..self
        }
    }

    /// See [`Number::at_least`].
    #[inline(always)]
    pub fn at_least(self, limit: impl Into<Required<D>>) -> Verdict {
        let required = limit.into();
        let span = Span::of(self, required);
        let kind = if span.low >= span.limit_high - span.slack {
            Kind::Pass
        } else if span.high < span.limit_low - span.slack {
            Kind::Fail
        } else {
            span.unclear(required)
        };
        Verdict::comparison(kind, Comparison::AtLeast, self, required)
    }

    /// See [`Number::at_most`].
    #[inline(always)]
    pub fn at_most(self, limit: impl Into<Required<D>>) -> Verdict {
        let required = limit.into();
        let span = Span::of(self, required);
        let kind = if span.high <= span.limit_low + span.slack {
            Kind::Pass
        } else if span.low > span.limit_high + span.slack {
            Kind::Fail
        } else {
            span.unclear(required)
        };
        Verdict::comparison(kind, Comparison::AtMost, self, required)
    }

    /// See [`Number::equal`]. Only exact numbers can be shown to be equal.
    #[inline]
    pub fn equal(self, limit: impl Into<Required<D>>) -> Verdict {
        let required = limit.into();
        let span = Span::of(self, required);
        let widest = (span.high - span.limit_low).max(span.limit_high - span.low);
        let kind = if widest <= span.slack {
            Kind::Pass
        } else if span.low > span.limit_high + span.slack || span.high < span.limit_low - span.slack
        {
            Kind::Fail
        } else {
            span.unclear(required)
        };
        Verdict::comparison(kind, Comparison::Equal, self, required)
    }

    /// See [`Number::between`].
    #[inline(always)]
    pub fn between(self, low: impl Into<Required<D>>, high: impl Into<Required<D>>) -> Verdict {
        let (low, high) = (low.into(), high.into());
        let (least, most) = (self.at_least(low), self.at_most(high));
        let (low, high) = (low.si(), high.si());
        let upper = (high - self.value) * low.abs() < (self.value - low) * high.abs();
        if upper && least.is_pass() {
            most.and(least)
        } else {
            least.and(most)
        }
    }

    /// Is it at least the limit? For choosing between limits inside a rule.
    ///
    /// # Errors
    /// The limit lies inside the tolerance.
    #[inline]
    pub fn is_at_least(self, limit: impl Into<Required<D>>) -> Result<bool, Missing> {
        self.at_least(limit).decided()
    }

    /// Is it at most the limit? For choosing between limits inside a rule.
    ///
    /// # Errors
    /// The limit lies inside the tolerance.
    #[inline]
    pub fn is_at_most(self, limit: impl Into<Required<D>>) -> Result<bool, Missing> {
        self.at_most(limit).decided()
    }
}

/// Both sides of a comparison, in the limit's unit.
struct Span {
    low: f64,
    high: f64,
    limit_low: f64,
    limit_high: f64,
    /// What the representation of the numbers may differ by.
    slack: f64,
}

/// The larger of two numbers, where either may be NaN only if the comparison comes to nothing
/// anyway. `f64::max` is a call in WebAssembly.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

impl Span {
    #[inline(always)]
    fn of<D: Quantity>(measured: Measured<D>, required: Required<D>) -> Span {
        let factor = required.factor();
        // Once for each batch: the limit is the same for every row.
        let per_unit = 1.0 / factor;
        let value = measured.value * per_unit;
        let tolerance = measured.tolerance * per_unit;
        let limit = required.absolute();
        Span {
            low: value - tolerance,
            high: value + tolerance,
            limit_low: limit - required.tolerance(),
            limit_high: limit + required.tolerance(),
            slack: COMPARISON_TOLERANCE * larger(value.abs(), limit.abs()),
        }
    }

    /// Neither met nor not met. Nothing meets what is not permitted.
    #[cold]
    fn unclear<D: Quantity>(&self, required: Required<D>) -> Kind {
        if required.value().is_nan() {
            Kind::Fail
        } else {
            Kind::Undetermined
        }
    }
}

impl<D: Quantity> Add for Measured<D> {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Measured {
            value: self.value + other.value,
            tolerance: self.tolerance + other.tolerance,
            facts: self.facts | other.facts,
            dimension: PhantomData,
        }
    }
}

impl<D: Quantity> Sub for Measured<D> {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Measured {
            value: self.value - other.value,
            ..self + other
        }
    }
}

impl Measured<Count> {
    /// Rounded up to whole ones. A number that is whole but for its representation stays.
    #[inline]
    #[must_use]
    pub fn ceil(self) -> Self {
        let up = |x: f64| {
            let whole = x.round();
            let slack = COMPARISON_TOLERANCE * whole.abs().max(1.0);
            if (x - whole).abs() <= slack {
                whole
            } else {
                x.ceil()
            }
        };
        let value = up(self.value);
        let low = up(self.value - self.tolerance);
        let high = up(self.value + self.tolerance);
        Measured {
            value,
            tolerance: (high - value).max(value - low),
            ..self
        }
    }

    /// The width that so many persons need.
    #[inline(always)]
    #[must_use]
    pub fn times(self, each: Limit<LengthPerPerson>) -> Required<Length> {
        let unit = match each.unit() {
            Unit::InchPerPerson => Unit::Inch,
            _ => Unit::Millimetre,
        };
        let scale = each.si() / unit.factor();
        Required::computed(self.value * scale, self.tolerance * scale, unit, self.facts)
    }
}

impl Measured<Area> {
    /// How many persons there are when each takes `factor`, not rounded.
    ///
    /// # Errors
    /// The factor is "not permitted" or 0: there is no such number.
    #[inline]
    pub fn persons_at(self, factor: Limit<AreaPerPerson>) -> Result<Measured<Count>, Missing> {
        let each = factor.si();
        if each > 0.0 {
            Ok(Measured {
                value: self.value / each,
                tolerance: self.tolerance / each,
                facts: self.facts,
                dimension: PhantomData,
            })
        } else {
            Err(Missing::facts(self.facts))
        }
    }
}

impl<D> Measured<D> {
    /// Names further facts that the value rests on, such as the use that chose a factor.
    #[inline]
    #[must_use]
    pub fn resting_on(self, facts: u64) -> Self {
        Measured {
            facts: self.facts | facts,
            ..self
        }
    }
}
