//! STEP physical files (ISO 10303-21): from bytes to records, in one pass.
//!
//! [`Step::parse`] checks every record's syntax and keeps, for each good one, its place, number and
//! keyword: 10 bytes, and 8 more to find it by number and keyword. Values are decoded when asked
//! for and borrow from the file. What is broken costs the record it is in and is reported as a
//! diagnostic; only what is no STEP file at all is an error.
//!
//! What IFC means by a record does not belong here.

mod error;
mod header;
mod keyword;
mod lex;
mod lines;
mod lookup;
mod pages;
mod record;
mod resync;
mod scan;
mod sniff;
mod text;
mod value;
pub mod zip;

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

pub use error::StepError;
pub use header::Header;
pub use keyword::KeywordId;
pub use record::{Parts, Record};
pub use text::Text;
pub use value::{Value, Values};

use crate::diagnostic::{Diagnostics, MAX_KEPT};
use keyword::Keywords;
use lines::LineTable;
use lookup::{Lookup, Numbers};

/// Parentheses within parentheses. IFC nests five deep at most; the bound keeps whoever walks
/// values recursively off the end of the stack.
pub const MAX_DEPTH: u32 = 128;

/// Largest file in bytes: positions are 32 bits wide.
pub const MAX_BYTES: usize = u32::MAX as usize;

/// Position among the good records, in file order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RecordIx(pub u32);

/// A STEP file and the index over it.
#[derive(Debug)]
pub struct Step {
    bytes: Vec<u8>,
    header: Header,
    diagnostics: Diagnostics,
    places: Vec<u32>,
    numbers: Numbers,
    kinds: Vec<KeywordId>,
    keywords: Keywords,
    lookup: Lookup,
    /// Records by keyword: those of keyword `k` are `by_kind[kind_starts[k]..kind_starts[k + 1]]`.
    by_kind: Vec<u32>,
    kind_starts: Vec<u32>,
    /// Made when a line is first asked for.
    lines: OnceLock<LineTable>,
}

impl Step {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`StepError`] for what is no ISO 10303-21 file or larger than [`MAX_BYTES`].
    pub fn parse(bytes: Vec<u8>) -> Result<Self, StepError> {
        if bytes.len() > MAX_BYTES {
            return Err(StepError::TooLarge {
                bytes: bytes.len() as u64,
                limit: MAX_BYTES as u64,
            });
        }
        let scan::Scan {
            places,
            numbers,
            kinds,
            keywords,
            header,
            mut diagnostics,
        } = scan::scan(&bytes)?;
        let lines = OnceLock::new();
        let lookup = Lookup::new(&numbers, |first, again| {
            let number = numbers.get(again as usize);
            // Lines cost time and are only kept for the first diagnostics.
            let kept = diagnostics.kept().len() < MAX_KEPT;
            let line_of = |ix: u32| {
                let table = lines.get_or_init(|| LineTable::new(&bytes));
                table.line(&bytes, place(&places, ix))
            };
            let line = kept.then(|| line_of(again));
            diagnostics.push("step.duplicate-number", line, Some(number), || {
                format!(
                    "#{number} is used again, first on line {}; references to it mean the first",
                    line_of(first)
                )
            });
        });
        let (by_kind, kind_starts) = group(&kinds, keywords.len());
        Ok(Self {
            bytes,
            header,
            diagnostics,
            places,
            numbers,
            kinds,
            keywords,
            lookup,
            by_kind,
            kind_starts,
            lines,
        })
    }

    /// The HEADER section.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What was odd about the file. Codes: `step.malformed-record`, `step.malformed-value`,
    /// `step.malformed-header`, `step.unterminated-string`, `step.unterminated-comment`,
    /// `step.unexpected-text`, `step.too-deep`, `step.missing-semicolon`, `step.duplicate-number`,
    /// `step.truncated`, `step.record-outside-data`, `step.comment-hides-records`,
    /// `step.no-data-section`, `step.no-schema`, `step.text-after-end`.
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Memory the index takes beside the file itself, in bytes.
    #[must_use]
    pub fn index_bytes(&self) -> usize {
        self.numbers.bytes()
            + self.lookup.bytes()
            + 4 * (self.places.capacity() + self.by_kind.capacity() + self.kind_starts.capacity())
            + 2 * self.kinds.capacity()
    }

    /// How many good records there are, those with a number used before among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no good record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// All good records in file order.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        (0..self.places.len() as u32).map(|ix| self.record(RecordIx(ix)))
    }

    /// One record; beyond the last an empty one.
    #[must_use]
    pub fn record(&self, r: RecordIx) -> Record<'_> {
        Record::new(self, r)
    }

    /// The record with an instance number, the first of them when several have it.
    #[inline]
    #[must_use]
    pub fn find(&self, number: u64) -> Option<RecordIx> {
        self.lookup.find(&self.numbers, number).map(RecordIx)
    }

    /// The instance number of a record; 0 beyond the last.
    #[inline]
    #[must_use]
    pub fn number(&self, r: RecordIx) -> u64 {
        self.numbers.get(r.0 as usize)
    }

    /// The keyword of a record; [`KeywordId::OTHER`] beyond the last.
    #[inline]
    #[must_use]
    pub fn keyword(&self, r: RecordIx) -> KeywordId {
        self.kinds
            .get(r.0 as usize)
            .copied()
            .unwrap_or(KeywordId::OTHER)
    }

    /// The keyword in capitals; `?` for [`KeywordId::OTHER`], `()` for [`KeywordId::COMPLEX`],
    /// nothing for an unknown id.
    #[must_use]
    pub fn keyword_name(&self, k: KeywordId) -> &str {
        self.keywords.name(k)
    }

    /// The id of an upper-case keyword, when a record or nothing else in the file has it.
    #[must_use]
    pub fn keyword_id(&self, upper: &str) -> Option<KeywordId> {
        self.keywords.get(upper)
    }

    /// How many keyword ids there are, the two special ones among them: ids are below this.
    #[must_use]
    pub fn keywords(&self) -> usize {
        self.keywords.len()
    }

    /// The records with a keyword, in file order.
    pub fn with_keyword(&self, k: KeywordId) -> impl Iterator<Item = RecordIx> {
        let start = |k: usize| self.kind_starts.get(k).map_or(0, |&start| start as usize);
        let range = start(usize::from(k.0))..start(usize::from(k.0) + 1);
        self.by_kind
            .get(range)
            .unwrap_or_default()
            .iter()
            .map(|&ix| RecordIx(ix))
    }

    /// The line, from 1, that a record's first attribute stands on, which is nearly always the
    /// line it starts on; 0 beyond the last record.
    #[must_use]
    pub fn line(&self, r: RecordIx) -> u64 {
        let Some(&place) = self.places.get(r.0 as usize) else {
            return 0;
        };
        self.lines
            .get_or_init(|| LineTable::new(&self.bytes))
            .line(&self.bytes, place as usize)
    }
}

fn place(places: &[u32], ix: u32) -> usize {
    places.get(ix as usize).map_or(0, |&place| place as usize)
}

/// Groups records by keyword, keeping file order (counting sort).
fn group(kinds: &[KeywordId], keywords: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; keywords + 1];
    for kind in kinds {
        if let Some(count) = starts.get_mut(usize::from(kind.0) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut by_kind = vec![0u32; kinds.len()];
    for (ix, kind) in kinds.iter().enumerate() {
        if let Some(slot) = next.get_mut(usize::from(kind.0)) {
            if let Some(record) = by_kind.get_mut(*slot as usize) {
                *record = ix as u32;
            }
            *slot += 1;
        }
    }
    (by_kind, starts)
}
