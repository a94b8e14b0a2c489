//! A session: a model, a ruleset, and what is still to be asked of the modules.
//!
//! [`Session::next_call`] gives the next question, [`Session::reply`] takes the answer; when no
//! question is left the check is complete. Who can ask several modules at once takes
//! [`Session::further_call`] too: questions that do not need the answer of an open one. After an
//! edit only rows that depend on what was edited are asked about again, and the result is the same
//! as that of a check from scratch.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use plancheck_contract::{Batch, Columns, Verdicts};
use thiserror::Error;

use super::chosen::ChosenPlace;
use super::edit::{self, Edit, EditError, Structure};
use super::evaluate::{DerivedColumn, Memo};
use super::marks::Marks;
use super::own::Symbols;
use super::readiness::{self, Readiness};
use super::ruleset::{Asks, Problem, Ruleset};
use super::slot::ModuleSlot;
use super::store::Store;
use crate::facts::Dependencies;
use crate::model::{ElementId, Model, ModelError};
use crate::report::{Delta, Report};

/// A module that ran into its deadline this often is not asked again in this check: each further
/// question would cost another deadline.
pub(super) const MAX_DEADLINES: u32 = 2;

/// Questions that may be open at once: more than a ruleset of two codes has stages, and few enough
/// that the batches of a very large model are not all in memory together.
const MAX_OPEN: usize = 16;

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
pub(super) struct Row {
    pub(super) dependencies: Vec<Arc<Dependencies>>,
    pub(super) admitted: bool,
}

impl Row {
    /// A row that depends on nothing but its own element.
    pub(super) fn own() -> Row {
        Row {
            dependencies: Vec::new(),
            admitted: true,
        }
    }
}

#[derive(Debug)]
pub(super) struct Pending {
    pub(super) id: u32,
    pub(super) stage: usize,
    /// Positions of rules in the ruleset, or of derived facts.
    pub(super) asked: Vec<usize>,
    pub(super) rows: Vec<ElementId>,
}

#[derive(Debug)]
pub(super) struct Work {
    pub(super) stage: usize,
    pub(super) asked: Vec<usize>,
    pub(super) rows: Vec<ElementId>,
}

/// A model with a ruleset.
pub struct Session {
    pub(super) model: Model,
    pub(super) ruleset: Ruleset,
    /// Why it was chosen.
    place: Option<ChosenPlace>,
    pub(super) derived: Vec<DerivedColumn>,
    pub(super) symbols: Symbols,
    pub(super) memo: Memo,
    pub(super) rows: Vec<BTreeMap<ElementId, Row>>,
    pub(super) store: Store,
    /// Answers of a check from scratch, held against what was asked but not yet in the store: words
    /// take far longer than verdicts, and nobody may ask for them.
    pub(super) unworded: Vec<(Pending, Verdicts)>,
    /// Rows of stages in a check from scratch that depend on nothing but their own elements, not yet
    /// among `rows`.
    pub(super) own_rows: Vec<(usize, Vec<ElementId>)>,
    pub(super) deadlines: Vec<u32>,
    /// Elements that were edited or whose derived facts changed, in this pass.
    pub(super) edited: Marks,
    pub(super) structure: Structure,
    /// Nothing is known of any row yet.
    pub(super) fresh: bool,
    pub(super) edit_number: u64,
    pub(super) next_stage: usize,
    pub(super) queue: VecDeque<Work>,
    /// In the order in which they were asked.
    pub(super) open: VecDeque<Pending>,
    pub(super) next_id: u32,
    pub(super) detail: bool,
    /// Made before the first question. What IDS asks is of the file, which does not change; the
    /// names of elements do, so a report after an edit makes it again.
    readiness: Option<Vec<Readiness>>,
    renamed: bool,
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
            place: None,
            derived: Vec::new(),
            symbols: Symbols::default(),
            memo: Memo::default(),
            rows: Vec::new(),
            store: Store::default(),
            unworded: Vec::new(),
            own_rows: Vec::new(),
            deadlines: Vec::new(),
            edited: Marks::default(),
            structure: Structure::Same,
            fresh: true,
            edit_number: 0,
            next_stage: 0,
            queue: VecDeque::new(),
            open: VecDeque::new(),
            next_id: 0,
            detail: false,
            readiness: None,
            renamed: false,
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

    /// Says why the ruleset that was set last was chosen: the report repeats it.
    pub fn set_place(&mut self, place: Option<ChosenPlace>) {
        self.place = place;
    }

    /// Why the ruleset was chosen, where somebody said so.
    #[must_use]
    pub fn place(&self) -> Option<&ChosenPlace> {
        self.place.as_ref()
    }

    /// Sets the ruleset and starts a check from scratch. Why it was chosen is to be said again.
    pub fn use_modules(&mut self, modules: Vec<ModuleSlot>) {
        self.place = None;
        self.ruleset = Ruleset::new(modules);
        self.readiness = None;
        if !readiness::asked(&self.ruleset) {
            self.check_readiness();
        }
        self.restart();
    }

    /// Forgets all verdicts: the next questions are about every row.
    pub fn restart(&mut self) {
        self.derived = (0..self.ruleset.derived.len())
            .map(|_| DerivedColumn::default())
            .collect();
        self.memo = Memo::default();
        self.rows = (0..self.ruleset.stages.len())
            .map(|_| BTreeMap::new())
            .collect();
        self.store = Store::new(self.ruleset.rules.len());
        self.unworded.clear();
        self.own_rows.clear();
        self.deadlines = vec![0; self.ruleset.modules.len()];
        self.edited.clear();
        self.structure = Structure::Same;
        self.fresh = true;
        self.next_stage = 0;
        self.queue.clear();
        self.open.clear();
    }

    /// Applies edits. The next questions are about the rows that depend on them.
    ///
    /// # Errors
    /// An edit names an element that is not there, or the model refuses it; the edits before it
    /// are applied and will be re-checked.
    pub fn edit(&mut self, edits: Vec<Edit>) -> Result<(), EditError> {
        self.word();
        if !self.open.is_empty()
            || !self.queue.is_empty()
            || self.next_stage < self.ruleset.stages.len()
        {
            // A check is under way: what it has found may be stale in ways nobody noted.
            self.restart();
        } else {
            self.edited.clear();
            self.structure = Structure::Same;
            self.fresh = false;
            self.memo.begin_edit();
        }
        self.next_stage = 0;
        self.renamed |= !edits.is_empty();
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

    /// The next question; none: the check is complete. Questions that are still open count as
    /// dropped and are asked again.
    pub fn next_call(&mut self) -> Option<Call> {
        let dropped = std::mem::take(&mut self.open);
        self.ask_again(dropped);
        self.further_call()
    }

    /// A question beside those that are open; none: it needs the answers to these, or all questions
    /// are asked. Whatever the order of asking, the outcome is that of asking one by one: see
    /// [`Session::reply`].
    pub fn further_call(&mut self) -> Option<Call> {
        if self.readiness.is_none() {
            self.check_readiness();
        }
        loop {
            if self.open.len() >= MAX_OPEN || self.open.iter().any(|open| self.derives(open)) {
                return None;
            }
            if let Some(work) = self.queue.pop_front() {
                if let Some(call) = self.ask(work) {
                    return Some(call);
                }
            } else if self.next_stage < self.ruleset.stages.len() {
                self.plan_stage(self.next_stage);
                self.next_stage += 1;
            } else {
                return None;
            }
        }
    }

    /// Whether an answer may change the rows of the stages after it.
    fn derives(&self, open: &Pending) -> bool {
        let stage = self.ruleset.stages.get(open.stage);
        stage.is_some_and(|stage| matches!(stage.asks, Asks::Derived(_)))
    }

    /// Puts questions back before all others, in their order.
    pub(super) fn ask_again(&mut self, questions: VecDeque<Pending>) {
        for open in questions.into_iter().rev() {
            self.queue.push_front(Work {
                stage: open.stage,
                asked: open.asked,
                rows: open.rows,
            });
        }
    }

    /// The elements in the rows of an open question.
    #[must_use]
    pub fn rows_of(&self, id: u32) -> Option<&[ElementId]> {
        let open = self.open.iter().find(|open| open.id == id)?;
        Some(&open.rows)
    }

    /// Whether a question waits for its answer.
    #[must_use]
    pub fn is_open(&self, id: u32) -> bool {
        self.open.iter().any(|open| open.id == id)
    }

    /// Whether every question has been answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.open.is_empty()
            && self.queue.is_empty()
            && self.next_stage >= self.ruleset.stages.len()
            && self.readiness.is_some()
    }

    /// Rows that a rule governs, as of the last report, delta or edit.
    #[must_use]
    pub fn governed(&self, rule: usize) -> u64 {
        let rows = self
            .ruleset
            .rules
            .get(rule)
            .and_then(|r| self.rows.get(r.stage));
        rows.map_or(0, |rows| {
            rows.values().filter(|r| r.admitted).count() as u64
        })
    }

    /// The report.
    ///
    /// # Errors
    /// The check is not complete.
    pub fn report(&mut self) -> Result<Report<'_>, ReplyError> {
        if !self.is_complete() {
            return Err(ReplyError::Incomplete);
        }
        self.word();
        self.store.settle();
        if self.renamed {
            self.check_readiness();
        }
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
        self.word();
        let changes = self.store.take_changes();
        Ok(Delta::new(self, changes))
    }

    fn check_readiness(&mut self) {
        self.renamed = false;
        self.readiness = Some(match readiness::asked(&self.ruleset) {
            true => readiness::check(&self.model, &self.ruleset),
            false => Vec::new(),
        });
    }

    /// How the model meets the documents that modules carry; empty before the first question.
    #[must_use]
    pub fn readiness(&self) -> &[Readiness] {
        self.readiness.as_deref().unwrap_or_default()
    }

    /// All rules' states as of the last report, delta or edit.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}
