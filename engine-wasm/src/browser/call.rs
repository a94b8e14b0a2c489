//! Questions to modules and their answers, as typed arrays: each list is copied once.

use std::fmt::Display;
use std::mem::take;

use plancheck_contract::check::{BadAnswer, check_columns, check_facts, check_verdicts};
use plancheck_contract::{Columns, Verdicts};
use wasm_bindgen::prelude::*;

use super::{Engine, Thrown, thrown};
use crate::rules::{self, Answer, Problem, Question};

/// A question to a module. Each list is given away: a second look at it finds it empty.
#[wasm_bindgen]
pub struct Call(rules::Call);

impl From<rules::Call> for Call {
    fn from(call: rules::Call) -> Call {
        Call(call)
    }
}

/// What an answer is held against.
pub(super) struct Asked {
    id: u32,
    /// How many rules or derived facts.
    count: usize,
    rows: u32,
    /// How many facts the view has.
    facts: usize,
}

impl From<&rules::Call> for Asked {
    fn from(call: &rules::Call) -> Asked {
        let (Question::Derive(asked) | Question::Evaluate(asked)) = &call.question;
        Asked {
            id: call.id,
            count: asked.len(),
            rows: call.batch.rows,
            facts: call.batch.layout.len(),
        }
    }
}

#[wasm_bindgen]
impl Call {
    /// Names this call in the reply.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id
    }

    /// Position of the module among those in use.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn module(&self) -> u32 {
        u32::try_from(self.0.module).unwrap_or(u32::MAX)
    }

    /// What is asked.
    #[wasm_bindgen(getter, unchecked_return_type = "\"derive\" | \"evaluate\"")]
    #[must_use]
    pub fn kind(&self) -> String {
        match self.0.question {
            Question::Derive(_) => "derive".to_owned(),
            Question::Evaluate(_) => "evaluate".to_owned(),
        }
    }

    /// Positions of the derived facts or rules in the manifest.
    #[wasm_bindgen(getter)]
    pub fn asked(&mut self) -> Vec<u32> {
        match &mut self.0.question {
            Question::Derive(asked) | Question::Evaluate(asked) => take(asked),
        }
    }

    /// Position of the view in the manifest.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn view(&self) -> u32 {
        self.0.batch.view
    }

    /// How many rows there are.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.0.batch.rows
    }

    /// What each column is.
    #[wasm_bindgen(getter)]
    pub fn layout(&mut self) -> Vec<u8> {
        take(&mut self.0.batch.layout)
    }

    /// The columns of numbers and booleans.
    #[wasm_bindgen(getter)]
    pub fn numbers(&mut self) -> Vec<f64> {
        take(&mut self.0.batch.numbers)
    }

    /// The columns of texts.
    #[wasm_bindgen(getter)]
    pub fn symbols(&mut self) -> Vec<u32> {
        take(&mut self.0.batch.symbols)
    }

    /// The texts, one after the other, in UTF-8.
    #[wasm_bindgen(getter)]
    pub fn text(&mut self) -> Vec<u8> {
        take(&mut self.0.batch.text).into_bytes()
    }

    /// Where each text ends.
    #[wasm_bindgen(getter, js_name = textEnds)]
    pub fn text_ends(&mut self) -> Vec<u32> {
        take(&mut self.0.batch.text_ends)
    }

    /// The values of the module's parameters.
    #[wasm_bindgen(getter)]
    pub fn parameters(&mut self) -> Vec<f64> {
        take(&mut self.0.batch.parameters)
    }

    /// Whether rows that pass are wanted too.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn detail(&self) -> bool {
        self.0.batch.detail
    }
}

#[wasm_bindgen]
impl Engine {
    /// The answer to a question of kind `derive`: the lists of the record `columns`. One that breaks
    /// the contract counts as no answer; `{"code", "message"}` says why.
    #[wasm_bindgen(js_name = replyColumns)]
    pub fn reply_columns(
        &mut self,
        id: u32,
        values: Vec<f64>,
        tolerances: Vec<f64>,
        facts: Vec<u64>,
        text: Vec<u8>,
        #[wasm_bindgen(js_name = textEnds)] text_ends: Vec<u32>,
    ) -> Result<Option<String>, Thrown> {
        let Ok(text) = String::from_utf8(text) else {
            return self.refuse(id, &"a text is not UTF-8");
        };
        let columns = Columns {
            values,
            tolerances,
            facts,
            text,
            text_ends,
        };
        let held = self.held_against(id, |asked| {
            check_columns(&columns, asked.count, asked.rows, None)?;
            check_facts(&columns.facts, asked.facts)
        });
        match held {
            Err(bad) => self.refuse(id, &bad),
            Ok(()) => self.reply(id, Answer::Columns(columns)).map(|()| None),
        }
    }

    /// The answer to a question of kind `evaluate`: the lists of the record `verdicts`. As
    /// [`Engine::reply_columns`].
    #[wasm_bindgen(js_name = replyVerdicts)]
    #[allow(
        clippy::too_many_arguments,
        reason = "one for each list: a typed array crosses over whole"
    )]
    pub fn reply_verdicts(
        &mut self,
        id: u32,
        rule: Vec<u32>,
        row: Vec<u32>,
        kind: Vec<u8>,
        comparison: Vec<u8>,
        unit: Vec<u8>,
        measured: Vec<f64>,
        tolerance: Vec<f64>,
        required: Vec<f64>,
        facts: Vec<u64>,
        message: Vec<u32>,
        arguments: Vec<f64>,
        #[wasm_bindgen(js_name = argumentEnds)] argument_ends: Vec<u32>,
    ) -> Result<Option<String>, Thrown> {
        let verdicts = Verdicts {
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
        };
        let held = self.held_against(id, |asked| {
            check_verdicts(&verdicts, asked.count, asked.rows, None)?;
            check_facts(&verdicts.facts, asked.facts)
        });
        match held {
            Err(bad) => self.refuse(id, &bad),
            Ok(()) => self.reply(id, Answer::Verdicts(verdicts)).map(|()| None),
        }
    }

    /// There is no answer: `{"code", "message"}` says why.
    #[wasm_bindgen(js_name = replyFailure)]
    pub fn reply_failure(&mut self, id: u32, problem: &str) -> Result<(), Thrown> {
        let problem = serde_json::from_str(problem).unwrap_or(Problem {
            code: "failure".to_owned(),
            message: problem.to_owned(),
        });
        self.reply(id, Answer::Failure(problem))
    }

    /// Holds an answer against the question, as the host does before its engine sees it.
    fn held_against(
        &self,
        id: u32,
        check: impl FnOnce(&Asked) -> Result<(), BadAnswer>,
    ) -> Result<(), BadAnswer> {
        // Whoever answers another question hears that it is not open.
        match self.asked.iter().find(|asked| asked.id == id) {
            Some(asked) => check(asked),
            None => Ok(()),
        }
    }

    fn refuse(&mut self, id: u32, why: &dyn Display) -> Result<Option<String>, Thrown> {
        let code = "bad-answer";
        let message = format!("its answer breaks the contract: {why}");
        let said = thrown(code, &message);
        let problem = Problem {
            code: code.to_owned(),
            message,
        };
        self.reply(id, Answer::Failure(problem))?;
        Ok(Some(said))
    }

    fn reply(&mut self, id: u32, answer: Answer) -> Result<(), Thrown> {
        self.asked.retain(|asked| asked.id != id);
        let replied = self.open()?.reply(id, answer);
        replied.map_err(|e| thrown("bad-reply", &e))
    }
}
