//! What is said about records: odd ones that were kept, broken ones that were not.

use memchr::memchr;

use super::grammar::{TOO_DEEP, comment_end};
use super::{Broken, Good, Scanner, Section};
use crate::diagnostic::MAX_KEPT;
use crate::step::lex::between;
use crate::step::resync::{Cause, resync};

impl Scanner<'_> {
    /// Says what is odd about a record that was kept.
    #[cold]
    pub(super) fn remark(&mut self, start: usize, good: &Good) {
        let number = Some(good.number);
        // At the end of the file it is cut short, which is said once, at the end.
        if !good.semicolon && good.end < self.bytes.len() {
            self.report("step.missing-semicolon", start, number, || {
                format!(
                    "record #{} does not end in `;`; read as if it did",
                    good.number
                )
            });
        }
        if self.bad_values > 0 {
            let (count, first) = (self.bad_values, self.first_bad_value);
            let token = between(self.bytes, first, first + 24);
            let token = token
                .split(|b| b",) \r\n".contains(b))
                .next()
                .unwrap_or_default();
            let token = String::from_utf8_lossy(token).into_owned();
            self.report("step.malformed-value", start, number, || {
                let shown = if token.is_empty() {
                    "nothing".to_owned()
                } else {
                    format!("`{token}`")
                };
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
                format!(
                    "record #{} stands outside a DATA section; read all the same",
                    good.number
                )
            });
        }
    }

    #[inline]
    pub(super) fn report_hiding_comment(&mut self, record: Option<u64>) {
        if let Some(p) = self.hiding_comment.take() {
            self.report("step.comment-hides-records", p, record, || {
                "a comment has lines in it that look like records; they were not read".to_owned()
            });
        }
    }

    /// Reports the broken statement at `start`; gives the position where reading goes on.
    #[cold]
    pub(super) fn recover(&mut self, start: usize, broken: &Broken, number: Option<u64>) -> usize {
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

    pub(super) fn report(
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

/// The first characters of a line, for a message.
fn excerpt(bytes: &[u8], p: usize) -> String {
    let text = between(bytes, p, (p + 24).min(bytes.len()));
    let line = between(text, 0, memchr(b'\n', text).unwrap_or(text.len()));
    String::from_utf8_lossy(line)
        .trim_end()
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}
