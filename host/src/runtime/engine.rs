//! The engine as a component: one store for one session.

use std::sync::Arc;

use plancheck_contract::{Batch, Columns, Verdicts};
use wasmtime::Store;

use super::error::{EngineError, ModuleError, shown};
use super::guard::{Allowance, Guard, rewind, stopped, store};
use super::inspect::{World, inspect};
use super::{Shared, Trust};

#[allow(
    missing_docs,
    reason = "generated from the WIT, where everything is documented"
)]
mod bindings {
    wasmtime::component::bindgen!({
        path: ["../engine-wasm/wit/module", "../engine-wasm/wit/engine"],
        world: "plancheck:engine/engine",
    });
}

/// The records of the contract as wasmtime knows them.
pub(super) use bindings::plancheck::module::types as wire;

use bindings::exports::plancheck::engine::session as face;

/// The engine, compiled.
#[derive(Clone)]
pub struct EngineComponent {
    shared: Arc<Shared>,
    pre: bindings::EnginePre<Guard>,
}

/// A loaded model, its ruleset, and what makes checking an edit cheap.
///
/// Methods return [`EngineError::Refused`] when the engine itself says no; the session stays
/// usable. After any other error it is over and every call returns [`EngineError::Poisoned`].
pub struct EngineSession {
    shared: Arc<Shared>,
    store: Store<Guard>,
    engine: bindings::Engine,
    over: Option<ModuleError>,
}

/// A question of the engine to a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Names this call in [`EngineSession::reply`].
    pub id: u32,
    /// Position of the module in what was given to [`EngineSession::use_modules`].
    pub module: u32,
    /// What it is asked.
    pub question: Question,
    /// About which rows.
    pub rows: Batch,
}

/// What a module is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Derived facts, by index in the manifest.
    Derive(Vec<u32>),
    /// Rules, by index in the manifest.
    Evaluate(Vec<u32>),
}

/// The answer to a [`Call`].
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// To [`Question::Derive`].
    Columns(Columns),
    /// To [`Question::Evaluate`].
    Verdicts(Verdicts),
    /// Why there is none, as JSON.
    Failure(String),
}

impl EngineComponent {
    pub(super) fn load(shared: &Arc<Shared>, bytes: &[u8]) -> Result<EngineComponent, ModuleError> {
        let interface = inspect(bytes, World::Engine, shared.limits.engine_memory, None)?;
        let (_, pre) = shared.prepare(&shared.engines, bytes, Trust::Trusted)?;
        let pre = bindings::EnginePre::new(pre).map_err(|error| {
            let (interface, error) = (shown(&interface), shown(&error.to_string()));
            World::Engine.wrong(format!("{interface} of other types: {error}"))
        })?;
        Ok(EngineComponent {
            shared: Arc::clone(shared),
            pre,
        })
    }

    /// A new, empty session.
    ///
    /// # Errors
    ///
    /// [`EngineError::Stopped`] when there is no memory for it.
    pub fn session(&self) -> Result<EngineSession, EngineError> {
        let mut store = store(self.pre.engine(), allowance(&self.shared));
        let engine = self.pre.instantiate(&mut store).map_err(|error| {
            EngineError::Stopped(match stopped(&store, &error) {
                ModuleError::BadAnswer(reason) => ModuleError::Host(reason),
                other => other,
            })
        })?;
        Ok(EngineSession {
            shared: Arc::clone(&self.shared),
            store,
            engine,
            over: None,
        })
    }
}

fn allowance(shared: &Shared) -> Allowance {
    Allowance {
        memory: shared.limits.engine_memory,
        ..shared.allowance(
            shared.limits.engine_deadline,
            shared.limits.engine_hostcall_fuel,
        )
    }
}

impl EngineSession {
    /// Takes the next part of a model's bytes; `expected` is how many all will be, 0 when nobody
    /// knows.
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn feed(&mut self, part: &[u8], expected: u64) -> Result<(), EngineError> {
        self.call(|face, store| face.call_feed(store, part, expected))?
            .map_err(refused)
    }

    /// Reads the model that was fed; `options` as JSON. Returns a summary as JSON.
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn load(&mut self, options: &str) -> Result<String, EngineError> {
        self.call(|face, store| face.call_load(store, options))?
            .map_err(refused)
    }

    /// Sets the ruleset: a JSON array of modules (manifest, digest, or why it could not be loaded).
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn use_modules(&mut self, modules: &str) -> Result<(), EngineError> {
        self.call(|face, store| face.call_use_modules(store, modules))?
            .map_err(refused)
    }

    /// Applies edits, a JSON array. Returns what changed, as JSON.
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn edit(&mut self, edits: &str) -> Result<String, EngineError> {
        self.call(|face, store| face.call_edit(store, edits))?
            .map_err(refused)
    }

    /// The next question to a module; none: the check is complete.
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn next_call(&mut self) -> Result<Option<Call>, EngineError> {
        let call = self.call(|face, store| face.call_next_call(store))?;
        Ok(call.map(|call| Call {
            id: call.id,
            module: call.module,
            question: match call.question {
                face::Question::Derive(facts) => Question::Derive(facts),
                face::Question::Evaluate(rules) => Question::Evaluate(rules),
            },
            rows: call.rows.into(),
        }))
    }

    /// The answer to a call.
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn reply(&mut self, id: u32, answer: Answer) -> Result<(), EngineError> {
        let answer = match answer {
            Answer::Columns(columns) => face::Answer::Columns(columns.into()),
            Answer::Verdicts(verdicts) => face::Answer::Verdicts(verdicts.into()),
            Answer::Failure(json) => face::Answer::Failure(json),
        };
        self.call(|face, store| face.call_reply(store, id, &answer))?
            .map_err(refused)
    }

    /// The report as JSON. Needs a complete check.
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn report(&mut self) -> Result<String, EngineError> {
        self.call(|face, store| face.call_report(store))?
            .map_err(refused)
    }

    /// The findings added, resolved and changed since the last report or delta, as JSON.
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn delta(&mut self) -> Result<String, EngineError> {
        self.call(|face, store| face.call_delta(store))?
            .map_err(refused)
    }

    /// Checks the loaded model against IDS documents; `options` as JSON. Returns a report as JSON.
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn ids_check(
        &mut self,
        documents: &[Vec<u8>],
        options: &str,
    ) -> Result<String, EngineError> {
        self.call(|face, store| face.call_ids_check(store, documents, options))?
            .map_err(refused)
    }

    /// What is wrong with an IDS document, as JSON. Needs no model.
    ///
    /// # Errors
    ///
    /// See [`EngineSession`].
    pub fn ids_audit(&mut self, document: &[u8]) -> Result<String, EngineError> {
        self.call(|face, store| face.call_ids_audit(store, document))?
            .map_err(refused)
    }

    /// Bytes of memory that the engine may have.
    pub(crate) fn memory_limit(&self) -> u64 {
        self.shared.limits.engine_memory as u64
    }

    fn call<T>(
        &mut self,
        call: impl FnOnce(&face::Guest, &mut Store<Guard>) -> wasmtime::Result<T>,
    ) -> Result<T, EngineError> {
        if let Some(cause) = &self.over {
            return Err(EngineError::Poisoned(cause.clone()));
        }
        rewind(&mut self.store, allowance(&self.shared));
        call(self.engine.plancheck_engine_session(), &mut self.store).map_err(|error| {
            let cause = stopped(&self.store, &error);
            self.over = Some(cause.clone());
            EngineError::Stopped(cause)
        })
    }
}

fn refused(json: String) -> EngineError {
    EngineError::Refused(json)
}

/// The contract's types and wasmtime's, moved field by field; no list is copied.
macro_rules! both_ways {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl From<wire::$name> for $name {
            fn from(from: wire::$name) -> $name {
                let wire::$name { $($field),* } = from;
                $name { $($field),* }
            }
        }

        impl From<$name> for wire::$name {
            fn from(from: $name) -> wire::$name {
                let $name { $($field),* } = from;
                wire::$name { $($field),* }
            }
        }
    };
}

both_ways!(Batch {
    view,
    rows,
    layout,
    numbers,
    symbols,
    text,
    text_ends,
    parameters,
    detail,
});
both_ways!(Verdicts {
    rule,
    row,
    kind,
    comparison,
    unit,
    measured,
    tolerance,
    required,
    facts,
    message,
    arguments,
    argument_ends,
});
both_ways!(Columns {
    values,
    tolerances,
    facts,
    text,
    text_ends
});
