//! Derived facts: what a module computes row by row, for itself and for other views.

use plancheck_contract::{Columns, Dimension, FactKind};

use crate::facts::{Facts, Source, ViewInfo};
use crate::measured::Measured;
use crate::params::Params;
use crate::quantity::Quantity;
use crate::verdict::Missing;

/// A derived fact: `#[derived]` writes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a derived fact",
    label = "want `#[derived(…)]`"
)]
pub trait DerivedFact {
    /// The parameters it takes.
    type Params: Params;
    /// Its name, without the subject.
    const NAME: &'static str;
    /// The first line of its doc comment.
    const TITLE: &'static str;
    /// Its doc comment.
    const DESCRIPTION: &'static str;
    /// What it is.
    const KIND: FactKind;
    /// For numbers.
    const DIMENSION: Option<Dimension>;
    /// The view of its rows.
    const VIEW: &'static ViewInfo;
    /// Computes every row; None: the batch is not of this view.
    fn derive(source: &Source<'_>, params: &Self::Params, out: &mut ColumnWriter) -> Option<()>;
}

/// What a derived fact returns: a value, or which facts are missing.
pub type Derived<D> = Result<Measured<D>, Missing>;

/// A text that a derived fact gives, and the bits of the facts it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The text.
    pub text: &'static str,
    /// The bits of the facts.
    pub facts: u64,
}

/// True or false, as a derived fact gives it, and the bits of the facts it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Which of the two.
    pub value: bool,
    /// The bits of the facts.
    pub facts: u64,
}

/// What a derived fact may return.
#[diagnostic::on_unimplemented(
    message = "a derived fact returns `Derived<…>`, `Result<Label, Missing>` or `Result<Flag, Missing>`, not `{Self}`",
    label = "not a derived value"
)]
pub trait DerivedValue {
    /// What it is.
    const KIND: FactKind;
    /// For numbers.
    const DIMENSION: Option<Dimension>;
    /// Adds it to the column.
    fn write(self, out: &mut ColumnWriter);
}

impl<D: Quantity> DerivedValue for Derived<D> {
    const KIND: FactKind = FactKind::Number;
    const DIMENSION: Option<Dimension> = Some(D::DIMENSION);

    fn write(self, out: &mut ColumnWriter) {
        match self {
            Ok(value) => out.push(value.si(), value.tolerance(), value.facts()),
            Err(missing) => out.push(f64::NAN, 0.0, missing.mask()),
        }
    }
}

impl DerivedValue for Result<Label, Missing> {
    const KIND: FactKind = FactKind::Text;
    const DIMENSION: Option<Dimension> = None;

    fn write(self, out: &mut ColumnWriter) {
        match self {
            Ok(label) => {
                let index = out.text(label.text);
                out.push(index, 0.0, label.facts);
            }
            Err(missing) => out.push(f64::NAN, 0.0, missing.mask()),
        }
    }
}

impl DerivedValue for Result<Flag, Missing> {
    const KIND: FactKind = FactKind::Boolean;
    const DIMENSION: Option<Dimension> = None;

    fn write(self, out: &mut ColumnWriter) {
        match self {
            Ok(flag) => out.push(f64::from(flag.value), 0.0, flag.facts),
            Err(missing) => out.push(f64::NAN, 0.0, missing.mask()),
        }
    }
}

/// Collects the values of derived facts.
#[derive(Default)]
pub struct ColumnWriter {
    columns: Columns,
    texts: Vec<&'static str>,
}

impl ColumnWriter {
    fn push(&mut self, value: f64, tolerance: f64, facts: u64) {
        self.columns.values.push(value);
        self.columns.tolerances.push(tolerance);
        self.columns.facts.push(facts);
    }

    /// The index of a text. Labels are few: a search is as good as a map.
    fn text(&mut self, text: &'static str) -> f64 {
        let found = self.texts.iter().position(|known| *known == text);
        let index = found.unwrap_or_else(|| {
            self.texts.push(text);
            self.columns.text.push_str(text);
            let end = u32::try_from(self.columns.text.len()).unwrap_or(u32::MAX);
            self.columns.text_ends.push(end);
            self.texts.len() - 1
        });
        index as f64
    }

    pub(crate) fn finish(mut self) -> Columns {
        if self.columns.tolerances.iter().all(|t| *t == 0.0) {
            self.columns.tolerances.clear();
        }
        self.columns
    }
}

/// Computes every row with a function: what `#[derived]` calls.
#[doc(hidden)]
#[inline]
pub fn each_value<'b, R, P, V>(
    source: &'b Source<'b>,
    params: &P,
    out: &mut ColumnWriter,
    compute: impl Fn(R, &P) -> V,
) -> Option<()>
where
    R: Facts<'b>,
    V: DerivedValue,
{
    let columns = source.columns::<R>()?;
    for row in 0..source.batch.rows {
        compute(R::row(&columns, row as usize), params).write(out);
    }
    Some(())
}
