//! Units as people write them, and what comes of multiplying and dividing what they measure.

use plancheck_contract::{Dimension, Unit};

/// Every way to write a unit in a rulebook.
const SPELLINGS: &[(&str, Unit)] = &[
    ("m", Unit::Metre),
    ("mm", Unit::Millimetre),
    ("cm", Unit::Centimetre),
    ("in", Unit::Inch),
    ("inch", Unit::Inch),
    ("inches", Unit::Inch),
    ("ft", Unit::Foot),
    ("feet", Unit::Foot),
    ("m²", Unit::SquareMetre),
    ("m2", Unit::SquareMetre),
    ("ft²", Unit::SquareFoot),
    ("ft2", Unit::SquareFoot),
    ("m³", Unit::CubicMetre),
    ("m3", Unit::CubicMetre),
    ("ft³", Unit::CubicFoot),
    ("ft3", Unit::CubicFoot),
    ("rad", Unit::Radian),
    ("°", Unit::Degree),
    ("deg", Unit::Degree),
    ("%", Unit::Percent),
    ("s", Unit::Second),
    ("min", Unit::Minute),
    ("h", Unit::Hour),
    ("person", Unit::Person),
    ("persons", Unit::Person),
    ("each", Unit::Each),
    ("m²/person", Unit::SquareMetrePerPerson),
    ("m2/person", Unit::SquareMetrePerPerson),
    ("ft²/person", Unit::SquareFootPerPerson),
    ("ft2/person", Unit::SquareFootPerPerson),
    ("mm/person", Unit::MillimetrePerPerson),
    ("in/person", Unit::InchPerPerson),
    ("m/person", Unit::MetrePerPerson),
    ("Pa", Unit::Pascal),
    ("kPa", Unit::Kilopascal),
    ("psi", Unit::PoundPerSquareInch),
    ("m³/s", Unit::CubicMetrePerSecond),
    ("m3/s", Unit::CubicMetrePerSecond),
    ("l/s", Unit::LitrePerSecond),
    ("L/s", Unit::LitrePerSecond),
    ("m³/h", Unit::CubicMetrePerHour),
    ("m3/h", Unit::CubicMetrePerHour),
    ("gpm", Unit::GallonPerMinute),
    ("cfm", Unit::CubicFootPerMinute),
    ("K", Unit::Kelvin),
    ("°C", Unit::Celsius),
    ("degC", Unit::Celsius),
    ("°F", Unit::Fahrenheit),
    ("degF", Unit::Fahrenheit),
    ("W", Unit::Watt),
    ("kW", Unit::Kilowatt),
    ("A", Unit::Ampere),
];

/// The unit that is written like this.
pub(crate) fn unit(symbol: &str) -> Option<Unit> {
    SPELLINGS.iter().find(|s| s.0 == symbol).map(|s| s.1)
}

/// Every spelling, for suggestions.
pub(crate) fn spellings() -> impl Iterator<Item = &'static str> {
    SPELLINGS.iter().map(|s| s.0)
}

/// What people call a dimension; after `as` too.
pub(crate) fn dimension_name(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::AreaPerPerson => "area per person",
        Dimension::LengthPerPerson => "length per person",
        other => other.name(),
    }
}

/// Powers of length, time, angle, persons, mass, temperature and electric current.
fn powers(dimension: Dimension) -> [i32; 7] {
    match dimension {
        Dimension::Number | Dimension::Slope => [0, 0, 0, 0, 0, 0, 0],
        Dimension::Length => [1, 0, 0, 0, 0, 0, 0],
        Dimension::Area => [2, 0, 0, 0, 0, 0, 0],
        Dimension::Volume => [3, 0, 0, 0, 0, 0, 0],
        Dimension::Time => [0, 1, 0, 0, 0, 0, 0],
        Dimension::Angle => [0, 0, 1, 0, 0, 0, 0],
        Dimension::Count => [0, 0, 0, 1, 0, 0, 0],
        Dimension::AreaPerPerson => [2, 0, 0, -1, 0, 0, 0],
        Dimension::LengthPerPerson => [1, 0, 0, -1, 0, 0, 0],
        Dimension::Pressure => [-1, -2, 0, 0, 1, 0, 0],
        Dimension::Flow => [3, -1, 0, 0, 0, 0, 0],
        Dimension::Temperature => [0, 0, 0, 0, 0, 1, 0],
        Dimension::Power => [2, -3, 0, 0, 1, 0, 0],
        Dimension::Current => [0, 0, 0, 0, 0, 0, 1],
    }
}

fn of_powers(wanted: [i32; 7]) -> Option<Dimension> {
    [
        Dimension::Number,
        Dimension::Length,
        Dimension::Area,
        Dimension::Volume,
        Dimension::Time,
        Dimension::Angle,
        Dimension::Count,
        Dimension::AreaPerPerson,
        Dimension::LengthPerPerson,
        Dimension::Pressure,
        Dimension::Flow,
        Dimension::Power,
        Dimension::Current,
    ]
    .into_iter()
    .find(|dimension| powers(*dimension) == wanted)
}

/// What a product or, with `sign` -1, a quotient measures. A count is a plain number where nothing
/// else makes sense: 12 risers of 7 in each are a length.
fn combined(a: Dimension, b: Dimension, sign: i32) -> Option<Dimension> {
    let mut sum = powers(a);
    for (power, other) in sum.iter_mut().zip(powers(b)) {
        *power += sign * other;
    }
    of_powers(sum).or_else(|| {
        let [length, time, angle, _, rest @ ..] = sum;
        let [mass, temperature, current] = rest;
        of_powers([length, time, angle, 0, mass, temperature, current])
    })
}

/// What the product measures; none: no code measures that. Degrees that are counted from somewhere
/// cannot be multiplied.
pub(crate) fn product(a: Dimension, b: Dimension) -> Option<Dimension> {
    match (a, b) {
        (Dimension::Temperature, _) | (_, Dimension::Temperature) => None,
        (Dimension::Number, other) | (other, Dimension::Number) => Some(other),
        _ => combined(a, b, 1),
    }
}

/// What the quotient measures; none: no code measures that.
pub(crate) fn quotient(a: Dimension, b: Dimension) -> Option<Dimension> {
    match (a, b) {
        // From absolute zero, as in the law of gases.
        (Dimension::Temperature, Dimension::Temperature) => Some(Dimension::Number),
        (Dimension::Temperature, _) | (_, Dimension::Temperature) => None,
        (_, Dimension::Number) => Some(a),
        _ => combined(a, b, -1),
    }
}

/// What two numbers measure that are added or compared; none: they do not measure the same. A plain
/// number may stand for a count or for a slope.
pub(crate) fn common(a: Dimension, b: Dimension) -> Option<Dimension> {
    match (a, b) {
        _ if a == b => Some(a),
        (Dimension::Number, other @ (Dimension::Count | Dimension::Slope))
        | (other @ (Dimension::Count | Dimension::Slope), Dimension::Number) => Some(other),
        _ => None,
    }
}

/// The unit for a comparison of things of this dimension, where the code writes `unit`.
pub(crate) fn unit_for(dimension: Dimension, unit: Unit) -> Unit {
    match (dimension, unit) {
        (Dimension::Slope, Unit::Percent) => Unit::SlopePercent,
        (Dimension::Slope, Unit::One) => Unit::Slope,
        (Dimension::Count, Unit::One) => Unit::Each,
        (Dimension::Number, Unit::SlopePercent) => Unit::Percent,
        _ => unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Dimension::{
        Area, AreaPerPerson, Count, Flow, Length, LengthPerPerson, Number, Power, Pressure, Slope,
        Temperature, Time, Volume,
    };

    #[test]
    fn what_products_and_quotients_measure() {
        for (a, b, product_, quotient_) in [
            (Length, Length, Some(Area), Some(Number)),
            (Area, Length, Some(Volume), Some(Length)),
            (Area, AreaPerPerson, None, Some(Count)),
            (Count, LengthPerPerson, Some(Length), None),
            (Count, Length, Some(Length), None),
            (Area, Count, Some(Area), Some(AreaPerPerson)),
            (Count, Count, Some(Number), Some(Number)),
            (Length, Slope, Some(Length), Some(Length)),
            (Number, Area, Some(Area), None),
            (Volume, Time, None, Some(Flow)),
            (Flow, Time, Some(Volume), None),
            (Pressure, Flow, Some(Power), None),
            (Number, Flow, Some(Flow), None),
            (Temperature, Number, None, None),
            (Temperature, Temperature, None, Some(Number)),
        ] {
            assert_eq!(product(a, b), product_, "{a:?} * {b:?}");
            assert_eq!(quotient(a, b), quotient_, "{a:?} / {b:?}");
        }
    }

    #[test]
    fn every_unit_but_the_bare_ones_can_be_written() {
        for unit in Unit::all() {
            let bare = matches!(unit, Unit::One | Unit::Slope | Unit::SlopePercent);
            assert_eq!(SPELLINGS.iter().any(|s| s.1 == unit), !bare, "{unit:?}");
        }
    }
}
