//! The units that a file may be in, and numbers as they are written in them.

/// What a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// In metres here.
    Length,
    /// In square metres here.
    Area,
    /// Rise over run here; an angle in the file.
    Slope,
    /// A number of things.
    Count,
}

/// The units of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// Metres and radians.
    Metres,
    /// Millimetres and radians; areas in square metres.
    Millimetres,
    /// Feet, square feet and degrees.
    Feet,
    /// Inches, square feet and degrees.
    Inches,
}

/// A metre is this long, and so on: what the clauses are written in.
#[must_use]
pub fn inches(x: f64) -> f64 {
    x * 0.0254
}

/// Feet in metres.
#[must_use]
pub fn feet(x: f64) -> f64 {
    x * 0.3048
}

/// Square feet in square metres.
#[must_use]
pub fn square_feet(x: f64) -> f64 {
    x * 0.092_903_04
}

impl Units {
    /// All of them.
    pub const ALL: [Units; 4] = [
        Units::Metres,
        Units::Millimetres,
        Units::Feet,
        Units::Inches,
    ];

    /// As people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Units::Metres => "metres",
            Units::Millimetres => "millimetres",
            Units::Feet => "feet",
            Units::Inches => "inches",
        }
    }

    /// Metres in one unit of length.
    #[must_use]
    pub fn metres(self) -> f64 {
        match self {
            Units::Metres => 1.0,
            Units::Millimetres => 0.001,
            Units::Feet => 0.3048,
            Units::Inches => 0.0254,
        }
    }

    /// Whether areas are in square feet and angles in degrees.
    #[must_use]
    pub fn customary(self) -> bool {
        matches!(self, Units::Feet | Units::Inches)
    }

    /// A number in SI as it is written in a file of these units.
    #[must_use]
    pub fn number(self, si: f64, measure: Measure) -> String {
        let x = match measure {
            Measure::Length => si / self.metres(),
            Measure::Area if self.customary() => si / 0.092_903_04,
            Measure::Slope if self.customary() => si.atan().to_degrees(),
            Measure::Slope => si.atan(),
            Measure::Area | Measure::Count => si,
        };
        real(x)
    }
}

/// A number as STEP writes it: always with a point.
#[must_use]
pub fn real(x: f64) -> String {
    let text = format!("{x:?}").to_uppercase();
    match text.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.E{exponent}"),
        _ => text,
    }
}

/// A number as a property's value: its measure, and the number in these units.
#[must_use]
pub fn value(units: Units, si: f64, measure: Measure) -> String {
    let number = units.number(si, measure);
    match measure {
        Measure::Length => format!("IFCLENGTHMEASURE({number})"),
        Measure::Area => format!("IFCAREAMEASURE({number})"),
        Measure::Slope => format!("IFCPLANEANGLEMEASURE({number})"),
        Measure::Count => format!("IFCCOUNTMEASURE({})", si.round()),
    }
}
