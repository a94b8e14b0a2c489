//! After a broken statement: where reading can go on, so that it costs that statement only.
//!
//! The statement is read again as bare strings, comments and `;`. When that works up to a `;`, its
//! strings are taken at their word, whatever they contain. When it does not (a string that is not
//! followed by `,` or `)`, a comment without end, the end of the file, or the start of another
//! record outside strings), the first line of it that looks like a record is where reading goes on.

use memchr::{memchr_iter, memchr2_iter};

use super::lex::{at, between, from, is_space, starts_statement, string_end};

/// What broke the statement, as far as its strings and comments tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Neither strings nor comments; what the scanner found.
    Syntax,
    /// A quote without its partner.
    String,
    /// `/*` without `*/`.
    Comment,
    /// The file ends in the middle of the statement.
    EndOfFile,
}

/// Where to go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resync {
    pub(super) next: usize,
    /// How far the file was read to decide so.
    pub(super) reached: usize,
    pub(super) cause: Cause,
}

/// Finds the place for the statement at `start` that was found broken at `failed`.
/// `comment_end` gives the position after the comment whose text starts at its argument.
pub(super) fn resync(
    bytes: &[u8],
    start: usize,
    failed: usize,
    comment_end: impl Fn(usize) -> Option<usize>,
) -> Resync {
    let mut p = start;
    // First line inside a string or comment that looks like a statement.
    let mut hidden: Option<usize> = None;
    loop {
        let Some(skip) = from(bytes, p).iter().position(|b| b"';/\n\r".contains(b)) else {
            let next = hidden.unwrap_or(bytes.len());
            return Resync {
                next,
                reached: bytes.len(),
                cause: Cause::EndOfFile,
            };
        };
        p += skip;
        match at(bytes, p) {
            b'\'' => {
                let end = string_end(bytes, p + 1);
                let inside = p + 1..end.unwrap_or(bytes.len());
                hidden = hidden.or_else(|| statement_line(bytes, inside.start, inside.end));
                let after = end.map(|quote| skip_blank_with(bytes, quote + 1, &comment_end));
                let plausible = after.is_some_and(|after| matches!(at(bytes, after), b',' | b')'));
                if !plausible {
                    let hidden = hidden.or_else(|| record_after_semicolon(bytes, &inside));
                    let reached = after.unwrap_or(bytes.len());
                    match (hidden, end) {
                        (Some(next), _) => {
                            return Resync {
                                next,
                                reached,
                                cause: Cause::String,
                            };
                        }
                        (None, None) => {
                            let next = bytes.len();
                            return Resync {
                                next,
                                reached,
                                cause: Cause::EndOfFile,
                            };
                        }
                        (None, Some(_)) => {}
                    }
                }
                p = inside.end + 1;
            }
            b'/' if at(bytes, p + 1) == b'*' => {
                let end = comment_end(p + 2);
                let inside_end = end.unwrap_or(bytes.len());
                hidden = hidden.or_else(|| statement_line(bytes, p + 2, inside_end));
                match end {
                    Some(end) => p = end,
                    None => {
                        let next = hidden.unwrap_or(bytes.len());
                        return Resync {
                            next,
                            reached: next.max(p + 2),
                            cause: Cause::Comment,
                        };
                    }
                }
            }
            b';' => {
                p += 1;
                if p > failed {
                    return Resync {
                        next: p,
                        reached: p,
                        cause: Cause::Syntax,
                    };
                }
            }
            b'\n' | b'\r' => {
                p += 1;
                let first = line_start(bytes, p);
                if starts_statement(bytes, first) {
                    let cause = if hidden.is_some() {
                        Cause::String
                    } else {
                        Cause::Syntax
                    };
                    return Resync {
                        next: hidden.unwrap_or(first),
                        reached: first,
                        cause,
                    };
                }
            }
            _ => p += 1,
        }
    }
}

/// The first line break in the range that is followed by what looks like a statement.
pub(super) fn statement_line(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    memchr2_iter(b'\n', b'\r', between(bytes, start, end))
        .map(|offset| line_start(bytes, start + offset + 1))
        .find(|&line| line < end && starts_statement(bytes, line))
}

/// The first `;` in the range that a record follows, for files written without line breaks.
fn record_after_semicolon(bytes: &[u8], range: &std::ops::Range<usize>) -> Option<usize> {
    memchr_iter(b';', between(bytes, range.start, range.end))
        .map(|offset| line_start(bytes, range.start + offset + 1))
        .find(|&next| next < range.end && starts_statement(bytes, next))
}

/// Skips the indentation at `p`.
fn line_start(bytes: &[u8], mut p: usize) -> usize {
    while matches!(at(bytes, p), b' ' | b'\t') {
        p += 1;
    }
    p
}

/// Skips white space and comments, with the remembered ends of comments.
fn skip_blank_with(
    bytes: &[u8],
    mut p: usize,
    comment_end: &impl Fn(usize) -> Option<usize>,
) -> usize {
    loop {
        while p < bytes.len() && is_space(at(bytes, p)) {
            p += 1;
        }
        if at(bytes, p) != b'/' || at(bytes, p + 1) != b'*' {
            return p;
        }
        match comment_end(p + 2) {
            Some(end) => p = end,
            None => return p,
        }
    }
}
