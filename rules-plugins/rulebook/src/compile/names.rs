//! Expressions to instructions: what names stand for, and what the operations take.

use std::collections::HashMap;

use plancheck_engine::rules::nearest;
use plancheck_engine::rules::path::SubjectRef;
use plancheck_rulebook_interpreter::format::Op;
use plancheck_rulebook_interpreter::text::Question;

use super::code::{Code, Pool};
use super::facts::Derived;
use super::parameters::Known;
use super::value::{At, Number, Value};
use crate::diagnostic::{Diagnostic, Span, Wrong};
use crate::document::{Named, Text};
use crate::expression::{Expression, Function, Node, Wanted, parse};

/// Names in names: each is an expression of up to sixty levels, and costs stack.
const MAX_NAMES: usize = 12;

/// Compiles the expressions of one rule or derived fact.
pub(crate) struct Compiler<'a> {
    pub(crate) subject: SubjectRef<'a>,
    pub(crate) derived: &'a [Derived],
    pub(crate) parameters: &'a [Known],
    pub(crate) definitions: &'a [Named<Text>],
    pub(crate) lets: &'a [Named<Text>],
    pub(crate) pool: &'a mut Pool,
    pub(crate) code: Code,
    pub(crate) wrong: &'a mut Wrong,
    /// What names came to; none: it was wrong, and that was said.
    pub(crate) named: HashMap<String, Option<Value>>,
    /// The names that are being compiled.
    pub(crate) open: Vec<String>,
}

impl Compiler<'_> {
    /// Compiles a text as an expression.
    pub(crate) fn text(&mut self, text: &Text, wanted: Option<Wanted>) -> Option<(Span, Value)> {
        match parse(text) {
            Ok(expression) => {
                let value = self.expression(&expression, wanted)?;
                Some((expression.span, value))
            }
            Err(error) => {
                self.wrong.push(error);
                None
            }
        }
    }

    /// Compiles a text that has to be true or false.
    pub(crate) fn condition(&mut self, text: &Text) -> Option<u32> {
        let (span, value) = self.text(text, Some(Wanted::Truth))?;
        self.truth(&span, value)
    }

    /// What a rule governs: where `when` holds and `unless` does not.
    pub(crate) fn governed(&mut self, when: Option<u32>, unless: Option<u32>) -> Option<u32> {
        let not_excepted = unless.map(|unless| self.code.emit(Op::Not, 0, [unless, 0, 0]));
        match (when, not_excepted) {
            (Some(when), Some(not_excepted)) => {
                Some(self.code.emit(Op::And, 0, [when, not_excepted, 0]))
            }
            (when, not_excepted) => when.or(not_excepted),
        }
    }

    /// Compiles an expression. `wanted`: what a fact of no known type has to be.
    pub(super) fn expression(&mut self, e: &Expression, wanted: Option<Wanted>) -> Option<Value> {
        Some(match &e.node {
            Node::Number(literal) => Value::Number(Number {
                at: At::Literal(literal.value, literal.unit),
                dimension: literal.unit.dimension(),
                unit: (literal.unit != plancheck_contract::Unit::One).then_some(literal.unit),
                reads: false,
            }),
            Node::Text(text) => {
                let literal = self.pool.literal(text);
                Value::Text(self.code.emit(Op::Literal, 0, [literal, 0, 0]))
            }
            Node::Truth(truth) => {
                Value::Truth(self.code.emit(Op::Fixed, 0, [u32::from(*truth), 0, 0]))
            }
            Node::Name(name) => self.name(name, &e.span, wanted)?,
            Node::Path(path) => self.fact(path, &e.span, wanted)?,
            Node::Call(Function::Known, arguments) => self.known(&e.span, arguments)?,
            Node::Call(function, arguments) => self.call(*function, &e.span, arguments, wanted)?,
            Node::Lookup(table, span, key) => self.lookup(table, span, key)?,
            Node::As(inner, kind) => {
                let value = self.expression(inner, Some(*kind))?;
                if value.wanted() != *kind {
                    let message = format!(
                        "this is {}, not {}",
                        value.wanted().describe(),
                        kind.describe()
                    );
                    self.wrong.push(
                        Diagnostic::new("wrong-as", e.span.clone(), message)
                            .help("`as` says what a fact is that the catalogue has no type for; it converts nothing"),
                    );
                    return None;
                }
                value
            }
            Node::Negate(inner) => self.negate(inner, wanted)?,
            Node::Not(inner) => {
                let value = self.expression(inner, Some(Wanted::Truth))?;
                let truth = self.truth(&inner.span, value)?;
                Value::Truth(self.code.emit(Op::Not, 0, [truth, 0, 0]))
            }
            Node::Arithmetic(operator, a, b) => {
                self.arithmetic(*operator, &e.span, a, b, wanted)?
            }
            Node::And(a, b) => self.both(Op::And, a, b)?,
            Node::Or(a, b) => self.both(Op::Or, a, b)?,
            Node::Compare(first, chain) => self.comparison(first, chain)?,
            Node::In(left, members) => self.member(left, members)?,
            Node::Ask(question, left, texts) => self.ask(*question, left, texts)?,
            Node::If(condition, yes, no) => self.choose(&e.span, condition, yes, no, wanted)?,
        })
    }

    /// Complains where something is not true or false.
    pub(super) fn truth(&mut self, span: &Span, value: Value) -> Option<u32> {
        match value {
            Value::Truth(register) => Some(register),
            other => {
                let message = format!(
                    "this is {}, and true or false is wanted",
                    other.wanted().describe()
                );
                let wrong = Diagnostic::new("not-a-condition", span.clone(), message);
                self.wrong
                    .push(wrong.help("compare it: `>=`, `==`, `in [...]`"));
                None
            }
        }
    }

    fn both(&mut self, op: Op, a: &Expression, b: &Expression) -> Option<Value> {
        let mut side = |e: &Expression| {
            let value = self.expression(e, Some(Wanted::Truth))?;
            self.truth(&e.span, value)
        };
        let (a, b) = (side(a), side(b));
        Some(Value::Truth(self.code.emit(op, 0, [a?, b?, 0])))
    }

    fn known(&mut self, span: &Span, arguments: &[Expression]) -> Option<Value> {
        let [argument] = arguments else {
            self.wrong.push(Diagnostic::new(
                "wrong-arguments",
                span.clone(),
                "`known` takes one value",
            ));
            return None;
        };
        let register = match self.expression(argument, None)? {
            Value::Number(number) => self.si(number),
            Value::Truth(register) | Value::Text(register) => register,
        };
        Some(Value::Truth(self.code.emit(Op::Known, 0, [register, 0, 0])))
    }

    fn ask(&mut self, question: Question, left: &Expression, texts: &[String]) -> Option<Value> {
        let value = self.expression(left, Some(Wanted::Text))?;
        let text = self.need_text(&left.span, value)?;
        let test = self.pool.test(question as u32, texts);
        Some(Value::Truth(self.code.emit(Op::Test, 0, [text, test, 0])))
    }

    pub(super) fn need_text(&mut self, span: &Span, value: Value) -> Option<u32> {
        match value {
            Value::Text(register) => Some(register),
            other => {
                let message = format!(
                    "this is {}, and a text is wanted",
                    other.wanted().describe()
                );
                self.wrong
                    .push(Diagnostic::new("not-a-text", span.clone(), message));
                None
            }
        }
    }

    fn lookup(&mut self, name: &str, span: &Span, key: &Expression) -> Option<Value> {
        let text = self
            .expression(key, Some(Wanted::Text))
            .and_then(|value| self.need_text(&key.span, value));
        let Some(parameter) = self.parameters.iter().find(|p| p.name == name) else {
            let tables = self.parameters.iter().filter(|p| p.keys.is_some());
            let near = nearest(name, tables.map(|p| p.name.as_str()));
            let message = format!("there is no table `{name}`");
            self.wrong.push(
                Diagnostic::new("unknown-table", span.clone(), message)
                    .help("a table is a parameter with `cells`")
                    .suggest(near),
            );
            return None;
        };
        let Some(keys) = &parameter.keys else {
            let message = format!("`{name}` is a single number, not a table");
            self.wrong.push(
                Diagnostic::new("no-table", span.clone(), message)
                    .related(parameter.span.clone(), "declared here"),
            );
            return None;
        };
        if let Node::Text(literal) = &key.node
            && !keys.iter().any(|key| key.eq_ignore_ascii_case(literal))
        {
            let near = nearest(literal, keys.iter().map(String::as_str));
            let near = near.map(|near| format!("'{near}'"));
            let message = format!("the table `{name}` has no key {literal:?}");
            self.wrong.push(
                Diagnostic::new("unknown-table-key", key.span.clone(), message)
                    .suggest(near.as_deref()),
            );
        }
        if parameter.broken {
            return None;
        }
        let table = self.pool.table(parameter.first_cell, keys);
        let register = self.code.emit(Op::Lookup, 0, [text?, table, 0]);
        Some(Value::Number(Number {
            at: At::In(register, parameter.unit),
            dimension: parameter.unit.dimension(),
            unit: of_code(parameter.unit),
            reads: false,
        }))
    }

    fn choose(
        &mut self,
        span: &Span,
        condition: &Expression,
        yes: &Expression,
        no: &Expression,
        wanted: Option<Wanted>,
    ) -> Option<Value> {
        let decided = self
            .expression(condition, Some(Wanted::Truth))
            .and_then(|value| self.truth(&condition.span, value));
        let one = self.expression(yes, wanted);
        let other = self.expression(no, wanted.or(one.map(|value| value.wanted())));
        let (decided, one, other) = (decided?, one?, other?);
        match (one, other) {
            (Value::Truth(a), Value::Truth(b)) => Some(Value::Truth(self.code.emit(
                Op::ChooseTruth,
                0,
                [decided, a, b],
            ))),
            (Value::Text(a), Value::Text(b)) => Some(Value::Text(self.code.emit(
                Op::ChooseText,
                0,
                [decided, a, b],
            ))),
            (Value::Number(a), Value::Number(b)) => {
                self.choose_number(span, decided, (yes, a), (no, b))
            }
            _ => {
                self.wrong.push(
                    Diagnostic::new(
                        "different-branches",
                        span.clone(),
                        "`then` and `else` give different things",
                    )
                    .related(yes.span.clone(), one.wanted().describe())
                    .related(no.span.clone(), other.wanted().describe()),
                );
                None
            }
        }
    }

    /// A name: of the rule, of the file, of a parameter, or of a fact.
    fn name(&mut self, name: &str, span: &Span, wanted: Option<Wanted>) -> Option<Value> {
        let own = self
            .lets
            .iter()
            .chain(self.definitions)
            .find(|d| d.name.value == name);
        let parameter = self.parameters.iter().find(|p| p.name == name);
        let declared = own
            .map(|d| d.name.whole())
            .or(parameter.map(|p| p.span.clone()));
        if let Some(declared) = declared
            && self.has_fact(name)
        {
            let what = if own.is_some() {
                "definition"
            } else {
                "parameter"
            };
            let message = format!("`{name}` is both a {what} and a fact");
            self.wrong.push(
                Diagnostic::new("ambiguous-name", span.clone(), message)
                    .related(declared, "give this another name"),
            );
            return None;
        }
        if let Some(own) = own {
            return self.definition(own, span, wanted);
        }
        if let Some(parameter) = parameter {
            if parameter.keys.is_some() {
                let message = format!("`{name}` is a table");
                self.wrong.push(
                    Diagnostic::new("bare-table", span.clone(), message)
                        .help(format!("say which of its numbers: `{name}[use]`"))
                        .related(parameter.span.clone(), "declared here"),
                );
                return None;
            }
            if parameter.broken {
                return None;
            }
            let register = self
                .code
                .emit(Op::Parameter, 0, [parameter.first_cell, 0, 0]);
            return Some(Value::Number(Number {
                at: At::In(register, parameter.unit),
                dimension: parameter.unit.dimension(),
                unit: of_code(parameter.unit),
                reads: false,
            }));
        }
        if self.has_fact(name) {
            return self.fact(name, span, wanted);
        }
        let unknown = self.unknown_name(name, span.clone());
        self.wrong.push(unknown);
        None
    }

    /// What a definition comes to.
    pub(super) fn definition(
        &mut self,
        own: &Named<Text>,
        span: &Span,
        wanted: Option<Wanted>,
    ) -> Option<Value> {
        let name = &own.name.value;
        if let Some(known) = self.named.get(name) {
            return *known;
        }
        if self.open.contains(name) || self.open.len() >= MAX_NAMES {
            let message = if self.open.contains(name) {
                format!("`{name}` needs itself")
            } else {
                format!("definitions in definitions, more than {MAX_NAMES} levels deep")
            };
            self.wrong.push(
                Diagnostic::new("circle", span.clone(), message)
                    .related(own.name.whole(), "defined here"),
            );
            return None;
        }
        self.open.push(name.clone());
        let value = self.text(&own.value, wanted).map(|(_, value)| value);
        self.open.pop();
        self.named.insert(name.clone(), value);
        value
    }
}

/// The unit of a number of the code, where it has one.
pub(super) fn of_code(unit: plancheck_contract::Unit) -> Option<plancheck_contract::Unit> {
    (unit != plancheck_contract::Unit::One).then_some(unit)
}
