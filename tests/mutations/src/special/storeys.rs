//! Storeys: how many exits they have, how wide these are, which stairs serve them.
//!
//! §1006.3.3: two exits, above 500 persons three, above 1000 four. Exit doors are certain; flights may
//! be exits, so that too few of both fail and enough of both leave it open. A stair belongs to the
//! storey where it begins and serves the one that it climbs to.

use super::{Case, area, attribute, without};
use crate::building::UPPER;
use crate::ifc::{Ifc, global_id};
use crate::mutants::{Kind, Mutant};
use crate::table::Expect::{Fail, NotGoverned, Pass, Undetermined};
use crate::table::{length, say};
use crate::units::{Measure, inches};

const FLIGHT: &str = "Pset_StairFlightCommon";

pub(super) fn mutants() -> Vec<Mutant> {
    [doors(), stairs(), widths()].concat()
}

/// No door of the upper storey is an exit.
fn no_exits(ifc: &mut Ifc) {
    for door in ["Exit_Up_A", "Exit_Up_B"] {
        say(ifc, door, "Pset_DoorCommon", "FireExit", false);
    }
}

/// A flight of the stair climbs this far, with risers of about 165 mm.
fn climbs(ifc: &mut Ifc, flight: &str, metres: f64) {
    let flight = ifc.element(&global_id(flight));
    let risers = (metres / 0.165).round();
    let riser = metres / risers;
    ifc.put_number(flight, FLIGHT, "RiserHeight", riser, Measure::Length);
    ifc.put_number(flight, FLIGHT, "NumberOfRiser", risers, Measure::Count);
}

/// Takes the second flight out of the stair, and puts it into the upper storey: it leads to the roof.
fn roof_flight(ifc: &mut Ifc) {
    let (flight, upper) = (
        ifc.element(&global_id("Flight_2")),
        ifc.element(&global_id("Upper")),
    );
    ifc.take_out_of_whole(flight);
    ifc.move_to(flight, upper);
}

fn doors() -> Vec<Mutant> {
    let case = Case::ibc("storey-exits", "Upper")
        .setup(|ifc| area(ifc, "Office_Up", 15_000.0))
        .related(&["Office_Up", "Exit_Up_A", "Exit_Up_B", "Lower", "Flight"]);
    vec![
        case.mutant(Kind::Sound, "two exit doors", Pass, |_| {}),
        case.mutant(
            Kind::Attribute,
            "one exit door and a stair",
            Undetermined(&[]),
            |ifc| {
                say(ifc, "Exit_Up_A", "Pset_DoorCommon", "FireExit", false);
            },
        ),
        case.mutant(
            Kind::Attribute,
            "only a stair of two flights",
            Undetermined(&[]),
            no_exits,
        ),
        case.mutant(
            Kind::Moved,
            "an exit door to the other storey",
            Undetermined(&[]),
            |ifc| {
                let (door, lower) = (
                    ifc.element(&global_id("Exit_Up_A")),
                    ifc.element(&global_id("Lower")),
                );
                ifc.move_to(door, lower);
            },
        ),
        case.mutant(
            Kind::NoProperty,
            "no area",
            Undetermined(&["occupant_load"]),
            |ifc| {
                let room = ifc.element(&global_id("Office_Up"));
                ifc.remove_entry(room, super::QUANTITIES, "NetFloorArea");
            },
        ),
        case.mutant(Kind::AtLimit, "500 persons, two exit doors", Pass, |ifc| {
            area(ifc, "Office_Up", 75_000.0);
        }),
        case.mutant(
            Kind::JustBeyond,
            "501 persons, two exit doors, a stair",
            Undetermined(&[]),
            |ifc| {
                area(ifc, "Office_Up", 75_001.0);
            },
        ),
        case.mutant(
            Kind::FarBeyond,
            "1001 persons, two exit doors, one flight",
            Fail,
            |ifc| {
                area(ifc, "Office_Up", 150_001.0);
                roof_flight(ifc);
                climbs(ifc, "Flight", UPPER / 2.0);
            },
        ),
        case.mutant(
            Kind::Ungoverned,
            "a wall says that it is an exit",
            Pass,
            |ifc| {
                say(ifc, "Wall", "Pset_DoorCommon", "FireExit", true);
            },
        ),
    ]
}

fn stairs() -> Vec<Mutant> {
    let case = Case::ibc("storey-exits", "Upper")
        .setup(|ifc| {
            area(ifc, "Office_Up", 15_000.0);
            no_exits(ifc);
        })
        .related(&["Flight", "Flight_2", "Lower"]);
    let unknown = Undetermined(&["stair_flights"]);
    vec![
        // One flight leads to the roof; the stair below is contained in the lower storey.
        case.mutant(
            Kind::Moved,
            "a stair that climbs to it",
            Undetermined(&[]),
            |ifc| {
                roof_flight(ifc);
                climbs(ifc, "Flight", UPPER);
            },
        ),
        case.mutant(
            Kind::Moved,
            "a stair that climbs beyond it",
            Undetermined(&[]),
            |ifc| {
                roof_flight(ifc);
                climbs(ifc, "Flight", UPPER + 3.0);
            },
        ),
        case.mutant(Kind::Moved, "a stair that ends half way", Fail, |ifc| {
            roof_flight(ifc);
            climbs(ifc, "Flight", UPPER / 2.0);
        }),
        case.mutant(
            Kind::NoProperty,
            "a stair that climbs nobody knows how far",
            unknown.clone(),
            |ifc| {
                roof_flight(ifc);
                without(ifc, "Flight", FLIGHT, "RiserHeight");
            },
        ),
        case.mutant(
            Kind::Attribute,
            "storeys at no elevation",
            unknown.clone(),
            |ifc| {
                roof_flight(ifc);
                climbs(ifc, "Flight", UPPER);
                attribute(ifc, "Upper", 9, "$");
            },
        ),
        case.mutant(
            Kind::Relation,
            "no stair in the model",
            unknown.clone(),
            |ifc| {
                for name in ["Stair", "Flight", "Flight_2"] {
                    ifc.delete(&global_id(name));
                }
            },
        ),
        case.mutant(
            Kind::Relation,
            "a stair without flights below",
            unknown,
            |ifc| {
                roof_flight(ifc);
                ifc.delete(&global_id("Flight"));
            },
        ),
        case.mutant(
            Kind::Moved,
            "the whole stair begins on it",
            Undetermined(&[]),
            |ifc| {
                let (stair, upper) = (
                    ifc.element(&global_id("Stair")),
                    ifc.element(&global_id("Upper")),
                );
                ifc.move_to(stair, upper);
            },
        ),
        case.mutant(
            Kind::Geometry,
            "the storey is higher than the stair climbs",
            Fail,
            |ifc| {
                roof_flight(ifc);
                climbs(ifc, "Flight", UPPER);
                let upper = ifc.units.number(2.0 * UPPER, Measure::Length);
                attribute(ifc, "Upper", 9, &upper);
            },
        ),
    ]
}

/// §1005.3.2: 0.2 in of exit door for each person; with sprinklers and an alarm 0.15 in.
fn widths() -> Vec<Mutant> {
    let case = Case::ibc("storey-exit-width", "Upper")
        .setup(|ifc| {
            area(ifc, "Office_Up", 300.0);
            for door in ["Exit_Up_A", "Exit_Up_B"] {
                length(ifc, door, "Sizes", "ClearWidth", inches(40.0));
            }
        })
        .related(&["Office_Up", "Exit_Up_A", "Exit_Up_B", "Lower"]);
    let persons = |kind, persons: f64, sprinklers, expect| {
        let what = format!("{persons} persons, 80 in of doors, sprinklers: {sprinklers}");
        case.mutant(kind, &what, expect, |ifc| {
            area(ifc, "Office_Up", persons * 150.0);
            say(
                ifc,
                "Building",
                "Pset_BuildingCommon",
                "SprinklerProtection",
                sprinklers,
            );
        })
    };
    vec![
        persons(Kind::AtLimit, 400.0, false, Pass),
        persons(Kind::JustBeyond, 401.0, false, Fail),
        persons(Kind::FarBeyond, 900.0, false, Fail),
        persons(Kind::JustBeyond, 401.0, true, Undetermined(&[])),
        persons(Kind::FarBeyond, 900.0, true, Fail),
        case.mutant(Kind::FarBeyond, "narrow doors", Fail, |ifc| {
            area(ifc, "Office_Up", 45_000.0);
            length(ifc, "Exit_Up_A", "Sizes", "ClearWidth", inches(10.0));
        }),
        case.mutant(
            Kind::NoProperty,
            "a width is not known",
            Undetermined(&["exit_width"]),
            |ifc| {
                without(ifc, "Exit_Up_A", "Sizes", "ClearWidth");
            },
        ),
        case.mutant(Kind::Attribute, "no exit door", NotGoverned, no_exits),
    ]
}
