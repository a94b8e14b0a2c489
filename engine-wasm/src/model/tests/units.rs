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
    // A length in square millimetres is no length.
    unusable(
        model.quantity(e, "", "Wrong"),
        "10 carries a unit of something else",
    );
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

/// What is written is not used, and the reason begins so.
fn unusable(reading: Option<Reading>, start: &str) {
    match reading.map(|r| r.value) {
        Some(Value::Unusable(why)) => assert!(why.starts_with(start), "{why}"),
        other => panic!("{start}: {other:?}"),
    }
}

#[test]
fn odd_units_are_said_and_no_length_is_guessed() {
    let metre = "#9=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);";
    let unit = |label: &str, factor: &str| {
        format!(
            "{metre}#21=IFCMEASUREWITHUNIT(IFCLENGTHMEASURE({factor}),#9);
             #10=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'{label}',#21);
             #2=IFCUNITASSIGNMENT((#10));"
        )
    };
    let (none, unfit, twice) = (
        "32 is a length without a unit: the file assigns none",
        "32 is in a unit that the file does not define, or not as its name says",
        "32 is in a unit that the file assigns twice, and differently",
    );
    let missing = "units.no-length-unit";
    for (name, units, code, why) in [
        ("no assignment", String::new(), missing, none),
        (
            "an assignment that no project names",
            format!("{metre}#3=IFCUNITASSIGNMENT((#9));"),
            missing,
            none,
        ),
        (
            "areas only",
            format!("{SQUARE_FEET}#2=IFCUNITASSIGNMENT((#11));"),
            missing,
            none,
        ),
        (
            "a unit that is not in the file",
            "#2=IFCUNITASSIGNMENT((#999));".to_owned(),
            missing,
            none,
        ),
        (
            "a name that nobody knows",
            "#10=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'ELL',$);#2=IFCUNITASSIGNMENT((#10));"
                .to_owned(),
            "units.no-factor",
            unfit,
        ),
        (
            "a unit that is its own base",
            "#20=IFCMEASUREWITHUNIT(IFCRATIOMEASURE(2.),#10);
             #10=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'ell',#20);#2=IFCUNITASSIGNMENT((#10));"
                .to_owned(),
            "units.no-factor",
            unfit,
        ),
        (
            "a length in seconds",
            "#10=IFCSIUNIT(*,.LENGTHUNIT.,$,.SECOND.);#2=IFCUNITASSIGNMENT((#10));".to_owned(),
            missing,
            unfit,
        ),
        (
            "a foot of ten feet",
            unit("FOOT", "3.048"),
            "units.implausible-factor",
            unfit,
        ),
        (
            "a foot of more than a foot",
            unit("FOOT", "0.3055"),
            "units.implausible-factor",
            unfit,
        ),
        (
            "an inch of a foot",
            unit("inch", "0.3048"),
            "units.implausible-factor",
            unfit,
        ),
        (
            "a yard in feet",
            unit("YARD", "3."),
            "units.implausible-factor",
            unfit,
        ),
        (
            "metre and foot",
            format!("{metre}{FEET}#2=IFCUNITASSIGNMENT((#9,#10));"),
            "units.twice",
            twice,
        ),
        (
            "projects that differ",
            format!(
                "{metre}{FEET}#2=IFCUNITASSIGNMENT((#10));#3=IFCUNITASSIGNMENT((#9));
                 #4=IFCPROJECT('other',$,$,$,$,$,$,$,#3);"
            ),
            "units.twice",
            twice,
        ),
    ] {
        let model = door(&units, "");
        assert!(codes(&model).contains(&code), "{name}: {:?}", codes(&model));
        let width = model.attribute(id(&model, "door"), "OverallWidth");
        assert_eq!(
            width.as_ref().and_then(|r| r.dimension),
            Some(Dimension::Length),
            "{name}"
        );
        unusable(width, why);
    }
    for (name, units, expected) in [
        ("a rounded foot", unit("FOOT", "0.305"), 32.0 * 0.305),
        (
            "a surveyor's foot",
            unit("foot", "0.3048006096"),
            32.0 * 0.3048006096,
        ),
        (
            "a foot by its name",
            "#10=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'FOOT',$);#2=IFCUNITASSIGNMENT((#10));"
                .to_owned(),
            32.0 * 0.3048,
        ),
        (
            "projects that agree",
            format!(
                "{metre}#8=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);#2=IFCUNITASSIGNMENT((#8));
                 #3=IFCUNITASSIGNMENT((#9));#4=IFCPROJECT('other',$,$,$,$,$,$,$,#3);"
            ),
            32.0,
        ),
    ] {
        let width = door(&units, "");
        let width = width.attribute(id(&width, "door"), "OverallWidth");
        assert!(
            matches!(width.as_ref().map(|r| &r.value), Some(Value::Number(_))),
            "{name}"
        );
        close(number(width), expected);
    }
}

#[test]
fn a_unit_of_its_own_that_does_not_fit_is_not_replaced() {
    let model = door(
        &format!("{FEET}{SQUARE_FEET}#2=IFCUNITASSIGNMENT((#10,#11));"),
        "#40=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);
         #43=IFCMEASUREWITHUNIT(IFCRATIOMEASURE(12.),#40);
         #44=IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'INCH',#43);
         #45=IFCCONTEXTDEPENDENTUNIT($,.USERDEFINED.,'PIECES');
         #50=IFCPROPERTYSINGLEVALUE('Area',$,IFCPOSITIVELENGTHMEASURE(3.),#11);
         #51=IFCPROPERTYSINGLEVALUE('Dangling',$,IFCLENGTHMEASURE(3.),#999);
         #52=IFCPROPERTYSINGLEVALUE('RealDangling',$,IFCREAL(3.),#999);
         #53=IFCPROPERTYSINGLEVALUE('Inch',$,IFCREAL(3.),#44);
         #54=IFCPROPERTYSINGLEVALUE('Pieces',$,IFCREAL(3.),#45);
         #55=IFCPROPERTYSINGLEVALUE('LongPieces',$,IFCLENGTHMEASURE(3.),#45);
         #56=IFCPROPERTYSINGLEVALUE('Good',$,IFCLENGTHMEASURE(3.),#40);
         #57=IFCPROPERTYSINGLEVALUE('Angle',$,IFCPLANEANGLEMEASURE(3.),$);
         #58=IFCPROPERTYSET('q',$,'Set',$,(#50,#51,#52,#53,#54,#55,#56,#57));
         #59=IFCRELDEFINESBYPROPERTIES('r',$,$,$,(#30),#58);",
    );
    let property = |name| model.property(id(&model, "door"), "Set", name);
    unusable(property("Area"), "3 carries a unit of something else");
    unusable(property("Dangling"), "3 carries a unit that cannot be read");
    unusable(
        property("RealDangling"),
        "3 carries a unit that cannot be read",
    );
    unusable(property("Inch"), "3 carries a unit that cannot be read");
    unusable(property("LongPieces"), "3 carries a unit of something else");
    unusable(property("Angle"), "3 is an angle without a unit");
    close(number(property("Pieces")), 3.0);
    close(number(property("Good")), 0.003);
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
