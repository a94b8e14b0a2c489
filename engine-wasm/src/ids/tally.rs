//! What is counted while a plan runs, and which elements are kept.

use super::check::Why;
use crate::step::RecordIx;

/// What came out for one requirement.
#[derive(Default)]
pub(super) struct Tally {
    pub passed: u64,
    pub failed: u64,
    /// Those that are kept, after the check in the order of the file.
    pub failing: Vec<(RecordIx, Why)>,
}

/// What came out for one specification.
#[derive(Default)]
pub(super) struct Count {
    pub applicable: u64,
    pub passed: u64,
    pub requirements: Vec<Tally>,
    /// What a prohibited specification applies to.
    pub present: Vec<RecordIx>,
}

/// Elements that are kept, of those that fail: the first `most` of a list, and of all lists
/// together no more than memory is for.
pub(super) struct Keep {
    most: usize,
    left: usize,
}

/// Failing elements that are kept of all requirements together: some fifty megabytes, and ten times
/// as much when they are worded.
const MAX_KEPT: usize = 1_000_000;

impl Keep {
    pub(super) fn new(most: usize) -> Keep {
        Keep {
            most,
            left: MAX_KEPT,
        }
    }

    /// Elements come class by class: the first of the file are told when twice as many are there.
    pub(super) fn push<T: Copy>(
        &mut self,
        all: &mut Vec<T>,
        one: T,
        place: impl Fn(&T) -> RecordIx,
    ) {
        if self.most == 0 || self.left == 0 {
            return;
        }
        self.left -= 1;
        all.push(one);
        if all.len() >= self.most.saturating_mul(2) {
            self.finish(all, place);
        }
    }

    /// Sorts a list and cuts it.
    pub(super) fn finish<T: Copy>(&mut self, all: &mut Vec<T>, place: impl Fn(&T) -> RecordIx) {
        all.sort_unstable_by_key(place);
        self.left += all.len().saturating_sub(self.most);
        all.truncate(self.most);
    }
}
