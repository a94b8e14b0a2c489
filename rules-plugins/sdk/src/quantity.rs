//! What a number measures, as a type: a length cannot be held against an area.

use plancheck_contract::Dimension;

/// A dimension as a type.
pub trait Quantity: Copy + 'static {
    /// The same dimension as a value.
    const DIMENSION: Dimension;
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident => $dimension:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {}

        impl Quantity for $name {
            const DIMENSION: Dimension = Dimension::$dimension;
        }
    )*};
}

quantities! {
    /// A pure number.
    Ratio => Number;
    /// Metres.
    Length => Length;
    /// Square metres.
    Area => Area;
    /// Cubic metres.
    Volume => Volume;
    /// Radians.
    Angle => Angle;
    /// Rise over run.
    Slope => Slope;
    /// Seconds.
    Time => Time;
    /// How many of something.
    Count => Count;
    /// Square metres for each person.
    AreaPerPerson => AreaPerPerson;
    /// Metres for each person.
    LengthPerPerson => LengthPerPerson;
    /// Pascals.
    Pressure => Pressure;
    /// Of a fluid: cubic metres in a second.
    Flow => Flow;
    /// Kelvins.
    Temperature => Temperature;
    /// Watts.
    Power => Power;
    /// Electric, amperes.
    Current => Current;
}
