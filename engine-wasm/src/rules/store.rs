//! Verdicts and findings by rule and element, and what changed since someone last asked.

use std::collections::BTreeMap;

use plancheck_contract::Kind;

use super::ruleset::Problem;
use crate::model::ElementId;
use crate::report::Finding;

/// What is known of a row that is not simply a pass.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// The rule does not govern it after all.
    NotApplicable,
    /// Worth telling.
    Finding(Box<Finding>),
}

/// What is known of a rule.
#[derive(Debug, Default)]
pub struct RuleState {
    /// Rows that are not simply a pass.
    pub judged: BTreeMap<ElementId, Judged>,
    /// The rule could not be evaluated: all its rows are undetermined.
    pub problem: Option<Problem>,
}

/// How many rows of a rule have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the verdicts")]
pub struct Counts {
    pub pass: u64,
    pub fail: u64,
    pub undetermined: u64,
    pub not_applicable: u64,
}

impl Counts {
    /// Adds another rule's.
    pub fn add(&mut self, other: Counts) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.undetermined += other.undetermined;
        self.not_applicable += other.not_applicable;
    }
}

impl RuleState {
    /// The counts over this many rows.
    #[must_use]
    pub fn counts(&self, rows: u64) -> Counts {
        if self.problem.is_some() {
            return Counts {
                undetermined: rows,
                ..Counts::default()
            };
        }
        let mut counts = Counts::default();
        for judged in self.judged.values() {
            match judged {
                Judged::NotApplicable => counts.not_applicable += 1,
                Judged::Finding(finding) => match finding.verdict {
                    Kind::Fail => counts.fail += 1,
                    Kind::Undetermined => counts.undetermined += 1,
                    Kind::Pass => counts.pass += 1,
                    Kind::NotApplicable => counts.not_applicable += 1,
                },
            }
        }
        let told = counts.fail + counts.undetermined + counts.not_applicable + counts.pass;
        counts.pass += rows.saturating_sub(told);
        counts
    }
}

/// All rules' states, and what they were when someone last asked what changed.
#[derive(Debug, Default)]
pub struct Store {
    /// By position in the ruleset.
    pub rules: Vec<RuleState>,
    before: BTreeMap<(usize, ElementId), Option<Judged>>,
}

impl Store {
    /// An empty store for this many rules.
    #[must_use]
    pub fn new(rules: usize) -> Store {
        Store {
            rules: (0..rules).map(|_| RuleState::default()).collect(),
            before: BTreeMap::new(),
        }
    }

    /// Replaces what is known of a row.
    pub fn set(&mut self, rule: usize, element: ElementId, judged: Option<Judged>) {
        let Some(state) = self.rules.get_mut(rule) else {
            return;
        };
        let old = match judged {
            Some(judged) => state.judged.insert(element, judged),
            None => state.judged.remove(&element),
        };
        self.before.entry((rule, element)).or_insert(old);
    }

    /// Marks a rule as not evaluated; what was known of its rows is dropped.
    pub fn fail(&mut self, rule: usize, problem: &Problem) {
        let Some(state) = self.rules.get_mut(rule) else {
            return;
        };
        for (element, old) in std::mem::take(&mut state.judged) {
            self.before.entry((rule, element)).or_insert(Some(old));
        }
        state.problem.get_or_insert_with(|| problem.clone());
    }

    /// What changed since this was last called: rule, element, before and after.
    pub fn take_changes(&mut self) -> Vec<(usize, ElementId, Option<Judged>, Option<Judged>)> {
        let before = std::mem::take(&mut self.before);
        before
            .into_iter()
            .filter_map(|((rule, element), old)| {
                let new = self.rules.get(rule)?.judged.get(&element).cloned();
                (old != new).then_some((rule, element, old, new))
            })
            .collect()
    }

    /// Forgets what changed: a full report has been given.
    pub fn settle(&mut self) {
        self.before.clear();
    }
}
