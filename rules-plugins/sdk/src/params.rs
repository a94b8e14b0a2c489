//! Parameters: the numbers of the code that an amendment may replace.

use std::marker::PhantomData;

use plancheck_contract::{Stricter, Unit};

use crate::keys::Key;
use crate::limit::Limit;
use crate::quantity::Quantity;

/// The parameters of a module: `#[derive(Params)]` writes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the parameters of a module",
    label = "want a struct with `#[derive(Params)]`"
)]
pub trait Params: Sized {
    /// Every parameter as the manifest says it, in the order of the fields.
    const INFO: &'static [ParamInfo];
    /// Reads the values of a batch; None: there are not as many as the manifest says.
    fn read(values: &[f64]) -> Option<Self>;
    /// The values of the code itself, without amendments.
    #[must_use]
    fn defaults() -> Self;
}

/// A parameter, for the manifest.
#[derive(Clone, Copy, Debug)]
pub struct ParamInfo {
    /// Unique in the module.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Of every cell.
    pub unit: Unit,
    /// Where the code says so.
    pub citation: &'static str,
    /// Which of two numbers is the stricter one; none: nobody says.
    pub stricter: Option<Stricter>,
    /// Key and value; none: not permitted.
    pub cells: &'static [(&'static str, Option<f64>)],
}

/// The type of a parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a parameter",
    label = "want `Limit<…>` or `Table<…, …>`"
)]
pub trait Param: Sized {
    /// Takes its cells from the values.
    fn take(values: &mut &[f64], unit: Unit, cells: usize) -> Option<Self>;
}

impl<D: Quantity> Param for Limit<D> {
    fn take(values: &mut &[f64], unit: Unit, _cells: usize) -> Option<Self> {
        let (value, rest) = values.split_first()?;
        *values = rest;
        Some(Limit::new(*value, unit))
    }
}

/// A table of the code: a number for each key of `K`.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<D, K> {
    values: Vec<f64>,
    /// Unit and factor of every cell.
    cell: Limit<D>,
    keys: PhantomData<K>,
}

impl<D: Quantity, K: Key> Table<D, K> {
    /// The number of a key.
    #[inline]
    #[must_use]
    pub fn get(&self, key: K) -> Limit<D> {
        self.cell
            .with_value(self.values.get(key.place()).copied().unwrap_or(f64::NAN))
    }
}

impl<D: Quantity, K: Key> Param for Table<D, K> {
    fn take(values: &mut &[f64], unit: Unit, cells: usize) -> Option<Self> {
        let (mine, rest) = values.split_at_checked(cells)?;
        *values = rest;
        Some(Table {
            values: mine.to_vec(),
            cell: Limit::not_permitted(unit),
            keys: PhantomData,
        })
    }
}

/// The unit of a table, checked against its dimension while compiling.
///
/// # Panics
/// While compiling: the unit measures something else, or the cells are not one for each key in
/// the order of the keys.
#[doc(hidden)]
#[must_use]
pub const fn check_table<D: Quantity, K: Key>(unit: Unit, places: &[usize]) -> Unit {
    assert!(
        unit.dimension() as u8 == D::DIMENSION as u8,
        "the unit does not measure the dimension of the table"
    );
    let mut at = 0;
    while at < places.len() {
        assert!(
            places[at] == at,
            "a table lists its cells in the order of the keys"
        );
        at += 1;
    }
    assert!(at == K::COUNT, "a table has one cell for each key");
    unit
}

/// The values of the code itself, as a batch would carry them.
#[doc(hidden)]
#[must_use]
pub fn default_values(info: &[ParamInfo]) -> Vec<f64> {
    info.iter()
        .flat_map(|p| p.cells)
        .map(|(_, value)| value.unwrap_or(f64::NAN))
        .collect()
}
