//! What a viewer shows of an element: its facts with where they came from or why they are not
//! known, its attributes and properties, and which edits give what.

use std::path::Path;

use plancheck_engine::rules::Session;
use plancheck_engine::rules::details::{DetailedFact, EditTarget, ElementDetails};
use plancheck_tests::native;

const DOOR: &str = "0Door_________________";
const SPACE: &str = "0Space________________";

fn session(name: &str) -> Session {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/models");
    let bytes = std::fs::read(folder.join(name)).expect("a model");
    Session::load(bytes).expect("a model")
}

fn details(session: &Session, id: &str) -> ElementDetails {
    session.element_details(id).expect("an element")
}

fn fact<'d>(details: &'d ElementDetails, path: &str) -> &'d DetailedFact {
    let found = details.facts.iter().find(|fact| fact.fact.path == path);
    found.unwrap_or_else(|| panic!("no fact {path}"))
}

fn edit(session: &mut Session, json: &str) {
    session
        .edit(serde_json::from_str(json).expect("edits"))
        .expect("they can be made");
}

#[test]
fn every_fact_is_known_or_says_why_not() {
    for name in ["units-mm.ifc", "ifc2x3-door-style.ifc", "json-office.json"] {
        let session = session(name);
        let all = session.elements();
        assert!(!all.elements.is_empty(), "{name}");
        for element in &all.elements {
            let details = details(&session, &element.global_id);
            assert_eq!(details.element.global_id, element.global_id);
            assert_eq!(details.element.class, element.class);
            assert!(!details.facts.is_empty());
            for DetailedFact { fact, kind, .. } in &details.facts {
                let is = format!("{name}: {} {}", element.global_id, fact.path);
                assert_ne!(fact.value.is_some(), fact.absent.is_some(), "{is}");
                assert_eq!(fact.value.is_some(), fact.provenance.is_some(), "{is}");
                assert!(["number", "text", "boolean"].contains(kind), "{is}");
            }
        }
    }
    assert!(session("units-mm.ifc").element_details("nobody").is_none());
}

#[test]
fn a_door_shows_its_facts_attributes_and_properties() {
    let session = session("units-mm.ifc");
    let door = details(&session, DOOR);
    assert_eq!(door.subject, Some("door"));
    assert_eq!(door.element.storey.as_deref(), Some("Level 1"));

    let width = fact(&door, "overall_width");
    assert_eq!(width.fact.value.as_deref(), Some("0.914 m"));
    assert_eq!(width.fact.source.as_deref(), Some("OverallWidth"));
    assert_eq!((width.kind, width.unit), ("number", Some("m")));
    let target = EditTarget::SetAttribute {
        name: "OverallWidth",
    };
    assert_eq!(width.edit, Some(target));
    // Only concluded: an edit can state it all the same.
    let target = EditTarget::SetProperty {
        set: "",
        name: "ClearWidth",
    };
    assert_eq!(fact(&door, "clear_width").edit, Some(target));
    assert_eq!(fact(&door, "is_doorway").edit, None);

    let width = door.attributes.iter().find(|a| a.name == "OverallWidth");
    let width = width.expect("the attribute");
    assert_eq!(width.value.value, "0.914 m");
    assert!((width.value.number.expect("a number") - 0.9144).abs() < 1e-12);
    assert_eq!((width.value.unit, width.from), (Some("m"), "occurrence"));
    assert!(door.attributes.iter().all(|a| a.name != "GlobalId"));

    let space = details(&session, SPACE);
    assert_eq!(space.subject, Some("space"));
    let area = space.properties.iter().find(|p| p.name == "NetFloorArea");
    let area = area.expect("the quantity");
    assert_eq!(area.set, "Qto_SpaceBaseQuantities");
    assert_eq!(area.value.value, "27.871 m²");
    assert!(area.quantity && area.editable);
    assert_eq!((area.from, area.record), ("occurrence", Some(38)));
}

#[test]
fn an_edit_shows_as_declared_and_keeps_its_unit() {
    let mut session = session("units-mm.ifc");
    let edits = format!(
        r#"[{{"op":"set_property","element":"{SPACE}","set":"Qto_SpaceBaseQuantities","name":"NetFloorArea","value":30}},
            {{"op":"set_attribute","element":"{DOOR}","name":"OverallWidth","value":0.7}},
            {{"op":"set_property","element":"{DOOR}","set":"","name":"ClearWidth","value":0.6}}]"#
    );
    edit(&mut session, &edits);
    let space = details(&session, SPACE);
    let area = space.properties.iter().find(|p| p.name == "NetFloorArea");
    let area = area.expect("the quantity");
    assert_eq!(area.value.value, "30 m²");
    assert_eq!(area.from, "declared");
    let door = details(&session, DOOR);
    for (path, value) in [("overall_width", "0.7 m"), ("clear_width", "0.6 m")] {
        let fact = &fact(&door, path).fact;
        assert_eq!(fact.value.as_deref(), Some(value));
        assert_eq!(fact.provenance.expect("known").name(), "declared");
    }
    let width = door.attributes.iter().find(|a| a.name == "OverallWidth");
    assert_eq!(width.expect("the attribute").from, "declared");
}

#[test]
fn the_edit_that_a_fact_names_gives_the_fact() {
    let session = session("units-mm.ifc");
    let ids: Vec<String> = [DOOR, SPACE].map(str::to_owned).to_vec();
    for id in ids {
        for wanted in details(&session, &id).facts {
            let Some(target) = wanted.edit else { continue };
            let mut session = self::session("units-mm.ifc");
            let value = match (wanted.kind, wanted.unit) {
                ("boolean", _) => "true",
                ("text", _) => "\"SOMETHING\"",
                (_, Some("s")) => "3600",
                _ => "0.5",
            };
            let target = serde_json::to_value(target).expect("JSON");
            let mut edit: serde_json::Value =
                serde_json::from_str(&format!(r#"{{"value":{value}}}"#)).expect("JSON");
            let object = edit.as_object_mut().expect("an object");
            object.insert("element".to_owned(), id.clone().into());
            object.extend(target.as_object().expect("an object").clone());
            self::edit(&mut session, &serde_json::json!([edit]).to_string());
            let now = details(&session, &id);
            let now = &fact(&now, &wanted.fact.path).fact;
            let declared = now.provenance.is_some_and(|p| p.name() == "declared");
            // A value that is not plausible, or contradicts another, is refused with the reason.
            assert!(
                declared || now.absent.is_some(),
                "{id} {}",
                wanted.fact.path
            );
        }
    }
}

#[test]
fn what_modules_derive_is_shown_too() {
    let modules = native::modules();
    let mut session = session("json-office.json");
    session.use_modules(native::slots(&modules));
    let load = |session: &Session| {
        fact(&details(session, "office"), "occupant_load")
            .fact
            .clone()
    };
    assert!(load(&session).absent.is_some());
    native::run(&mut session, &modules);
    let load = load(&session);
    assert_eq!(load.source.as_deref(), Some("by us-ibc-2024"));
    assert!(load.value.is_some() && !load.from.is_empty());
    let door = details(&session, "door-office");
    assert!(door.facts.iter().all(|f| f.fact.path != "occupant_load"));
}

#[test]
fn the_list_of_all_says_where_each_one_is() {
    let session = session("units-mm.ifc");
    let all = session.elements();
    let door = all.elements.iter().find(|e| e.global_id == DOOR);
    let door = door.expect("the door");
    assert_eq!(door.storey.as_deref(), Some("0Level_1______________"));
    // What it fills an opening of comes after what contains it.
    assert!(door.container.is_some());
    assert_eq!(door.record, Some(50));
    let [storey] = all.storeys.as_slice() else {
        panic!("{:?}", all.storeys)
    };
    assert_eq!(storey.name, "Level 1");
    assert_eq!(storey.elevation, Some(0.0));
    let itself = all.elements.iter().find(|e| e.record == Some(17));
    assert_eq!(itself.expect("the storey").storey, None);

    let json = self::session("json-office.json").elements();
    assert!(
        json.elements
            .iter()
            .any(|e| e.class == "IfcDoor" && e.record.is_none())
    );
}
