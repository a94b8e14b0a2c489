//! What is wrong with a document, by itself and by the IFC schemas that it names.

use super::document::Document;
use super::finding::{AuditFinding, Severity};
use super::xml;

/// Everything that is wrong with a document, in the order of the file.
#[must_use]
pub fn audit(bytes: &[u8]) -> Vec<AuditFinding> {
    let text = match xml::text(bytes) {
        Ok(text) => text,
        Err(error) => return vec![fatal(&error)],
    };
    match super::read::read(&text) {
        Ok(Document { findings, .. }) => findings,
        Err(error) => vec![fatal(&error)],
    }
}

fn fatal(error: &xml::ParseError) -> AuditFinding {
    let (line, column) = match error {
        xml::ParseError::Xml { line, column, .. } => (*line, *column),
        xml::ParseError::NotIds { line, .. } => (*line, 1),
        _ => (1, 1),
    };
    AuditFinding {
        code: error.code(),
        severity: Severity::Error,
        line,
        column,
        specification: None,
        message: error.to_string(),
    }
}
