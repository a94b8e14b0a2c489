//! From verdicts, row by row, to the columns of an answer.

use std::iter::repeat_n;

use plancheck_contract::Verdicts;

use crate::verdict::Verdict;

/// Verdicts that are turned into columns together. A row of twelve columns written one by one
/// costs more than most rules; a block stays in the processor's cache and grows each column once.
const BLOCK: usize = 256;

/// The verdicts of one rule on their way into an answer.
pub(crate) struct Answer<'o> {
    out: &'o mut Verdicts,
    /// Position of the rule in the question.
    asked: u32,
    /// Of the batch.
    rows: u32,
    block: Vec<(u32, Verdict)>,
}

impl<'o> Answer<'o> {
    pub(crate) fn new(out: &'o mut Verdicts, asked: u32, rows: u32) -> Answer<'o> {
        Answer {
            out,
            asked,
            rows,
            block: Vec::new(),
        }
    }

    /// Adds the verdict on a row. Kept out of line: it is large, and most rows pass.
    #[inline(never)]
    pub(crate) fn push(&mut self, row: u32, verdict: &Verdict) {
        if self.block.len() == BLOCK {
            self.write();
        }
        if self.block.capacity() == 0 {
            self.block.reserve_exact(BLOCK);
        }
        self.block.push((row, *verdict));
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) {
        self.write();
    }

    /// Makes room for as many verdicts as the rule will have if it goes on like this block.
    fn reserve(&mut self) {
        let (Some((first, _)), Some((last, _))) = (self.block.first(), self.block.last()) else {
            return;
        };
        let have = self.block.len() as u64;
        let left = u64::from(self.rows.saturating_sub(*last));
        let more = have + have * left / u64::from(last.saturating_sub(*first).max(1));
        let more = more.min(have + left) as usize;
        let out = &mut *self.out;
        out.rule.reserve(more);
        out.row.reserve(more);
        out.kind.reserve(more);
        out.comparison.reserve(more);
        out.unit.reserve(more);
        out.measured.reserve(more);
        out.tolerance.reserve(more);
        out.required.reserve(more);
        out.facts.reserve(more);
        out.message.reserve(more);
        out.argument_ends.reserve(more);
    }

    fn write(&mut self) {
        if self.out.row.capacity() - self.out.row.len() < self.block.len() {
            self.reserve();
        }
        let Answer {
            out, asked, block, ..
        } = self;
        let verdicts = || block.iter().map(|(_, verdict)| verdict);
        out.rule.extend(repeat_n(*asked, block.len()));
        out.row.extend(block.iter().map(|(row, _)| *row));
        out.kind.extend(verdicts().map(|v| v.kind as u8));
        out.comparison
            .extend(verdicts().map(|v| v.comparison as u8));
        out.unit.extend(verdicts().map(|v| v.unit as u8));
        out.measured.extend(verdicts().map(|v| v.measured));
        out.tolerance.extend(verdicts().map(|v| v.tolerance));
        out.required.extend(verdicts().map(|v| v.required));
        out.facts.extend(verdicts().map(|v| v.facts));
        out.message.extend(verdicts().map(|v| v.message));
        for verdict in verdicts() {
            let used = verdict.arguments.iter().take(verdict.count as usize);
            out.arguments.extend(used);
            // Four for each of u32::MAX / 4 rows would be too many: that answer is refused anyway.
            let end = u32::try_from(out.arguments.len()).unwrap_or(u32::MAX);
            out.argument_ends.push(end);
        }
        block.clear();
    }
}
