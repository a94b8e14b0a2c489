//! Checks and audits of buildingSMART IDS documents: a model, the engine, the documents.
//!
//! The engine does all of it, in its sandbox; here its answers and errors are told apart.

use crate::check::{CheckEngine, CheckError, ModelSource, ModelSummary, Problem, load, stopped};
use crate::runtime::EngineError;

/// Documents of one check, and how much of the result is wanted.
#[derive(Clone, Copy)]
pub struct IdsRequest<'a> {
    /// Name of the model's file, for the report.
    pub model: &'a str,
    /// The documents as given.
    pub documents: &'a [Vec<u8>],
    /// Names of their files, for the report and for errors.
    pub names: &'a [String],
    /// At most so many failing elements of each requirement; none: all.
    pub most: Option<usize>,
}

/// The report as the engine gave it, and what it says of the model.
#[derive(Clone, Debug)]
pub struct Checked {
    /// JSON, the same bytes on every machine.
    pub report: String,
    /// What was checked.
    pub model: ModelSummary,
}

/// Checks a model. `loaded` is told when it was read.
///
/// # Errors
/// See [`CheckError`]; [`CheckError::BadInput`] is the model or one of the documents.
pub fn check(
    engine: &CheckEngine,
    model: ModelSource<'_>,
    request: IdsRequest<'_>,
    loaded: &mut dyn FnMut(&ModelSummary),
) -> Result<Checked, CheckError> {
    let options = serde_json::json!({
        "model": request.model,
        "names": request.names,
        "most": request.most,
    });
    match engine {
        CheckEngine::Component(engine) => {
            let mut session = engine.session().map_err(stopped)?;
            let model = load(&mut session, model, "")?;
            loaded(&model);
            let report = session
                .ids_check(request.documents, &options.to_string())
                .map_err(answered)?;
            Ok(Checked { report, model })
        }
        #[cfg(feature = "native-engine")]
        CheckEngine::Native => native(model, request, options, loaded),
    }
}

/// What is wrong with a document, as JSON; needs no model.
///
/// # Errors
/// See [`CheckError`]; whatever is wrong with the document is in the answer.
pub fn audit(engine: &CheckEngine, document: &[u8]) -> Result<String, CheckError> {
    match engine {
        CheckEngine::Component(engine) => {
            let mut session = engine.session().map_err(stopped)?;
            session.ids_audit(document).map_err(stopped)
        }
        #[cfg(feature = "native-engine")]
        CheckEngine::Native => {
            serde_json::to_string(&plancheck_engine::ids::audit_document(document))
                .map_err(|e| CheckError::Mismatch(e.to_string()))
        }
    }
}

/// A refusal is about the input, unless it is about how this host asked.
fn answered(error: EngineError) -> CheckError {
    let EngineError::Refused(json) = error else {
        return stopped(error);
    };
    match serde_json::from_str::<Problem>(&json) {
        Ok(problem) if problem.code != "bad-options" && problem.code != "no-model" => {
            CheckError::BadInput(problem)
        }
        _ => CheckError::Mismatch(json),
    }
}

#[cfg(feature = "native-engine")]
fn native(
    model: ModelSource<'_>,
    request: IdsRequest<'_>,
    options: serde_json::Value,
    loaded: &mut dyn FnMut(&ModelSummary),
) -> Result<Checked, CheckError> {
    let bad = |code: &str, message: String| {
        CheckError::BadInput(Problem {
            code: code.to_owned(),
            message,
        })
    };
    let options =
        serde_json::from_value(options).map_err(|e| CheckError::Mismatch(e.to_string()))?;
    let read = plancheck_engine::model::Model::load(model.read()?)
        .map_err(|e| bad(e.code(), e.to_string()))?;
    let model = read.summary();
    loaded(&model);
    let report =
        plancheck_engine::ids::check_documents(&read, request.documents.to_vec(), &options)
            .map_err(|e| bad(e.code(), e.to_string()))?;
    let report = report
        .to_json()
        .map_err(|e| CheckError::Mismatch(e.to_string()))?;
    Ok(Checked { report, model })
}
