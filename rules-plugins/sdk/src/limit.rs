//! Limits: numbers of the code, in the unit that the code writes them in.

use std::marker::PhantomData;

use plancheck_contract::Unit;

use crate::quantity::{
    Angle, Area, AreaPerPerson, Count, Current, Flow, Length, LengthPerPerson, Power, Pressure,
    Quantity, Ratio, Slope, Temperature, Time, Volume,
};

/// A number of the code in its own unit, or "not permitted".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit<D> {
    value: f64,
    unit: Unit,
    factor: f64,
    dimension: PhantomData<D>,
}

/// What a value is held against: a [`Limit`], or a number computed from one and from facts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Required<D> {
    limit: Limit<D>,
    tolerance: f64,
    facts: u64,
}

impl<D: Quantity> Limit<D> {
    /// `value` in `unit`. In a constant, a unit of another dimension does not compile.
    ///
    /// # Panics
    /// `unit` is of another dimension.
    #[must_use]
    pub const fn new(value: f64, unit: Unit) -> Self {
        assert!(
            unit.dimension() as u8 == D::DIMENSION as u8,
            "the unit does not measure the dimension of the limit"
        );
        Limit {
            value,
            unit,
            factor: unit.factor(),
            dimension: PhantomData,
        }
    }

    /// Nothing meets this limit.
    #[must_use]
    pub const fn not_permitted(unit: Unit) -> Self {
        Self::new(f64::NAN, unit)
    }

    /// The same limit with another number: what an amendment does.
    #[inline]
    #[must_use]
    pub const fn with_value(self, value: f64) -> Self {
        Limit { value, ..self }
    }

    /// False for "not permitted".
    #[inline]
    #[must_use]
    pub const fn is_permitted(self) -> bool {
        !self.value.is_nan()
    }

    /// In [`Limit::unit`]; NaN: not permitted.
    #[inline(always)]
    #[must_use]
    pub const fn value(self) -> f64 {
        self.value
    }

    /// The unit that the code writes it in.
    #[inline(always)]
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// In SI; NaN: not permitted.
    #[inline(always)]
    #[must_use]
    pub const fn si(self) -> f64 {
        self.value * self.factor + self.unit.offset()
    }

    /// As a cell of the manifest: none for "not permitted".
    #[must_use]
    pub const fn cell(self) -> Option<f64> {
        if self.value.is_nan() {
            None
        } else {
            Some(self.value)
        }
    }
}

impl<D: Quantity> Required<D> {
    /// A number computed from facts: value and tolerance in `unit`, the bits of the facts.
    #[inline(always)]
    #[must_use]
    pub(crate) fn computed(value: f64, tolerance: f64, unit: Unit, facts: u64) -> Self {
        let limit = Limit {
            value,
            unit,
            factor: unit.factor(),
            dimension: PhantomData,
        };
        Required {
            limit,
            tolerance,
            facts,
        }
    }

    /// In [`Required::unit`]; NaN: not permitted.
    #[inline(always)]
    #[must_use]
    pub fn value(self) -> f64 {
        self.limit.value
    }

    /// Plus or minus, in [`Required::unit`].
    #[inline(always)]
    #[must_use]
    pub fn tolerance(self) -> f64 {
        self.tolerance
    }

    /// The unit of the comparison.
    #[inline(always)]
    #[must_use]
    pub fn unit(self) -> Unit {
        self.limit.unit
    }

    /// The bits of the facts it was computed from.
    #[inline(always)]
    #[must_use]
    pub fn facts(self) -> u64 {
        self.facts
    }

    #[inline(always)]
    pub(crate) fn factor(self) -> f64 {
        self.limit.factor
    }

    /// In degrees from absolute zero, where the unit counts from elsewhere; else as the code has it.
    #[inline(always)]
    pub(crate) fn absolute(self) -> f64 {
        self.limit.value + self.limit.unit.offset() / self.limit.factor
    }

    #[inline(always)]
    pub(crate) fn si(self) -> f64 {
        self.limit.si()
    }
}

impl<D: Quantity> From<Limit<D>> for Required<D> {
    #[inline(always)]
    fn from(limit: Limit<D>) -> Self {
        Required {
            limit,
            tolerance: 0.0,
            facts: 0,
        }
    }
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident: $dimension:ident in $unit:ident;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub const fn $name(value: f64) -> Limit<$dimension> {
            Limit::new(value, Unit::$unit)
        }
    )*};
}

constructors! {
    /// A length in inches.
    inches: Length in Inch;
    /// A length in feet.
    feet: Length in Foot;
    /// A length in millimetres.
    millimetres: Length in Millimetre;
    /// A length in centimetres.
    centimetres: Length in Centimetre;
    /// A length in metres.
    metres: Length in Metre;
    /// An area in square feet.
    square_feet: Area in SquareFoot;
    /// An area in square metres.
    square_metres: Area in SquareMetre;
    /// A volume in cubic metres.
    cubic_metres: Volume in CubicMetre;
    /// An angle in degrees.
    degrees: Angle in Degree;
    /// A time in minutes.
    minutes: Time in Minute;
    /// A time in hours.
    hours: Time in Hour;
    /// So many persons.
    persons: Count in Person;
    /// So many of something.
    each: Count in Each;
    /// A share in percent.
    percent: Ratio in Percent;
    /// A slope in percent.
    slope_percent: Slope in SlopePercent;
    /// Square feet for each person.
    square_feet_per_person: AreaPerPerson in SquareFootPerPerson;
    /// Square metres for each person.
    square_metres_per_person: AreaPerPerson in SquareMetrePerPerson;
    /// Inches for each person.
    inches_per_person: LengthPerPerson in InchPerPerson;
    /// Millimetres for each person.
    millimetres_per_person: LengthPerPerson in MillimetrePerPerson;
    /// A pressure in kilopascals.
    kilopascals: Pressure in Kilopascal;
    /// A pressure in pounds per square inch.
    psi: Pressure in PoundPerSquareInch;
    /// A flow in litres a second.
    litres_per_second: Flow in LitrePerSecond;
    /// A flow in cubic metres an hour.
    cubic_metres_per_hour: Flow in CubicMetrePerHour;
    /// A flow in gallons (of the United States) a minute.
    gallons_per_minute: Flow in GallonPerMinute;
    /// A flow in cubic feet a minute.
    cubic_feet_per_minute: Flow in CubicFootPerMinute;
    /// A temperature in degrees Celsius.
    celsius: Temperature in Celsius;
    /// A temperature in degrees Fahrenheit.
    fahrenheit: Temperature in Fahrenheit;
    /// A power in watts.
    watts: Power in Watt;
    /// A power in kilowatts.
    kilowatts: Power in Kilowatt;
    /// An electric current in amperes.
    amperes: Current in Ampere;
}

/// A slope of 1 in `run`.
#[must_use]
pub const fn one_in(run: f64) -> Limit<Slope> {
    Limit::new(1.0 / run, Unit::Slope)
}

/// A length in feet and inches, kept in inches.
#[must_use]
pub const fn feet_inches(feet: f64, inches: f64) -> Limit<Length> {
    Limit::new(feet * 12.0 + inches, Unit::Inch)
}
