//! Footprints of plain extrusions.

use super::*;

/// A space in millimetres whose body is this item.
fn space(item: &str) -> Model {
    load(&with_units(
        "IFC4",
        &format!(
            "#10=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);#2=IFCUNITASSIGNMENT((#10));
             #20=IFCSPACE('space',$,$,$,$,$,#21,$,.ELEMENT.,$,$);#21=IFCPRODUCTDEFINITIONSHAPE($,$,(#22));
             #22=IFCSHAPEREPRESENTATION($,'Body','SweptSolid',(#30));
             #40=IFCDIRECTION((0.,0.,1.));#41=IFCDIRECTION((1.,0.,1.));#42=IFCCARTESIANPOINT((0.,0.,0.));
             #43=IFCAXIS2PLACEMENT3D(#42,$,$);
             #44=IFCRECTANGLEPROFILEDEF(.AREA.,$,$,4000.,3000.);{item}"
        ),
    ))
}

fn points(model: &Model) -> Option<(Vec<[f64; 2]>, Option<f64>)> {
    model
        .footprint(id(model, "space"))
        .map(|f| (f.points, f.height))
}

#[test]
fn rectangles() {
    let model = space("#30=IFCEXTRUDEDAREASOLID(#44,#43,#40,2500.);");
    let corners = vec![[-2.0, -1.5], [2.0, -1.5], [2.0, 1.5], [-2.0, 1.5]];
    assert_eq!(points(&model), Some((corners.clone(), Some(2.5))));
    // Leaning: the height along the slope is no height.
    let model = space("#30=IFCEXTRUDEDAREASOLID(#44,#43,#41,2500.);");
    assert_eq!(points(&model), Some((corners.clone(), None)));
    let mapped = "#30=IFCMAPPEDITEM(#31,#32);#31=IFCREPRESENTATIONMAP(#43,#33);
        #32=IFCCARTESIANTRANSFORMATIONOPERATOR3D($,$,#42,1.,$);
        #33=IFCSHAPEREPRESENTATION($,'Body','SweptSolid',(#34));#34=IFCEXTRUDEDAREASOLID(#44,#43,#40,2500.);";
    assert_eq!(points(&space(mapped)), Some((corners, Some(2.5))));
    assert_eq!(
        points(&space(&mapped.replace("#42,1.", "#42,2."))),
        None,
        "scaled"
    );
}

#[test]
fn polygons() {
    let solid = "#30=IFCEXTRUDEDAREASOLID(#31,#43,#40,2500.);#31=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#32);
        #50=IFCCARTESIANPOINT((0.,0.));#51=IFCCARTESIANPOINT((4000.,0.));#52=IFCCARTESIANPOINT((0.,3000.));";
    let corners = Some((vec![[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]], Some(2.5)));
    let line = format!("{solid}#32=IFCPOLYLINE((#50,#51,#52,#50));");
    assert_eq!(points(&space(&line)), corners);
    let list = "#33=IFCCARTESIANPOINTLIST2D(((0.,0.),(4000.,0.),(0.,3000.)));";
    for (segments, expected) in [
        ("(IFCLINEINDEX((1,2,3)),IFCLINEINDEX((3,1)))", &corners),
        ("$", &corners),
        ("(IFCARCINDEX((1,2,3)),IFCLINEINDEX((3,1)))", &None),
        ("(IFCLINEINDEX((1,2,9)))", &None),
        ("(IFCLINEINDEX((0,2,3)))", &None),
    ] {
        let curve = format!("{solid}{list}#32=IFCINDEXEDPOLYCURVE(#33,{segments},$);");
        assert_eq!(points(&space(&curve)), *expected, "{segments}");
    }
    let clipped = "#30=IFCBOOLEANCLIPPINGRESULT(.DIFFERENCE.,#44,#44);";
    assert_eq!(points(&space(clipped)), None);
    // A mapped item that maps itself ends.
    let endless = "#30=IFCMAPPEDITEM(#31,#32);#31=IFCREPRESENTATIONMAP(#43,#22);
        #32=IFCCARTESIANTRANSFORMATIONOPERATOR3D($,$,#42,1.,$);";
    assert_eq!(points(&space(endless)), None);
}

#[test]
fn outlines_of_very_many_points_are_not_read() {
    let space_of = |corners: usize| {
        let list: Vec<String> = (0..corners)
            .map(|n| format!("({n}.,{}.)", if n == 0 { 0 } else { 1000 + n % 7 }))
            .collect();
        let solid = "#30=IFCEXTRUDEDAREASOLID(#31,#43,#40,2500.);
            #31=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#32);#32=IFCINDEXEDPOLYCURVE(#33,$,$);";
        points(&space(&format!(
            "{solid}#33=IFCCARTESIANPOINTLIST2D(({}));",
            list.join(",")
        )))
    };
    assert_eq!(space_of(5_000).map(|(points, _)| points.len()), Some(5_000));
    assert_eq!(space_of(5_001), None);
}
