//! Edits lie over the file.

use super::*;
use crate::model::{EditValue, ModelError, NewElement, Origin};

const HOUSE: &str = "
    #20=IFCBUILDINGSTOREY('storey',$,'S',$,$,$,$,$,.ELEMENT.,0.);
    #21=IFCSPACE('space',$,'1',$,$,$,$,$,.ELEMENT.,$,$);
    #22=IFCWALL('wall',$,$,$,$,$,$,$,$);#23=IFCOPENINGELEMENT('opening',$,$,$,$,$,$,$,$);
    #24=IFCDOOR('door',$,'D',$,$,$,$,$,2.1,0.9,$,$,$);
    #30=IFCRELAGGREGATES('a',$,$,$,#20,(#21));
    #31=IFCRELCONTAINEDINSPATIALSTRUCTURE('b',$,$,$,(#22,#24),#20);
    #32=IFCRELVOIDSELEMENT('c',$,$,$,#22,#23);#33=IFCRELFILLSELEMENT('d',$,$,$,#23,#24);
    #34=IFCRELSPACEBOUNDARY('e',$,$,$,#21,#24,$,.PHYSICAL.,.INTERNAL.);
    #40=IFCPROPERTYSINGLEVALUE('Width',$,IFCLENGTHMEASURE(0.8),$);
    #41=IFCPROPERTYSET('f',$,'Set',$,(#40));#42=IFCPROPERTYSET('g',$,'Other',$,(#40));
    #43=IFCRELDEFINESBYPROPERTIES('h',$,$,$,(#24),#41);#44=IFCRELDEFINESBYPROPERTIES('i',$,$,$,(#24),#42);";

fn house() -> Model {
    load(&ifc("IFC4", HOUSE))
}

#[test]
fn setting_and_deleting_properties() {
    let mut model = house();
    let e = id(&model, "door");
    model.set_property(e, "Set", "Width", Some(EditValue::Number(1.2)));
    let reading = model.property(e, "set", "width").expect("set");
    assert_eq!(reading.value, Value::Number(1.2));
    assert_eq!(reading.origin, Origin::Declared);
    assert_eq!(
        reading.dimension,
        Some(plancheck_contract::Dimension::Length),
        "kept"
    );
    assert_eq!(number(model.property(e, "Other", "Width")), Some(0.8));
    model.set_property(e, "Set", "Width", None);
    assert_eq!(model.property(e, "Set", "Width"), None);
    assert_eq!(
        number(model.property(e, "", "Width")),
        Some(0.8),
        "the other set still has it"
    );
    model.set_property(e, "", "Width", None);
    assert_eq!(model.property(e, "", "Width"), None, "deleted in every set");
    model.set_property(e, "New", "Flag", Some(EditValue::Boolean(true)));
    let sets = model.property_sets(e);
    let names: Vec<&str> = sets.iter().map(|set| set.name.as_str()).collect();
    assert_eq!(names, ["Set", "Other", "New"]);
    assert!(sets[0].entries.is_empty() && sets[2].entries.len() == 1);
    model.set_property(e, "New", "Flag", Some(EditValue::Number(f64::NAN)));
    assert_eq!(
        model.property(e, "New", "Flag"),
        None,
        "no value is not a number"
    );
}

#[test]
fn setting_attributes() {
    let mut model = house();
    let e = id(&model, "door");
    model.set_attribute(e, "OverallWidth", Some(EditValue::Number(1.0)));
    model.set_attribute(e, "Name", Some(EditValue::Text("Main".into())));
    model.set_attribute(e, "GlobalId", Some(EditValue::Text("other".into())));
    let width = model.attribute(e, "OverallWidth").expect("set");
    assert_eq!(width.dimension, Some(plancheck_contract::Dimension::Length));
    assert_eq!(number(Some(width)), Some(1.0));
    assert_eq!(model.element_name(e).as_deref(), Some("Main"));
    assert_eq!(model.global_id(e), "door");
    model.set_attribute(e, "Name", None);
    assert_eq!(model.element_name(e), None);
}

#[test]
fn attributes_that_no_element_has_are_refused() {
    let model = house();
    let (door, space) = (id(&model, "door"), id(&model, "space"));
    let said = |e, name| model.check_attribute(e, name).map_err(|e| e.to_string());
    for (e, name) in [
        (door, "OverallWidth"),
        (door, "Name"),
        // Of IFC2X3, and of other elements: facts ask for them.
        (door, "NumberOfRiser"),
        (space, "Tag"),
    ] {
        assert_eq!(said(e, name), Ok(()), "{name}");
    }
    let refused = |suggestion: &str| Err(format!("IFC has no attribute {suggestion}"));
    assert_eq!(
        said(door, "OverallWidht"),
        refused("\"OverallWidht\" of IfcDoor; did you mean OverallWidth?")
    );
    assert_eq!(
        said(door, "overallwidth"),
        refused("\"overallwidth\" of IfcDoor; did you mean OverallWidth?")
    );
    assert_eq!(
        said(space, "Fire rating"),
        refused("\"Fire rating\" of IfcSpace; give its IFC name, such as OverallWidth")
    );
    assert_eq!(
        model.check_attribute(door, "GlobalId"),
        Err(ModelError::GlobalIdStays)
    );
    let json = load(r#"{"building_id":"b","objects":[{"object_id":"d","object_type":"door"}]}"#);
    assert_eq!(json.check_attribute(id(&json, "d"), "width"), Ok(()));
}

#[test]
fn adding_elements() {
    let mut model = house();
    let (storey, space) = (id(&model, "storey"), id(&model, "space"));
    let e = model
        .add_element(NewElement {
            global_id: "new".into(),
            class: "IfcDoor".into(),
            name: Some("N".into()),
            container: Some(storey),
            properties: vec![("Set".into(), "Width".into(), EditValue::Number(0.7))],
            attributes: vec![("OverallWidth".into(), EditValue::Number(0.75))],
            bounds: vec![space],
        })
        .expect("added");
    assert_eq!(model.find("new"), Some(e));
    assert_eq!(ids(&model, &model.of_class("IfcDoor")), "door new");
    assert_eq!(ids(&model, &model.within(storey, "IfcDoor")), "door new");
    assert_eq!(model.storey(e), Some(storey));
    assert_eq!(ids(&model, model.bounded_spaces(e)), "space");
    assert_eq!(ids(&model, model.space_boundaries(space)), "door new");
    assert_eq!(number(model.property(e, "", "Width")), Some(0.7));
    assert_eq!(number(model.attribute(e, "OverallWidth")), Some(0.75));
    assert_eq!(model.record_number(e), None);
    let refused = |class: &str, id: &str, container| {
        let new = NewElement {
            global_id: id.into(),
            class: class.into(),
            container,
            ..NewElement::default()
        };
        house().add_element(new).map_err(|e| e.code()).err()
    };
    assert_eq!(
        refused("IfcDoorType", "x", None),
        Some("model.not-an-element-class")
    );
    assert_eq!(
        refused("IfcDoor", "door", None),
        Some("model.global-id-taken")
    );
    assert_eq!(
        refused("IfcDoor", "x", Some(ElementId(77))),
        Some("model.no-such-element")
    );
    let misspelt = NewElement {
        global_id: "x".into(),
        class: "IfcDoor".into(),
        attributes: vec![("OverallWidht".into(), EditValue::Number(0.75))],
        ..NewElement::default()
    };
    assert!(matches!(
        house().add_element(misspelt),
        Err(ModelError::NoSuchAttribute {
            suggestion: Some("OverallWidth"),
            ..
        })
    ));
    assert!(matches!(
        model.add_element(NewElement::default()),
        Err(ModelError::NotAnElementClass { .. })
    ));
}

#[test]
fn removing_elements() {
    let mut model = house();
    let at = |name| id(&house(), name);
    model.remove_element(at("wall"));
    assert!(
        !model.is_live(at("wall")) && !model.is_live(at("opening")),
        "its openings go too"
    );
    assert!(model.is_live(at("door")));
    assert_eq!(model.fills(at("door")), None);
    assert_eq!(
        model.storey(at("door")),
        Some(at("storey")),
        "contained there itself"
    );
    assert_eq!(model.find("wall"), None);
    assert_eq!(
        ids(&model, &model.within(at("storey"), "IfcElement")),
        "door"
    );
    model.remove_element(at("storey"));
    assert!(!model.is_live(at("space")), "its parts go too");
    assert_eq!(model.storey(at("door")), None);
    assert!(model.bounded_spaces(at("door")).is_empty());
    let left: Vec<ElementId> = model.elements().collect();
    assert_eq!(ids(&model, &left), "project door");
}

#[test]
fn the_digest_follows_what_edits_amount_to() {
    let (first, e) = (house().digest(), id(&house(), "door"));
    assert_eq!(
        first,
        *blake3::hash(ifc("IFC4", HOUSE).as_bytes()).as_bytes()
    );
    let edited = |edits: &[(&str, f64)]| {
        let mut model = house();
        for (name, value) in edits {
            model.set_property(e, "Set", name, Some(EditValue::Number(*value)));
        }
        model.digest()
    };
    assert_eq!(
        edited(&[("A", 1.0), ("B", 2.0)]),
        edited(&[("B", 3.0), ("A", 1.0), ("B", 2.0)])
    );
    assert_ne!(edited(&[("A", 1.0)]), first);
    assert_ne!(edited(&[("A", 1.0)]), edited(&[("A", 2.0)]));
    let mut removed = house();
    removed.remove_element(e);
    assert_ne!(removed.digest(), first);
}
