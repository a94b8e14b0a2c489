//! What is wrong with a document, by itself and by the IFC schemas that it names.
//!
//! Structure is judged while reading (`super::read`); here follow the contents: `facets` asks the
//! schemas about classes, attributes and properties, `values` whether a constraint can be met.

mod facets;
mod tables;
mod values;

use super::document::{Cardinality, Document, Facet, Occurs, Specification};
use super::finding::{AuditFinding, Findings, Severity};
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
    let mut findings = Findings::new(&text);
    contents(&document, &mut findings);
    let mut all = document.findings;
    all.extend(findings.into_kept());
    all.sort_by_key(|finding| (finding.line, finding.column));
    all
}

fn fatal(error: &xml::ParseError) -> AuditFinding {
    let (line, column) = match error {
        xml::ParseError::Xml { line, column, .. } => (*line, *column),
        xml::ParseError::NotIds { line, .. } => (*line, 1),
        xml::ParseError::Encoding { .. } | xml::ParseError::TooLarge { .. } => (1, 1),
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

fn contents(document: &Document, findings: &mut Findings<'_>) {
    for specification in &document.specifications {
        findings.specification = Some(specification.name.clone());
        occurrences(specification, findings);
        let mut auditor = facets::Auditor::new(specification, findings);
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
            findings.error(code, requirement.at, what.to_owned());
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
