//! What an audit of an IDS document found, as text.

use std::borrow::Cow;

use serde::Deserialize;

use crate::render::palette::{Palette, paint};
use crate::render::table::wrap;
use crate::render::{counted, cut, safe};

/// The engine's answer.
#[derive(Debug, Deserialize)]
pub struct Audit<'a> {
    /// Whether it can be read as IDS at all.
    pub readable: bool,
    /// Its title.
    #[serde(borrow)]
    pub title: Option<Cow<'a, str>>,
    /// Specifications in it.
    pub specifications: u64,
    /// Findings that are errors.
    pub errors: u64,
    /// Findings that are warnings.
    pub warnings: u64,
    /// In the order of the file.
    #[serde(borrow)]
    pub findings: Vec<Finding<'a>>,
}

/// One thing that was found.
#[derive(Debug, Deserialize)]
pub struct Finding<'a> {
    /// Stable, for machines.
    #[serde(borrow)]
    pub code: Cow<'a, str>,
    /// `error` or `warning`
    #[serde(borrow)]
    pub severity: Cow<'a, str>,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// Name of the specification that it is in.
    #[serde(borrow, default)]
    pub specification: Option<Cow<'a, str>>,
    /// What was found and what to do about it.
    #[serde(borrow)]
    pub message: Cow<'a, str>,
}

/// Characters of a message: longer ones quote what is in the document.
const LONGEST: usize = 1_000;

/// As text: `handover.ids:12:5` stands before each finding, as compilers write it.
#[must_use]
pub fn text(audit: &Audit<'_>, file: &str, palette: Palette, width: usize) -> String {
    let mut out = String::new();
    let file = safe(file);
    let mut within: Option<&str> = None;
    for finding in &audit.findings {
        let inside = finding.specification.as_deref();
        if inside != within {
            let name = safe(inside.unwrap_or("the document")).into_owned();
            out.push_str(&format!(
                "{}\n",
                paint(palette.heading, cut(&name, LONGEST))
            ));
            within = inside;
        }
        let style = match &*finding.severity {
            "error" => palette.fail,
            _ => palette.undetermined,
        };
        out.push_str(&format!(
            "  {file}:{}:{}  {}  {}\n",
            finding.line,
            finding.column,
            paint(style, safe(&finding.severity)),
            paint(palette.faint, safe(&finding.code)),
        ));
        let message = safe(&finding.message);
        for line in wrap(&cut(&message, LONGEST), width.saturating_sub(6)) {
            out.push_str(&format!("      {line}\n"));
        }
    }
    let what = if audit.readable {
        format!(
            "{} · {}",
            counted(audit.errors, "error"),
            counted(audit.warnings, "warning")
        )
    } else {
        paint(palette.problem, "it cannot be read as IDS")
    };
    let title = match audit.title.as_deref().map(str::trim) {
        Some(title) if !title.is_empty() => format!("{} · ", cut(&safe(title), LONGEST)),
        _ => String::new(),
    };
    let specifications = counted(audit.specifications, "specification");
    out.push_str(&format!("{file}: {title}{specifications} · {what}\n"));
    out
}
