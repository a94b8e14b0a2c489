//! What stands at the top of a report and in the table of several: counts, and what makes them
//! mean less than they seem to.

use super::{Document, Report, Specification, Status, Totals};
use crate::render::{counted, thousands};

/// How a specification is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    /// It could not be checked.
    Error,
    /// It does not hold.
    Fail,
    /// It holds.
    Pass,
    /// It holds, because there is nothing that it applies to.
    Nothing,
}

impl Shown {
    pub(super) fn of(specification: &Specification<'_>) -> Shown {
        match specification.status {
            Status::Error => Shown::Error,
            Status::Fail => Shown::Fail,
            Status::Pass
                if specification.applicable == 0 && specification.cardinality != "prohibited" =>
            {
                Shown::Nothing
            }
            Status::Pass => Shown::Pass,
        }
    }
}

/// How many came out how, the most important first: the count, its words, how it is shown.
pub(super) fn counts(totals: &Totals) -> [(u64, &'static str, Shown); 4] {
    let (nothing, passed) = (totals.not_applicable, totals.passed);
    let apply = match nothing {
        1 => "applies to nothing",
        _ => "apply to nothing",
    };
    [
        (totals.failed, "failed", Shown::Fail),
        (totals.errors, "could not be checked", Shown::Error),
        (passed.saturating_sub(nothing), "passed", Shown::Pass),
        (nothing, apply, Shown::Nothing),
    ]
}

/// Whether a count is worth saying where it is none.
pub(super) fn is_said(count: u64, shown: Shown) -> bool {
    count > 0 || matches!(shown, Shown::Fail | Shown::Pass)
}

/// `the model is IFC4X3; 7 of 7 specifications are written for other versions`
pub(super) fn other_versions(report: &Report<'_>) -> Option<String> {
    let all = || report.documents.iter().flat_map(|d| &d.specifications);
    let other = all().filter(|s| !s.meant_for_model).count() as u64;
    let are = if other == 1 { "is" } else { "are" };
    (other > 0).then(|| {
        format!(
            "the model is {}; {} of {} {are} written for other versions",
            report.schema,
            thousands(other),
            counted(all().count() as u64, "specification"),
        )
    })
}

/// `written for IFC2X3, IFC4`, where the model is neither.
pub(super) fn written_for(specification: &Specification<'_>) -> Option<String> {
    if specification.meant_for_model {
        return None;
    }
    Some(match specification.ifc_versions.as_slice() {
        [] => "written for no version of IFC".to_owned(),
        versions => format!("written for {}", versions.join(", ")),
    })
}

/// What the audit says of a document, where it has errors.
pub(super) fn errors(document: &Document<'_>) -> Option<String> {
    let file = match document.file.is_empty() {
        true => "FILE",
        false => &document.file,
    };
    (document.errors > 0).then(|| {
        format!(
            "{} in this document: results may mean little; `plancheck ids audit {file}` lists {}",
            counted(document.errors, "error"),
            if document.errors == 1 { "it" } else { "them" }
        )
    })
}

/// A model in the table of several.
pub struct Row {
    /// Its path, as it was given.
    pub name: String,
    /// How it came out; or why it could not be read.
    pub outcome: Result<Totals, String>,
}

/// Columns of the table of several models.
pub(super) const COLUMNS: [&str; 4] = ["failed", "passed", "apply to nothing", "not checked"];

/// The counts of a model, in the order of [`COLUMNS`].
pub(super) fn cells(totals: &Totals) -> [u64; 4] {
    let [failed, errors, passed, nothing] = counts(totals).map(|(count, ..)| count);
    [failed, passed, nothing, errors]
}
