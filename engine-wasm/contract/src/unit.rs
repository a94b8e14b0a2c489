//! Units of measurement: what a code writes its limits in, and how that relates to SI.
//!
//! Exact factors: the international inch is 25.4 mm and the foot 304.8 mm (1959 agreement,
//! NIST SP 811 appendix B). Codes are part of the contract and never change their meaning.

/// What a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "read",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Dimension {
    /// A pure number.
    Number,
    /// Metres.
    Length,
    /// Square metres.
    Area,
    /// Cubic metres.
    Volume,
    /// Radians.
    Angle,
    /// Rise over run, as a ratio.
    Slope,
    /// Seconds.
    Time,
    /// How many of something.
    Count,
    /// Square metres for each person.
    AreaPerPerson,
    /// Metres for each person.
    LengthPerPerson,
    /// Pascals.
    Pressure,
    /// Of a fluid: cubic metres in a second.
    Flow,
    /// Kelvins.
    Temperature,
    /// Watts.
    Power,
    /// Electric, amperes.
    Current,
}

/// A unit. The number is its code in verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(
    missing_docs,
    reason = "the names say it; `info` has symbol, dimension and factor"
)]
pub enum Unit {
    One = 0,
    Metre = 1,
    Millimetre = 2,
    Centimetre = 3,
    Inch = 4,
    Foot = 5,
    SquareMetre = 6,
    SquareFoot = 7,
    CubicMetre = 8,
    CubicFoot = 9,
    Radian = 10,
    Degree = 11,
    /// Rise over run, written `1:n`.
    Slope = 12,
    Percent = 13,
    Second = 14,
    Minute = 15,
    Hour = 16,
    Person = 17,
    Each = 18,
    SquareMetrePerPerson = 19,
    SquareFootPerPerson = 20,
    MillimetrePerPerson = 21,
    InchPerPerson = 22,
    /// Rise over run, written in percent.
    SlopePercent = 23,
    MetrePerPerson = 24,
    Pascal = 25,
    Kilopascal = 26,
    PoundPerSquareInch = 27,
    CubicMetrePerSecond = 28,
    LitrePerSecond = 29,
    CubicMetrePerHour = 30,
    /// Of the United States.
    GallonPerMinute = 31,
    CubicFootPerMinute = 32,
    Kelvin = 33,
    Celsius = 34,
    Fahrenheit = 35,
    Watt = 36,
    Kilowatt = 37,
    Ampere = 38,
}

const FOOT: f64 = 0.3048;
const INCH: f64 = 0.0254;
/// Pound-force: the pound of 0.45359237 kg under standard gravity.
const POUND: f64 = 0.453_592_37 * 9.806_65;

/// Every unit with its symbol in manifests, dimension and factor to SI, by code.
const TABLE: &[(Unit, &str, Dimension, f64)] = &[
    (Unit::One, "1", Dimension::Number, 1.0),
    (Unit::Metre, "m", Dimension::Length, 1.0),
    (Unit::Millimetre, "mm", Dimension::Length, 0.001),
    (Unit::Centimetre, "cm", Dimension::Length, 0.01),
    (Unit::Inch, "in", Dimension::Length, INCH),
    (Unit::Foot, "ft", Dimension::Length, FOOT),
    (Unit::SquareMetre, "m²", Dimension::Area, 1.0),
    (Unit::SquareFoot, "ft²", Dimension::Area, FOOT * FOOT),
    (Unit::CubicMetre, "m³", Dimension::Volume, 1.0),
    (
        Unit::CubicFoot,
        "ft³",
        Dimension::Volume,
        FOOT * FOOT * FOOT,
    ),
    (Unit::Radian, "rad", Dimension::Angle, 1.0),
    (
        Unit::Degree,
        "°",
        Dimension::Angle,
        std::f64::consts::PI / 180.0,
    ),
    (Unit::Slope, "1:n", Dimension::Slope, 1.0),
    (Unit::Percent, "%", Dimension::Number, 0.01),
    (Unit::Second, "s", Dimension::Time, 1.0),
    (Unit::Minute, "min", Dimension::Time, 60.0),
    (Unit::Hour, "h", Dimension::Time, 3600.0),
    (Unit::Person, "persons", Dimension::Count, 1.0),
    (Unit::Each, "each", Dimension::Count, 1.0),
    (
        Unit::SquareMetrePerPerson,
        "m²/person",
        Dimension::AreaPerPerson,
        1.0,
    ),
    (
        Unit::SquareFootPerPerson,
        "ft²/person",
        Dimension::AreaPerPerson,
        FOOT * FOOT,
    ),
    (
        Unit::MillimetrePerPerson,
        "mm/person",
        Dimension::LengthPerPerson,
        0.001,
    ),
    (
        Unit::InchPerPerson,
        "in/person",
        Dimension::LengthPerPerson,
        INCH,
    ),
    (Unit::SlopePercent, "% slope", Dimension::Slope, 0.01),
    (
        Unit::MetrePerPerson,
        "m/person",
        Dimension::LengthPerPerson,
        1.0,
    ),
    (Unit::Pascal, "Pa", Dimension::Pressure, 1.0),
    (Unit::Kilopascal, "kPa", Dimension::Pressure, 1000.0),
    (
        Unit::PoundPerSquareInch,
        "psi",
        Dimension::Pressure,
        POUND / (INCH * INCH),
    ),
    (Unit::CubicMetrePerSecond, "m³/s", Dimension::Flow, 1.0),
    (Unit::LitrePerSecond, "l/s", Dimension::Flow, 0.001),
    (
        Unit::CubicMetrePerHour,
        "m³/h",
        Dimension::Flow,
        1.0 / 3600.0,
    ),
    // A gallon has 231 cubic inches.
    (
        Unit::GallonPerMinute,
        "gpm",
        Dimension::Flow,
        231.0 * INCH * INCH * INCH / 60.0,
    ),
    (
        Unit::CubicFootPerMinute,
        "cfm",
        Dimension::Flow,
        FOOT * FOOT * FOOT / 60.0,
    ),
    (Unit::Kelvin, "K", Dimension::Temperature, 1.0),
    (Unit::Celsius, "°C", Dimension::Temperature, 1.0),
    (Unit::Fahrenheit, "°F", Dimension::Temperature, 5.0 / 9.0),
    (Unit::Watt, "W", Dimension::Power, 1.0),
    (Unit::Kilowatt, "kW", Dimension::Power, 1000.0),
    (Unit::Ampere, "A", Dimension::Current, 1.0),
];

impl Unit {
    /// The unit with this code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Unit> {
        TABLE.get(usize::from(code)).map(|row| row.0)
    }

    /// The unit with this symbol.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Option<Unit> {
        TABLE.iter().find(|row| row.1 == symbol).map(|row| row.0)
    }

    /// Every unit.
    pub fn all() -> impl Iterator<Item = Unit> {
        TABLE.iter().map(|row| row.0)
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "there is one row for each code, a test holds the two together"
    )]
    const fn info(self) -> &'static (Unit, &'static str, Dimension, f64) {
        &TABLE[self as usize]
    }

    /// Its symbol, as manifests and reports write it.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        self.info().1
    }

    /// What it measures.
    #[must_use]
    pub const fn dimension(self) -> Dimension {
        self.info().2
    }

    /// How many SI units one of it is.
    #[must_use]
    pub const fn factor(self) -> f64 {
        self.info().3
    }

    /// What 0 of it is in SI: not 0 for degrees of temperature. Comparisons are made without it, so
    /// that a tolerance is one.
    #[must_use]
    pub const fn offset(self) -> f64 {
        match self {
            Unit::Celsius => 273.15,
            Unit::Fahrenheit => 459.67 * 5.0 / 9.0,
            _ => 0.0,
        }
    }

    /// A value in SI, in this unit.
    #[must_use]
    pub fn from_si(self, si: f64) -> f64 {
        (si - self.offset()) / self.factor()
    }

    /// A value in this unit, in SI.
    #[must_use]
    pub fn to_si(self, value: f64) -> f64 {
        value * self.factor() + self.offset()
    }
}

impl Dimension {
    /// The SI unit of the dimension.
    #[must_use]
    pub const fn si_unit(self) -> Unit {
        match self {
            Dimension::Number => Unit::One,
            Dimension::Length => Unit::Metre,
            Dimension::Area => Unit::SquareMetre,
            Dimension::Volume => Unit::CubicMetre,
            Dimension::Angle => Unit::Radian,
            Dimension::Slope => Unit::Slope,
            Dimension::Time => Unit::Second,
            Dimension::Count => Unit::Each,
            Dimension::AreaPerPerson => Unit::SquareMetrePerPerson,
            Dimension::LengthPerPerson => Unit::MetrePerPerson,
            Dimension::Pressure => Unit::Pascal,
            Dimension::Flow => Unit::CubicMetrePerSecond,
            Dimension::Temperature => Unit::Kelvin,
            Dimension::Power => Unit::Watt,
            Dimension::Current => Unit::Ampere,
        }
    }

    /// Its name in manifests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Dimension::Number => "number",
            Dimension::Length => "length",
            Dimension::Area => "area",
            Dimension::Volume => "volume",
            Dimension::Angle => "angle",
            Dimension::Slope => "slope",
            Dimension::Time => "time",
            Dimension::Count => "count",
            Dimension::AreaPerPerson => "area_per_person",
            Dimension::LengthPerPerson => "length_per_person",
            Dimension::Pressure => "pressure",
            Dimension::Flow => "flow",
            Dimension::Temperature => "temperature",
            Dimension::Power => "power",
            Dimension::Current => "current",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_codes() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0 as usize, index, "{:?}", row.0);
            assert_eq!(Unit::from_symbol(row.1), Some(row.0), "symbols are unique");
        }
    }

    #[test]
    fn derived_units_have_their_published_values() {
        for (unit, value, si) in [
            (Unit::PoundPerSquareInch, 1.0, 6_894.757_293_168),
            (Unit::GallonPerMinute, 1.0, 6.309_019_64e-5),
            (Unit::CubicFootPerMinute, 1.0, 4.719_474_432e-4),
            (Unit::CubicMetrePerHour, 36.0, 0.01),
            (Unit::Celsius, 49.0, 322.15),
            (Unit::Fahrenheit, 120.0, 322.038_888_888_9),
            (Unit::Fahrenheit, -40.0, 233.15),
        ] {
            assert!((unit.to_si(value) / si - 1.0).abs() < 1e-9, "{unit:?}");
            assert!((unit.from_si(si) - value).abs() < 1e-6, "{unit:?}");
        }
    }

    #[test]
    fn feet_and_inches_are_international() {
        assert_eq!(Unit::Inch.to_si(32.0), 0.8128);
        assert!((Unit::Foot.to_si(1.0) - Unit::Inch.to_si(12.0)).abs() < 1e-15);
    }
}
