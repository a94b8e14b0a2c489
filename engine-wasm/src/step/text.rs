//! Strings: from the bytes between two quotes to Unicode (ISO 10303-21, 6.4.3), only when asked.

use std::borrow::Cow;

use memchr::memchr2;

use super::lex::{at, between, from};
use super::pages;

/// A string as it stands in the file, without the quotes around it.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    raw: &'a [u8],
}

impl<'a> Text<'a> {
    pub(super) fn new(raw: &'a [u8]) -> Self {
        Self { raw }
    }

    /// The bytes between the quotes, escapes and doubled quotes untouched.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The string. Knows `''`, `\\`, `\S\`, `\P?\`, `\X\`, `\X2\` and `\X4\`; bytes beyond ASCII are
    /// UTF-8 where the whole string is, and ISO 8859-1 otherwise. What only resembles an escape, as
    /// in `C:\new`, stays as it is. Never fails; allocates only when something had to be replaced.
    #[must_use]
    pub fn decode(&self) -> Cow<'a, str> {
        let utf8 = std::str::from_utf8(self.raw).ok();
        if memchr2(b'\\', b'\'', self.raw).is_none() {
            return match utf8 {
                Some(text) => Cow::Borrowed(text),
                None => Cow::Owned(self.raw.iter().copied().map(char::from).collect()),
            };
        }
        let mut out = String::with_capacity(self.raw.len());
        let mut part = 1;
        let mut p = 0;
        while p < self.raw.len() {
            let special = memchr2(b'\\', b'\'', from(self.raw, p));
            let plain = special.map_or(self.raw.len(), |length| p + length);
            match utf8.and_then(|text| text.get(p..plain)) {
                Some(text) => out.push_str(text),
                None => out.extend(between(self.raw, p, plain).iter().copied().map(char::from)),
            }
            p = plain;
            if special.is_some() {
                p += escape(from(self.raw, p), &mut out, &mut part);
            }
        }
        Cow::Owned(out)
    }

    /// Whether the decoded string is `other`, without allocating in the usual case.
    #[must_use]
    pub fn eq_str(&self, other: &str) -> bool {
        let plain = |byte: &u8| byte.is_ascii() && !matches!(byte, b'\\' | b'\'');
        if self.raw.iter().all(plain) {
            return self.raw == other.as_bytes();
        }
        self.decode() == other
    }
}

/// Appends what the escape at the start of `raw` stands for; gives its length, at least 1.
fn escape(raw: &[u8], out: &mut String, part: &mut u8) -> usize {
    match raw {
        [b'\'', b'\'', ..] => {
            out.push('\'');
            2
        }
        [b'\\', b'\\', ..] => {
            out.push('\\');
            2
        }
        // The quote is doubled here as everywhere.
        [b'\\', b'S', b'\\', b'\'', b'\'', ..] => {
            out.push(pages::character(*part, b'\'' | 0x80));
            5
        }
        [b'\\', b'S', b'\\', byte @ b' '..=b'~', ..] => {
            out.push(pages::character(*part, byte | 0x80));
            4
        }
        [b'\\', b'P', page @ b'A'..=b'I', b'\\', ..] => {
            *part = page - b'A' + 1;
            4
        }
        [b'\\', b'X', b'\\', rest @ ..] => match hex(rest, 2).and_then(char::from_u32) {
            Some(character) => {
                out.push(character);
                5
            }
            None => literal(raw, out),
        },
        [b'\\', b'X', b'2', b'\\', rest @ ..] => match hex(rest, 4) {
            Some(_) => {
                let mut length = 0;
                let units = std::iter::from_fn(|| {
                    let unit = hex(from(rest, length), 4)?;
                    length += 4;
                    Some(unit as u16)
                });
                out.extend(
                    char::decode_utf16(units)
                        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)),
                );
                4 + length + terminator(from(rest, length))
            }
            None => empty_run(raw, rest, out),
        },
        [b'\\', b'X', b'4', b'\\', rest @ ..] => match hex(rest, 8) {
            Some(_) => {
                let mut length = 0;
                while let Some(code) = hex(from(rest, length), 8) {
                    out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    length += 8;
                }
                4 + length + terminator(from(rest, length))
            }
            None => empty_run(raw, rest, out),
        },
        _ => literal(raw, out),
    }
}

/// One ASCII byte that stands for itself.
fn literal(raw: &[u8], out: &mut String) -> usize {
    out.push(char::from(at(raw, 0)));
    1
}

/// Length of `\X0\`; some exporters leave it out.
fn terminator(raw: &[u8]) -> usize {
    if raw.starts_with(b"\\X0\\") { 4 } else { 0 }
}

/// `\X2\\X0\`, a run without characters.
fn empty_run(raw: &[u8], rest: &[u8], out: &mut String) -> usize {
    if terminator(rest) > 0 {
        8
    } else {
        literal(raw, out)
    }
}

/// The number written with exactly `digits` hexadecimal digits at the start of `raw`.
fn hex(raw: &[u8], digits: usize) -> Option<u32> {
    raw.get(..digits)?.iter().try_fold(0u32, |sum, &byte| {
        Some(sum << 4 | char::from(byte).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding() {
        let cases: &[(&str, &[u8], &str)] = &[
            ("plain", b"abc", "abc"),
            ("empty", b"", ""),
            ("doubled quote", b"it''s", "it's"),
            ("only a quote", b"''", "'"),
            ("backslash", b"a\\\\b", "a\\b"),
            ("utf-8", "Küche 厨房".as_bytes(), "Küche 厨房"),
            ("latin-1", b"M\xFCller", "Müller"),
            ("latin-1 with an escape", b"M\xFCller''s", "Müller's"),
            ("utf-8 with an escape", "Müller''s".as_bytes(), "Müller's"),
            ("X", b"\\X\\E4x", "äx"),
            ("X lower case hex", b"\\X\\e4", "ä"),
            ("X2", b"\\X2\\00E400F6\\X0\\!", "äö!"),
            ("X2 surrogates", b"\\X2\\D83DDE00\\X0\\", "😀"),
            ("X2 lone surrogate", b"\\X2\\D83D\\X0\\a", "\u{FFFD}a"),
            ("X2 without end", b"\\X2\\00E4", "ä"),
            ("X2 cut short", b"\\X2\\00E40\\X0\\", "ä0\\X0\\"),
            ("X2 empty", b"a\\X2\\\\X0\\b", "ab"),
            ("X4", b"\\X4\\0001F600\\X0\\", "😀"),
            ("X4 beyond Unicode", b"\\X4\\FFFFFFFF\\X0\\", "\u{FFFD}"),
            ("S", b"\\S\\d", "ä"),
            ("S quote", b"\\S\\''", "§"),
            ("P then S", b"\\PE\\\\S\\4", "Д"),
            ("P back again", b"\\PB\\\\S\\9\\PA\\\\S\\d", "šä"),
            (
                "all of them",
                b"\\X2\\00E4\\X0\\\\S\\d \\X\\E4 \\X4\\0001F600\\X0\\",
                "ää ä 😀",
            ),
            ("a path", b"C:\\new\\X", "C:\\new\\X"),
            ("ends in a backslash", b"C:\\", "C:\\"),
            ("hex that is none", b"\\X\\GG", "\\X\\GG"),
            ("newline", b"a\r\nb", "a\r\nb"),
        ];
        for (name, raw, expected) in cases {
            let text = Text::new(raw);
            assert_eq!(text.decode(), *expected, "{name}");
            assert!(text.eq_str(expected), "{name}: eq_str");
            assert!(
                !text.eq_str("something else"),
                "{name}: eq_str of another string"
            );
        }
        assert!(matches!(
            Text::new(b"plain").decode(),
            Cow::Borrowed("plain")
        ));
        assert!(!Text::new(b"it''s").eq_str("it''s"));
    }
}
