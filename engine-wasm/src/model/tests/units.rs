//! Every number in SI, by its own unit or the project's.

use plancheck_contract::Dimension;

use super::*;

const FEET: &str = "#20=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);
    #21=IFCMEASUREWITHUNIT(IFCRATIOMEASURE(0.3048),#20);
    #10=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'Foot',#21);";

const SQUARE_FEET: &str = "#22=IFCSIUNIT(*,.AREAUNIT.,$,.SQUARE_METRE.);
    #23=IFCMEASUREWITHUNIT(IFCAREAMEASURE(0.09290304),#22);
    #11=IFCCONVERSIONBASEDUNIT($,.AREAUNIT.,'SQUARE FOOT',#23);";

/// A door 32 wide with these units.
fn door(units: &str, rest: &str) -> Model {
    load(&with_units(
        "IFC2X3",
        &format!("{units}#30=IFCDOOR('door',$,$,$,$,$,$,$,7.,32.);{rest}"),
    ))
}

#[test]
fn lengths_by_the_projects_unit() {
    let inch = "#24=IFCMEASUREWITHUNIT(IFCLENGTHMEASURE(0.0833333333333333),#10);
        #12=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'inch',#24);";
    for (name, units, expected) in [
        (
            "metre",
            "#10=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);#2=IFCUNITASSIGNMENT((#10));".to_owned(),
            32.0,
        ),
        (
            "millimetre",
            "#10=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);#2=IFCUNITASSIGNMENT((#10));".to_owned(),
            0.032,
        ),
        (
            "lower case",
            "#10=IFCSIUNIT(*,.LENGTHUNIT.,.milli.,.metre.);#2=IFCUNITASSIGNMENT((#10));".to_owned(),
            0.032,
        ),
        (
            "foot",
            format!("{FEET}#2=IFCUNITASSIGNMENT((#10));"),
            32.0 * 0.3048,
        ),
        (
            "inch over foot",
            format!("{FEET}{inch}#2=IFCUNITASSIGNMENT((#12));"),
            32.0 * 0.3048 * 0.0833333333333333,
        ),
    ] {
        let model = door(&units, "");
        let width = model
            .attribute(id(&model, "door"), "OverallWidth")
            .expect(name);
        assert_eq!(width.dimension, Some(Dimension::Length), "{name}");
        close(number(Some(width)), expected);
    }
}

#[test]
fn a_quantitys_own_unit_wins() {
    let model = door(
        &format!("{FEET}{SQUARE_FEET}#2=IFCUNITASSIGNMENT((#10,#11));"),
        "#40=IFCSIUNIT(*,.AREAUNIT.,.MILLI.,.SQUARE_METRE.);
         #41=IFCQUANTITYAREA('Own',$,#40,2000000.);
         #42=IFCQUANTITYAREA('Project',$,$,10.);
         #43=IFCQUANTITYLENGTH('Wrong',$,#40,10.);
         #44=IFCELEMENTQUANTITY('q',$,'BaseQuantities',$,$,(#41,#42,#43));
         #45=IFCRELDEFINESBYPROPERTIES('r',$,$,$,(#30),#44);",
    );
    let e = id(&model, "door");
    close(number(model.quantity(e, "basequantities", "own")), 2.0);
    close(number(model.quantity(e, "", "Project")), 0.9290304);
    // A length in square millimetres is read in the project's unit of length.
    close(number(model.quantity(e, "", "Wrong")), 3.048);
    assert_eq!(
        model.property(e, "", "Own"),
        None,
        "a quantity is no property"
    );
}

#[test]
fn a_propertys_own_unit_and_its_measure() {
    let model = door(
        &format!("{FEET}#2=IFCUNITASSIGNMENT((#10));"),
        "#40=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);
         #50=IFCSIUNIT(*,.PLANEANGLEUNIT.,$,.RADIAN.);
         #51=IFCMEASUREWITHUNIT(IFCPLANEANGLEMEASURE(0.0174532925199433),#50);
         #52=IFCCONVERSIONBASEDUNIT($,.PLANEANGLEUNIT.,'DEGREE',#51);
         #41=IFCPROPERTYSINGLEVALUE('Own',$,IFCPOSITIVELENGTHMEASURE(815.),#40);
         #42=IFCPROPERTYSINGLEVALUE('Real',$,IFCREAL(815.),#40);
         #43=IFCPROPERTYSINGLEVALUE('Bare',$,IFCREAL(815.),$);
         #44=IFCPROPERTYSINGLEVALUE('Angle',$,IFCPLANEANGLEMEASURE(180.),#52);
         #45=IFCPROPERTYSINGLEVALUE('Count',$,IFCCOUNTMEASURE(3),$);
         #46=IFCPROPERTYSINGLEVALUE('Ratio',$,IFCPOSITIVERATIOMEASURE(0.5),$);
         #47=IFCPROPERTYSINGLEVALUE('Time',$,IFCTIMEMEASURE(90.),$);
         #48=IFCPROPERTYSET('q',$,'Set',$,(#41,#42,#43,#44,#45,#46,#47));
         #49=IFCRELDEFINESBYPROPERTIES('r',$,$,$,(#30),#48);",
    );
    let e = id(&model, "door");
    for (name, expected, dimension) in [
        ("Own", 0.815, Some(Dimension::Length)),
        ("Real", 0.815, Some(Dimension::Length)),
        ("Bare", 815.0, None),
        ("Angle", 180.0 * 0.0174532925199433, Some(Dimension::Angle)),
        ("Count", 3.0, Some(Dimension::Count)),
        ("Ratio", 0.5, Some(Dimension::Number)),
        ("Time", 90.0, Some(Dimension::Time)),
    ] {
        let reading = model.property(e, "Set", name).expect(name);
        assert_eq!(reading.dimension, dimension, "{name}");
        close(number(Some(reading)), expected);
    }
}

#[test]
fn derived_units_masses_and_temperatures() {
    let model = door(
        "#10=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);
         #11=IFCSIUNIT(*,.MASSUNIT.,.KILO.,.GRAM.);
         #12=IFCSIUNIT(*,.TIMEUNIT.,$,.SECOND.);
         #13=IFCSIUNIT(*,.THERMODYNAMICTEMPERATUREUNIT.,$,.DEGREE_CELSIUS.);
         #14=IFCDERIVEDUNITELEMENT(#10,3);#15=IFCDERIVEDUNITELEMENT(#12,-1);
         #16=IFCDERIVEDUNIT((#14,#15),.VOLUMETRICFLOWRATEUNIT.,$);
         #2=IFCUNITASSIGNMENT((#10,#11,#12,#13,#16));",
        "#40=IFCQUANTITYWEIGHT('Mass',$,$,70.);
         #44=IFCELEMENTQUANTITY('q',$,'Q',$,$,(#40));
         #45=IFCRELDEFINESBYPROPERTIES('r',$,$,$,(#30),#44);
         #46=IFCPROPERTYSINGLEVALUE('Flow',$,IFCVOLUMETRICFLOWRATEMEASURE(2000000000.),$);
         #47=IFCPROPERTYSINGLEVALUE('Temperature',$,IFCTHERMODYNAMICTEMPERATUREMEASURE(20.),$);
         #48=IFCPROPERTYSET('s',$,'Set',$,(#46,#47));
         #49=IFCRELDEFINESBYPROPERTIES('t',$,$,$,(#30),#48);",
    );
    let e = id(&model, "door");
    close(number(model.quantity(e, "Q", "Mass")), 70.0);
    close(number(model.property(e, "Set", "Flow")), 2.0);
    close(number(model.property(e, "Set", "Temperature")), 293.15);
}

#[test]
fn odd_units_are_said() {
    let model = door("", "");
    assert!(codes(&model).contains(&"units.no-length-unit"));
    close(
        number(model.attribute(id(&model, "door"), "OverallWidth")),
        32.0,
    );

    let wrong = FEET.replace("0.3048", "3.048");
    let model = door(&format!("{wrong}#2=IFCUNITASSIGNMENT((#10));"), "");
    assert!(codes(&model).contains(&"units.implausible-factor"));
    close(
        number(model.attribute(id(&model, "door"), "OverallWidth")),
        32.0 * 3.048,
    );

    let none = "#10=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'FOOT',$);#2=IFCUNITASSIGNMENT((#10));";
    let model = door(none, "");
    assert!(codes(&model).contains(&"units.no-factor"));
    close(
        number(model.attribute(id(&model, "door"), "OverallWidth")),
        32.0 * 0.3048,
    );

    // A unit that is its own base ends.
    let model = door(
        "#20=IFCMEASUREWITHUNIT(IFCRATIOMEASURE(2.),#10);
         #10=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'ell',#20);#2=IFCUNITASSIGNMENT((#10));",
        "",
    );
    close(
        number(model.attribute(id(&model, "door"), "OverallWidth")),
        32.0,
    );
}

#[test]
fn an_area_without_a_unit_is_unusable_where_lengths_are_in_feet() {
    let records = "#2=IFCUNITASSIGNMENT((#10));#20=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);
        #21=IFCMEASUREWITHUNIT(IFCREAL(0.3048),#20);
        #10=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'FOOT',#21);
        #22=IFCSIUNIT(*,.AREAUNIT.,$,.SQUARE_METRE.);
        #30=IFCSPACE('space',$,$,$,$,$,$,$,.ELEMENT.,$,$);
        #31=IFCQUANTITYAREA('NetFloorArea',$,$,300.,$);
        #32=IFCQUANTITYVOLUME('NetVolume',$,$,2700.,$);
        #33=IFCQUANTITYLENGTH('Height',$,$,9.,$);
        #34=IFCQUANTITYAREA('GrossFloorArea',$,#22,30.,$);
        #35=IFCELEMENTQUANTITY('q',$,'BaseQuantities',$,$,(#31,#32,#33,#34));
        #36=IFCRELDEFINESBYPROPERTIES('r',$,$,$,(#30),#35);";
    let model = load(&with_units("IFC4", records));
    let e = id(&model, "space");
    for (name, part) in [
        ("NetFloorArea", "300 is an area without a unit"),
        ("NetVolume", "2700 is a volume without a unit"),
    ] {
        match model.quantity(e, "", name).map(|r| r.value) {
            Some(Value::Unusable(why)) => assert!(why.contains(part), "{why}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    close(number(model.quantity(e, "", "Height")), 9.0 * 0.3048);
    close(number(model.quantity(e, "", "GrossFloorArea")), 30.0);
    // In metres nothing else can be meant.
    let metres = records.replace("'FOOT'", "'METRE'").replace("0.3048", "1.");
    let model = load(&with_units("IFC4", &metres));
    close(
        number(model.quantity(id(&model, "space"), "", "NetFloorArea")),
        300.0,
    );
}
