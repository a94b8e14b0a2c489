//! What came out of a check: for each specification and each requirement, with reasons in words.
//! `result` makes it.

use plancheck_contract::{Comparison, Kind};
use serde::Serialize;

use super::document::{Cardinality, Document};
use crate::report::Finding;
use crate::report::finding::ElementRef;

/// The format of the report's JSON.
pub const FORMAT: &str = "plancheck-ids-report/1";

/// The results of documents over a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: &'static str,
    /// Version of the engine.
    pub engine: &'static str,
    /// Name of the model's file, where it is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Version of IFC that the model is in: `IFC4`.
    pub schema: &'static str,
    /// Fail when one of the specifications fails or could not be checked.
    pub status: Status,
    /// How many specifications came out how.
    pub totals: Totals,
    /// In the order given.
    pub documents: Vec<DocumentResult>,
}

/// How something came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// The specification could not be checked; the reason is with it.
    Error,
}

/// Specifications by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All.
    pub specifications: u64,
    /// [`Status::Pass`]
    pub passed: u64,
    /// Of those that passed, the ones that nothing of the model was held against: they apply to
    /// nothing, and do not ask for that.
    pub not_applicable: u64,
    /// [`Status::Fail`]
    pub failed: u64,
    /// [`Status::Error`]
    pub errors: u64,
}

/// The results of one document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentResult {
    /// Name of its file, where it is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Its title.
    pub title: String,
    /// What else it says of itself.
    #[serde(skip_serializing_if = "Info::is_empty")]
    pub info: Info,
    /// Errors that an audit finds in it: with any, results may mean little.
    pub errors: u64,
    /// Warnings of the audit.
    pub warnings: u64,
    /// In the order of the file.
    pub specifications: Vec<SpecificationResult>,
}

/// What a document says of itself; empty where it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Info {
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its version.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// An e-mail address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// `2024-01-31`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
    /// Of the information: `Coordination`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// When it is due.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub milestone: String,
    /// Whose it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub copyright: String,
}

impl Info {
    fn is_empty(&self) -> bool {
        *self == Info::default()
    }

    /// Of a document.
    pub(super) fn of(document: &Document) -> Info {
        let entry = |name: &str| {
            let found = document.info.iter().find(|(own, _)| own == name);
            found.map_or(String::new(), |(_, text)| text.clone())
        };
        Info {
            description: entry("description"),
            version: entry("version"),
            author: entry("author"),
            date: entry("date"),
            purpose: entry("purpose"),
            milestone: entry("milestone"),
            copyright: entry("copyright"),
        }
    }
}

/// The result of one specification.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpecificationResult {
    /// Its name.
    pub name: String,
    /// Its identifier, when it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub identifier: String,
    /// Its description, when it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its instructions, when it has some.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instructions: String,
    /// Versions of IFC that it is meant for.
    pub ifc_versions: Vec<&'static str>,
    /// The model is in one of them. It is checked either way.
    pub meant_for_model: bool,
    /// Whether something has to be there that it applies to.
    pub cardinality: Cardinality,
    /// What it applies to, in words.
    pub applies_to: String,
    /// How it came out.
    pub status: Status,
    /// Why, where the requirements do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Elements that it applies to.
    pub applicable: u64,
    /// Elements that meet every requirement.
    pub passed: u64,
    /// Elements that do not.
    pub failed: u64,
    /// In the order of the file.
    pub requirements: Vec<RequirementResult>,
    /// Elements that a prohibited specification applies to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prohibited: Vec<Failing>,
}

/// The result of one requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequirementResult {
    /// `property`
    pub facet: &'static str,
    /// What is asked, in words.
    pub asks: String,
    /// Whether it has to be, may be or may not be.
    pub cardinality: Cardinality,
    /// How to achieve it, when the document says so.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instructions: String,
    /// How it came out.
    pub status: Status,
    /// Elements that meet it.
    pub passed: u64,
    /// Elements that do not.
    pub failed: u64,
    /// Those, in the order of the file.
    pub failing: Vec<Failing>,
    /// Failing elements that [`Report::shorten`] left out of `failing`.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An element that fails.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failing {
    /// Stable across model versions: made of document, specification, requirement and element.
    pub id: String,
    /// The element; records that are no element (materials, tasks' times) have an empty GlobalId.
    pub element: ElementRef,
    /// What was expected and what was found, where.
    pub reason: String,
}

impl Report {
    /// Keeps at most `most` failing elements of each requirement, for display; the counts stay.
    pub fn shorten(&mut self, most: usize) {
        for specification in self
            .documents
            .iter_mut()
            .flat_map(|d| &mut d.specifications)
        {
            specification.prohibited.truncate(most);
            for requirement in &mut specification.requirements {
                let more = requirement.failing.len().saturating_sub(most);
                requirement.left_out += more as u64;
                requirement.failing.truncate(most);
            }
        }
    }

    /// Every failing element as a finding, as rules have them: the message is the reason, nothing
    /// is measured.
    pub fn findings(&self) -> impl Iterator<Item = Finding> + '_ {
        let specifications = self.documents.iter().flat_map(|d| &d.specifications);
        let failing = specifications.flat_map(|specification| {
            let asked = specification.requirements.iter().flat_map(|r| &r.failing);
            specification.prohibited.iter().chain(asked)
        });
        failing.map(|failing| Finding {
            id: failing.id.clone(),
            verdict: Kind::Fail,
            element: failing.element.clone(),
            measured: None,
            required: None,
            comparison: Comparison::None,
            margin: None,
            message: failing.reason.clone(),
            facts: Vec::new(),
        })
    }

    /// As JSON, on one line.
    ///
    /// # Errors
    /// None in practice: there are no maps with other keys than texts.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

impl SpecificationResult {
    /// Whether it passes because there is nothing that it applies to, and does not ask for that.
    #[must_use]
    pub fn applies_to_nothing(&self) -> bool {
        self.status == Status::Pass
            && self.applicable == 0
            && self.cardinality != Cardinality::Prohibited
    }
}
