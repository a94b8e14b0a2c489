//! Explaining where a value came from, or why it is not known: for findings only, after judging.

use plancheck_contract::{DerivedFact, FactKind};
use serde::Serialize;

use super::evaluate::{Cell, Evaluator};
use super::path::{Expr, Node, NodeId, Raw};
use crate::facts::text::{display, unit_for_people, within};
use crate::facts::{Fact, Known, Outcome, Provenance, Resolved, believed};
use crate::model::{ElementId, Origin, Value};

/// One fact of a finding: what it was, where from, or why it is not known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FactUse {
    /// The name in the rule's view.
    pub name: String,
    /// For people.
    pub title: String,
    /// Fact path.
    pub path: String,
    /// The value as people read it, in SI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// Exactly where from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Instance number in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// How it came about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
    /// What it was computed from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<FactUse>,
    /// What is asked, within a sentence, where the title does not say it: "whether it is an exit",
    /// "the property InDwelling".
    #[serde(skip)]
    pub question: Option<String>,
}

impl FactUse {
    /// What is asked, within a sentence: "clear width", "whether it is an exit".
    #[must_use]
    pub fn asked(&self) -> String {
        self.question.clone().unwrap_or_else(|| within(&self.title))
    }
}

/// Derived facts of derived facts: explanations go this deep.
const MAX_EXPLANATION_DEPTH: usize = 3;

impl Evaluator<'_> {
    /// Where a fact of a finding came from, or why it is not known.
    #[must_use]
    pub fn explain(&self, name: &str, node: NodeId, element: ElementId) -> FactUse {
        self.explain_at(name, node, element, 0)
    }

    /// Where a fact of the catalogue came from, or why it is not known: also one that no rule needs.
    #[must_use]
    pub fn explain_fact(&self, fact: &'static Fact, element: ElementId) -> FactUse {
        let plan = Node {
            expr: Expr::Fact(fact),
            text: fact.name.to_owned(),
            title: fact.title.to_owned(),
            kind: Some(fact.kind),
            dimension: fact.dimension,
        };
        self.explain_plan(fact.name, &plan, None, element, 0)
    }

    /// Where a derived fact (its position in the ruleset) came from, or why it is not known.
    #[must_use]
    pub fn explain_derived_fact(
        &self,
        index: usize,
        fact: &DerivedFact,
        element: ElementId,
    ) -> FactUse {
        let plan = Node {
            expr: Expr::Derived(index),
            text: fact.name.clone(),
            title: fact.title.clone(),
            kind: Some(fact.kind),
            dimension: fact.dimension,
        };
        self.explain_plan(&fact.name, &plan, None, element, 0)
    }

    fn explain_at(&self, name: &str, node: NodeId, element: ElementId, depth: usize) -> FactUse {
        match self.ruleset.plan.node(node) {
            Some(plan) => self.explain_plan(name, plan, Some(node), element, depth),
            None => blank(name, "", ""),
        }
    }

    /// `node` is the place of `plan` in the ruleset, where it has one; an aggregate does.
    fn explain_plan(
        &self,
        name: &str,
        plan: &Node,
        node: Option<NodeId>,
        element: ElementId,
        depth: usize,
    ) -> FactUse {
        let mut fact = blank(name, &plan.title, &plan.text);
        fact.question = match &plan.expr {
            Expr::Fact(definition) if definition.kind == FactKind::Boolean => {
                Some(whether(definition.title))
            }
            Expr::Raw(Raw::Property { .. }, _) => Some(format!("the property {}", plan.title)),
            _ => None,
        };
        match &plan.expr {
            Expr::Fact(definition) => match self.resolved(definition, element) {
                Resolved::Known(known) => known_fact(&mut fact, plan, known),
                Resolved::Absent(why) => fact.absent = Some(why),
            },
            Expr::Derived(index) => self.explain_derived(&mut fact, plan, *index, element, depth),
            Expr::Raw(raw, (kind, dimension)) => match self.raw(raw, element) {
                Some(reading) => {
                    if !matches!(raw, Raw::Given(_))
                        && let Outcome::Rejected(why) = believed(*kind, *dimension, reading.clone())
                    {
                        fact.absent = Some(format!("{}: {why}", plan.title));
                        return fact;
                    }
                    fact.value = Some(display(&reading.value, reading.dimension));
                    let (provenance, record) = match reading.origin {
                        Origin::Attribute { record } => (Provenance::Attribute, Some(record)),
                        Origin::Property { record, .. } => (Provenance::Property, Some(record)),
                        Origin::Quantity { record, .. } => (Provenance::Quantity, Some(record)),
                        Origin::Declared => (Provenance::Declared, None),
                        Origin::Json => (Provenance::Property, None),
                    };
                    fact.provenance = Some(provenance);
                    fact.record = record;
                    fact.source = Some(plan.title.clone());
                }
                None => fact.absent = Some("not in the model".to_owned()),
            },
            Expr::To(follow, relation, inner) => match follow(&self.reader, element) {
                Some(related) => {
                    let inner = self.explain_at(name, *inner, related, depth);
                    return FactUse {
                        title: plan.title.clone(),
                        path: plan.text.clone(),
                        question: None,
                        ..inner
                    };
                }
                None => fact.absent = Some(format!("the model does not say its {relation}")),
            },
            Expr::Aggregate {
                members,
                complete,
                relation,
                value,
                filter,
                ..
            } => {
                if let Some(Err(why)) = complete.map(|shown| shown(&self.reader, element)) {
                    fact.absent = Some(why.to_owned());
                    return fact;
                }
                let members = members(&self.reader, element);
                self.explain_aggregate(&mut fact, plan, &members, relation, *value, *filter);
                match node.map_or(Cell::Absent, |node| self.cell(node, element)) {
                    Cell::Absent => {}
                    cell => {
                        fact.value = Some(show_cell(&cell, plan));
                        fact.provenance = Some(Provenance::Derived);
                        fact.absent = None;
                    }
                }
            }
        }
        fact
    }

    fn explain_derived(
        &self,
        fact: &mut FactUse,
        plan: &Node,
        index: usize,
        element: ElementId,
        depth: usize,
    ) {
        self.reader.touch(element);
        let Some(derived) = self.ruleset.derived.get(index) else {
            return;
        };
        let Some(module) = self.ruleset.modules.get(derived.module) else {
            return;
        };
        let found = self.derived.get(index).and_then(|c| c.get(&element));
        fact.source = Some(format!("by {}", module.id));
        match found {
            None => fact.absent = Some("the module computed nothing for this element".to_owned()),
            Some(found) => {
                if depth < MAX_EXPLANATION_DEPTH {
                    fact.from = self.facts_of_mask(
                        derived.module,
                        derived.view,
                        found.facts,
                        element,
                        depth + 1,
                    );
                }
                match &found.cell {
                    Cell::Absent => {
                        let why = found.problem.as_deref().map(str::to_owned);
                        fact.absent =
                            Some(why.unwrap_or_else(|| why_underived(&module.id, &fact.from)));
                        fact.source = None;
                    }
                    cell => {
                        fact.value = Some(show_cell(cell, plan));
                        fact.provenance = Some(Provenance::Derived);
                    }
                }
            }
        }
    }

    /// The facts of a view that these bits name.
    #[must_use]
    pub fn facts_of_mask(
        &self,
        module: usize,
        view: usize,
        mask: u64,
        element: ElementId,
        depth: usize,
    ) -> Vec<FactUse> {
        let Some(module) = self.ruleset.modules.get(module) else {
            return Vec::new();
        };
        let names = module.manifest.as_ref().and_then(|m| m.views.get(view));
        let columns = module.views.get(view);
        let (Some(names), Some(columns)) = (names, columns) else {
            return Vec::new();
        };
        names
            .facts
            .iter()
            .zip(&columns.columns)
            .enumerate()
            .filter(|(bit, _)| mask >> bit & 1 == 1)
            .map(|(_, (fact, (node, _)))| self.explain_at(&fact.name, *node, element, depth))
            .collect()
    }

    /// The title of the fact among these bits whose value is this number: the one that was measured.
    #[must_use]
    pub fn title_of_number(
        &self,
        module: usize,
        view: usize,
        mask: u64,
        element: ElementId,
        number: f64,
    ) -> Option<String> {
        let columns = &self.ruleset.modules.get(module)?.views.get(view)?.columns;
        let near =
            |x: f64| (x - number).abs() <= plancheck_contract::COMPARISON_TOLERANCE * x.abs();
        columns
            .iter()
            .enumerate()
            .filter(|(bit, _)| mask >> bit & 1 == 1)
            .find(
                |(_, (node, _))| matches!(self.cell(*node, element), Cell::Number(x, _) if near(x)),
            )
            .and_then(|(_, (node, _))| self.ruleset.plan.node(*node))
            .map(|n| n.title.clone())
    }

    fn explain_aggregate(
        &self,
        fact: &mut FactUse,
        plan: &Node,
        members: &[ElementId],
        relation: &str,
        value: Option<NodeId>,
        filter: Option<NodeId>,
    ) {
        let relation = &relation.replace('_', " ");
        if members.is_empty() {
            fact.absent = Some(format!("the model has no {relation} here"));
            fact.note = Some("there are none".to_owned());
            return;
        }
        let mut note = format!("{relation} looked at: {}", members.len());
        for wanted in [filter, value].into_iter().flatten() {
            let absent: Vec<ElementId> = members
                .iter()
                .copied()
                .filter(|m| self.member(wanted, *m) == Cell::Absent)
                .collect();
            let Some(first) = absent.first() else {
                continue;
            };
            let why = self.explain_at("", wanted, *first, MAX_EXPLANATION_DEPTH - 1);
            let asked = why.asked();
            let reason = why.absent.unwrap_or_default();
            let text = format!(
                "{} is not known for {} of {} {relation}, first {} ({reason})",
                asked,
                absent.len(),
                members.len(),
                self.label(*first),
            );
            note.push_str("; ");
            note.push_str(&text);
            if fact.absent.is_none() {
                fact.absent = Some(text);
            }
        }
        if fact.absent.is_none() {
            fact.absent = Some(format!("{} has no value", within(&plan.title)));
        }
        fact.note = Some(note);
    }

    /// An element for people: its name, else its GlobalId.
    #[must_use]
    pub fn label(&self, element: ElementId) -> String {
        self.reader.touch(element);
        let model = self.reader.model();
        match model.element_name(element) {
            Some(name) if !name.trim().is_empty() => {
                format!("{:?}", crate::report::finding::shortened(&name))
            }
            _ => model.global_id(element).into_owned(),
        }
    }
}

/// Why a module derived no value, from what it looked at.
fn why_underived(module: &str, from: &[FactUse]) -> String {
    let missing: Vec<String> = from
        .iter()
        .filter_map(|f| f.absent.as_ref().map(|a| format!("{}: {a}", f.asked())))
        .collect();
    if !missing.is_empty() {
        return missing.join("; ");
    }
    let known: Vec<String> = from
        .iter()
        .filter_map(|f| {
            f.value
                .as_ref()
                .map(|v| format!("{} {v:?}", within(&f.title)))
        })
        .collect();
    if known.is_empty() {
        "what it is computed from is not known".to_owned()
    } else {
        format!("{module} has no value for {}", known.join(" with "))
    }
}

fn blank(name: &str, title: &str, path: &str) -> FactUse {
    FactUse {
        name: name.to_owned(),
        title: title.to_owned(),
        path: path.to_owned(),
        value: None,
        provenance: None,
        source: None,
        record: None,
        note: None,
        absent: None,
        from: Vec::new(),
        question: None,
    }
}

/// What a yes-or-no fact asks.
fn whether(title: &str) -> String {
    match title {
        "Exit" => "whether it is an exit".to_owned(),
        "Corridor" => "whether it is a corridor".to_owned(),
        other => format!("whether it is {}", within(other)),
    }
}

fn known_fact(fact: &mut FactUse, plan: &Node, known: Known) {
    fact.value = Some(show_cell(
        &Cell::from_value(&known.value, known.tolerance),
        plan,
    ));
    fact.provenance = Some(known.provenance);
    fact.source = Some(known.source);
    fact.record = known.record;
    fact.note = known.note;
}

fn show_cell(cell: &Cell, plan: &Node) -> String {
    match cell {
        Cell::Absent => String::new(),
        Cell::Number(x, t) => {
            crate::report::wording::range(*x, *t, unit_for_people(plan.dimension))
        }
        Cell::Boolean(b) => display(&Value::Boolean(*b), None),
        Cell::Text(t) => crate::report::finding::shortened(t),
    }
}
