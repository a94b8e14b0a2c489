//! What is wrong with a document, and where.

use serde::Serialize;

/// Something that an audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditFinding {
    /// Stable, for machines: `ids.unknown-entity`.
    pub code: &'static str,
    /// An error, or merely odd.
    pub severity: Severity,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// Name of the specification that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specification: Option<String>,
    /// What was found and what to do about it.
    pub message: String,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It breaks IDS or can never hold.
    Error,
    /// It is read, but other programs may not.
    Warning,
}

/// Findings of each severity that are kept; what comes after is counted. Enough to see the cause,
/// small enough that a document made of errors costs no memory.
pub const MAX_FINDINGS: usize = 1_000;

/// Characters of a message or a name in a finding: a hostile name of a megabyte would stand in each
/// of them.
const MAX_TEXT: usize = 1_000;

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

/// From byte offsets to lines and columns.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: std::cell::OnceCell<Vec<u32>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Lines<'a> {
        Lines {
            text,
            starts: std::cell::OnceCell::new(),
        }
    }

    /// Line and column, both from 1, of a byte offset.
    pub(super) fn of(&self, offset: u32) -> (u32, u32) {
        let starts = self.starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0)
                .chain(ends.map(|end| end as u32 + 1))
                .collect()
        });
        let line = starts.partition_point(|start| *start <= offset);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        // A line of a document made by a program may be the whole file.
        let column = match self.text.get(start as usize..offset as usize) {
            Some(before) if before.len() < 10_000 => before.chars().count() as u32,
            _ => offset - start,
        };
        (line as u32, column + 1)
    }
}

/// Collects findings.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    lines: Lines<'a>,
    kept: Vec<AuditFinding>,
    /// Errors and warnings so far, and the place of the last one.
    counts: [usize; 2],
    last: u32,
    specification: Option<String>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(text: &'a str) -> Findings<'a> {
        Findings {
            lines: Lines::new(text),
            kept: Vec::new(),
            counts: [0; 2],
            last: 0,
            specification: None,
        }
    }

    /// The name of the specification that is being looked at.
    pub(super) fn within(&mut self, specification: Option<&str>) {
        self.specification =
            specification.map(|name| cut(name.chars().take(MAX_TEXT + 1).collect()));
    }

    #[inline(never)]
    fn push(&mut self, code: &'static str, severity: Severity, at: u32, message: String) {
        let [errors, warnings] = &mut self.counts;
        let count = match severity {
            Severity::Error => errors,
            Severity::Warning => warnings,
        };
        *count += 1;
        self.last = self.last.max(at);
        if *count > MAX_FINDINGS {
            return;
        }
        let (line, column) = self.lines.of(at);
        self.kept.push(AuditFinding {
            code,
            severity,
            line,
            column,
            specification: self.specification.clone(),
            message: cut(message),
        });
    }

    pub(super) fn error(&mut self, code: &'static str, at: super::Place, message: String) {
        self.push(code, Severity::Error, at.0, message);
    }

    pub(super) fn warning(&mut self, code: &'static str, at: super::Place, message: String) {
        self.push(code, Severity::Warning, at.0, message);
    }

    /// The findings; of each severity that has more than are kept, one more that says so.
    pub(super) fn into_kept(mut self) -> Vec<AuditFinding> {
        let (line, column) = self.lines.of(self.last);
        let [errors, warnings] = self.counts;
        for (severity, count, what) in [
            (Severity::Error, errors, "errors"),
            (Severity::Warning, warnings, "warnings"),
        ] {
            if let Some(more @ 1..) = count.checked_sub(MAX_FINDINGS) {
                self.kept.push(AuditFinding {
                    code: "ids.more",
                    severity,
                    line,
                    column,
                    specification: None,
                    message: format!("{more} more {what} up to here are not listed"),
                });
            }
        }
        self.kept
    }
}
