//! Rooms: exits by load, words of their use, heights from their shapes.

use super::{Case, QUANTITIES, area, attribute, ceiling};
use crate::ifc::{Ifc, global_id};
use crate::mutants::{Kind, Mutant};
use crate::step::references;
use crate::table::Expect::{Fail, NotGoverned, Pass, Undetermined};
use crate::table::{call, length, say};
use crate::units::{Measure, Units, feet, inches, square_feet};

pub(super) fn mutants() -> Vec<Mutant> {
    [exits(), uses(), heights(), florida()].concat()
}

/// Table 1006.2.1: one exit for up to 49 persons in Group B; an office has one for 150 square feet.
fn exits() -> Vec<Mutant> {
    let case = Case::ibc("space-exits", "Office")
        .setup(|ifc| area(ifc, "Office", 300.0))
        .related(&["Lower"]);
    let load = |kind, persons: f64, more: f64, expect| {
        let what = format!("{persons} persons and {more} square feet, one door");
        case.mutant(kind, &what, expect, |ifc| {
            area(ifc, "Office", persons * 150.0 + more);
        })
    };
    let two_doors = |ifc: &mut Ifc| {
        let (room, door) = (
            ifc.element(&global_id("Office")),
            ifc.element(&global_id("Door_2")),
        );
        let arguments = format!(
            "{},$,'1stLevel',$,#{room},#{door},$,.PHYSICAL.,.INTERNAL.",
            ifc.guid()
        );
        ifc.step.add("IFCRELSPACEBOUNDARY", &arguments);
    };
    let occupancy = |kind, group: &str, persons: f64, expect| {
        let what = format!("{persons} persons in {group}");
        case.mutant(kind, &what, expect, |ifc| {
            area(ifc, "Office", persons * 150.0);
            let building = ifc.element(&global_id("Building"));
            match group {
                "" => ifc.remove_entry(building, "Pset_BuildingCommon", "OccupancyType"),
                group => {
                    let text = format!("IFCLABEL('{group}')");
                    ifc.put(building, "Pset_BuildingCommon", "OccupancyType", &text);
                }
            }
        })
    };
    vec![
        load(Kind::AtLimit, 49.0, 0.0, Pass),
        load(Kind::JustBeyond, 49.0, 1.0, Fail),
        load(Kind::FarBeyond, 120.0, 0.0, Fail),
        case.mutant(Kind::Relation, "50 persons, two doors", Pass, |ifc| {
            area(ifc, "Office", 7_500.0);
            two_doors(ifc);
        }),
        case.mutant(Kind::AtLimit, "500 persons, two doors", Pass, |ifc| {
            area(ifc, "Office", 75_000.0);
            two_doors(ifc);
        }),
        case.mutant(Kind::JustBeyond, "501 persons, two doors", Fail, |ifc| {
            area(ifc, "Office", 75_001.0);
            two_doors(ifc);
        }),
        case.mutant(
            Kind::Relation,
            "no boundary",
            Undetermined(&["doors"]),
            |ifc| {
                area(ifc, "Office", 7_500.0);
                let (room, door) = (
                    ifc.element(&global_id("Office")),
                    ifc.element(&global_id("Door")),
                );
                ifc.unbound(room, door);
            },
        ),
        case.mutant(
            Kind::NoProperty,
            "no area",
            Undetermined(&["occupant_load"]),
            |ifc| {
                let room = ifc.element(&global_id("Office"));
                ifc.remove_entry(room, QUANTITIES, "NetFloorArea");
            },
        ),
        case.mutant(
            Kind::Renamed,
            "a use of no row",
            Undetermined(&["occupant_load"]),
            |ifc| {
                call(ifc, "Office", "Wintergarten");
            },
        ),
        case.mutant(Kind::Renamed, "a conference room of 49", Pass, |ifc| {
            call(ifc, "Office", "Conference room");
            area(ifc, "Office", 735.0);
        }),
        case.mutant(Kind::Renamed, "a conference room of 50", Fail, |ifc| {
            call(ifc, "Office", "Conference room");
            area(ifc, "Office", 736.0);
        }),
        occupancy(Kind::Renamed, "S-1", 29.0, Pass),
        occupancy(Kind::Renamed, "S-1", 30.0, Fail),
        occupancy(Kind::Renamed, "R-1", 10.0, Pass),
        occupancy(Kind::Renamed, "R-1", 11.0, Fail),
        occupancy(Kind::NoProperty, "", 30.0, Undetermined(&["group"])),
        occupancy(Kind::NoProperty, "", 10.0, Pass),
        occupancy(Kind::NoProperty, "", 60.0, Fail),
        case.mutant(
            Kind::Ungoverned,
            "an area beside another room",
            Pass,
            |ifc| {
                let wall = ifc.element(&global_id("Wall"));
                ifc.put_number(
                    wall,
                    "Sizes",
                    "NetFloorArea",
                    square_feet(9_000.0),
                    Measure::Area,
                );
            },
        ),
    ]
}

/// §1208.2: 7 ft 6 in, in bathrooms, kitchens and storage rooms 7 ft. Corridors have their own rule.
fn uses() -> Vec<Mutant> {
    let office = Case::ibc("room-ceiling-height", "Office")
        .setup(|ifc| ceiling(ifc, "Office", 2.7))
        .related(&["Lower"]);
    let low = |name: &'static str, expect| {
        office.mutant(
            Kind::Renamed,
            &format!("{name} of 7 ft 2 in"),
            expect,
            |ifc| {
                call(ifc, "Office", name);
                ceiling(ifc, "Office", feet(7.0) + inches(2.0));
            },
        )
    };
    let corridor = Case::ibc("corridor-clear-width", "Corridor").related(&["Lower"]);
    vec![
        low("Storage", Pass),
        low("Kitchen", Pass),
        low("Meeting room", Fail),
        low("Wintergarten", Undetermined(&[])),
        office.mutant(Kind::Attribute, "outdoors", NotGoverned, |ifc| {
            ceiling(ifc, "Office", 2.0);
            attribute(ifc, "Office", 9, ".EXTERNAL.");
        }),
        office.mutant(Kind::Renamed, "called a corridor", NotGoverned, |ifc| {
            ceiling(ifc, "Office", 2.0);
            call(ifc, "Office", "Corridor");
        }),
        corridor.mutant(
            Kind::Renamed,
            "a narrow one called an office",
            NotGoverned,
            |ifc| {
                length(ifc, "Corridor", "Sizes", "ClearWidth", 0.8);
                attribute(ifc, "Corridor", 2, "'110'");
                call(ifc, "Corridor", "Office");
            },
        ),
        corridor.mutant(Kind::Renamed, "a narrow one called Flur", Fail, |ifc| {
            length(ifc, "Corridor", "Sizes", "ClearWidth", 0.8);
            call(ifc, "Corridor", "Flur");
        }),
        corridor.mutant(Kind::Moved, "on the upper storey", Fail, |ifc| {
            length(ifc, "Corridor", "Sizes", "ClearWidth", 0.8);
            let (space, upper) = (
                ifc.element(&global_id("Corridor")),
                ifc.element(&global_id("Upper")),
            );
            ifc.move_to(space, upper);
        }),
    ]
}

/// A body reaches above a hung ceiling: its height is the most that there may be.
fn heights() -> Vec<Mutant> {
    let mut all = Vec::new();
    for units in Units::ALL {
        let case = Case {
            units,
            ..Case::ibc("room-ceiling-height", "Office")
        };
        let kind = match units {
            Units::Metres => Kind::Geometry,
            _ => Kind::FileUnits,
        };
        for (height, expect) in [(2.2, Fail), (2.7, Undetermined(&[]))] {
            let what = format!("a body of {height} m and no stated height");
            all.push(case.mutant(kind, &what, expect, |ifc| {
                let room = ifc.element(&global_id("Office"));
                ifc.remove_entry(room, QUANTITIES, "FinishCeilingHeight");
                let mut at = room;
                for argument in [6, 2, 3] {
                    at = *references(ifc.step.argument(at, argument))
                        .first()
                        .expect("a shape");
                }
                let depth = ifc.units.number(height, Measure::Length);
                ifc.step.set(at, 3, depth);
            }));
        }
    }
    all
}

/// Florida Building Code, Residential: 29 in where a bathroom is the only one at grade.
fn florida() -> Vec<Mutant> {
    let case = Case {
        modules: &["us-irc-2024", "us-fl-irc-2024"],
        rule: "us-fl-irc-2024/grade-bathroom-door",
        occupancy: "R-3",
        setup: |ifc| say(ifc, "Bath", "Sizes", "OnlyBathroomAtGrade", true),
        related: &["Building", "Door_Bath"],
        ..Case::ibc("", "Bath")
    };
    let width = |kind, metres: f64, expect| {
        case.mutant(kind, &format!("a door of {metres:.4}"), expect, |ifc| {
            length(ifc, "Door_Bath", "Sizes", "ClearWidth", metres);
        })
    };
    vec![
        width(Kind::AtLimit, inches(29.0), Pass),
        width(Kind::JustBeyond, inches(29.0) - 0.001, Fail),
        width(Kind::FarBeyond, 0.55, Fail),
        case.mutant(Kind::Renamed, "called an office", NotGoverned, |ifc| {
            call(ifc, "Bath", "Office");
        }),
        case.mutant(Kind::Attribute, "not the only one", NotGoverned, |ifc| {
            say(ifc, "Bath", "Sizes", "OnlyBathroomAtGrade", false);
        }),
    ]
}
