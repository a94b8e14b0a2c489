//! Reading facts for rows: along relations, over aggregates, with derived facts; and explaining
//! afterwards where a value came from.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use plancheck_contract::FactKind;

use super::marks::Marks;
use super::path::{Expr, NodeId, Op, Raw};
use super::ruleset::Ruleset;
use crate::facts::{Dependencies, Fact, Outcome, Reader, Resolved, believed, resolve};
use crate::model::{ElementId, Model, Origin, Reading, Value};

/// A fact of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Not known.
    Absent,
    /// In SI, plus or minus.
    Number(f64, f64),
    /// Yes or no.
    Boolean(bool),
    /// A text.
    Text(Arc<str>),
}

impl Cell {
    pub(super) fn from_value(value: &Value, tolerance: f64) -> Cell {
        match value {
            Value::Number(x) => Cell::Number(*x, tolerance),
            Value::Boolean(b) => Cell::Boolean(*b),
            Value::Text(t) => Cell::Text(Arc::from(t.as_str())),
            Value::Range(low, high) => {
                Cell::Number((low + high) / 2.0, tolerance + (high - low) / 2.0)
            }
            Value::Unusable(_) => Cell::Absent,
        }
    }

    fn of(resolved: &Resolved) -> Cell {
        match resolved {
            Resolved::Known(known) => Cell::from_value(&known.value, known.tolerance),
            Resolved::Absent(_) => Cell::Absent,
        }
    }

    /// The cell as a column of this type holds it.
    #[must_use]
    pub fn as_kind(self, kind: FactKind) -> Cell {
        match (kind, self) {
            (FactKind::Number, Cell::Boolean(b)) => Cell::Number(f64::from(u8::from(b)), 0.0),
            (FactKind::Text, Cell::Number(x, _)) => Cell::Text(Arc::from(x.to_string())),
            (FactKind::Text, Cell::Boolean(b)) => {
                Cell::Text(Arc::from(if b { "true" } else { "false" }))
            }
            (FactKind::Boolean, Cell::Text(t)) => {
                crate::facts::text::boolean(&t).map_or(Cell::Absent, Cell::Boolean)
            }
            (FactKind::Number, cell @ Cell::Number(..))
            | (FactKind::Text, cell @ Cell::Text(_))
            | (FactKind::Boolean, cell @ Cell::Boolean(_)) => cell,
            _ => Cell::Absent,
        }
    }
}

/// A value that a module computed, and which facts of its view it used or missed.
#[derive(Clone, Debug, PartialEq)]
pub struct DerivedCell {
    /// The value.
    pub cell: Cell,
    /// Bits of the view's facts.
    pub facts: u64,
    /// Why the module gave none, when it failed.
    pub problem: Option<Arc<str>>,
}

/// The values of one derived fact.
pub type DerivedColumn = HashMap<ElementId, DerivedCell>;

/// What was computed over relations, and of their members, kept until an edit touches it: one door
/// of a storey that is edited costs one door, not all of them.
#[derive(Debug, Default)]
pub struct Memo {
    cells: RefCell<HashMap<(NodeId, ElementId), Remembered>>,
    /// [`Marks::insertions`] when it last forgot.
    forgot: u64,
    /// What facts resolved to since the last edit: modules ask for the same facts of an element, and
    /// its findings explain them. None in a check of everything, which would keep too much.
    facts: Option<RefCell<HashMap<FactOf, ResolvedOnce>>>,
}

type Remembered = (Cell, Arc<Dependencies>);
/// The address of a fact in the catalogue, and an element.
type FactOf = (usize, ElementId);
type ResolvedOnce = (Arc<Resolved>, Arc<Dependencies>);

/// Facts that are kept: those of a few hundred rows. More rows are dirty after few edits, and then
/// the texts of their facts take more memory than reading them again takes time.
const MAX_FACTS: usize = 4_096;

impl Memo {
    /// The model is about to be edited: from now on facts are kept until the next edit.
    pub(super) fn begin_edit(&mut self) {
        self.facts.get_or_insert_default().get_mut().clear();
    }

    /// Forgets what depends on a mark, if there were new ones since it last did.
    pub(super) fn forget(&mut self, edit: u64, edited: &Marks) {
        if self.forgot == edited.insertions() {
            return;
        }
        self.forgot = edited.insertions();
        let is_edited = |e: ElementId| edited.contains(e);
        self.cells.get_mut().retain(|(_, element), (_, deps)| {
            !edited.contains(*element) && !deps.touched_by(edit, &is_edited)
        });
    }
}

/// Reads facts for rows.
pub struct Evaluator<'s> {
    /// Notes dependencies.
    pub reader: Reader<'s>,
    pub(super) ruleset: &'s Ruleset,
    pub(super) derived: &'s [DerivedColumn],
    memo: &'s Memo,
}

impl<'s> Evaluator<'s> {
    /// An evaluator over a model, a ruleset and what its modules derived so far.
    #[must_use]
    pub fn new(
        model: &'s Model,
        ruleset: &'s Ruleset,
        derived: &'s [DerivedColumn],
        memo: &'s Memo,
    ) -> Self {
        Evaluator {
            reader: Reader::new(model),
            ruleset,
            derived,
            memo,
        }
    }

    /// The value of a path for an element.
    #[must_use]
    pub fn cell(&self, node: NodeId, element: ElementId) -> Cell {
        let Some(plan) = self.ruleset.plan.node(node) else {
            return Cell::Absent;
        };
        match &plan.expr {
            Expr::Fact(fact) => match self.kept(fact, element) {
                Some(kept) => Cell::of(&kept),
                None => Cell::of(&resolve(&self.reader, fact, element)),
            },
            Expr::Derived(index) => {
                self.reader.touch(element);
                let column = self.derived.get(*index);
                column
                    .and_then(|c| c.get(&element))
                    .map_or(Cell::Absent, |d| d.cell.clone())
            }
            Expr::Raw(Raw::Given(own), _) => {
                self.reader.touch(element);
                own.any(self.reader.model(), element)
            }
            Expr::Raw(raw, (kind, dimension)) => match self.raw(raw, element) {
                Some(reading) => match believed(*kind, *dimension, reading) {
                    Outcome::Found {
                        value, tolerance, ..
                    } => Cell::from_value(&value, tolerance),
                    Outcome::Nothing | Outcome::Rejected(_) => Cell::Absent,
                },
                None => Cell::Absent,
            },
            Expr::To(follow, _, inner) => match follow(&self.reader, element) {
                Some(related) => self.cell(*inner, related),
                None => Cell::Absent,
            },
            Expr::Aggregate {
                members,
                complete,
                op,
                value,
                filter,
                ..
            } => self.remembered(node, element, || {
                if complete.is_some_and(|shown| shown(&self.reader, element).is_err()) {
                    return Cell::Absent;
                }
                let members = members(&self.reader, element);
                self.aggregate(&members, *op, *value, *filter)
            }),
        }
    }

    /// The value of a path for an element, as a column of this type holds it.
    #[must_use]
    pub fn cell_as(&self, node: NodeId, element: ElementId, kind: FactKind) -> Cell {
        match self.ruleset.plan.node(node).map(|plan| &plan.expr) {
            Some(Expr::Raw(Raw::Given(own), _)) => {
                self.reader.touch(element);
                own.cell(self.reader.model(), element, kind)
            }
            _ => self.cell(node, element).as_kind(kind),
        }
    }

    /// What a fact of the catalogue is for an element.
    pub(super) fn resolved(&self, fact: &'static Fact, element: ElementId) -> Resolved {
        match self.kept(fact, element) {
            Some(kept) => Resolved::clone(&kept),
            None => resolve(&self.reader, fact, element),
        }
    }

    /// A fact as it is kept, or will be from now on; none when nothing is kept.
    fn kept(&self, fact: &'static Fact, element: ElementId) -> Option<Arc<Resolved>> {
        let facts = self.memo.facts.as_ref()?;
        let key = (std::ptr::from_ref(fact).addr(), element);
        let known = facts.borrow().get(&key).cloned();
        if let Some((resolved, deps)) = known {
            self.reader.share(&deps);
            return Some(resolved);
        }
        let (resolved, deps) = self
            .reader
            .record(|| Arc::new(resolve(&self.reader, fact, element)));
        let mut facts = facts.borrow_mut();
        if facts.len() >= MAX_FACTS {
            facts.clear();
        }
        facts.insert(key, (Arc::clone(&resolved), deps));
        Some(resolved)
    }

    /// What is remembered of a path and an element; computed when nothing is.
    fn remembered(&self, node: NodeId, element: ElementId, compute: impl FnOnce() -> Cell) -> Cell {
        let known = self.memo.cells.borrow().get(&(node, element)).cloned();
        if let Some((cell, deps)) = known {
            self.reader.share(&deps);
            return cell;
        }
        let (cell, deps) = self.reader.record(compute);
        self.memo
            .cells
            .borrow_mut()
            .insert((node, element), (cell.clone(), deps));
        cell
    }

    /// The value of a path for a member of an aggregate.
    pub(super) fn member(&self, node: NodeId, element: ElementId) -> Cell {
        match self.ruleset.plan.node(node).map(|plan| &plan.expr) {
            Some(Expr::Fact(_) | Expr::Raw(..) | Expr::To(..)) => {
                self.remembered(node, element, || self.cell(node, element))
            }
            // Looked up, or remembered by itself.
            _ => self.cell(node, element),
        }
    }

    pub(super) fn raw(&self, raw: &Raw, element: ElementId) -> Option<Reading> {
        match raw {
            Raw::Property { set, name } => self.reader.property(element, set, name),
            Raw::Quantity { set, name } => self.reader.quantity(element, set, name),
            Raw::Attribute { name } => self.reader.attribute(element, name),
            Raw::Given(own) => {
                self.reader.touch(element);
                let value = match own.any(self.reader.model(), element) {
                    Cell::Absent => return None,
                    Cell::Number(x, _) => Value::Number(x),
                    Cell::Boolean(b) => Value::Boolean(b),
                    Cell::Text(t) => Value::Text(t.as_ref().to_owned()),
                };
                Some(Reading {
                    value,
                    dimension: None,
                    origin: Origin::Json,
                })
            }
            Raw::Classification { system } => {
                self.reader.touch(element);
                let found = self.reader.model().classifications(element);
                let found = found
                    .into_iter()
                    .find(|c| c.system.eq_ignore_ascii_case(system))?;
                let value = if found.identification.is_empty() {
                    found.name
                } else {
                    found.identification
                };
                Some(Reading {
                    value: Value::Text(value),
                    dimension: None,
                    origin: Origin::Json,
                })
            }
        }
    }

    /// Members whose filter holds, and those for which it is not known.
    fn filtered(&self, members: &[ElementId], filter: Option<NodeId>) -> (Vec<ElementId>, usize) {
        let Some(filter) = filter else {
            return (members.to_vec(), 0);
        };
        let (mut kept, mut unknown) = (Vec::new(), 0);
        for member in members {
            match self.member(filter, *member).as_kind(FactKind::Boolean) {
                Cell::Boolean(true) => kept.push(*member),
                Cell::Boolean(false) => {}
                _ => unknown += 1,
            }
        }
        (kept, unknown)
    }

    fn aggregate(
        &self,
        members: &[ElementId],
        op: Op,
        value: Option<NodeId>,
        filter: Option<NodeId>,
    ) -> Cell {
        let (kept, unknown) = self.filtered(members, filter);
        let half = unknown as f64 / 2.0;
        let Some(value) = value else {
            // between as many as are known to count, and all that may
            return Cell::Number(kept.len() as f64 + half, half);
        };
        match op {
            Op::Any | Op::All => {
                let wanted = op == Op::Any;
                let mut certain = unknown == 0;
                for member in &kept {
                    match self.member(value, *member).as_kind(FactKind::Boolean) {
                        Cell::Boolean(b) if b == wanted => return Cell::Boolean(wanted),
                        Cell::Boolean(_) => {}
                        _ => certain = false,
                    }
                }
                if certain && !kept.is_empty() {
                    Cell::Boolean(!wanted)
                } else {
                    Cell::Absent
                }
            }
            Op::Count | Op::Sum | Op::Min | Op::Max => {
                if unknown > 0 || kept.is_empty() {
                    return Cell::Absent;
                }
                let mut total: Option<(f64, f64)> = None;
                for member in &kept {
                    let Cell::Number(x, t) = self.member(value, *member) else {
                        return Cell::Absent;
                    };
                    total = Some(match (total, op) {
                        (None, _) => (x, t),
                        (Some((sum, tolerance)), Op::Sum | Op::Count) => (sum + x, tolerance + t),
                        (Some(a), Op::Min) => bounds(a, (x, t), f64::min),
                        (Some(a), _) => bounds(a, (x, t), f64::max),
                    });
                }
                total.map_or(Cell::Absent, |(x, t)| Cell::Number(x, t))
            }
        }
    }
}

/// The extreme of two ranges, as a range: each bound is the extreme of the bounds.
fn bounds(a: (f64, f64), b: (f64, f64), pick: fn(f64, f64) -> f64) -> (f64, f64) {
    let low = pick(a.0 - a.1, b.0 - b.1);
    let high = pick(a.0 + a.1, b.0 + b.1);
    if a.1 == 0.0 && b.1 == 0.0 {
        (pick(a.0, b.0), 0.0)
    } else {
        ((low + high) / 2.0, (high - low) / 2.0)
    }
}
