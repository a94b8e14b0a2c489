//! Predefined types, classifications, materials.

use super::*;

#[test]
fn predefined_types_of_occurrence_then_type() {
    let model = load(&ifc(
        "IFC4",
        "#20=IFCDOOR('own',$,$,$,$,$,$,$,$,$,.GATE.,$,$);
         #21=IFCDOOR('user',$,$,$,'Hatch',$,$,$,$,$,.USERDEFINED.,$,$);
         #22=IFCDOOR('typed',$,$,$,$,$,$,$,$,$,.NOTDEFINED.,$,$);
         #23=IFCDOOR('none',$,$,$,$,$,$,$,$,$,$,$,$);
         #24=IFCDOORTYPE('t',$,'T',$,$,$,$,$,'Flap',.USERDEFINED.,.NOTDEFINED.,$,$);
         #25=IFCRELDEFINESBYTYPE('r',$,$,$,(#20,#21,#22),#24);",
    ));
    let of = |name| model.predefined_type(id(&model, name));
    assert_eq!(of("own").as_deref(), Some("GATE"));
    assert_eq!(of("user").as_deref(), Some("Hatch"));
    assert_eq!(of("typed").as_deref(), Some("Flap"));
    assert_eq!(of("none"), None);
    assert_eq!(
        model.object_type(id(&model, "user")).as_deref(),
        Some("Hatch")
    );
    let stair = load(&ifc(
        "IFC2X3",
        "#20=IFCSTAIR('s',$,$,$,$,$,$,$,.SPIRAL_STAIR.);",
    ));
    assert_eq!(
        stair.predefined_type(id(&stair, "s")).as_deref(),
        Some("SPIRAL_STAIR")
    );
}

#[test]
fn classifications_with_their_broader_items() {
    let model = load(&ifc(
        "IFC4",
        "#20=IFCSPACE('space',$,$,$,$,$,$,$,.ELEMENT.,$,$);
         #21=IFCCLASSIFICATION($,$,$,'Uniclass 2015',$,$,$);
         #22=IFCCLASSIFICATIONREFERENCE($,'SL_25','Education',#21,$,$);
         #23=IFCCLASSIFICATIONREFERENCE($,'SL_25_10_14','Classrooms',#22,$,$);
         #24=IFCRELASSOCIATESCLASSIFICATION('r',$,$,$,(#20),#23);
         #25=IFCCLASSIFICATIONREFERENCE($,'loop','Loop',#25,$,$);
         #26=IFCRELASSOCIATESCLASSIFICATION('r2',$,$,$,(#20),#25);",
    ));
    let all = model.classifications(id(&model, "space"));
    let shown: Vec<String> = all
        .iter()
        .map(|c| format!("{}/{}/{}", c.system, c.identification, c.name))
        .collect();
    assert_eq!(
        shown,
        [
            "Uniclass 2015/SL_25_10_14/Classrooms",
            "Uniclass 2015/SL_25/Education",
            "/loop/Loop"
        ]
    );
    let old = load(&ifc(
        "IFC2X3",
        "#20=IFCSPACE('space',$,$,$,$,$,$,$,.ELEMENT.,.INTERNAL.,$);#21=IFCCLASSIFICATION('x','1',$,'OmniClass');
         #23=IFCCLASSIFICATIONREFERENCE('http://x','13-11','Office',#21);
         #24=IFCRELASSOCIATESCLASSIFICATION('r',$,$,$,(#20),#23);",
    ));
    let all = old.classifications(id(&old, "space"));
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].system.as_str(), all[0].identification.as_str()),
        ("OmniClass", "13-11")
    );
}

#[test]
fn materials_of_every_form() {
    let model = load(&ifc(
        "IFC4",
        "#20=IFCWALL('layers',$,$,$,$,$,$,$,$);#21=IFCWALL('list',$,$,$,$,$,$,$,$);
         #22=IFCWALL('parts',$,$,$,$,$,$,$,$);#23=IFCBEAM('beam',$,$,$,$,$,$,$,$);
         #30=IFCMATERIAL('Brick',$,$);#31=IFCMATERIAL('Wool',$,$);#32=IFCMATERIAL('Steel',$,$);
         #33=IFCMATERIALLAYER(#30,0.1,$,$,$,$,$);#34=IFCMATERIALLAYER(#31,0.1,$,$,$,$,$);
         #35=IFCMATERIALLAYERSET((#33,#34,#33),'Cavity',$);
         #36=IFCMATERIALLAYERSETUSAGE(#35,.AXIS2.,.POSITIVE.,0.,$);
         #37=IFCMATERIALLIST((#31,#32));
         #38=IFCMATERIALCONSTITUENT('Frame',$,#32,$,$);#39=IFCMATERIALCONSTITUENTSET('Set',$,(#38));
         #40=IFCMATERIALPROFILE('P',$,#32,$,$,$);#41=IFCMATERIALPROFILESET('S',$,(#40),$);
         #42=IFCMATERIALPROFILESETUSAGE(#41,$,$);
         #50=IFCRELASSOCIATESMATERIAL('1',$,$,$,(#20),#36);#51=IFCRELASSOCIATESMATERIAL('2',$,$,$,(#21),#37);
         #52=IFCRELASSOCIATESMATERIAL('3',$,$,$,(#22),#39);#53=IFCRELASSOCIATESMATERIAL('4',$,$,$,(#60),#42);
         #60=IFCBEAMTYPE('t',$,$,$,$,$,$,$,$,.BEAM.);#61=IFCRELDEFINESBYTYPE('5',$,$,$,(#23),#60);",
    ));
    for (name, expected) in [
        ("layers", "Brick Wool"),
        ("list", "Wool Steel"),
        ("parts", "Steel"),
        ("beam", "Steel"),
    ] {
        assert_eq!(
            model.materials(id(&model, name)).join(" "),
            expected,
            "{name}"
        );
    }
}
