//! The demo office, in feet, with its properties at types: its deliberate defects repaired, and sound
//! elements spoilt.

use plancheck_tests::shared::root;

use crate::ifc::Ifc;
use crate::mutants::{Kind, Mutant};
use crate::table::Expect::{self, Fail, Pass, Undetermined};
use crate::units::{Measure, Units, feet, inches};

const FLIGHT: &str = "Pset_StairFlightCommon";
const RAILING: &str = "Pset_RailingCommon";

/// A mutation of the office.
struct Edit {
    kind: Kind,
    what: &'static str,
    rule: &'static str,
    element: &'static str,
    expect: Expect,
    edit: fn(&mut Ifc),
}

pub(super) fn mutants() -> Vec<(String, Mutant)> {
    let path = root().join("demo/office.ifc");
    let text = std::fs::read_to_string(path).expect("the demo office");
    let sound = Ifc::new(&text, Units::Feet);
    let edits = repaired().into_iter().chain(spoilt());
    let made = edits.map(|edit| {
        let mut changed = sound.clone();
        (edit.edit)(&mut changed);
        let module = edit.rule.split('/').next().unwrap_or_default();
        let mutant = Mutant {
            kind: edit.kind,
            what: edit.what.to_owned(),
            modules: vec![module],
            rule: edit.rule.to_owned(),
            element: edit.element.to_owned(),
            text: changed.step.text(),
            expect: edit.expect,
            sound: sound.step.text(),
            may_change: vec![edit.element.to_owned()],
        };
        ("office.ifc".to_owned(), mutant)
    });
    made.collect()
}

const D117: &str = "2TouUpvH5LuBEOYbQJ13e3";
const D102: &str = "11Di94DObKJRORNoFd7AXl";
const FLIGHT_A1: &str = "0_ouWQwrrPZg2CFRZ24Tpi";
const FLIGHT_A2: &str = "1llhRUdWDUvvXHDXdJCz6G";
const GALLERY_GUARD: &str = "0pnlhZOYvMbAaI_X2tr7Gr";
const STAIR_GUARD: &str = "0LkfxBs_bJuv1VUDQUegSc";
const HANDRAIL: &str = "2y5KW_Zo1HThmVZhcCOdqi";
const CORRIDOR_111: &str = "2o2XPV_w1NXhN9m3F2McEw";
const CORRIDOR_110: &str = "3zl6s$DIjRY9aHAqJqN0eA";
const RAMP: &str = "19wuEb7HvPT8xFlM1gELT7";

/// A property of an element, a length in metres.
fn put(ifc: &mut Ifc, id: &str, set: &str, name: &str, metres: f64) {
    let element = ifc.element(id);
    ifc.put_number(element, set, name, metres, Measure::Length);
}

/// The riser or going of a flight: its attribute and its property.
fn step(ifc: &mut Ifc, id: &str, attribute: usize, name: &str, metres: f64) {
    let element = ifc.element(id);
    let number = ifc.units.number(metres, Measure::Length);
    ifc.step.set(element, attribute, number);
    put(ifc, id, FLIGHT, name, metres);
}

fn ceiling(ifc: &mut Ifc, id: &str, metres: f64) {
    let element = ifc.element(id);
    let set = "Qto_SpaceBaseQuantities";
    ifc.set_quantity(element, set, "FinishCeilingHeight", metres, Measure::Length);
}

fn repaired() -> Vec<Edit> {
    let edit = |rule, element, what, edit| Edit {
        kind: Kind::AtLimit,
        what,
        rule,
        element,
        expect: Pass,
        edit,
    };
    vec![
        edit(
            "us-ibc-2024/stair-riser-height",
            FLIGHT_A1,
            "risers of 7 in",
            |ifc| {
                step(ifc, FLIGHT_A1, 10, "RiserHeight", inches(7.0));
            },
        ),
        edit(
            "us-ada-2010/accessible-stair-riser-height",
            FLIGHT_A1,
            "risers of 7 in",
            |ifc| {
                step(ifc, FLIGHT_A1, 10, "RiserHeight", inches(7.0));
            },
        ),
        edit(
            "us-ibc-2024/stair-tread-depth",
            FLIGHT_A2,
            "treads of 11 in",
            |ifc| {
                step(ifc, FLIGHT_A2, 11, "TreadLength", inches(11.0));
            },
        ),
        edit(
            "us-ibc-2024/guard-height",
            GALLERY_GUARD,
            "a guard of 42 in",
            |ifc| {
                put(ifc, GALLERY_GUARD, RAILING, "Height", inches(42.0));
            },
        ),
        edit(
            "us-ibc-2024/corridor-ceiling-height",
            CORRIDOR_111,
            "a ceiling at 7 ft 6 in",
            |ifc| {
                ceiling(ifc, CORRIDOR_111, feet(7.5));
            },
        ),
        edit(
            "us-ada-2010/accessible-ramp-slope",
            RAMP,
            "a slope of 1 in 12",
            |ifc| {
                let ramp = ifc.element(RAMP);
                ifc.put_number(
                    ramp,
                    "Pset_RampFlightCommon",
                    "Slope",
                    1.0 / 12.0,
                    Measure::Slope,
                );
            },
        ),
    ]
}

fn spoilt() -> Vec<Edit> {
    let edit = |kind, rule, element, what, expect, edit| Edit {
        kind,
        what,
        rule,
        element,
        expect,
        edit,
    };
    vec![
        edit(
            Kind::FarBeyond,
            "us-ibc-2024/egress-door-clear-width",
            D102,
            "30 in over all",
            Fail,
            |ifc| {
                let door = ifc.element(D102);
                ifc.step.set(door, 9, "2.5");
            },
        ),
        edit(
            Kind::Overridden,
            "us-ada-2010/accessible-door-clear-width",
            D102,
            "31 in clear, as the door says",
            Fail,
            |ifc| {
                put(ifc, D102, "Measured", "ClearWidth", inches(31.0));
            },
        ),
        edit(
            Kind::Overridden,
            "us-ada-2010/accessible-door-clear-width",
            D102,
            "32 in clear, as the door says",
            Pass,
            |ifc| {
                put(ifc, D102, "Measured", "ClearWidth", inches(32.0));
            },
        ),
        edit(
            Kind::Blank,
            "us-ada-2010/accessible-door-clear-width",
            D117,
            "no overall width",
            Undetermined(&["clear_width"]),
            |ifc| {
                let door = ifc.element(D117);
                ifc.step.set(door, 9, "$");
            },
        ),
        edit(
            Kind::JustBeyond,
            "us-ibc-2024/stair-tread-depth",
            FLIGHT_A1,
            "treads of 10.9 in",
            Fail,
            |ifc| {
                step(ifc, FLIGHT_A1, 11, "TreadLength", inches(10.9));
            },
        ),
        edit(
            Kind::Attribute,
            "us-ibc-2024/stair-tread-depth",
            FLIGHT_A1,
            "only the attribute is changed",
            Undetermined(&["tread_depth"]),
            |ifc| {
                let flight = ifc.element(FLIGHT_A1);
                ifc.step.set(flight, 11, "0.9");
            },
        ),
        edit(
            Kind::JustBeyond,
            "us-ibc-2024/guard-height",
            STAIR_GUARD,
            "a guard of 41.9 in",
            Fail,
            |ifc| {
                put(ifc, STAIR_GUARD, RAILING, "Height", inches(41.9));
            },
        ),
        edit(
            Kind::JustBeyond,
            "us-ibc-2024/handrail-height",
            HANDRAIL,
            "a handrail at 38.1 in",
            Fail,
            |ifc| {
                put(ifc, HANDRAIL, RAILING, "Height", inches(38.1));
            },
        ),
        edit(
            Kind::JustBeyond,
            "us-ibc-2024/corridor-ceiling-height",
            CORRIDOR_110,
            "a ceiling at 7 ft 5.9 in",
            Fail,
            |ifc| {
                ceiling(ifc, CORRIDOR_110, feet(7.0) + inches(5.9));
            },
        ),
    ]
}
