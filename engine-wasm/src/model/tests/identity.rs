//! Which elements there are, and how they are found.

use super::*;
use crate::model::{ModelError, Schema};

#[test]
fn elements_are_in_file_order_and_neither_types_nor_relations() {
    let model = load(&ifc(
        "IFC4",
        "#90=IFCWALL('wall',$,'W',$,$,$,$,$,$);#20=IFCDOORTYPE('type',$,$,$,$,$,$,$,$,.DOOR.,.NOTDEFINED.,$,$);
         #21=IFCDOOR('door',$,$,$,$,$,$,$,$,$,$,$,$);#22=IFCGROUP('group',$,$,$,$);
         #23=IFCRELAGGREGATES('rel',$,$,$,#1,(#21));#24=IFCSLAB('slab',$,$,$,$,$,$,$,$);",
    ));
    let all: Vec<ElementId> = model.elements().collect();
    assert_eq!(ids(&model, &all), "project wall door group slab");
    assert_eq!(ids(&model, &model.of_class("IfcElement")), "wall door slab");
    assert_eq!(ids(&model, &model.of_class("ifcdoor")), "door");
    assert!(model.of_class("IfcNothing").is_empty());
    assert_eq!(model.class_name(id(&model, "slab")), "IfcSlab");
    assert!(model.is_a(id(&model, "slab"), "IfcProduct"));
    assert!(!model.is_a(id(&model, "slab"), "IfcWall"));
    assert_eq!(model.record_number(id(&model, "wall")), Some(90));
    assert_eq!(model.element_name(id(&model, "wall")).as_deref(), Some("W"));
    assert_eq!(model.element_name(id(&model, "slab")), None);
    assert_eq!(model.name().as_deref(), Some("Test project"));
    assert_eq!(
        (model.schema(), model.source_format()),
        (Schema::Ifc4, "ifc")
    );
    assert_eq!(model.find("type"), None);
    assert!(!model.is_live(ElementId(99)));
    assert_eq!(model.global_id(ElementId(99)), "");
}

#[test]
fn class_names_of_other_schemas_work() {
    let outlet = "#20=IFCFLOWTERMINAL('outlet',$,$,$,$,$,$,$);#21=IFCFLOWTERMINAL('lamp',$,$,$,$,$,$,$);
        #22=IFCOUTLETTYPE('t',$,$,$,$,$,$,$,$,.POWEROUTLET.);#23=IFCRELDEFINESBYTYPE('r',$,$,$,(#20),#22);
        #24=IFCWALL('wall',$,$,$,$,$,$,$);";
    let model = load(&ifc("IFC2X3", outlet));
    assert_eq!(ids(&model, &model.of_class("IfcOutlet")), "outlet");
    assert!(
        model.is_a(id(&model, "outlet"), "IfcOutlet")
            && !model.is_a(id(&model, "lamp"), "IfcOutlet")
    );
    assert_eq!(
        model.predefined_type(id(&model, "outlet")).as_deref(),
        Some("POWEROUTLET")
    );
    assert_eq!(ids(&model, &model.of_class("IfcBuiltElement")), "wall");

    // A class that this schema lacks is read as its nearest ancestor.
    let model = load(&ifc(
        "IFC4X3_ADD2",
        "#20=IFCDOORSTANDARDCASE('door',$,$,$,$,$,$,$,2.,1.,$,$,$);",
    ));
    assert_eq!(ids(&model, &model.of_class("IfcDoor")), "door");
    close(
        number(model.attribute(id(&model, "door"), "OverallWidth")),
        1.0,
    );
    assert!(codes(&model).contains(&"model.unknown-class"));
}

#[test]
fn duplicate_global_ids_are_said_and_the_first_wins() {
    let model = load(&ifc(
        "IFC4",
        "#20=IFCWALL('same',$,'first',$,$,$,$,$,$);#21=IFCWALL('same',$,'second',$,$,$,$,$,$);",
    ));
    assert_eq!(codes(&model), ["model.duplicate-global-id"]);
    assert_eq!(
        model.element_name(id(&model, "same")).as_deref(),
        Some("first")
    );
    assert_eq!(model.of_class("IfcWall").len(), 2);
}

#[test]
fn what_is_no_model_is_a_typed_error() {
    for (bytes, code) in [
        (&b""[..], "step.empty"),
        (b"%PDF-1.7", "step.not-step"),
        (b"{", "model.json-syntax"),
        (b" \n{\"objects\":3}", "model.json"),
    ] {
        assert_eq!(
            Model::load(bytes.to_vec()).map_err(|e| e.code()).err(),
            Some(code)
        );
    }
    let deep = format!("{{\"objects\":{}", "[".repeat(100_000));
    assert!(matches!(
        Model::load(deep.into_bytes()),
        Err(ModelError::JsonSyntax { .. })
    ));
}
