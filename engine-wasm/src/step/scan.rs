//! The one pass: checks every record's syntax and writes the index.

use std::cell::Cell;

use memchr::{memchr, memmem};

use super::MAX_DEPTH;
use super::error::StepError;
use super::header::Header;
use super::keyword::{KeywordId, Keywords};
use super::lex::{
    Number, at, bad_number_end, between, digits_end, from, is_not_a_number, is_print_directive,
    is_space, is_word, number, string_end, word_end,
};
use super::lines::LineCounter;
use super::lookup::Numbers;
use super::resync::{Cause, resync, statement_line};
use super::value::reference;
use crate::diagnostic::{Diagnostics, MAX_KEPT};

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
                let broken = Broken { at: p, what: "text that is no statement" };
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
            let broken = Broken { at: p, what: "text that is no statement" };
            return self.recover(p, &broken, None);
        }
        let Ok(mut next) = self.blank(end) else { return end };
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
                let broken = Broken { at: end, what: "`(` expected after the name" };
                return self.recover(p, &broken, None);
            }
        };
        let closed = self.values(open + 1).and_then(|close| self.blank(close));
        let next = match closed {
            Ok(after) if at(self.bytes, after) == b';' => after + 1,
            Ok(after) => {
                let broken = Broken { at: after, what: "`;` expected" };
                self.recover(p, &broken, None)
            }
            Err(broken) => self.recover(p, &broken, None),
        };
        self.out.header.take(between(self.bytes, p, end), between(self.bytes, open + 1, next));
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

    /// Checks the record at `start`: `#1=A(…);` or `#1=(A(…)B(…));`.
    #[inline]
    fn record(&mut self, start: usize) -> Result<Good, Broken> {
        let end = digits_end(self.bytes, start + 1);
        let Some(number) = reference(between(self.bytes, start + 1, end)) else {
            return Err(Broken { at: end, what: "an instance number of 64 bits expected after `#`" });
        };
        let p = self.blank(end)?;
        if at(self.bytes, p) != b'=' {
            return Err(Broken { at: p, what: "`=` expected after the instance number" });
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
            return Ok(Good { number, keyword, place, end: close + 1, semicolon: true });
        }
        let p = self.blank(close)?;
        let semicolon = at(self.bytes, p) == b';';
        let plausible = semicolon
            || p >= self.bytes.len()
            || super::lex::starts_statement(self.bytes, p)
            || self.word_at(p, b"ENDSEC");
        if !plausible {
            return Err(Broken { at: p, what: "`;` expected after the record" });
        }
        Ok(Good { number, keyword, place, end: p + usize::from(semicolon), semicolon })
    }

    /// An entity name at `p`; gives its end and the position of the parenthesis behind it.
    #[inline]
    fn keyword(&mut self, p: usize) -> Result<(usize, usize), Broken> {
        let first = at(self.bytes, p);
        let letters = p + usize::from(first == b'!');
        let initial = at(self.bytes, letters);
        if !initial.is_ascii_alphabetic() && initial != b'_' {
            return Err(Broken { at: p, what: "an entity name expected" });
        }
        let end = word_end(self.bytes, letters + 1);
        let open = if at(self.bytes, end) == b'(' { end } else { self.blank(end)? };
        if at(self.bytes, open) != b'(' {
            return Err(Broken { at: open, what: "`(` expected after the entity name" });
        }
        Ok((end, open))
    }

    /// Checks the values from just after an opening parenthesis; gives the position after the
    /// matching one.
    #[inline]
    fn values(&mut self, mut p: usize) -> Result<usize, Broken> {
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
                        return Err(Broken { at: p, what: "digits expected after `#`" });
                    }
                    p = end;
                }
                b'0'..=b'9' | b'-' => p = self.number(p),
                b'$' | b'*' => p += 1,
                b'\'' => match string_end(bytes, p + 1) {
                    Some(quote) => p = quote + 1,
                    None => return Err(Broken { at: bytes.len(), what: "a string without end" }),
                },
                b'.' => {
                    let end = word_end(bytes, p + 1);
                    if at(bytes, end) == b'.' && at(bytes, p + 1).is_ascii_alphabetic() {
                        p = end + 1;
                    } else if at(bytes, p + 1).is_ascii_digit() {
                        p = self.number(p);
                    } else {
                        return Err(Broken { at: p, what: "an enumeration item `.NAME.` expected" });
                    }
                }
                b'(' => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(Broken { at: p, what: TOO_DEEP });
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
                        return Err(Broken { at: p, what: "hexadecimal digits expected in `\"…\"`" });
                    }
                    p = end + 1;
                }
                b'A'..=b'Z' | b'a'..=b'z' | b'!' | b'_' => {
                    let end = word_end(bytes, p + 1);
                    let open = if at(bytes, end) == b'(' { end } else { self.blank(end)? };
                    if is_not_a_number(between(bytes, p, end)) {
                        self.bad_value(p);
                        p = bad_number_end(bytes, end);
                    } else if at(bytes, open) == b'(' && end > p + usize::from(byte == b'!') {
                        depth += 1;
                        if depth > MAX_DEPTH {
                            return Err(Broken { at: p, what: TOO_DEEP });
                        }
                        p = open + 1;
                        opened = true;
                        continue 'value;
                    } else {
                        return Err(Broken { at: p, what: "a bare word where a value belongs" });
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
    fn number(&mut self, p: usize) -> usize {
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
    fn bad_value(&mut self, p: usize) {
        if self.bad_values == 0 {
            self.first_bad_value = p;
        }
        self.bad_values = self.bad_values.saturating_add(1);
    }

    /// Skips white space and comments.
    #[inline]
    fn blank(&mut self, p: usize) -> Result<usize, Broken> {
        let byte = at(self.bytes, p);
        if is_space(byte) || byte == b'/' || byte == b'\\' { self.blank_slow(p) } else { Ok(p) }
    }

    fn blank_slow(&mut self, mut p: usize) -> Result<usize, Broken> {
        while let Some(&byte) = self.bytes.get(p) {
            if is_space(byte) {
                p += 1;
            } else if byte == b'/' && at(self.bytes, p + 1) == b'*' {
                let Some(end) = comment_end(self.bytes, &self.comment, p + 2) else {
                    return Err(Broken { at: p, what: "a comment without end" });
                };
                if self.hiding_comment.is_none()
                    && statement_line(self.bytes, p + 2, end).is_some()
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
    fn blank_or(&mut self, p: usize, what: &'static str) -> Result<usize, Broken> {
        let next = self.blank(p)?;
        if next == p || next >= self.bytes.len() { Err(Broken { at: next, what }) } else { Ok(next) }
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

    /// Says what is odd about a record that was kept.
    #[cold]
    fn remark(&mut self, start: usize, good: &Good) {
        let number = Some(good.number);
        // At the end of the file it is cut short, which is said once, at the end.
        if !good.semicolon && good.end < self.bytes.len() {
            self.report("step.missing-semicolon", start, number, || {
                format!("record #{} does not end in `;`; read as if it did", good.number)
            });
        }
        if self.bad_values > 0 {
            let (count, first) = (self.bad_values, self.first_bad_value);
            let token = between(self.bytes, first, first + 24);
            let token = token.split(|b| b",) \r\n".contains(b)).next().unwrap_or_default();
            let token = String::from_utf8_lossy(token).into_owned();
            self.report("step.malformed-value", start, number, || {
                let shown = if token.is_empty() { "nothing".to_owned() } else { format!("`{token}`") };
                format!(
                    "record #{} has {count} value(s) that are no STEP values, the first is \
                     {shown}; taken as unknown",
                    good.number
                )
            });
        }
        self.report_hiding_comment(number);
        if self.section != Section::Data && !self.stray_reported {
            self.stray_reported = true;
            self.report("step.record-outside-data", start, number, || {
                format!("record #{} stands outside a DATA section; read all the same", good.number)
            });
        }
    }

    #[inline]
    fn report_hiding_comment(&mut self, record: Option<u64>) {
        if let Some(p) = self.hiding_comment.take() {
            self.report("step.comment-hides-records", p, record, || {
                "a comment has lines in it that look like records; they were not read".to_owned()
            });
        }
    }

    /// Reports the broken statement at `start`; gives the position where reading goes on.
    #[cold]
    fn recover(&mut self, start: usize, broken: &Broken, number: Option<u64>) -> usize {
        let found = resync(self.bytes, start, broken.at, |p| {
            comment_end(self.bytes, &self.comment, p)
        });
        let mut next = found.next.max(start + 1);
        let again = found.reached.max(broken.at).saturating_sub(next);
        match self.rereads_left.checked_sub(again) {
            Some(left) => self.rereads_left = left,
            None => next = found.reached.max(broken.at).max(start + 1),
        }
        self.hiding_comment = None;
        let header = self.section == Section::Header && number.is_none();
        let code = match found.cause {
            Cause::String => "step.unterminated-string",
            Cause::Comment => "step.unterminated-comment",
            Cause::EndOfFile => "step.truncated",
            Cause::Syntax if std::ptr::eq(broken.what, TOO_DEEP) => "step.too-deep",
            Cause::Syntax if header => "step.malformed-header",
            Cause::Syntax if number.is_some() => "step.malformed-record",
            Cause::Syntax => "step.unexpected-text",
        };
        self.cut_short |= found.cause == Cause::EndOfFile;
        let bytes = self.bytes;
        let what = broken.what;
        let position = broken.at;
        self.report(code, start, number, || {
            let statement = match number {
                Some(number) => format!("record #{number}"),
                None => format!("`{}`", excerpt(bytes, start)),
            };
            let why = match found.cause {
                Cause::String => "a string without its closing quote".to_owned(),
                Cause::Comment => "a comment without its `*/`".to_owned(),
                Cause::EndOfFile => "the file ends in the middle of it".to_owned(),
                Cause::Syntax if position >= bytes.len() => what.to_owned(),
                Cause::Syntax => format!("{what}, not `{}`", excerpt(bytes, position)),
            };
            format!("{statement} was left out: {why}")
        });
        next
    }

    fn report(
        &mut self,
        code: &'static str,
        at: usize,
        record: Option<u64>,
        message: impl FnOnce() -> String,
    ) {
        // The line costs time and is only kept for the first diagnostics.
        let kept = self.out.diagnostics.kept().len() < MAX_KEPT;
        let line = kept.then(|| self.lines.line(at));
        self.out.diagnostics.push(code, line, record, message);
    }
}

const TOO_DEEP: &str = "parentheses nested deeper than any IFC value";

/// The first characters of a line, for a message.
fn excerpt(bytes: &[u8], p: usize) -> String {
    let text = between(bytes, p, (p + 24).min(bytes.len()));
    let line = between(text, 0, memchr(b'\n', text).unwrap_or(text.len()));
    String::from_utf8_lossy(line).trim_end().chars().filter(|c| !c.is_control()).collect()
}

/// Position after the comment whose text starts at `p`. Remembers the last search: the same far
/// end is not searched for twice.
fn comment_end(
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
