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

/// Findings kept; what comes after is not looked for. Enough to see the cause, small enough that a
/// document made of errors costs no memory.
pub const MAX_FINDINGS: usize = 1_000;

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
    /// Name of the specification that is being looked at.
    pub specification: Option<String>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(text: &'a str) -> Findings<'a> {
        Findings {
            lines: Lines::new(text),
            kept: Vec::new(),
            specification: None,
        }
    }

    #[inline(never)]
    fn push(&mut self, code: &'static str, severity: Severity, at: u32, message: String) {
        if self.kept.len() >= MAX_FINDINGS {
            return;
        }
        let (line, column) = self.lines.of(at);
        self.kept.push(AuditFinding {
            code,
            severity,
            line,
            column,
            specification: self.specification.clone(),
            message,
        });
    }

    pub(super) fn error(&mut self, code: &'static str, at: super::Place, message: String) {
        self.push(code, Severity::Error, at.0, message);
    }

    pub(super) fn warning(&mut self, code: &'static str, at: super::Place, message: String) {
        self.push(code, Severity::Warning, at.0, message);
    }

    pub(super) fn into_kept(self) -> Vec<AuditFinding> {
        self.kept
    }
}
