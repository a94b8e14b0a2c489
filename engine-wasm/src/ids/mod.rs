//! buildingSMART IDS 1.0: information requirements as documents, checked against models.
//!
//! [`Document::parse`] reads a document, [`audit`] says what is wrong with it, [`Plan::new`] makes
//! documents ready, [`Plan::check`] runs them over a model and gives a [`Report`].
//!
//! Where what lives: `xml` and `read` from bytes to `document`; `audit` what is wrong with one;
//! `pattern` XSD regular expressions; `scalar` and `matcher` single values; `plan` documents
//! compiled; `index` and `symbols` the model made ready; `check` the run, `tally` its counts, with `entity`,
//! `attribute`, `property` and `association` the facets; `report` what comes out, made by `result` with the
//! words of `reason`, `wording` and `shown`; `near` what was probably meant; `request` all of it
//! as hosts ask for it.
//!
//! Elements are looked at as the file has them: edits of a model are not seen here. The meaning of
//! a document is that of the standard's manual and test cases, which compare names and texts
//! exactly; nothing here is tolerant as [`crate::facts`] is.

mod association;
mod attribute;
mod audit;
mod check;
mod document;
mod entity;
mod finding;
mod hash;
mod index;
mod matcher;
pub(crate) mod near;
pub mod pattern;
mod plan;
mod property;
mod read;
mod reason;
mod report;
mod request;
mod result;
mod scalar;
mod shown;
mod symbols;
mod tally;
mod time;
mod wording;
mod xml;

pub use audit::audit;
pub use document::{
    AttributeFacet, Bound, Cardinality, ClassificationFacet, Constraint, Document, EntityFacet,
    Facet, MaterialFacet, Occurs, PartOfFacet, Place, Placed, PropertyFacet, Relation, Requirement,
    Restriction, Specification, Versions,
};
pub use finding::{AuditFinding, MAX_FINDINGS, Severity};
pub use plan::Plan;
pub use report::{
    DocumentResult, FORMAT, Failing, Info, Report, RequirementResult, SpecificationResult, Status,
    Totals,
};
pub use request::{
    AUDIT_FORMAT, AuditReport, CheckOptions, MAX_DOCUMENTS, RequestError, audit_document,
    check_documents,
};
pub use xml::{MAX_DOCUMENT_BYTES, ParseError};

use crate::model::Model;

impl Document {
    /// Reads a document. What breaks the schema of IDS is noted in [`Document::findings`]; a
    /// specification that would mean something else without it is not checked and says why.
    ///
    /// # Errors
    /// The bytes are not well-formed XML, not IDS, or larger than is read.
    pub fn parse(bytes: &[u8]) -> Result<Document, ParseError> {
        read::read(&xml::text(bytes)?)
    }
}

/// Why a check gives no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// The model came from JSON, which has none of what IDS asks about.
    #[error("IDS is about IFC: the model is not from an IFC file")]
    NotIfc,
    /// `progress` said so.
    #[error("the check was stopped")]
    Stopped,
}

impl CheckError {
    /// Stable name of the error, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            CheckError::NotIfc => "ids.not-ifc",
            CheckError::Stopped => "ids.stopped",
        }
    }
}

impl Plan {
    /// Checks a model. `progress` is told now and then how many elements were looked at, and stops
    /// the check by giving false.
    ///
    /// # Errors
    /// The model is not from an IFC file, or the check was stopped.
    pub fn check(
        &self,
        model: &Model,
        progress: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Report, CheckError> {
        self.check_listing(model, usize::MAX, progress)
    }

    /// The same, listing at most `most` failing elements of each requirement, the first of the file:
    /// those that are left out are counted. Of all requirements together a million are listed.
    ///
    /// # Errors
    /// As [`Plan::check`].
    pub fn check_listing(
        &self,
        model: &Model,
        most: usize,
        progress: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Report, CheckError> {
        let file = model.file().ok_or(CheckError::NotIfc)?;
        let mut checker = check::Checker::new(file, self, tally::Keep::new(most));
        let counts = checker.run(progress).ok_or(CheckError::Stopped)?;
        Ok(result::report(&mut checker, model, counts))
    }
}

#[cfg(test)]
mod tests;
