//! A batch taken apart: its columns, and its texts with those of the program after them.

use plancheck_contract::{
    Batch, LAYOUT_BOOLEAN, LAYOUT_EXACT, LAYOUT_TEXT, LAYOUT_TOLERANCE, NO_TEXT,
};

use crate::format::Sort;
use crate::program::Broken;

/// The rows of a batch.
pub(crate) struct Rows<'b> {
    pub(crate) count: usize,
    pub(crate) view: u32,
    pub(crate) columns: Vec<Column<'b>>,
    pub(crate) parameters: &'b [f64],
    pub(crate) detail: bool,
    /// Those of the batch, then the literals of the program.
    pub(crate) texts: Vec<&'b str>,
    /// How many of them are the batch's.
    pub(crate) own_texts: u32,
}

/// A column of a batch.
#[derive(Clone, Copy)]
pub(crate) enum Column<'b> {
    /// Values, and tolerances where there are any.
    Numbers(&'b [f64], Option<&'b [f64]>),
    /// 0, 1 or NaN.
    Truths(&'b [f64]),
    /// Indices of texts.
    Texts(&'b [u32]),
}

impl Column<'_> {
    pub(crate) fn sort(&self) -> Sort {
        match self {
            Column::Numbers(..) => Sort::Number,
            Column::Truths(_) => Sort::Truth,
            Column::Texts(_) => Sort::Text,
        }
    }
}

impl<'b> Rows<'b> {
    pub(crate) fn new(literals: Vec<&'b str>, batch: &'b Batch) -> Result<Rows<'b>, Broken> {
        let count = batch.rows as usize;
        let (mut numbers, mut symbols) = (batch.numbers.as_slice(), batch.symbols.as_slice());
        let mut columns = Vec::with_capacity(batch.layout.len());
        for layout in &batch.layout {
            let mut take = || {
                let (column, rest) = numbers.split_at_checked(count).ok_or(Broken)?;
                numbers = rest;
                Ok(column)
            };
            columns.push(match *layout {
                LAYOUT_EXACT => Column::Numbers(take()?, None),
                LAYOUT_TOLERANCE => Column::Numbers(take()?, Some(take()?)),
                LAYOUT_BOOLEAN => Column::Truths(take()?),
                LAYOUT_TEXT => {
                    let (column, rest) = symbols.split_at_checked(count).ok_or(Broken)?;
                    symbols = rest;
                    Column::Texts(column)
                }
                _ => return Err(Broken),
            });
        }
        if !numbers.is_empty() || !symbols.is_empty() {
            return Err(Broken);
        }
        let mut texts = Vec::with_capacity(batch.text_ends.len() + literals.len());
        let mut from = 0;
        for &end in &batch.text_ends {
            let end = end as usize;
            texts.push(batch.text.get(from..end).ok_or(Broken)?);
            from = end;
        }
        let own_texts = u32::try_from(texts.len()).map_err(|_| Broken)?;
        texts.extend(literals);
        if texts.len() >= NO_TEXT as usize {
            return Err(Broken);
        }
        Ok(Rows {
            count,
            view: batch.view,
            columns,
            parameters: &batch.parameters,
            detail: batch.detail,
            texts,
            own_texts,
        })
    }

    /// Whether some number is infinite, which no fact should be.
    pub(crate) fn has_infinite(&self) -> bool {
        self.columns.iter().any(|column| match column {
            // All of them, whatever comes: such a loop goes over several at once.
            Column::Numbers(values, _) => values
                .iter()
                .fold(false, |found, value| found | value.is_infinite()),
            Column::Truths(_) | Column::Texts(_) => false,
        })
    }

    pub(crate) fn numbers(&self, column: u32) -> Result<(&'b [f64], Option<&'b [f64]>), Broken> {
        match self.columns.get(column as usize) {
            Some(Column::Numbers(values, tolerances)) => Ok((values, *tolerances)),
            _ => Err(Broken),
        }
    }

    pub(crate) fn truths(&self, column: u32) -> Result<&'b [f64], Broken> {
        match self.columns.get(column as usize) {
            Some(Column::Truths(values)) => Ok(values),
            _ => Err(Broken),
        }
    }

    pub(crate) fn symbols(&self, column: u32) -> Result<&'b [u32], Broken> {
        match self.columns.get(column as usize) {
            Some(Column::Texts(symbols)) => Ok(symbols),
            _ => Err(Broken),
        }
    }

    pub(crate) fn parameter(&self, cell: u32) -> Result<f64, Broken> {
        self.parameters.get(cell as usize).copied().ok_or(Broken)
    }
}
