//! Rules and derived facts, each compiled by itself and then put into a view.

use std::collections::HashMap;

use plancheck_contract::manifest::{DerivedFact, Rule, View, ViewFact};
use plancheck_contract::{FactKind, MAX_VIEW_FACTS, Manifest, Unit};
use plancheck_engine::rules::path::SubjectRef;
use plancheck_rulebook_interpreter::format::{MAX_INSTRUCTIONS, Op};

use super::code::{Code, Pool};
use super::encode::{self, Message, Program};
use super::facts::{Derived, subject};
use super::knowledge;
use super::names::Compiler;
use super::order::order;
use super::parameters::{Known, parameters};
use super::value::Value;
use crate::diagnostic::{Diagnostic, Wrong};
use crate::document::{self, Document, Named, Text};
use crate::expression::parse;

/// What a rulebook becomes.
pub(crate) struct Output {
    pub(crate) manifest: Manifest,
    pub(crate) program: Vec<u8>,
}

/// What expressions of the file share.
struct Common<'a> {
    parameters: Vec<Known>,
    definitions: &'a [Named<Text>],
    derived: Vec<Derived>,
    pool: Pool,
}

impl<'a> Common<'a> {
    fn compiler<'c>(
        &'c mut self,
        subject: SubjectRef<'c>,
        lets: &'c [Named<Text>],
        wrong: &'c mut Wrong,
    ) -> Compiler<'c>
    where
        'a: 'c,
    {
        Compiler {
            subject,
            derived: &self.derived,
            parameters: &self.parameters,
            definitions: self.definitions,
            lets,
            pool: &mut self.pool,
            code: Code::default(),
            wrong,
            named: HashMap::new(),
            open: Vec::new(),
        }
    }
}

/// A view that grows.
struct Growing {
    name: String,
    subject: String,
    code: Code,
}

/// A rule, compiled by itself.
struct Compiled {
    code: Code,
    when: Option<u32>,
    require: u32,
    messages: Vec<(Option<u32>, Vec<u32>)>,
    texts: Vec<String>,
}

/// Compiles a file. None: something is wrong with it.
pub(crate) fn compile(document: &Document, wrong: &mut Wrong) -> Option<Output> {
    let (known, declared) = parameters(&document.parameters, wrong);
    let mut common = Common {
        parameters: known,
        definitions: &document.definitions,
        derived: Vec::new(),
        pool: Pool::default(),
    };
    let mut manifest = Manifest {
        contract: plancheck_contract::VERSION.to_owned(),
        module: document.module.clone(),
        jurisdiction: document.jurisdiction.clone(),
        parameters: declared,
        amends: document.amends.clone(),
        ..Manifest::default()
    };
    for definition in &document.definitions {
        // Those that nobody uses are read all the same.
        if let Err(error) = parse(&definition.value) {
            wrong.push(error);
        }
    }
    let mut views: Vec<Growing> = Vec::new();
    let mut program = Program::default();
    for at in order(&document.facts, &document.definitions, wrong) {
        let Some(fact) = document.facts.get(at) else {
            continue;
        };
        if let Some((derived, code, register)) = derive(fact, &mut common, wrong) {
            program.derived.push([views.len() as u32, register]);
            manifest.derived.push(DerivedFact {
                name: fact.name.value.clone(),
                title: fact.value.title.clone(),
                description: fact.value.description.clone(),
                kind: derived.kind,
                dimension: derived.dimension,
                view: views.len() as u32,
            });
            views.push(Growing {
                name: format!("{}.{}", fact.value.subject.value, fact.name.value),
                subject: fact.value.subject.value.clone(),
                code,
            });
            common.derived.push(derived);
        }
    }
    let first_of_rules = views.len();
    for rule in &document.rules {
        let Some(compiled) = judge(rule, &mut common, wrong) else {
            continue;
        };
        let subject = &rule.value.subject.value;
        let Some((view, registers)) = place(&mut views, first_of_rules, subject, &compiled.code)
        else {
            let message = format!("more than {MAX_VIEW_FACTS} facts in one rule");
            wrong.push(Diagnostic::new("many-facts", rule.name.whole(), message));
            continue;
        };
        let moved = |register: u32| {
            registers
                .get(register as usize)
                .copied()
                .unwrap_or_default()
        };
        program.rules.push([
            view,
            compiled.when.map_or(encode::NONE, moved),
            moved(compiled.require),
            program.messages.len() as u32,
            compiled.messages.len() as u32,
        ]);
        for (when, arguments) in compiled.messages {
            program.messages.push(Message {
                when: when.map_or(encode::NONE, moved),
                arguments: arguments.into_iter().map(moved).collect(),
            });
        }
        manifest.rules.push(about(rule, view, compiled.texts));
    }
    knowledge::add(document, &mut manifest, wrong);
    for view in &views {
        if view.code.instructions.len() > MAX_INSTRUCTIONS {
            let message = format!("the rules of a {} are too many or too long", view.subject);
            wrong.push(Diagnostic::new("too-large", 0..0, message));
        }
        manifest.views.push(manifest_view(view));
    }
    if !wrong.is_empty() {
        return None;
    }
    let cells = manifest
        .parameters
        .iter()
        .map(|p| p.cells.len() as u32)
        .sum();
    let code: Vec<&Code> = views.iter().map(|view| &view.code).collect();
    let program = encode::encode(&manifest.to_json(), &common.pool, &code, &program, cells);
    Some(Output { manifest, program })
}

fn about(rule: &Named<document::Rule>, view: u32, messages: Vec<String>) -> Rule {
    let value = &rule.value;
    Rule {
        id: rule.name.value.clone(),
        title: value.title.clone(),
        citation: value.citation.clone(),
        severity: value.severity,
        category: value.category.clone(),
        view,
        messages,
        page: value.page.clone(),
        since: value.since.clone(),
        stage: value.stage,
        verified: value.verified,
    }
}

fn manifest_view(view: &Growing) -> View {
    let names = view.code.column_names();
    let facts = names.into_iter().zip(&view.code.columns);
    View {
        name: view.name.clone(),
        subject: view.subject.clone(),
        facts: facts
            .map(|(name, column)| ViewFact {
                name,
                path: column.path.clone(),
                kind: column.kind,
                dimension: column.dimension,
            })
            .collect(),
        ..View::default()
    }
}

/// Puts the code of a rule into the first view of its subject that has room for its facts.
fn place(
    views: &mut Vec<Growing>,
    first: usize,
    subject: &str,
    code: &Code,
) -> Option<(u32, Vec<u32>)> {
    let mut same = 0;
    for (at, view) in views.iter_mut().enumerate().skip(first) {
        if view.subject == subject {
            same += 1;
            if let Some(registers) = view.code.merge(code) {
                return Some((at as u32, registers));
            }
        }
    }
    let mut view = Growing {
        name: match same {
            0 => subject.to_owned(),
            more => format!("{subject} {}", more + 1),
        },
        subject: subject.to_owned(),
        code: Code::default(),
    };
    let registers = view.code.merge(code)?;
    views.push(view);
    Some((views.len() as u32 - 1, registers))
}

/// Compiles a derived fact: what others see of it, its code and its register.
fn derive(
    fact: &Named<document::Fact>,
    common: &mut Common<'_>,
    wrong: &mut Wrong,
) -> Option<(Derived, Code, u32)> {
    let of = subject(&fact.value.subject, wrong)?;
    let mut compiler = common.compiler(of, &fact.value.lets, wrong);
    if compiler.has_fact(&fact.name.value) {
        let message = format!(
            "a {} has a fact `{}` already",
            fact.value.subject.value, fact.name.value
        );
        compiler.wrong.push(
            Diagnostic::new("fact-exists", fact.name.whole(), message)
                .help("give the derived fact another name"),
        );
        return None;
    }
    lets(&mut compiler, &fact.value.lets);
    let (_, value) = compiler.text(&fact.value.value, None)?;
    let (kind, dimension, register) = match value {
        Value::Number(number) => {
            let register = compiler.si(number);
            (FactKind::Number, Some(number.dimension), register)
        }
        Value::Text(register) => (FactKind::Text, None, register),
        Value::Truth(register) => (FactKind::Boolean, None, register),
    };
    let derived = Derived {
        class: of.class.to_owned(),
        name: fact.name.value.clone(),
        title: fact.value.title.clone(),
        kind,
        dimension,
    };
    let code = std::mem::take(&mut compiler.code);
    if code.columns.len() > MAX_VIEW_FACTS {
        let message = format!("more than {MAX_VIEW_FACTS} facts in one derived fact");
        wrong.push(Diagnostic::new("many-facts", fact.name.whole(), message));
        return None;
    }
    Some((derived, code, register))
}

/// Compiles what a rule gives names, used or not, so that all that is wrong with it is said.
fn lets(compiler: &mut Compiler<'_>, list: &[Named<Text>]) {
    for own in list {
        if compiler.has_fact(&own.name.value) {
            let message = format!("`{}` is both a definition and a fact", own.name.value);
            compiler.wrong.push(
                Diagnostic::new("ambiguous-name", own.name.whole(), message)
                    .help("give the definition another name"),
            );
        }
    }
    for own in list {
        compiler.definition(own, &own.name.whole(), None);
    }
}

fn judge(
    rule: &Named<document::Rule>,
    common: &mut Common<'_>,
    wrong: &mut Wrong,
) -> Option<Compiled> {
    let value = &rule.value;
    let of = subject(&value.subject, wrong)?;
    let mut compiler = common.compiler(of, &value.lets, wrong);
    // Definitions may hold facts that are typed by where they stand: the rule itself comes first.
    let when = value.when.as_ref().map(|when| compiler.condition(when));
    let unless = value.unless.as_ref();
    let unless = unless.map(|unless| compiler.condition(unless));
    let require = compiler.condition(&value.require);
    lets(&mut compiler, &value.lets);
    let unit = require.and_then(|register| compared_in(&compiler.code, register));
    let mut messages = Vec::new();
    let mut texts = Vec::new();
    let mut good = true;
    for (condition, say) in &value.messages {
        let condition = condition
            .as_ref()
            .map(|condition| compiler.condition(condition));
        match compiler.message(say, unit) {
            Some((text, arguments)) if condition != Some(None) => {
                texts.push(text);
                messages.push((condition.flatten(), arguments));
            }
            _ => good = false,
        }
    }
    let require = require?;
    if when == Some(None) || unless == Some(None) || !good {
        return None;
    }
    let when = compiler.governed(when.flatten(), unless.flatten());
    let has_own_words = messages.iter().any(|(condition, _)| condition.is_none());
    if !has_own_words && says_no_limit(&compiler.code, require) {
        compiler.wrong.push(
            Diagnostic::new(
                "needs-message",
                value.require.whole(),
                "the requirement is strict or a difference, for which the engine has no words",
            )
            .help("write `message = \"…\"`, or `>=` and `<=` where the code says \"at least\" and \"at most\""),
        );
        return None;
    }
    Some(Compiled {
        code: std::mem::take(&mut compiler.code),
        when,
        require,
        messages,
        texts,
    })
}

/// The truths that a requirement is made of, by `and`, `or` and `if`.
fn parts(code: &Code, register: u32) -> Vec<(Op, u8)> {
    let mut out = Vec::new();
    let mut todo = vec![register];
    let mut seen = Vec::new();
    while let Some(register) = todo.pop() {
        if seen.contains(&register) {
            continue;
        }
        seen.push(register);
        let Some(instruction) = code.instructions.get(register as usize) else {
            continue;
        };
        let [a, b, c] = instruction.operands;
        match instruction.op {
            Op::And | Op::Or | Op::Between => todo.extend([b, a]),
            Op::ChooseTruth => todo.extend([c, b]),
            op => out.push((op, instruction.unit)),
        }
    }
    out
}

/// The unit of the first comparison.
fn compared_in(code: &Code, register: u32) -> Option<Unit> {
    let compares = |op: &Op| {
        matches!(
            op,
            Op::AtLeast | Op::AtMost | Op::Equal | Op::Above | Op::Below | Op::Differs
        )
    };
    let parts = parts(code, register);
    let (_, unit) = parts.iter().find(|(op, _)| compares(op))?;
    Unit::from_code(*unit)
}

/// Whether some part is a comparison that reports have no words for.
fn says_no_limit(code: &Code, register: u32) -> bool {
    parts(code, register)
        .iter()
        .any(|(op, _)| matches!(op, Op::Above | Op::Below | Op::Differs))
}
