//! Units of a file: from what its numbers are written in to SI.
//!
//! A unit is resolved to a factor (and an offset, for temperatures) to the coherent SI unit:
//! SI units with their prefix, conversion-based units through their chain of factors, derived
//! units as a product of powers. A unit that is missing, assigned twice in different ways, or whose
//! factor does not fit its name is not guessed: numbers in it are unusable.

use plancheck_contract::Dimension;

use super::ifc::Reader;
use crate::diagnostic::Diagnostics;
use crate::step::{self, RecordIx};

/// Conversion-based units build on another unit; real files have one or two steps.
const MAX_CHAIN: usize = 8;

/// Elements of a derived unit that are read: there are seven base units.
const MAX_ELEMENTS: usize = 16;

/// How far a written factor may be from what the unit's name says: exporters round.
const NEAR_NAME: f64 = 1e-3;

/// How far the factors of one unit may differ between two places.
const SAME_FACTOR: f64 = 1e-6;

const UNFIT: &str = "is in a unit that the file does not define, or not as its name says";
const TWICE: &str = "is in a unit that the file assigns twice, and differently";

/// The only SI unit of some kinds.
const SI_NAMES: [(&str, &str); 5] = [
    ("LENGTHUNIT", "METRE"),
    ("AREAUNIT", "SQUARE_METRE"),
    ("VOLUMEUNIT", "CUBIC_METRE"),
    ("PLANEANGLEUNIT", "RADIAN"),
    ("TIMEUNIT", "SECOND"),
];

/// Further measures that modules ask for: `IfcPressureMeasure`, …
const OTHERS: [(&str, Dimension); 5] = [
    ("Pressure", Dimension::Pressure),
    ("VolumetricFlowRate", Dimension::Flow),
    ("ThermodynamicTemperature", Dimension::Temperature),
    ("Power", Dimension::Power),
    ("ElectricCurrent", Dimension::Current),
];

/// How a number in some unit becomes SI: `number × factor + offset`. The factor of a unit that
/// cannot be believed is NaN.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    /// `LENGTHUNIT`, `AREAUNIT`, …
    pub kind: String,
    pub factor: f64,
    pub offset: f64,
}

/// What a declared type says of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure<'a> {
    Length,
    Area,
    Volume,
    Angle,
    Time,
    Mass,
    Ratio,
    Count,
    /// Another measure with a unit: its name without `Ifc` and `Measure`.
    Other(&'a str),
    /// Booleans and logicals.
    Logical,
    /// Numbers without a unit, texts, anything else.
    Plain,
}

impl<'a> Measure<'a> {
    /// The measure of a declared type in any case, with or without `Ifc`.
    pub(super) fn named(name: &'a str) -> Measure<'a> {
        let name = strip_start(name, "Ifc");
        let Some(stem) = strip_end(name, "Measure") else {
            let logical = ["Boolean", "Logical"]
                .iter()
                .any(|n| name.eq_ignore_ascii_case(n));
            return if logical {
                Measure::Logical
            } else {
                Measure::Plain
            };
        };
        let stem = ["Positive", "NonNegative", "Normalised"]
            .iter()
            .fold(stem, |s, p| strip_start(s, p));
        for (known, measure) in [
            ("Length", Measure::Length),
            ("Area", Measure::Area),
            ("Volume", Measure::Volume),
            ("PlaneAngle", Measure::Angle),
            ("Time", Measure::Time),
            ("Mass", Measure::Mass),
            ("Ratio", Measure::Ratio),
            ("Count", Measure::Count),
            ("Numeric", Measure::Plain),
            ("Descriptive", Measure::Plain),
            ("ContextDependent", Measure::Plain),
        ] {
            if stem.eq_ignore_ascii_case(known) {
                return measure;
            }
        }
        Measure::Other(stem)
    }

    pub(super) fn dimension(self) -> Option<Dimension> {
        match self {
            Measure::Length => Some(Dimension::Length),
            Measure::Area => Some(Dimension::Area),
            Measure::Volume => Some(Dimension::Volume),
            Measure::Angle => Some(Dimension::Angle),
            Measure::Time => Some(Dimension::Time),
            Measure::Ratio => Some(Dimension::Number),
            Measure::Count => Some(Dimension::Count),
            Measure::Other(stem) => OTHERS
                .iter()
                .find(|(name, _)| stem.eq_ignore_ascii_case(name))
                .map(|(_, dimension)| *dimension),
            Measure::Mass | Measure::Logical | Measure::Plain => None,
        }
    }

    /// Whether a unit of this kind (`LENGTHUNIT`) is one for this measure.
    fn takes(self, kind: &str) -> bool {
        let stem = match self {
            Measure::Length => "Length",
            Measure::Area => "Area",
            Measure::Volume => "Volume",
            Measure::Angle => "PlaneAngle",
            Measure::Time => "Time",
            Measure::Mass => "Mass",
            Measure::Other(stem) => stem,
            Measure::Ratio | Measure::Count | Measure::Logical | Measure::Plain => return false,
        };
        strip_end(kind, "Unit").is_some_and(|kind| kind.eq_ignore_ascii_case(stem))
    }
}

fn strip_start<'a>(name: &'a str, start: &str) -> &'a str {
    match name.split_at_checked(start.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(start) => rest,
        _ => name,
    }
}

fn strip_end<'a>(name: &'a str, end: &str) -> Option<&'a str> {
    let (stem, tail) = name.split_at_checked(name.len().checked_sub(end.len())?)?;
    tail.eq_ignore_ascii_case(end).then_some(stem)
}

/// The dimension of numbers in a unit of this kind.
fn dimension_of(kind: &str) -> Option<Dimension> {
    [
        Measure::Length,
        Measure::Area,
        Measure::Volume,
        Measure::Angle,
        Measure::Time,
    ]
    .into_iter()
    .find(|measure| measure.takes(kind))
    .and_then(Measure::dimension)
}

/// The units that a project assigns.
#[derive(Clone, Debug, Default)]
pub(super) struct Units {
    assigned: Vec<Unit>,
    /// Kinds of which no unit is believed, and why.
    doubtful: Vec<(String, &'static str)>,
    length: Option<f64>,
    area: Option<f64>,
    volume: Option<f64>,
}

impl Units {
    /// Reads the assignment of the file's project.
    pub(super) fn read(reader: Reader<'_>, diagnostics: &mut Diagnostics) -> Units {
        let mut units = Units::default();
        for assignment in assignments(reader) {
            for number in reader.step().record(assignment).refs(0) {
                if let Some(unit) = unit(reader, number, MAX_CHAIN, Some(&mut *diagnostics)) {
                    units.assign(unit, number, diagnostics);
                }
            }
        }
        let factor = |kind: &str| {
            units
                .assigned
                .iter()
                .find(|u| u.kind == kind && units.doubt(&u.kind).is_none())
                .map(|u| u.factor)
        };
        let (length, area, volume) = (
            factor("LENGTHUNIT"),
            factor("AREAUNIT"),
            factor("VOLUMEUNIT"),
        );
        (units.length, units.area, units.volume) = (length, area, volume);
        if length.is_none() {
            diagnostics.push("units.no-length-unit", None, None, || {
                "the project assigns no length unit that can be used: lengths without a unit of their \
                 own are not used"
                    .to_owned()
            });
        } else if length != Some(1.0) && area.is_none() {
            diagnostics.push("units.no-area-unit", None, None, || {
                "the project assigns no area unit, and its length unit is not the metre: areas \
                 without a unit of their own are not used"
                    .to_owned()
            });
        }
        units
    }

    fn assign(&mut self, unit: Unit, number: u64, diagnostics: &mut Diagnostics) {
        // Several derived units may be user-defined; no measure asks for them by kind.
        if unit.kind == "USERDEFINED" {
            return;
        }
        let doubt = if !unit.factor.is_finite() {
            Some(UNFIT)
        } else if let Some(first) = self.assigned.iter().find(|u| u.kind == unit.kind) {
            let same = (first.factor / unit.factor - 1.0).abs() <= SAME_FACTOR
                && first.offset == unit.offset;
            diagnostics.push("units.twice", None, Some(number), || {
                let what = if same {
                    "it is the same"
                } else {
                    "neither is used"
                };
                format!("a second unit for {}; {what}", unit.kind)
            });
            (!same).then_some(TWICE)
        } else {
            None
        };
        match doubt {
            Some(why) => self.doubtful.push((unit.kind, why)),
            None => self.assigned.push(unit),
        }
    }

    /// Why no unit of this kind is believed.
    fn doubt(&self, kind: &str) -> Option<&'static str> {
        self.doubtful
            .iter()
            .find(|(doubtful, _)| doubtful == kind)
            .map(|(_, why)| *why)
    }

    /// Metres in one unit of length, where that is known.
    pub(super) fn metres(&self) -> Option<f64> {
        self.length
    }

    /// Why a number of this measure has no known unit: its own is damaged or for something else,
    /// or the file assigns none that can be believed. Areas and volumes in square and cubic metres
    /// go without saying where lengths are in metres.
    pub(super) fn unknown(&self, measure: Measure<'_>, own: Option<&Unit>) -> Option<&'static str> {
        if matches!(measure, Measure::Ratio | Measure::Count | Measure::Logical) {
            return None;
        }
        if let Some(own) = own {
            let measures = !matches!(measure, Measure::Plain | Measure::Other(_));
            if !own.factor.is_finite() {
                return Some("carries a unit that cannot be read");
            }
            if measure.takes(&own.kind) {
                return None;
            }
            if measures {
                return Some("carries a unit of something else than it measures");
            }
        }
        let doubt = || {
            let taken = self.doubtful.iter().find(|(kind, _)| measure.takes(kind));
            taken.map(|(_, why)| *why)
        };
        let metres = self.length == Some(1.0);
        doubt().or(match measure {
            Measure::Length if self.length.is_none() => {
                Some("is a length without a unit: the file assigns none")
            }
            Measure::Area if self.area.is_none() && !metres => Some(
                "is an area without a unit: the file assigns none, and its lengths are not in metres",
            ),
            Measure::Volume if self.volume.is_none() && !metres => Some(
                "is a volume without a unit: the file assigns none, and its lengths are not in \
                 metres",
            ),
            Measure::Angle if self.assigned.iter().all(|unit| !measure.takes(&unit.kind)) => {
                Some("is an angle without a unit: the file assigns none")
            }
            _ => None,
        })
    }

    /// A number in SI, and what it measures. Its own unit wins where it fits the measure. NaN in a
    /// unit that is not believed; the unit of SI where the file has none: see [`Units::unknown`].
    pub(super) fn to_si(
        &self,
        number: f64,
        measure: Measure<'_>,
        own: Option<&Unit>,
    ) -> (f64, Option<Dimension>) {
        let dimension = measure.dimension();
        if let Some(own) = own {
            if measure.takes(&own.kind) {
                return (number * own.factor + own.offset, dimension);
            }
            if matches!(measure, Measure::Plain) {
                return (number * own.factor + own.offset, dimension_of(&own.kind));
            }
        }
        if self.doubtful.iter().any(|(kind, _)| measure.takes(kind)) {
            return (f64::NAN, dimension);
        }
        let factor = match measure {
            Measure::Length => self.length.unwrap_or(1.0),
            Measure::Area => self.area.unwrap_or(1.0),
            Measure::Volume => self.volume.unwrap_or(1.0),
            Measure::Ratio | Measure::Count | Measure::Logical | Measure::Plain => 1.0,
            Measure::Angle | Measure::Time | Measure::Mass | Measure::Other(_) => {
                let unit = self.assigned.iter().find(|unit| measure.takes(&unit.kind));
                return (
                    unit.map_or(number, |u| number * u.factor + u.offset),
                    dimension,
                );
            }
        };
        (number * factor, dimension)
    }
}

/// The assignments of the file's projects; of its libraries where it has no project.
fn assignments(reader: Reader<'_>) -> Vec<RecordIx> {
    let mut all: Vec<RecordIx> = Vec::new();
    for class in ["IfcProject", "IfcProjectLibrary"] {
        let mut contexts = reader.instances(class).peekable();
        if contexts.peek().is_none() {
            continue;
        }
        for context in contexts {
            let assignment = reader.follow(reader.attribute(context, "UnitsInContext"));
            all.extend(assignment.filter(|record| !all.contains(record)));
        }
        return all;
    }
    reader.instances("IfcUnitAssignment").collect()
}

/// The unit that a value names itself, believed or not.
pub(super) fn own_unit(reader: Reader<'_>, number: u64) -> Option<Unit> {
    let found = reader.step().find(number);
    let of_no_measure = found.is_some_and(|record| {
        let name = reader.step().record(record).name();
        name.starts_with("IFCCONTEXTDEPENDENTUNIT") || name == "IFCMONETARYUNIT"
    });
    unit(reader, number, MAX_CHAIN, None).or_else(|| {
        Some(Unit {
            kind: String::new(),
            factor: if of_no_measure { 1.0 } else { f64::NAN },
            offset: 0.0,
        })
    })
}

/// The unit that a record describes; none for currencies, context-dependent and damaged units.
fn unit(
    reader: Reader<'_>,
    number: u64,
    depth: usize,
    mut diagnostics: Option<&mut Diagnostics>,
) -> Option<Unit> {
    let depth = depth.checked_sub(1)?;
    let record = reader.step().record(reader.step().find(number)?);
    let name = record.name();
    let kind = |index: usize| {
        record
            .arg(index)
            .as_enum()
            .map(|kind| String::from_utf8_lossy(kind).to_ascii_uppercase())
    };
    if name == "IFCSIUNIT" {
        let name = record.arg(3).as_enum()?;
        let (factor, offset) = si_unit(record.arg(2).as_enum(), name)?;
        let kind = kind(1)?;
        let fits = SI_NAMES
            .iter()
            .find(|(of_kind, _)| *of_kind == kind)
            .is_none_or(|(_, wanted)| name.eq_ignore_ascii_case(wanted.as_bytes()));
        let factor = if fits { factor } else { f64::NAN };
        return Some(Unit {
            kind,
            factor,
            offset,
        });
    }
    if name == "IFCCONVERSIONBASEDUNIT" || name == "IFCCONVERSIONBASEDUNITWITHOFFSET" {
        let label = record
            .arg(2)
            .as_text()
            .map(|t| t.decode().to_ascii_uppercase())
            .unwrap_or_default();
        let kind = kind(1)?;
        let known = known_factor(&label, &kind);
        let written = record
            .arg(3)
            .as_ref()
            .and_then(|n| conversion(reader, n, depth));
        let mut factor = written.or(known).unwrap_or(f64::NAN);
        if let (Some(written), Some(known)) = (written, known)
            && (written / known - 1.0).abs() > NEAR_NAME
        {
            factor = f64::NAN;
            if let Some(list) = diagnostics.as_deref_mut() {
                list.push("units.implausible-factor", None, Some(number), || {
                    format!("unit {label:?} is {written} in SI by its conversion factor, {known} by its name; it is not used")
                });
            }
        }
        if let (None, Some(list)) = (written, diagnostics) {
            list.push("units.no-factor", None, Some(number), || match known {
                Some(known) => format!("unit {label:?} has no conversion factor: {known} is used"),
                None => format!("unit {label:?} has no conversion factor: it is not used"),
            });
        }
        let offset = if name.ends_with("OFFSET") {
            record.arg(4).as_f64()
        } else {
            None
        };
        return Some(Unit {
            kind,
            factor,
            offset: offset.unwrap_or(0.0),
        });
    }
    // The elements of a derived unit are named units, so this does not nest.
    if name == "IFCDERIVEDUNIT" && depth + 1 == MAX_CHAIN {
        let mut factor = 1.0;
        for element in record.refs(0).take(MAX_ELEMENTS) {
            let part = reader.step().record(reader.step().find(element)?);
            let base = unit(reader, part.arg(0).as_ref()?, depth, None)?;
            factor *= power(base.factor, part.arg(1).as_i64()?)?;
        }
        return usable(factor).map(|factor| Unit {
            kind: kind(1).unwrap_or_default(),
            factor,
            offset: 0.0,
        });
    }
    None
}

/// The factor of an `IfcMeasureWithUnit`.
fn conversion(reader: Reader<'_>, number: u64, depth: usize) -> Option<f64> {
    let record = reader.step().record(reader.step().find(number)?);
    let base = match record.arg(1) {
        step::Value::Ref(base) => unit(reader, base, depth, None)?.factor,
        _ => 1.0,
    };
    usable(record.arg(0).as_f64()? * base)
}

/// An integer power by multiplication, the same on every machine; units have exponents up to 5.
fn power(base: f64, exponent: i64) -> Option<f64> {
    let times = usize::try_from(exponent.unsigned_abs())
        .ok()
        .filter(|times| *times <= 32)?;
    let product: f64 = std::iter::repeat_n(base, times).product();
    Some(if exponent < 0 { 1.0 / product } else { product })
}

fn usable(factor: f64) -> Option<f64> {
    (factor.is_finite() && factor > 0.0).then_some(factor)
}

/// Factor and offset of an SI unit. Prefixes of square and cubic metres are squared and cubed
/// (`MILLI` `SQUARE_METRE` is mm²); masses go to kilograms.
fn si_unit(prefix: Option<&[u8]>, name: &[u8]) -> Option<(f64, f64)> {
    let prefix = match prefix.map(<[u8]>::to_ascii_uppercase).as_deref() {
        None => 1.0,
        Some(b"EXA") => 1e18,
        Some(b"PETA") => 1e15,
        Some(b"TERA") => 1e12,
        Some(b"GIGA") => 1e9,
        Some(b"MEGA") => 1e6,
        Some(b"KILO") => 1e3,
        Some(b"HECTO") => 1e2,
        Some(b"DECA") => 1e1,
        Some(b"DECI") => 1e-1,
        Some(b"CENTI") => 1e-2,
        Some(b"MILLI") => 1e-3,
        Some(b"MICRO") => 1e-6,
        Some(b"NANO") => 1e-9,
        Some(b"PICO") => 1e-12,
        Some(b"FEMTO") => 1e-15,
        Some(b"ATTO") => 1e-18,
        Some(_) => return None,
    };
    Some(match name.to_ascii_uppercase().as_slice() {
        b"SQUARE_METRE" => (prefix * prefix, 0.0),
        b"CUBIC_METRE" => (prefix * prefix * prefix, 0.0),
        b"GRAM" => (prefix * 1e-3, 0.0),
        b"DEGREE_CELSIUS" => (prefix, 273.15),
        _ => (prefix, 0.0),
    })
}

/// What a unit of this name and kind is in SI (NIST SP 811, appendix B), by upper-case names: a
/// minute is a time, and an angle.
fn known_factor(name: &str, kind: &str) -> Option<f64> {
    const FOOT: f64 = 0.3048;
    const DEGREE: f64 = std::f64::consts::PI / 180.0;
    let name = name.trim().replace(['_', '-'], " ");
    Some(match (kind, name.as_str()) {
        ("LENGTHUNIT", "INCH" | "INCHES" | "IN") => 0.0254,
        ("LENGTHUNIT", "FOOT" | "FEET" | "FT") => FOOT,
        ("LENGTHUNIT", "YARD") => 0.9144,
        ("LENGTHUNIT", "MILE") => 1609.344,
        ("LENGTHUNIT", "METRE" | "METER") => 1.0,
        ("LENGTHUNIT", "CENTIMETRE" | "CENTIMETER") => 1e-2,
        ("LENGTHUNIT", "MILLIMETRE" | "MILLIMETER") => 1e-3,
        ("AREAUNIT", "SQUARE INCH") => 0.0254 * 0.0254,
        ("AREAUNIT", "SQUARE FOOT" | "SQUARE FEET") => FOOT * FOOT,
        ("AREAUNIT", "SQUARE YARD") => 0.9144 * 0.9144,
        ("AREAUNIT", "ACRE") => 4_046.872_609_874_252,
        ("VOLUMEUNIT", "CUBIC INCH") => 0.0254 * 0.0254 * 0.0254,
        ("VOLUMEUNIT", "CUBIC FOOT" | "CUBIC FEET") => FOOT * FOOT * FOOT,
        ("VOLUMEUNIT", "CUBIC YARD") => 0.9144 * 0.9144 * 0.9144,
        ("VOLUMEUNIT", "LITRE" | "LITER") => 1e-3,
        ("PLANEANGLEUNIT", "DEGREE" | "DEGREES") => DEGREE,
        ("TIMEUNIT", "MINUTE") => 60.0,
        ("TIMEUNIT", "HOUR") => 3600.0,
        ("TIMEUNIT", "DAY") => 86400.0,
        ("MASSUNIT", "POUND") => 0.453_592_37,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_known_by_their_declared_types() {
        for (name, measure) in [
            ("IFCPOSITIVELENGTHMEASURE", Measure::Length),
            ("NonNegativeLengthMeasure", Measure::Length),
            ("IfcNormalisedRatioMeasure", Measure::Ratio),
            ("IfcPositivePlaneAngleMeasure", Measure::Angle),
            (
                "IFCTHERMALTRANSMITTANCEMEASURE",
                Measure::Other("THERMALTRANSMITTANCE"),
            ),
            ("IfcLogical", Measure::Logical),
            ("boolean", Measure::Logical),
            ("IFCREAL", Measure::Plain),
            ("IfcLabel", Measure::Plain),
            ("", Measure::Plain),
            ("é", Measure::Plain),
        ] {
            assert_eq!(Measure::named(name), measure, "{name}");
        }
    }
}
