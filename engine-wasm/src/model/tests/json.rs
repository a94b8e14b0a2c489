//! The JSON object model.

use super::*;
use crate::model::{ModelError, Origin};

const HOUSE: &str = r#"{
  "building_id": "B", "building_name": "House",
  "metadata": {"location": {"country": "us"}, "sprinklered": true},
  "objects": [
    {"object_id": "L1", "object_type": "level", "properties": {"name": "Ground"}},
    {"object_id": "r", "object_type": "room", "properties": {"area": 20, "level": "Ground"}, "connections": ["d"]},
    {"object_id": "c", "object_type": "Corridor", "properties": {"storey": "L1"}, "connections": ["d", "gone"]},
    {"object_id": "d", "object_type": "door",
     "properties": {"clear_width": 0.815, "FireExit": false, "Pset_DoorCommon": {"FireRating": "EI 30", "deep": {"er": 1}}},
     "location": {"x": 1, "y": 2, "z": 0, "width": 0.9, "height": 2.1}, "connections": ["L1"]},
    {"object_id": 7, "object_type": "electrical outlet", "connections": ["r"]},
    {"object_id": "s", "object_type": "stair_flight", "properties": null, "location": null},
    {"object_id": "w", "object_type": "wobbly thing", "properties": {"list": [3, 3.0, null], "several": [0.9, 0.6], "words": ["a", 1, {}, [2], 5], "nothing": null}}
  ]}"#;

#[test]
fn objects_become_elements() {
    let model = load(HOUSE);
    let classes: Vec<String> = model
        .elements()
        .map(|e| format!("{}:{}", model.global_id(e), model.class_name(e)))
        .collect();
    assert_eq!(
        classes.join(" "),
        "B:IfcBuilding L1:IfcBuildingStorey r:IfcSpace c:IfcSpace d:IfcDoor 7:IfcOutlet \
         s:IfcStairFlight w:IfcBuildingElementProxy"
    );
    assert_eq!(
        (model.source_format(), model.name().as_deref()),
        ("json", Some("House"))
    );
    assert_eq!(
        model.object_type(id(&model, "w")).as_deref(),
        Some("wobbly thing")
    );
    assert_eq!(
        model.predefined_type(id(&model, "c")).as_deref(),
        Some("corridor")
    );
    assert_eq!(
        model.element_name(id(&model, "L1")).as_deref(),
        Some("Ground")
    );
}

#[test]
fn values_stay_as_they_are() {
    let model = load(HOUSE);
    let d = id(&model, "d");
    let width = model
        .property(d, "Pset_DoorCommon", "clear_width")
        .expect("in no set: any set");
    assert_eq!(
        (width.value, width.origin),
        (Value::Number(0.815), Origin::Json)
    );
    assert_eq!(number(model.property(d, "location", "width")), Some(0.9));
    assert_eq!(
        text(model.property(d, "pset_doorcommon", "firerating")).as_deref(),
        Some("EI 30")
    );
    assert_eq!(number(model.property(d, "", "deep.er")), Some(1.0));
    assert_eq!(model.property(d, "Pset_Other", "FireRating"), None);
    assert_eq!(number(model.attribute(d, "clear_width")), Some(0.815));
    assert_eq!(model.attribute(d, "FireRating"), None, "in a set");
    assert_eq!(
        number(model.quantity(id(&model, "r"), "", "area")),
        Some(20.0)
    );
    assert_eq!(
        number(model.property(id(&model, "w"), "", "list")),
        Some(3.0)
    );
    for (name, why) in [
        ("several", "several values are listed: 0.9, 0.6"),
        (
            "words",
            "several values are listed: a, 1, an object, a list, …",
        ),
    ] {
        assert_eq!(
            model.property(id(&model, "w"), "", name).map(|r| r.value),
            Some(Value::Unusable(why.to_owned()))
        );
    }
    let building = id(&model, "B");
    assert_eq!(
        text(model.property(building, "metadata", "location.country")).as_deref(),
        Some("us")
    );
}

#[test]
fn connections_mean_what_they_connect() {
    let model = load(HOUSE);
    let at = |name: &str| id(&model, name);
    assert_eq!(ids(&model, model.bounded_spaces(at("d"))), "r c");
    assert_eq!(ids(&model, model.space_boundaries(at("r"))), "d");
    for inside in ["r", "c", "d", "7"] {
        assert_eq!(model.storey(at(inside)), model.find("L1"), "{inside}");
    }
    assert_eq!(model.container(at("7")), model.find("r"));
    assert_eq!(model.building(at("w")), model.find("B"));
    assert_eq!(ids(&model, &model.within(at("L1"), "IfcOutlet")), "7");
    assert_eq!(codes(&model), ["json.unknown-connection"]);
}

#[test]
fn errors_name_the_place() {
    for (text, pointer) in [
        (r#"{"objects": {}}"#, "/objects"),
        (r#"{"objects": [3]}"#, "/objects/0"),
        (
            r#"{"objects": [{"object_type": "door"}]}"#,
            "/objects/0/object_id",
        ),
        (
            r#"{"objects": [{"object_id": "a"}]}"#,
            "/objects/0/object_type",
        ),
        (
            r#"{"objects": [{"object_id": "a", "object_type": "door", "connections": [{}]}]}"#,
            "/objects/0/connections/0",
        ),
        (
            r#"{"objects": [{"object_id": "a", "object_type": "door", "properties": 1}]}"#,
            "/objects/0/properties",
        ),
        (r#"{"building_name": [], "objects": []}"#, "/building_name"),
    ] {
        match Model::load(text.as_bytes().to_vec()) {
            Err(ModelError::JsonModel { pointer: found, .. }) => {
                assert_eq!(found, pointer, "{text}")
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    let deep = format!(
        r#"{{"objects": [{{"object_id": "a", "object_type": "door", "properties": {}1{}}}]}}"#,
        r#"{"a": "#.repeat(12),
        "}".repeat(12)
    );
    let found = Model::load(deep.into_bytes()).map_err(|e| e.code()).err();
    assert_eq!(found, Some("model.json"));
}

#[test]
fn an_own_building_object_is_the_building() {
    let model = load(
        r#"{"building_id": "B", "objects": [
            {"object_id": "x", "object_type": "building", "properties": {"height": 12.5}},
            {"object_id": "d", "object_type": "door"}, {"object_id": "d", "object_type": "wall"}]}"#,
    );
    assert_eq!(ids(&model, &model.of_class("IfcBuilding")), "x");
    assert_eq!(model.building(id(&model, "d")), model.find("x"));
    assert_eq!(codes(&model), ["model.duplicate-global-id"]);
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let doubled = [
        (
            r#"{"objects": [], "building_id": "b", "objects": []}"#,
            "objects",
        ),
        (
            r#"{"objects": [{"object_id": "a", "object_type": "door",
                "properties": {"width": 0.9, "width": 0.7}}]}"#,
            "width",
        ),
    ];
    for (text, wanted) in doubled {
        match Model::load(text.as_bytes().to_vec()) {
            Err(ModelError::JsonDoubledKey { key, line, .. }) => {
                assert_eq!((key.as_str(), line), (wanted, text.lines().count()));
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    for (text, code) in [
        (r#"{"objects": []} x"#, "model.json-syntax"),
        (r#"{"objects": [1e999]}"#, "model.json-syntax"),
        (r#"{"objects": [}"#, "model.json-syntax"),
    ] {
        let found = Model::load(text.as_bytes().to_vec())
            .map_err(|e| e.code())
            .err();
        assert_eq!(found, Some(code), "{text}");
    }
    let nested = format!("{{\"objects\": {}{}}}", "[".repeat(5000), "]".repeat(5000));
    let found = Model::load(nested.into_bytes()).map_err(|e| e.code()).err();
    assert_eq!(found, Some("model.json-syntax"));
}
