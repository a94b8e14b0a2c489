//! Facts of doors.
//!
//! No standard property of IFC carries the clear width of a door, though it is what every code
//! asks for. It is derived from the overall width as an interval; see [`clear_width`].

use plancheck_contract::Dimension;

use super::catalogue::{Fact, Outcome, Provenance, Relation, Source, Target, for_pages};
use super::element::{boolean_fact, number_fact, text_fact};
use super::reader::Reader;
use super::resolve::{Known, Resolved};
use super::text::{has_word, show};
use crate::model::{ElementId, Reading, Value};
use plancheck_contract::Unit;

pub(super) static FACTS: &[Fact] = &[
    number_fact(
        "overall_width",
        "Overall width",
        Dimension::Length,
        (0.2, 30.0),
        "The width of the door with its frame, as the model states it. Some exporters put the \
         nominal leaf width here.",
        &[
            Source::Attribute("OverallWidth"),
            Source::TypeAttribute("OverallWidth"),
            Source::Quantity("", "Width"),
            Source::Property("", "OverallWidth"),
            Source::Property("", "Width"),
        ],
    ),
    number_fact(
        "overall_height",
        "Overall height",
        Dimension::Length,
        (0.5, 30.0),
        "The height of the door with its frame.",
        &[
            Source::Attribute("OverallHeight"),
            Source::TypeAttribute("OverallHeight"),
            Source::Quantity("", "Height"),
            Source::Property("", "OverallHeight"),
            Source::Property("", "Height"),
        ],
    ),
    Fact {
        examine: Some(|reader, door, known| within_overall(reader, door, known, "overall_width")),
        ..number_fact(
            "clear_width",
            "Clear width",
            Dimension::Length,
            (0.2, 30.0),
            "The free width of the opening with the door open 90°, between the face of the leaf and the \
             stop; of two leaves, the wider one alone. Stated by no standard property: where no user \
             property gives it, it is an interval below the overall width, less twice the lining (its \
             thickness where known, else 0 to 50 mm a side; no more than a quantity Width leaves, unless that is over 0.2 m less than the overall width) and, \
             for a swinging leaf, 30 to 60 mm for the leaf and the stop.",
            &[
                Source::Property("", "ClearWidth"),
                Source::Property("", "Clear Width"),
                Source::Property("", "ClearOpeningWidth"),
                Source::Property("", "clear_width"),
                Source::Compute {
                    label: "overall width less lining and leaf",
                    provenance: Provenance::Inferred,
                    read: clear_width,
                },
            ],
        )
    },
    Fact {
        examine: Some(|reader, door, known| within_overall(reader, door, known, "overall_height")),
        ..number_fact(
            "clear_height",
            "Clear height",
            Dimension::Length,
            (0.5, 30.0),
            "The free height of the opening. Where no user property gives it, it is an interval below \
             the overall height, less the lining (its thickness where known, else 0 to 50 mm), or below \
             the transom, and up to the threshold (its thickness where known, else 20 mm).",
            &[
                Source::Property("", "ClearHeight"),
                Source::Property("", "Clear Height"),
                Source::Property("", "clear_height"),
                Source::Compute {
                    label: "overall height less lining and threshold",
                    provenance: Provenance::Inferred,
                    read: clear_height,
                },
            ],
        )
    },
    number_fact(
        "threshold_height",
        "Threshold height",
        Dimension::Length,
        (0.0, 0.5),
        "How far the threshold stands above the floor. Where no property says so, anything up to the \
         thickness of the threshold: part of it may lie in the floor.",
        &[
            Source::Property("", "ThresholdHeight"),
            Source::Property("", "Threshold Height"),
            Source::Property("", "threshold_height"),
            Source::Compute {
                label: "up to IfcDoorLiningProperties.ThresholdThickness",
                provenance: Provenance::Inferred,
                read: |reader, door| {
                    let set = "IfcDoorLiningProperties";
                    match length(reader.property(door, set, "ThresholdThickness")) {
                        Some(t) => between(0.0, t, format!("thickness {}", show(t, Unit::Metre))),
                        None => Outcome::Nothing,
                    }
                },
            },
        ],
    ),
    text_fact(
        "operation",
        "Operation",
        "How the door moves: the IFC operation type, `SINGLE_SWING_LEFT`, `DOUBLE_DOOR_SLIDING`, ….",
        &[
            Source::Attribute("OperationType"),
            Source::TypeAttribute("OperationType"),
            Source::Property("", "operation"),
        ],
    ),
    boolean_fact(
        "is_doorway",
        "Doorway",
        "Whether people walk through it: not a trapdoor, a boom barrier or a turnstile.",
        &[Source::Compute {
            label: "the predefined type",
            provenance: Provenance::Inferred,
            read: |reader, door| {
                reader.touch(door);
                Outcome::exact(Value::Boolean(is_doorway(reader, door)))
            },
        }],
    ),
    boolean_fact(
        "is_exit",
        "Exit",
        "Whether the door is an exit: as stated, else concluded for external doors of a storey at \
         grade. A door that states nothing is not known.",
        &[
            Source::Property("", "FireExit"),
            Source::Property("", "is_exit"),
            Source::Compute {
                label: "the door is external and at grade",
                provenance: Provenance::Inferred,
                read: external_exit,
            },
        ],
    ),
    boolean_fact(
        "self_closing",
        "Self-closing",
        "Whether the door closes by itself: as stated, else where its fire rating says so, `30 min, \
         self-closing`.",
        &[
            Source::Property("", "SelfClosing"),
            Source::Property("", "self_closing"),
            Source::Compute {
                label: "the words of its fire rating",
                provenance: Provenance::Inferred,
                read: rated_self_closing,
            },
        ],
    ),
    boolean_fact(
        "handicap_accessible",
        "Accessible",
        "Whether the door is meant for wheelchair users.",
        &[Source::Property("", "HandicapAccessible")],
    ),
];

pub(super) static RELATIONS: &[Relation] = &[Relation {
    name: "spaces",
    subject: "space",
    to: Target::Many(|reader, e| reader.bounded_spaces(e)),
    complete: None,
    description: for_pages("The spaces that it leads to, by space boundaries."),
}];

/// What IFC calls doors and nobody walks through as one does through a door.
const NO_DOORWAYS: &[&str] = &["TRAPDOOR", "BOOM_BARRIER", "TURNSTILE"];

pub(super) fn is_doorway(reader: &Reader<'_>, door: ElementId) -> bool {
    let kind = reader.model().predefined_type(door);
    !kind.is_some_and(|kind| NO_DOORWAYS.iter().any(|n| kind.eq_ignore_ascii_case(n)))
}

/// A length that was read as one; unit-less numbers are lengths in JSON models.
pub(super) fn length(reading: Option<Reading>) -> Option<f64> {
    match reading {
        Some(Reading {
            value: Value::Number(x),
            dimension: None | Some(Dimension::Length),
            ..
        }) => (x.is_finite() && x >= 0.0).then_some(x),
        _ => None,
    }
}

fn first_length(reader: &Reader<'_>, door: ElementId, fact: &str) -> Option<f64> {
    let fact = FACTS.iter().find(|f| f.name == fact)?;
    match super::resolve::resolve(reader, fact, door).value() {
        Some(Value::Number(x)) => Some(*x),
        _ => None,
    }
}

/// No opening is larger than the door with its frame.
fn within_overall(reader: &Reader<'_>, door: ElementId, known: Known, overall: &str) -> Resolved {
    let (Value::Number(clear), Some(whole)) = (&known.value, first_length(reader, door, overall))
    else {
        return Resolved::Known(known);
    };
    if clear - known.tolerance <= whole * (1.0 + ROUNDING) {
        return Resolved::Known(known);
    }
    Resolved::Absent(format!(
        "sources are in conflict: {} says {}, which is more than the {} of {}",
        known.source,
        show(*clear, Unit::Metre),
        overall.replace('_', " "),
        show(whole, Unit::Metre)
    ))
}

/// What exporters round a size by.
const ROUNDING: f64 = 0.002;

/// An answer between two bounds.
pub(super) fn between(low: f64, high: f64, note: String) -> Outcome {
    Outcome::Found {
        value: Value::Number((low + high) / 2.0),
        tolerance: (high - low) / 2.0,
        origin: None,
        note: Some(note),
    }
}

/// Frames between nothing (the overall width is the leaf's, as some exporters write it) and
/// 50 mm, the depth of a rebated timber lining with its stop.
const LINING: (f64, f64) = (0.0, 0.05);
/// What a swinging leaf takes of the opening at 90°: a leaf of 35 to 45 mm and hinge or stop.
const LEAF: (f64, f64) = (0.03, 0.06);

/// Casings of both sides of a door: 100 mm each are wide ones.
const TRIM: f64 = 0.2;

/// What a stack of folded panels takes.
const FOLDED: f64 = 0.2;
/// A door wider than this, of which the model does not say how it moves, may have two leaves.
const ONE_LEAF: f64 = 1.1;

fn clear_width(reader: &Reader<'_>, door: ElementId) -> Outcome {
    let Some(overall) = first_length(reader, door, "overall_width") else {
        return Outcome::Nothing;
    };
    let stated = length(reader.property(door, "IfcDoorLiningProperties", "LiningThickness"))
        .filter(|t| *t < overall / 2.0);
    let lining = stated.map_or(LINING, |t| (t, t));
    let operation = match FACTS.iter().find(|f| f.name == "operation") {
        Some(fact) => super::resolve::resolve(reader, fact, door),
        None => return Outcome::Nothing,
    };
    let operation = match operation.value() {
        Some(Value::Text(t)) => t.to_ascii_uppercase(),
        _ => String::new(),
    };
    let has = |words: &[&str]| words.iter().any(|w| operation.contains(w));
    if has(&["REVOLVING"]) {
        return Outcome::Rejected("a revolving door has no single clear width".to_owned());
    }
    let (swings, slides) = (has(&["SWING"]), has(&["SLIDING", "ROLLINGUP"]));
    let leaf = match (swings, slides) {
        (true, _) => LEAF,
        (_, true) => (0.0, 0.0),
        _ if has(&["FOLDING"]) => (0.0, FOLDED),
        _ => (0.0, LEAF.1),
    };
    // Some exporters count the trim as part of the door, and give its own width as a quantity. Where the two
    // are further apart, nothing says which is right: the door is as wide as one of them.
    let own = length(reader.quantity(door, "", "Width"))
        .filter(|own| *own > overall / 2.0)
        .map_or(overall, |own| own.min(overall));
    let widest = if overall - own > TRIM { overall } else { own };
    let opening = (
        own.min(overall - 2.0 * lining.1),
        widest.min(overall - 2.0 * lining.0),
    );
    let fixed = has(&["FIXED"]);
    let two = (swings || slides) && has(&["DOUBLE"]);
    let perhaps_two = !swings && !slides && !has(&["FOLDING"]) && overall > ONE_LEAF;
    let (low, high, of_two) = if fixed {
        // How much of the opening is the fixed panel, the model seldom says.
        let low = if slides { opening.0 / 2.0 } else { 0.0 };
        (low, opening.1 - leaf.0, ", part of it fixed")
    } else if two && slides {
        (opening.0 / 2.0, opening.1, ", of two sliding panels")
    } else if two || perhaps_two {
        // The wider leaf is at least half of the opening; how much more, the model seldom says.
        let words = if two {
            ", the wider of two leaves"
        } else {
            ", perhaps of two leaves"
        };
        (opening.0 / 2.0 - leaf.1, opening.1 - leaf.0, words)
    } else {
        (opening.0 - leaf.1, opening.1 - leaf.0, "")
    };
    let frame = match stated {
        Some(t) => format!("lining {}", show(t, Unit::Metre)),
        None => "lining not stated".to_owned(),
    };
    let note = format!(
        "overall width {}, {frame}{of_two}",
        show(overall, Unit::Metre)
    );
    between(low.max(0.0), high, note)
}

fn clear_height(reader: &Reader<'_>, door: ElementId) -> Outcome {
    let Some(overall) = first_length(reader, door, "overall_height") else {
        return Outcome::Nothing;
    };
    let stated = |name| length(reader.property(door, "IfcDoorLiningProperties", name));
    let lining = stated("LiningThickness")
        .filter(|t| *t < overall / 2.0)
        .map_or(LINING, |t| (t, t));
    let threshold = stated("ThresholdThickness").unwrap_or(0.02);
    let mut note = format!("overall height {}", show(overall, Unit::Metre));
    let transom = (stated("TransomOffset"), stated("TransomThickness"));
    let (top, above) = match transom {
        // Whether it is measured to the axis of the transom or to its lower edge, exporters differ.
        (Some(offset), thickness) if offset > 0.0 && offset < overall => {
            note = format!("{note}, transom at {}", show(offset, Unit::Metre));
            let thickness = thickness.filter(|t| *t > 0.0).unwrap_or(LINING.1);
            (offset, (0.0, thickness))
        }
        (None | Some(0.0), None | Some(0.0)) => (overall, lining),
        _ => return Outcome::Rejected("part of the overall height is a transom".to_owned()),
    };
    between((top - above.1 - threshold).max(0.0), top - above.0, note)
}

/// A fire rating that says in English, Dutch or German that the door closes by itself.
fn rated_self_closing(reader: &Reader<'_>, door: ElementId) -> Outcome {
    let text = reader.text(door, "", "FireRating").unwrap_or_default();
    let closes = [
        "self-closing",
        "self closing",
        "zelfsluitend",
        "selbstschließend",
    ];
    let lower = text.to_lowercase();
    if closes.iter().any(|words| lower.contains(words))
        && !has_word(
            &lower,
            &[
                "no", "not", "non", "without", "niet", "zonder", "nicht", "ohne",
            ],
        )
    {
        Outcome::exact(Value::Boolean(true))
    } else {
        Outcome::Nothing
    }
}

/// An external door at grade. Higher up, a door to the outside may lead to a balcony.
fn external_exit(reader: &Reader<'_>, door: ElementId) -> Outcome {
    let Some(fact) = super::element::FACTS
        .iter()
        .find(|f| f.name == "is_external")
    else {
        return Outcome::Nothing;
    };
    match super::resolve::resolve(reader, fact, door) {
        Resolved::Known(known) if known.value == Value::Boolean(true) => {}
        Resolved::Known(_) => return Outcome::Nothing,
        Resolved::Absent(why) => {
            return Outcome::Rejected(format!("whether it is external: {why}"));
        }
    }
    let elevation = reader.storey(door).and_then(|s| elevation_of(reader, s));
    if elevation.is_some_and(|e| e.abs() <= NEAR_GRADE) {
        Outcome::exact(Value::Boolean(true))
    } else {
        Outcome::Rejected(
            "the door is external, and its storey is not known to be at grade".to_owned(),
        )
    }
}

/// A storey whose floor is this near to the building's datum can be left at grade.
const NEAR_GRADE: f64 = 1.5;

fn elevation_of(reader: &Reader<'_>, storey: ElementId) -> Option<f64> {
    match reader.attribute(storey, "Elevation")?.value {
        Value::Number(x) => Some(x),
        _ => None,
    }
}
