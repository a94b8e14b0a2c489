//! Facts of the repository's small models: the same in every unit, from types and occurrences,
//! absent with the reason where the model does not say or is not to be believed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::path::Path;

use plancheck_engine::facts::{
    Provenance, Reader, Resolved, catalogue_markdown, find_fact, find_subject, resolve,
};
use plancheck_engine::model::{EditValue, Model, Value};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn load(name: &str) -> Model {
    Model::load(std::fs::read(root().join("tests/fixtures/models").join(name)).unwrap()).unwrap()
}

/// The fact of the first element of a subject.
fn fact(model: &Model, subject: &str, name: &str) -> Resolved {
    let subject = find_subject(subject).unwrap();
    let element = *model.of_class(subject.class).first().unwrap();
    resolve(
        &Reader::new(model),
        find_fact(Some(subject), name).unwrap(),
        element,
    )
}

fn number(resolved: &Resolved) -> f64 {
    match resolved.value() {
        Some(Value::Number(x)) => *x,
        _ => panic!("{resolved:?}"),
    }
}

/// A model of one door of this overall width, with one property in Pset_DoorCommon.
fn door(width: &str, property: &str) -> Model {
    let text = format!(
        "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
         FILE_SCHEMA(('IFC4'));ENDSEC;DATA;\
         #1=IFCPROJECT('p',$,$,$,$,$,$,$,#2);#2=IFCUNITASSIGNMENT((#3));\
         #3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\
         #5=IFCDOOR('d',$,'D1',$,$,$,$,$,2.1,{width},$,.SINGLE_SWING_LEFT.,$);\
         #6=IFCRELDEFINESBYPROPERTIES('r',$,$,$,(#5),#7);\
         #7=IFCPROPERTYSET('s',$,'Pset_DoorCommon',$,(#8));\
         #8={property};ENDSEC;END-ISO-10303-21;"
    );
    Model::load(text.into_bytes()).unwrap()
}

#[test]
fn feet_and_millimetres_give_the_same_facts() {
    let (feet, mm) = (load("units-feet.ifc"), load("units-mm.ifc"));
    for (subject, name, metres) in [
        ("door", "overall_width", 0.9144),
        ("door", "overall_height", 2.1336),
        ("space", "area", 27.8709),
        ("space", "height", 2.7432),
        ("stair_flight", "riser_height", 0.1524),
        ("stair_flight", "tread_depth", 0.3048),
    ] {
        for model in [&feet, &mm] {
            let found = number(&fact(model, subject, name));
            assert!(
                (found - metres).abs() <= 1e-5 * metres,
                "{subject}.{name}: {found}"
            );
        }
    }
}

#[test]
fn a_clear_width_is_a_range_below_the_overall_width() {
    let model = door("0.9144", "IFCPROPERTYSINGLEVALUE('X',$,$,$)");
    let Resolved::Known(known) = fact(&model, "door", "clear_width") else {
        panic!("absent")
    };
    let Value::Number(middle) = known.value else {
        panic!("{known:?}")
    };
    // 36 in less 30 to 60 mm for the leaf and 0 to 50 mm lining a side
    assert!((middle - known.tolerance - (0.9144 - 0.06 - 0.1)).abs() < 1e-9);
    assert!((middle + known.tolerance - (0.9144 - 0.03)).abs() < 1e-9);
    assert_eq!(known.provenance, Provenance::Inferred);
}

#[test]
fn a_stated_clear_width_wins() {
    let model = door(
        "0.9144",
        "IFCPROPERTYSINGLEVALUE('ClearWidth',$,IFCLENGTHMEASURE(0.83),$)",
    );
    let Resolved::Known(known) = fact(&model, "door", "clear_width") else {
        panic!("absent")
    };
    assert_eq!((known.value, known.tolerance), (Value::Number(0.83), 0.0));
    assert_eq!(
        (known.provenance, known.record),
        (Provenance::Property, Some(8))
    );
}

#[test]
fn what_is_no_answer_is_absent_with_the_reason() {
    let rating = "IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('Fire Rating'),$)";
    let unknown = "IFCPROPERTYSINGLEVALUE('FireExit',$,IFCLOGICAL(.U.),$)";
    let nothing = "IFCPROPERTYSINGLEVALUE('X',$,$,$)";
    for (width, property, name, reason) in [
        ("0.9", rating, "fire_rating", "is not a rating"),
        ("0.9", unknown, "is_exit", "not in the model"),
        ("914.4", nothing, "overall_width", "not plausible"),
        ("$", nothing, "clear_width", "not in the model"),
    ] {
        match fact(&door(width, property), "door", name) {
            Resolved::Absent(why) => assert!(why.contains(reason), "{name}: {why}"),
            Resolved::Known(known) => panic!("{name}: {known:?}"),
        }
    }
}

#[test]
fn risers_that_disagree_are_a_conflict() {
    let text = "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
        FILE_SCHEMA(('IFC2X3'));ENDSEC;DATA;#2=IFCUNITASSIGNMENT((#3));\
        #3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);#1=IFCPROJECT('p',$,$,$,$,$,$,$,#2);\
        #5=IFCSTAIRFLIGHT('f',$,$,$,$,$,$,$,10,9,RISER,0.28);\
        #6=IFCRELDEFINESBYPROPERTIES('r',$,$,$,(#5),#7);\
        #7=IFCPROPERTYSET('s',$,'Pset_StairFlightCommon',$,(#8));\
        #8=IFCPROPERTYSINGLEVALUE('RiserHeight',$,IFCPOSITIVELENGTHMEASURE(0.194),$);\
        ENDSEC;END-ISO-10303-21;";
    let with = |riser: &str| {
        let model = Model::load(text.replace("RISER", riser).into_bytes()).unwrap();
        fact(&model, "stair_flight", "riser_height")
    };
    match with("0.165") {
        Resolved::Absent(why) => {
            assert!(
                why.contains("0.194 m") && why.contains("0.165 m"),
                "both are told: {why}"
            );
        }
        Resolved::Known(known) => panic!("{known:?}"),
    }
    // what a user says stands, in whichever of the two places
    let said = |set: &str| {
        let mut model = Model::load(text.replace("RISER", "0.165").into_bytes()).unwrap();
        let flight = model.of_class("IfcStairFlight")[0];
        let value = Some(EditValue::Number(0.178));
        if set.is_empty() {
            model.set_attribute(flight, "RiserHeight", value);
        } else {
            model.set_property(flight, set, "RiserHeight", value);
        }
        number(&fact(&model, "stair_flight", "riser_height"))
    };
    assert_eq!(said(""), 0.178);
    assert_eq!(said("Pset_StairFlightCommon"), 0.178);
    // and where nobody can believe it, no other place answers instead
    for value in [
        EditValue::Number(-3.0),
        EditValue::Number(0.0),
        EditValue::Text("high".to_owned()),
    ] {
        let mut model = Model::load(text.replace("RISER", "0.194").into_bytes()).unwrap();
        let flight = model.of_class("IfcStairFlight")[0];
        model.set_attribute(flight, "RiserHeight", Some(value));
        match fact(&model, "stair_flight", "riser_height") {
            Resolved::Absent(why) => assert!(why.contains("declared"), "{why}"),
            Resolved::Known(known) => panic!("{known:?}"),
        }
    }
    // converted twice by the exporter: not believed, and the property set stands
    assert!((number(&with("0.6364")) - 0.194).abs() < 1e-12);
}

#[test]
fn a_door_in_a_curtain_wall_is_in_its_storey() {
    let model = load("nested-curtain-wall-door.ifc");
    let door = *model.of_class("IfcDoor").first().unwrap();
    let storey = model.storey(door).unwrap();
    assert_eq!(model.class_name(storey), "IfcBuildingStorey");
    assert!(model.within(storey, "IfcDoor").contains(&door));
}

#[test]
fn the_catalogue_page_is_current() {
    let page = std::fs::read_to_string(root().join("docs/facts.md")).unwrap_or_default();
    assert!(
        page == catalogue_markdown(),
        "docs/facts.md is not what the catalogue says: ./x run -- facts --markdown > docs/facts.md"
    );
}

fn absent(resolved: Resolved) -> String {
    match resolved {
        Resolved::Absent(why) => why,
        Resolved::Known(known) => panic!("{known:?}"),
    }
}

#[test]
fn a_clear_width_above_the_overall_width_is_a_conflict() {
    for (name, value, whole) in [
        ("ClearWidth", "0.95", "overall width of 0.914 m"),
        ("ClearHeight", "2.2", "overall height of 2.1 m"),
    ] {
        let property = format!("IFCPROPERTYSINGLEVALUE('{name}',$,IFCLENGTHMEASURE({value}),$)");
        let fact_name = if name == "ClearWidth" {
            "clear_width"
        } else {
            "clear_height"
        };
        let why = absent(fact(&door("0.9144", &property), "door", fact_name));
        assert!(why.contains("in conflict") && why.contains(whole), "{why}");
    }
}

#[test]
fn what_the_user_declares_stands_beside_a_smaller_whole() {
    let mut model = door("0.762", "IFCPROPERTYSINGLEVALUE('X',$,$,$)");
    let e = *model.of_class("IfcDoor").first().unwrap();
    model.set_property(e, "", "ClearWidth", Some(EditValue::Number(0.9)));
    let Resolved::Known(known) = fact(&model, "door", "clear_width") else {
        panic!("absent")
    };
    assert_eq!(
        (known.value, known.provenance),
        (Value::Number(0.9), Provenance::Declared)
    );
}

#[test]
fn a_bounded_width_is_a_range_and_a_list_is_none() {
    let bounded = "IFCPROPERTYBOUNDEDVALUE('ClearWidth',$,IFCLENGTHMEASURE(0.84),\
        IFCLENGTHMEASURE(0.8),$,IFCLENGTHMEASURE(0.83))";
    let Resolved::Known(known) = fact(&door("0.9144", bounded), "door", "clear_width") else {
        panic!("absent")
    };
    assert!((number(&Resolved::Known(known.clone())) - 0.82).abs() < 1e-12);
    assert!((known.tolerance - 0.02).abs() < 1e-12);
    let list = "IFCPROPERTYLISTVALUE('FireRating',$,(IFCLABEL('EI 30'),IFCLABEL('EI 90')),$)";
    let why = absent(fact(&door("0.9144", list), "door", "fire_rating"));
    assert!(
        why.contains("several values are listed: EI 30, EI 90"),
        "{why}"
    );
}

#[test]
fn what_is_stated_and_not_believed_is_not_concluded_instead() {
    let single = |value: &str| format!("IFCPROPERTYSINGLEVALUE('ClearWidth',$,{value})");
    for (value, reason) in [
        ("IFCREAL(0.6),$", "0.6 is a number without a unit"),
        ("IFCLENGTHMEASURE(-0.6),$", "is not plausible"),
        ("IFCLENGTHMEASURE(600.),$", "is not plausible"),
        ("IFCAREAMEASURE(0.6),$", "a length is wanted, found a area"),
        (
            "IFCLENGTHMEASURE(0.6),#999",
            "carries a unit that cannot be read",
        ),
        (
            "IFCLENGTHMEASURE(0.6),#9",
            "carries a unit of something else",
        ),
        ("IFCLABEL('600'),$", "a number is wanted"),
    ] {
        let model = door(
            "1.",
            &format!(
                "{};#9=IFCSIUNIT(*,.AREAUNIT.,$,.SQUARE_METRE.)",
                single(value)
            ),
        );
        let why = absent(fact(&model, "door", "clear_width"));
        assert!(why.contains(reason), "{value}: {why}");
    }
    // Not filled in.
    for value in [
        "IFCLENGTHMEASURE(0.),$",
        "IFCREAL(0.),$",
        "$,$",
        "IFCLABEL(' '),$",
    ] {
        match fact(&door("1.", &single(value)), "door", "clear_width") {
            Resolved::Known(known) => {
                assert_eq!(known.provenance, Provenance::Inferred, "{value}");
            }
            Resolved::Absent(why) => panic!("{value}: {why}"),
        }
    }
}

/// A model of one space with these quantities and properties.
fn space(quantities: &str, properties: &str) -> Model {
    let text = format!(
        "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
         FILE_SCHEMA(('IFC4'));ENDSEC;DATA;\
         #1=IFCPROJECT('p',$,$,$,$,$,$,$,#2);#2=IFCUNITASSIGNMENT((#3));\
         #3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\
         #5=IFCSPACE('s',$,'1',$,$,$,$,$,.ELEMENT.,$,$);\
         #6=IFCRELDEFINESBYPROPERTIES('r',$,$,$,(#5),#7);\
         #7=IFCELEMENTQUANTITY('q',$,'BaseQuantities',$,$,(#10,#11,#12));{quantities}\
         #16=IFCRELDEFINESBYPROPERTIES('r2',$,$,$,(#5),#17);\
         #17=IFCPROPERTYSET('q2',$,'Room',$,(#18));#18={properties};ENDSEC;END-ISO-10303-21;"
    );
    Model::load(text.into_bytes()).unwrap()
}

#[test]
fn a_height_under_a_sloped_ceiling_is_the_greatest_one() {
    let quantities = |volume: &str| {
        format!(
            "#10=IFCQUANTITYLENGTH('FinishCeilingHeight',$,$,3.,$);#11=IFCQUANTITYAREA('NetFloorArea',$,$,20.,$);\
             #12=IFCQUANTITYVOLUME('NetVolume',$,$,{volume},$);"
        )
    };
    let nothing = "IFCPROPERTYSINGLEVALUE('X',$,$,$)";
    let sloped = "IFCPROPERTYSINGLEVALUE('IsSloped',$,IFCBOOLEAN(.T.),$)";
    let height = |volume: &str, property: &str| match fact(
        &space(&quantities(volume), property),
        "space",
        "height",
    ) {
        Resolved::Known(known) => (
            number(&Resolved::Known(known.clone())) - known.tolerance,
            number(&Resolved::Known(known.clone())) + known.tolerance,
            known.note,
        ),
        Resolved::Absent(why) => panic!("{why}"),
    };
    assert_eq!(height("60.", nothing), (3.0, 3.0, None));
    let (low, high, note) = height("44.", nothing);
    assert_eq!((low, high), (0.0, 3.0));
    assert!(note.unwrap().contains("volume ÷ floor area is 2.2 m"));
    let (low, high, note) = height("60.", sloped);
    assert_eq!((low, high), (0.0, 3.0));
    assert!(note.unwrap().contains("IsSloped"));
}

#[test]
fn a_tread_converted_twice_is_recognised() {
    let with = |riser: &str, tread: &str, set: &str| {
        let text = format!(
            "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
             FILE_SCHEMA(('IFC2X3'));ENDSEC;DATA;#2=IFCUNITASSIGNMENT((#3));\
             #3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);#1=IFCPROJECT('p',$,$,$,$,$,$,$,#2);\
             #5=IFCSTAIRFLIGHT('f',$,$,$,$,$,$,$,10,9,{riser},{tread});\
             #6=IFCRELDEFINESBYPROPERTIES('r',$,$,$,(#5),#7);\
             #7=IFCPROPERTYSET('s',$,'{set}',$,(#8));\
             #8=IFCPROPERTYSINGLEVALUE('TreadLength',$,IFCPOSITIVELENGTHMEASURE(0.25),$);\
             ENDSEC;END-ISO-10303-21;"
        );
        let model = Model::load(text.into_bytes()).unwrap();
        fact(&model, "stair_flight", "tread_depth")
    };
    let set = "Pset_StairFlightCommon";
    match with("0.19", "0.8202099738", set) {
        Resolved::Known(known) => {
            assert_eq!(known.value, Value::Number(0.25));
            let note = known.note.unwrap();
            assert!(
                note.contains("the attribute TreadLength says 0.82 m"),
                "{note}"
            );
        }
        Resolved::Absent(why) => panic!("{why}"),
    }
    let why = absent(with("0.19", "0.3", set));
    assert!(
        why.contains("the attribute TreadLength says 0.3 m"),
        "{why}"
    );
    // Alone beside a riser that cannot be, the attribute is not believed either.
    let why = absent(with("0.6234", "0.8202099738", "Other"));
    assert!(why.contains("0.623 m, is not plausible"), "{why}");
    assert!((number(&with("0.19", "0.3", "Other")) - 0.3).abs() < 1e-12);
}

#[test]
fn a_door_in_an_external_boundary_is_external() {
    let with = |side: &str, elevation: &str| {
        let text = format!(
            "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
             FILE_SCHEMA(('IFC2X3'));ENDSEC;DATA;#2=IFCUNITASSIGNMENT((#3));\
             #3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);#1=IFCPROJECT('p',$,$,$,$,$,$,$,#2);\
             #4=IFCSPACE('s',$,$,$,$,$,$,$,.ELEMENT.,.INTERNAL.,$);\
             #5=IFCDOOR('d',$,'D1',$,$,$,$,$,2.1,0.9);\
             #6=IFCBUILDINGSTOREY('g',$,$,$,$,$,$,$,.ELEMENT.,{elevation});\
             #7=IFCRELCONTAINEDINSPATIALSTRUCTURE('r',$,$,$,(#5),#6);\
             #8=IFCRELSPACEBOUNDARY('b1',$,$,$,#4,#5,$,.PHYSICAL.,.EXTERNAL.);\
             #9=IFCRELSPACEBOUNDARY('b2',$,$,$,#4,#5,$,.PHYSICAL.,.{side}.);\
             ENDSEC;END-ISO-10303-21;"
        );
        Model::load(text.into_bytes()).unwrap()
    };
    for name in ["is_external", "is_exit"] {
        match fact(&with("EXTERNAL", "0."), "door", name) {
            Resolved::Known(known) => assert_eq!(
                (known.value, known.provenance),
                (Value::Boolean(true), Provenance::Inferred)
            ),
            Resolved::Absent(why) => panic!("{name}: {why}"),
        }
        let why = absent(fact(&with("INTERNAL", "0."), "door", name));
        assert!(why.contains("not in the model"), "{why}");
    }
    let why = absent(fact(&with("EXTERNAL", "3."), "door", "is_exit"));
    assert!(why.contains("not known to be at grade"), "{why}");
}

#[test]
fn the_height_of_a_space_is_only_the_most_that_its_ceiling_can_have() {
    let nothing = "IFCPROPERTYSINGLEVALUE('X',$,$,$)";
    let length = |name: &str| format!("IFCPROPERTYSINGLEVALUE('{name}',$,IFCLENGTHMEASURE(2.5),$)");
    let quantity = |name: &str| format!("#10=IFCQUANTITYLENGTH('{name}',$,$,2.5,$);");
    let bounds = |quantities: &str, property: &str| match fact(
        &space(quantities, property),
        "space",
        "height",
    ) {
        Resolved::Known(known) => {
            let middle = number(&Resolved::Known(known.clone()));
            (middle - known.tolerance, middle + known.tolerance)
        }
        Resolved::Absent(why) => panic!("{why}"),
    };
    assert_eq!(bounds(&quantity("Height"), nothing), (0.0, 2.5));
    assert_eq!(bounds("", &length("Height")), (0.0, 2.5));
    for name in ["FinishCeilingHeight", "ClearHeight"] {
        assert_eq!(bounds(&quantity(name), nothing), (2.5, 2.5), "{name}");
    }
    for name in ["ceiling_height", "CeilingHeight", "clear_height"] {
        assert_eq!(bounds("", &length(name)), (2.5, 2.5), "{name}");
    }
}

#[test]
fn spaces_outdoors_are_no_rooms() {
    let with = |kind: &str, property: &str| {
        let text = format!(
            "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
             FILE_SCHEMA(('IFC4'));ENDSEC;DATA;\
             #5=IFCSPACE('s',$,'1',$,$,$,$,$,.ELEMENT.,{kind},$);\
             #16=IFCRELDEFINESBYPROPERTIES('r2',$,$,$,(#5),#17);\
             #17=IFCPROPERTYSET('q2',$,'Pset_SpaceCommon',$,(#18));\
             #18=IFCPROPERTYSINGLEVALUE('IsExternal',$,{property},$);ENDSEC;END-ISO-10303-21;"
        );
        let model = Model::load(text.into_bytes()).unwrap();
        fact(&model, "space", "is_interior").value().cloned()
    };
    for (kind, property, interior) in [
        (".INTERNAL.", "IFCBOOLEAN(.F.)", true),
        ("$", "$", true),
        (".EXTERNAL.", "$", false),
        (".GFA.", "$", false),
        ("$", "IFCBOOLEAN(.T.)", false),
    ] {
        let found = with(kind, property);
        assert_eq!(found, Some(Value::Boolean(interior)), "{kind} {property}");
    }
}

/// What an aggregate path's members are: the elements that a relation leads to.
fn related(model: &Model, subject: &str, relation: &str) -> Vec<String> {
    use plancheck_engine::facts::{Target, find_relation};
    let subject = find_subject(subject).unwrap();
    let element = *model.of_class(subject.class).first().unwrap();
    let relation = find_relation(Some(subject), relation).unwrap();
    let Target::Many(members) = relation.to else {
        panic!("leads to one")
    };
    let reader = Reader::new(model);
    if relation
        .complete
        .is_some_and(|c| c(&reader, element).is_err())
    {
        return vec!["incomplete".to_owned()];
    }
    let name = |e| model.element_name(e).unwrap().into_owned();
    members(&reader, element).into_iter().map(name).collect()
}

fn ifc(records: &str) -> Model {
    let text = format!(
        "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
         FILE_SCHEMA(('IFC4'));ENDSEC;DATA;#1=IFCPROJECT('p',$,$,$,$,$,$,$,#2);\
         #2=IFCUNITASSIGNMENT((#3));#3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);{records}\
         ENDSEC;END-ISO-10303-21;"
    );
    Model::load(text.into_bytes()).unwrap()
}

#[test]
fn a_panel_that_does_not_open_is_no_clear_width() {
    let bounds = |operation: &str| {
        let model = ifc(&format!(
            "#5=IFCDOOR('d',$,'D1',$,$,$,$,$,2.1,2.,$,.{operation}.,$);"
        ));
        match fact(&model, "door", "clear_width") {
            Resolved::Known(known) => {
                let middle = number(&Resolved::Known(known.clone()));
                (middle - known.tolerance, middle + known.tolerance)
            }
            Resolved::Absent(why) => panic!("{why}"),
        }
    };
    for (operation, low, high) in [
        ("SWING_FIXED_LEFT", 0.0, 1.97),
        ("DOUBLE_DOOR_SLIDING", 0.95, 2.0),
        ("SLIDING_TO_LEFT", 1.9, 2.0),
    ] {
        let found = bounds(operation);
        assert!(
            (found.0 - low).abs() < 1e-9 && (found.1 - high).abs() < 1e-9,
            "{found:?}"
        );
    }
}

#[test]
fn a_boundary_without_an_element_is_open() {
    let doors = |boundary: &str| {
        let model = ifc(&format!(
            "#5=IFCDOOR('d',$,'D1',$,$,$,$,$,2.1,1.,$,$,$);#6=IFCSPACE('s',$,'1',$,$,$,$,$,$,$,$);\
             #7=IFCRELSPACEBOUNDARY('b',$,$,$,#6,#5,$,.PHYSICAL.,.INTERNAL.);\
             #8=IFCRELSPACEBOUNDARY('c',$,$,$,#6,{boundary},.INTERNAL.);"
        ));
        related(&model, "space", "doors")
    };
    assert_eq!(doors("#5,$,.PHYSICAL."), ["D1"]);
    assert_eq!(doors("$,$,.PHYSICAL."), ["incomplete"]);
    assert_eq!(doors("#5,$,.VIRTUAL."), ["incomplete"]);
}

#[test]
fn spaces_and_doors_count_once() {
    let model = ifc(
        "#4=IFCBUILDINGSTOREY('st',$,'S',$,$,$,$,$,$,0.);#5=IFCSPACE('w',$,'whole',$,$,$,$,$,$,$,$);\
         #6=IFCSPACE('a',$,'a',$,$,$,$,$,$,$,$);#7=IFCSPACE('b',$,'b',$,$,$,$,$,$,$,$);\
         #8=IFCRELAGGREGATES('r',$,$,$,#4,(#5));#9=IFCRELAGGREGATES('r2',$,$,$,#5,(#6,#7));\
         #10=IFCDOOR('d',$,'D1',$,$,$,$,$,2.1,1.,$,$,$);#11=IFCDOOR('d',$,'D2',$,$,$,$,$,2.1,1.,$,$,$);\
         #12=IFCDOOR('t',$,'T',$,$,$,$,$,2.1,1.,.TRAPDOOR.,$,$);\
         #13=IFCRELCONTAINEDINSPATIALSTRUCTURE('c',$,$,$,(#10,#11,#12),#4);",
    );
    assert_eq!(related(&model, "storey", "spaces"), ["a", "b"]);
    assert_eq!(related(&model, "storey", "doors"), ["D1"]);
    assert_eq!(find_subject("door").unwrap().only_if, Some("is_doorway"));
}

#[test]
fn a_corridor_is_named_by_nothing_else() {
    for (name, corridor) in [
        ("Corridor", Some(true)),
        ("Main Corridor 1.02 (East)", Some(true)),
        ("Flur EG", Some(true)),
        ("Office", Some(false)),
        ("Corridor Storage", None),
        ("No corridor", None),
        ("Office near corridor", None),
        ("Former corridor, now office", None),
        ("Circulation desk", None),
        ("Hallway closet", None),
    ] {
        let model = ifc(&format!("#6=IFCSPACE('s',$,'1',$,$,$,$,'{name}',$,$,$);"));
        let found = fact(&model, "space", "is_corridor").value().cloned();
        assert_eq!(found, corridor.map(Value::Boolean), "{name}");
    }
}
