//! Attribute values, decoded on demand from the bytes of a record.

use super::lex::{
    Number, at, bad_number_end, between, digits_end, from, is_word, list_end, number, short_number,
    skip_blank, string_end, word_end,
};
use super::text::Text;

/// One attribute value. Borrows from the file.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// `$`, not given; also what is asked for beyond the last attribute.
    Null,
    /// `*`, derived in a subtype.
    Derived,
    /// `12`
    Integer(i64),
    /// `12.`, always finite.
    Real(f64),
    /// `.ELEMENT.`: the bytes between the dots, as written.
    Enum(&'a [u8]),
    /// `#12`
    Ref(u64),
    /// `'text'`
    Text(Text<'a>),
    /// `"0F3"`: the hexadecimal digits; the first says how many bits of the second are unused.
    Binary(&'a [u8]),
    /// `(1.,2.)`
    List(Values<'a>),
    /// `IFCLABEL('text')`: the keyword as written and what its parentheses hold.
    Typed(&'a [u8], Values<'a>),
    /// Not a value: `1.#QNAN`, a number out of range, nothing between two commas.
    Malformed,
}

impl<'a> Value<'a> {
    /// The value inside a typed one; any other value as it is.
    #[must_use]
    pub fn untyped(self) -> Self {
        let mut value = self;
        // The scanner bounds the depth of parentheses; the bound here only guards the loop.
        for _ in 0..super::MAX_DEPTH {
            let Value::Typed(_, mut inner) = value else {
                break;
            };
            value = inner.next().unwrap_or(Value::Null);
        }
        value
    }

    /// A number, also inside a typed value.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        match self.untyped() {
            Value::Integer(value) => Some(value as f64),
            Value::Real(value) => Some(value),
            _ => None,
        }
    }

    /// An integer, also inside a typed value.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self.untyped() {
            Value::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// The instance number of a reference, also inside a typed value.
    #[must_use]
    #[allow(
        clippy::should_implement_trait,
        reason = "a STEP reference, not a Rust one; named like its neighbours"
    )]
    pub fn as_ref(self) -> Option<u64> {
        match self.untyped() {
            Value::Ref(number) => Some(number),
            _ => None,
        }
    }

    /// A string, also inside a typed value.
    #[must_use]
    pub fn as_text(self) -> Option<Text<'a>> {
        match self.untyped() {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An enumeration item as written, also inside a typed value.
    #[must_use]
    pub fn as_enum(self) -> Option<&'a [u8]> {
        match self.untyped() {
            Value::Enum(name) => Some(name),
            _ => None,
        }
    }

    /// A list, also inside a typed value.
    #[must_use]
    pub fn as_list(self) -> Option<Values<'a>> {
        match self.untyped() {
            Value::List(values) => Some(values),
            _ => None,
        }
    }
}

/// The values of a record or a list, in order. Cheap to copy; copies start where the original is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Values<'a> {
    /// What follows the opening parenthesis or the last value; ends at the matching parenthesis,
    /// not at the end of the slice.
    rest: &'a [u8],
    /// A comma was read: a value has to follow.
    owed: bool,
}

impl<'a> Values<'a> {
    /// Values from just after an opening parenthesis.
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest, owed: false }
    }

    /// Whether there is no value left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clone().skip_one().is_none()
    }

    /// Moves to the next value; gives its first byte (0 for an empty place) and position.
    fn begin(&mut self) -> Option<(u8, usize)> {
        let p = skip_blank(self.rest, 0);
        match self.rest.get(p) {
            Some(b',') => {
                self.rest = from(self.rest, p + 1);
                self.owed = true;
                Some((0, 0))
            }
            Some(b')') | None => {
                let owed = std::mem::take(&mut self.owed) && p < self.rest.len();
                self.rest = if owed { from(self.rest, p) } else { &[] };
                owed.then_some((0, 0))
            }
            Some(&byte) => Some((byte, p)),
        }
    }

    /// Moves past the value that ended at `p` and the comma behind it.
    fn finish(&mut self, p: usize) {
        let p = skip_blank(self.rest, p);
        self.owed = at(self.rest, p) == b',';
        self.rest = from(self.rest, p + usize::from(self.owed));
    }

    /// Passes one value without decoding it.
    fn skip_one(&mut self) -> Option<()> {
        let (byte, p) = self.begin()?;
        if byte != 0 {
            let end = value_end(self.rest, byte, p);
            self.finish(end);
        }
        Some(())
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let (byte, p) = self.begin()?;
        if byte == 0 {
            return Some(Value::Malformed);
        }
        let (value, end) = value(self.rest, byte, p);
        self.finish(end);
        Some(value)
    }

    fn nth(&mut self, n: usize) -> Option<Value<'a>> {
        for _ in 0..n {
            self.skip_one()?;
        }
        self.next()
    }

    fn count(mut self) -> usize {
        let mut count = 0;
        while self.skip_one().is_some() {
            count += 1;
        }
        count
    }
}

impl std::iter::FusedIterator for Values<'_> {}

/// Decodes the value whose first byte is at `p`; gives it with the position after it, past `p`.
fn value(bytes: &[u8], first: u8, p: usize) -> (Value<'_>, usize) {
    match first {
        b'#' => {
            let end = digits_end(bytes, p + 1);
            let number =
                short_number(bytes, p + 1, end).or_else(|| reference(between(bytes, p + 1, end)));
            match number {
                Some(number) => (Value::Ref(number), end),
                None => (Value::Malformed, end),
            }
        }
        b'$' => (Value::Null, p + 1),
        b'*' => (Value::Derived, p + 1),
        b'\'' => match string_end(bytes, p + 1) {
            Some(quote) => (
                Value::Text(Text::new(between(bytes, p + 1, quote))),
                quote + 1,
            ),
            None => (Value::Malformed, bytes.len()),
        },
        b'"' => {
            let end = word_end(bytes, p + 1);
            match at(bytes, end) {
                b'"' => (Value::Binary(between(bytes, p + 1, end)), end + 1),
                _ => (Value::Malformed, end),
            }
        }
        b'(' => (
            Value::List(Values::new(from(bytes, p + 1))),
            list_end(bytes, p + 1),
        ),
        b'.' if !at(bytes, p + 1).is_ascii_digit() => {
            let end = word_end(bytes, p + 1);
            match at(bytes, end) {
                b'.' => (Value::Enum(between(bytes, p + 1, end)), end + 1),
                _ => (Value::Malformed, end),
            }
        }
        b'.' | b'+' | b'-' | b'0'..=b'9' => match number(bytes, p) {
            (Number::Integer(value), end) => (Value::Integer(value), end),
            (Number::Real(value), end) => (Value::Real(value), end),
            (Number::Bad, end) => (Value::Malformed, end),
        },
        _ if first == b'!' || is_word(first) => {
            let end = word_end(bytes, p + 1);
            let open = skip_blank(bytes, end);
            if at(bytes, open) == b'(' {
                let keyword = between(bytes, p, end);
                let inner = Values::new(from(bytes, open + 1));
                (Value::Typed(keyword, inner), list_end(bytes, open + 1))
            } else {
                (Value::Malformed, bad_number_end(bytes, end))
            }
        }
        _ => (Value::Malformed, p + 1),
    }
}

/// Position after the value whose first byte is at `p`, without decoding.
fn value_end(bytes: &[u8], first: u8, p: usize) -> usize {
    match first {
        b'#' => digits_end(bytes, p + 1),
        b'(' => list_end(bytes, p + 1),
        b'+' | b'-' | b'0'..=b'9' => bad_number_end(bytes, p),
        _ => value(bytes, first, p).1,
    }
}

/// An instance number, `None` when there are no digits or too many.
#[inline]
pub(super) fn reference(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    if digits.len() < 19 {
        return Some(
            digits
                .iter()
                .fold(0, |sum, &byte| sum * 10 + u64::from(byte & 15)),
        );
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(value: Value<'_>) -> String {
        let bytes = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        match value {
            Value::Null => "$".into(),
            Value::Derived => "*".into(),
            Value::Integer(i) => format!("{i}"),
            Value::Real(r) => format!("{r:?}"),
            Value::Enum(e) => format!(".{}.", bytes(e)),
            Value::Ref(n) => format!("#{n}"),
            Value::Text(t) => format!("'{}'", t.decode()),
            Value::Binary(b) => format!("\"{}\"", bytes(b)),
            Value::List(l) => format!("({})", l.map(show).collect::<Vec<_>>().join(",")),
            Value::Typed(k, l) => {
                format!(
                    "{}({})",
                    bytes(k),
                    l.map(show).collect::<Vec<_>>().join(",")
                )
            }
            Value::Malformed => "?".into(),
        }
    }

    #[test]
    fn decoding() {
        let cases: &[(&str, &str)] = &[
            ("", ""),
            ("$,*", "$ *"),
            (" 1 , 2. ,-3.5E-1 ", "1 2.0 -0.35"),
            (
                "#12,#18446744073709551615,#18446744073709551616",
                "#12 #18446744073709551615 ?",
            ),
            (".T.,.NOTDEFINED.", ".T. .NOTDEFINED."),
            ("'a,b)''(',\"0AF\"", "'a,b)'(' \"0AF\""),
            ("(1,(2,3),()),$", "(1,(2,3),()) $"),
            (
                "IFCLABEL('x;)'),ifcreal( 1. )",
                "IFCLABEL('x;)') ifcreal(1.0)",
            ),
            ("!MINE(1)", "!MINE(1)"),
            ("/* 1,2 */3/*)*/,4", "3 4"),
            ("\\N\\1,\r\n\t2", "1 2"),
            (",1", "? 1"),
            ("1,", "1 ?"),
            (",", "? ?"),
            ("1.#QNAN,-nan(ind),nan,1.E400,-0.", "? ? ? ? -0.0"),
            ("'/*',1", "'/*' 1"),
        ];
        for (text, expected) in cases {
            let bytes = format!("{text});");
            let values = Values::new(bytes.as_bytes());
            let all: Vec<String> = values.map(show).collect();
            assert_eq!(all.join(" "), *expected, "{text}");
            assert_eq!(values.count(), all.len(), "{text}: count");
            assert_eq!(values.is_empty(), all.is_empty(), "{text}: is_empty");
            for (n, one) in all.iter().enumerate() {
                assert_eq!(
                    values.clone().nth(n).map(show).as_ref(),
                    Some(one),
                    "{text}: nth {n}"
                );
            }
            assert!(
                values.clone().nth(all.len()).is_none(),
                "{text}: beyond the end"
            );
        }
    }

    #[test]
    fn conversions_look_inside_typed_values() {
        let mut values =
            Values::new(b"IFCREAL(1.5),IFCINTEGER(7),A(B('x')),C(.T.),D((1,2)),#4,E());");
        let mut next = || values.next().expect("seven values");
        assert_eq!(next().as_f64(), Some(1.5));
        let seven = next();
        assert_eq!(
            (seven.as_i64(), seven.as_f64(), seven.as_ref()),
            (Some(7), Some(7.0), None)
        );
        assert!(next().as_text().is_some_and(|text| text.eq_str("x")));
        assert_eq!(next().as_enum(), Some(&b"T"[..]));
        assert_eq!(next().as_list().map(Iterator::count), Some(2));
        assert_eq!(next().as_ref(), Some(4));
        assert!(matches!(next().untyped(), Value::Null));
    }
}
