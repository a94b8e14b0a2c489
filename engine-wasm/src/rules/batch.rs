//! Packing rows of facts into the columns of a batch.

use std::collections::HashMap;
use std::sync::Arc;

use plancheck_contract::{
    Batch, FactKind, LAYOUT_BOOLEAN, LAYOUT_EXACT, LAYOUT_TEXT, LAYOUT_TOLERANCE, NO_TEXT,
};

use super::evaluate::Cell;

/// Columns that grow row by row.
#[derive(Debug)]
pub struct Builder {
    columns: Vec<Column>,
    texts: HashMap<Arc<str>, u32>,
    text: String,
    text_ends: Vec<u32>,
    rows: u32,
}

#[derive(Debug)]
enum Column {
    Number {
        values: Vec<f64>,
        tolerances: Vec<f64>,
        exact: bool,
    },
    Boolean(Vec<f64>),
    Text(Vec<u32>),
}

impl Builder {
    /// Columns of these types.
    #[must_use]
    pub fn new(kinds: impl Iterator<Item = FactKind>) -> Builder {
        let columns = kinds.map(|kind| match kind {
            FactKind::Number => Column::Number {
                values: Vec::new(),
                tolerances: Vec::new(),
                exact: true,
            },
            FactKind::Boolean => Column::Boolean(Vec::new()),
            FactKind::Text => Column::Text(Vec::new()),
        });
        Builder {
            columns: columns.collect(),
            texts: HashMap::new(),
            text: String::new(),
            text_ends: Vec::new(),
            rows: 0,
        }
    }

    /// Adds a row: one cell for each column.
    pub fn push(&mut self, cells: impl Iterator<Item = Cell>) {
        self.rows += 1;
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match column {
                Column::Number {
                    values,
                    tolerances,
                    exact,
                } => {
                    let (x, t) = match cell.as_kind(FactKind::Number) {
                        Cell::Number(x, t) => (x, t),
                        _ => (f64::NAN, 0.0),
                    };
                    *exact &= t == 0.0;
                    values.push(x);
                    tolerances.push(t);
                }
                Column::Boolean(values) => values.push(match cell.as_kind(FactKind::Boolean) {
                    Cell::Boolean(b) => f64::from(u8::from(b)),
                    _ => f64::NAN,
                }),
                Column::Text(symbols) => {
                    let symbol = match cell.as_kind(FactKind::Text) {
                        Cell::Text(text) => *self.texts.entry(text).or_insert_with_key(|text| {
                            self.text.push_str(text);
                            // a batch's texts are names out of one model; far below 4 GB
                            self.text_ends
                                .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
                            u32::try_from(self.text_ends.len() - 1).unwrap_or(NO_TEXT)
                        }),
                        _ => NO_TEXT,
                    };
                    symbols.push(symbol);
                }
            }
        }
    }

    /// The batch.
    #[must_use]
    pub fn finish(self, view: u32, parameters: Vec<f64>, detail: bool) -> Batch {
        let mut batch = Batch {
            view,
            rows: self.rows,
            text: self.text,
            text_ends: self.text_ends,
            parameters,
            detail,
            ..Batch::default()
        };
        for column in self.columns {
            match column {
                Column::Number {
                    values,
                    tolerances,
                    exact,
                } => {
                    batch.layout.push(if exact {
                        LAYOUT_EXACT
                    } else {
                        LAYOUT_TOLERANCE
                    });
                    batch.numbers.extend(values);
                    if !exact {
                        batch.numbers.extend(tolerances);
                    }
                }
                Column::Boolean(values) => {
                    batch.layout.push(LAYOUT_BOOLEAN);
                    batch.numbers.extend(values);
                }
                Column::Text(symbols) => {
                    batch.layout.push(LAYOUT_TEXT);
                    batch.symbols.extend(symbols);
                }
            }
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_lie_one_after_the_other() {
        let kinds = [
            FactKind::Number,
            FactKind::Text,
            FactKind::Boolean,
            FactKind::Number,
        ];
        let mut builder = Builder::new(kinds.into_iter());
        let text = |t: &str| Cell::Text(Arc::from(t));
        builder.push(
            [
                Cell::Number(1.0, 0.0),
                text("a"),
                Cell::Boolean(true),
                Cell::Number(2.0, 0.5),
            ]
            .into_iter(),
        );
        builder.push(
            [
                Cell::Absent,
                text("a"),
                Cell::Absent,
                Cell::Number(3.0, 0.0),
            ]
            .into_iter(),
        );
        let batch = builder.finish(7, vec![32.0], false);
        assert_eq!(
            batch.layout,
            [LAYOUT_EXACT, LAYOUT_TEXT, LAYOUT_BOOLEAN, LAYOUT_TOLERANCE]
        );
        assert_eq!(batch.symbols, [0, 0]);
        assert_eq!(
            (batch.text.as_str(), batch.text_ends.as_slice()),
            ("a", &[1][..])
        );
        let [one, absent, yes, unknown, rest @ ..] = batch.numbers.as_slice() else {
            panic!("too short")
        };
        assert_eq!((*one, *yes), (1.0, 1.0));
        assert!(absent.is_nan() && unknown.is_nan());
        assert_eq!(rest, [2.0, 3.0, 0.5, 0.0]);
    }
}
