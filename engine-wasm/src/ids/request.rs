//! A whole check or audit as hosts ask for it: documents as bytes in, a report out.

use serde::{Deserialize, Serialize};

use super::{
    AuditFinding, CheckError, Document, MAX_DOCUMENT_BYTES, ParseError, Plan, Report, Severity,
    audit, xml,
};
use crate::model::Model;

/// Documents of one check. Authorities publish some dozens.
pub const MAX_DOCUMENTS: usize = 1_000;

/// How a check is wanted. The default: no names, everything listed.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct CheckOptions {
    /// Name of the model's file, for the report.
    pub model: String,
    /// Names of the documents' files, for the report and for errors, in their order.
    pub names: Vec<String>,
    /// At most so many failing elements of each requirement; the counts stay.
    pub most: Option<usize>,
}

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// A document cannot be read.
    #[error("{name}: {error}")]
    Document {
        /// Name of its file, or which one it is.
        name: String,
        /// What is wrong with it.
        error: ParseError,
    },
    /// More than is read.
    #[error("{what}: more than {limit}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How much is read.
        limit: usize,
    },
    /// The model is none that IDS is about.
    #[error(transparent)]
    Check(#[from] CheckError),
}

impl RequestError {
    /// Stable name of the error, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            RequestError::Document { error, .. } => error.code(),
            RequestError::TooMuch { .. } => "ids.too-large",
            RequestError::Check(error) => error.code(),
        }
    }
}

/// Checks a model against documents.
///
/// # Errors
/// A document cannot be read, there are too many, or the model is not from an IFC file.
pub fn check_documents(
    model: &Model,
    documents: Vec<Vec<u8>>,
    options: &CheckOptions,
) -> Result<Report, RequestError> {
    model.file().ok_or(CheckError::NotIfc)?;
    if documents.len() > MAX_DOCUMENTS {
        return Err(RequestError::TooMuch {
            what: "documents of one check",
            limit: MAX_DOCUMENTS,
        });
    }
    if documents.iter().map(Vec::len).sum::<usize>() > MAX_DOCUMENT_BYTES {
        return Err(RequestError::TooMuch {
            what: "bytes of all documents",
            limit: MAX_DOCUMENT_BYTES,
        });
    }
    let mut parsed = Vec::with_capacity(documents.len());
    let mut audits = Vec::with_capacity(documents.len());
    for (index, bytes) in documents.into_iter().enumerate() {
        let (document, audit) = read(&bytes).map_err(|error| RequestError::Document {
            name: match options.names.get(index) {
                Some(name) => name.clone(),
                None => format!("document {}", index + 1),
            },
            error,
        })?;
        parsed.push(document);
        audits.push(audit);
    }
    let plan = Plan::new(&parsed);
    drop(parsed);
    let most = options.most.unwrap_or(usize::MAX);
    let mut report = plan.check_listing(model, most, &mut |_| true)?;
    report.model.clone_from(&options.model);
    for (document, name) in report.documents.iter_mut().zip(&options.names) {
        document.file.clone_from(name);
    }
    for (document, (errors, warnings)) in report.documents.iter_mut().zip(audits) {
        (document.errors, document.warnings) = (errors, warnings);
    }
    Ok(report)
}

/// A document, and how many errors and warnings its audit finds.
fn read(bytes: &[u8]) -> Result<(Document, (u64, u64)), ParseError> {
    let text = xml::text(bytes)?;
    let document = super::read::read(&text)?;
    let findings = audit::of(&document, &text);
    let count = count(&findings);
    Ok((document, count))
}

/// Errors and warnings.
fn count(findings: &[AuditFinding]) -> (u64, u64) {
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count() as u64;
    (of(Severity::Error), of(Severity::Warning))
}

/// The format of [`AuditReport`]'s JSON.
pub const AUDIT_FORMAT: &str = "plancheck-ids-audit/1";

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// [`AUDIT_FORMAT`].
    pub format: &'static str,
    /// Version of the engine.
    pub engine: &'static str,
    /// Whether it can be read as IDS at all; what breaks the standard is still read.
    pub readable: bool,
    /// Its title, where it can be read.
    pub title: Option<String>,
    /// Specifications in it.
    pub specifications: u64,
    /// How many of the findings are errors.
    pub errors: u64,
    /// How many are warnings.
    pub warnings: u64,
    /// In the order of the file; at most some thousand are looked for.
    pub findings: Vec<AuditFinding>,
}

/// Audits a document.
#[must_use]
pub fn audit_document(bytes: &[u8]) -> AuditReport {
    let text = xml::text(bytes);
    let read = text.and_then(|text| super::read::read(&text).map(|document| (document, text)));
    let (document, findings) = match read {
        Ok((document, text)) => {
            let findings = audit::of(&document, &text);
            (Some(document), findings)
        }
        Err(error) => (None, vec![audit::fatal(&error)]),
    };
    let (errors, warnings) = count(&findings);
    AuditReport {
        format: AUDIT_FORMAT,
        engine: crate::VERSION,
        readable: document.is_some(),
        title: document.as_ref().map(|d| d.title.clone()),
        specifications: document.map_or(0, |d| d.specifications.len() as u64),
        errors,
        warnings,
        findings,
    }
}
