//! What an expression comes to: a register and its type.

use plancheck_contract::{Dimension, Unit};

use crate::expression::Wanted;
use crate::units::dimension_name;

/// A value of some type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    Number(Number),
    Truth(u32),
    Text(u32),
}

/// A number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    pub(crate) at: At,
    pub(crate) dimension: Dimension,
    /// The unit that the code writes it in, where it writes it.
    pub(crate) unit: Option<Unit>,
    /// It depends on facts of the model.
    pub(crate) reads: bool,
}

/// Where a number is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    /// A register, in SI.
    Si(u32),
    /// A register, in a unit of the code.
    In(u32, Unit),
    /// A number of the rulebook, in a unit.
    Literal(f64, Unit),
}

impl Value {
    /// What it is, as a fact would be asked for.
    pub(crate) fn wanted(&self) -> Wanted {
        match self {
            Value::Number(number) => Wanted::Number(number.dimension),
            Value::Truth(_) => Wanted::Truth,
            Value::Text(_) => Wanted::Text,
        }
    }
}

impl Wanted {
    /// For people, with an article.
    pub(crate) fn describe(self) -> String {
        match self {
            Wanted::Number(Dimension::Number) => "a plain number".to_owned(),
            Wanted::Number(dimension) => {
                let name = dimension_name(dimension);
                let article = if name.starts_with('a') { "an" } else { "a" };
                format!("{article} {name}")
            }
            Wanted::Truth => "true or false".to_owned(),
            Wanted::Text => "a text".to_owned(),
        }
    }
}

/// The unit for what is computed from numbers of the code: of the same system, and as people say
/// it. None: the code says no unit that would fit.
pub(crate) fn computed_unit(dimension: Dimension, from: [Option<Unit>; 2]) -> Option<Unit> {
    let units = || from.iter().flatten().copied();
    if let Some(same) = units().find(|unit| unit.dimension() == dimension) {
        return Some(same);
    }
    let any = |wanted: &[Unit]| units().any(|unit| wanted.contains(&unit));
    let inches = any(&[Unit::Inch, Unit::InchPerPerson]);
    let feet = any(&[
        Unit::Foot,
        Unit::SquareFoot,
        Unit::CubicFoot,
        Unit::SquareFootPerPerson,
    ]);
    let millimetres = any(&[Unit::Millimetre, Unit::MillimetrePerPerson]);
    let metres = any(&[
        Unit::Metre,
        Unit::Centimetre,
        Unit::SquareMetre,
        Unit::CubicMetre,
        Unit::SquareMetrePerPerson,
        Unit::MetrePerPerson,
    ]);
    match dimension {
        Dimension::Length if inches => Some(Unit::Inch),
        Dimension::Length if feet => Some(Unit::Foot),
        Dimension::Length if millimetres => Some(Unit::Millimetre),
        Dimension::Length if metres => Some(Unit::Metre),
        Dimension::Area if inches || feet => Some(Unit::SquareFoot),
        Dimension::Volume if inches || feet => Some(Unit::CubicFoot),
        Dimension::Count
            if any(&[
                Unit::SquareFootPerPerson,
                Unit::SquareMetrePerPerson,
                Unit::InchPerPerson,
                Unit::MillimetrePerPerson,
                Unit::MetrePerPerson,
            ]) =>
        {
            Some(Unit::Person)
        }
        Dimension::AreaPerPerson if inches || feet => Some(Unit::SquareFootPerPerson),
        Dimension::LengthPerPerson if inches || feet => Some(Unit::InchPerPerson),
        _ => None,
    }
}
