//! Line numbers for positions in the file.

use memchr::memchr_iter;

use super::lex::between;

/// Bytes between two remembered line counts: a line is found by counting at most this much.
const STRIDE: usize = 64 << 10;

/// Line breaks before every [`STRIDE`] bytes, for positions in any order.
#[derive(Clone, Debug)]
pub(super) struct LineTable {
    counts: Vec<u64>,
}

impl LineTable {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut sum = 0;
        let count = |chunk: &[u8]| {
            let before = sum;
            sum += breaks(chunk);
            before
        };
        Self {
            counts: bytes.chunks(STRIDE).map(count).collect(),
        }
    }

    /// The line, from 1, that the position is on.
    pub(super) fn line(&self, bytes: &[u8], position: usize) -> u64 {
        let stride = position / STRIDE;
        let before = self.counts.get(stride).copied().unwrap_or(0);
        1 + before + breaks(between(bytes, stride * STRIDE, position))
    }
}

/// Counts lines for positions that mostly grow, each stretch once.
pub(super) struct LineCounter<'a> {
    bytes: &'a [u8],
    position: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            position: 0,
            line: 1,
        }
    }

    /// The line, from 1, that the position is on.
    pub(super) fn line(&mut self, position: usize) -> u64 {
        let position = position.min(self.bytes.len());
        if position < self.position {
            self.line -= breaks(between(self.bytes, position, self.position));
        } else {
            self.line += breaks(between(self.bytes, self.position, position));
        }
        self.position = position;
        self.line
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}
