//! The way back: from verdicts to what the original answered.
//!
//! A rule fails where the original reports it, in the order of its places and then of the model;
//! [`Matches`] gathers that while a session is driven, whoever runs the modules. [`answer`] drives
//! one itself, with the runner natively, and gives the whole answer.

mod calculate;
mod expression;
mod number;

use std::collections::BTreeMap;

use plancheck_contract::{Kind, Verdicts};
use plancheck_engine::model::{ElementId, ModelError};
use plancheck_engine::rules::{Answer, Call, ModuleSlot, Problem, Question, Session};
use plancheck_rule_files_runner::Program;
use serde_json::{Map, Value as Json, json};
use thiserror::Error;

use crate::RuleFile;
use crate::compile::Compiled;
use crate::document::{Action, Rule};
use calculate::Objects;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum RecoverError {
    /// The model is none.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model is no JSON object model.
    #[error("the model is not of the JSON object model")]
    NotJson,
    /// A module was refused or gave no answer.
    #[error("module {module}: {why}")]
    Module {
        /// Its id.
        module: String,
        /// Why.
        why: String,
    },
    /// A formula is outside of the arithmetic that is understood.
    #[error("the formula {0:?} has more than numbers, variables, arithmetic and functions")]
    Formula(String),
}

/// What the rules of a ruleset match.
#[derive(Clone, Debug, Default)]
pub struct Matches {
    /// By module and rule: place and row, sorted.
    found: BTreeMap<(usize, u32), Vec<(f64, ElementId)>>,
}

impl Matches {
    /// Takes the answer to a question, before the session does.
    pub fn take(&mut self, session: &Session, call: &Call, verdicts: &Verdicts) {
        let (Question::Evaluate(rules), Some(rows)) = (&call.question, session.rows_of(call.id))
        else {
            return;
        };
        let mut found = vec![Vec::new(); rules.len()];
        let mut start = 0;
        let entries = verdicts.rule.iter().zip(&verdicts.row).zip(&verdicts.kind);
        for (((rule, row), kind), end) in entries.zip(&verdicts.argument_ends) {
            let arguments = start..*end as usize;
            start = *end as usize;
            if *kind != Kind::Fail as u8 {
                continue;
            }
            let place = verdicts.arguments.get(arguments);
            let place = place.and_then(|p| p.first().copied()).unwrap_or(0.0);
            let own = found.get_mut(*rule as usize);
            if let (Some(own), Some(element)) = (own, rows.get(*row as usize)) {
                own.push((place, *element));
            }
        }
        for (rule, mut found) in rules.iter().zip(found) {
            let known = self.found.entry((call.module, *rule)).or_default();
            known.append(&mut found);
            known.sort_by(|(a, first), (b, second)| a.total_cmp(b).then(first.cmp(second)));
        }
    }

    /// What a rule matches, in the order of the original.
    #[must_use]
    pub fn of(&self, module: usize, rule: u32) -> Vec<ElementId> {
        let found = self.found.get(&(module, rule));
        let found = found.map_or(&[][..], Vec::as_slice);
        found.iter().map(|(_, element)| *element).collect()
    }
}

/// What the original answers for a model of the JSON object model and rule files, in their order.
///
/// # Errors
/// The model is none, or a formula is not understood.
pub fn answer(model: &[u8], files: &[RuleFile]) -> Result<Json, RecoverError> {
    let text: Json = serde_json::from_slice(model).map_err(|_| RecoverError::NotJson)?;
    let mut session = Session::load(model.to_vec())?;
    let objects = Objects::new(&text, session.model());
    let parts = || {
        let halves = files.iter().map(|f| [&f.reporting, &f.computing]);
        halves.flatten()
    };
    let slots = parts().map(|part| ModuleSlot::Ready {
        manifest: part.manifest.to_json(),
        digest: String::new(),
    });
    session.use_modules(slots.collect());
    for module in &session.ruleset().modules {
        if let Some(problem) = &module.problem {
            return Err(RecoverError::Module {
                module: module.id.clone(),
                why: problem.message.clone(),
            });
        }
    }
    let parts: Vec<&Compiled> = parts().collect();
    let matches = drive(&mut session, &parts)?;
    let mut reports = Vec::new();
    let mut totals = Totals::default();
    for (index, file) in files.iter().enumerate() {
        if file.document.refused.is_none() {
            let answers = Answers {
                file,
                matches: &matches,
                modules: [2 * index, 2 * index + 1],
                session: &session,
                objects: &objects,
            };
            reports.push(answers.report(&mut totals)?);
        }
    }
    Ok(json!({
        "overall_compliance_score": totals.score(),
        "critical_violations": totals.critical,
        "total_violations": totals.violations,
        "files": reports,
    }))
}

/// Asks the runner natively until no question is left.
fn drive(session: &mut Session, parts: &[&Compiled]) -> Result<Matches, RecoverError> {
    let mut matches = Matches::default();
    while let Some(call) = session.next_call() {
        let failed = |why: String| RecoverError::Module {
            module: call.module.to_string(),
            why,
        };
        let Question::Evaluate(rules) = &call.question else {
            return Err(failed("asked for derived facts".to_owned()));
        };
        let verdicts = parts
            .get(call.module)
            .ok_or(plancheck_rule_files_runner::Broken)
            .and_then(|part| Program::open(&part.program)?.evaluate(rules, &call.batch));
        let answer = match verdicts {
            Ok(verdicts) => {
                matches.take(session, &call, &verdicts);
                Answer::Verdicts(verdicts)
            }
            Err(broken) => Answer::Failure(Problem {
                code: "trap".to_owned(),
                message: broken.to_string(),
            }),
        };
        session
            .reply(call.id, answer)
            .map_err(|error| failed(error.to_string()))?;
    }
    Ok(matches)
}

/// Sums over files.
#[derive(Default)]
struct Totals {
    passed: u64,
    rules: u64,
    critical: u64,
    violations: u64,
}

impl Totals {
    fn score(&self) -> f64 {
        if self.rules == 0 {
            return 0.0;
        }
        self.passed as f64 / self.rules as f64 * 100.0
    }
}

/// One file's part of the answer.
struct Answers<'a> {
    file: &'a RuleFile,
    matches: &'a Matches,
    /// Positions of the two halves in the ruleset.
    modules: [usize; 2],
    session: &'a Session,
    objects: &'a Objects<'a>,
}

impl Answers<'_> {
    /// What a rule matches, by its position in the file and one of its actions.
    fn matched(&self, half: usize, compiled: &Compiled, origin: (usize, usize)) -> Vec<ElementId> {
        let rule = compiled.origins.iter().position(|o| *o == origin);
        let module = self.modules.get(half).copied().unwrap_or(usize::MAX);
        let rule = rule.and_then(|rule| u32::try_from(rule).ok());
        rule.map_or_else(Vec::new, |rule| self.matches.of(module, rule))
    }

    fn report(&self, totals: &mut Totals) -> Result<Json, RecoverError> {
        let document = &self.file.document;
        let (mut results, mut passed, mut count) = (Vec::new(), 0, 0);
        for (position, rule) in document.rules.iter().enumerate().filter(|(_, r)| r.enabled) {
            count += 1;
            let violations = self.violations(position, rule);
            let is_error = |v: &&Json| v.get("severity").and_then(Json::as_str) == Some("error");
            let errors = violations.iter().filter(is_error).count() as u64;
            passed += u64::from(errors == 0);
            totals.critical += errors;
            totals.violations += violations.len() as u64;
            results.push(json!({
                "rule_id": rule.id,
                "passed": errors == 0,
                "violations": violations,
                "calculations": self.calculations(position, rule)?,
            }));
        }
        totals.passed += passed;
        totals.rules += count;
        Ok(json!({
            "mcp_id": document.id,
            "total_rules": count,
            "passed_rules": passed,
            "failed_rules": count - passed,
            "results": results,
        }))
    }

    fn violations(&self, position: usize, rule: &Rule) -> Vec<Json> {
        let mut violations = Vec::new();
        for (at, action) in rule.actions.iter().enumerate() {
            let Action::Report {
                message,
                severity,
                code_reference,
            } = action
            else {
                continue;
            };
            for element in self.matched(0, &self.file.reporting, (position, at)) {
                violations.push(json!({
                    "element_id": self.session.model().global_id(element),
                    "severity": severity.name(),
                    "message": message,
                    "code_reference": code_reference,
                }));
            }
        }
        violations
    }

    fn calculations(&self, position: usize, rule: &Rule) -> Result<Json, RecoverError> {
        let mut calculations = Map::new();
        let computes = |action: &Action| matches!(action, Action::Calculate { .. });
        let Some(first) = rule.actions.iter().position(computes) else {
            return Ok(Json::Object(calculations));
        };
        let matched = self.matched(1, &self.file.computing, (position, first));
        for action in &rule.actions {
            if let Action::Calculate {
                formula,
                unit,
                description,
            } = action
            {
                let (result, description) = match self.objects.compute(formula, &matched)? {
                    Ok(result) => (result, description.clone()),
                    Err(why) => {
                        let told = match description {
                            Json::Null => "None".to_owned(),
                            Json::String(text) => text.clone(),
                            other => other.to_string(),
                        };
                        let told = format!("{told} (calculation failed: {why})");
                        (json!(0.0), Json::String(told))
                    }
                };
                calculations.insert(
                    formula.clone(),
                    json!({
                        "formula": formula,
                        "result": result,
                        "unit": unit,
                        "description": description,
                    }),
                );
            }
        }
        Ok(Json::Object(calculations))
    }
}
