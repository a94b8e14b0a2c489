//! The asking half of a session: which rows of a stage are to be asked about, and what they hold.

use std::collections::HashSet;

use plancheck_contract::{Batch, FactKind};

use super::batch::Builder;
use super::edit::Structure;
use super::evaluate::{Cell, Evaluator};
use super::own;
use super::path::NodeId;
use super::ruleset::{Asks, Problem, Ruleset, Stage, ViewPlan};
use super::session::{Call, MAX_DEADLINES, Pending, Question, Row, Session, Work};
use crate::model::{ElementId, Model};

/// Rows in one batch: bounds what a module must hold (100 000 rows of 4 facts are 3.2 MB), and
/// keeps a batch within its deadline.
const MAX_BATCH_ROWS: usize = 1 << 17;
/// The class of everything that an object type may be.
const ANY: &str = "IfcObject";

/// The rows that a view may have.
fn candidates(model: &Model, ruleset: &Ruleset, view: &ViewPlan) -> Vec<ElementId> {
    match ruleset.type_of_rows(view) {
        Some(types) => {
            let mut rows = model.of_given_type(types);
            if view.class != ANY {
                rows.retain(|e| model.is_a(*e, &view.class));
            }
            rows
        }
        None => model.of_class(&view.class),
    }
}

/// Whether a view has this row.
fn admits(evaluator: &Evaluator<'_>, view: &ViewPlan, element: ElementId) -> bool {
    let holds = |node| evaluator.cell_as(node, element, FactKind::Boolean) == Cell::Boolean(true);
    let is_one_of = |(node, wanted): &(NodeId, Vec<String>)| match evaluator.cell_as(
        *node,
        element,
        FactKind::Text,
    ) {
        Cell::Text(text) => wanted.iter().any(|w| **w == *text),
        _ => false,
    };
    view.only_if.is_none_or(holds) && view.only.as_ref().is_none_or(is_one_of)
}

/// Reads rows: a batch of those that the view has, and what each depends on.
fn read(
    evaluator: &Evaluator<'_>,
    view: &ViewPlan,
    rows: &[ElementId],
) -> (Batch, Vec<(ElementId, Row)>) {
    let mut builder = Builder::new(view.columns.iter().map(|c| c.1));
    let mut read = Vec::with_capacity(rows.len());
    let own = evaluator.ruleset.is_own(view);
    for element in rows.iter().copied() {
        let mut push = || {
            if !admits(evaluator, view, element) {
                return false;
            }
            let columns = view.columns.iter();
            builder.push(columns.map(|(node, kind)| evaluator.cell_as(*node, element, *kind)));
            true
        };
        let (admitted, dependencies) = if own {
            (push(), Vec::new())
        } else {
            let (admitted, dependencies) = evaluator.reader.record(|| {
                evaluator.reader.touch(element);
                push()
            });
            (admitted, vec![dependencies])
        };
        let row = Row {
            dependencies,
            admitted,
        };
        read.push((element, row));
    }
    (builder.finish(0, Vec::new(), false), read)
}

impl Session {
    /// Finds the rows of a stage that must be asked about, and queues them.
    pub(super) fn plan_stage(&mut self, index: usize) {
        let Some(stage) = self.ruleset.stages.get(index).cloned() else {
            return;
        };
        let Some(view) = self.ruleset.view(&stage) else {
            return;
        };
        let asked = match &stage.asks {
            Asks::Derived(facts) => facts.clone(),
            Asks::Rules(rules) => rules.clone(),
        };
        let Some(known) = self.rows.get_mut(index) else {
            return;
        };
        let mut dirty: Vec<ElementId> = if self.fresh {
            candidates(&self.model, &self.ruleset, view)
        } else {
            self.edit_number += 1;
            let (number, edited) = (self.edit_number, &self.edited);
            self.memo.forget(number, edited);
            let edited = |e: ElementId| edited.contains(e);
            known
                .iter()
                .filter(|(e, row)| {
                    edited(**e)
                        || row
                            .dependencies
                            .iter()
                            .any(|d| d.touched_by(number, &edited))
                })
                .map(|(e, _)| *e)
                .collect()
        };
        let (whole, by_type) = (view.whole, self.ruleset.type_of_rows(view).is_some());
        let mut less = false;
        if !self.fresh && (by_type || self.structure == Structure::Changed) {
            let now = candidates(&self.model, &self.ruleset, view);
            let now: HashSet<ElementId> = now.into_iter().collect();
            let gone: Vec<ElementId> = known.keys().filter(|e| !now.contains(e)).copied().collect();
            dirty.extend(now.iter().filter(|e| !known.contains_key(e)));
            less = !gone.is_empty();
            for e in &gone {
                known.remove(e);
            }
            for e in gone {
                dirty.retain(|d| *d != e);
                self.forget_row(&stage, e);
            }
        }
        if whole
            && (less || !dirty.is_empty())
            && let Some(known) = self.rows.get(index)
        {
            dirty.extend(known.keys());
        }
        dirty.sort_unstable();
        dirty.dedup();
        let most = if whole { usize::MAX } else { MAX_BATCH_ROWS };
        for rows in dirty.chunks(most) {
            self.queue.push_back(Work {
                stage: index,
                asked: asked.clone(),
                rows: rows.to_vec(),
            });
        }
    }

    /// Drops what is known of a row.
    fn forget_row(&mut self, stage: &Stage, element: ElementId) {
        match &stage.asks {
            Asks::Derived(facts) => {
                for fact in facts {
                    if self
                        .derived
                        .get_mut(*fact)
                        .and_then(|c| c.remove(&element))
                        .is_some()
                    {
                        self.edited.insert(element);
                    }
                }
            }
            Asks::Rules(rules) => {
                for rule in rules {
                    self.store.set(*rule, element, None);
                }
            }
        }
    }

    /// Reads the rows of some work and makes a call of them; none when no row is governed.
    pub(super) fn ask(&mut self, work: Work) -> Option<Call> {
        let stage = self.ruleset.stages.get(work.stage)?.clone();
        let module = self.ruleset.modules.get(stage.module)?;
        let view = module.views.get(stage.view)?;
        let parameters = module.parameters.clone();
        let symbols = &mut self.symbols;
        // Read as everything else in a page: there bytes that cross the network count more than the
        // milliseconds that this saves of tens of thousands of objects.
        let own = match self.fresh && !cfg!(feature = "browser") {
            true => own::batch(&self.model, &self.ruleset, view, &work.rows, symbols),
            false => None,
        };
        let (batch, admitted, refused) = match own {
            Some(batch) => {
                // Put among the known rows when words are made.
                self.own_rows.push((work.stage, work.rows.clone()));
                (batch, work.rows, Vec::new())
            }
            None => {
                let evaluator =
                    Evaluator::new(&self.model, &self.ruleset, &self.derived, &self.memo);
                let (batch, read) = read(&evaluator, view, &work.rows);
                let is_in = |wanted: bool| {
                    let rows = read.iter().filter(move |(_, row)| row.admitted == wanted);
                    rows.map(|(element, _)| *element).collect()
                };
                let (admitted, refused): (Vec<_>, Vec<_>) = (is_in(true), is_in(false));
                self.rows.get_mut(work.stage)?.extend(read);
                (batch, admitted, refused)
            }
        };
        let view_number = u32::try_from(stage.view).unwrap_or(u32::MAX);
        let module_number = stage.module;
        let asked = work.asked;
        for element in refused {
            self.forget_row(&stage, element);
        }
        if admitted.is_empty() {
            return None;
        }
        if self.deadlines.get(module_number).copied().unwrap_or(0) >= MAX_DEADLINES {
            let problem = Problem {
                code: "deadline".to_owned(),
                message: format!(
                    "not asked: the module ran into its deadline {MAX_DEADLINES} times"
                ),
            };
            self.fail(&stage, &asked, &admitted, &problem);
            return None;
        }
        let batch = Batch {
            view: view_number,
            parameters,
            detail: self.detail,
            ..batch
        };
        let question = match &stage.asks {
            Asks::Derived(_) => Question::Derive(
                self.manifest_indices(&asked, |s, i| s.ruleset.derived.get(i).map(|d| d.index)),
            ),
            Asks::Rules(_) => Question::Evaluate(
                self.manifest_indices(&asked, |s, i| s.ruleset.rules.get(i).map(|r| r.index)),
            ),
        };
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        self.open.push_back(Pending {
            id,
            stage: work.stage,
            asked,
            rows: admitted,
        });
        Some(Call {
            id,
            module: module_number,
            question,
            batch,
        })
    }

    fn manifest_indices(
        &self,
        asked: &[usize],
        index: fn(&Session, usize) -> Option<usize>,
    ) -> Vec<u32> {
        asked
            .iter()
            .filter_map(|i| index(self, *i))
            .filter_map(|i| u32::try_from(i).ok())
            .collect()
    }
}
