//! One check: a model, the engine, the modules, and the questions that go between them.
//!
//! The engine asks, a module answers, until no question is left; then there is a report. A module
//! that could not be loaded takes its place in the ruleset with the reason, and one that fails
//! while it is asked makes its rules undetermined: neither stops the check.

mod source;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use plancheck_contract::{Batch, Kind};
pub use plancheck_engine::model::ModelSummary;
use plancheck_engine::model::{Location, NO_MEMORY};
use serde::{Deserialize, Serialize};
pub use source::ModelSource;

use crate::catalogue::{Catalogue, CatalogueError, Selection, Wanted};
use crate::runtime::{
    Answer, EngineComponent, EngineError, EngineSession, Module, ModuleError, Question,
};
use crate::telemetry::module_answered;

/// A module as a ruleset gets it: loaded, or why not.
#[derive(Clone)]
pub struct LoadedModule {
    /// Its id, or the name of its file where the id is not known.
    pub name: String,
    /// The module, or why it is not there.
    pub module: Result<Arc<Module>, Problem>,
    /// Its rules in preview run, too.
    pub preview: bool,
}

/// What went wrong with a module or a model, stable code first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// For machines.
    pub code: String,
    /// For people.
    pub message: String,
}

impl From<&ModuleError> for Problem {
    fn from(error: &ModuleError) -> Problem {
        Problem {
            code: error.code().to_owned(),
            message: error.to_string(),
        }
    }
}

/// What is to be checked.
pub struct CheckRequest<'a> {
    /// As given.
    pub model: ModelSource<'a>,
    /// Which modules, and in which order.
    pub ruleset: RulesetOf<'a>,
    /// Report rows that pass too, with what was measured.
    pub detail: bool,
    /// Give up after this time. Looked at between questions; one question is bounded by the
    /// runtime's own limits.
    pub until: Option<Instant>,
}

/// How the modules of a check are found.
#[derive(Clone, Copy)]
pub enum RulesetOf<'a> {
    /// These.
    Modules(&'a [LoadedModule]),
    /// Chosen out of those that there are: where the model decides, once it is read.
    Wanted {
        /// The modules that there are.
        catalogue: &'a Catalogue,
        /// What decides.
        wanted: &'a Wanted,
        /// The date of the permit.
        date: Option<&'a str>,
    },
}

/// Where a check runs.
#[derive(Clone)]
pub enum CheckEngine {
    /// In its sandbox.
    Component(EngineComponent),
    /// Linked into this program, without a sandbox: for tests and benches.
    #[cfg(feature = "native-engine")]
    Native,
}

/// How far a check has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// The model was read.
    Loaded(ModelSummary),
    /// Questions were answered.
    Asked {
        /// So many.
        calls: u64,
        /// Rules that were judged, of `rules`. A rule may be asked twice, when its batch failed.
        judged: u64,
        /// Rules of all modules.
        rules: u64,
    },
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The bytes are no model; the code is the engine's.
    #[error("{}", .0.message)]
    BadInput(Problem),
    /// They cannot be read.
    #[error("{0}")]
    Unreadable(std::io::Error),
    /// Checking the model needs more memory than the engine may have.
    #[error("the model is too large: checking it needs more than {} MiB of memory", .limit >> 20)]
    TooLarge {
        /// Bytes that the engine may have.
        limit: u64,
    },
    /// What the engine says of the model is more than the host takes.
    #[error("the model is too large: its report needs more than {} MiB", .limit >> 20)]
    ReportTooLarge {
        /// Bytes of one answer of the engine.
        limit: u64,
    },
    /// The engine was stopped: a fault of ours.
    #[error(transparent)]
    Engine(EngineError),
    /// No module can be used for it.
    #[error(transparent)]
    NoRuleset(CatalogueError),
    /// The time was over.
    #[error("the check was stopped: its time is over")]
    TimeOver,
    /// The caller does not want it any more.
    #[error("the check was given up")]
    Cancelled,
    /// Engine and host do not understand each other: they are not of one build.
    #[error("the engine refuses what this host says: {0}")]
    Mismatch(String),
}

/// Checks a model. The report is returned as the engine gave it: JSON, the same bytes on every
/// machine.
///
/// `progress` may stop the check by returning `Break`.
///
/// # Errors
/// See [`CheckError`]. A module that fails is no error; the report says so.
pub fn check(
    engine: &CheckEngine,
    request: CheckRequest<'_>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<String, CheckError> {
    let _span = tracing::info_span!("check").entered();
    let mut session = start(engine)?;
    begin(&mut session, request, progress)?;
    session.report()
}

/// What a model says of its place: the engine only reads it.
///
/// # Errors
/// See [`CheckError`].
pub fn location(
    engine: &CheckEngine,
    model: ModelSource<'_>,
) -> Result<Option<Location>, CheckError> {
    let mut session = start(engine)?;
    Ok(session.load(model, false)?.location)
}

/// A check that goes on: edits of its model are checked again.
pub struct LiveCheck {
    session: Session,
    modules: Vec<LoadedModule>,
}

impl LiveCheck {
    /// Reads a model and checks it, as [`check`] does.
    ///
    /// # Errors
    /// See [`check`].
    pub fn open(
        engine: &CheckEngine,
        request: CheckRequest<'_>,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<LiveCheck, CheckError> {
        let mut session = start(engine)?;
        let modules = begin(&mut session, request, progress)?;
        // What is found now is what deltas count from.
        session.report()?;
        Ok(LiveCheck { session, modules })
    }

    /// Applies edits, a JSON array, and checks what depends on them. Answers what changed, as JSON,
    /// and why an edit was refused, as JSON; those before it are applied.
    ///
    /// # Errors
    /// See [`check`]. After one the check is over.
    pub fn edit(
        &mut self,
        edits: &str,
        until: Instant,
    ) -> Result<(String, Option<String>), CheckError> {
        let refused = self.session.edit(edits)?.err();
        settle(&mut self.session, &self.modules, Some(until), &mut |_| {
            ControlFlow::Continue(())
        })?;
        Ok((self.session.delta()?, refused))
    }

    /// The report as it is now.
    ///
    /// # Errors
    /// See [`check`].
    pub fn report(&mut self) -> Result<String, CheckError> {
        self.session.report()
    }
}

/// Loads the model, sets the ruleset, answers all questions; the modules that are used.
fn begin(
    session: &mut Session,
    request: CheckRequest<'_>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<LoadedModule>, CheckError> {
    in_time(request.until)?;
    // What does not depend on the model is said before it is read.
    let early = match request.ruleset {
        RulesetOf::Wanted {
            wanted: Wanted::Model,
            ..
        } => None,
        other => Some(other.choose(None)?),
    };
    let loaded = session.load(request.model, request.detail)?;
    let chosen = match early {
        Some(chosen) => chosen,
        None => request.ruleset.choose(loaded.location.as_ref())?,
    };
    if progress(Progress::Loaded(loaded)).is_break() {
        return Err(CheckError::Cancelled);
    }
    session.use_modules(&chosen)?;
    settle(session, &chosen.modules, request.until, progress)?;
    Ok(chosen.modules)
}

impl RulesetOf<'_> {
    /// The modules, for a model that says this of its place.
    fn choose(self, location: Option<&Location>) -> Result<Selection, CheckError> {
        match self {
            RulesetOf::Modules(modules) => Ok(Selection {
                modules: modules.to_vec(),
                place: None,
            }),
            RulesetOf::Wanted {
                catalogue,
                wanted,
                date,
            } => catalogue
                .choose(wanted, date, location)
                .map_err(CheckError::NoRuleset),
        }
    }
}

fn in_time(until: Option<Instant>) -> Result<(), CheckError> {
    match until {
        Some(until) if Instant::now() >= until => Err(CheckError::TimeOver),
        _ => Ok(()),
    }
}

/// Answers questions until none is left.
fn settle(
    session: &mut Session,
    modules: &[LoadedModule],
    until: Option<Instant>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(), CheckError> {
    let rules = modules.iter().map(rule_count).sum();
    let (mut calls, mut judged) = (0, 0);
    loop {
        in_time(until)?;
        let Some(call) = session.next_call()? else {
            return Ok(());
        };
        if let Question::Evaluate(asked) = &call.question {
            judged += asked.len() as u64;
        }
        let answer = answer(modules, call.module, &call.question, &call.rows);
        session.reply(call.id, answer)?;
        calls += 1;
        let asked = Progress::Asked {
            calls,
            judged: judged.min(rules),
            rules,
        };
        if progress(asked).is_break() {
            return Err(CheckError::Cancelled);
        }
    }
}

/// Feeds a model to the engine and has it read.
pub(crate) fn load(
    session: &mut EngineSession,
    model: ModelSource<'_>,
    options: &str,
) -> Result<ModelSummary, CheckError> {
    let limit = session.memory_limit();
    let refused = |error| match error {
        EngineError::Refused(json) => match serde_json::from_str::<Problem>(&json) {
            Ok(problem) if problem.code == NO_MEMORY => CheckError::TooLarge { limit },
            Ok(problem) if problem.code != "bad-options" => CheckError::BadInput(problem),
            _ => CheckError::Mismatch(json),
        },
        other => stopped(other),
    };
    model.feed(&mut |part, expected| session.feed(part, expected).map_err(refused))?;
    let summary = session.load(options).map_err(refused)?;
    serde_json::from_str(&summary).map_err(|e| CheckError::Mismatch(e.to_string()))
}

fn rule_count(module: &LoadedModule) -> u64 {
    /// Counts without keeping; the engine reads the manifest properly.
    #[derive(Deserialize)]
    struct Rules {
        rules: Vec<serde::de::IgnoredAny>,
    }
    let Ok(module) = &module.module else { return 0 };
    serde_json::from_str(&module.manifest_json).map_or(0, |Rules { rules }| rules.len() as u64)
}

/// Asks a module. A failure is an answer too.
fn answer(modules: &[LoadedModule], index: usize, question: &Question, rows: &Batch) -> Answer {
    let name = modules.get(index).map_or("", |loaded| loaded.name.as_str());
    let module = match modules.get(index).map(|loaded| &loaded.module) {
        Some(Ok(module)) => module,
        Some(Err(problem)) => return failure(problem),
        None => {
            return failure(&Problem {
                code: "no-such-module".to_owned(),
                message: format!("the ruleset has no module {index}"),
            });
        }
    };
    let digest = blake3::Hash::from_bytes(module.digest).to_hex();
    let _span = tracing::info_span!("module", name, digest = digest.as_str()).entered();
    let answer = match question {
        Question::Derive(facts) => module.derive(facts, rows).map(Answer::Columns),
        Question::Evaluate(rules) => module.evaluate(rules, rows).map(Answer::Verdicts),
    };
    module_answered(name, outcome(&answer));
    answer.unwrap_or_else(|error| {
        tracing::warn!(index, code = error.code(), %error, "a module gave no answer");
        failure(&Problem::from(&error))
    })
}

/// As it is counted.
fn outcome(answer: &Result<Answer, ModuleError>) -> &'static str {
    let fail = Kind::Fail as u8;
    match answer {
        Ok(Answer::Verdicts(verdicts)) if verdicts.kind.contains(&fail) => "fail",
        Ok(_) => "pass",
        Err(ModuleError::Deadline { .. }) => "timeout",
        Err(ModuleError::OutOfMemory { .. }) => "oom",
        Err(_) => "error",
    }
}

fn failure(problem: &Problem) -> Answer {
    let Problem { code, message } = problem;
    Answer::Failure(serde_json::json!({ "code": code, "message": message }).to_string())
}

/// A question, wherever the engine runs.
struct Call {
    id: u32,
    module: usize,
    question: Question,
    rows: Batch,
}

/// The engine's session, wherever it runs.
enum Session {
    Component(Box<EngineSession>),
    #[cfg(feature = "native-engine")]
    Native(Option<Box<plancheck_engine::rules::Session>>),
}

fn start(engine: &CheckEngine) -> Result<Session, CheckError> {
    match engine {
        CheckEngine::Component(engine) => Ok(Session::Component(Box::new(
            engine.session().map_err(stopped)?,
        ))),
        #[cfg(feature = "native-engine")]
        CheckEngine::Native => Ok(Session::Native(None)),
    }
}

/// A ruleset, in the form that the engine reads.
fn slots(chosen: &Selection) -> String {
    let slots = chosen.modules.iter().map(|loaded| match &loaded.module {
        Ok(module) => {
            let ready = serde_json::json!({ "ready": {
                "manifest": module.manifest_json,
                "digest": blake3::Hash::from_bytes(module.digest).to_hex().as_str(),
            }});
            match loaded.preview {
                true => serde_json::json!({ "preview": ready }),
                false => ready,
            }
        }
        Err(problem) => serde_json::json!({ "unavailable": {
            "id": loaded.name,
            "problem": problem,
        }}),
    });
    let slots = serde_json::Value::Array(slots.collect());
    serde_json::json!({ "modules": slots, "place": chosen.place }).to_string()
}

/// After `load`, a refusal means that engine and host differ.
pub(crate) fn stopped(error: EngineError) -> CheckError {
    match error {
        EngineError::Refused(json) => CheckError::Mismatch(json),
        EngineError::Stopped(ModuleError::OutOfMemory { limit }) => CheckError::TooLarge { limit },
        EngineError::Stopped(ModuleError::AnswerTooLarge { limit }) => {
            CheckError::ReportTooLarge { limit }
        }
        other => CheckError::Engine(other),
    }
}

impl Session {
    fn load(&mut self, model: ModelSource<'_>, detail: bool) -> Result<ModelSummary, CheckError> {
        match self {
            Session::Component(session) => {
                let options = serde_json::json!({ "detail": detail }).to_string();
                load(session, model, &options)
            }
            #[cfg(feature = "native-engine")]
            Session::Native(place) => {
                let mut session =
                    plancheck_engine::rules::Session::load(model.read()?).map_err(|e| {
                        CheckError::BadInput(Problem {
                            code: e.code().to_owned(),
                            message: e.to_string(),
                        })
                    })?;
                session.set_detail(detail);
                let summary = session.model().summary();
                *place = Some(Box::new(session));
                Ok(summary)
            }
        }
    }

    fn use_modules(&mut self, chosen: &Selection) -> Result<(), CheckError> {
        match self {
            Session::Component(session) => session.use_modules(&slots(chosen)).map_err(stopped),
            #[cfg(feature = "native-engine")]
            Session::Native(place) => {
                let chosen = plancheck_engine::rules::chosen::Modules::from_json(&slots(chosen))
                    .map_err(|e| CheckError::Mismatch(e.to_string()))?;
                let session = native(place)?;
                session.use_modules(chosen.modules);
                session.set_place(chosen.place);
                Ok(())
            }
        }
    }

    fn next_call(&mut self) -> Result<Option<Call>, CheckError> {
        match self {
            Session::Component(session) => {
                let call = session.next_call().map_err(stopped)?;
                Ok(call.map(|call| Call {
                    id: call.id,
                    module: call.module as usize,
                    question: call.question,
                    rows: call.rows,
                }))
            }
            #[cfg(feature = "native-engine")]
            Session::Native(place) => Ok(native(place)?.next_call().map(|call| Call {
                id: call.id,
                module: call.module,
                question: match call.question {
                    plancheck_engine::rules::Question::Derive(facts) => Question::Derive(facts),
                    plancheck_engine::rules::Question::Evaluate(rules) => Question::Evaluate(rules),
                },
                rows: call.batch,
            })),
        }
    }

    fn reply(&mut self, id: u32, answer: Answer) -> Result<(), CheckError> {
        match self {
            Session::Component(session) => session.reply(id, answer).map_err(stopped),
            #[cfg(feature = "native-engine")]
            Session::Native(place) => {
                use plancheck_engine::rules::Answer as Native;
                let answer = match answer {
                    Answer::Columns(columns) => Native::Columns(columns),
                    Answer::Verdicts(verdicts) => Native::Verdicts(verdicts),
                    Answer::Failure(json) => Native::Failure(
                        serde_json::from_str(&json)
                            .map_err(|e| CheckError::Mismatch(e.to_string()))?,
                    ),
                };
                native(place)?
                    .reply(id, answer)
                    .map_err(|e| CheckError::Mismatch(e.to_string()))
            }
        }
    }

    /// Applies edits; the inner error is the engine's own refusal, JSON.
    fn edit(&mut self, edits: &str) -> Result<Result<(), String>, CheckError> {
        match self {
            Session::Component(session) => match session.edit(edits) {
                Ok(_) => Ok(Ok(())),
                Err(EngineError::Refused(why)) => Ok(Err(why)),
                Err(other) => Err(stopped(other)),
            },
            #[cfg(feature = "native-engine")]
            Session::Native(place) => {
                let edits: Vec<plancheck_engine::rules::Edit> = match serde_json::from_str(edits) {
                    Ok(edits) => edits,
                    Err(error) => return Ok(Err(refusal(&error))),
                };
                Ok(native(place)?
                    .edit(edits)
                    .map(|_| ())
                    .map_err(|error| refusal(&error)))
            }
        }
    }

    fn delta(&mut self) -> Result<String, CheckError> {
        match self {
            Session::Component(session) => session.delta().map_err(stopped),
            #[cfg(feature = "native-engine")]
            Session::Native(place) => {
                let delta = native(place)?.delta();
                delta
                    .map(|delta| delta.to_json())
                    .map_err(|e| CheckError::Mismatch(e.to_string()))
            }
        }
    }

    fn report(&mut self) -> Result<String, CheckError> {
        match self {
            Session::Component(session) => session.report().map_err(stopped),
            #[cfg(feature = "native-engine")]
            Session::Native(place) => {
                let report = native(place)?.report();
                report
                    .map(|r| r.to_json())
                    .map_err(|e| CheckError::Mismatch(e.to_string()))
            }
        }
    }
}

#[cfg(feature = "native-engine")]
fn refusal(error: &dyn std::fmt::Display) -> String {
    serde_json::json!({ "code": "bad-edit", "message": error.to_string() }).to_string()
}

#[cfg(feature = "native-engine")]
fn native(
    place: &mut Option<Box<plancheck_engine::rules::Session>>,
) -> Result<&mut plancheck_engine::rules::Session, CheckError> {
    place
        .as_deref_mut()
        .ok_or_else(|| CheckError::Mismatch("load a model first".to_owned()))
}
