//! A session: a model, a ruleset, and what is still to be asked of the modules.
//!
//! [`Session::next_call`] gives the next question, [`Session::reply`] takes the answer; when no
//! question is left the check is complete. After an edit only rows that depend on what was edited
//! are asked about again, and the result is the same as that of a check from scratch.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use plancheck_contract::{Batch, Columns, FactKind, Kind, Verdicts, check};
use thiserror::Error;

use super::batch::Builder;
use super::edit::{self, Edit, EditError, Structure};
use super::evaluate::{Cell, DerivedCell, DerivedColumn, Evaluator, Memo};
use super::ruleset::{Asks, ModuleSlot, Problem, Ruleset, Stage};
use super::store::{Judged, Store};
use crate::facts::Dependencies;
use crate::model::{ElementId, Model, ModelError};
use crate::report::{Delta, Report, finding};

/// Rows in one batch: bounds what a module must hold (100 000 rows of 4 facts are 3.2 MB), and
/// keeps a batch within its deadline.
const MAX_BATCH_ROWS: usize = 1 << 17;
/// A module that ran into its deadline this often is not asked again in this check: each further
/// question would cost another deadline.
const MAX_DEADLINES: u32 = 2;

/// A question to a module.
#[derive(Clone, Debug)]
pub struct Call {
    /// Names this call in [`Session::reply`].
    pub id: u32,
    /// Position of the module in the ruleset.
    pub module: usize,
    /// What is asked.
    pub question: Question,
    /// About which rows.
    pub batch: Batch,
}

/// What is asked: positions in the module's manifest.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Derived facts.
    Derive(Vec<u32>),
    /// Rules.
    Evaluate(Vec<u32>),
}

/// A module's answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// To [`Question::Derive`].
    Columns(Columns),
    /// To [`Question::Evaluate`].
    Verdicts(Verdicts),
    /// There is none.
    Failure(Problem),
}

/// Why an answer or a request cannot be taken.
#[derive(Debug, Error, PartialEq)]
pub enum ReplyError {
    /// No such call is open.
    #[error("call {0} is not open")]
    NotOpen(u32),
    /// The check is not complete.
    #[error("the check is not complete: questions are open")]
    Incomplete,
}

/// What is known of a row of a stage.
#[derive(Debug)]
struct Row {
    dependencies: Vec<Arc<Dependencies>>,
    admitted: bool,
}

#[derive(Debug)]
struct Pending {
    id: u32,
    stage: usize,
    /// Positions of rules in the ruleset, or of derived facts.
    asked: Vec<usize>,
    rows: Vec<ElementId>,
}

#[derive(Debug)]
struct Work {
    stage: usize,
    asked: Vec<usize>,
    rows: Vec<ElementId>,
}

/// A model with a ruleset.
pub struct Session {
    model: Model,
    ruleset: Ruleset,
    derived: Vec<DerivedColumn>,
    memo: Memo,
    rows: Vec<BTreeMap<ElementId, Row>>,
    store: Store,
    deadlines: Vec<u32>,
    /// Elements that were edited or whose derived facts changed, in this pass.
    edited: HashSet<ElementId>,
    structure: Structure,
    fresh: bool,
    edit_number: u64,
    next_stage: usize,
    queue: VecDeque<Work>,
    pending: Option<Pending>,
    next_id: u32,
    detail: bool,
}

impl Session {
    /// Reads a model.
    ///
    /// # Errors
    /// The bytes are no model; see [`ModelError`].
    pub fn load(bytes: Vec<u8>) -> Result<Session, ModelError> {
        Ok(Session::new(Model::load(bytes)?))
    }

    /// A session over a model without a ruleset.
    #[must_use]
    pub fn new(model: Model) -> Session {
        let mut session = Session {
            model,
            ruleset: Ruleset::default(),
            derived: Vec::new(),
            memo: Memo::default(),
            rows: Vec::new(),
            store: Store::default(),
            deadlines: Vec::new(),
            edited: HashSet::new(),
            structure: Structure::Same,
            fresh: true,
            edit_number: 0,
            next_stage: 0,
            queue: VecDeque::new(),
            pending: None,
            next_id: 0,
            detail: false,
        };
        session.use_modules(Vec::new());
        session
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The ruleset.
    #[must_use]
    pub fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// Whether rows that pass are reported too, with what was measured.
    pub fn set_detail(&mut self, detail: bool) {
        self.detail = detail;
        self.restart();
    }

    /// Sets the ruleset and starts a check from scratch.
    pub fn use_modules(&mut self, modules: Vec<ModuleSlot>) {
        self.ruleset = Ruleset::new(modules);
        self.restart();
    }

    /// Forgets all verdicts: the next questions are about every row.
    pub fn restart(&mut self) {
        self.derived = (0..self.ruleset.derived.len()).map(|_| DerivedColumn::default()).collect();
        self.memo = Memo::default();
        self.rows = (0..self.ruleset.stages.len()).map(|_| BTreeMap::new()).collect();
        self.store = Store::new(self.ruleset.rules.len());
        self.deadlines = vec![0; self.ruleset.modules.len()];
        self.edited.clear();
        self.structure = Structure::Same;
        self.fresh = true;
        self.next_stage = 0;
        self.queue.clear();
        self.pending = None;
    }

    /// Applies edits. The next questions are about the rows that depend on them.
    ///
    /// # Errors
    /// An edit names an element that is not there, or the model refuses it; the edits before it
    /// are applied and will be re-checked.
    pub fn edit(&mut self, edits: Vec<Edit>) -> Result<(), EditError> {
        if self.pending.is_some() || !self.queue.is_empty() || self.next_stage < self.ruleset.stages.len() {
            // A check is under way: what it has found may be stale in ways nobody noted.
            self.restart();
        } else {
            self.edited.clear();
            self.structure = Structure::Same;
        }
        self.next_stage = 0;
        for (index, edit) in edits.into_iter().enumerate() {
            let edited = &mut self.edited;
            let structure = edit::apply(&mut self.model, index, edit, &mut |e| {
                edited.insert(e);
            })?;
            if structure == Structure::Changed {
                self.structure = Structure::Changed;
            }
        }
        Ok(())
    }

    /// The next question; none: the check is complete.
    pub fn next_call(&mut self) -> Option<Call> {
        if let Some(open) = self.pending.take() {
            // the caller dropped the call: ask again
            self.queue.push_front(Work { stage: open.stage, asked: open.asked, rows: open.rows });
        }
        loop {
            while let Some(work) = self.queue.pop_front() {
                if let Some(call) = self.ask(work) {
                    return Some(call);
                }
            }
            if self.next_stage >= self.ruleset.stages.len() {
                self.fresh = false;
                return None;
            }
            self.plan_stage(self.next_stage);
            self.next_stage += 1;
        }
    }

    /// Finds the rows of a stage that must be asked about, and queues them.
    fn plan_stage(&mut self, index: usize) {
        let Some(stage) = self.ruleset.stages.get(index).cloned() else { return };
        let Some(view) = self.ruleset.view(&stage) else { return };
        let asked = match &stage.asks {
            Asks::Derived(facts) => facts.clone(),
            Asks::Rules(rules) => rules.clone(),
        };
        let Some(known) = self.rows.get_mut(index) else { return };
        let mut dirty: Vec<ElementId> = if self.fresh {
            self.model.of_class(&view.class)
        } else {
            self.edit_number += 1;
            let (number, edited) = (self.edit_number, &self.edited);
            let edited = |e: ElementId| edited.contains(&e);
            self.memo.forget(number, &edited);
            known
                .iter()
                .filter(|(e, row)| {
                    edited(**e) || row.dependencies.iter().any(|d| d.touched_by(number, &edited))
                })
                .map(|(e, _)| *e)
                .collect()
        };
        if !self.fresh && self.structure == Structure::Changed {
            let now: HashSet<ElementId> = self.model.of_class(&view.class).into_iter().collect();
            let gone: Vec<ElementId> = known.keys().filter(|e| !now.contains(e)).copied().collect();
            dirty.extend(now.iter().filter(|e| !known.contains_key(e)));
            for e in &gone {
                known.remove(e);
            }
            for e in gone {
                dirty.retain(|d| *d != e);
                self.forget_row(&stage, e);
            }
        }
        dirty.sort_unstable();
        dirty.dedup();
        for rows in dirty.chunks(MAX_BATCH_ROWS) {
            self.queue.push_back(Work { stage: index, asked: asked.clone(), rows: rows.to_vec() });
        }
    }

    /// Drops what is known of a row.
    fn forget_row(&mut self, stage: &Stage, element: ElementId) {
        match &stage.asks {
            Asks::Derived(facts) => {
                for fact in facts {
                    if self.derived.get_mut(*fact).and_then(|c| c.remove(&element)).is_some() {
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
    fn ask(&mut self, work: Work) -> Option<Call> {
        let stage = self.ruleset.stages.get(work.stage)?.clone();
        let module = self.ruleset.modules.get(stage.module)?;
        let view = module.views.get(stage.view)?;
        let evaluator = Evaluator::new(&self.model, &self.ruleset, &self.derived, &self.memo);
        let mut builder = Builder::new(view.columns.iter().map(|c| c.1));
        let (mut admitted, mut refused) = (Vec::with_capacity(work.rows.len()), Vec::new());
        let known = self.rows.get_mut(work.stage)?;
        for element in work.rows {
            let (is_in, dependencies) = evaluator.reader.record(|| {
                evaluator.reader.touch(element);
                if let Some(node) = view.only_if
                    && evaluator.cell(node, element).as_kind(FactKind::Boolean) != Cell::Boolean(true)
                {
                    return false;
                }
                builder.push(view.columns.iter().map(|(node, _)| evaluator.cell(*node, element)));
                true
            });
            known.insert(element, Row { dependencies: vec![dependencies], admitted: is_in });
            if is_in { admitted.push(element) } else { refused.push(element) }
        }
        let parameters = module.parameters.clone();
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
                message: format!("not asked: the module ran into its deadline {MAX_DEADLINES} times"),
            };
            self.fail(&stage, &asked, &admitted, &problem);
            return None;
        }
        let batch = builder.finish(view_number, parameters, self.detail);
        let question = match &stage.asks {
            Asks::Derived(_) => Question::Derive(self.manifest_indices(&asked, |s, i| {
                s.ruleset.derived.get(i).map(|d| d.index)
            })),
            Asks::Rules(_) => Question::Evaluate(self.manifest_indices(&asked, |s, i| {
                s.ruleset.rules.get(i).map(|r| r.index)
            })),
        };
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        self.pending = Some(Pending { id, stage: work.stage, asked, rows: admitted });
        Some(Call { id, module: module_number, question, batch })
    }

    fn manifest_indices(&self, asked: &[usize], index: fn(&Session, usize) -> Option<usize>) -> Vec<u32> {
        asked.iter().filter_map(|i| index(self, *i)).filter_map(|i| u32::try_from(i).ok()).collect()
    }

    /// Takes a module's answer. One that breaks the contract counts as a failure of the module.
    ///
    /// # Errors
    /// No such call is open.
    pub fn reply(&mut self, id: u32, answer: Answer) -> Result<(), ReplyError> {
        let pending = match self.pending.take() {
            Some(pending) if pending.id == id => pending,
            other => {
                self.pending = other;
                return Err(ReplyError::NotOpen(id));
            }
        };
        let Some(stage) = self.ruleset.stages.get(pending.stage).cloned() else { return Ok(()) };
        let rows = u32::try_from(pending.rows.len()).unwrap_or(u32::MAX);
        let problem = match (&stage.asks, answer) {
            (Asks::Rules(_), Answer::Verdicts(verdicts)) => {
                match self.check_verdicts(&stage, &pending, &verdicts, rows) {
                    Ok(()) => {
                        self.take_verdicts(&stage, &pending, &verdicts);
                        return Ok(());
                    }
                    Err(bad) => Problem { code: "bad-answer".to_owned(), message: bad.to_string() },
                }
            }
            (Asks::Derived(_), Answer::Columns(columns)) => {
                match self.check_columns(&stage, &pending, &columns, rows) {
                    Ok(()) => {
                        self.take_columns(&pending, &columns);
                        return Ok(());
                    }
                    Err(bad) => Problem { code: "bad-answer".to_owned(), message: bad.to_string() },
                }
            }
            (_, Answer::Failure(problem)) => problem,
            _ => Problem {
                code: "bad-answer".to_owned(),
                message: "verdicts were given for derived facts, or the reverse".to_owned(),
            },
        };
        if problem.code == "deadline"
            && let Some(count) = self.deadlines.get_mut(stage.module)
        {
            *count += 1;
        }
        if pending.asked.len() > 1 {
            // One of several broke the batch: ask each alone, so that the others keep theirs.
            for asked in pending.asked.iter().rev() {
                self.queue.push_front(Work {
                    stage: pending.stage,
                    asked: vec![*asked],
                    rows: pending.rows.clone(),
                });
            }
        } else {
            self.fail(&stage, &pending.asked, &pending.rows, &problem);
        }
        Ok(())
    }

    fn view_facts(&self, stage: &Stage) -> usize {
        self.ruleset.view(stage).map_or(0, |v| v.columns.len())
    }

    fn check_verdicts(
        &self,
        stage: &Stage,
        pending: &Pending,
        verdicts: &Verdicts,
        rows: u32,
    ) -> Result<(), check::BadAnswer> {
        let messages: Vec<u32> = pending
            .asked
            .iter()
            .map(|rule| self.ruleset.rule(*rule).map_or(0, |(_, r)| r.messages.len()))
            .map(|count| u32::try_from(count).unwrap_or(u32::MAX))
            .collect();
        check::check_verdicts(verdicts, pending.asked.len(), rows, Some(&messages))?;
        check::check_facts(&verdicts.facts, self.view_facts(stage))
    }

    fn check_columns(
        &self,
        stage: &Stage,
        pending: &Pending,
        columns: &Columns,
        rows: u32,
    ) -> Result<(), check::BadAnswer> {
        let texts: Vec<bool> = pending.asked.iter().map(|fact| self.is_text(*fact)).collect();
        check::check_columns(columns, pending.asked.len(), rows, Some(&texts))?;
        check::check_facts(&columns.facts, self.view_facts(stage))
    }

    /// Whether a derived fact is a text.
    fn is_text(&self, fact: usize) -> bool {
        self.ruleset.derived.get(fact).is_some_and(|d| {
            let manifest = self.ruleset.modules.get(d.module).and_then(|m| m.manifest.as_ref());
            manifest.and_then(|m| m.derived.get(d.index)).is_some_and(|d| d.kind == FactKind::Text)
        })
    }

    /// Marks rules or derived facts as not to be had.
    fn fail(&mut self, stage: &Stage, asked: &[usize], rows: &[ElementId], problem: &Problem) {
        let module = self.ruleset.modules.get(stage.module).map(|m| m.id.clone()).unwrap_or_default();
        match &stage.asks {
            Asks::Rules(_) => {
                for rule in asked {
                    self.store.fail(*rule, problem);
                }
            }
            Asks::Derived(_) => {
                let why: Arc<str> = Arc::from(format!("{module} failed: {} ({})", problem.message, problem.code));
                for fact in asked {
                    for row in rows {
                        let cell = DerivedCell { cell: Cell::Absent, facts: 0, problem: Some(Arc::clone(&why)) };
                        self.set_derived(*fact, *row, cell);
                    }
                }
            }
        }
    }

    fn set_derived(&mut self, fact: usize, row: ElementId, cell: DerivedCell) {
        let Some(column) = self.derived.get_mut(fact) else { return };
        if column.get(&row) != Some(&cell) {
            column.insert(row, cell);
            self.edited.insert(row);
        }
    }

    fn take_columns(&mut self, pending: &Pending, columns: &Columns) {
        let rows = pending.rows.len();
        for (n, fact) in pending.asked.iter().enumerate() {
            let is_text = self.is_text(*fact);
            for (at, row) in pending.rows.iter().enumerate() {
                let value = columns.values.get(n * rows + at).copied().unwrap_or(f64::NAN);
                let tolerance = columns.tolerances.get(n * rows + at).copied().unwrap_or(0.0);
                let cell = if value.is_nan() {
                    Cell::Absent
                } else if is_text {
                    columns.text_at(value).map_or(Cell::Absent, |t| Cell::Text(Arc::from(t)))
                } else {
                    Cell::Number(value, tolerance)
                };
                let facts = columns.facts.get(n * rows + at).copied().unwrap_or(0);
                self.set_derived(*fact, *row, DerivedCell { cell, facts, problem: None });
            }
        }
    }

    fn take_verdicts(&mut self, stage: &Stage, pending: &Pending, verdicts: &Verdicts) {
        let mut judged: BTreeMap<(usize, ElementId), (Judged, Option<Arc<Dependencies>>)> = BTreeMap::new();
        {
            let evaluator = Evaluator::new(&self.model, &self.ruleset, &self.derived, &self.memo);
            for (rule, row, verdict) in finding::entries(verdicts) {
                let (Some(rule), Some(element)) = (pending.asked.get(rule), pending.rows.get(row)) else { continue };
                let entry = if verdict.kind == Kind::NotApplicable {
                    (Judged::NotApplicable, None)
                } else {
                    let (finding, dependencies) = evaluator
                        .reader
                        .record(|| finding::word(&evaluator, &self.ruleset, stage, *rule, *element, &verdict));
                    match finding {
                        Some(finding) => (Judged::Finding(Box::new(finding)), Some(dependencies)),
                        None => continue,
                    }
                };
                judged.insert((*rule, *element), entry);
            }
        }
        for rule in &pending.asked {
            for row in &pending.rows {
                match judged.remove(&(*rule, *row)) {
                    None => self.store.set(*rule, *row, None),
                    Some((entry, dependencies)) => {
                        self.store.set(*rule, *row, Some(entry));
                        let known = self.rows.get_mut(pending.stage).and_then(|r| r.get_mut(row));
                        if let (Some(known), Some(dependencies)) = (known, dependencies) {
                            known.dependencies.push(dependencies);
                        }
                    }
                }
            }
        }
    }

    /// Whether every question has been answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.pending.is_none() && self.queue.is_empty() && self.next_stage >= self.ruleset.stages.len()
    }

    /// Rows that a rule governs.
    #[must_use]
    pub fn governed(&self, rule: usize) -> u64 {
        let rows = self.ruleset.rules.get(rule).and_then(|r| self.rows.get(r.stage));
        rows.map_or(0, |rows| rows.values().filter(|r| r.admitted).count() as u64)
    }

    /// The report.
    ///
    /// # Errors
    /// The check is not complete.
    pub fn report(&mut self) -> Result<Report<'_>, ReplyError> {
        if !self.is_complete() {
            return Err(ReplyError::Incomplete);
        }
        self.store.settle();
        Ok(Report::new(self))
    }

    /// Findings added, resolved and changed since the last report or delta.
    ///
    /// # Errors
    /// The check is not complete.
    pub fn delta(&mut self) -> Result<Delta, ReplyError> {
        if !self.is_complete() {
            return Err(ReplyError::Incomplete);
        }
        let changes = self.store.take_changes();
        Ok(Delta::new(self, changes))
    }

    /// All rules' states.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}
