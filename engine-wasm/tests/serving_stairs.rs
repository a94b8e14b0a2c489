//! Which flights of stairs serve a storey: those that begin on it, and those of stairs below that
//! climb to it. Where that is not known, how many there are is not known.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use plancheck_engine::facts::{Reader, Target, find_relation, find_subject};
use plancheck_engine::model::Model;

/// Storeys at 0, 3 and 6 m. A stair of two flights is contained in the lowest, a flight to the roof in
/// the uppermost. `riser` is that of each of the ten risers of the lower flights.
fn model(riser: &str, elevation: &str) -> Model {
    let text = format!(
        "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
         FILE_SCHEMA(('IFC4'));ENDSEC;DATA;\
         #1=IFCPROJECT('p',$,$,$,$,$,$,$,#2);#2=IFCUNITASSIGNMENT((#3));\
         #3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\
         #4=IFCBUILDING('b',$,$,$,$,$,$,$,.ELEMENT.,$,$,$);#5=IFCRELAGGREGATES('r1',$,$,$,#1,(#4));\
         #6=IFCBUILDINGSTOREY('s0',$,$,$,$,$,$,$,.ELEMENT.,0.);\
         #7=IFCBUILDINGSTOREY('s1',$,$,$,$,$,$,$,.ELEMENT.,3.);\
         #8=IFCBUILDINGSTOREY('s2',$,$,$,$,$,$,$,.ELEMENT.,{elevation});\
         #9=IFCRELAGGREGATES('r2',$,$,$,#4,(#6,#7,#8));\
         #10=IFCSTAIR('st',$,$,$,$,$,$,$,.HALF_TURN_STAIR.);\
         #11=IFCSTAIRFLIGHT('f1',$,$,$,$,$,$,$,10,9,{riser},0.28,.STRAIGHT.);\
         #12=IFCSTAIRFLIGHT('f2',$,$,$,$,$,$,$,10,9,{riser},0.28,.STRAIGHT.);\
         #13=IFCRELAGGREGATES('r3',$,$,$,#10,(#11,#12));\
         #14=IFCRELCONTAINEDINSPATIALSTRUCTURE('r4',$,$,$,(#10),#6);\
         #15=IFCSTAIRFLIGHT('f3',$,$,$,$,$,$,$,10,9,0.15,0.28,.STRAIGHT.);\
         #16=IFCRELCONTAINEDINSPATIALSTRUCTURE('r5',$,$,$,(#15),#8);\
         ENDSEC;END-ISO-10303-21;"
    );
    Model::load(text.into_bytes()).unwrap()
}

/// GlobalIds of the flights that serve a storey, and why these may not be all.
fn serving(model: &Model, storey: &str) -> (Vec<String>, Result<(), &'static str>) {
    let reader = Reader::new(model);
    let relation = find_relation(find_subject("storey"), "stair_flights").unwrap();
    let Target::Many(members) = relation.to else {
        panic!("leads to many");
    };
    let storey = model.find(storey).unwrap();
    let flights = members(&reader, storey);
    let ids = flights
        .iter()
        .map(|f| model.global_id(*f).into_owned())
        .collect();
    (ids, relation.complete.unwrap()(&reader, storey))
}

fn ids(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

#[test]
fn a_stair_serves_the_storeys_that_it_climbs_to() {
    let one_storey = model("0.15", "6.");
    assert_eq!(serving(&one_storey, "s0"), (ids(&["f1", "f2"]), Ok(())));
    assert_eq!(serving(&one_storey, "s1"), (ids(&["f1", "f2"]), Ok(())));
    assert_eq!(serving(&one_storey, "s2"), (ids(&["f3"]), Ok(())));
    let two_storeys = model("0.30", "6.");
    assert_eq!(
        serving(&two_storeys, "s2"),
        (ids(&["f1", "f2", "f3"]), Ok(()))
    );
}

#[test]
fn what_is_not_known_is_not_counted() {
    let (_, why) = serving(&model("$", "6."), "s2");
    assert!(
        why.is_err_and(|why| why.contains("how far stairs climb")),
        "{why:?}"
    );
    let (_, why) = serving(&model("0.15", "$"), "s2");
    assert!(why.is_err(), "a storey at no elevation: {why:?}");
    // Nothing above tells anything about what is below.
    assert_eq!(
        serving(&model("$", "6."), "s0"),
        (ids(&["f1", "f2"]), Ok(()))
    );
}

#[test]
fn a_storey_that_no_stair_is_shown_to_reach_may_have_one() {
    let text = "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');\
         FILE_SCHEMA(('IFC4'));ENDSEC;DATA;#4=IFCBUILDING('b',$,$,$,$,$,$,$,.ELEMENT.,$,$,$);\
         #6=IFCBUILDINGSTOREY('s0',$,$,$,$,$,$,$,.ELEMENT.,0.);#9=IFCRELAGGREGATES('r',$,$,$,#4,(#6));\
         ENDSEC;END-ISO-10303-21;";
    let model = Model::load(text.as_bytes().to_vec()).unwrap();
    let (flights, why) = serving(&model, "s0");
    assert!(flights.is_empty() && why.is_err(), "{why:?}");
}
