//! From a chain of sources to one answer: the first one, cross-checked, with where it came from, or
//! why there is none. What a property or quantity states and cannot be believed ends the chain:
//! whatever would be concluded instead, the model says otherwise. A length without a unit counts
//! where another source states the same number with one.

use plancheck_contract::{Dimension, FactKind};

use super::catalogue::{Combine, Fact, Outcome, Provenance, Source};
use super::reader::Reader;
use super::text::{display, show_si};
use crate::model::{ElementId, Origin, Reading, Value};

/// A fact of an element: known, or absent with the reason.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// The value and where it came from.
    Known(Known),
    /// Why it is not known, for people.
    Absent(String),
}

/// A known fact.
#[derive(Clone, Debug)]
pub struct Known {
    /// In SI.
    pub value: Value,
    /// Plus or minus, SI.
    pub tolerance: f64,
    /// The kind of place it came from.
    pub provenance: Provenance,
    /// That place, for people.
    pub source: String,
    /// The record in the file, where it is one.
    pub record: Option<u64>,
    /// How it came about, for people.
    pub note: Option<String>,
}

impl Resolved {
    /// The value, if known.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Resolved::Known(known) => Some(&known.value),
            Resolved::Absent(_) => None,
        }
    }
}

/// Asks the sources of a fact in order, and holds the answer against what else the model says.
#[must_use]
pub fn resolve(reader: &Reader<'_>, fact: &Fact, element: ElementId) -> Resolved {
    match (ask_all(reader, fact, element), fact.examine) {
        // What the user says stands: the rest of the model may be what is to be corrected next.
        (Resolved::Known(known), _) if known.provenance == Provenance::Declared => {
            Resolved::Known(known)
        }
        (Resolved::Known(known), Some(examine)) => examine(reader, element, known),
        (resolved, _) => resolved,
    }
}

/// Feet read as metres once more: exporters have converted some attributes twice.
const METRES_PER_FOOT: f64 = 0.3048;

/// Whether `other` is `first` converted from metres to feet and taken for metres.
fn converted_twice(fact: &Fact, first: &Value, other: &Value) -> bool {
    match (fact.dimension, first, other) {
        (Some(Dimension::Length), Value::Number(first), Value::Number(other)) => {
            (other * METRES_PER_FOOT - first).abs() <= 0.005 * first.abs()
        }
        _ => false,
    }
}

fn ask_all(reader: &Reader<'_>, fact: &Fact, element: ElementId) -> Resolved {
    let mut rejected: Vec<String> = Vec::new();
    let mut accepted: Option<(Known, &Source)> = None;
    let mut bare: Option<f64> = None;
    for source in fact.sources {
        let asked = ask(reader, fact, source, element);
        let known = match asked.outcome {
            Outcome::Nothing => continue,
            // Nor does another source answer for what the user said and nobody can believe.
            Outcome::Rejected(why) if asked.declared => {
                return Resolved::Absent(format!(
                    "what was declared is not used: {}: {why}",
                    source.label()
                ));
            }
            Outcome::Rejected(why) => {
                rejected.push(format!("{}: {why}", source.label()));
                if accepted.is_none() {
                    bare = bare.or(asked.bare);
                    if asked.stated && bare.is_none() {
                        break;
                    }
                }
                continue;
            }
            Outcome::Found {
                value,
                tolerance,
                origin,
                note,
            } => known(source, value, tolerance, origin, note),
        };
        if accepted.is_none() && bare.is_some_and(|bare| !same_number(bare, &known)) {
            break;
        }
        match (&accepted, fact.combine) {
            // What the user says stands, whatever the file says elsewhere.
            _ if known.provenance == Provenance::Declared => return Resolved::Known(known),
            (None, Combine::First) => return Resolved::Known(known),
            (None, Combine::CrossCheck(_)) => accepted = Some((known, source)),
            (Some((first, _)), Combine::CrossCheck(_))
                if converted_twice(fact, &first.value, &known.value) =>
            {
                let note = format!(
                    "{} says {}, which is the same number of feet: converted twice, not believed",
                    source.label(),
                    display(&known.value, fact.dimension)
                );
                if let Some((first, _)) = &mut accepted {
                    first.note.get_or_insert(note);
                }
            }
            (Some((first, first_source)), Combine::CrossCheck(share)) => {
                if !agree(first, &known, share) {
                    return Resolved::Absent(format!(
                        "sources are in conflict: {} says {}, {} says {}",
                        first_source.label(),
                        display(&first.value, fact.dimension),
                        source.label(),
                        display(&known.value, fact.dimension),
                    ));
                }
            }
            (Some(_), Combine::First) => {}
        }
    }
    match accepted {
        Some((known, _)) => Resolved::Known(known),
        None if rejected.is_empty() => Resolved::Absent(format!(
            "not in the model; looked for {}",
            looked_for(reader, fact)
        )),
        None => Resolved::Absent(rejected.join("; ")),
    }
}

/// Units of length that exporters write, in metres.
const LENGTHS: [f64; 5] = [1.0, 0.001, 0.01, METRES_PER_FOOT, 0.0254];

/// Whether another source states a number without a unit once more, with its unit.
fn same_number(bare: f64, known: &Known) -> bool {
    match known.value {
        Value::Number(x) if known.provenance != Provenance::Inferred => LENGTHS
            .iter()
            .any(|unit| (bare * unit - x).abs() <= 0.001 * x.abs()),
        _ => false,
    }
}

/// The places that a fact is looked for in, for people. Names such as `clear_width` are those of
/// the JSON object model, which an author of IFC has no use for.
fn looked_for(reader: &Reader<'_>, fact: &Fact) -> String {
    let ifc = reader.model().source_format() == "ifc";
    let of_json = |source: &&Source| matches!(source, Source::Property("", name) if !name.bytes().any(|b| b.is_ascii_uppercase()));
    let sources = fact.sources.iter().filter(|s| !(ifc && of_json(s)));
    let labels: Vec<String> = sources.map(Source::label).collect();
    if labels.is_empty() {
        "no place: IFC has none for it".to_owned()
    } else {
        labels.join(", ")
    }
}

fn known(
    source: &Source,
    value: Value,
    tolerance: f64,
    origin: Option<Origin>,
    note: Option<String>,
) -> Known {
    let (record, on_type, declared) = match origin {
        Some(Origin::Attribute { record }) => (Some(record), false, false),
        Some(Origin::Property { record, on_type } | Origin::Quantity { record, on_type }) => {
            (Some(record), on_type, false)
        }
        Some(Origin::Declared) => (None, false, true),
        Some(Origin::Json) | None => (None, false, false),
    };
    let mut label = source.place();
    if on_type {
        label.push_str(" of the type");
    }
    let provenance = if declared {
        Provenance::Declared
    } else {
        source.provenance()
    };
    Known {
        value,
        tolerance,
        provenance,
        source: label,
        record,
        note,
    }
}

fn agree(a: &Known, b: &Known, share: f64) -> bool {
    match (&a.value, &b.value) {
        (Value::Number(x), Value::Number(y)) => {
            (x - y).abs() <= share * x.abs().max(y.abs()) + a.tolerance + b.tolerance
        }
        (Value::Text(x), Value::Text(y)) => x.eq_ignore_ascii_case(y),
        (x, y) => x == y,
    }
}

/// What one source answers.
struct Asked {
    outcome: Outcome,
    /// A property or a quantity says something. Zero, empty texts and texts that nobody chose are
    /// places not filled in.
    stated: bool,
    /// It comes from an edit.
    declared: bool,
    /// A number without a unit, where a length is wanted.
    bare: Option<f64>,
}

/// Asks one source and holds its answer against the fact's type and range.
fn ask(reader: &Reader<'_>, fact: &Fact, source: &Source, element: ElementId) -> Asked {
    let (reading, of_set) = match source {
        Source::Attribute(name) => (reader.attribute(element, name), false),
        Source::TypeAttribute(name) => (reader.type_attribute(element, name), false),
        Source::Property(set, name) => (reader.property(element, set, name), true),
        Source::Quantity(set, name) => (reader.quantity(element, set, name), true),
        Source::Compute { read, .. } => {
            return Asked {
                outcome: check(fact, read(reader, element), fact.dimension),
                stated: false,
                declared: false,
                bare: None,
            };
        }
    };
    let Some(reading) = reading else {
        return Asked {
            outcome: Outcome::Nothing,
            stated: false,
            declared: false,
            bare: None,
        };
    };
    let declared = matches!(reading.origin, Origin::Declared);
    let filled = match &reading.value {
        Value::Number(x) => *x != 0.0,
        Value::Text(text) => {
            !text.trim().is_empty() && !fact.unchosen.is_some_and(|unchosen| unchosen(text))
        }
        Value::Boolean(_) | Value::Range(..) | Value::Unusable(_) => true,
    };
    let bare = match (&reading.value, fact.dimension) {
        (Value::Number(x), Some(Dimension::Length)) if filled && of_set && in_file(&reading) => {
            without_unit(fact, reading.dimension).map(|_| *x)
        }
        _ => None,
    };
    Asked {
        outcome: believe(fact, reading),
        stated: of_set && filled,
        declared,
        bare,
    }
}

fn in_file(reading: &Reading) -> bool {
    !matches!(reading.origin, Origin::Json | Origin::Declared)
}

/// A reading as an answer, if it can be one.
fn believe(fact: &Fact, reading: Reading) -> Outcome {
    if let (true, Value::Number(x) | Value::Range(x, _), Some(why)) = (
        in_file(&reading),
        &reading.value,
        without_unit(fact, reading.dimension),
    ) {
        return Outcome::Rejected(format!("{x} {why}"));
    }
    let (value, tolerance) = match reading.value {
        Value::Unusable(why) => return Outcome::Rejected(why),
        Value::Range(low, high) if fact.kind == FactKind::Number => {
            let middle = Value::Number((low + high) / 2.0);
            (middle, (high - low) / 2.0)
        }
        value => (value, 0.0),
    };
    let outcome = Outcome::Found {
        value,
        tolerance,
        origin: Some(reading.origin),
        note: None,
    };
    check(fact, outcome, reading.dimension)
}

/// What one place of the model says, as a module that reads past the catalogue wants it: held to the
/// same as what the catalogue reads. A plain number may be any measure, a text anything.
#[must_use]
pub fn believed(kind: FactKind, dimension: Option<Dimension>, reading: Reading) -> Outcome {
    let usable = !matches!(reading.value, Value::Unusable(_));
    if kind == FactKind::Text && usable {
        return Outcome::Found {
            value: reading.value,
            tolerance: 0.0,
            origin: Some(reading.origin),
            note: None,
        };
    }
    let fact = Fact {
        kind,
        dimension: dimension.filter(|d| *d != Dimension::Number),
        ..super::element::text_fact("", "", "", &[])
    };
    believe(&fact, reading)
}

/// Brings an answer to the fact's type, or says why it cannot be.
fn check(fact: &Fact, outcome: Outcome, dimension: Option<Dimension>) -> Outcome {
    let Outcome::Found {
        value,
        tolerance,
        origin,
        note,
    } = outcome
    else {
        return outcome;
    };
    let mut tolerance = tolerance;
    let value = match (fact.kind, value) {
        (FactKind::Number, Value::Number(x)) => {
            let at = |x| convert(fact, x, dimension);
            match (at(x), at(x - tolerance), at(x + tolerance)) {
                (Ok(x), ..) if tolerance == 0.0 => Value::Number(x),
                (_, Ok(low), Ok(high)) => {
                    tolerance = (high - low) / 2.0;
                    Value::Number((low + high) / 2.0)
                }
                (Err(why), ..) | (_, Err(why), _) | (.., Err(why)) => {
                    return Outcome::Rejected(why);
                }
            }
        }
        (FactKind::Number, Value::Text(text)) => match fact.parse {
            Some(parse) => match parse(&text) {
                Ok(x) => Value::Number(x),
                Err(why) => return Outcome::Rejected(why),
            },
            None => {
                return Outcome::Rejected(format!("a number is wanted, found the text {text:?}"));
            }
        },
        (FactKind::Boolean, Value::Text(text)) => match super::text::boolean(&text) {
            Some(b) => Value::Boolean(b),
            None => {
                return Outcome::Rejected(format!("yes or no is wanted, found the text {text:?}"));
            }
        },
        (FactKind::Text, Value::Text(text)) if text.trim().is_empty() => return Outcome::Nothing,
        (FactKind::Text, Value::Text(text)) if fact.unchosen.is_some_and(|un| un(&text)) => {
            return Outcome::Rejected(format!("{text:?} says nothing"));
        }
        (FactKind::Text, Value::Text(text)) => Value::Text(text),
        (FactKind::Text, Value::Number(x)) => Value::Text(x.to_string()),
        (FactKind::Boolean, Value::Boolean(b)) => Value::Boolean(b),
        (kind, value) => {
            return Outcome::Rejected(format!(
                "a {} is wanted, found {}",
                kind.name(),
                display(&value, None)
            ));
        }
    };
    if let (Value::Number(x), Some((low, high))) = (&value, fact.plausible)
        && !(low..=high).contains(x)
    {
        return Outcome::Rejected(format!(
            "{} is not plausible (expected {} to {})",
            show_si(*x, fact.dimension),
            show_si(low, fact.dimension),
            show_si(high, fact.dimension),
        ));
    }
    Outcome::Found {
        value,
        tolerance,
        origin,
        note,
    }
}

/// Why a number of IFC that carries no unit is no length or area: nobody knows whether its author
/// meant the unit of the file.
fn without_unit(fact: &Fact, found: Option<Dimension>) -> Option<&'static str> {
    let measures = matches!(
        fact.dimension,
        Some(Dimension::Length | Dimension::Area | Dimension::Volume | Dimension::Time)
    );
    let bare = matches!(found, None | Some(Dimension::Number | Dimension::Count));
    (measures && bare).then_some("is a number without a unit")
}

/// A number that was read as one dimension, as the fact's own.
fn convert(fact: &Fact, x: f64, found: Option<Dimension>) -> Result<f64, String> {
    match (fact.dimension, found) {
        // an angle of inclination as rise over run
        (Some(Dimension::Slope), Some(Dimension::Angle)) => Ok(libm::tan(x)),
        (Some(Dimension::Slope), Some(Dimension::Number) | None) => Ok(x),
        (Some(wanted), Some(found))
            if wanted != found
                && found != Dimension::Number
                && !matches!(
                    (wanted, found),
                    (Dimension::Count, _) | (_, Dimension::Count)
                ) =>
        {
            Err(format!(
                "a {} is wanted, found a {}",
                wanted.name(),
                found.name()
            ))
        }
        _ => Ok(x),
    }
}
