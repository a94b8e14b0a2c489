//! Numbers as Python has them: integers stay exact until they meet a fraction.

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Whole(i128),
    Real(f64),
}

use Number::{Real, Whole};

impl Number {
    pub(crate) fn real(self) -> f64 {
        match self {
            Whole(x) => x as f64,
            Real(x) => x,
        }
    }

    /// The name of its type in messages.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Whole(_) => "int",
            Real(_) => "float",
        }
    }

    pub(crate) fn is_positive(self) -> bool {
        match self {
            Whole(x) => x > 0,
            Real(x) => x > 0.0,
        }
    }

    /// Whole numbers among themselves stay whole; none when they leave what is counted.
    fn both(
        self,
        other: Number,
        whole: fn(i128, i128) -> Option<i128>,
        real: fn(f64, f64) -> f64,
    ) -> Option<Number> {
        match (self, other) {
            (Whole(a), Whole(b)) => whole(a, b).map(Whole),
            (a, b) => Some(Real(real(a.real(), b.real()))),
        }
    }

    pub(crate) fn add(self, other: Number) -> Option<Number> {
        self.both(other, i128::checked_add, |a, b| a + b)
    }

    pub(crate) fn subtract(self, other: Number) -> Option<Number> {
        self.both(other, i128::checked_sub, |a, b| a - b)
    }

    pub(crate) fn multiply(self, other: Number) -> Option<Number> {
        self.both(other, i128::checked_mul, |a, b| a * b)
    }

    pub(crate) fn divide(self, other: Number) -> Option<Number> {
        (other.real() != 0.0).then(|| Real(self.real() / other.real()))
    }

    /// The quotient, rounded down.
    pub(crate) fn floor(self, other: Number) -> Option<Number> {
        if other.real() == 0.0 {
            return None;
        }
        match (self, other) {
            (Whole(a), Whole(b)) => {
                let cut = a.checked_div(b)?;
                let exact = a.checked_rem(b)? == 0;
                Some(Whole(cut - i128::from(!exact && (a < 0) != (b < 0))))
            }
            (a, b) => {
                let remainder = a.remainder(b)?.real();
                Some(Real(((a.real() - remainder) / b.real()).round()))
            }
        }
    }

    /// What is left of it, with the sign of the divisor.
    pub(crate) fn remainder(self, other: Number) -> Option<Number> {
        if other.real() == 0.0 {
            return None;
        }
        match (self, other) {
            (Whole(a), Whole(b)) => {
                let rest = a.checked_rem(b)?;
                let other_sign = rest != 0 && (rest < 0) != (b < 0);
                Some(Whole(if other_sign { rest + b } else { rest }))
            }
            (a, b) => {
                let (rest, b) = (a.real() % b.real(), b.real());
                let other_sign = rest != 0.0 && (rest < 0.0) != (b < 0.0);
                Some(Real(if other_sign { rest + b } else { rest }))
            }
        }
    }

    pub(crate) fn power(self, other: Number) -> Option<Number> {
        if let (Whole(a), Whole(b)) = (self, other)
            && let Ok(b) = u32::try_from(b)
        {
            return a.checked_pow(b).map(Whole);
        }
        let result = self.real().powf(other.real());
        result.is_finite().then_some(Real(result))
    }

    pub(crate) fn negate(self) -> Option<Number> {
        match self {
            Whole(x) => x.checked_neg().map(Whole),
            Real(x) => Some(Real(-x)),
        }
    }

    /// To a number of decimals, or to a whole number; halves to the even one.
    pub(crate) fn round(self, decimals: Option<usize>) -> Option<Number> {
        match (self, decimals) {
            (Whole(x), _) => Some(Whole(x)),
            // Formatting rounds what the number is exactly, as Python does.
            (Real(x), Some(decimals)) => format!("{x:.decimals$}").parse().ok().map(Real),
            (Real(x), None) => {
                let rounded = x.round_ties_even();
                (rounded.abs() < 1e38).then_some(Whole(rounded as i128))
            }
        }
    }
}
