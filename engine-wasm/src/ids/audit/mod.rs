//! What is wrong with a document, by itself and by the IFC schemas that it names.
//!
//! Structure is judged while reading (`super::read`); here follow the contents: `facets` asks the
//! schemas about classes, attributes and properties, `values` whether a constraint can be met.

mod facets;
mod properties;
mod tables;
mod values;
mod versions;

use super::document::{Cardinality, Document, Facet, Occurs, Specification};
use super::finding::{AuditFinding, Findings, Lines, Severity};
use super::xml;

/// Everything that is wrong with a document, in the order of the file.
#[must_use]
pub fn audit(bytes: &[u8]) -> Vec<AuditFinding> {
    let text = match xml::text(bytes) {
        Ok(text) => text,
        Err(error) => return vec![fatal(&error)],
    };
    let document = match super::read::read(&text) {
        Ok(document) => document,
        Err(error) => return vec![fatal(&error)],
    };
    of(&document, &text)
}

/// Everything that is wrong with a document that was read from a text, in the order of the file.
pub(super) fn of(document: &Document, text: &str) -> Vec<AuditFinding> {
    let mut findings = Findings::new(text);
    contents(document, &mut findings);
    let mut all = document.findings.clone();
    let read = all.len();
    all.extend(findings.into_kept());
    if read > 0 {
        without_consequences(document, text, &mut all, read);
    }
    all.sort_by_key(|finding| (finding.line, finding.column));
    all
}

/// Takes out what is empty or restricts nothing because something in it could not be read, which is
/// among the first `read` findings.
fn without_consequences(document: &Document, text: &str, all: &mut Vec<AuditFinding>, read: usize) {
    let lines = Lines::new(text);
    let mut facets: Vec<(u32, u32)> = document
        .specifications
        .iter()
        .flat_map(|one| {
            let asked = one.requirements.iter().map(|asked| asked.at);
            let applies = one.applicability.iter().map(|facet| facet.at);
            applies.chain(asked).chain([one.at])
        })
        .map(|at| lines.of(at.0))
        .collect();
    facets.sort_unstable();
    let causes: Vec<(u32, u32)> = all.iter().take(read).map(|f| (f.line, f.column)).collect();
    let mut at = 0;
    all.retain(|finding| {
        at += 1;
        if at <= read || !matches!(finding.code, "ids.empty-restriction" | "ids.empty-value") {
            return true;
        }
        let place = (finding.line, finding.column);
        let next = facets.partition_point(|facet| *facet <= place);
        let end = facets.get(next).copied().unwrap_or((u32::MAX, 0));
        !causes.iter().any(|cause| (place..end).contains(cause))
    });
}

/// Why there is no document.
pub(super) fn fatal(error: &xml::ParseError) -> AuditFinding {
    let (line, column) = match error {
        xml::ParseError::Xml { line, column, .. } => (*line, *column),
        xml::ParseError::NotIds { line, .. } => (*line, 1),
        xml::ParseError::TooLarge { line, .. } => (*line, 1),
        xml::ParseError::Encoding { .. } => (1, 1),
    };
    AuditFinding {
        code: error.code(),
        severity: Severity::Error,
        line,
        column,
        specification: None,
        // Where it is stands beside it.
        message: match error {
            xml::ParseError::Xml { what, .. } => what.clone(),
            xml::ParseError::NotIds { found, .. } => xml::not_ids(found),
            xml::ParseError::TooLarge { what, limit, .. } => xml::too_large(what, *limit),
            other => other.to_string(),
        },
    }
}

fn contents(document: &Document, findings: &mut Findings<'_>) {
    let mut auditor = facets::Auditor::new(findings);
    for specification in &document.specifications {
        auditor.begin(specification);
        occurrences(specification, auditor.findings);
        for facet in &specification.applicability {
            auditor.facet(facet.at, &facet.value);
        }
        for requirement in &specification.requirements {
            auditor.facet(requirement.at, &requirement.facet);
            auditor.required_class(requirement.at, &requirement.facet);
        }
        for requirement in &specification.requirements {
            let (code, what) = match (requirement.cardinality, &requirement.facet) {
                (Cardinality::Required, _) => continue,
                (_, Facet::Entity(_)) => (
                    "ids.cardinality",
                    "a class is always required: \"entity\" has no cardinality",
                ),
                (Cardinality::Optional, Facet::PartOf(_)) => (
                    "ids.cardinality",
                    "\"partOf\" may be required or prohibited, not optional",
                ),
                _ => continue,
            };
            auditor
                .findings
                .error(code, requirement.at, what.to_owned());
        }
    }
}

fn occurrences(specification: &Specification, findings: &mut Findings<'_>) {
    let Occurs { least, most } = specification.occurs;
    let at = specification.at;
    if most.is_some_and(|most| most < least) {
        // A least of 1 is what the schema gives when nothing is said.
        if most == Some(0) && least == 1 {
            let what = "maxOccurs is 0 and minOccurs 1: write minOccurs=\"0\" to prohibit";
            findings.error("ids.occurs", at, what.to_owned());
        } else {
            let what = format!("minOccurs {least} is more than maxOccurs");
            findings.error("ids.occurs", at, what);
        }
    } else if !matches!((least, most), (0 | 1, None) | (0, Some(0)) | (1, Some(1))) {
        let what = "programs need only know required (1, unbounded), optional (0, unbounded) and \
                    prohibited (0, 0)";
        findings.warning("ids.occurs", at, what.to_owned());
    }
    if specification.occurs.cardinality() == Cardinality::Prohibited
        && !specification.requirements.is_empty()
    {
        let what = "a prohibited specification asks for nothing: remove its requirements";
        findings.error("ids.prohibited-requirements", at, what.to_owned());
    }
}
