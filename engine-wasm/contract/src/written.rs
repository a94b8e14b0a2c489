//! Numbers as JSON writes them.

/// A number as JSON writes it: without a point where it is a whole one, else with a point or an
/// exponent and the fewest digits that read back; the exponent below 1e-4 and from 1e16 on.
#[must_use]
pub fn written(number: f64, whole: bool) -> String {
    if whole {
        return format!("{number:.0}");
    }
    // Rust's own form of it has an exponent for the same numbers, but without its sign and zeros.
    let text = format!("{number:?}");
    let Some((digits, power)) = text.split_once('e') else {
        return text;
    };
    let (sign, power) = match power.strip_prefix('-') {
        Some(power) => ("-", power),
        None => ("+", power),
    };
    let zero = if power.len() < 2 { "0" } else { "" };
    [digits, "e", sign, zero, power].concat()
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn numbers_are_written_as_json_writes_them() {
        for (number, whole, text) in [
            (20.0, true, "20"),
            (20.0, false, "20.0"),
            (0.1, false, "0.1"),
            (1e16, false, "1e+16"),
            (1e15, false, "1000000000000000.0"),
            (0.0001, false, "0.0001"),
            (0.00001, false, "1e-05"),
            (-1.5e300, false, "-1.5e+300"),
            (0.0, false, "0.0"),
        ] {
            assert_eq!(written(number, whole), text);
        }
    }
}
