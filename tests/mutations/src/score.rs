//! What is counted: verdicts as they were expected and found, and verdicts of other elements that
//! changed though nothing was done to these.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::mutants::Kind;

/// The classes of verdicts that are counted.
pub const CLASSES: [&str; 4] = ["pass", "fail", "undetermined", "not_applicable"];

/// Precision and recall below this fail the benchmark.
pub const LEAST: f64 = 0.98;

/// One mutant, judged.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was done.
    pub kind: Kind,
    /// The same in words.
    pub what: String,
    /// The model that it was done to.
    pub model: String,
    /// `module/rule`.
    pub rule: String,
    /// GlobalId.
    pub element: String,
    /// The verdict that it has to get.
    pub expected: &'static str,
    /// The facts that the finding has to name.
    pub names: BTreeSet<String>,
    /// The verdict that came out.
    pub found: String,
    /// The facts that the finding names.
    pub named: BTreeSet<String>,
    /// Verdicts of others that changed.
    pub collateral: Vec<String>,
}

impl Outcome {
    /// The right verdict; an undetermined one names exactly what is missing.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.found == self.expected && self.named == self.names
    }

    fn line(&self) -> String {
        let names = |set: &BTreeSet<String>| match set.is_empty() {
            true => String::new(),
            false => format!(" {:?}", set.iter().collect::<Vec<_>>()),
        };
        format!(
            "{} · {} · {} · {} ({}): expected {}{}, found {}{}",
            self.model,
            self.element,
            self.rule,
            self.kind.name(),
            self.what,
            self.expected,
            names(&self.names),
            self.found,
            names(&self.named),
        )
    }
}

/// How often a class of verdict was expected, found, and both.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Class {
    /// Mutants that have to get it.
    pub expected: usize,
    /// Mutants that got it.
    pub found: usize,
    /// Both, with the facts named that are missing.
    pub right: usize,
}

impl Class {
    /// Of those found, the share that is right; 1 where none was found.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.found)
    }

    /// Of those expected, the share that was found; 1 where none was expected.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.right, self.expected)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 1.0;
    }
    part as f64 / whole as f64
}

/// Everything that was judged.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// One for each mutant.
    pub outcomes: Vec<Outcome>,
}

impl Score {
    /// The counts of a class, over all mutants.
    #[must_use]
    pub fn class(&self, class: &str) -> Class {
        count(&self.outcomes.iter().collect::<Vec<_>>(), class)
    }

    /// How many verdicts of other elements changed.
    #[must_use]
    pub fn collateral(&self) -> usize {
        self.outcomes.iter().map(|o| o.collateral.len()).sum()
    }

    /// The rules that were judged.
    #[must_use]
    pub fn rules(&self) -> BTreeSet<&str> {
        self.outcomes.iter().map(|o| o.rule.as_str()).collect()
    }

    /// What is not as it has to be: classes below [`LEAST`], kinds without a mutant, collateral.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        for name in CLASSES {
            let class = self.class(name);
            for (measure, value) in [("precision", class.precision()), ("recall", class.recall())] {
                if value < LEAST {
                    complaints.push(format!("{measure} of {name}: {value:.4}"));
                }
            }
            if class.expected == 0 {
                complaints.push(format!("no mutant has to get {name}"));
            }
        }
        let kinds: BTreeSet<Kind> = self.outcomes.iter().map(|o| o.kind).collect();
        for kind in Kind::ALL.iter().filter(|kind| !kinds.contains(kind)) {
            complaints.push(format!("no mutant of the kind: {}", kind.name()));
        }
        if self.collateral() > 0 {
            complaints.push(format!(
                "{} verdicts of other elements changed",
                self.collateral()
            ));
        }
        complaints
    }

    /// Every mutant with the wrong verdict, and every verdict that changed beside one.
    #[must_use]
    pub fn misses(&self) -> Vec<String> {
        let wrong = self.outcomes.iter().filter(|o| !o.is_right());
        let mut misses: Vec<String> = wrong.map(Outcome::line).collect();
        for outcome in &self.outcomes {
            for other in &outcome.collateral {
                misses.push(format!("{} · beside it: {other}", outcome.line()));
            }
        }
        misses
    }

    /// The whole as Markdown: totals, kinds, rules, misses.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = format!(
            "{} mutants, {} rules, {} wrong, {} verdicts of other elements changed.\n\n",
            self.outcomes.len(),
            self.rules().len(),
            self.outcomes.iter().filter(|o| !o.is_right()).count(),
            self.collateral(),
        );
        text += "| verdict | expected | found | right | precision | recall |\n|---|---|---|---|---|---|\n";
        for name in CLASSES {
            let class = self.class(name);
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {} | {:.4} | {:.4} |",
                class.expected,
                class.found,
                class.right,
                class.precision(),
                class.recall()
            );
        }
        text += "\n| what was done | mutants | right |\n|---|---|---|\n";
        for kind in Kind::ALL {
            let all: Vec<&Outcome> = self.outcomes.iter().filter(|o| o.kind == kind).collect();
            let right = all.iter().filter(|o| o.is_right()).count();
            let _ = writeln!(text, "| {} | {} | {right} |", kind.name(), all.len());
        }
        text += "\n| rule | mutants | pass | fail | undetermined | not applicable | collateral |\n\
                 |---|---|---|---|---|---|---|\n";
        let mut rules: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
        for outcome in &self.outcomes {
            rules.entry(&outcome.rule).or_default().push(outcome);
        }
        for (rule, outcomes) in rules {
            let _ = write!(text, "| `{rule}` | {} |", outcomes.len());
            for name in CLASSES {
                let class = count(&outcomes, name);
                let _ = write!(text, " {} of {} |", class.right, class.expected);
            }
            let collateral: usize = outcomes.iter().map(|o| o.collateral.len()).sum();
            let _ = writeln!(text, " {collateral} |");
        }
        for miss in self.misses() {
            let _ = write!(text, "\nMISS {miss}");
        }
        text
    }
}

fn count(outcomes: &[&Outcome], class: &str) -> Class {
    let mut counted = Class::default();
    for outcome in outcomes {
        counted.expected += usize::from(outcome.expected == class);
        counted.found += usize::from(outcome.found == class);
        counted.right += usize::from(outcome.expected == class && outcome.is_right());
    }
    counted
}
