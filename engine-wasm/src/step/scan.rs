//! The one pass: checks every record's syntax and writes the index.

mod grammar;
mod remarks;

use std::cell::Cell;

use memchr::memmem;

use super::error::StepError;
use super::header::Header;
use super::keyword::{KeywordId, Keywords};
use super::lex::{at, between, digits_end, from, is_word};
use super::lines::LineCounter;
use super::lookup::Numbers;
use super::value::reference;
use crate::diagnostic::Diagnostics;

/// What the pass leaves behind: for every good record, in file order, its place, number and
/// keyword.
pub(super) struct Scan {
    /// Position just after the record's opening parenthesis.
    pub(super) places: Vec<u32>,
    pub(super) numbers: Numbers,
    pub(super) kinds: Vec<KeywordId>,
    pub(super) keywords: Keywords,
    pub(super) header: Header,
    pub(super) diagnostics: Diagnostics,
}

/// Which part of the file the pass is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Header,
    Data,
    /// Before the first section, after the last or in between.
    None,
    /// ANCHOR, REFERENCE, SIGNATURE: no part of the model.
    Foreign,
}

/// Why a statement is broken.
struct Broken {
    at: usize,
    what: &'static str,
}

/// A record that follows the grammar.
struct Good {
    number: u64,
    /// The keyword's bytes, `None` for a complex instance.
    keyword: Option<(usize, usize)>,
    place: usize,
    end: usize,
    semicolon: bool,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    out: Scan,
    section: Section,
    lines: LineCounter<'a>,
    /// The last search for the end of a comment: from where, and what it found.
    comment: Cell<(usize, Option<usize>)>,
    /// Values of the current record that are none, and where the first is.
    bad_values: u32,
    first_bad_value: usize,
    /// A comment with lines that look like records.
    hiding_comment: Option<usize>,
    /// Bytes that may still be read twice, so that a file made to be broken costs linear time.
    rereads_left: usize,
    cut_short: bool,
    ended: bool,
    seen_data: bool,
    stray_reported: bool,
}

/// Reads the whole file.
pub(super) fn scan(bytes: &[u8]) -> Result<Scan, StepError> {
    let start = super::sniff::start(bytes)?;
    let mut scanner = Scanner {
        bytes,
        out: Scan {
            places: Vec::new(),
            numbers: Numbers::Narrow(Vec::new()),
            kinds: Vec::new(),
            keywords: Keywords::new(),
            header: Header::default(),
            diagnostics: Diagnostics::default(),
        },
        section: Section::None,
        lines: LineCounter::new(bytes),
        comment: Cell::new((usize::MAX, None)),
        bad_values: 0,
        first_bad_value: 0,
        hiding_comment: None,
        rereads_left: bytes.len().saturating_mul(4).saturating_add(1 << 20),
        cut_short: false,
        ended: false,
        seen_data: false,
        stray_reported: false,
    };
    scanner.statements(start);
    Ok(scanner.out)
}

impl Scanner<'_> {
    fn statements(&mut self, mut p: usize) {
        while !self.ended {
            p = match self.blank(p) {
                Ok(p) => p,
                Err(broken) => {
                    p = self.recover(broken.at, &broken, None);
                    continue;
                }
            };
            self.report_hiding_comment(None);
            let byte = match self.bytes.get(p) {
                Some(&byte) => byte,
                None => break,
            };
            p = if self.section == Section::Foreign && !self.word_at(p, b"ENDSEC") {
                self.skip_foreign(p)
            } else if byte == b'#' {
                self.record_or_recover(p)
            } else if byte.is_ascii_alphabetic() {
                self.section_word(p)
            } else {
                let broken = Broken {
                    at: p,
                    what: "text that is no statement",
                };
                self.recover(p, &broken, None)
            };
        }
        self.finish(p);
    }

    fn finish(&mut self, p: usize) {
        let end = self.bytes.len();
        if !self.ended && !self.cut_short {
            self.report("step.truncated", end, None, || {
                "the file ends without `END-ISO-10303-21;`: it was probably cut short; \
                 what is there was read"
                    .to_owned()
            });
        }
        if !self.seen_data && self.out.places.is_empty() {
            self.report("step.no-data-section", end, None, || {
                "the file has no DATA section, so it holds no model".to_owned()
            });
        }
        if self.out.header.schema.is_empty() {
            self.report("step.no-schema", 0, None, || {
                "the header has no FILE_SCHEMA, so which IFC version this is has to be guessed"
                    .to_owned()
            });
        }
        let rest = from(self.bytes, p);
        if self.ended && memmem::find(rest, b"DATA;").is_some() {
            self.report("step.text-after-end", p, None, || {
                "there is another DATA section after `END-ISO-10303-21;`; it was not read"
                    .to_owned()
            });
        }
    }

    /// A word outside records: a section's beginning or end, or a header entity.
    fn section_word(&mut self, p: usize) -> usize {
        let mut end = p;
        while is_word(at(self.bytes, end)) || at(self.bytes, end) == b'-' {
            end += 1;
        }
        let word = between(self.bytes, p, end);
        let is = |name: &[u8]| word.eq_ignore_ascii_case(name);
        if is(b"END-ISO-10303-21") {
            self.ended = true;
        } else if is(b"ISO-10303-21") {
        } else if is(b"HEADER") {
            self.section = Section::Header;
        } else if is(b"ENDSEC") {
            self.section = Section::None;
        } else if is(b"DATA") {
            self.section = Section::Data;
            self.seen_data = true;
        } else if is(b"ANCHOR") || is(b"REFERENCE") || is(b"SIGNATURE") {
            self.section = Section::Foreign;
        } else if self.section == Section::Header {
            return self.header_entity(p, end);
        } else {
            let broken = Broken {
                at: p,
                what: "text that is no statement",
            };
            return self.recover(p, &broken, None);
        }
        let Ok(mut next) = self.blank(end) else {
            return end;
        };
        if is(b"DATA") && at(self.bytes, next) == b'(' {
            // DATA('name',('SCHEMA')): several sections with their own schema (edition 2).
            match self.values(next + 1).and_then(|close| self.blank(close)) {
                Ok(after) => next = after,
                Err(broken) => return self.recover(p, &broken, None),
            }
        }
        if at(self.bytes, next) == b';' {
            return next + 1;
        }
        self.report("step.missing-semicolon", p, None, || {
            "a section line without `;`; read as if it were there".to_owned()
        });
        end
    }

    fn header_entity(&mut self, p: usize, end: usize) -> usize {
        self.bad_values = 0;
        let open = match self.blank(end) {
            Ok(open) if at(self.bytes, open) == b'(' => open,
            _ => {
                let broken = Broken {
                    at: end,
                    what: "`(` expected after the name",
                };
                return self.recover(p, &broken, None);
            }
        };
        let closed = self.values(open + 1).and_then(|close| self.blank(close));
        let next = match closed {
            Ok(after) if at(self.bytes, after) == b';' => after + 1,
            Ok(after) => {
                let broken = Broken {
                    at: after,
                    what: "`;` expected",
                };
                self.recover(p, &broken, None)
            }
            Err(broken) => self.recover(p, &broken, None),
        };
        self.out.header.take(
            between(self.bytes, p, end),
            between(self.bytes, open + 1, next),
        );
        next
    }

    /// Goes to the ENDSEC of a section that is no part of the model.
    fn skip_foreign(&mut self, p: usize) -> usize {
        match memmem::find(from(self.bytes, p), b"ENDSEC") {
            Some(length) => p + length,
            None => self.bytes.len(),
        }
    }

    fn word_at(&self, p: usize, word: &[u8]) -> bool {
        between(self.bytes, p, p + word.len()).eq_ignore_ascii_case(word)
    }

    #[inline]
    fn record_or_recover(&mut self, p: usize) -> usize {
        self.bad_values = 0;
        match self.record(p) {
            Ok(good) => {
                self.keep(p, &good);
                good.end
            }
            Err(broken) => {
                let end = digits_end(self.bytes, p + 1);
                self.recover(p, &broken, reference(between(self.bytes, p + 1, end)))
            }
        }
    }

    /// Enters a good record.
    #[inline]
    fn keep(&mut self, start: usize, good: &Good) {
        if self.out.places.len() == self.out.places.capacity() {
            self.reserve(start);
        }
        let kind = match good.keyword {
            Some((from, to)) => self.out.keywords.intern(between(self.bytes, from, to)),
            None => KeywordId::COMPLEX,
        };
        // The file's size was checked to fit 32 bits.
        self.out.places.push(good.place as u32);
        self.out.numbers.push(good.number);
        self.out.kinds.push(kind);
        if !good.semicolon
            || self.bad_values > 0
            || self.hiding_comment.is_some()
            || self.section != Section::Data
        {
            self.remark(start, good);
        }
    }

    /// Makes room for as many records as the rest of the file will probably have.
    #[cold]
    fn reserve(&mut self, p: usize) {
        let have = self.out.places.len();
        let left = self.bytes.len() - p.min(self.bytes.len());
        let guess = match have {
            0 => left / 256,
            _ => (left as u64 * have as u64 / (p as u64).max(1)) as usize,
        };
        let more = guess.min(left / 6) + have / 32 + 64;
        self.out.places.reserve_exact(more);
        self.out.numbers.reserve_exact(more);
        self.out.kinds.reserve_exact(more);
    }
}
