//! Texts that mean something: fire ratings, yes and no, uses; and values as people read them.

use plancheck_contract::{Dimension, Unit};

use crate::model::Value;

/// A value for people: numbers in SI with their unit.
#[must_use]
pub fn display(value: &Value, dimension: Option<Dimension>) -> String {
    match value {
        Value::Number(x) => show_si(*x, dimension),
        Value::Text(text) => format!("{text:?}"),
        Value::Boolean(b) => if *b { "yes" } else { "no" }.to_owned(),
        Value::Range(low, high) => {
            format!(
                "{} to {}",
                show_si(*low, dimension),
                show_si(*high, dimension)
            )
        }
        Value::Unusable(why) => why.clone(),
    }
}

/// A number in SI with its unit, three decimals at most; a time in minutes.
#[must_use]
pub fn show_si(x: f64, dimension: Option<Dimension>) -> String {
    show(x, unit_for_people(dimension))
}

/// The unit of SI in which people read numbers of a dimension; times are read in minutes.
#[must_use]
pub fn unit_for_people(dimension: Option<Dimension>) -> Unit {
    match dimension {
        Some(Dimension::Time) => Unit::Minute,
        _ => dimension.map_or(Unit::One, Dimension::si_unit),
    }
}

/// A title within a sentence: `clear width`. A name such as `InDwelling` or `GSA BIM Area` stays
/// as it is.
#[must_use]
pub fn within(title: &str) -> String {
    let mut text = title.to_owned();
    let word = text.split(' ').next().unwrap_or_default();
    let is_name = word.bytes().skip(1).any(|b| b.is_ascii_uppercase());
    if let (false, Some(first)) = (is_name, text.get_mut(..1)) {
        first.make_ascii_lowercase();
    }
    text
}

/// A number given in SI, in this unit.
#[must_use]
pub fn show(si: f64, unit: Unit) -> String {
    let x = unit.from_si(si);
    match unit {
        Unit::One | Unit::Each => plain(x, 3),
        Unit::Person if round(x, 3) == 1.0 => "1 person".to_owned(),
        Unit::Slope if x > 0.0 => format!("1:{}", plain(1.0 / x, 2)),
        Unit::Slope => plain(x, 3),
        Unit::SlopePercent => format!("{} %", plain(x, 2)),
        Unit::Degree => format!("{}°", plain(x, 2)),
        Unit::Millimetre => format!("{} mm", plain(x, 1)),
        Unit::Inch => format!("{} in", plain(x, 2)),
        _ => format!("{} {}", plain(x, 3), unit.symbol()),
    }
}

/// A number with at most this many decimals and no trailing zeros.
#[must_use]
pub fn plain(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

fn round(x: f64, decimals: i32) -> f64 {
    let scale = f64::from(10_i32.pow(decimals.unsigned_abs()));
    (x * scale).round() / scale
}

/// Yes or no, as exporters write it.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "ja" | "oui" | "si" | "sí" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "nein" | "nee" | "non" => Some(false),
        _ => None,
    }
}

/// A fire rating label in seconds.
///
/// Read: `90 min`, `1.5 h`, `1 HR`, `EI 60`, `REI120`, `F30`, `T30-RS`, `FD30S`, `30 minuten`,
/// `60`. A bare number under 15 may be hours or minutes and is not read.
///
/// # Errors
/// The text is a placeholder or no rating, or could be read in two ways.
pub fn fire_rating(text: &str) -> Result<f64, String> {
    let not = |why: &str| Err(format!("{text:?} {why}"));
    let lower = text.trim().to_lowercase();
    let mut words: Vec<String> = Vec::new();
    let mut kind = None;
    for c in lower.chars() {
        let now = if c.is_ascii_digit() || c == '.' || c == ',' {
            Some(true)
        } else if c.is_alphabetic() {
            Some(false)
        } else {
            None
        };
        match (now, kind == now) {
            (None, _) => {}
            (Some(_), true) => {
                if let Some(word) = words.last_mut() {
                    word.push(if c == ',' { '.' } else { c });
                }
            }
            (Some(_), false) => words.push((if c == ',' { '.' } else { c }).to_string()),
        }
        kind = now;
    }
    let number_at = words
        .iter()
        .position(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    let Some(at) = number_at else {
        return not("is not a rating in minutes or hours");
    };
    let numbers = words
        .iter()
        .filter(|w| w.starts_with(|c: char| c.is_ascii_digit()))
        .count();
    let Some(number) = words
        .get(at)
        .and_then(|w| w.trim_end_matches('.').parse::<f64>().ok())
    else {
        return not("is not a rating in minutes or hours");
    };
    if numbers > 1 {
        return not("holds more than one number");
    }
    let after = words.get(at + 1).map(String::as_str);
    let before = at
        .checked_sub(1)
        .and_then(|i| words.get(i))
        .map(String::as_str);
    const MINUTES: &[&str] = &[
        "m", "min", "mins", "minute", "minutes", "minuten", "minutes.",
    ];
    const HOURS: &[&str] = &["h", "hr", "hrs", "hour", "hours", "uur", "std"];
    const CLASSES: &[&str] = &[
        "e", "ei", "ew", "r", "re", "rei", "f", "t", "fd", "g", "w", "wbdbo", "fire", "rs",
    ];
    if after.is_some_and(|w| HOURS.contains(&w)) {
        return Ok(number * 3600.0);
    }
    if after.is_some_and(|w| MINUTES.contains(&w)) || before.is_some_and(|w| CLASSES.contains(&w)) {
        return Ok(number * 60.0);
    }
    match (words.len(), number) {
        (1, n) if n == 0.0 || n >= 15.0 => Ok(n * 60.0),
        (1, _) => not("may be hours or minutes"),
        _ => not("is not a rating in minutes or hours"),
    }
}

/// Whether a text holds one of these words, whole words only, any case.
#[must_use]
pub fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .any(|word| words.iter().any(|w| word.to_lowercase() == *w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fire_ratings() {
        for (text, minutes) in [
            ("90 min", 90.0),
            ("90", 90.0),
            ("1.5 HR", 90.0),
            ("1 hr", 60.0),
            ("EI 60", 60.0),
            ("EI2 30", f64::NAN),
            ("REI120", 120.0),
            ("F30", 30.0),
            ("T30-RS", 30.0),
            ("FD30S", 30.0),
            ("30 minuten brandwerend", 30.0),
            ("0", 0.0),
            ("1", f64::NAN),
            ("Fire Rating", f64::NAN),
            ("Zelfsluitend", f64::NAN),
            ("", f64::NAN),
            ("NR", f64::NAN),
        ] {
            let read = fire_rating(text).map_or(f64::NAN, |s| s / 60.0);
            assert!(
                read == minutes || (read.is_nan() && minutes.is_nan()),
                "{text:?} read as {read}"
            );
        }
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(show(0.8128, Unit::Inch), "32 in");
        assert_eq!(show(0.8128, Unit::Metre), "0.813 m");
        assert_eq!(show(1.0 / 12.0, Unit::Slope), "1:12");
        assert_eq!(show(49.0, Unit::Person), "49 persons");
        assert_eq!(show_si(1800.0, Some(Dimension::Time)), "30 min");
        assert_eq!(plain(-0.0001, 2), "0");
    }

    #[test]
    fn names_keep_their_capitals_within_a_sentence() {
        for (title, said) in [
            ("Clear width", "clear width"),
            ("Use, as a row of Table D1", "use, as a row of Table D1"),
            ("InDwelling", "InDwelling"),
            ("GSA BIM Area", "GSA BIM Area"),
            ("", ""),
        ] {
            assert_eq!(within(title), said);
        }
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("Corridor 1.02", &["corridor"]));
        assert!(!has_word("Corridors", &["corridor"]));
        assert!(has_word("CORRIDOR", &["corridor"]));
    }
}
