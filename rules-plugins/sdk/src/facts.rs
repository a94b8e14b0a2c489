//! Facts as a rule sees them, and how a batch's columns become rows of them.
//!
//! Columns are found once for each batch; reading a row is then a handful of loads. A batch that
//! is shorter than it says, or laid out for another view, gives no rows at all.

use std::cell::Cell;

use plancheck_contract::{
    Batch, Dimension, FactKind, LAYOUT_BOOLEAN, LAYOUT_EXACT, LAYOUT_TEXT, LAYOUT_TOLERANCE,
    NO_TEXT,
};

use crate::keys::Key;
use crate::measured::Number;
use crate::quantity::Quantity;
use crate::verdict::Missing;

/// A batch layout as a type: `#[derive(Facts)]` writes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "want a struct with `#[derive(Facts)]`",
    note = "a rule takes one row of facts by value, then the parameters by reference"
)]
pub trait Facts<'b>: Sized {
    /// The view as the manifest says it.
    const VIEW: &'static ViewInfo;
    /// The columns of the fields.
    type Columns;
    /// Finds the columns, in the order of the fields.
    fn columns(cursor: &mut Cursor<'b>) -> Option<Self::Columns>;
    /// Reads one row.
    fn row(columns: &Self::Columns, row: usize) -> Self;
}

/// A view, for the manifest.
#[derive(Clone, Copy, Debug)]
pub struct ViewInfo {
    /// Unique in the module.
    pub name: &'static str,
    /// A subject of the fact catalogue, or an IFC class.
    pub subject: &'static str,
    /// The columns.
    pub facts: &'static [FactInfo],
}

/// A fact of a view, for the manifest.
#[derive(Clone, Copy, Debug)]
pub struct FactInfo {
    /// Unique in the view.
    pub name: &'static str,
    /// Fact path.
    pub path: &'static str,
    /// What it is.
    pub kind: FactKind,
    /// For numbers.
    pub dimension: Option<Dimension>,
}

/// The type of a field of a view.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a fact",
    label = "want `Number<…>`, `Text<'_>`, `Boolean` or `Class<…>`"
)]
pub trait Field<'b>: Sized {
    /// Its kind in the manifest.
    const KIND: FactKind;
    /// For numbers.
    const DIMENSION: Option<Dimension>;
    /// Its column in a batch.
    type Column;
    /// Takes the next column.
    fn column(cursor: &mut Cursor<'b>) -> Option<Self::Column>;
    /// Reads one row; `fact` is the bit of the fact.
    fn read(column: &Self::Column, row: usize, fact: u64) -> Self;
}

/// A batch with its texts looked up.
pub struct Source<'b> {
    pub(crate) batch: &'b Batch,
    texts: Vec<&'b str>,
}

impl<'b> Source<'b> {
    /// None: the texts are not what the batch says they are.
    pub(crate) fn new(batch: &'b Batch) -> Option<Source<'b>> {
        let mut texts = Vec::new();
        if batch.layout.contains(&LAYOUT_TEXT) {
            texts.reserve(batch.text_ends.len());
            let mut start = 0;
            for &end in &batch.text_ends {
                let end = end as usize;
                texts.push(batch.text.get(start..end)?);
                start = end;
            }
        }
        Some(Source { batch, texts })
    }

    /// The columns of a view; None: the batch is not of this view. Kept out of line: the rules of a
    /// view share it.
    #[inline(never)]
    pub(crate) fn columns<R: Facts<'b>>(&'b self) -> Option<R::Columns> {
        if self.batch.layout.len() != R::VIEW.facts.len() {
            return None;
        }
        let mut cursor = Cursor {
            rows: self.batch.rows as usize,
            layout: &self.batch.layout,
            numbers: &self.batch.numbers,
            symbols: &self.batch.symbols,
            texts: &self.texts,
        };
        R::columns(&mut cursor)
    }
}

/// Takes a batch apart, column by column.
pub struct Cursor<'b> {
    rows: usize,
    layout: &'b [u8],
    numbers: &'b [f64],
    symbols: &'b [u32],
    texts: &'b [&'b str],
}

impl<'b> Cursor<'b> {
    fn layout(&mut self) -> Option<u8> {
        let (first, rest) = self.layout.split_first()?;
        self.layout = rest;
        Some(*first)
    }

    fn numbers(&mut self) -> Option<&'b [f64]> {
        let (column, rest) = self.numbers.split_at_checked(self.rows)?;
        self.numbers = rest;
        Some(column)
    }

    fn symbols(&mut self) -> Option<&'b [u32]> {
        if self.layout()? != LAYOUT_TEXT {
            return None;
        }
        let (column, rest) = self.symbols.split_at_checked(self.rows)?;
        self.symbols = rest;
        Some(column)
    }
}

/// A column of numbers; no tolerances: all exact.
pub struct Numbers<'b> {
    values: &'b [f64],
    tolerances: &'b [f64],
}

impl<'b, D: Quantity> Field<'b> for Number<D> {
    const KIND: FactKind = FactKind::Number;
    const DIMENSION: Option<Dimension> = Some(D::DIMENSION);
    type Column = Numbers<'b>;

    fn column(cursor: &mut Cursor<'b>) -> Option<Numbers<'b>> {
        let layout = cursor.layout()?;
        let values = cursor.numbers()?;
        let tolerances = match layout {
            LAYOUT_EXACT => &[],
            LAYOUT_TOLERANCE => cursor.numbers()?,
            _ => return None,
        };
        Some(Numbers { values, tolerances })
    }

    #[inline(always)]
    fn read(column: &Numbers<'b>, row: usize, fact: u64) -> Self {
        let value = column.values.get(row).copied().unwrap_or(f64::NAN);
        let tolerance = column.tolerances.get(row).copied().unwrap_or(0.0);
        Number::new(value, tolerance, fact)
    }
}

/// A fact that is true, false or absent.
#[derive(Clone, Copy, Debug)]
pub struct Boolean {
    value: f64,
    facts: u64,
}

impl Boolean {
    /// A value and its fact's bit.
    #[must_use]
    pub fn new(value: Option<bool>, facts: u64) -> Boolean {
        Boolean {
            value: value.map_or(f64::NAN, f64::from),
            facts,
        }
    }

    /// Is it true?
    ///
    /// # Errors
    /// The fact is absent.
    #[inline(always)]
    pub fn is_true(self) -> Result<bool, Missing> {
        if self.value.is_nan() {
            Err(Missing::facts(self.facts))
        } else {
            Ok(self.value != 0.0)
        }
    }

    /// Is it known to be true? For exceptions, which apply only when the model shows them.
    #[inline]
    #[must_use]
    pub fn is_known_true(self) -> bool {
        self.value == 1.0
    }

    /// Is it known to be false?
    #[inline]
    #[must_use]
    pub fn is_known_false(self) -> bool {
        self.value == 0.0
    }

    /// The bit of the fact in the view.
    #[inline]
    #[must_use]
    pub fn facts(self) -> u64 {
        self.facts
    }
}

impl<'b> Field<'b> for Boolean {
    const KIND: FactKind = FactKind::Boolean;
    const DIMENSION: Option<Dimension> = None;
    type Column = &'b [f64];

    fn column(cursor: &mut Cursor<'b>) -> Option<&'b [f64]> {
        if cursor.layout()? == LAYOUT_BOOLEAN {
            cursor.numbers()
        } else {
            None
        }
    }

    #[inline(always)]
    fn read(column: &&'b [f64], row: usize, fact: u64) -> Self {
        Boolean {
            value: column.get(row).copied().unwrap_or(f64::NAN),
            facts: fact,
        }
    }
}

/// A text that a fact of the model may have.
#[derive(Clone, Copy, Debug)]
pub struct Text<'b> {
    text: Option<&'b str>,
    facts: u64,
}

impl<'b> Text<'b> {
    /// A text and its fact's bit.
    #[must_use]
    pub fn new(text: Option<&'b str>, facts: u64) -> Text<'b> {
        Text { text, facts }
    }

    /// The text.
    ///
    /// # Errors
    /// The fact is absent.
    #[inline]
    pub fn known(self) -> Result<&'b str, Missing> {
        self.text.ok_or_else(|| Missing::facts(self.facts))
    }

    /// Is it this text, without regard to ASCII case? IFC writes its enumerations in capitals.
    ///
    /// # Errors
    /// The fact is absent.
    #[inline]
    pub fn is(self, text: &str) -> Result<bool, Missing> {
        Ok(self.known()?.eq_ignore_ascii_case(text))
    }

    /// The bit of the fact in the view.
    #[inline]
    #[must_use]
    pub fn facts(self) -> u64 {
        self.facts
    }
}

/// A column of texts.
pub struct Texts<'b> {
    symbols: &'b [u32],
    texts: &'b [&'b str],
}

impl<'b> Field<'b> for Text<'b> {
    const KIND: FactKind = FactKind::Text;
    const DIMENSION: Option<Dimension> = None;
    type Column = Texts<'b>;

    fn column(cursor: &mut Cursor<'b>) -> Option<Texts<'b>> {
        Some(Texts {
            symbols: cursor.symbols()?,
            texts: cursor.texts,
        })
    }

    #[inline(always)]
    fn read(column: &Texts<'b>, row: usize, fact: u64) -> Self {
        let symbol = column.symbols.get(row).copied().unwrap_or(NO_TEXT);
        Text {
            text: column.texts.get(symbol as usize).copied(),
            facts: fact,
        }
    }
}

/// A text sorted into the keys of `K` (see [`crate::keys!`]): once for each different text of a
/// batch, not for each row.
#[derive(Clone, Copy, Debug)]
pub struct Class<K> {
    sorted: Sorted<K>,
    facts: u64,
}

#[derive(Clone, Copy, Debug)]
enum Sorted<K> {
    Absent,
    Unrecognised,
    Key(K),
}

impl<K: Key> Class<K> {
    /// Sorts a text.
    #[must_use]
    pub fn new(text: Option<&str>, facts: u64) -> Class<K> {
        let sorted = text.map_or(Sorted::Absent, sort);
        Class { sorted, facts }
    }

    /// The key.
    ///
    /// # Errors
    /// The fact is absent, or says something that no key stands for.
    #[inline]
    pub fn known(self) -> Result<K, Missing> {
        match self.sorted {
            Sorted::Key(key) => Ok(key),
            Sorted::Absent | Sorted::Unrecognised => Err(Missing::facts(self.facts)),
        }
    }

    /// The key, if there is one.
    #[inline]
    #[must_use]
    pub fn key(self) -> Option<K> {
        match self.sorted {
            Sorted::Key(key) => Some(key),
            Sorted::Absent | Sorted::Unrecognised => None,
        }
    }

    /// The bit of the fact in the view.
    #[inline]
    #[must_use]
    pub fn facts(self) -> u64 {
        self.facts
    }
}

fn sort<K: Key>(text: &str) -> Sorted<K> {
    K::of_text(text).map_or(Sorted::Unrecognised, Sorted::Key)
}

/// A column of texts with the key of each text of the batch that was asked for.
pub struct Classes<'b, K> {
    symbols: &'b [u32],
    texts: &'b [&'b str],
    sorted: Vec<Cell<Option<Sorted<K>>>>,
}

impl<K: Key> Classes<'_, K> {
    /// Sorts a text when it is first met.
    #[cold]
    fn sort(&self, symbol: u32) -> Sorted<K> {
        let at = symbol as usize;
        let sorted = self.texts.get(at).map_or(Sorted::Absent, |text| sort(text));
        if let Some(slot) = self.sorted.get(at) {
            slot.set(Some(sorted));
        }
        sorted
    }
}

impl<'b, K: Key> Field<'b> for Class<K> {
    const KIND: FactKind = FactKind::Text;
    const DIMENSION: Option<Dimension> = None;
    type Column = Classes<'b, K>;

    fn column(cursor: &mut Cursor<'b>) -> Option<Classes<'b, K>> {
        Some(Classes {
            symbols: cursor.symbols()?,
            texts: cursor.texts,
            sorted: vec![Cell::new(None); cursor.texts.len()],
        })
    }

    #[inline(always)]
    fn read(column: &Classes<'b, K>, row: usize, fact: u64) -> Self {
        let symbol = column.symbols.get(row).copied().unwrap_or(NO_TEXT);
        let sorted = match column.sorted.get(symbol as usize).map(Cell::get) {
            Some(Some(sorted)) => sorted,
            Some(None) => column.sort(symbol),
            None => Sorted::Absent,
        };
        Class {
            sorted,
            facts: fact,
        }
    }
}
