//! Stairs, ramps and railings: attributes beside properties, slopes from sizes, kinds of railings.

use super::{Case, attribute, attribute_length, without};
use crate::ifc::global_id;
use crate::mutants::{Kind, Mutant};
use crate::table::Expect::{Fail, NotGoverned, Pass, Undetermined};
use crate::table::length;
use crate::units::{Units, inches};

pub(super) fn mutants() -> Vec<Mutant> {
    [risers(), slopes(), railings()].concat()
}

/// The attribute of a flight beside the property, and alone.
fn risers() -> Vec<Mutant> {
    const SET: &str = "Pset_StairFlightCommon";
    const RISER: usize = 10;
    let mut all = Vec::new();
    for units in Units::ALL {
        let case = Case {
            units,
            ..Case::ibc("stair-riser-height", "Flight").related(&["Upper"])
        };
        let kind = match units {
            Units::Metres => Kind::Attribute,
            _ => Kind::FileUnits,
        };
        let conflict = Undetermined(&["riser_height"]);
        all.push(
            case.mutant(kind, "attribute 200 mm, property 165 mm", conflict, |ifc| {
                attribute_length(ifc, "Flight", RISER, 0.2);
            }),
        );
        all.push(
            case.mutant(kind, "attribute and property agree", Pass, |ifc| {
                attribute_length(ifc, "Flight", RISER, 0.165);
            }),
        );
        for (riser, expect) in [
            (0.170, Pass),
            (inches(7.0), Pass),
            (0.180, Fail),
            (0.090, Fail),
        ] {
            all.push(case.mutant(
                kind,
                &format!("only the attribute, {riser}"),
                expect,
                |ifc| {
                    without(ifc, "Flight", SET, "RiserHeight");
                    attribute_length(ifc, "Flight", RISER, riser);
                },
            ));
        }
    }
    all
}

/// Rise over run, where no slope is stated.
fn slopes() -> Vec<Mutant> {
    const SET: &str = "Pset_RampFlightCommon";
    let ibc = Case::ibc("ramp-slope", "Ramp");
    let ada = Case {
        modules: &["us-ada-2010"],
        ..Case::ibc("accessible-ramp-slope", "Ramp")
    };
    let mut all = Vec::new();
    for (case, run, expect) in [
        (&ibc, 5.0, Pass),
        (&ibc, 3.0, Pass),
        (&ibc, 2.5, Undetermined(&[])),
        (&ibc, 1.5, Fail),
        (&ada, 3.0, Pass),
        (&ada, 2.9, Fail),
    ] {
        all.push(case.mutant(
            Kind::Geometry,
            &format!("rise 0.25, run {run}"),
            expect,
            |ifc| {
                without(ifc, "Ramp", SET, "Slope");
                length(ifc, "Ramp", "Sizes", "Run", run);
            },
        ));
    }
    all
}

/// §1015.3 is about guards, §1014.2 about handrails.
fn railings() -> Vec<Mutant> {
    const KIND: usize = 8;
    let guard = Case::ibc("guard-height", "Guard");
    let handrail = Case::ibc("handrail-height", "Handrail");
    let low = |kind: &'static str, expect| {
        guard.mutant(Kind::Renamed, &format!("{kind} of 0.9 m"), expect, |ifc| {
            attribute(ifc, "Guard", KIND, kind);
            length(ifc, "Guard", "Pset_RailingCommon", "Height", 0.9);
        })
    };
    vec![
        low(".GUARDRAIL.", Fail),
        low(".BALUSTRADE.", Fail),
        low(".HANDRAIL.", NotGoverned),
        low("$", Undetermined(&["kind"])),
        handrail.mutant(
            Kind::Renamed,
            "a handrail called a guard",
            NotGoverned,
            |ifc| {
                attribute(ifc, "Handrail", KIND, ".GUARDRAIL.");
                length(ifc, "Handrail", "Pset_RailingCommon", "Height", 1.2);
            },
        ),
        handrail.mutant(
            Kind::Renamed,
            "of unknown kind",
            Undetermined(&["kind"]),
            |ifc| {
                attribute(ifc, "Handrail", KIND, "$");
            },
        ),
        handrail.mutant(
            Kind::Ungoverned,
            "a wall of the height of a fence",
            Pass,
            |ifc| {
                let wall = ifc.element(&global_id("Wall"));
                ifc.put(
                    wall,
                    "Pset_RailingCommon",
                    "Height",
                    "IFCLENGTHMEASURE(0.5)",
                );
            },
        ),
    ]
}
