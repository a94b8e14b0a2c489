//! Doors: how they open, whether they are exits, what follows from their overall size.

use super::{Case, area, attribute, attribute_length, without};
use crate::ifc::{Ifc, global_id};
use crate::mutants::{Kind, Mutant};
use crate::table::Expect::{Fail, NotGoverned, Pass, Undetermined};
use crate::table::{length, say};
use crate::units::{Units, inches};

const COMMON: &str = "Pset_DoorCommon";
const OPERATION: usize = 11;

pub(super) fn mutants() -> Vec<Mutant> {
    [types(), exits(), sizes()].concat()
}

/// §1010.1.2: exit doors turn on hinges.
fn types() -> Vec<Mutant> {
    let case = Case::ibc("egress-door-type", "Exit_A").related(&["Lower"]);
    let operation = |kind, operation: &'static str, expect| {
        case.mutant(kind, operation, expect, |ifc| {
            attribute(ifc, "Exit_A", OPERATION, operation);
        })
    };
    let mut all = vec![
        operation(Kind::Attribute, ".SLIDING_TO_LEFT.", Fail),
        operation(Kind::Attribute, ".FOLDING_TO_RIGHT.", Fail),
        operation(Kind::Attribute, ".ROLLINGUP.", Fail),
        operation(Kind::Attribute, ".REVOLVING.", Fail),
        operation(Kind::Attribute, ".DOUBLE_DOOR_SLIDING.", Fail),
        operation(Kind::Attribute, ".DOUBLE_SWING_RIGHT.", Pass),
        operation(Kind::Attribute, ".DOUBLE_DOOR_SINGLE_SWING.", Pass),
        operation(Kind::Attribute, ".SINGLE_SWING_RIGHT.", Pass),
        operation(Kind::Blank, "$", Undetermined(&["operation"])),
        // The model says a word, though none that names a way to open.
        operation(Kind::Attribute, ".NOTDEFINED.", Undetermined(&[])),
    ];
    let at_type = |ifc: &mut Ifc, own: &str, of_type: &str| {
        let door = ifc.element(&global_id("Exit_A"));
        let set = ifc.new_set("Pset_Made", &[]);
        ifc.give_type(door, set);
        let made = ifc.type_of(door).expect("the type just given");
        ifc.step.set(made, 10, of_type);
        ifc.step.set(door, OPERATION, own);
    };
    for (kind, own, of_type, expect) in [
        (Kind::AtType, "$", ".SLIDING_TO_LEFT.", Fail),
        (Kind::AtType, "$", ".SINGLE_SWING_LEFT.", Pass),
        (
            Kind::Overridden,
            ".SINGLE_SWING_LEFT.",
            ".SLIDING_TO_LEFT.",
            Pass,
        ),
        (Kind::Overridden, ".ROLLINGUP.", ".SINGLE_SWING_LEFT.", Fail),
    ] {
        let what = format!("{own} at the element, {of_type} at the type");
        all.push(case.mutant(kind, &what, expect, |ifc| at_type(ifc, own, of_type)));
    }
    all.push(
        case.mutant(Kind::Ungoverned, "an inner door slides", Pass, |ifc| {
            attribute(ifc, "Door", OPERATION, ".SLIDING_TO_LEFT.");
        }),
    );
    for (occupancy, expect) in [
        ("R-3", NotGoverned),
        ("R-2", Undetermined(&[])),
        ("A-2", Fail),
    ] {
        all.push(case.mutant(Kind::Renamed, occupancy, expect, |ifc| {
            let building = ifc.element(&global_id("Building"));
            let text = format!("IFCLABEL('{occupancy}')");
            ifc.put(building, "Pset_BuildingCommon", "OccupancyType", &text);
            attribute(ifc, "Exit_A", OPERATION, ".SLIDING_TO_LEFT.");
        }));
    }
    all
}

/// Whether a door is an exit, judged by whether a sliding one is reported.
fn exits() -> Vec<Mutant> {
    fn slides(ifc: &mut Ifc) {
        attribute(ifc, "Exit_A", OPERATION, ".SLIDING_TO_LEFT.");
    }
    let case = Case::ibc("egress-door-type", "Exit_A").related(&["Lower", "Upper"]);
    let unknown = Undetermined(&["is_exit"]);
    vec![
        case.mutant(Kind::NoProperty, "external, at grade", Fail, |ifc| {
            slides(ifc);
            without(ifc, "Exit_A", COMMON, "FireExit");
        }),
        case.mutant(
            Kind::NoSet,
            "nothing says that it is an exit",
            unknown.clone(),
            |ifc| {
                slides(ifc);
                let door = ifc.element(&global_id("Exit_A"));
                ifc.remove_set(door, COMMON);
            },
        ),
        case.mutant(
            Kind::WrongType,
            "FireExit is a text",
            unknown.clone(),
            |ifc| {
                slides(ifc);
                let door = ifc.element(&global_id("Exit_A"));
                ifc.put(door, COMMON, "FireExit", "IFCLABEL('to be agreed')");
            },
        ),
        case.mutant(
            Kind::WrongType,
            "FireExit is a number",
            unknown.clone(),
            |ifc| {
                slides(ifc);
                let door = ifc.element(&global_id("Exit_A"));
                ifc.put(door, COMMON, "FireExit", "IFCREAL(12.5)");
            },
        ),
        case.mutant(Kind::Attribute, "no exit", NotGoverned, |ifc| {
            slides(ifc);
            say(ifc, "Exit_A", COMMON, "FireExit", false);
        }),
        case.mutant(Kind::Moved, "external, above grade", unknown, |ifc| {
            slides(ifc);
            without(ifc, "Exit_A", COMMON, "FireExit");
            let (door, upper) = (
                ifc.element(&global_id("Exit_A")),
                ifc.element(&global_id("Upper")),
            );
            ifc.move_to(door, upper);
        }),
    ]
}

/// §1010.1.1 where only the overall width is known: the frame takes up to 5 cm a side, leaf and stop
/// 3 to 6 cm.
fn sizes() -> Vec<Mutant> {
    const OVERALL: usize = 9;
    let mut all = Vec::new();
    for units in Units::ALL {
        let case = Case {
            units,
            ..Case::ibc("egress-door-clear-width", "Door")
        };
        let kind = match units {
            Units::Metres => Kind::Attribute,
            _ => Kind::FileUnits,
        };
        for (overall, expect) in [
            (1.00, Pass),
            (0.90, Undetermined(&[])),
            (0.80, Fail),
            (0.60, Fail),
        ] {
            let what = format!("overall width {overall}");
            all.push(case.mutant(kind, &what, expect, |ifc| {
                without(ifc, "Door", "Sizes", "ClearWidth");
                attribute_length(ifc, "Door", OVERALL, overall);
            }));
        }
        let larger = Undetermined(&["clear_width"]);
        all.push(
            case.mutant(kind, "clear width above the overall one", larger, |ifc| {
                attribute_length(ifc, "Door", OVERALL, 0.9);
            }),
        );
    }
    // A closet below 10 square feet may have a narrower door, if it is no exit.
    let case = Case::ibc("egress-door-clear-width", "Door")
        .setup(|ifc| area(ifc, "Office", 300.0))
        .related(&["Office", "Lower"]);
    for (feet, expect) in [(9.9, NotGoverned), (10.0, Fail), (10.1, Fail)] {
        let what = format!("a narrow door to a closet of {feet} square feet");
        all.push(case.mutant(Kind::Relation, &what, expect.clone(), |ifc| {
            length(ifc, "Door", "Sizes", "ClearWidth", inches(28.0));
            area(ifc, "Office", feet);
        }));
    }
    all.push(
        case.mutant(Kind::Relation, "the closet is not known", Fail, |ifc| {
            length(ifc, "Door", "Sizes", "ClearWidth", inches(28.0));
            area(ifc, "Office", 9.0);
            let (room, door) = (
                ifc.element(&global_id("Office")),
                ifc.element(&global_id("Door")),
            );
            ifc.unbound(room, door);
        }),
    );
    all
}
