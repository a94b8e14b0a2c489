//! Property sets: occurrence and type, kinds of values, absent values.

use super::*;
use crate::model::Origin;

/// A door with a style (IFC2X3), each with sets.
fn door() -> Model {
    load(&ifc(
        "IFC2X3",
        "#30=IFCDOOR('door',$,'D1',$,$,$,$,$,2.1,0.9);
         #31=IFCDOORSTYLE('style',$,'Single',$,$,(#43,#60,#61),$,$,.SINGLE_SWING_LEFT.,.WOOD.,.F.,.F.);
         #32=IFCRELDEFINESBYTYPE('r1',$,$,$,(#30),#31);
         #33=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('EI 60'),$);
         #34=IFCPROPERTYSINGLEVALUE('FireExit',$,IFCBOOLEAN(.T.),$);
         #35=IFCPROPERTYSINGLEVALUE('SelfClosing',$,IFCLOGICAL(.U.),$);
         #36=IFCPROPERTYSINGLEVALUE('Infiltration',$,$,$);
         #37=IFCPROPERTYSET('s1',$,'Pset_DoorCommon',$,(#33,#34,#35,#36));
         #38=IFCRELDEFINESBYPROPERTIES('r2',$,$,$,(#30),#37);
         #40=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('EI 30'),$);
         #41=IFCPROPERTYSINGLEVALUE('AcousticRating',$,IFCLABEL('R\\\\X2\\\\00E4\\\\X0\\\\'),$);
         #42=IFCPROPERTYSINGLEVALUE('Infiltration',$,IFCREAL(0.5),$);
         #43=IFCPROPERTYSET('s2',$,'Pset_DoorCommon',$,(#40,#41,#42));
         #60=IFCDOORLININGPROPERTIES('s3',$,'Lining',$,$,0.05,$,$,$,$,$,$,$,$,$);
         #61=IFCDOORPANELPROPERTIES('s4',$,$,$,0.04,.SWINGING.,0.9,.MIDDLE.,$);"
            .replace("\\\\", "\\")
            .as_str(),
    ))
}

#[test]
fn occurrence_and_type_are_merged_by_property() {
    let model = door();
    let e = id(&model, "door");
    let rating = model
        .property(e, "Pset_DoorCommon", "FireRating")
        .expect("rating");
    assert_eq!(rating.value, Value::Text("EI 60".into()));
    assert_eq!(
        rating.origin,
        Origin::Property {
            record: 33,
            on_type: false
        }
    );
    let acoustic = model
        .property(e, "pset_doorcommon", "ACOUSTICRATING")
        .expect("acoustic");
    assert_eq!(acoustic.value, Value::Text("Rä".into()));
    assert_eq!(
        acoustic.origin,
        Origin::Property {
            record: 41,
            on_type: true
        }
    );
    // Nothing written on the occurrence does not hide the type's value.
    close(number(model.property(e, "", "Infiltration")), 0.5);
    assert_eq!(
        model.property(e, "", "FireExit").map(|r| r.value),
        Some(Value::Boolean(true)),
        "in any set"
    );
    assert_eq!(
        model.property(e, "", "SelfClosing"),
        None,
        "an unknown logical is absent"
    );
    assert_eq!(model.property(e, "Pset_Other", "FireRating"), None);
}

#[test]
fn the_attributes_of_lining_and_panel_are_properties() {
    let model = door();
    let e = id(&model, "door");
    close(
        number(model.property(e, "IfcDoorLiningProperties", "LiningThickness")),
        0.05,
    );
    close(number(model.property(e, "Lining", "LiningThickness")), 0.05);
    close(
        number(model.property(e, "IfcDoorPanelProperties", "PanelDepth")),
        0.04,
    );
    assert_eq!(
        text(model.property(e, "IfcDoorPanelProperties", "PanelOperation")).as_deref(),
        Some("SWINGING")
    );
    assert_eq!(
        model.property(e, "IfcDoorLiningProperties", "CasingDepth"),
        None
    );
}

#[test]
fn the_door_style_of_ifc2x3_is_the_type() {
    let model = door();
    let e = id(&model, "door");
    assert_eq!(model.type_record(e), Some(31));
    assert_eq!(model.type_name(e).as_deref(), Some("Single"));
    let operation = model.type_attribute(e, "OperationType");
    assert_eq!(
        operation.as_ref().map(|r| r.origin),
        Some(Origin::Attribute { record: 31 })
    );
    assert_eq!(text(operation).as_deref(), Some("SINGLE_SWING_LEFT"));
}

#[test]
fn the_listing_leaves_out_what_the_occurrence_overrides() {
    let model = door();
    let shown: Vec<String> = model
        .property_sets(id(&model, "door"))
        .iter()
        .map(|set| {
            let names: Vec<&str> = set
                .entries
                .iter()
                .map(|entry| entry.name.as_str())
                .collect();
            format!(
                "{}{}: {}",
                set.name,
                if set.on_type { "*" } else { "" },
                names.join(",")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "Pset_DoorCommon: FireRating,FireExit,SelfClosing,Infiltration",
            "Pset_DoorCommon*: AcousticRating,Infiltration",
            "IfcDoorLiningProperties*: LiningThickness",
            "IfcDoorPanelProperties*: PanelDepth,PanelOperation,PanelWidth,PanelPosition",
        ]
    );
}

#[test]
fn every_kind_of_property_value() {
    let model = load(&ifc(
        "IFC4",
        "#30=IFCSPACE('space',$,$,$,$,$,$,$,.ELEMENT.,$,$);
         #31=IFCPROPERTYENUMERATEDVALUE('Enumerated',$,(IFCLABEL('ONE'),IFCLABEL('TWO')),$);
         #32=IFCPROPERTYBOUNDEDVALUE('Bounded',$,IFCREAL(9.),IFCREAL(1.),$,IFCREAL(5.));
         #33=IFCPROPERTYBOUNDEDVALUE('Open',$,IFCREAL(9.),IFCREAL(1.),$,$);
         #34=IFCPROPERTYLISTVALUE('List',$,(IFCINTEGER(7),IFCINTEGER(8)),$);
         #35=IFCPROPERTYSINGLEVALUE('Broken',$,IFCREAL(1.E999),$);
         #36=IFCCOMPLEXPROPERTY('Complex',$,'x',(#34));
         #37=IFCPROPERTYSINGLEVALUE('Integer',$,IFCINTEGER(12),$);
         #41=IFCPROPERTYLISTVALUE('Same',$,(IFCINTEGER(7),IFCINTEGER(7)),$);
         #42=IFCPROPERTYBOUNDEDVALUE('Point',$,$,$,$,IFCREAL(5.));
         #43=IFCPROPERTYBOUNDEDVALUE('Least',$,$,IFCREAL(1.),$,IFCREAL(5.));
         #38=IFCPROPERTYSET('s1',$,'Set',$,(#31,#32,#33,#34,#35,#36,#37,#999,#30,#41,#42,#43));
         #39=IFCRELDEFINESBYPROPERTIES('r2',$,$,$,(#30),IFCPROPERTYSETDEFINITIONSET((#38)));",
    ));
    let e = id(&model, "space");
    let value = |name| model.property(e, "Set", name).map(|r| r.value);
    let unusable = |name| match value(name) {
        Some(Value::Unusable(why)) => why,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(
        unusable("Enumerated"),
        "several values are listed: ONE, TWO"
    );
    assert_eq!(unusable("List"), "several values are listed: 7, 8");
    assert_eq!(value("Same"), Some(Value::Number(7.0)));
    assert_eq!(value("Bounded"), Some(Value::Range(1.0, 9.0)));
    assert_eq!(value("Open"), Some(Value::Range(1.0, 9.0)));
    assert_eq!(value("Point"), Some(Value::Number(5.0)));
    assert_eq!(unusable("Least"), "only a lower bound is given: 1");
    close(number(model.property(e, "Set", "Integer")), 12.0);
    for absent in ["Broken", "Complex", "No such"] {
        assert_eq!(model.property(e, "Set", absent), None, "{absent}");
    }
}

#[test]
fn sets_that_contradict_each_other_say_nothing() {
    let model = load(&ifc(
        "IFC4",
        "#30=IFCDOOR('door',$,$,$,$,$,$,$,2.1,0.9,.DOOR.,.SINGLE_SWING_LEFT.,$);
         #31=IFCPROPERTYSINGLEVALUE('Width',$,IFCLENGTHMEASURE(0.9),$);
         #32=IFCPROPERTYSINGLEVALUE('Width',$,IFCLENGTHMEASURE(0.8),$);
         #33=IFCPROPERTYSINGLEVALUE('Height',$,IFCLENGTHMEASURE(2.1),$);
         #34=IFCPROPERTYSINGLEVALUE('Height',$,IFCLENGTHMEASURE(2.1000001),$);
         #35=IFCPROPERTYSET('s1',$,'One',$,(#31,#33));
         #36=IFCPROPERTYSET('s2',$,'Two',$,(#32,#34));
         #37=IFCRELDEFINESBYPROPERTIES('r1',$,$,$,(#30),#35);
         #38=IFCRELDEFINESBYPROPERTIES('r2',$,$,$,(#30),#36);
         #39=IFCDOORTYPE('t',$,$,$,$,(#41),$,$,$,.DOOR.,.SINGLE_SWING_LEFT.,$,$);
         #40=IFCPROPERTYSINGLEVALUE('Height',$,IFCLENGTHMEASURE(2.5),$);
         #41=IFCPROPERTYSET('s3',$,'Three',$,(#40));
         #42=IFCRELDEFINESBYTYPE('r3',$,$,$,(#30),#39);",
    ));
    let e = id(&model, "door");
    assert_eq!(
        model.property(e, "", "Width").map(|r| r.value),
        Some(Value::Unusable(
            "in conflict: One says 0.9 m, Two says 0.8 m".to_owned()
        ))
    );
    // One set alone is asked, sets agree but for rounding, the occurrence wins over the type.
    close(number(model.property(e, "Two", "Width")), 0.8);
    close(number(model.property(e, "", "Height")), 2.1);
}

#[test]
fn what_is_stated_ever_so_often_is_not_read() {
    let model = |times: usize| {
        let sets: String = (0..times)
            .map(|n| {
                let (set, relation) = (100 + n, 1000 + n);
                format!(
                    "#{set}=IFCPROPERTYSET('s{n}',$,'Set {n}',$,(#31));
                     #{relation}=IFCRELDEFINESBYPROPERTIES('r{n}',$,$,$,(#30),#{set});"
                )
            })
            .collect();
        let door = "#30=IFCDOOR('door',$,$,$,$,$,$,$,2.1,0.9,.DOOR.,.SINGLE_SWING_LEFT.,$);
                    #31=IFCPROPERTYSINGLEVALUE('Width',$,IFCLENGTHMEASURE(0.9),$);";
        load(&ifc("IFC4", &format!("{door}{sets}")))
    };
    let width = |model: &Model| {
        let reading = model.property(id(model, "door"), "", "Width");
        reading.map(|r| r.value)
    };
    assert_eq!(width(&model(32)), Some(Value::Number(0.9)));
    let Some(Value::Unusable(why)) = width(&model(33)) else {
        panic!("not unusable");
    };
    assert!(why.contains("more than 32 times"), "{why}");
}
