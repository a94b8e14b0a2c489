//! What people read: reasons, counts and the findings of an audit.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod audits;

use serde_json::{Value, json};

use super::{CheckOptions, audit_document, check_documents};
use crate::model::Model;

const MODEL: &str = "ISO-10303-21;
HEADER;
FILE_DESCRIPTION((''),'2;1');
FILE_NAME('','',(''),(''),'','','');
FILE_SCHEMA(('IFC4'));
ENDSEC;
DATA;
#1=IFCPROJECT('0000000000000000000001',$,'P',$,$,$,$,$,#2);
#2=IFCUNITASSIGNMENT((#3));
#3=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);
#10=IFCBUILDING('0000000000000000000010',$,'B',$,$,$,$,$,$,$,$,$);
#11=IFCBUILDINGSTOREY('0000000000000000000011',$,'S',$,$,$,$,$,$,0.);
#12=IFCRELAGGREGATES('0000000000000000000012',$,$,$,#10,(#11));
#20=IFCWALL('0000000000000000000020',$,'W',$,$,$,$,$,.SOLIDWALL.);
#21=IFCRELCONTAINEDINSPATIALSTRUCTURE('0000000000000000000021',$,$,$,(#20),#11);
#22=IFCMATERIAL('Leichtbeton 102890359',$,'Beton');
#23=IFCMATERIAL('Putz',$,$);
#24=IFCMATERIALLAYER(#22,200.,$,$,$,$,$);
#25=IFCMATERIALLAYER(#23,20.,$,$,$,$,$);
#26=IFCMATERIALLAYERSET((#24,#25),'Aufbau 1',$);
#27=IFCRELASSOCIATESMATERIAL('0000000000000000000027',$,$,$,(#20),#26);
#28=IFCCLASSIFICATION($,$,$,'Uniclass',$,$,$);
#29=IFCCLASSIFICATIONREFERENCE($,'EF_25','Walls',#28,$,$);
#30=IFCRELASSOCIATESCLASSIFICATION('0000000000000000000030',$,$,$,(#20),#29);
#40=IFCPROPERTYSINGLEVALUE('FireRating',$,$,$);
#41=IFCPROPERTYSINGLEVALUE('Width',$,IFCLENGTHMEASURE(2799.9999999),$);
#42=IFCPROPERTYSINGLEVALUE('Is External',$,IFCBOOLEAN(.T.),$);
#43=IFCPROPERTYSINGLEVALUE('Place',$,IFCCOMPOUNDPLANEANGLEMEASURE((51,30,0)),$);
#44=IFCPROPERTYSET('0000000000000000000044',$,'Pset_WallCommon',$,(#40,#42));
#45=IFCPROPERTYSET('0000000000000000000045',$,'Own',$,(#41,#43));
#46=IFCRELDEFINESBYPROPERTIES('0000000000000000000046',$,$,$,(#20),#44);
#47=IFCRELDEFINESBYPROPERTIES('0000000000000000000047',$,$,$,(#20),#45);
#50=IFCDOOR('0000000000000000000050',$,'D',$,$,$,$,$,2100.,900.00000000000011,$,$,$);
ENDSEC;
END-ISO-10303-21;
";

/// One specification, with this `ifcVersion`, applicability attributes, class and requirements.
fn specification(versions: &str, occurs: &str, class: &str, asks: &str) -> String {
    format!(
        r#"<specification name="s" ifcVersion="{versions}"><applicability {occurs}><entity><name>{class}</name></entity></applicability><requirements>{asks}</requirements></specification>"#
    )
}

fn document(specifications: &str) -> String {
    format!(
        r#"<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema"><info><title>t</title><version>1.2</version></info><specifications>{specifications}</specifications></ids>"#
    )
}

const OPTIONAL: &str = r#"minOccurs="0" maxOccurs="unbounded""#;

fn simple(text: &str) -> String {
    format!("<simpleValue>{text}</simpleValue>")
}

fn on(class: &str, asks: &str) -> String {
    document(&specification("IFC4", OPTIONAL, &simple(class), asks))
}

fn property(set: &str, name: &str, more: &str) -> String {
    format!(
        "<property><propertySet>{}</propertySet><baseName>{}</baseName>{more}</property>",
        simple(set),
        simple(name)
    )
}

fn report(document: &str, most: Option<usize>) -> Value {
    let model = Model::load(MODEL.as_bytes().to_vec()).unwrap();
    let options = CheckOptions {
        most,
        ..CheckOptions::default()
    };
    let report = check_documents(&model, vec![document.into()], &options).unwrap();
    serde_json::from_str(&report.to_json().unwrap()).unwrap()
}

/// The reason of the first failing element of the first requirement.
fn reason(document: &str) -> String {
    let report = report(document, None);
    let asked = &report["documents"][0]["specifications"][0]["requirements"][0];
    let reason = asked["failing"][0]["reason"].as_str();
    reason.unwrap_or_else(|| panic!("{asked}")).to_owned()
}

fn found(document: &str) -> String {
    let reason = reason(document);
    reason.split_once(", found ").unwrap().1.to_owned()
}

#[test]
fn a_property_that_is_not_there_says_what_is() {
    for (set, name, said) in [
        (
            "Pset_WallCommon",
            "FireRating",
            "FireRating is empty in Pset_WallCommon (#40)",
        ),
        ("Pset_WallCommon", "Colour", "no Colour in Pset_WallCommon"),
        (
            "Pset_WallCommon",
            "IsExternal",
            "no IsExternal in Pset_WallCommon; it has \"Is External\"",
        ),
        (
            "Pset_WallCommon",
            "Width",
            "no Width in Pset_WallCommon; Width is in Own",
        ),
        ("Pset_Other", "Width", "no Pset_Other; Width is in Own"),
        ("Pset_Other", "Colour", "no Pset_Other"),
        (
            "pset_wallcommon",
            "Colour",
            "no pset_wallcommon; there is \"Pset_WallCommon\"",
        ),
    ] {
        assert_eq!(
            found(&on("IFCWALL", &property(set, name, ""))),
            said,
            "{set}.{name}"
        );
    }
    assert_eq!(found(&on("IFCDOOR", &property("A", "B", ""))), "no A");
}

#[test]
fn numbers_have_units_and_no_noise() {
    let value = |text: &str| format!("<value>{}</value>", simple(text));
    let bound = |kind: &str, number: &str| {
        format!(
            r#"<value><xs:restriction base="xs:double"><xs:{kind} value="{number}"/></xs:restriction></value>"#
        )
    };
    let attribute = |value: &str| {
        format!(
            "<attribute><name>{}</name>{value}</attribute>",
            simple("OverallWidth")
        )
    };
    assert_eq!(
        found(&on("IFCWALL", &property("Own", "Width", &value("3")))),
        "2.8 m in Own.Width (#41)"
    );
    // On the wrong side of a bound that rounding would meet, the number stands in full.
    for (kind, number, said) in [
        ("maxInclusive", "2.7", "2.8 m in Own.Width (#41)"),
        ("minInclusive", "2.8", "2.7999999999 m in Own.Width (#41)"),
    ] {
        let asks = property("Own", "Width", &bound(kind, number));
        assert_eq!(found(&on("IFCWALL", &asks)), said);
    }
    assert_eq!(
        found(&on("IFCDOOR", &attribute(&value("1")))),
        "0.9 m in OverallWidth"
    );
}

#[test]
fn what_may_not_be_there_is_named() {
    let prohibited = |facet: &str, inner: &str| {
        on(
            "IFCWALL",
            &format!("<{facet} cardinality=\"prohibited\">{inner}</{facet}>"),
        )
    };
    let of = |name: &str, text: &str| format!("<{name}>{}</{name}>", simple(text));
    let pattern = r#"<value><xs:restriction base="xs:string"><xs:pattern value=".*beton.*"/></xs:restriction></value>"#;
    let set = of("propertySet", "Own") + &of("baseName", "Width");
    for (facet, inner, said) in [
        (
            "material",
            pattern.to_owned(),
            "material \"Leichtbeton 102890359\"",
        ),
        ("attribute", of("name", "Name"), "\"W\" in Name"),
        ("property", set, "2.8 m in Own.Width (#41)"),
        (
            "classification",
            of("system", "Uniclass"),
            "classification \"EF_25\" in \"Uniclass\"",
        ),
    ] {
        assert_eq!(found(&prohibited(facet, &inner)), said);
    }
    let storey = format!(
        "<entity><name>{}</name></entity>",
        simple("IFCBUILDINGSTOREY")
    );
    let part = on(
        "IFCWALL",
        &format!("<partOf cardinality=\"prohibited\">{storey}</partOf>"),
    );
    assert_eq!(found(&part), "that it is part of IfcBuildingStorey #11");
    let wall = format!("<name>{}</name>", simple("IFCWALL"));
    let of_type = format!(
        "{wall}<predefinedType>{}</predefinedType>",
        simple("SOLIDWALL")
    );
    let class = prohibited("entity", &of_type);
    assert_eq!(found(&class), "IfcWall of predefined type \"SOLIDWALL\"");
    // A whole specification that is prohibited says what besides the class it is about.
    let applies = format!(
        r#"<specification name="s" ifcVersion="IFC4"><applicability minOccurs="0" maxOccurs="0"><entity>{wall}</entity><material>{pattern}</material></applicability></specification>"#
    );
    let report = report(&document(&applies), None);
    let said = &report["documents"][0]["specifications"][0]["prohibited"][0]["reason"];
    assert!(
        said.as_str()
            .unwrap()
            .ends_with(", found material \"Leichtbeton 102890359\""),
        "{said}"
    );
}

#[test]
fn every_material_that_was_compared_is_shown() {
    let asks = format!("<material><value>{}</value></material>", simple("Steel"));
    assert_eq!(
        found(&on("IFCWALL", &asks)),
        "materials \"Aufbau 1\", \"Leichtbeton 102890359\", \"Beton\", \"Putz\""
    );
}

#[test]
fn a_list_of_a_data_type_is_there_and_has_no_value_to_compare() {
    let there = report(&on("IFCWALL", &property("Own", "Place", "")), None);
    assert_eq!(there["status"], "pass");
    let value = format!("<value>{}</value>", simple("51"));
    let said = found(&on("IFCWALL", &property("Own", "Place", &value)));
    assert_eq!(
        said,
        "a list or bytes, which have no value to compare in Own.Place (#43)"
    );
}

#[test]
fn totals_tell_what_applies_to_nothing() {
    let name = format!("<attribute><name>{}</name></attribute>", simple("Name"));
    let all = [
        specification("IFC4", OPTIONAL, &simple("IFCSLAB"), &name),
        specification(
            "IFC4",
            r#"minOccurs="0" maxOccurs="0""#,
            &simple("IFCSLAB"),
            "",
        ),
        specification("IFC4", OPTIONAL, &simple("IFCWALL"), &name),
        specification(
            "IFC4",
            r#"minOccurs="1" maxOccurs="unbounded""#,
            &simple("IFCSLAB"),
            &name,
        ),
        specification("IFC4", OPTIONAL, &simple("IFCWALL"), "<nonsense/>"),
    ];
    let report = report(&document(&all.concat()), None);
    let expected = json!({
        "specifications": 5, "passed": 3, "not_applicable": 1, "failed": 1, "errors": 1
    });
    assert_eq!(report["totals"], expected);
    // What was not checked did not pass.
    let broken = specification(
        "IFC4",
        OPTIONAL,
        &simple("IFCWALL"),
        &(name + "<nonsense/>"),
    );
    let report = self::report(&document(&broken), None);
    let asked = &report["documents"][0]["specifications"][0]["requirements"][0];
    assert_eq!(
        (&asked["status"], &asked["passed"]),
        (&json!("error"), &json!(0))
    );
}

#[test]
fn a_report_says_what_the_audit_counts_and_what_the_document_says_of_itself() {
    let wrong = on("IFCWAL", &property("Pset_WallCommon", "FireRatting", ""));
    let audit = audit_document(wrong.as_bytes());
    assert_eq!(
        (audit.errors, audit.warnings),
        (2, 0),
        "{:?}",
        audit.findings
    );
    let report = report(&wrong, None);
    let document = &report["documents"][0];
    assert_eq!(
        (&document["errors"], &document["warnings"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(document["info"], json!({"version": "1.2"}));
    assert_eq!(
        report["status"], "pass",
        "which is why the errors have to be said"
    );
}

#[test]
fn what_is_not_listed_is_counted_and_the_first_of_the_file_are_listed() {
    let rows = (100..200).rev().map(|n| {
        // Doors before walls in the file, and the other way round by class.
        let class = if n % 2 == 0 { "IFCDOOR" } else { "IFCWALL" };
        format!("#{n}={class}('{n:022}',$,$,$,$,$,$,$,$,$,$,$,$);\n")
    });
    let text = MODEL.replace(
        "ENDSEC;\nEND-ISO",
        &format!("{}ENDSEC;\nEND-ISO", rows.collect::<String>()),
    );
    let model = Model::load(text.into_bytes()).unwrap();
    let classes = r#"<xs:restriction base="xs:string"><xs:enumeration value="IFCDOOR"/><xs:enumeration value="IFCWALL"/></xs:restriction>"#;
    let asks = format!(
        "<attribute><name>{}</name></attribute>",
        simple("Description")
    );
    let document = document(&specification("IFC4", OPTIONAL, classes, &asks));
    let listed = |most| {
        let options = CheckOptions {
            most,
            ..CheckOptions::default()
        };
        check_documents(&model, vec![document.clone().into_bytes()], &options).unwrap()
    };
    let mut whole = listed(None);
    whole.shorten(7);
    let short = listed(Some(7));
    assert_eq!(short, whole);
    let asked = &short.documents[0].specifications[0].requirements[0];
    assert_eq!(
        (asked.failed, asked.failing.len(), asked.left_out),
        (102, 7, 95)
    );
}
