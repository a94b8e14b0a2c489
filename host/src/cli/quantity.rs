//! Sizes and times as people write them: `256MiB`, `60s`.

use std::time::Duration;

/// Bytes: `1000`, `64KiB`, `256MiB`, `2GiB`; `k`, `M` and `G` mean the same.
pub(super) fn bytes(text: &str) -> Result<usize, String> {
    let (number, unit) = split(text);
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err("want bytes, such as 256MiB".to_owned()),
    };
    let number: usize = number
        .parse()
        .map_err(|_| "want bytes, such as 256MiB".to_owned())?;
    let bytes = number.checked_mul(1 << shift).ok_or("too large")?;
    if bytes == 0 {
        Err("want more than nothing".to_owned())
    } else {
        Ok(bytes)
    }
}

/// A time: `60`, `60s`, `5m`, `12h`, `30d`, `500ms`.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let wrong = || "want a time, such as 60s or 5m".to_owned();
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let time = match unit {
        "ms" => Duration::from_millis(number),
        "" | "s" => Duration::from_secs(number),
        "m" | "min" => Duration::from_secs(number.checked_mul(60).ok_or_else(wrong)?),
        "h" => Duration::from_secs(number.checked_mul(3_600).ok_or_else(wrong)?),
        "d" => Duration::from_secs(number.checked_mul(24 * 3_600).ok_or_else(wrong)?),
        _ => return Err(wrong()),
    };
    /// Longer than anybody waits; keeps sums with it in range.
    const LONGEST: Duration = Duration::from_secs(400 * 24 * 3600);
    match time {
        Duration::ZERO => Err("want more than nothing".to_owned()),
        time if time > LONGEST => Err("at most 400 days".to_owned()),
        time => Ok(time),
    }
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_read() {
        assert_eq!(bytes("256MiB"), Ok(256 << 20));
        assert_eq!(bytes("10 k"), Ok(10 << 10));
        assert_eq!(bytes("77"), Ok(77));
        assert_eq!(seconds("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(seconds("500ms"), Ok(Duration::from_millis(500)));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "MiB", "-1", "0", "1x", "99999999999999999999GiB"] {
            assert!(bytes(text).is_err(), "{text}");
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
