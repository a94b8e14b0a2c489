//! Promise: re-checking after edits gives the same report, byte for byte, as checking the edited
//! model from scratch, and asks about fewer rows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::path::Path;

use plancheck_engine::model::{ElementId, Model};
use plancheck_engine::rules::{Edit, Session};
use plancheck_tests::native::{self, NativeModule};
use plancheck_tests::shared::{own_models, shared};
use serde_json::{Value, json};

/// xorshift64*: the same edits on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.below(1001) as f64 / 1000.0
    }
}

const CLASSES: &[&str] = &[
    "IfcDoor",
    "IfcWindow",
    "IfcSpace",
    "IfcStairFlight",
    "IfcRampFlight",
    "IfcRailing",
    "IfcBuildingStorey",
    "IfcBuilding",
    "IfcWall",
    "IfcSlab",
];

fn element(random: &mut Random, model: &Model) -> Option<ElementId> {
    for _ in 0..20 {
        let all = model.of_class(CLASSES[random.below(CLASSES.len())]);
        if !all.is_empty() {
            return Some(*random.pick(&all));
        }
    }
    None
}

fn edit(random: &mut Random, model: &Model, count: usize) -> Option<Value> {
    let target = element(random, model)?;
    let guid = model.global_id(target).into_owned();
    if model.find(&guid) != Some(target) {
        return None; // a doubled GlobalId names another element
    }
    let set = |set: &str, name: &str, value: Value| json!({"op": "set_property", "element": guid, "set": set, "name": name, "value": value});
    let attribute = |name: &str, value: Value| json!({"op": "set_attribute", "element": guid, "name": name, "value": value});
    Some(match random.below(16) {
        0 => attribute("OverallWidth", json!(random.between(0.6, 1.4))),
        1 => attribute("OverallHeight", json!(random.between(1.8, 2.4))),
        2 => attribute("Name", json!(format!("renamed {count}"))),
        3 => attribute(
            "LongName",
            json!(random.pick(&["Corridor", "Office", "Conference", "Storage", "?"])),
        ),
        4 => set("Pset_DoorCommon", "FireExit", json!(random.below(2) == 0)),
        5 => set("", "IsExternal", json!(random.below(2) == 0)),
        6 => set(
            "Qto_SpaceBaseQuantities",
            "NetFloorArea",
            json!(random.between(2.0, 900.0)),
        ),
        7 => set(
            "Pset_SpaceOccupancyRequirements",
            "OccupancyType",
            json!(random.pick(&["B", "A-3", "office", "corridor"])),
        ),
        8 => set(
            "Pset_StairFlightCommon",
            "RiserHeight",
            json!(random.between(0.15, 0.21)),
        ),
        9 => set("", "ClearWidth", json!(random.between(0.7, 1.6))),
        10 => set(
            "Pset_RampFlightCommon",
            "Slope",
            json!(random.between(0.05, 0.13)),
        ),
        11 => set(
            "Pset_BuildingCommon",
            "SprinklerProtection",
            json!(random.below(2) == 0),
        ),
        12 => set("Pset_RailingCommon", "Height", Value::Null),
        // not what holds everything else: the model would soon be empty
        13 if !model.is_a(target, "IfcSpatialStructureElement")
            || model.is_a(target, "IfcSpace") =>
        {
            json!({"op": "remove_element", "element": guid})
        }
        _ => {
            let storeys = model.of_class("IfcBuildingStorey");
            let spaces = model.of_class("IfcSpace");
            let container =
                (!storeys.is_empty()).then(|| model.global_id(*random.pick(&storeys)).into_owned());
            let bounds: Vec<String> = if spaces.is_empty() {
                vec![]
            } else {
                vec![model.global_id(*random.pick(&spaces)).into_owned()]
            };
            let class = *random.pick(&["IfcDoor", "IfcSpace", "IfcRailing", "IfcStairFlight"]);
            json!({
                "op": "add_element", "global_id": format!("added-{count}"), "class": class, "name": "new",
                "container": container,
                "attributes": [["LongName", "Corridor"]],
                "properties": [["", "ClearWidth", 0.9], ["Qto_SpaceBaseQuantities", "NetFloorArea", 30.0]],
                "bounds": if class == "IfcDoor" { bounds } else { vec![] },
            })
        }
    })
}

/// Runs edits in small groups; returns how many were made and the shares of rows asked again.
fn replay(path: &Path, edits: usize, seed: u64, modules: &[NativeModule]) -> usize {
    let bytes = std::fs::read(path).unwrap();
    let mut random = Random(seed);
    let mut session = Session::load(bytes.clone()).unwrap();
    session.use_modules(native::slots(modules));
    let all_rows = native::run(&mut session, modules);
    let mut twin = Session::load(bytes.clone()).unwrap();
    twin.use_modules(native::slots(modules));
    native::run(&mut twin, modules);
    let mut made: Vec<Value> = Vec::new();
    let (mut asked, mut passes) = (0, 0);
    while made.len() < edits && passes < 4 * edits as u64 {
        let mut group = Vec::new();
        for _ in 0..=random.below(3) {
            let Some(one) = edit(&mut random, session.model(), made.len()) else {
                continue;
            };
            let parsed: Edit = serde_json::from_value(one.clone()).unwrap();
            if session.edit(vec![parsed]).is_ok() {
                group.push(one.clone());
                made.push(one);
            }
        }
        asked += native::run(&mut session, modules);
        passes += 1;
        for one in group {
            twin.edit(vec![serde_json::from_value(one).unwrap()])
                .unwrap();
        }
        twin.restart();
        native::run(&mut twin, modules);
        let (incremental, scratch) = (
            session.report().unwrap().to_json(),
            twin.report().unwrap().to_json(),
        );
        if incremental != scratch {
            let first = incremental
                .bytes()
                .zip(scratch.bytes())
                .position(|(a, b)| a != b)
                .unwrap_or(0);
            let around = |s: &str| {
                String::from_utf8_lossy(
                    &s.as_bytes()[first.saturating_sub(300)..(first + 300).min(s.len())],
                )
                .into_owned()
            };
            panic!(
                "{}: after {} edits, last {}\nincremental …{}…\nscratch …{}…",
                path.display(),
                made.len(),
                made.last().unwrap(),
                around(&incremental),
                around(&scratch)
            );
        }
    }
    // and once more from the bytes
    let mut fresh = Session::load(bytes).unwrap();
    for one in &made {
        fresh
            .edit(vec![serde_json::from_value(one.clone()).unwrap()])
            .unwrap();
    }
    fresh.use_modules(native::slots(modules));
    native::run(&mut fresh, modules);
    assert_eq!(
        fresh.report().unwrap().to_json(),
        session.report().unwrap().to_json()
    );
    println!(
        "{}: {} edits, {:.1} % of {} rows asked again on average",
        path.display(),
        made.len(),
        asked as f64 * 100.0 / (passes * all_rows.max(1)) as f64,
        all_rows
    );
    made.len()
}

#[test]
fn own_models_after_random_edits() {
    let modules = native::modules();
    let mut total = 0;
    for (at, path) in own_models().iter().enumerate() {
        total += replay(path, 80, 0x9E37_79B9_7F4A_7C15 ^ at as u64, &modules);
    }
    assert!(total >= 500, "only {total} edits were made");
}

#[test]
fn real_models_after_random_edits() {
    let Some(folder) = shared("real_models_after_random_edits") else {
        return;
    };
    let modules = native::modules();
    let mut total = 0;
    for (at, name) in [
        "georeference-ifc__Duplex_A_20110907_georeferenced.ifc",
        "engine_web-ifc__AC20-FZK-Haus.ifc",
        "XbimEssentials__House.ifc",
        "voxelization_toolkit__demo2.ifc",
        "bim-whale-ifc-samples__LargeBuilding.ifc",
    ]
    .iter()
    .enumerate()
    {
        total += replay(
            &folder.join("data/ifc").join(name),
            210,
            77 + at as u64,
            &modules,
        );
    }
    assert!(total >= 1000, "only {total} edits were made");
}

#[test]
fn a_delta_says_what_changed() {
    let path = plancheck_tests::shared::root().join("demo/office.ifc");
    let modules = native::modules();
    let mut session = Session::load(std::fs::read(path).unwrap()).unwrap();
    session.use_modules(native::slots(&modules));
    native::run(&mut session, &modules);
    let report: Value = serde_json::from_str(&session.report().unwrap().to_json()).unwrap();
    let failing = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["verdict"] == "fail" && f["rule"] == "egress-door-clear-width");
    let failing = failing.expect("the demo has a door that is too narrow");
    let guid = failing["element"]["global_id"].as_str().unwrap();
    let edit = json!({"op": "set_property", "element": guid, "set": "", "name": "ClearWidth", "value": 0.9});
    session
        .edit(vec![serde_json::from_value(edit).unwrap()])
        .unwrap();
    let asked = native::run(&mut session, &modules);
    let delta: Value = serde_json::from_str(session.delta().unwrap().to_json()).unwrap();
    let resolved: Vec<&str> = delta["resolved"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        resolved.contains(&failing["id"].as_str().unwrap()),
        "{delta}"
    );
    assert!(asked < 200, "{asked} rows asked again for one door");
}
