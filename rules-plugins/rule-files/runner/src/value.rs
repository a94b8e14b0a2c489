//! Values of rows, and how the older system holds them against constants.

use std::borrow::Cow;
use std::cmp::Ordering;

use plancheck_contract::written;

use crate::batch::Rows;
use crate::condition::{Columns, Constant, Operator, Source};

/// How a number is shown as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Whole,
    Real,
    Boolean,
}

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'b> {
    /// It is not there, and the condition is not decided.
    Unknown,
    /// It is not there, which is a value like any other.
    Nothing,
    /// A number.
    Number(f64, Form),
    /// A text.
    Text(&'b str),
}

impl<'b> Value<'b> {
    /// What a source says of a row.
    pub(crate) fn of(source: &Source, rows: &Rows<'b>, row: usize) -> Value<'b> {
        match source {
            Source::Property(columns) => rows.value(columns, row).unwrap_or(Value::Unknown),
            Source::Extent { sides, own } => {
                let zero = Value::Number(0.0, Form::Whole);
                let other = || rows.value(own, row).unwrap_or(zero);
                let (mut product, mut form) = (1.0, Form::Whole);
                for side in sides.iter().flatten() {
                    match rows.value(side, row) {
                        None => return other(),
                        Some(Value::Number(x, _)) if x <= 0.0 => return other(),
                        Some(Value::Number(x, its)) => {
                            product *= x;
                            if its == Form::Real {
                                form = Form::Real;
                            }
                        }
                        Some(_) => return zero,
                    }
                }
                Value::Number(product, form)
            }
            Source::Height { own, location } => rows
                .value(own, row)
                .or_else(|| rows.value(location, row))
                .unwrap_or(Value::Nothing),
            Source::Floor(columns) => match rows.value(columns, row) {
                Some(Value::Number(z, _)) => Value::Number((z / 10.0).trunc() + 0.0, Form::Whole),
                _ => Value::Number(0.0, Form::Whole),
            },
        }
    }

    fn text(&self) -> Cow<'b, str> {
        match *self {
            Value::Unknown => Cow::Borrowed(""),
            Value::Nothing => Cow::Borrowed("None"),
            Value::Text(text) => Cow::Borrowed(text),
            Value::Number(x, Form::Boolean) => {
                Cow::Borrowed(if x == 0.0 { "False" } else { "True" })
            }
            Value::Number(x, _) if x == f64::INFINITY => Cow::Borrowed("inf"),
            Value::Number(x, form) => Cow::Owned(written(x, form == Form::Whole)),
        }
    }

    fn equals(&self, other: &Constant<'_>) -> bool {
        match (self, other) {
            (Value::Number(x, _), Constant::Number(y)) => x == y,
            (Value::Text(x), Constant::Text(y)) => *x == y.as_ref(),
            (Value::Nothing, Constant::Null) => true,
            _ => false,
        }
    }

    fn order(&self, other: &Constant<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Number(x, _), Constant::Number(y)) => x.partial_cmp(y),
            // By code point, as the bytes of UTF-8 are.
            (Value::Text(x), Constant::Text(y)) => Some((*x).cmp(y.as_ref())),
            _ => None,
        }
    }

    /// Whether the operator holds; a value that is not known has to be looked at before.
    pub(crate) fn holds(&self, operator: Operator, constant: &Constant<'_>) -> bool {
        let order = || self.order(constant);
        let listed = |items: &[Constant<'_>]| items.iter().any(|item| self.equals(item));
        match (operator, constant) {
            (Operator::Equal, _) => self.equals(constant),
            (Operator::NotEqual, _) => !self.equals(constant),
            (Operator::Less, _) => order().is_some_and(Ordering::is_lt),
            (Operator::AtMost, _) => order().is_some_and(Ordering::is_le),
            (Operator::Greater, _) => order().is_some_and(Ordering::is_gt),
            (Operator::AtLeast, _) => order().is_some_and(Ordering::is_ge),
            (Operator::In, Constant::List(items)) => listed(items),
            (Operator::NotIn, Constant::List(items)) => !listed(items),
            (Operator::Contains, Constant::Text(part)) => match self {
                Value::Text(text) => text.contains(part.as_ref()),
                _ => false,
            },
            (Operator::StartsWith, Constant::Text(part)) => self.text().starts_with(part.as_ref()),
            (Operator::EndsWith, Constant::Text(part)) => self.text().ends_with(part.as_ref()),
            (Operator::Regex, Constant::Pattern(pattern)) => pattern.begins(&self.text()),
            (Operator::System, _) => {
                let something = match self {
                    Value::Number(x, _) => *x != 0.0,
                    Value::Text(text) => !text.is_empty(),
                    Value::Unknown | Value::Nothing => false,
                };
                something && self.equals(constant)
            }
            _ => false,
        }
    }
}

/// The form of a number from how it is written.
pub(crate) fn form(written: Option<&str>) -> Form {
    match written {
        Some("true" | "false") => Form::Boolean,
        Some(text) if !text.contains(['.', 'e']) => Form::Whole,
        _ => Form::Real,
    }
}

/// The columns of a source.
pub(crate) fn columns(source: &Source) -> impl Iterator<Item = Columns> + use<> {
    let (first, second, own) = match source {
        Source::Property(columns) | Source::Floor(columns) => ([None; 3], None, Some(*columns)),
        Source::Extent { sides, own } => (*sides, None, Some(*own)),
        Source::Height { own, location } => ([None; 3], Some(*location), Some(*own)),
    };
    own.into_iter()
        .chain(second)
        .chain(first.into_iter().flatten())
}
