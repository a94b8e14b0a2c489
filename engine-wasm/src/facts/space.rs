//! Facts of spaces, and of corridors, which are spaces used as one.

use plancheck_contract::{Dimension, Unit};

use super::catalogue::{Combine, Fact, Outcome, Provenance, Relation, Source, Target, for_pages};
use super::element::{boolean_fact, number_fact, text_fact};
use super::reader::Reader;
use super::resolve::{Known, Resolved};
use super::text::show;
use super::uses::{is_corridor, named, names_no_use};
use crate::model::{ElementId, Footprint, Value};

/// Whether the building has sprinklers, for its parts.
pub(super) const FROM_BUILDING: Source = Source::Compute {
    label: "SprinklerProtection of the building",
    provenance: Provenance::Inferred,
    read: |reader, e| {
        let Some(building) = reader.building(e) else {
            return Outcome::Nothing;
        };
        boolean_of(reader, building)
    },
};

const FROM_STOREY: Source = Source::Compute {
    label: "SprinklerProtection of the storey",
    provenance: Provenance::Inferred,
    read: |reader, e| {
        let Some(storey) = reader.storey(e) else {
            return Outcome::Nothing;
        };
        boolean_of(reader, storey)
    },
};

fn boolean_of(reader: &Reader<'_>, element: ElementId) -> Outcome {
    let said = ["SprinklerProtection", "sprinklered"]
        .into_iter()
        .find_map(|name| reader.property(element, "", name));
    match said.map(|reading| reading.value) {
        Some(Value::Boolean(b)) => Outcome::exact(Value::Boolean(b)),
        Some(Value::Unusable(why)) => Outcome::Rejected(why),
        _ => Outcome::Nothing,
    }
}

/// Floor areas that differ by more than this are a conflict: columns, shafts and finishes make up
/// a few percent, a wrong unit or a wrong set far more.
const AREA_AGREEMENT: f64 = 0.10;

const FROM_FOOTPRINT: Source = Source::Compute {
    label: "area of the footprint",
    provenance: Provenance::Geometry,
    read: |reader, e| {
        reader.touch(e);
        let Some(footprint) = reader.model().footprint(e) else {
            return Outcome::Nothing;
        };
        let area = polygon_area(&footprint.points);
        if area > 0.0 {
            Outcome::exact(Value::Number(area))
        } else {
            Outcome::Nothing
        }
    },
};

pub(super) static FACTS: &[Fact] = &[
    text_fact(
        "long_name",
        "Long name",
        "The room's name for people.",
        &[Source::Attribute("LongName")],
    ),
    Fact {
        unchosen: Some(names_no_use),
        ..text_fact(
            "use",
            "Use",
            "What the space is used for, in the words of the model: its category, else its name. \
         Standard sets are often empty or say `Rooms`, which is no use; whatever is taken from a \
         name is marked as inferred.",
            &[
                Source::Property("Pset_SpaceCommon", "Category"),
                Source::Property("", "use"),
                Source::Compute {
                    label: "LongName",
                    provenance: Provenance::Inferred,
                    read: |r, e| named(r, e, "LongName"),
                },
                Source::Compute {
                    label: "ObjectType",
                    provenance: Provenance::Inferred,
                    read: |r, e| named(r, e, "ObjectType"),
                },
                Source::Compute {
                    label: "Name",
                    provenance: Provenance::Inferred,
                    read: |r, e| named(r, e, "Name"),
                },
            ],
        )
    },
    text_fact(
        "occupancy",
        "Occupancy",
        "The occupancy type by the national code, such as the group `B` or `A-3`; the building's \
         answer where the space has none.",
        &[
            Source::Property("Pset_SpaceOccupancyRequirements", "OccupancyType"),
            Source::Property("Pset_SpaceCommon", "OccupancyType"),
            Source::Property("", "occupancy"),
            Source::Compute {
                label: "OccupancyType of the building",
                provenance: Provenance::Inferred,
                read: |reader, e| {
                    let building = reader.building(e);
                    let text = building
                        .and_then(|b| reader.text(b, "Pset_BuildingCommon", "OccupancyType"))
                        .filter(|t| !t.trim().is_empty());
                    text.map_or(Outcome::Nothing, |t| Outcome::exact(Value::Text(t)))
                },
            },
        ],
    ),
    boolean_fact(
        "is_corridor",
        "Corridor",
        "Whether the space is used as a corridor, concluded from its use and names.",
        &[
            Source::Property("", "is_corridor"),
            Source::Compute {
                label: "the words of its use and names",
                provenance: Provenance::Inferred,
                read: is_corridor,
            },
        ],
    ),
    boolean_fact(
        "is_interior",
        "Interior",
        "Whether the space is a room of the building: no where it is outdoors, by IsExternal or its \
         predefined type, or an area that is drawn for its size (`GFA`).",
        &[Source::Compute {
            label: "IsExternal and the predefined type",
            provenance: Provenance::Inferred,
            read: is_interior,
        }],
    ),
    Fact {
        combine: Combine::CrossCheck(AREA_AGREEMENT),
        ..number_fact(
            "area",
            "Floor area",
            Dimension::Area,
            (0.05, 1e6),
            "The floor area: net where stated, else gross, else of the footprint. Answers more \
             than 10 % apart are a conflict.",
            &[
                Source::Quantity("", "NetFloorArea"),
                Source::Quantity("", "GrossFloorArea"),
                Source::Quantity("GSA Space Areas", "GSA BIM Area"),
                Source::Quantity("", "NetArea"),
                Source::Property("", "area"),
                Source::Property("", "NetPlannedArea"),
                FROM_FOOTPRINT,
            ],
        )
    },
    number_fact(
        "net_area",
        "Net floor area",
        Dimension::Area,
        (0.05, 1e6),
        "The floor area without columns and shafts.",
        &[
            Source::Quantity("", "NetFloorArea"),
            Source::Property("", "net_area"),
        ],
    ),
    number_fact(
        "gross_area",
        "Gross floor area",
        Dimension::Area,
        (0.05, 1e6),
        "The floor area within the enclosing walls.",
        &[
            Source::Quantity("", "GrossFloorArea"),
            Source::Property("", "gross_area"),
            FROM_FOOTPRINT,
        ],
    ),
    Fact {
        examine: Some(below_the_ceiling),
        ..number_fact(
            "height",
            "Ceiling height",
            Dimension::Length,
            (0.5, 200.0),
            "The clear height from floor to ceiling, where the model states just that. The height \
             of the space or of its body may reach above a hung ceiling: anything up to it. So is \
             the height under a ceiling that is not level, as the model says or volume and floor \
             area show.",
            &[
                Source::Quantity("", "FinishCeilingHeight"),
                Source::Property("", "FinishCeilingHeight"),
                Source::Quantity("", "ClearHeight"),
                Source::Property("", "ClearHeight"),
                Source::Property("", "CeilingHeight"),
                Source::Property("", "ceiling_height"),
                Source::Property("", "clear_height"),
                Source::Property("", "height"),
                Source::Quantity("", "Height"),
                Source::Compute {
                    label: "height of the extruded body",
                    provenance: Provenance::Geometry,
                    read: |reader, e| {
                        reader.touch(e);
                        let height = reader.model().footprint(e).and_then(|f| f.height);
                        height.map_or(Outcome::Nothing, |h| Outcome::exact(Value::Number(h)))
                    },
                },
            ],
        )
    },
    number_fact(
        "declared_occupants",
        "Stated occupants",
        Dimension::Count,
        (0.0, 1e6),
        "How many persons the model says the space is for.",
        &[
            Source::Property("Pset_SpaceOccupancyRequirements", "OccupancyNumber"),
            Source::Property("", "OccupancyNumber"),
            Source::Property("", "declared_occupants"),
        ],
    ),
    boolean_fact(
        "sprinklered",
        "Sprinklered",
        "Whether the space has sprinklers; the storey's, then the building's answer where it has none.",
        &[
            Source::Property("Pset_SpaceFireSafetyRequirements", "SprinklerProtection"),
            Source::Property("", "SprinklerProtection"),
            Source::Property("", "sprinklered"),
            FROM_STOREY,
            FROM_BUILDING,
        ],
    ),
    boolean_fact(
        "handicap_accessible",
        "Accessible",
        "Whether the space is meant for wheelchair users.",
        &[Source::Property("", "HandicapAccessible")],
    ),
];

pub(super) static CORRIDOR_FACTS: &[Fact] = &[number_fact(
    "clear_width",
    "Clear width",
    Dimension::Length,
    (0.2, 100.0),
    "The free width between the walls: as a user property states it, else the shorter side of a \
     rectangular footprint. Doors that swing in, handrails and other projections are not deducted.",
    &[
        Source::Property("", "ClearWidth"),
        Source::Property("", "clear_width"),
        Source::Compute {
            label: "shorter side of the footprint",
            provenance: Provenance::Geometry,
            read: |reader, e| {
                reader.touch(e);
                let Some(footprint) = reader.model().footprint(e) else {
                    return Outcome::Nothing;
                };
                match rectangle_sides(&footprint) {
                    Some((short, long)) => Outcome::Found {
                        value: Value::Number(short),
                        tolerance: 0.0,
                        origin: None,
                        note: Some(format!(
                            "{} × {}",
                            show(short, Unit::Metre),
                            show(long, Unit::Metre)
                        )),
                    },
                    None => Outcome::Rejected("the footprint is not a rectangle".to_owned()),
                }
            },
        },
    ],
)];

pub(super) static RELATIONS: &[Relation] = &[
    Relation {
        name: "doors",
        subject: "door",
        to: Target::Many(|reader, e| reader.doorways(reader.boundaries(e, "IfcDoor"))),
        complete: Some(doors_are_shown),
        description: for_pages("The doors in its boundary, by space boundaries."),
    },
    Relation {
        name: "windows",
        subject: "window",
        to: Target::Many(|reader, e| reader.boundaries(e, "IfcWindow")),
        complete: None,
        description: for_pages("The windows in its boundary, by space boundaries."),
    },
];

/// A space without a door in the model is not one without a way out.
fn doors_are_shown(reader: &Reader<'_>, space: ElementId) -> Result<(), &'static str> {
    let model = reader.model();
    reader.touch(space);
    let boundary = model.space_boundaries(space);
    if boundary.is_empty() {
        return Err("the model has no boundaries of this space");
    }
    if !boundary.iter().any(|b| model.is_a(*b, "IfcDoor")) {
        return Err("no door is in its boundary, and a way through an opening may not be shown");
    }
    if model.is_open(space)
        || boundary
            .iter()
            .any(|b| model.is_a(*b, "IfcVirtualElement") || model.is_a(*b, "IfcOpeningElement"))
    {
        return Err("part of its boundary is open");
    }
    Ok(())
}

/// Volume over floor area is this share of the height at least where the ceiling is level: beams,
/// niches and rounding make up a few percent.
const LEVEL: f64 = 0.95;

/// Where a model states the height of the ceiling itself. Other heights are the space's.
const OF_THE_CEILING: &[&str] = &[
    "FinishCeilingHeight",
    "ClearHeight",
    "CeilingHeight",
    "ceiling_height",
    "clear_height",
];

/// Under a ceiling that is not level, the height that a model states is the greatest or a mean
/// one; the height of a space is the greatest that its ceiling can have.
fn below_the_ceiling(reader: &Reader<'_>, space: ElementId, known: Known) -> Resolved {
    let Value::Number(height) = known.value else {
        return Resolved::Known(known);
    };
    let source = known.source.trim_end_matches(" of the type");
    let note = not_level(reader, space, height).or_else(|| {
        (!OF_THE_CEILING.contains(&source)).then(|| {
            format!(
                "up to {}: the height of the space, in which a ceiling may hang lower",
                show(height, Unit::Metre)
            )
        })
    });
    let Some(note) = note else {
        return Resolved::Known(known);
    };
    let highest = height + known.tolerance;
    Resolved::Known(Known {
        value: Value::Number(highest / 2.0),
        tolerance: highest / 2.0,
        note: Some(note),
        ..known
    })
}

fn not_level(reader: &Reader<'_>, space: ElementId, height: f64) -> Option<String> {
    for name in ["Sloped", "IsSloped", "SlopedCeiling", "sloped_ceiling"] {
        let said = reader.property(space, "", name).map(|r| r.value);
        let sloped = match &said {
            Some(Value::Boolean(sloped)) => *sloped,
            Some(Value::Text(text)) => super::text::boolean(text) == Some(true),
            _ => false,
        };
        if sloped {
            return Some(format!(
                "up to {}: the property {name} says that the ceiling is sloped",
                show(height, Unit::Metre)
            ));
        }
    }
    let number = |name, dimension| {
        let found = reader.quantity(space, "", name)?;
        match found.value {
            Value::Number(x) if found.dimension.is_none_or(|d| d == dimension) => Some(x),
            _ => None,
        }
    };
    let sides = [
        ("NetVolume", "NetFloorArea"),
        ("GrossVolume", "GrossFloorArea"),
    ];
    let (volume, area) = sides.iter().find_map(|(volume, area)| {
        let volume = number(volume, Dimension::Volume)?;
        Some((volume, number(area, Dimension::Area).filter(|a| *a > 0.0)?))
    })?;
    let mean = volume / area;
    (mean > 0.0 && mean < LEVEL * height).then(|| {
        format!(
            "up to {}: volume ÷ floor area is {}, so the ceiling is not level",
            show(height, Unit::Metre),
            show(mean, Unit::Metre)
        )
    })
}

fn is_interior(reader: &Reader<'_>, space: ElementId) -> Outcome {
    let external = ["IsExternal", "is_external"].into_iter().find_map(|name| {
        match reader.property(space, "", name)?.value {
            Value::Boolean(external) => Some(external),
            Value::Text(text) => super::text::boolean(&text),
            _ => None,
        }
    });
    let kinds = [
        reader.model().predefined_type(space),
        reader.text_attribute(space, "InteriorOrExteriorSpace"),
        reader.text(space, "", "predefined_type"),
    ];
    let outside = |kind: &String| {
        ["EXTERNAL", "GFA"]
            .iter()
            .any(|k| kind.eq_ignore_ascii_case(k))
    };
    if external == Some(true) || kinds.iter().flatten().any(outside) {
        Outcome::exact(Value::Boolean(false))
    } else {
        Outcome::exact(Value::Boolean(true))
    }
}

/// The area of a simple polygon in m² (Gauss's formula).
fn polygon_area(points: &[[f64; 2]]) -> f64 {
    let next = points.iter().cycle().skip(1);
    let twice: f64 = points
        .iter()
        .zip(next)
        .map(|(a, b)| a[0] * b[1] - b[0] * a[1])
        .sum();
    (twice / 2.0).abs()
}

/// The shorter and the longer side of a footprint that is a rectangle to within 1 mm or 0.1 %.
fn rectangle_sides(footprint: &Footprint) -> Option<(f64, f64)> {
    let points = corners(&footprint.points);
    let [a, b, c, d] = points.as_slice() else {
        return None;
    };
    let side = |p: &[f64; 2], q: &[f64; 2]| libm::hypot(q[0] - p[0], q[1] - p[1]);
    let (ab, bc, cd, da) = (side(a, b), side(b, c), side(c, d), side(d, a));
    let near = |x: f64, y: f64| (x - y).abs() <= 0.001 + 0.001 * x.max(y);
    let right = near(side(a, c), side(b, d)) && near(ab, cd) && near(bc, da);
    (right && ab > 0.0 && bc > 0.0).then(|| (ab.min(bc), ab.max(bc)))
}

/// The corners of a polygon: points on a straight side and doubled points left out.
fn corners(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = Vec::with_capacity(points.len());
    let n = points.len();
    let same = |p: [f64; 2], q: [f64; 2]| libm::hypot(q[0] - p[0], q[1] - p[1]) < 1e-6;
    for i in 0..n {
        let at = |k: usize| points.get(k % n).copied().unwrap_or_default();
        let (previous, here, next) = (at(i + n - 1), at(i), at(i + 1));
        if same(here, next) {
            continue;
        }
        let cross = (here[0] - previous[0]) * (next[1] - here[1])
            - (here[1] - previous[1]) * (next[0] - here[0]);
        let length = libm::hypot(next[0] - previous[0], next[1] - previous[1]);
        // distance of `here` from the line between its neighbours over 0.1 mm
        if same(previous, here) || cross.abs() > 1e-4 * length.max(1e-6) {
            kept.push(here);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn footprint(points: &[[f64; 2]]) -> Footprint {
        Footprint {
            points: points.to_vec(),
            height: None,
            exact: true,
        }
    }

    #[test]
    fn rectangles_are_measured_and_others_are_not() {
        let plain = footprint(&[[0.0, 0.0], [1.2, 0.0], [1.2, 9.0], [0.0, 9.0]]);
        assert_eq!(rectangle_sides(&plain), Some((1.2, 9.0)));
        let with_extra_points = footprint(&[
            [0.0, 0.0],
            [0.6, 0.0],
            [1.2, 0.0],
            [1.2, 9.0],
            [0.0, 9.0],
            [0.0, 0.0],
        ]);
        assert_eq!(rectangle_sides(&with_extra_points), Some((1.2, 9.0)));
        let l_shaped = footprint(&[
            [0.0, 0.0],
            [2.0, 0.0],
            [2.0, 1.0],
            [1.0, 1.0],
            [1.0, 5.0],
            [0.0, 5.0],
        ]);
        assert_eq!(rectangle_sides(&l_shaped), None);
        assert!((polygon_area(&l_shaped.points) - 6.0).abs() < 1e-12);
    }
}
