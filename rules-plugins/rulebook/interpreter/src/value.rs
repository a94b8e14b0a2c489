//! Numbers with tolerances, and truths with what decided them: the same as the SDK's `Measured` and
//! `Verdict`, for dimensions that were checked when the rulebook was compiled.

use plancheck_contract::{COMPARISON_TOLERANCE, Comparison, Kind, Unit};

/// A value and its tolerance.
pub type Pair = (f64, f64);

/// The sum.
#[inline(always)]
pub fn add(a: Pair, b: Pair) -> Pair {
    (a.0 + b.0, a.1 + b.1)
}

/// The difference.
#[inline(always)]
pub fn subtract(a: Pair, b: Pair) -> Pair {
    (a.0 - b.0, a.1 + b.1)
}

/// The product: the farthest that it may lie from the product of the values.
#[inline(always)]
pub fn multiply(a: Pair, b: Pair) -> Pair {
    (a.0 * b.0, a.0.abs() * b.1 + b.0.abs() * a.1 + a.1 * b.1)
}

/// The quotient; NaN where the divisor may be 0.
#[inline(always)]
pub fn divide(a: Pair, b: Pair) -> Pair {
    let least = b.0.abs() - b.1;
    if least > 0.0 {
        let value = a.0 / b.0;
        (value, (a.1 + value.abs() * b.1) / least)
    } else {
        (f64::NAN, 0.0)
    }
}

/// Without its sign.
#[inline(always)]
pub fn absolute(a: Pair) -> Pair {
    (a.0.abs(), a.1)
}

/// The smaller.
#[inline(always)]
pub fn min(a: Pair, b: Pair) -> Pair {
    extreme(a, b, |x, y| if y < x || y.is_nan() { y } else { x })
}

/// The larger.
#[inline(always)]
pub fn max(a: Pair, b: Pair) -> Pair {
    extreme(a, b, |x, y| if y > x || y.is_nan() { y } else { x })
}

#[inline(always)]
fn extreme(a: Pair, b: Pair, pick: impl Fn(f64, f64) -> f64) -> Pair {
    let value = pick(a.0, b.0);
    if a.1 == 0.0 && b.1 == 0.0 {
        return (value, 0.0);
    }
    spread(
        value,
        pick(a.0 - a.1, b.0 - b.1),
        pick(a.0 + a.1, b.0 + b.1),
    )
}

#[inline(always)]
fn spread(value: f64, low: f64, high: f64) -> Pair {
    let (up, down) = (high - value, value - low);
    (value, if up > down { up } else { down })
}

/// From here on every number is whole: 2⁵².
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// Whole ones by `step`, which is `ceil`, `floor` or `round`. A number that is whole but for its
/// representation stays.
#[inline(always)]
pub fn whole(a: Pair, step: impl Fn(f64) -> f64) -> Pair {
    let whole = |x: f64| {
        // As `round` where it matters, which WebAssembly has no instruction for.
        let near = if x.abs() < WHOLE {
            (x + 0.5).floor()
        } else {
            x
        };
        if (x - near).abs() <= COMPARISON_TOLERANCE * near.abs().max(1.0) {
            near
        } else {
            step(x)
        }
    };
    let value = whole(a.0);
    if a.1 == 0.0 {
        return (value, 0.0);
    }
    spread(value, whole(a.0 - a.1), whole(a.0 + a.1))
}

/// Whether there is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is.
    Known,
    /// A fact is missing.
    Missing,
    /// The code says "not permitted" in its place.
    NotPermitted,
}

/// A number of one row.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// Value and tolerance.
    pub pair: Pair,
    /// The bits of the facts it came from, or of those that are missing.
    pub facts: u64,
    /// Whether there is one.
    pub state: State,
}

impl Number {
    /// A number that is known, if it is one.
    #[inline]
    pub fn new(pair: Pair, facts: u64) -> Number {
        let state = if pair.0.is_finite() {
            State::Known
        } else {
            State::Missing
        };
        Number { pair, facts, state }
    }

    /// These facts are missing.
    #[inline]
    pub fn missing(facts: u64) -> Number {
        Number {
            pair: (f64::NAN, 0.0),
            facts,
            state: State::Missing,
        }
    }

    /// A number of the code; NaN: not permitted.
    #[inline]
    pub fn of_code(value: f64, facts: u64) -> Number {
        let state = if value.is_nan() {
            State::NotPermitted
        } else {
            State::Known
        };
        Number {
            pair: (value, 0.0),
            facts,
            state,
        }
    }

    /// A function of one number.
    #[inline]
    pub fn map(self, f: impl Fn(Pair) -> Pair) -> Number {
        match self.state {
            State::Known => Number::new(f(self.pair), self.facts),
            State::Missing | State::NotPermitted => self,
        }
    }

    /// A function of two numbers.
    #[inline]
    pub fn with(self, other: Number, f: impl Fn(Pair, Pair) -> Pair) -> Number {
        match (self.state, other.state) {
            (State::Known, State::Known) => {
                Number::new(f(self.pair, other.pair), self.facts | other.facts)
            }
            (State::Missing, State::Missing) => Number::missing(self.facts | other.facts),
            (State::Missing, _) => self,
            (_, State::Missing) => other,
            _ => Number {
                facts: self.facts | other.facts,
                ..Number::of_code(f64::NAN, 0)
            },
        }
    }

    /// Names further facts that it rests on, where it is known.
    #[inline]
    pub fn resting_on(self, facts: u64) -> Number {
        match self.state {
            State::Missing => self,
            State::Known | State::NotPermitted => Number {
                facts: self.facts | facts,
                ..self
            },
        }
    }
}

/// A truth of one row: true is a pass, false a failure.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    /// Pass, fail or undetermined.
    pub kind: Kind,
    /// What decided was a comparison like this.
    pub comparison: Comparison,
    /// The unit of the comparison.
    pub unit: Unit,
    /// SI; NaN: nothing was measured.
    pub measured: f64,
    /// SI.
    pub tolerance: f64,
    /// SI; NaN: nothing is required, or it is not permitted.
    pub required: f64,
    /// The bits of the facts that decided, or that are missing.
    pub facts: u64,
}

impl Truth {
    /// Without a comparison.
    #[inline]
    pub const fn bare(kind: Kind, facts: u64) -> Truth {
        Truth {
            kind,
            comparison: Comparison::None,
            unit: Unit::One,
            measured: f64::NAN,
            tolerance: 0.0,
            required: f64::NAN,
            facts,
        }
    }

    /// True or false.
    #[inline]
    pub const fn of(truth: bool, facts: u64) -> Truth {
        let kind = if truth { Kind::Pass } else { Kind::Fail };
        Truth::bare(kind, facts)
    }

    /// Both. As the SDK's `Verdict::and`: the worse one, with all facts where both are equally bad.
    #[inline]
    pub fn and(self, other: Truth) -> Truth {
        self.combine(other, Kind::rank_of_both)
    }

    /// Either. As the SDK's `Verdict::or`.
    #[inline]
    pub fn or(self, other: Truth) -> Truth {
        self.combine(other, Kind::rank_of_either)
    }

    #[inline]
    fn combine(self, other: Truth, weight: impl Fn(Kind) -> u8) -> Truth {
        let (mine, theirs) = (weight(self.kind), weight(other.kind));
        if mine > theirs {
            self
        } else if theirs > mine {
            other
        } else if self.is_missing() == other.is_missing() {
            Truth {
                facts: self.facts | other.facts,
                ..self
            }
        } else {
            self
        }
    }

    fn is_missing(&self) -> bool {
        self.kind == Kind::Undetermined && self.measured.is_nan()
    }

    /// The contrary; what was compared is no requirement any more.
    #[inline]
    pub fn not(self) -> Truth {
        Truth::bare(contrary(self.kind), self.facts)
    }

    /// Both true or both false.
    #[inline]
    pub fn same(self, other: Truth) -> Truth {
        match (self.kind, other.kind) {
            (Kind::Undetermined, Kind::Undetermined) => {
                Truth::bare(Kind::Undetermined, self.facts | other.facts)
            }
            (Kind::Undetermined, _) => self,
            (_, Kind::Undetermined) => other,
            (mine, theirs) => Truth::of(mine == theirs, self.facts | other.facts),
        }
    }

    /// The limit that is nearer, as a share of it; see the SDK's `Measured::between`.
    #[inline]
    pub fn between(self, most: Truth) -> Truth {
        let (low, high, value) = (self.required, most.required, self.measured);
        let upper = (high - value) * low.abs() < (value - low) * high.abs();
        if upper && self.kind == Kind::Pass {
            most.and(self)
        } else {
            self.and(most)
        }
    }

    /// One of two truths, by a third.
    #[inline]
    pub fn choose(condition: Truth, yes: Truth, no: Truth) -> Truth {
        let resting = |truth: Truth| match truth.kind {
            Kind::Undetermined => truth,
            _ => Truth {
                facts: truth.facts | condition.facts,
                ..truth
            },
        };
        match condition.kind {
            Kind::Pass => resting(yes),
            Kind::Fail => resting(no),
            _ if yes.kind == no.kind && yes.kind != Kind::Undetermined => Truth {
                facts: yes.facts | no.facts,
                ..yes
            },
            _ => Truth::bare(Kind::Undetermined, condition.facts),
        }
    }
}

const fn contrary(kind: Kind) -> Kind {
    match kind {
        Kind::Pass => Kind::Fail,
        Kind::Fail => Kind::Pass,
        other => other,
    }
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Compare {
    AtLeast,
    AtMost,
    Equal,
    Above,
    Below,
    Differs,
}

/// Holds a measured number, in SI, against a required one, in the unit of the comparison. For
/// columns: 1 certainly true, 2 certainly false, 0 anything else.
#[inline(always)]
pub fn compare(how: Compare, measured: Pair, required: Pair, per_unit: f64) -> u8 {
    let value = measured.0 * per_unit;
    let tolerance = measured.1 * per_unit;
    let (low, high) = (value - tolerance, value + tolerance);
    let (limit_low, limit_high) = (required.0 - required.1, required.0 + required.1);
    let (x, y) = (value.abs(), required.0.abs());
    let slack = COMPARISON_TOLERANCE * if x > y { x } else { y };
    let code = |yes: bool, no: bool| u8::from(yes) | u8::from(no) << 1;
    let least = |low: f64| low >= limit_high - slack;
    let under = |high: f64| high < limit_low - slack;
    let most = |high: f64| high <= limit_low + slack;
    let over = |low: f64| low > limit_high + slack;
    let equal = || {
        let (up, down) = (high - limit_low, limit_high - low);
        (if up > down { up } else { down }) <= slack
    };
    match how {
        Compare::AtLeast => code(least(low), under(high)),
        Compare::Below => code(under(high), least(low)),
        Compare::AtMost => code(most(high), over(low)),
        Compare::Above => code(over(low), most(high)),
        Compare::Equal => code(equal(), over(low) || under(high)),
        Compare::Differs => code(over(low) || under(high), equal()),
    }
}

/// The same for one row, with what the verdict has to say.
#[inline]
pub fn compared(how: Compare, measured: Number, required: Number, unit: Unit) -> Truth {
    match (measured.state, required.state) {
        (State::Known, State::Known | State::NotPermitted) => {}
        (State::Missing, State::Missing) => {
            return Truth::bare(Kind::Undetermined, measured.facts | required.facts);
        }
        (_, State::Missing) => return Truth::bare(Kind::Undetermined, required.facts),
        _ => return Truth::bare(Kind::Undetermined, measured.facts),
    }
    let factor = unit.factor();
    let kind = if required.state == State::NotPermitted {
        // Nothing meets what is not permitted.
        Kind::Fail
    } else {
        match compare(how, measured.pair, required.pair, 1.0 / factor) {
            1 => Kind::Pass,
            2 => Kind::Fail,
            _ => Kind::Undetermined,
        }
    };
    Truth {
        kind,
        comparison: match how {
            Compare::AtLeast => Comparison::AtLeast,
            Compare::AtMost => Comparison::AtMost,
            Compare::Equal => Comparison::Equal,
            Compare::Above | Compare::Below | Compare::Differs => Comparison::None,
        },
        unit,
        measured: measured.pair.0,
        tolerance: measured.pair.1,
        required: required.pair.0 * factor,
        facts: measured.facts | required.facts,
    }
}
