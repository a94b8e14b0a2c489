//! The answering half of a session: what a module said, held against what it was asked, and turned
//! into derived facts and findings.

use std::collections::BTreeMap;
use std::sync::Arc;

use plancheck_contract::{Columns, FactKind, Kind, Verdicts, check};

use super::evaluate::{Cell, DerivedCell, Evaluator};
use super::ruleset::{Asks, Problem, Stage};
use super::session::{Answer, Pending, ReplyError, Row, Session, Work};
use super::store::Judged;
use crate::facts::Dependencies;
use crate::model::ElementId;
use crate::report::finding;

/// A judged row, and what its wording depends on.
type Entry = (Judged, Option<Arc<Dependencies>>);

impl Session {
    /// Takes a module's answer. One that breaks the contract counts as a failure of the module.
    ///
    /// After a failure, what else was open at the same module is not open any more and is asked
    /// again: had it been asked one by one, what is asked after a failure would be asked later.
    ///
    /// # Errors
    /// No such call is open.
    pub fn reply(&mut self, id: u32, answer: Answer) -> Result<(), ReplyError> {
        let place = self.open.iter().position(|open| open.id == id);
        let pending = place.and_then(|place| self.open.remove(place));
        let Some(pending) = pending else {
            return Err(ReplyError::NotOpen(id));
        };
        let Some(stage) = self.ruleset.stages.get(pending.stage).cloned() else {
            return Ok(());
        };
        let rows = u32::try_from(pending.rows.len()).unwrap_or(u32::MAX);
        let problem = match (&stage.asks, answer) {
            (Asks::Rules(_), Answer::Verdicts(verdicts)) => {
                match self.check_verdicts(&stage, &pending, &verdicts, rows) {
                    Ok(()) => {
                        if self.fresh {
                            self.unworded.push((pending, verdicts));
                        } else {
                            self.take_verdicts(&stage, &pending, &verdicts);
                        }
                        return Ok(());
                    }
                    Err(bad) => Problem {
                        code: "bad-answer".to_owned(),
                        message: bad.to_string(),
                    },
                }
            }
            (Asks::Derived(_), Answer::Columns(columns)) => {
                match self.check_columns(&stage, &pending, &columns, rows) {
                    Ok(()) => {
                        self.take_columns(&pending, &columns);
                        return Ok(());
                    }
                    Err(bad) => Problem {
                        code: "bad-answer".to_owned(),
                        message: bad.to_string(),
                    },
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
        self.recall(stage.module);
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

    /// Has a module's open questions asked again.
    fn recall(&mut self, module: usize) {
        let stages = &self.ruleset.stages;
        let is_asked = |open: &Pending| stages.get(open.stage).is_some_and(|s| s.module == module);
        let (recalled, open) = std::mem::take(&mut self.open)
            .into_iter()
            .partition(is_asked);
        self.open = open;
        self.ask_again(recalled);
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
            .map(|rule| {
                self.ruleset
                    .rule(*rule)
                    .map_or(0, |(_, r)| r.messages.len())
            })
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
        let kinds: Vec<FactKind> = pending
            .asked
            .iter()
            .map(|fact| self.kind_of(*fact))
            .collect();
        check::check_columns(columns, pending.asked.len(), rows, Some(&kinds))?;
        check::check_facts(&columns.facts, self.view_facts(stage))
    }

    /// What a derived fact is.
    fn kind_of(&self, fact: usize) -> FactKind {
        let derived = self.ruleset.derived.get(fact);
        let kind = derived.and_then(|d| {
            let module = self.ruleset.modules.get(d.module)?;
            Some(module.manifest.as_ref()?.derived.get(d.index)?.kind)
        });
        kind.unwrap_or(FactKind::Number)
    }

    /// Marks rules or derived facts as not to be had.
    pub(super) fn fail(
        &mut self,
        stage: &Stage,
        asked: &[usize],
        rows: &[ElementId],
        problem: &Problem,
    ) {
        let module = self
            .ruleset
            .modules
            .get(stage.module)
            .map(|m| m.id.clone())
            .unwrap_or_default();
        self.word();
        match &stage.asks {
            Asks::Rules(_) => {
                for rule in asked {
                    self.store.fail(*rule, problem);
                }
            }
            Asks::Derived(_) => {
                let why: Arc<str> = Arc::from(format!(
                    "{module} failed: {} ({})",
                    problem.message, problem.code
                ));
                for fact in asked {
                    for row in rows {
                        let cell = DerivedCell {
                            cell: Cell::Absent,
                            facts: 0,
                            problem: Some(Arc::clone(&why)),
                        };
                        self.set_derived(*fact, *row, cell);
                    }
                }
            }
        }
    }

    fn set_derived(&mut self, fact: usize, row: ElementId, cell: DerivedCell) {
        let Some(column) = self.derived.get_mut(fact) else {
            return;
        };
        if column.get(&row) != Some(&cell) {
            column.insert(row, cell);
            self.edited.insert(row);
        }
    }

    fn take_columns(&mut self, pending: &Pending, columns: &Columns) {
        let rows = pending.rows.len();
        for (n, fact) in pending.asked.iter().enumerate() {
            let kind = self.kind_of(*fact);
            for (at, row) in pending.rows.iter().enumerate() {
                let value = columns
                    .values
                    .get(n * rows + at)
                    .copied()
                    .unwrap_or(f64::NAN);
                let tolerance = columns
                    .tolerances
                    .get(n * rows + at)
                    .copied()
                    .unwrap_or(0.0);
                let cell = match kind {
                    _ if value.is_nan() => Cell::Absent,
                    FactKind::Number => Cell::Number(value, tolerance),
                    FactKind::Boolean => Cell::Boolean(value != 0.0),
                    FactKind::Text => columns
                        .text_at(value)
                        .map_or(Cell::Absent, |t| Cell::Text(Arc::from(t))),
                };
                let facts = columns.facts.get(n * rows + at).copied().unwrap_or(0);
                self.set_derived(
                    *fact,
                    *row,
                    DerivedCell {
                        cell,
                        facts,
                        problem: None,
                    },
                );
            }
        }
    }

    /// Words what a check from scratch has found so far.
    pub(super) fn word(&mut self) {
        for (stage, elements) in std::mem::take(&mut self.own_rows) {
            if let Some(known) = self.rows.get_mut(stage) {
                let rows = elements.into_iter();
                known.extend(rows.map(|element| (element, Row::own())));
            }
        }
        for (pending, verdicts) in std::mem::take(&mut self.unworded) {
            if let Some(stage) = self.ruleset.stages.get(pending.stage).cloned() {
                self.take_verdicts(&stage, &pending, &verdicts);
            }
        }
    }

    fn take_verdicts(&mut self, stage: &Stage, pending: &Pending, verdicts: &Verdicts) {
        let mut judged: BTreeMap<(usize, ElementId), Entry> = BTreeMap::new();
        {
            let evaluator = Evaluator::new(&self.model, &self.ruleset, &self.derived, &self.memo);
            for (rule, row, verdict) in finding::entries(verdicts) {
                let (Some(rule), Some(element)) = (pending.asked.get(rule), pending.rows.get(row))
                else {
                    continue;
                };
                let entry = if verdict.kind == Kind::NotApplicable {
                    (Judged::NotApplicable, None)
                } else {
                    let (finding, dependencies) = evaluator.reader.record(|| {
                        finding::word(&evaluator, &self.ruleset, stage, *rule, *element, &verdict)
                    });
                    match finding {
                        Some(finding) => (Judged::Finding(Box::new(finding)), Some(dependencies)),
                        None => continue,
                    }
                };
                judged.insert((*rule, *element), entry);
            }
        }
        if self.fresh {
            // Nothing was known of any row.
            for ((rule, row), (entry, dependencies)) in judged {
                self.take_entry(pending.stage, rule, row, entry, dependencies);
            }
            return;
        }
        for rule in &pending.asked {
            for row in &pending.rows {
                match judged.remove(&(*rule, *row)) {
                    None => self.store.set(*rule, *row, None),
                    Some((entry, dependencies)) => {
                        self.take_entry(pending.stage, *rule, *row, entry, dependencies);
                    }
                }
            }
        }
    }

    fn take_entry(
        &mut self,
        stage: usize,
        rule: usize,
        row: ElementId,
        entry: Judged,
        dependencies: Option<Arc<Dependencies>>,
    ) {
        self.store.set(rule, row, Some(entry));
        let known = self.rows.get_mut(stage).and_then(|r| r.get_mut(&row));
        if let (Some(known), Some(dependencies)) = (known, dependencies)
            && !Dependencies::covered(&dependencies, &known.dependencies)
        {
            known.dependencies.push(dependencies);
        }
    }
}
