//! What belongs to what.

use super::*;

/// Two storeys; a curtain wall with a nested door; a wall with a window in an opening; spaces.
const BUILDING: &str = "
    #20=IFCSITE('site',$,$,$,$,$,$,$,.ELEMENT.,$,$,$,$,$);
    #21=IFCBUILDING('building',$,'House',$,$,$,$,$,.ELEMENT.,$,$,$);
    #22=IFCBUILDINGSTOREY('ground',$,'Ground',$,$,$,$,$,.ELEMENT.,0.);
    #23=IFCBUILDINGSTOREY('upper',$,'Upper',$,$,$,$,$,.ELEMENT.,3.);
    #24=IFCSPACE('hall',$,'1',$,$,$,$,'Hall',.ELEMENT.,.INTERNAL.,$);
    #25=IFCSPACE('room',$,'2',$,$,$,$,'Room',.ELEMENT.,.INTERNAL.,$);
    #30=IFCCURTAINWALL('curtain',$,$,$,$,$,$,$);
    #31=IFCDOOR('door',$,$,$,$,$,$,$,2.1,0.9);
    #32=IFCWALL('wall',$,$,$,$,$,$,$);
    #33=IFCOPENINGELEMENT('opening',$,$,$,$,$,$,$);
    #34=IFCWINDOW('window',$,$,$,$,$,$,$,1.,1.);
    #35=IFCDOOR('inner',$,$,$,$,$,$,$,2.1,0.8);
    #36=IFCFURNISHINGELEMENT('desk',$,$,$,$,$,$,$);
    #40=IFCRELAGGREGATES('a1',$,$,$,#1,(#20));
    #41=IFCRELAGGREGATES('a2',$,$,$,#20,(#21));
    #42=IFCRELAGGREGATES('a3',$,$,$,#21,(#22,#23));
    #43=IFCRELAGGREGATES('a4',$,$,$,#22,(#24,#25));
    #44=IFCRELAGGREGATES('a5',$,$,$,#30,(#31));
    #45=IFCRELCONTAINEDINSPATIALSTRUCTURE('c1',$,$,$,(#30,#32),#22);
    #46=IFCRELCONTAINEDINSPATIALSTRUCTURE('c2',$,$,$,(#35),#23);
    #47=IFCRELCONTAINEDINSPATIALSTRUCTURE('c3',$,$,$,(#36),#25);
    #48=IFCRELVOIDSELEMENT('v',$,$,$,#32,#33);
    #49=IFCRELFILLSELEMENT('f',$,$,$,#33,#34);
    #50=IFCRELSPACEBOUNDARY('b1',$,$,$,#24,#35,$,.PHYSICAL.,.INTERNAL.);
    #51=IFCRELSPACEBOUNDARY('b2',$,'2ndLevel',$,#25,#35,$,.PHYSICAL.,.INTERNAL.);
    #52=IFCRELSPACEBOUNDARY('b3',$,'2ndLevel',$,#24,#35,$,.PHYSICAL.,.INTERNAL.);
    #53=IFCZONE('zone',$,'Z',$,$);
    #54=IFCRELASSIGNSTOGROUP('g',$,$,$,(#25,#24),$,#53);
    #55=IFCRELCONNECTSELEMENTS('n',$,$,$,$,#32,#30);";

#[test]
fn a_door_nested_in_a_curtain_wall_is_in_its_storey() {
    let model = load(&ifc("IFC2X3", BUILDING));
    let e = id(&model, "door");
    let name = |e: Option<ElementId>| e.map(|e| model.global_id(e).into_owned());
    assert_eq!(name(model.parent(e)).as_deref(), Some("curtain"));
    assert_eq!(name(model.container(e)).as_deref(), Some("ground"));
    assert_eq!(name(model.storey(e)).as_deref(), Some("ground"));
    assert_eq!(name(model.building(e)).as_deref(), Some("building"));
    assert_eq!(ids(&model, model.parts(id(&model, "curtain"))), "door");
}

#[test]
fn a_window_in_an_opening_is_where_its_wall_is() {
    let model = load(&ifc("IFC2X3", BUILDING));
    let (window, wall) = (id(&model, "window"), id(&model, "wall"));
    assert_eq!(model.fills(window), Some(wall));
    assert_eq!(model.parent(window), Some(wall));
    assert_eq!(model.parent(id(&model, "opening")), Some(wall));
    assert_eq!(model.storey(window), model.find("ground"));
    assert_eq!(model.fillers(wall), [window]);
    assert_eq!(model.fills(wall), None);
}

#[test]
fn containment_and_what_is_within() {
    let model = load(&ifc("IFC2X3", BUILDING));
    let at = |name: &str| id(&model, name);
    assert_eq!(ids(&model, model.contained(at("ground"))), "curtain wall");
    assert_eq!(ids(&model, &model.within(at("ground"), "IfcDoor")), "door");
    assert_eq!(
        ids(&model, &model.within(at("building"), "IfcDoor")),
        "door inner"
    );
    assert_eq!(
        ids(&model, &model.within(at("site"), "IfcElement")),
        "curtain door wall opening window inner desk"
    );
    assert_eq!(
        ids(&model, &model.within(at("building"), "IfcSpace")),
        "hall room"
    );
    assert_eq!(model.storey(at("desk")), model.find("ground"));
    assert_eq!(model.storey(at("upper")), model.find("upper"));
    assert_eq!(model.storey(at("building")), None);
    assert_eq!(model.container(at("ground")), model.find("building"));
}

#[test]
fn boundaries_groups_and_connections() {
    let model = load(&ifc("IFC2X3", BUILDING));
    let at = |name: &str| id(&model, name);
    assert_eq!(
        ids(&model, model.space_boundaries(at("hall"))),
        "inner",
        "once"
    );
    assert_eq!(ids(&model, model.bounded_spaces(at("inner"))), "hall room");
    assert_eq!(ids(&model, model.groups(at("hall"))), "zone");
    assert_eq!(
        ids(&model, model.members(at("zone"))),
        "room hall",
        "order of the file"
    );
    assert_eq!(ids(&model, model.connected(at("curtain"))), "wall");
    assert_eq!(ids(&model, model.connected(at("wall"))), "curtain");
}

#[test]
fn ports_connect_their_elements() {
    let pipes = "#20=IFCFLOWSEGMENT('a',$,$,$,$,$,$,$);#21=IFCFLOWSEGMENT('b',$,$,$,$,$,$,$);
        #22=IFCDISTRIBUTIONPORT('pa',$,$,$,$,$,$,.SOURCE.);#23=IFCDISTRIBUTIONPORT('pb',$,$,$,$,$,$,.SINK.);
        #24=IFCRELCONNECTSPORTS('r',$,$,$,#22,#23,$);";
    let related = "#25=IFCRELCONNECTSPORTTOELEMENT('x',$,$,$,#22,#20);#26=IFCRELCONNECTSPORTTOELEMENT('y',$,$,$,#23,#21);";
    let nested = "#25=IFCRELNESTS('x',$,$,$,#20,(#22));#26=IFCRELNESTS('y',$,$,$,#21,(#23));";
    for (schema, owners) in [("IFC2X3", related), ("IFC4", nested)] {
        let model = load(&ifc(schema, &format!("{pipes}{owners}")));
        assert_eq!(
            ids(&model, model.connected(id(&model, "a"))),
            "b",
            "{schema}"
        );
        assert_eq!(
            ids(&model, model.connected(id(&model, "b"))),
            "a",
            "{schema}"
        );
    }
}

#[test]
fn cycles_are_cut_and_said() {
    let model = load(&ifc(
        "IFC4",
        "#20=IFCWALL('a',$,$,$,$,$,$,$,$);#21=IFCWALL('b',$,$,$,$,$,$,$,$);
         #22=IFCWALL('c',$,$,$,$,$,$,$,$);#23=IFCWALL('self',$,$,$,$,$,$,$,$);
         #24=IFCBUILDINGSTOREY('storey',$,$,$,$,$,$,$,.ELEMENT.,0.);
         #30=IFCRELAGGREGATES('1',$,$,$,#20,(#21));#31=IFCRELAGGREGATES('2',$,$,$,#21,(#22));
         #32=IFCRELAGGREGATES('3',$,$,$,#22,(#20));#33=IFCRELAGGREGATES('4',$,$,$,#23,(#23));
         #34=IFCRELCONTAINEDINSPATIALSTRUCTURE('5',$,$,$,(#20,#21,#22,#23),#24);",
    ));
    assert!(codes(&model).contains(&"model.cycle"));
    for wall in ["a", "b", "c", "self"] {
        assert_eq!(
            model.storey(id(&model, wall)),
            model.find("storey"),
            "{wall}"
        );
    }
    assert_eq!(
        ids(&model, &model.within(id(&model, "storey"), "IfcWall")),
        "a b c self"
    );
}

#[test]
fn endless_nesting_ends() {
    use std::fmt::Write;
    let mut records = String::new();
    for n in 0..20_000 {
        let (wall, relation) = (100 + 2 * n, 101 + 2 * n);
        write!(records, "#{wall}=IFCWALL('{n}',$,$,$,$,$,$,$,$);").expect("a string grows");
        write!(
            records,
            "#{relation}=IFCRELAGGREGATES('r{n}',$,$,$,#{wall},(#{}));",
            wall + 2
        )
        .expect("a string grows");
    }
    let mut model = load(&ifc("IFC4", &records));
    assert_eq!(model.storey(id(&model, "19999")), None);
    assert!(codes(&model).contains(&"model.too-deep"));
    let first = id(&model, "0");
    assert_eq!(model.within(first, "IfcWall").len(), 64);
    let deepest = id(&model, "64");
    assert!(model.parts(deepest).is_empty() && model.parent(id(&model, "65")).is_none());
    assert_eq!(model.within(id(&model, "65"), "IfcWall").len(), 64);
    model.remove_element(first);
    assert_eq!(model.of_class("IfcWall").len(), 20_000 - 65);
}

#[test]
fn everything_below_the_deepest_level_is_cut_at_once() {
    use std::fmt::Write;
    let mut records = String::new();
    for n in 0..=64 {
        let next = if n < 64 { n + 1 } else { 1000 };
        write!(records, "#{}=IFCWALL('{n}',$,$,$,$,$,$,$,$);", 100 + n).expect("a string grows");
        if n < 64 {
            write!(
                records,
                "#{}=IFCRELAGGREGATES('r{n}',$,$,$,#{},(#{}));",
                200 + n,
                100 + n,
                100 + next
            )
            .expect("a string grows");
        }
    }
    let mut list = String::new();
    for n in 0..50_000 {
        write!(
            records,
            "#{}=IFCDOOR('d{n}',$,$,$,$,$,$,$,$,$,$,$,$);",
            1000 + n
        )
        .expect("a string grows");
        write!(list, "{}#{}", if n > 0 { "," } else { "" }, 1000 + n).expect("a string grows");
    }
    write!(records, "#99=IFCRELAGGREGATES('r',$,$,$,#164,({list}));").expect("a string grows");
    let model = load(&ifc("IFC4", &records));
    assert_eq!(model.within(id(&model, "0"), "IfcDoor").len(), 0);
    assert!(model.parts(id(&model, "64")).is_empty());
    assert_eq!(model.diagnostics().total(), 50_000);
}
