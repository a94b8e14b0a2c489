//! Facts: what the engine's catalogue says of a path, and the column that it becomes.

use plancheck_contract::{Dimension, FactKind};
use plancheck_engine::facts::{facts_of, find_fact, subjects};
use plancheck_engine::rules::nearest;
use plancheck_engine::rules::path::{DerivedFacts, Plan, SubjectRef};
use plancheck_rulebook_interpreter::format::Op;

use super::code::Column;
use super::names::Compiler;
use super::value::{At, Number, Value};
use crate::diagnostic::{Diagnostic, Span, Wrong};
use crate::document::Text;
use crate::expression::{Expression, Node, Wanted};

/// A derived fact that is compiled.
#[derive(Clone, Debug)]
pub(crate) struct Derived {
    pub(crate) class: String,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) kind: FactKind,
    pub(crate) dimension: Option<Dimension>,
}

/// The derived facts so far, as paths see them.
pub(crate) struct Scope<'a>(pub(crate) &'a [Derived]);

impl DerivedFacts for Scope<'_> {
    fn find(
        &self,
        class: &str,
        name: &str,
    ) -> Option<(usize, String, FactKind, Option<Dimension>)> {
        let found = self.0.iter().enumerate();
        let (at, fact) = found
            .into_iter()
            .find(|(_, d)| d.name == name && d.class == class)?;
        Some((at, fact.title.clone(), fact.kind, fact.dimension))
    }
}

/// Understands a subject.
pub(crate) fn subject<'t>(text: &'t Text, wrong: &mut Wrong) -> Option<SubjectRef<'t>> {
    match SubjectRef::parse(&text.value) {
        Ok(subject) => Some(subject),
        Err(_) => {
            let names = subjects().iter().map(|s| s.name);
            let near = nearest(&text.value, names.clone()).map(|near| format!("{near:?}"));
            let known: Vec<&str> = names.collect();
            wrong.push(
                Diagnostic::new(
                    "unknown-subject",
                    text.whole(),
                    format!("unknown subject {:?}", text.value),
                )
                .help(format!(
                    "subjects: {}; or an IFC class: IfcOutlet",
                    known.join(", ")
                ))
                .suggest(near.as_deref()),
            );
            None
        }
    }
}

/// What the catalogue says of a path.
struct Found {
    kind: Option<FactKind>,
    dimension: Option<Dimension>,
}

/// What a path is asked for decides nothing about what the catalogue says of it.
const ANY: plancheck_engine::rules::path::Wanted = (FactKind::Text, None);

impl Compiler<'_> {
    fn find(&self, path: &str) -> Result<Found, String> {
        let mut plan = Plan::default();
        let id = plan
            .add("", self.subject, path, ANY, &Scope(self.derived))
            .map_err(|error| error.why)?;
        let node = plan.node(id);
        Ok(Found {
            kind: node.and_then(|n| n.kind),
            dimension: node.and_then(|n| n.dimension),
        })
    }

    /// Whether the type of an expression is open: it is a fact that the catalogue has no type for.
    pub(super) fn is_open(&self, expression: &Expression) -> bool {
        let Node::Path(path) = &expression.node else {
            return false;
        };
        self.find(path).is_ok_and(|found| {
            found.kind.is_none()
                || (found.kind == Some(FactKind::Number) && found.dimension.is_none())
        })
    }

    /// Whether the subject has a fact of this name.
    pub(super) fn has_fact(&self, name: &str) -> bool {
        find_fact(self.subject.subject, name).is_some()
            || Scope(self.derived).find(self.subject.class, name).is_some()
    }

    /// A name that stands for nothing.
    pub(super) fn unknown_name(&self, name: &str, span: Span) -> Box<Diagnostic> {
        let facts = facts_of(self.subject.subject).map(|fact| fact.name);
        let derived = self
            .derived
            .iter()
            .filter(|d| d.class == self.subject.class)
            .map(|d| d.name.as_str());
        let own = self
            .lets
            .iter()
            .chain(self.definitions)
            .map(|d| d.name.value.as_str());
        let parameters = self.parameters.iter().map(|p| p.name.as_str());
        let near = nearest(name, facts.chain(derived).chain(own).chain(parameters));
        let what = self.subject.subject.map_or(self.subject.class, |s| s.name);
        let unknown = Diagnostic::new(
            "unknown-name",
            span,
            format!("`{name}` is neither a fact of a {what} nor a parameter"),
        );
        // The engine knows best why a relation alone is no fact.
        let why = self.find(name).err().filter(|why| why.contains("leads to"));
        match (near, why) {
            (_, Some(why)) => unknown.help(why),
            (None, None) => unknown.help(format!("docs/facts.md lists the facts of a {what}")),
            (Some(near), None) => unknown.suggest(Some(near)),
        }
    }

    /// A fact by its path, and what it has to be where that is known.
    pub(super) fn fact(
        &mut self,
        path: &str,
        span: &Span,
        wanted: Option<Wanted>,
    ) -> Option<Value> {
        let found = match self.find(path) {
            Ok(found) => found,
            Err(why) => {
                let wrong = Diagnostic::new(
                    "unknown-fact",
                    span.clone(),
                    format!("the engine knows no fact `{path}`"),
                );
                self.wrong.push(wrong.label(why));
                return None;
            }
        };
        let own = match (found.kind, found.dimension) {
            (Some(FactKind::Text), _) => Some(Wanted::Text),
            (Some(FactKind::Boolean), _) => Some(Wanted::Truth),
            (Some(FactKind::Number), Some(dimension)) => Some(Wanted::Number(dimension)),
            (Some(FactKind::Number) | None, _) => None,
        };
        let kind = match (own, wanted) {
            (Some(own), _) => own,
            (None, Some(wanted @ Wanted::Number(_))) => wanted,
            (None, Some(wanted)) if found.kind.is_none() => wanted,
            _ => {
                self.wrong.push(
                    Diagnostic::new(
                        "untyped-fact",
                        span.clone(),
                        format!("nothing says what `{path}` is"),
                    )
                    .help(format!(
                        "say it: `{path} as length`, `… as text`, `… as boolean`"
                    )),
                );
                return None;
            }
        };
        Some(self.column(path, kind))
    }

    fn column(&mut self, path: &str, kind: Wanted) -> Value {
        let column = |kind, dimension| Column {
            path: path.to_owned(),
            kind,
            dimension,
        };
        match kind {
            Wanted::Number(dimension) => {
                let at = self.code.column(column(FactKind::Number, Some(dimension)));
                Value::Number(Number {
                    at: At::Si(self.code.emit(Op::NumberFact, 0, [at, 0, 0])),
                    dimension,
                    unit: None,
                    reads: true,
                })
            }
            Wanted::Truth => {
                let at = self.code.column(column(FactKind::Boolean, None));
                Value::Truth(self.code.emit(Op::TruthFact, 0, [at, 0, 0]))
            }
            Wanted::Text => {
                let at = self.code.column(column(FactKind::Text, None));
                Value::Text(self.code.emit(Op::TextFact, 0, [at, 0, 0]))
            }
        }
    }
}
