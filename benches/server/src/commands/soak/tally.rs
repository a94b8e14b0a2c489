//! What was asked and answered.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::figures::{millis, percentile};

/// Failures that are listed.
const LISTED: usize = 20;

/// What was answered to one kind of request.
#[derive(Default)]
struct Kind {
    statuses: BTreeMap<u16, u64>,
    micros: Vec<u32>,
}

#[derive(Default)]
struct All {
    kinds: BTreeMap<&'static str, Kind>,
    broken: u64,
    undeclared: u64,
    other: u64,
    failures: Vec<String>,
}

/// What was asked and answered.
#[derive(Default)]
pub struct Tally(Mutex<All>);

impl Tally {
    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer. Of those that say that the server failed, only two are declared: 503 with a time to
    /// come back, and 504.
    pub fn answered(&self, kind: &'static str, status: u16, retry_after: &str, took: Duration) {
        let mut all = self.all();
        let of = all.kinds.entry(kind).or_default();
        *of.statuses.entry(status).or_default() += 1;
        of.micros
            .push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        let declared = status < 500 || status == 504 || (status == 503 && !retry_after.is_empty());
        if !declared {
            all.undeclared += 1;
            drop(all);
            self.list(format!("{kind}: {status}"));
        }
    }

    /// A connection broke off.
    pub fn broke(&self, kind: &'static str, error: &std::io::Error) {
        self.all().broken += 1;
        self.list(format!("{kind}: {error}"));
    }

    /// Something else that must not be.
    pub fn fail(&self, what: String) {
        self.all().other += 1;
        self.list(what);
    }

    fn list(&self, what: String) {
        let mut all = self.all();
        if all.failures.len() < LISTED {
            all.failures.push(what);
        }
    }

    /// How many were asked.
    pub fn requests(&self) -> u64 {
        self.all()
            .kinds
            .values()
            .flat_map(|kind| kind.statuses.values())
            .sum()
    }

    /// The first failures.
    pub fn failures(&self) -> Vec<String> {
        self.all().failures.clone()
    }

    /// What must hold.
    pub fn held(&self) -> Vec<(String, bool)> {
        let all = self.all();
        vec![
            (
                format!("no 5xx but those declared: {} others", all.undeclared),
                all.undeclared == 0,
            ),
            (
                format!("no request without an answer: {}", all.broken),
                all.broken == 0,
            ),
            (
                format!("nothing else went wrong: {}", all.other),
                all.other == 0,
            ),
        ]
    }

    /// One line for each kind of request.
    pub fn table(&self) -> String {
        let mut all = self.all();
        let mut text = String::new();
        let _ = writeln!(
            text,
            "{:<28} {:>8} {:>9} {:>9} {:>9}   statuses",
            "request", "count", "p50 ms", "p99 ms", "most ms"
        );
        for (name, kind) in &mut all.kinds {
            kind.micros.sort_unstable();
            let at = |share| {
                millis(Duration::from_micros(
                    percentile(&kind.micros, share).into(),
                ))
            };
            let statuses: Vec<String> = kind
                .statuses
                .iter()
                .map(|(status, count)| format!("{status}: {count}"))
                .collect();
            let _ = writeln!(
                text,
                "{name:<28} {:>8} {:>9.2} {:>9.2} {:>9.2}   {}",
                kind.micros.len(),
                at(0.5),
                at(0.99),
                at(1.0),
                statuses.join(", ")
            );
        }
        text
    }
}
