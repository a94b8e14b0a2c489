//! The columns of a batch, found once.

use plancheck_contract::{
    Batch, LAYOUT_BOOLEAN, LAYOUT_EXACT, LAYOUT_TEXT, LAYOUT_TOLERANCE, NO_TEXT,
};

use crate::condition::{Columns, NONE};
use crate::format::Broken;
use crate::value::{Value, form};

/// A batch with its columns apart.
pub(crate) struct Rows<'b> {
    pub(crate) count: usize,
    columns: Vec<Column<'b>>,
    texts: Vec<&'b str>,
}

enum Column<'b> {
    Numbers(&'b [f64]),
    Texts(&'b [u32]),
}

impl<'b> Rows<'b> {
    pub(crate) fn new(batch: &'b Batch) -> Result<Rows<'b>, Broken> {
        let count = batch.rows as usize;
        let (mut numbers, mut symbols) = (batch.numbers.as_slice(), batch.symbols.as_slice());
        let mut columns = Vec::with_capacity(batch.layout.len());
        for layout in &batch.layout {
            columns.push(match *layout {
                LAYOUT_EXACT | LAYOUT_BOOLEAN => {
                    let (own, rest) = numbers.split_at_checked(count).ok_or(Broken)?;
                    numbers = rest;
                    Column::Numbers(own)
                }
                LAYOUT_TOLERANCE => {
                    let (own, rest) = numbers.split_at_checked(count).ok_or(Broken)?;
                    let (_, rest) = rest.split_at_checked(count).ok_or(Broken)?;
                    numbers = rest;
                    Column::Numbers(own)
                }
                LAYOUT_TEXT => {
                    let (own, rest) = symbols.split_at_checked(count).ok_or(Broken)?;
                    symbols = rest;
                    Column::Texts(own)
                }
                _ => return Err(Broken),
            });
        }
        let mut texts = Vec::with_capacity(batch.text_ends.len());
        let mut start = 0;
        for end in &batch.text_ends {
            let end = *end as usize;
            texts.push(batch.text.get(start..end).ok_or(Broken)?);
            start = end;
        }
        Ok(Rows {
            count,
            columns,
            texts,
        })
    }

    /// The number of a column that has them; NaN where there is none.
    pub(crate) fn number(&self, column: u32, row: usize) -> f64 {
        match self.columns.get(column as usize) {
            Some(Column::Numbers(numbers)) => numbers.get(row).copied().unwrap_or(f64::NAN),
            _ => f64::NAN,
        }
    }

    /// The text of a column that has them.
    pub(crate) fn text(&self, column: u32, row: usize) -> Option<&'b str> {
        match self.columns.get(column as usize) {
            Some(Column::Texts(symbols)) => match *symbols.get(row)? {
                NO_TEXT => None,
                symbol => self.texts.get(symbol as usize).copied(),
            },
            _ => None,
        }
    }

    /// The columns of numbers and of texts, as they lie.
    pub(crate) fn slices(&self, columns: &Columns) -> Option<(&'b [f64], &'b [u32])> {
        let numbers = self.columns.get(columns.number as usize)?;
        let texts = self.columns.get(columns.text as usize)?;
        match (numbers, texts) {
            (Column::Numbers(numbers), Column::Texts(texts)) => Some((*numbers, *texts)),
            _ => None,
        }
    }

    /// The texts of the batch.
    pub(crate) fn texts(&self) -> &[&'b str] {
        &self.texts
    }

    /// The value in some columns; none where it is not given.
    pub(crate) fn value(&self, columns: &Columns, row: usize) -> Option<Value<'b>> {
        let number = self.number(columns.number, row);
        if !number.is_nan() {
            let written = (columns.written != NONE).then(|| self.text(columns.written, row));
            return Some(Value::Number(number, form(written.flatten())));
        }
        self.text(columns.text, row).map(Value::Text)
    }
}
