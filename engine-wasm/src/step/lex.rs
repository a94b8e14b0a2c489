//! The words of ISO 10303-21: where a token ends. Shared by the scanner, which checks, and by
//! [`super::value`], which decodes, so that both see the same tokens.

use memchr::{memchr, memmem};

/// The byte at `p`, 0 past the end.
#[inline(always)]
pub(super) fn at(bytes: &[u8], p: usize) -> u8 {
    match bytes.get(p) {
        Some(&byte) => byte,
        None => 0,
    }
}

/// The bytes from `p` on, empty past the end.
#[inline(always)]
pub(super) fn from(bytes: &[u8], p: usize) -> &[u8] {
    bytes.get(p..).unwrap_or_default()
}

/// The bytes from `a` up to `b`, empty when that is no range.
#[inline(always)]
pub(super) fn between(bytes: &[u8], a: usize, b: usize) -> &[u8] {
    bytes.get(a..b).unwrap_or_default()
}

/// White space and control bytes: the standard ignores all of them between tokens.
#[inline(always)]
pub(super) fn is_space(byte: u8) -> bool {
    byte <= b' '
}

/// Letters, digits and `_`.
#[inline(always)]
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The eight bytes from `p` on, the first in the lowest place; `None` near the end of the bytes.
#[inline(always)]
fn eight(bytes: &[u8], p: usize) -> Option<u64> {
    bytes
        .get(p..)?
        .first_chunk()
        .map(|chunk| u64::from_le_bytes(*chunk))
}

/// `byte` eight times.
const fn all(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// The top bit of each of eight bytes that is not a digit.
#[inline(always)]
const fn not_digits(x: u64) -> u64 {
    let value = x ^ all(b'0');
    (((value & all(0x7f)) + all(0x7f - 9)) | value) & all(0x80)
}

/// The top bit of each of eight bytes that is zero.
#[inline(always)]
const fn zeros(x: u64) -> u64 {
    !(((x & all(0x7f)) + all(0x7f)) | x) & all(0x80)
}

/// The top bit of each of eight bytes that is no letter, digit or `_`.
#[inline(always)]
const fn not_words(x: u64) -> u64 {
    // Letters of either case become 1 to 26.
    let letter = (x | all(0x20)) ^ all(0x60);
    let beyond_z = ((letter & all(0x7f)) + all(0x7f - 26)) | letter;
    let letters = !(beyond_z | zeros(letter)) & all(0x80);
    not_digits(x) & !letters & !zeros(x ^ all(b'_'))
}

/// First position from `p` whose byte `ends`; eight bytes at a time, since in a sandbox each turn
/// of a loop looks at the clock.
#[inline(always)]
fn end_by(
    bytes: &[u8],
    mut p: usize,
    ends_of_eight: impl Fn(u64) -> u64,
    ends: impl Fn(u8) -> bool,
) -> usize {
    while let Some(eight) = eight(bytes, p) {
        let found = ends_of_eight(eight);
        if found != 0 {
            return p + (found.trailing_zeros() / 8) as usize;
        }
        p += 8;
    }
    while bytes.get(p).is_some_and(|&byte| !ends(byte)) {
        p += 1;
    }
    p
}

/// First position from `p` that is not part of a word.
#[inline(always)]
pub(super) fn word_end(bytes: &[u8], p: usize) -> usize {
    end_by(bytes, p, not_words, |byte| !is_word(byte))
}

/// First position from `p` that is not a digit.
#[inline(always)]
pub(super) fn digits_end(bytes: &[u8], p: usize) -> usize {
    end_by(bytes, p, not_digits, |byte| !byte.is_ascii_digit())
}

/// The number that the digits from `p` up to `end` write, where eight bytes can be read there and
/// the digits are one to eight: nearly always.
#[inline(always)]
pub(super) fn short_number(bytes: &[u8], p: usize, end: usize) -> Option<u64> {
    let count = end.checked_sub(p).filter(|count| (1..=8).contains(count))?;
    // The last digit to the highest place; what is shifted in counts as zeros in front.
    let digits = (eight(bytes, p)? << (64 - 8 * count)) & all(0x0f);
    // Neighbours are added up: digits to pairs, pairs to fours, fours to eight.
    let pairs = (digits.wrapping_mul(1 + (10 << 8)) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(1 + (100 << 16)) >> 16) & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul(1 + (10_000 << 32)) >> 32)
}

/// Are they equal? The comparison of the standard library is a call and a loop over bytes where
/// there is no library of the system below it.
#[inline(always)]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        (Some(last_a), Some(last_b)) => {
            let (eights_a, _) = a.as_chunks::<8>();
            let (eights_b, _) = b.as_chunks::<8>();
            last_a == last_b && eights_a.iter().zip(eights_b).all(|(a, b)| a == b)
        }
        _ => a.iter().zip(b).all(|(a, b)| a == b),
    }
}

/// Skips white space, comments and the print directives `\N\` and `\F\`. An unterminated comment
/// is not skipped.
pub(super) fn skip_blank(bytes: &[u8], mut p: usize) -> usize {
    while let Some(&byte) = bytes.get(p) {
        if is_space(byte) {
            p += 1;
        } else if byte == b'/' && at(bytes, p + 1) == b'*' {
            match memmem::find(from(bytes, p + 2), b"*/") {
                Some(length) => p += length + 4,
                None => return p,
            }
        } else if is_print_directive(bytes, p) {
            p += 3;
        } else {
            return p;
        }
    }
    p
}

/// Whether `\N\` or `\F\` stands at `p`.
pub(super) fn is_print_directive(bytes: &[u8], p: usize) -> bool {
    at(bytes, p) == b'\\' && matches!(at(bytes, p + 1), b'N' | b'F') && at(bytes, p + 2) == b'\\'
}

/// Position of the quote that closes the string whose text starts at `p`; two quotes stand for one.
#[inline]
pub(super) fn string_end(bytes: &[u8], mut p: usize) -> Option<usize> {
    loop {
        let quote = quote_from(bytes, p)?;
        if at(bytes, quote + 1) != b'\'' {
            return Some(quote);
        }
        p = quote + 2;
    }
}

/// Position of the first quote from `p` on. Most strings are short: a call costs more than they do.
#[inline(always)]
fn quote_from(bytes: &[u8], mut p: usize) -> Option<usize> {
    for _ in 0..4 {
        let Some(eight) = eight(bytes, p) else { break };
        let found = zeros(eight ^ all(b'\''));
        if found != 0 {
            return Some(p + (found.trailing_zeros() / 8) as usize);
        }
        p += 8;
    }
    Some(p + memchr(b'\'', from(bytes, p))?)
}

/// Position after the parenthesis that closes the list whose content starts at `p`, or the end of
/// the bytes.
pub(super) fn list_end(bytes: &[u8], mut p: usize) -> usize {
    let mut depth = 1u32;
    while let Some(&byte) = bytes.get(p) {
        p += 1;
        match byte {
            b'\'' => match string_end(bytes, p) {
                Some(quote) => p = quote + 1,
                None => return bytes.len(),
            },
            b'(' => depth = depth.saturating_add(1),
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return p;
                }
            }
            b'/' if at(bytes, p) == b'*' => match memmem::find(from(bytes, p + 1), b"*/") {
                Some(length) => p += length + 3,
                None => return bytes.len(),
            },
            _ => {}
        }
    }
    p
}

/// Position after a token that is meant as a number but is none: `1.#QNAN`, `-nan(ind)`, `1.2.3`.
pub(super) fn bad_number_end(bytes: &[u8], mut p: usize) -> usize {
    while is_word(at(bytes, p)) || matches!(at(bytes, p), b'.' | b'+' | b'-' | b'#') {
        p += 1;
    }
    if at(bytes, p) == b'(' {
        let word = word_end(bytes, p + 1);
        if at(bytes, word) == b')' {
            p = word + 1;
        }
    }
    p
}

/// Whether a bare word is how some C library prints a number that is none.
pub(super) fn is_not_a_number(word: &[u8]) -> bool {
    [&b"nan"[..], b"inf", b"infinity", b"ind"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

/// Whether something stands at `p` that can only be the start of a statement: `#12=`, `ENDSEC;`,
/// `DATA;`. Bounded look-ahead.
pub(super) fn starts_statement(bytes: &[u8], p: usize) -> bool {
    let blank = |mut p: usize| {
        let limit = p + 64;
        while p < limit && matches!(at(bytes, p), b' ' | b'\t' | b'\r' | b'\n') {
            p += 1;
        }
        p
    };
    if at(bytes, p) == b'#' {
        let mut end = p + 1;
        while end < p + 24 && at(bytes, end).is_ascii_digit() {
            end += 1;
        }
        return end > p + 1 && at(bytes, blank(end)) == b'=';
    }
    [&b"ENDSEC"[..], b"DATA"].iter().any(|word| {
        between(bytes, p, p + word.len()).eq_ignore_ascii_case(word)
            && at(bytes, blank(p + word.len())) == b';'
    })
}

/// A number token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// Digits only, within 64 bits.
    Integer(i64),
    /// With a point or an exponent, or an integer beyond 64 bits. Always finite.
    Real(f64),
    /// Not a number, or beyond the range of 64-bit floating point.
    Bad,
}

/// Powers of ten that 64-bit floating point holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Reads the number at `p`; gives it with the position after the token.
///
/// Digits that fit 53 bits with a power of ten up to 22 need one exact division or multiplication
/// (Clinger 1990); everything else goes to the standard library.
pub(super) fn number(bytes: &[u8], start: usize) -> (Number, usize) {
    let mut p = start;
    let negative = at(bytes, p) == b'-';
    if matches!(at(bytes, p), b'+' | b'-') {
        p += 1;
    }
    let mut mantissa = 0u64;
    let mut exact = true;
    let mut push = |byte: u8| match mantissa
        .checked_mul(10)
        .and_then(|m| m.checked_add(u64::from(byte - b'0')))
    {
        Some(next) => mantissa = next,
        None => exact = false,
    };
    let whole = p;
    while at(bytes, p).is_ascii_digit() {
        push(at(bytes, p));
        p += 1;
    }
    let mut digits = p - whole;
    let mut real = false;
    let mut scale = 0i64;
    if at(bytes, p) == b'.' {
        real = true;
        p += 1;
        let fraction = p;
        while at(bytes, p).is_ascii_digit() {
            push(at(bytes, p));
            p += 1;
        }
        digits += p - fraction;
        scale = -((p - fraction) as i64);
    }
    let mut good = digits > 0;
    if good && matches!(at(bytes, p), b'E' | b'e') {
        real = true;
        p += 1;
        let minus = at(bytes, p) == b'-';
        if matches!(at(bytes, p), b'+' | b'-') {
            p += 1;
        }
        let exponent_start = p;
        let mut exponent = 0i64;
        while at(bytes, p).is_ascii_digit() {
            exponent = (exponent * 10 + i64::from(at(bytes, p) - b'0')).min(1_000_000);
            p += 1;
        }
        good = p > exponent_start;
        scale += if minus { -exponent } else { exponent };
    }
    let next = at(bytes, p);
    if !good || is_word(next) || matches!(next, b'.' | b'#' | b'+' | b'-') {
        return (Number::Bad, bad_number_end(bytes, start).max(start + 1));
    }
    if !real && exact && mantissa <= i64::MAX as u64 {
        let value = mantissa as i64;
        return (Number::Integer(if negative { -value } else { value }), p);
    }
    if exact && mantissa < 1 << 53 {
        let power = EXACT_POWERS.get(scale.unsigned_abs() as usize);
        if let Some(&power) = power {
            let m = mantissa as f64;
            let value = if scale < 0 { m / power } else { m * power };
            return (Number::Real(if negative { -value } else { value }), p);
        }
    }
    let parsed = std::str::from_utf8(between(bytes, start, p))
        .ok()
        .and_then(|t| t.parse().ok());
    match parsed {
        Some(value) if f64::is_finite(value) => (Number::Real(value), p),
        _ => (Number::Bad, p),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let cases: &[(&str, Number)] = &[
            ("0", Number::Integer(0)),
            ("-12", Number::Integer(-12)),
            ("+7", Number::Integer(7)),
            ("0.", Number::Real(0.0)),
            ("1.5", Number::Real(1.5)),
            ("-.5", Number::Real(-0.5)),
            ("1.E-5", Number::Real(1e-5)),
            ("1.e+5", Number::Real(1e5)),
            ("2E3", Number::Real(2000.0)),
            ("0.1", Number::Real(0.1)),
            ("0.10000000000000001", Number::Real(0.1)),
            ("9223372036854775807", Number::Integer(i64::MAX)),
            (
                "9223372036854775808",
                Number::Real(9_223_372_036_854_775_808.0),
            ),
            (
                "123456789012345678901234567890.",
                Number::Real(1.234_567_890_123_456_8e29),
            ),
            ("1.7976931348623157E308", Number::Real(f64::MAX)),
            ("4.9E-324", Number::Real(5e-324)),
            ("1.E-999999999999", Number::Real(0.0)),
            ("1.E400", Number::Bad),
            ("1.#QNAN", Number::Bad),
            ("-1.#IND", Number::Bad),
            ("1.E", Number::Bad),
            ("-", Number::Bad),
            ("1.2.3", Number::Bad),
            ("12abc", Number::Bad),
            ("-nan(ind)", Number::Bad),
        ];
        for (text, expected) in cases {
            let (value, end) = number(format!("{text},").as_bytes(), 0);
            assert_eq!(value, *expected, "{text}");
            assert_eq!(end, text.len(), "{text}: end of the token");
        }
        let (zero, _) = number(b"-0.", 0);
        assert!(matches!(zero, Number::Real(v) if v == 0.0 && v.is_sign_negative()));
    }

    #[test]
    fn eight_bytes_at_a_time_is_one_by_one() {
        for byte in 0..=255u8 {
            for place in 0..8 {
                for filler in [b'7', b'Q', b'q', b'_', b'\'', 0, 0x80, 0xff] {
                    let mut bytes = [filler; 8];
                    bytes[place] = byte;
                    let x = u64::from_le_bytes(bytes);
                    let bits = |is: &dyn Fn(u8) -> bool| {
                        let all = bytes.iter().enumerate();
                        all.fold(0, |sum, (i, &b)| sum | (u64::from(is(b)) << (8 * i + 7)))
                    };
                    assert_eq!(not_digits(x), bits(&|b| !b.is_ascii_digit()), "{bytes:?}");
                    assert_eq!(not_words(x), bits(&|b| !is_word(b)), "{bytes:?}");
                    assert_eq!(zeros(x), bits(&|b| b == 0), "{bytes:?}");
                }
            }
        }
    }

    #[test]
    fn ends_and_quotes_at_every_length() {
        for length in 0..40 {
            let text = "8".repeat(length);
            for tail in ["", ",", ",        and more", "'"] {
                let bytes = format!("#{text}{tail}").into_bytes();
                assert_eq!(digits_end(&bytes, 1), 1 + length);
                assert_eq!(word_end(&bytes, 1), 1 + length);
                let quote = bytes.iter().position(|&b| b == b'\'');
                assert_eq!(quote_from(&bytes, 1), quote);
                let short = short_number(&bytes, 1, 1 + length);
                let expected = (1..=8).contains(&length) && bytes.len() > 8;
                assert_eq!(
                    short,
                    expected.then(|| text.parse().unwrap()),
                    "{text}{tail}"
                );
            }
        }
        assert_eq!(short_number(b"00120345,", 0, 8), Some(120_345));
        assert_eq!(short_number(b"10", 5, 3), None);
    }

    #[test]
    fn same_is_equality() {
        for length in 0..30 {
            let name = vec![b'A'; length];
            assert!(same(&name, &name));
            assert!(!same(&name, &vec![b'A'; length + 1]));
            for place in 0..length {
                let mut other = name.clone();
                other[place] = b'B';
                assert!(!same(&name, &other));
            }
        }
    }

    #[test]
    fn statements_are_recognised() {
        for text in [
            "#1=",
            "#12  =IFC",
            "#7\r\n=",
            "ENDSEC;",
            "endsec ;",
            "DATA;",
        ] {
            assert!(starts_statement(text.as_bytes(), 0), "{text}");
        }
        for text in [
            "#=",
            "#1,",
            "# 1=",
            "ENDSECX;",
            "#123456789012345678901234567=",
            "",
        ] {
            assert!(!starts_statement(text.as_bytes(), 0), "{text}");
        }
    }
}
