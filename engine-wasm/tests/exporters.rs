//! Facts as exporters were seen to write them: a number without its unit beside the same number
//! with one, a transom above a door, the height of a whole railing, a category that is no use, a fire
//! rating that says how the door closes, a width with the trim.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use plancheck_engine::facts::{
    Known, Provenance, Reader, Resolved, find_fact, find_subject, resolve,
};
use plancheck_engine::model::{EditValue, Model, Value};

/// A model of these records, with lengths in a unit.
fn model(unit: &str, records: &str) -> Model {
    let text = format!(
        "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
         FILE_SCHEMA(('IFC4'));ENDSEC;DATA;\
         #1=IFCPROJECT('p',$,$,$,$,$,$,$,#2);#2=IFCUNITASSIGNMENT((#3));\
         #3={unit};{records}ENDSEC;END-ISO-10303-21;"
    );
    Model::load(text.into_bytes()).unwrap()
}

const METRE: &str = "IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.)";
const MILLIMETRE: &str = "IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.)";

fn fact(model: &Model, subject: &str, name: &str) -> Resolved {
    let subject = find_subject(subject).unwrap();
    let element = *model.of_class(subject.class).first().unwrap();
    let fact = find_fact(Some(subject), name).unwrap();
    resolve(&Reader::new(model), fact, element)
}

fn known(resolved: Resolved) -> Known {
    match resolved {
        Resolved::Known(known) => known,
        Resolved::Absent(why) => panic!("{why}"),
    }
}

fn absent(resolved: Resolved) -> String {
    match resolved {
        Resolved::Absent(why) => why,
        Resolved::Known(known) => panic!("{known:?}"),
    }
}

/// From where to where a value lies.
fn range(known: &Known) -> (f64, f64) {
    match known.value {
        Value::Number(x) => (x - known.tolerance, x + known.tolerance),
        _ => panic!("{known:?}"),
    }
}

/// A railing with `Height` of the standard set and `Railing Height` of another.
fn railing(unit: &str, height: &str, railing_height: &str) -> Model {
    model(
        unit,
        &format!(
            "#5=IFCRAILING('r',$,$,$,$,$,$,$,$);\
             #6=IFCRELDEFINESBYPROPERTIES('a',$,$,$,(#5),#7);\
             #7=IFCPROPERTYSET('b',$,'Pset_RailingCommon',$,(#8));\
             #8=IFCPROPERTYSINGLEVALUE('Height',$,{height},$);\
             #9=IFCRELDEFINESBYPROPERTIES('c',$,$,$,(#5),#10);\
             #10=IFCPROPERTYSET('d',$,'Type_Construction',$,(#11));\
             #11=IFCPROPERTYSINGLEVALUE('Railing Height',$,{railing_height},$);"
        ),
    )
}

#[test]
fn a_number_without_a_unit_counts_where_the_same_number_has_one() {
    for (unit, bare, with_unit, metres) in [
        (METRE, "IFCREAL(0.9)", "IFCLENGTHMEASURE(0.9)", 0.9),
        (MILLIMETRE, "IFCREAL(1100.)", "IFCLENGTHMEASURE(1100.)", 1.1),
        // written in metres, though the file is in millimetres
        (MILLIMETRE, "IFCREAL(1.1)", "IFCLENGTHMEASURE(1100.)", 1.1),
    ] {
        let found = known(fact(&railing(unit, bare, with_unit), "railing", "height"));
        assert_eq!(range(&found), (metres, metres), "{bare}");
        assert_eq!(found.record, Some(11), "{bare}");
    }
}

#[test]
fn a_number_without_a_unit_beside_another_is_not_used() {
    for (bare, other) in [
        ("IFCREAL(0.9)", "IFCLENGTHMEASURE(1.1)"),
        ("IFCREAL(0.9)", "$"),
        ("IFCREAL(-0.9)", "IFCLENGTHMEASURE(0.9)"),
    ] {
        let why = absent(fact(&railing(METRE, bare, other), "railing", "height"));
        assert!(why.contains("is a number without a unit"), "{why}");
    }
}

#[test]
fn what_is_wrong_in_another_way_still_ends_the_search() {
    for wrong in [
        "IFCLENGTHMEASURE(90.)",
        "IFCLABEL('0.9')",
        "IFCAREAMEASURE(0.9)",
    ] {
        let model = railing(METRE, wrong, "IFCLENGTHMEASURE(0.9)");
        absent(fact(&model, "railing", "height"));
    }
}

#[test]
fn a_quantity_of_a_railing_is_the_most_that_its_height_can_be() {
    let railing = model(
        METRE,
        "#5=IFCRAILING('r',$,$,$,$,$,$,$,$);\
         #6=IFCRELDEFINESBYPROPERTIES('a',$,$,$,(#5),#7);\
         #7=IFCELEMENTQUANTITY('b',$,'Sizes',$,$,(#8));\
         #8=IFCQUANTITYLENGTH('Height',$,$,1.,$);",
    );
    assert_eq!(
        range(&known(fact(&railing, "railing", "height"))),
        (0.0, 1.0)
    );
}

#[test]
fn a_door_is_no_wider_than_its_own_quantity_says() {
    for (width, low, high) in [
        // 40 in with its trim, 36 in without
        ("0.9144", 0.9144 - 0.06, 0.9144 - 0.03),
        ("1.016", 1.016 - 0.1 - 0.06, 1.016 - 0.03),
        // too far apart for a trim: it is as wide as one of them
        ("0.7", 0.7 - 0.06, 1.016 - 0.03),
        // no width of this door
        ("0.4", 1.016 - 0.1 - 0.06, 1.016 - 0.03),
        ("2.5", 1.016 - 0.1 - 0.06, 1.016 - 0.03),
    ] {
        let door = model(
            METRE,
            &format!(
                "#5=IFCDOOR('d',$,$,$,$,$,$,$,2.235,1.016,$,.SINGLE_SWING_RIGHT.,$);\
                 #6=IFCRELDEFINESBYPROPERTIES('a',$,$,$,(#5),#7);\
                 #7=IFCELEMENTQUANTITY('b',$,'Qto_DoorBaseQuantities',$,$,(#8));\
                 #8=IFCQUANTITYLENGTH('Width',$,$,{width},$);"
            ),
        );
        let (from, to) = range(&known(fact(&door, "door", "clear_width")));
        assert!((from - low).abs() < 1e-9, "{width}: {from}");
        assert!((to - high).abs() < 1e-9, "{width}: {to}");
    }
}

/// A door of 2.64 m in a file in millimetres, with these lining properties from the third on.
fn door_with_lining(threshold: &str, offset: &str, thickness: &str) -> Model {
    model(
        MILLIMETRE,
        &format!(
            "#5=IFCDOOR('d',$,$,$,$,$,$,$,2640.,1016.,$,.SINGLE_SWING_LEFT.,$);\
             #6=IFCRELDEFINESBYTYPE('a',$,$,$,(#5),#7);\
             #7=IFCDOORTYPE('t',$,'T',$,$,(#8),$,$,$,.DOOR.,.SINGLE_SWING_LEFT.,$,$);\
             #8=IFCDOORLININGPROPERTIES('l',$,'L',$,$,67.,$,{threshold},{thickness},{offset},$,$,$,$,$,$,$);"
        ),
    )
}

#[test]
fn a_door_below_a_transom_is_as_high_as_the_transom_is() {
    for (threshold, offset, thickness, low, high) in [
        ("52.", "2383.", "67.", 2.264, 2.383),
        ("$", "2383.", "67.", 2.296, 2.383),
        ("0.", "2383.", "$", 2.333, 2.383),
        // no transom is so thin: nobody filled it in
        ("0.", "2383.", "0.", 2.333, 2.383),
        // no transom
        ("0.", "$", "$", 2.573, 2.573),
        ("0.", "0.", "0.", 2.573, 2.573),
    ] {
        let model = door_with_lining(threshold, offset, thickness);
        let (from, to) = range(&known(fact(&model, "door", "clear_height")));
        assert!((from - low).abs() < 1e-9, "{offset}: {from}");
        assert!((to - high).abs() < 1e-9, "{offset}: {to}");
    }
}

#[test]
fn a_transom_that_cannot_be_is_said() {
    for (offset, thickness) in [("$", "67."), ("2640.", "67."), ("9000.", "$")] {
        let model = door_with_lining("0.", offset, thickness);
        let why = absent(fact(&model, "door", "clear_height"));
        assert!(why.contains("transom"), "{why}");
    }
}

/// What a space is used for, by its category, LongName and ObjectType.
fn use_of(category: &str, long_name: &str, object_type: &str) -> Resolved {
    let model = model(
        METRE,
        &format!(
            "#5=IFCSPACE('s',$,'8',$,{object_type},$,$,{long_name},$,$,$);\
             #6=IFCRELDEFINESBYPROPERTIES('a',$,$,$,(#5),#7);\
             #7=IFCPROPERTYSET('b',$,'Pset_SpaceCommon',$,(#8));\
             #8=IFCPROPERTYSINGLEVALUE('Category',$,IFCLABEL('{category}'),$);"
        ),
    );
    fact(&model, "space", "use")
}

#[test]
fn a_category_that_is_no_use_leaves_the_word_to_the_names() {
    for (category, long_name, object_type, wanted, record) in [
        ("Rooms", "'Room'", "'Parking'", "Parking", None),
        ("Allgemeines", "'Schlafzimmer'", "$", "Schlafzimmer", None),
        ("", "'Zone 3'", "'Office'", "Office", None),
        ("Offices", "'Room'", "$", "Offices", Some(8)),
        ("Waiting room", "'X'", "$", "Waiting room", Some(8)),
    ] {
        let found = known(use_of(category, long_name, object_type));
        assert_eq!(found.value, Value::Text(wanted.to_owned()), "{category}");
        assert_eq!(found.record, record, "{category}");
    }
    let why = absent(use_of("Rooms", "'Room 8'", "$"));
    for said in [
        "\"Rooms\" says nothing",
        "LongName: \"Room 8\" says nothing",
    ] {
        assert!(why.contains(said), "{why}");
    }
}

#[test]
fn a_use_is_edited_where_it_is_trusted_most() {
    let mut model = model(METRE, "#5=IFCSPACE('s',$,'8',$,$,$,$,'Room',$,$,$);");
    let space = *model.of_class("IfcSpace").first().unwrap();
    let value = Some(EditValue::Text("Office".to_owned()));
    model.set_property(space, "Pset_SpaceCommon", "Category", value);
    let found = known(fact(&model, "space", "use"));
    assert_eq!(found.value, Value::Text("Office".to_owned()));
    assert_eq!(found.provenance, Provenance::Declared);
}

#[test]
fn corridors_are_told_in_the_language_of_the_model() {
    let is_corridor = |name: &str| {
        let text = format!("#5=IFCSPACE('s',$,'8',$,$,$,$,'{name}',$,$,$);");
        known(fact(&model(METRE, &text), "space", "is_corridor")).value
    };
    for name in [
        "\\X2\\041A043E044004380434043E0440\\X0\\",
        "\\X2\\8D705ECA\\X0\\",
        "Corredor 2",
        "Flur",
    ] {
        assert_eq!(is_corridor(name), Value::Boolean(true), "{name}");
    }
    assert_eq!(is_corridor("Office"), Value::Boolean(false));
}

#[test]
fn a_fire_rating_may_say_that_the_door_closes_by_itself() {
    let closes = |rating: &str| {
        let door = model(
            METRE,
            &format!(
                "#5=IFCDOOR('d',$,$,$,$,$,$,$,2.1,1.,$,$,$);\
                 #6=IFCRELDEFINESBYPROPERTIES('a',$,$,$,(#5),#7);\
                 #7=IFCPROPERTYSET('b',$,'Pset_DoorCommon',$,(#8));\
                 #8=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('{rating}'),$);"
            ),
        );
        fact(&door, "door", "self_closing").value().cloned()
    };
    for rating in [
        "30 minuten brandwerend en zelfsluitend",
        "EI 30, Self-closing",
    ] {
        assert_eq!(closes(rating), Some(Value::Boolean(true)), "{rating}");
    }
    for rating in ["EI 30", "30 min, not self-closing", "niet zelfsluitend", ""] {
        assert_eq!(closes(rating), None, "{rating}");
    }
}
