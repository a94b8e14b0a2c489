//! Single values: of a model, and as a document writes them.

/// A value of the model, with numbers in the unit of IDS for their type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar<T> {
    Text(T),
    Real(f64),
    Integer(i64),
    Boolean(bool),
}

impl<T> Scalar<T> {
    pub(super) fn map<U>(self, text: impl FnOnce(T) -> U) -> Scalar<U> {
        match self {
            Scalar::Text(t) => Scalar::Text(text(t)),
            Scalar::Real(number) => Scalar::Real(number),
            Scalar::Integer(number) => Scalar::Integer(number),
            Scalar::Boolean(truth) => Scalar::Boolean(truth),
        }
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Scalar::Real(number) => Some(*number),
            Scalar::Integer(number) => Some(*number as f64),
            Scalar::Text(_) | Scalar::Boolean(_) => None,
        }
    }
}

/// Equality of real numbers by the tolerance that IDS sets for rounding errors: 10⁻⁶ of the wanted
/// value and 10⁻⁶ besides. It does not apply to ranges.
pub(super) fn is_near(found: f64, wanted: f64) -> bool {
    const EPSILON: f64 = 1e-6;
    // The last digits of a double are not held against a value that is written on the edge.
    let margin = (wanted.abs() * EPSILON + EPSILON) * (1.0 + 1e-9);
    found >= wanted - margin && found <= wanted + margin
}

/// A number as XSD writes doubles: `42`, `42.`, `1.2E3`; no commas, no blanks within.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    if !plain || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A whole number as XSD writes integers.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    text.strip_prefix('+').unwrap_or(text).parse().ok()
}

/// A boolean as XSD writes it, in lower case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tolerance_is_that_of_the_standard() {
        for (found, wanted, near) in [
            (99_999.899_999, 100_000.0, true),
            (99_999.89, 100_000.0, false),
            (1.000_002, 1.0, true),
            (1.000_002_1, 1.0, false),
            (0.000_001, 0.0, true),
            (-0.000_001_1, 0.0, false),
        ] {
            assert_eq!(is_near(found, wanted), near, "{found} {wanted}");
        }
    }

    #[test]
    fn numbers_are_written_as_in_xsd() {
        for (text, value) in [
            ("42", Some(42.0)),
            ("42.", Some(42.0)),
            (".5", Some(0.5)),
            (" 1.2345E3 ", Some(1234.5)),
            ("-1e-3", Some(-0.001)),
            ("42,3", None),
            ("123,4.5", None),
            ("1 000", None),
            ("inf", None),
            ("", None),
            ("1e999", None),
            ("e", None),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
        assert_eq!((integer("+7"), integer("7.0")), (Some(7), None));
        assert_eq!((boolean("true"), boolean("TRUE")), (Some(true), None));
    }
}
