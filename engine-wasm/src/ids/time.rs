//! Dates, times and durations as XSD 1.0 part 2 writes and orders them (3.2.6 to 3.2.9).

use std::cmp::Ordering;

const SECONDS_OF_DAY: i64 = 86_400;
const NANOS: i128 = 1_000_000_000;
/// The farthest time zone: a moment without a zone may lie so far to either side.
const FARTHEST_ZONE: i128 = 14 * 3_600 * NANOS;
/// Beyond what is written anywhere, and small enough that no sum of seconds overflows.
const MAX_YEARS: i64 = 10_000_000;

/// A moment on a line of nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moment {
    at: i128,
    zoned: bool,
}

/// A duration: months and days are not of one length.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Duration {
    months: i64,
    nanos: i128,
}

/// The order of two values in time, where both are of one form and XSD orders them.
pub(super) fn order(a: &str, b: &str) -> Option<Ordering> {
    for form in [date, time, date_time] {
        if let (Some(a), Some(b)) = (form(a), form(b)) {
            return moments(a, b);
        }
    }
    durations(duration(a)?, duration(b)?)
}

/// With a zone beside one without: decided only beyond fourteen hours.
fn moments(a: Moment, b: Moment) -> Option<Ordering> {
    if a.zoned == b.zoned || (a.at - b.at).abs() > FARTHEST_ZONE {
        Some(a.at.cmp(&b.at))
    } else {
        None
    }
}

/// Added to four moments that differ in the months after them, as XSD says; none where they disagree.
fn durations(a: Duration, b: Duration) -> Option<Ordering> {
    let starts = [(1696, 9), (1697, 2), (1903, 3), (1903, 7)];
    let mut orders = starts
        .iter()
        .map(|(year, month)| ends(*year, *month, a).cmp(&ends(*year, *month, b)));
    let first = orders.next()?;
    orders.all(|order| order == first).then_some(first)
}

/// Where a duration ends that begins with a month.
fn ends(year: i64, month: i64, duration: Duration) -> i128 {
    let months = year * 12 + month - 1 + duration.months;
    let days = days(months.div_euclid(12), months.rem_euclid(12) + 1, 1);
    i128::from(days * SECONDS_OF_DAY) * NANOS + duration.nanos
}

/// `2024-01-31`, with or without a time zone.
pub(super) fn is_date(text: &str) -> bool {
    date(text).is_some()
}

/// `12:30:00`, with or without fraction and time zone.
pub(super) fn is_time(text: &str) -> bool {
    time(text).is_some()
}

/// `2024-01-31T12:30:00`, with or without fraction and time zone.
pub(super) fn is_date_time(text: &str) -> bool {
    date_time(text).is_some()
}

/// `P1Y2M3DT4H5M6S`, any of them; `P2W` as ISO 8601 has it.
pub(super) fn is_duration(text: &str) -> bool {
    duration(text).is_some()
}

fn date(text: &str) -> Option<Moment> {
    let (text, zone) = zone(text)?;
    let day = day(text)?;
    Some(moment(day, 0, zone))
}

fn time(text: &str) -> Option<Moment> {
    let (text, zone) = zone(text)?;
    Some(moment(0, clock(text)?, zone))
}

fn date_time(text: &str) -> Option<Moment> {
    let (text, zone) = zone(text)?;
    let (date, time) = text.split_once('T')?;
    Some(moment(day(date)?, clock(time)?, zone))
}

fn moment(day: i64, nanos: i128, zone: Option<i64>) -> Moment {
    let zoned = zone.is_some();
    let seconds = day * SECONDS_OF_DAY - zone.unwrap_or(0) * 60;
    Moment {
        at: i128::from(seconds) * NANOS + nanos,
        zoned,
    }
}

/// What is left without a time zone (`Z`, `+01:00`), and the zone in minutes.
fn zone(text: &str) -> Option<(&str, Option<i64>)> {
    if let Some(rest) = text.strip_suffix('Z') {
        return Some((rest, Some(0)));
    }
    let Some((rest, zone)) = text
        .len()
        .checked_sub(6)
        .and_then(|at| text.split_at_checked(at))
    else {
        return Some((text, None));
    };
    let (sign, zone) = match zone.split_at_checked(1) {
        Some(("+", zone)) => (1, zone),
        Some(("-", zone)) => (-1, zone),
        _ => return Some((text, None)),
    };
    let Some((hours, minutes)) = zone.split_once(':') else {
        return Some((text, None));
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let zone = hours * 60 + minutes;
    (minutes < 60 && zone <= 14 * 60).then_some((rest, Some(sign * zone)))
}

/// Two digits.
fn two(text: &str) -> Option<i64> {
    (text.len() == 2).then(|| digits(text)).flatten()
}

/// Digits and nothing else.
fn digits(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Days since the beginning of the calendar. Years of more than four digits and before the year 1
/// are XSD's too.
fn day(text: &str) -> Option<i64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text),
    };
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() < 4 {
        return None;
    }
    let (year, month, day) = (sign * digits(year)?, two(month)?, two(day)?);
    let there = (1..=12).contains(&month) && day >= 1 && day <= length(year, month);
    (there && year != 0 && year.abs() <= MAX_YEARS).then(|| days(year, month, day))
}

fn length(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1 March of the year 0, in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + (153 * month + 2) / 5 + day - 1
}

/// Nanoseconds since midnight. `24:00:00` is the end of the day.
fn clock(text: &str) -> Option<i128> {
    let (time, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = time.split(':');
    let (hours, minutes, seconds) = (
        two(parts.next()?)?,
        two(parts.next()?)?,
        two(parts.next()?)?,
    );
    if parts.next().is_some() || minutes > 59 || seconds > 59 {
        return None;
    }
    let nanos = fraction_nanos(fraction)?;
    let whole = hours * 3_600 + minutes * 60 + seconds;
    let end = hours == 24 && whole == SECONDS_OF_DAY && nanos == 0;
    (hours < 24 || end).then(|| i128::from(whole) * NANOS + nanos)
}

/// What stands behind the point of a second; beyond nine digits nothing is told apart.
fn fraction_nanos(text: &str) -> Option<i128> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let first: String = text.chars().chain("000000000".chars()).take(9).collect();
    first.parse().ok()
}

fn duration(text: &str) -> Option<Duration> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = text.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None if rest.is_empty() => return None,
        None => (rest, ""),
    };
    let mut months: i64 = 0;
    let mut nanos: i128 = 0;
    let day = i128::from(SECONDS_OF_DAY) * NANOS;
    parts(date, "YMWD", &mut |unit, whole, part| {
        match unit {
            'Y' => months = months.checked_add(whole.checked_mul(12)?)?,
            'M' => months = months.checked_add(whole)?,
            'W' => nanos = nanos.checked_add(i128::from(whole) * 7 * day)?,
            _ => nanos = nanos.checked_add(i128::from(whole) * day)?,
        }
        (part == 0).then_some(())
    })?;
    parts(time, "HMS", &mut |unit, whole, part| {
        let seconds = match unit {
            'H' => 3_600,
            'M' => 60,
            _ => 1,
        };
        nanos = nanos.checked_add(i128::from(whole) * seconds * NANOS + part)?;
        (part == 0 || unit == 'S').then_some(())
    })?;
    (months.abs() <= MAX_YEARS * 12).then_some(Duration {
        months: sign * months,
        nanos: i128::from(sign) * nanos,
    })
}

/// Numbers with a unit behind each, the units in this order.
fn parts(
    mut text: &str,
    units: &str,
    take: &mut dyn FnMut(char, i64, i128) -> Option<()>,
) -> Option<()> {
    let mut left = units.chars();
    while !text.is_empty() {
        let at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, rest) = text.split_at_checked(at)?;
        let unit = rest.chars().next()?;
        left.find(|known| *known == unit)?;
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        take(unit, digits(whole)?, fraction_nanos(part)?)?;
        text = rest.get(unit.len_utf8()..)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_those_of_the_calendar() {
        for (text, is) in [
            ("2024-01-31", true),
            ("2024-01-31Z", true),
            ("2024-01-31+01:00", true),
            ("2024-02-29", true),
            ("2023-02-29", false),
            ("2024-99-99", false),
            ("0000-01-01", false),
            ("-0044-03-15", true),
            ("12024-01-01", true),
            ("2024-1-31", false),
            ("31.01.2024", false),
            ("2024-01-31+15:00", false),
            ("2024-01-31é", false),
        ] {
            assert_eq!(is_date(text), is, "{text}");
        }
        assert!(is_time("12:30:00.5Z") && is_time("24:00:00"));
        assert!(!is_time("12:30") && !is_time("24:00:01") && !is_time("12:60:00"));
        assert!(is_date_time("2024-01-31T12:30:00-05:00") && !is_date_time("2024-01-31"));
    }

    #[test]
    fn durations_are_written_as_in_xsd() {
        for (text, is) in [
            ("PT16H", true),
            ("P1Y2M", true),
            ("P1DT2.5S", true),
            ("-P1D", true),
            ("P2W", true),
            ("P", false),
            ("PT", false),
            ("P1DT", false),
            ("16H", false),
            ("P1", false),
            ("PH1", false),
            ("P1D1Y", false),
            ("P1.5D", false),
        ] {
            assert_eq!(is_duration(text), is, "{text}");
        }
    }

    #[test]
    fn order_is_that_of_time_and_not_of_texts() {
        use Ordering::{Equal, Greater, Less};
        for (a, b, expected) in [
            ("2024-01-31", "2024-02-01", Some(Less)),
            ("10000-01-01", "9999-12-31", Some(Greater)),
            (
                "2024-01-31T12:00:00-05:00",
                "2024-01-31T13:00:00Z",
                Some(Greater),
            ),
            (
                "2024-01-31T12:00:00+02:00",
                "2024-01-31T11:00:00Z",
                Some(Less),
            ),
            ("2024-01-31T24:00:00Z", "2024-02-01T00:00:00Z", Some(Equal)),
            // Without a zone it may be up to fourteen hours to either side.
            ("2024-01-31T12:00:00", "2024-01-31T13:00:00Z", None),
            ("2024-01-31T12:00:00", "2024-02-02T13:00:00Z", Some(Less)),
            ("PT24H", "P2D", Some(Less)),
            ("P1D", "PT24H", Some(Equal)),
            ("P1M", "P30D", None),
            ("P1M", "P32D", Some(Less)),
            ("P12M", "P1Y", Some(Equal)),
            ("-P1D", "PT0S", Some(Less)),
            ("2024-01-31", "12:00:00", None),
            ("2024-01-31", "P1D", None),
        ] {
            assert_eq!(order(a, b), expected, "{a} {b}");
        }
    }
}
