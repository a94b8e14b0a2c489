//! Models that others made, from the shared data: the same defects in files that no part of this
//! repository wrote. Each is first told what kind of building it is, since few say so.

use anyhow::{Context as _, Result};
use plancheck_tests::shared::{files, shared};

use crate::ifc::Ifc;
use crate::mutants::{Kind, Mutant};
use crate::step::{Id, Step, references};
use crate::table::Expect;
use crate::units::{Measure, Units, inches};

/// Files above this are left out: the benchmark checks each several times.
const MAX_BYTES: u64 = 3_000_000;

/// Elements of a class that are mutated in each model.
const EACH: usize = 4;

/// All of them, each with the name of its model.
///
/// # Errors
/// A model cannot be read.
pub fn mutants() -> Result<Vec<(String, Mutant)>> {
    let Some(folder) = shared("mutations of real models") else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for path in files(&folder.join("data/ifc"), &["ifc"]) {
        if std::fs::metadata(&path)?.len() > MAX_BYTES {
            continue;
        }
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let text = String::from_utf8_lossy(&bytes);
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        all.extend(of_model(&text).into_iter().map(|m| (name.clone(), m)));
    }
    Ok(all)
}

fn of_model(text: &str) -> Vec<Mutant> {
    let Some(units) = units(&Step::parse(text)) else {
        return Vec::new();
    };
    let mut ifc = Ifc::new(text, units);
    let Some(building) = of_class(&ifc, "IFCBUILDING").first().copied() else {
        return Vec::new();
    };
    let occupancy = "IFCLABEL('Business')";
    ifc.put(building, "Pset_BuildingCommon", "OccupancyType", occupancy);
    let mut mutants = doors(&ifc);
    mutants.extend(flights(&ifc));
    mutants
}

/// 2010 ADA Standards §404.2.3: 32 in clear. An overall width of 60 cm leaves less, one of 1.2 m more.
fn doors(ifc: &Ifc) -> Vec<Mutant> {
    const OVERALL: usize = 9;
    let swings = |door: &Id| {
        // In IFC2X3 the type says how a door opens.
        let known = ifc.step.argument(*door, 11).to_owned();
        let style = ifc.type_of(*door);
        known.starts_with(".SINGLE_SWING")
            || style.is_some_and(|t| {
                let record = ifc.step.get(t);
                record.is_some_and(|r| r.arguments.iter().any(|a| a.starts_with(".SINGLE_SWING")))
            })
    };
    let doors = of_class(ifc, "IFCDOOR");
    let stated = doors
        .into_iter()
        .filter(|d| ifc.step.argument(*d, OVERALL) != "$");
    let mut mutants = Vec::new();
    for door in stated.filter(swings).take(EACH) {
        for (metres, kind, expect) in [
            (0.60, Kind::FarBeyond, Expect::Fail),
            (1.20, Kind::Sound, Expect::Pass),
        ] {
            let mut changed = ifc.clone();
            let number = ifc.units.number(metres, Measure::Length);
            changed.step.set(door, OVERALL, number);
            // Attribute and quantity say the same: one door cannot have two widths.
            for set in ["BaseQuantities", "Qto_DoorBaseQuantities"] {
                let width = ifc.set(door, set).and_then(|of| ifc.member(of, "Width"));
                if width.is_some() {
                    changed.set_quantity(door, set, "Width", metres, Measure::Length);
                }
            }
            let what = format!("overall width {metres} m");
            let rule = ("us-ada-2010", "accessible-door-clear-width");
            mutants.push(mutant(ifc, &changed, door, rule, kind, what, expect));
        }
    }
    mutants
}

/// IBC 2024 §1011.5.2: 4 to 7 in. Property and attribute say the same.
fn flights(ifc: &Ifc) -> Vec<Mutant> {
    const RISER: usize = 10;
    const SET: &str = "Pset_StairFlightCommon";
    let flights = of_class(ifc, "IFCSTAIRFLIGHT");
    let mut mutants = Vec::new();
    for flight in flights.iter().copied().take(EACH) {
        for (metres, kind, expect) in [
            (inches(7.0), Kind::AtLimit, Expect::Pass),
            (inches(7.0) + 0.001, Kind::JustBeyond, Expect::Fail),
            (0.22, Kind::FarBeyond, Expect::Fail),
            (inches(4.0), Kind::AtLimit, Expect::Pass),
            (0.09, Kind::FarBeyond, Expect::Fail),
        ] {
            let mut changed = ifc.clone();
            let number = ifc.units.number(metres, Measure::Length);
            changed.step.set(flight, RISER, number);
            changed.put_number(flight, SET, "RiserHeight", metres, Measure::Length);
            let what = format!("riser {metres:.4} m");
            let rule = ("us-ibc-2024", "stair-riser-height");
            mutants.push(mutant(ifc, &changed, flight, rule, kind, what, expect));
        }
    }
    mutants
}

fn mutant(
    sound: &Ifc,
    changed: &Ifc,
    element: Id,
    (module, rule): (&'static str, &str),
    kind: Kind,
    what: String,
    expect: Expect,
) -> Mutant {
    let id = |element: Id| {
        sound
            .step
            .argument(element, 0)
            .trim_matches('\'')
            .to_owned()
    };
    // How many exits a storey has, and how wide they are, follows from its doors and stairs.
    let mut may_change = vec![id(element)];
    may_change.extend(of_class(sound, "IFCBUILDINGSTOREY").into_iter().map(id));
    Mutant {
        kind,
        what,
        modules: vec![module],
        rule: format!("{module}/{rule}"),
        element: id(element),
        text: changed.step.text(),
        expect,
        sound: sound.step.text(),
        may_change,
    }
}

fn of_class(ifc: &Ifc, keyword: &str) -> Vec<Id> {
    let all = ifc.step.records().filter(|(_, r)| r.keyword == keyword);
    all.map(|(id, _)| id).collect()
}

/// The unit of length that the file's own assignment names, where it is one of those known here.
fn units(step: &Step) -> Option<Units> {
    let assignment = step
        .records()
        .find(|(_, r)| r.keyword == "IFCUNITASSIGNMENT")?;
    let units = references(assignment.1.arguments.first()?);
    let length = units
        .into_iter()
        .find(|u| step.argument(*u, 1) == ".LENGTHUNIT.")?;
    let record = step.get(length)?;
    match (record.keyword.as_str(), record.arguments.get(2)?.as_str()) {
        ("IFCSIUNIT", "$") => Some(Units::Metres),
        ("IFCSIUNIT", ".MILLI.") => Some(Units::Millimetres),
        ("IFCCONVERSIONBASEDUNIT", name) if name.eq_ignore_ascii_case("'FOOT'") => {
            Some(Units::Feet)
        }
        ("IFCCONVERSIONBASEDUNIT", name) if name.eq_ignore_ascii_case("'INCH'") => {
            Some(Units::Inches)
        }
        _ => None,
    }
}
