//! What a model has to say before the rules of a module can judge it: IDS documents that modules
//! carry, checked before the first rule is asked.

use serde::Serialize;

use super::ruleset::Ruleset;
use crate::ids::{Document, Plan, SpecificationResult, Status};
use crate::model::Model;

/// Failing elements that are listed of each requirement; the rest is counted. A model in which a
/// thousand elements lack the same property is told no more by the next ten thousand.
pub const LISTED: usize = 1_000;

/// How a model meets one document of a module.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Readiness {
    /// Id of the module.
    pub module: String,
    /// Name of the document's file.
    pub document: String,
    /// Its title, where it can be read.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// How it came out.
    pub status: ReadinessStatus,
    /// Why, where the specifications do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The model was edited since it was loaded. IDS is about files: edits are not seen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub before_edits: bool,
    /// As in a report of IDS; see docs/ids.md.
    pub specifications: Vec<SpecificationResult>,
}

/// How a document came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessStatus {
    /// The model says what is asked.
    Pass,
    /// It does not.
    Fail,
    /// The document, or one of its specifications, cannot be checked.
    Error,
    /// The model is not an IFC file.
    NotApplicable,
}

/// Whether a module of the ruleset asks for anything.
pub(super) fn asked(ruleset: &Ruleset) -> bool {
    let manifests = ruleset.modules.iter().filter_map(|m| m.manifest.as_ref());
    manifests.into_iter().any(|m| !m.readiness.is_empty())
}

/// Checks the documents of all modules that are there, in their order.
pub(super) fn check(model: &Model, ruleset: &Ruleset) -> Vec<Readiness> {
    let mut results = Vec::new();
    let mut readable = Vec::new();
    let mut documents = Vec::new();
    for module in &ruleset.modules {
        let asked = module.manifest.iter().flat_map(|m| &m.readiness);
        for asked in asked {
            let mut result = Readiness {
                module: module.id.clone(),
                document: asked.name.clone(),
                title: String::new(),
                status: ReadinessStatus::Pass,
                reason: None,
                before_edits: model.is_edited(),
                specifications: Vec::new(),
            };
            // A document that cannot be read costs only itself.
            match Document::parse(asked.document.as_bytes()) {
                Ok(document) => {
                    documents.push(document);
                    readable.push(results.len());
                }
                Err(error) => {
                    result.status = ReadinessStatus::Error;
                    result.reason = Some(error.to_string());
                }
            }
            results.push(result);
        }
    }
    let mut report = match Plan::new(&documents).check(model, &mut |_| true) {
        Ok(report) => report,
        Err(error) => {
            for result in &mut results {
                if result.status == ReadinessStatus::Pass {
                    result.status = ReadinessStatus::NotApplicable;
                    result.reason = Some(error.to_string());
                }
            }
            return results;
        }
    };
    report.shorten(LISTED);
    for (at, document) in readable.into_iter().zip(report.documents) {
        if let Some(result) = results.get_mut(at) {
            result.title = document.title;
            result.status = status(&document.specifications);
            result.specifications = document.specifications;
        }
    }
    results
}

fn status(specifications: &[SpecificationResult]) -> ReadinessStatus {
    // What is written for other versions of IFC asks for what this one cannot say.
    let meant = || specifications.iter().filter(|s| s.meant_for_model);
    let any = |status| meant().any(|s| s.status == status);
    if any(Status::Error) {
        ReadinessStatus::Error
    } else if any(Status::Fail) {
        ReadinessStatus::Fail
    } else {
        ReadinessStatus::Pass
    }
}
