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

/// A text whose digits stand where `0` stands in the shape and whose other characters are its own.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| {
            if wanted == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == wanted
            }
        })
}

/// What is left without a time zone (`Z`, `+01:00`).
fn without_zone(text: &str) -> &str {
    if let Some(rest) = text.strip_suffix('Z') {
        return rest;
    }
    match text
        .len()
        .checked_sub(6)
        .and_then(|at| text.split_at_checked(at))
    {
        Some((rest, zone)) if has_shape(zone, "+00:00") || has_shape(zone, "-00:00") => rest,
        _ => text,
    }
}

/// `2024-01-31`, with or without a time zone.
pub(super) fn is_date(text: &str) -> bool {
    has_shape(without_zone(text), "0000-00-00")
}

/// `12:30:00`, with or without fraction and time zone.
pub(super) fn is_time(text: &str) -> bool {
    let text = without_zone(text);
    let (time, fraction) = text.split_once('.').unwrap_or((text, "0"));
    has_shape(time, "00:00:00")
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// `2024-01-31T12:30:00`, with or without fraction and time zone.
pub(super) fn is_date_time(text: &str) -> bool {
    text.split_once('T')
        .is_some_and(|(date, time)| has_shape(date, "0000-00-00") && is_time(time))
}

/// `P1Y2M3DT4H5M6S`, any of them.
pub(super) fn is_duration(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    let parts = |text: &str, units: &str| {
        let mut units = units.chars();
        let mut digits = 0;
        for c in text.chars() {
            if c.is_ascii_digit() || (c == '.' && digits > 0) {
                digits += 1;
            } else if digits > 0 && units.any(|unit| unit == c) {
                digits = 0;
            } else {
                return false;
            }
        }
        digits == 0
    };
    parts(date, "YMWD") && parts(time, "HMS")
}

/// Texts in an order of time, where both are dates, times or both in the same form: as texts.
pub(super) fn same_moment_form(a: &str, b: &str) -> bool {
    [is_date, is_time, is_date_time]
        .into_iter()
        .any(|form| form(a) && form(b))
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

    #[test]
    fn dates_and_times() {
        assert!(is_date("2024-01-31") && is_date("2024-01-31Z") && is_date("2024-01-31+01:00"));
        assert!(!is_date("2024-1-31") && !is_date("31.01.2024"));
        assert!(is_time("12:30:00.5Z") && !is_time("12:30"));
        assert!(is_date_time("2024-01-31T12:30:00") && !is_date_time("2024-01-31"));
        for (text, is) in [
            ("PT16H", true),
            ("P1Y2M", true),
            ("P1DT2.5S", true),
            ("16H", false),
            ("P1", false),
            ("PH1", false),
        ] {
            assert_eq!(is_duration(text), is, "{text}");
        }
        assert!(same_moment_form("2024-01-31", "2024-02-01"));
    }
}
