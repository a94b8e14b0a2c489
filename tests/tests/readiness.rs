//! Promise: the IDS documents that a module carries are checked before its rules, come out in the
//! report, and one that is broken costs only itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use plancheck_contract::Manifest;
use plancheck_contract::manifest::Readiness;
use plancheck_engine::ids::audit_document;
use plancheck_engine::rules::{Answer, Edit, ModuleSlot, Question, Session};
use plancheck_tests::shared::root;
use serde_json::{Value, json};

/// Our module with these documents instead of its own.
fn carrying(documents: &[(&str, &str)]) -> ModuleSlot {
    let mut manifest = Manifest::from_json(&(us_ibc_2024::module().describe)()).unwrap();
    manifest.readiness = documents
        .iter()
        .map(|(name, document)| Readiness {
            name: (*name).to_owned(),
            document: (*document).to_owned(),
        })
        .collect();
    ModuleSlot::Ready {
        manifest: manifest.to_json(),
        digest: "native".to_owned(),
    }
}

/// Answers every question.
fn finish(session: &mut Session) -> Value {
    while let Some(call) = session.next_call() {
        let module = us_ibc_2024::module();
        let answer = match &call.question {
            Question::Derive(facts) => Answer::Columns((module.derive)(facts, &call.batch)),
            Question::Evaluate(rules) => Answer::Verdicts((module.evaluate)(rules, &call.batch)),
        };
        session.reply(call.id, answer).unwrap();
    }
    serde_json::from_str(&session.report().unwrap().to_json()).unwrap()
}

fn office() -> Vec<u8> {
    std::fs::read(root().join("demo/office.ifc")).unwrap()
}

fn checked(model: Vec<u8>, documents: &[(&str, &str)]) -> Value {
    let mut session = Session::load(model).unwrap();
    session.use_modules(vec![carrying(documents)]);
    finish(&mut session)
}

/// A document with one specification: every element of the class has the attribute.
fn asking(versions: &str, class: &str, attribute: &str) -> String {
    format!(
        r#"<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <info><title>T</title></info><specifications>
        <specification name="S" ifcVersion="{versions}"><applicability minOccurs="1" maxOccurs="unbounded">
        <entity><name><simpleValue>{class}</simpleValue></name></entity></applicability><requirements>
        <attribute cardinality="required"><name><simpleValue>{attribute}</simpleValue></name></attribute>
        </requirements></specification></specifications></ids>"#
    )
}

#[test]
fn first_party_documents_are_without_fault() {
    let mut carried = 0;
    for module in [us_ibc_2024::module(), us_ada_2010::module()] {
        let manifest = Manifest::from_json(&(module.describe)()).unwrap();
        for readiness in manifest.readiness {
            carried += 1;
            let audit = audit_document(readiness.document.as_bytes());
            assert!(audit.specifications > 0, "{}", readiness.name);
            assert!(audit.findings.is_empty(), "{:?}", audit.findings);
        }
    }
    assert!(carried > 0);
}

#[test]
fn a_model_that_says_it_passes_and_one_that_does_not_fails() {
    let named = asking("IFC4", "IFCDOOR", "OverallWidth");
    let tagged = asking("IFC4", "IFCDOOR", "UserDefinedOperationType");
    let report = checked(office(), &[("named.ids", &named), ("tagged.ids", &tagged)]);
    let readiness = report["readiness"].as_array().unwrap();
    assert_eq!(readiness[0]["document"], "named.ids");
    assert_eq!(readiness[0]["module"], "us-ibc-2024");
    assert_eq!(readiness[0]["status"], "pass");
    assert_eq!(readiness[1]["status"], "fail");
    let requirement = &readiness[1]["specifications"][0]["requirements"][0];
    assert_eq!(
        requirement["failed"],
        readiness[1]["specifications"][0]["applicable"]
    );
    assert!(
        requirement["failing"][0]["element"]["global_id"]
            .as_str()
            .unwrap()
            .len()
            == 22
    );
    // Lacking information makes nothing incomplete: every rule was asked.
    assert_eq!(report["summary"]["complete"], true);
}

#[test]
fn a_document_that_cannot_be_read_costs_only_itself() {
    let good = asking("IFC4", "IFCDOOR", "OverallWidth");
    let report = checked(office(), &[("bad.ids", "<ids"), ("good.ids", &good)]);
    assert_eq!(report["readiness"][0]["status"], "error");
    assert!(report["readiness"][0]["reason"].is_string());
    assert_eq!(report["readiness"][1]["status"], "pass");
    assert_eq!(report["summary"]["complete"], false);
    let without = checked(office(), &[]);
    assert_eq!(report["rules"], without["rules"]);
    assert_eq!(without["readiness"], json!([]));
}

#[test]
fn what_is_written_for_other_versions_does_not_count() {
    let other = asking("IFC2X3", "IFCDOOR", "UserDefinedOperationType");
    let report = checked(office(), &[("other.ids", &other)]);
    assert_eq!(report["readiness"][0]["status"], "pass");
    let specification = &report["readiness"][0]["specifications"][0];
    assert_eq!(specification["meant_for_model"], false);
    assert_eq!(specification["status"], "fail");
}

#[test]
fn json_models_have_nothing_that_ids_asks_about() {
    let asked = asking("IFC4", "IFCDOOR", "OverallWidth");
    let model = br#"{"building_id": "b", "objects": []}"#.to_vec();
    let report = checked(model, &[("asked.ids", &asked)]);
    assert_eq!(report["readiness"][0]["status"], "not_applicable");
    assert_eq!(report["summary"]["complete"], true);
}

#[test]
fn names_are_those_of_the_edited_model_whenever_it_was_edited() {
    let asked = asking("IFC4", "IFCSPACE", "UserDefinedOperationType");
    let rename = || -> Vec<Edit> {
        let session = Session::load(office()).unwrap();
        let space = session.model().of_class("IfcSpace")[0];
        let element = session.model().global_id(space).into_owned();
        let edit = json!([{"op": "set_attribute", "element": element, "name": "LongName", "value": "Vault"}]);
        serde_json::from_value(edit).unwrap()
    };
    let start = || {
        let mut session = Session::load(office()).unwrap();
        session.use_modules(vec![carrying(&[("asked.ids", &asked)])]);
        session
    };
    let mut after = start();
    finish(&mut after);
    after.edit(rename()).unwrap();
    let after = finish(&mut after);
    let mut before = start();
    before.edit(rename()).unwrap();
    assert_eq!(after, finish(&mut before));
    assert!(after["readiness"].to_string().contains("Vault"));
}

#[test]
fn edits_are_said_not_to_be_seen_and_taken_back_leave_no_trace() {
    let asked = asking("IFC4", "IFCDOOR", "OverallWidth");
    let mut session = Session::load(office()).unwrap();
    session.use_modules(vec![carrying(&[("asked.ids", &asked)])]);
    let first = finish(&mut session);
    let door = session.model().of_class("IfcDoor")[0];
    let element = session.model().global_id(door).into_owned();
    let edits = |json: Value| -> Vec<Edit> { serde_json::from_value(json).unwrap() };
    session
        .edit(edits(json!([
            {"op": "set_attribute", "element": element, "name": "OverallWidth", "value": 0.5},
            {"op": "set_property", "element": element, "set": "Pset_DoorCommon", "name": "FireExit", "value": true},
        ])))
        .unwrap();
    let edited = finish(&mut session);
    assert_eq!(edited["readiness"][0]["before_edits"], true);
    assert_eq!(edited["readiness"][0]["status"], "pass");
    assert_ne!(edited["model"]["digest"], first["model"]["digest"]);
    assert_ne!(edited["findings"], first["findings"]);
    session
        .edit(edits(json!([
            {"op": "restore_attribute", "element": element, "name": "OverallWidth"},
            {"op": "restore_property", "element": element, "set": "pset_doorcommon", "name": "fireexit"},
        ])))
        .unwrap();
    assert_eq!(finish(&mut session), first);
    // Nothing was left to take back.
    session
        .edit(edits(
            json!([{"op": "restore_attribute", "element": element, "name": "OverallWidth"}]),
        ))
        .unwrap();
    assert_eq!(finish(&mut session), first);
}
