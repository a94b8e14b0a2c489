//! Parameters: their units, their cells, and where a batch has them.

use plancheck_contract::manifest::{Cell, Parameter};
use plancheck_contract::{Dimension, Unit};

use crate::diagnostic::{Diagnostic, Span, Wrong};
use crate::document::{self, Named, Text};
use crate::expression::{Literal, literal};

/// A parameter, as expressions see it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) unit: Unit,
    pub(crate) first_cell: u32,
    /// Something is wrong with it, and that was said.
    pub(crate) broken: bool,
    /// Of a table.
    pub(crate) keys: Option<Vec<String>>,
}

/// Reads the parameters: for expressions, and for the manifest.
pub(crate) fn parameters(
    list: &[Named<document::Parameter>],
    wrong: &mut Wrong,
) -> (Vec<Known>, Vec<Parameter>) {
    let (mut known, mut out) = (Vec::new(), Vec::new());
    let mut first_cell = 0;
    for Named { name, value } in list {
        let before = wrong.len();
        let unit = unit(name, value, wrong);
        let mut cells: Vec<Cell> = Vec::new();
        for (key, number) in &value.cells {
            let key_text = key
                .as_ref()
                .map(|key| key.value.clone())
                .unwrap_or_default();
            let same = |other: &&Cell| other.key.eq_ignore_ascii_case(&key_text);
            if let (Some(key), Some(other)) = (key, cells.iter().find(same)) {
                let message = format!(
                    "the keys `{}` and `{}` differ in capitals only",
                    other.key, key.value
                );
                wrong.push(Diagnostic::new("same-key", key.whole(), message));
            }
            let value = cell(number, unit, wrong);
            cells.push(Cell {
                key: key_text,
                value,
            });
        }
        let keys = value
            .is_table
            .then(|| cells.iter().map(|cell| cell.key.clone()).collect());
        let count = cells.len() as u32;
        known.push(Known {
            name: name.value.clone(),
            span: name.whole(),
            unit,
            first_cell,
            broken: wrong.len() > before || value.cells.is_empty(),
            keys,
        });
        out.push(Parameter {
            name: name.value.clone(),
            title: value.title.clone(),
            unit: unit.symbol().to_owned(),
            cells,
            citation: value.citation.clone(),
            stricter: value.stricter,
        });
        first_cell += count;
    }
    (known, out)
}

fn read(text: &Text) -> Option<Result<Literal, Box<Diagnostic>>> {
    (text.value != document::NOT_PERMITTED).then(|| literal(text))
}

/// The unit of a parameter: as it says, else that of its first number.
fn unit(name: &Text, parameter: &document::Parameter, wrong: &mut Wrong) -> Unit {
    if let Some(text) = &parameter.unit {
        match document::unit_text(text) {
            Ok(unit) => return unit,
            Err(error) => wrong.push(error),
        }
    }
    let numbers = parameter.cells.iter().filter_map(|(_, text)| read(text));
    let first = numbers.filter_map(Result::ok).next();
    if first.is_none()
        && !parameter.cells.is_empty()
        && parameter.unit.is_none()
        && parameter.cells.iter().all(|(_, text)| read(text).is_none())
    {
        let message = format!("nothing says what `{}` is measured in", name.value);
        wrong.push(
            Diagnostic::new("no-unit", name.whole(), message)
                .help("where nothing is permitted, name the unit: `unit = \"in\"`"),
        );
    }
    first.map_or(Unit::One, |literal| literal.unit)
}

/// The value of a cell in the parameter's unit.
fn cell(text: &Text, unit: Unit, wrong: &mut Wrong) -> Option<f64> {
    match read(text)? {
        Err(error) => {
            wrong.push(document::not_permitted(text, error));
            Some(0.0)
        }
        Ok(literal) => {
            let convertible = literal.unit.dimension() == unit.dimension()
                || (literal.unit == Unit::Percent && unit.dimension() == Dimension::Slope);
            if !convertible {
                let message = format!(
                    "{} where the parameter is in {}",
                    symbol(literal.unit),
                    symbol(unit)
                );
                wrong.push(Diagnostic::new("mixed-units", text.whole(), message));
                return Some(0.0);
            }
            let same =
                literal.unit == unit || literal.unit.factor().to_bits() == unit.factor().to_bits();
            Some(if same {
                literal.value
            } else {
                unit.from_si(literal.unit.to_si(literal.value))
            })
        }
    }
}

fn symbol(unit: Unit) -> String {
    match unit {
        Unit::One => "a plain number".to_owned(),
        Unit::Slope => "a slope".to_owned(),
        other => other.symbol().to_owned(),
    }
}
