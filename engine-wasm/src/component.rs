//! The wasmtime face: the WIT world `engine` over one [`Session`].

#![allow(
    unsafe_code,
    missing_docs,
    clippy::all,
    reason = "generated bindings; what is written by hand here is safe and plain"
)]

use std::cell::RefCell;

use serde::Deserialize;

use crate::ids;
use crate::model::Fed;
use crate::rules::chosen::Modules;
use crate::rules::{Answer, Call, Edit, Problem, Question, Session};

wit_bindgen::generate!({
    path: ["wit/module", "wit/engine"],
    world: "plancheck:engine/engine",
    generate_all,
});

use exports::plancheck::engine::session as wit;

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
    static FED: RefCell<Fed> = const { RefCell::new(Fed::new()) };
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    detail: bool,
}

struct Component;

impl wit::Guest for Component {
    fn feed(part: Vec<u8>, expected: u64) -> Result<(), String> {
        FED.with(|fed| fed.borrow_mut().feed(&part, expected))
            .map_err(|e| problem(e.code(), &e.to_string()))
    }

    fn load(options: String) -> Result<String, String> {
        let bytes = FED.with(|fed| fed.borrow_mut().take());
        let options: Options = if options.is_empty() {
            Options::default()
        } else {
            serde_json::from_str(&options).map_err(|e| problem("bad-options", &e.to_string()))?
        };
        let mut session = Session::load(bytes).map_err(|e| problem(e.code(), &e.to_string()))?;
        session.set_detail(options.detail);
        let summary = serde_json::to_string(&session.model().summary())
            .map_err(|e| problem("unwritable", &e.to_string()))?;
        SESSION.with(|s| *s.borrow_mut() = Some(session));
        Ok(summary)
    }

    fn use_modules(modules: String) -> Result<(), String> {
        let chosen =
            Modules::from_json(&modules).map_err(|e| problem("bad-modules", &e.to_string()))?;
        with(|session| {
            session.use_modules(chosen.modules);
            session.set_place(chosen.place);
            Ok(())
        })
    }

    fn edit(edits: String) -> Result<String, String> {
        let edits: Vec<Edit> =
            serde_json::from_str(&edits).map_err(|e| problem("bad-edit", &e.to_string()))?;
        let count = edits.len();
        with(|session| {
            session
                .edit(edits)
                .map_err(|e| problem("bad-edit", &e.to_string()))?;
            Ok(serde_json::json!({ "applied": count }).to_string())
        })
    }

    fn next_call() -> Option<wit::Call> {
        with(|session| Ok(session.next_call().map(call_out)))
            .ok()
            .flatten()
    }

    fn reply(id: u32, answer: wit::Answer) -> Result<(), String> {
        let answer = answer_in(answer);
        with(|session| {
            session
                .reply(id, answer)
                .map_err(|e| problem("bad-reply", &e.to_string()))
        })
    }

    fn report() -> Result<String, String> {
        with(|session| {
            let report = session
                .report()
                .map_err(|e| problem("incomplete", &e.to_string()))?;
            Ok(report.to_json())
        })
    }

    fn delta() -> Result<String, String> {
        with(|session| {
            let delta = session
                .delta()
                .map_err(|e| problem("incomplete", &e.to_string()))?;
            Ok(delta.to_json().to_owned())
        })
    }

    fn ids_check(documents: Vec<Vec<u8>>, options: String) -> Result<String, String> {
        let options: ids::CheckOptions = if options.is_empty() {
            ids::CheckOptions::default()
        } else {
            serde_json::from_str(&options).map_err(|e| problem("bad-options", &e.to_string()))?
        };
        with(|session| {
            let report = ids::check_documents(session.model(), documents, &options)
                .map_err(|e| problem(e.code(), &e.to_string()))?;
            report
                .to_json()
                .map_err(|e| problem("unwritable", &e.to_string()))
        })
    }

    fn ids_audit(document: Vec<u8>) -> Result<String, String> {
        serde_json::to_string(&ids::audit_document(&document))
            .map_err(|e| problem("unwritable", &e.to_string()))
    }
}

fn problem(code: &str, message: &str) -> String {
    serde_json::json!({ "code": code, "message": message }).to_string()
}

fn with<T>(act: impl FnOnce(&mut Session) -> Result<T, String>) -> Result<T, String> {
    SESSION.with(|s| match s.borrow_mut().as_mut() {
        Some(session) => act(session),
        None => Err(problem("no-model", "load a model first")),
    })
}

fn call_out(call: Call) -> wit::Call {
    let b = call.batch;
    wit::Call {
        id: call.id,
        module: u32::try_from(call.module).unwrap_or(u32::MAX),
        question: match call.question {
            Question::Derive(facts) => wit::Question::Derive(facts),
            Question::Evaluate(rules) => wit::Question::Evaluate(rules),
        },
        rows: plancheck::module::types::Batch {
            view: b.view,
            rows: b.rows,
            layout: b.layout,
            numbers: b.numbers,
            symbols: b.symbols,
            text: b.text,
            text_ends: b.text_ends,
            parameters: b.parameters,
            detail: b.detail,
        },
    }
}

fn answer_in(answer: wit::Answer) -> Answer {
    match answer {
        wit::Answer::Columns(c) => Answer::Columns(plancheck_contract::Columns {
            values: c.values,
            tolerances: c.tolerances,
            facts: c.facts,
            text: c.text,
            text_ends: c.text_ends,
        }),
        wit::Answer::Verdicts(v) => Answer::Verdicts(plancheck_contract::Verdicts {
            rule: v.rule,
            row: v.row,
            kind: v.kind,
            comparison: v.comparison,
            unit: v.unit,
            measured: v.measured,
            tolerance: v.tolerance,
            required: v.required,
            facts: v.facts,
            message: v.message,
            arguments: v.arguments,
            argument_ends: v.argument_ends,
        }),
        wit::Answer::Failure(json) => {
            Answer::Failure(serde_json::from_str(&json).unwrap_or(Problem {
                code: "failure".to_owned(),
                message: json,
            }))
        }
    }
}

export!(Component);
