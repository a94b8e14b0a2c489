//! The grammar of records and values (ISO 10303-21, 7 and table 3), with its tolerated deviations.

use std::cell::Cell;

use memchr::memmem;

use super::{Broken, Good, Scanner};
use crate::step::MAX_DEPTH;
use crate::step::lex::{
    Number, at, bad_number_end, between, digits_end, from, is_not_a_number, is_print_directive,
    is_space, number, short_number, starts_statement, string_end, word_end,
};
use crate::step::resync::statement_line;
use crate::step::value::reference;

/// What is said about values nested beyond [`MAX_DEPTH`]; has a code of its own.
pub(super) const TOO_DEEP: &str = "parentheses nested deeper than any IFC value";

impl Scanner<'_> {
    /// Checks the record at `start`: `#1=A(…);` or `#1=(A(…)B(…));`.
    #[inline]
    pub(super) fn record(&mut self, start: usize) -> Result<Good, Broken> {
        let end = digits_end(self.bytes, start + 1);
        let number = short_number(self.bytes, start + 1, end)
            .or_else(|| reference(between(self.bytes, start + 1, end)));
        let Some(number) = number else {
            return Err(Broken {
                at: end,
                what: "an instance number of 64 bits expected after `#`",
            });
        };
        let p = self.blank(end)?;
        if at(self.bytes, p) != b'=' {
            return Err(Broken {
                at: p,
                what: "`=` expected after the instance number",
            });
        }
        let p = self.blank(p + 1)?;
        let (keyword, place, close) = if at(self.bytes, p) == b'(' {
            let mut q = self.blank(p + 1)?;
            while at(self.bytes, q) != b')' {
                let (_, open) = self.keyword(q)?;
                let close = self.values(open + 1)?;
                q = self.blank(close)?;
            }
            (None, p + 1, q + 1)
        } else {
            let (end, open) = self.keyword(p)?;
            (Some((p, end)), open + 1, self.values(open + 1)?)
        };
        // Nearly always.
        if at(self.bytes, close) == b';' {
            return Ok(Good {
                number,
                keyword,
                place,
                end: close + 1,
                semicolon: true,
            });
        }
        let p = self.blank(close)?;
        let semicolon = at(self.bytes, p) == b';';
        let plausible = semicolon
            || p >= self.bytes.len()
            || starts_statement(self.bytes, p)
            || self.word_at(p, b"ENDSEC");
        if !plausible {
            return Err(Broken {
                at: p,
                what: "`;` expected after the record",
            });
        }
        Ok(Good {
            number,
            keyword,
            place,
            end: p + usize::from(semicolon),
            semicolon,
        })
    }

    /// An entity name at `p`; gives its end and the position of the parenthesis behind it.
    #[inline]
    pub(super) fn keyword(&mut self, p: usize) -> Result<(usize, usize), Broken> {
        let first = at(self.bytes, p);
        let letters = p + usize::from(first == b'!');
        let initial = at(self.bytes, letters);
        if !initial.is_ascii_alphabetic() && initial != b'_' {
            return Err(Broken {
                at: p,
                what: "an entity name expected",
            });
        }
        let end = word_end(self.bytes, letters + 1);
        let open = if at(self.bytes, end) == b'(' {
            end
        } else {
            self.blank(end)?
        };
        if at(self.bytes, open) != b'(' {
            return Err(Broken {
                at: open,
                what: "`(` expected after the entity name",
            });
        }
        Ok((end, open))
    }

    /// Checks the values from just after an opening parenthesis; gives the position after the
    /// matching one.
    #[inline]
    pub(super) fn values(&mut self, mut p: usize) -> Result<usize, Broken> {
        let bytes = self.bytes;
        let mut depth = 1u32;
        // A closing parenthesis may follow at once: `()`.
        let mut opened = true;
        'value: loop {
            let byte = at(bytes, p);
            match byte {
                b'#' => {
                    let end = digits_end(bytes, p + 1);
                    if end - p >= 19 && reference(between(bytes, p + 1, end)).is_none() {
                        self.bad_value(p);
                    } else if end == p + 1 {
                        return Err(Broken {
                            at: p,
                            what: "digits expected after `#`",
                        });
                    }
                    p = end;
                }
                b'0'..=b'9' | b'-' => p = self.number(p),
                b'$' | b'*' => p += 1,
                b'\'' => match string_end(bytes, p + 1) {
                    Some(quote) => p = quote + 1,
                    None => {
                        return Err(Broken {
                            at: bytes.len(),
                            what: "a string without end",
                        });
                    }
                },
                b'.' => {
                    let end = word_end(bytes, p + 1);
                    if at(bytes, end) == b'.' && at(bytes, p + 1).is_ascii_alphabetic() {
                        p = end + 1;
                    } else if at(bytes, p + 1).is_ascii_digit() {
                        p = self.number(p);
                    } else {
                        return Err(Broken {
                            at: p,
                            what: "an enumeration item `.NAME.` expected",
                        });
                    }
                }
                b'(' => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(Broken {
                            at: p,
                            what: TOO_DEEP,
                        });
                    }
                    p += 1;
                    opened = true;
                    continue 'value;
                }
                b')' => {
                    if !opened {
                        self.bad_value(p);
                    }
                }
                b',' => self.bad_value(p),
                b'+' => p = self.number(p),
                b'"' => {
                    let end = word_end(bytes, p + 1);
                    let digits = between(bytes, p + 1, end);
                    if at(bytes, end) != b'"' || !digits.iter().all(u8::is_ascii_hexdigit) {
                        return Err(Broken {
                            at: p,
                            what: "hexadecimal digits expected in `\"…\"`",
                        });
                    }
                    p = end + 1;
                }
                b'A'..=b'Z' | b'a'..=b'z' | b'!' | b'_' => {
                    let end = word_end(bytes, p + 1);
                    let open = if at(bytes, end) == b'(' {
                        end
                    } else {
                        self.blank(end)?
                    };
                    if is_not_a_number(between(bytes, p, end)) {
                        self.bad_value(p);
                        p = bad_number_end(bytes, end);
                    } else if at(bytes, open) == b'(' && end > p + usize::from(byte == b'!') {
                        depth += 1;
                        if depth > MAX_DEPTH {
                            return Err(Broken {
                                at: p,
                                what: TOO_DEEP,
                            });
                        }
                        p = open + 1;
                        opened = true;
                        continue 'value;
                    } else {
                        return Err(Broken {
                            at: p,
                            what: "a bare word where a value belongs",
                        });
                    }
                }
                _ => {
                    p = self.blank_or(p, "a value expected")?;
                    continue 'value;
                }
            }
            // After a value.
            loop {
                match at(bytes, p) {
                    b',' => {
                        p += 1;
                        opened = false;
                        continue 'value;
                    }
                    b')' => {
                        p += 1;
                        depth -= 1;
                        if depth == 0 {
                            return Ok(p);
                        }
                    }
                    _ => p = self.blank_or(p, "`,` or `)` expected after a value")?,
                }
            }
        }
    }

    /// Passes the number at `p`. The usual forms, digits with a point among them, are passed here;
    /// the rest is parsed.
    #[inline]
    pub(super) fn number(&mut self, p: usize) -> usize {
        let bytes = self.bytes;
        let mut end = digits_end(bytes, p + 1);
        if at(bytes, end) == b'.' {
            end = digits_end(bytes, end + 1);
        }
        let usual = matches!(at(bytes, end), b',' | b')') && at(bytes, p + 1) != b',';
        if usual && end - p < 300 && (at(bytes, p).is_ascii_digit() || end > p + 2) {
            return end;
        }
        let (value, end) = number(bytes, p);
        if value == Number::Bad {
            self.bad_value(p);
        }
        end
    }

    #[cold]
    pub(super) fn bad_value(&mut self, p: usize) {
        if self.bad_values == 0 {
            self.first_bad_value = p;
        }
        self.bad_values = self.bad_values.saturating_add(1);
    }

    /// Skips white space and comments.
    #[inline]
    pub(super) fn blank(&mut self, p: usize) -> Result<usize, Broken> {
        let byte = at(self.bytes, p);
        if is_space(byte) || byte == b'/' || byte == b'\\' {
            self.blank_slow(p)
        } else {
            Ok(p)
        }
    }

    pub(super) fn blank_slow(&mut self, mut p: usize) -> Result<usize, Broken> {
        while let Some(&byte) = self.bytes.get(p) {
            if is_space(byte) {
                p += 1;
            } else if byte == b'/' && at(self.bytes, p + 1) == b'*' {
                let Some(end) = comment_end(self.bytes, &self.comment, p + 2) else {
                    return Err(Broken {
                        at: p,
                        what: "a comment without end",
                    });
                };
                if self.hiding_comment.is_none() && statement_line(self.bytes, p + 2, end).is_some()
                {
                    self.hiding_comment = Some(p);
                }
                p = end;
            } else if is_print_directive(self.bytes, p) {
                p += 3;
            } else {
                break;
            }
        }
        Ok(p)
    }

    /// Skips white space and comments where there has to be some.
    #[inline]
    pub(super) fn blank_or(&mut self, p: usize, what: &'static str) -> Result<usize, Broken> {
        let next = self.blank(p)?;
        if next == p || next >= self.bytes.len() {
            Err(Broken { at: next, what })
        } else {
            Ok(next)
        }
    }
}

/// Position after the comment whose text starts at `p`. Remembers the last search: the same far
/// end is not searched for twice.
pub(super) fn comment_end(
    bytes: &[u8],
    memory: &Cell<(usize, Option<usize>)>,
    p: usize,
) -> Option<usize> {
    let (from_where, found) = memory.get();
    if from_where <= p && found.is_none_or(|end| end >= p + 2) {
        return found;
    }
    let found = memmem::find(from(bytes, p), b"*/").map(|length| p + length + 2);
    memory.set((p, found));
    found
}
