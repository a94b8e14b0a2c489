//! Promise: a model is checked with the codes of the place that it states; a place that is given wins; what
//! was assumed is said loudly, and nothing is ever checked with no code at all.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

mod cli_support;

use std::path::{Path, PathBuf};

use cli_support::{code, complete, err, out, plancheck, run};
use serde_json::Value;

const OFFICE: &str = "demo/office.ifc";

/// A model with a building whose address has this town, region and country.
fn model(folder: &Path, name: &str, [town, region, country]: [&str; 3]) -> PathBuf {
    let path = folder.join(name);
    let text = format!(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n\
         #2=IFCBUILDING('0Building_____________',$,'B',$,$,$,$,$,.ELEMENT.,$,$,#9);\n\
         #9=IFCPOSTALADDRESS($,$,$,$,$,$,'{town}','{region}',$,'{country}');\n\
         ENDSEC;\nEND-ISO-10303-21;\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

fn report(model: &Path, more: &[&str]) -> Value {
    let output = run(plancheck()
        .args(["validate", "--format", "json", "--fail-on", "never"])
        .arg(model)
        .args(more));
    assert_eq!(code(&output), 0, "{}", err(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn modules(report: &Value) -> Vec<&str> {
    let modules = report["ruleset"]["modules"].as_array().unwrap();
    modules.iter().map(|m| m["id"].as_str().unwrap()).collect()
}

#[test]
fn the_codes_of_the_place_that_the_model_states_apply() {
    if !complete("the_codes_of_the_place_that_the_model_states_apply") {
        return;
    }
    let report = report(OFFICE.as_ref(), &[]);
    let place = &report["ruleset"]["place"];
    assert_eq!(place["place"], "us/co/denver");
    assert_eq!(place["source"], "model");
    assert_eq!(place["read"][0]["record"], 32);
    assert_eq!(place["read"][0]["attribute"], "BuildingAddress.Country");
    assert_eq!(place["read"][0]["value"], "US");
    assert!(modules(&report).contains(&"us-ibc-2024"));
    assert!(modules(&report).contains(&"us-nec-2023"));
    let text = out(&run(plancheck().args(["validate", OFFICE])));
    assert!(
        text.contains("Place: us/co/denver; the model says so"),
        "{text}"
    );
}

#[test]
fn each_model_of_a_run_has_its_own_place() {
    if !complete("each_model_of_a_run_has_its_own_place") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let munich = model(
        folder.path(),
        "munich.ifc",
        ["München", "Bayern", "Deutschland"],
    );
    let sydney = model(folder.path(), "sydney.ifc", ["Sydney", "NSW", "Australia"]);
    let output = run(plancheck()
        .args(["validate", "--format", "json", "--fail-on", "never"])
        .args([&munich, &sydney]));
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    let reports: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(
        modules(&reports[0]),
        [
            "de-din-18040",
            "de-din-18065",
            "de-mbo",
            "eu-eurocodes",
            "de-by-baybo"
        ]
    );
    assert_eq!(modules(&reports[1]), ["au-ncc-2022"]);
    // The amendment of Bavaria counts.
    assert!(reports[0]["ruleset"]["amended"].as_array().unwrap().len() > 2);
}

#[test]
fn a_place_that_is_given_wins() {
    if !complete("a_place_that_is_given_wins") {
        return;
    }
    let report = report(OFFICE.as_ref(), &["--jurisdiction", "sg"]);
    assert_eq!(report["ruleset"]["place"]["place"], "sg");
    assert_eq!(report["ruleset"]["place"]["source"], "given");
    assert_eq!(modules(&report), ["sg-access-escape"]);
}

#[test]
fn where_nobody_says_where_it_is_that_is_said() {
    if !complete("where_nobody_says_where_it_is_that_is_said") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let boston = model(folder.path(), "boston.ifc", ["", "Boston", "MA"]);
    let found = report(&boston, &[]);
    let place = &found["ruleset"]["place"];
    assert_eq!(
        (&place["place"], &place["source"]),
        (&"us".into(), &"assumed".into())
    );
    assert!(
        place["notes"][0]
            .as_str()
            .unwrap()
            .contains("Enter address here")
    );
    assert_eq!(
        modules(&found),
        modules(&report(&boston, &["--jurisdiction", "us"]))
    );
    let text = out(&run(plancheck().arg("validate").arg(&boston)));
    // As one line, however it is wrapped.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("PLACE NOT KNOWN, us ASSUMED"), "{text}");
    assert!(
        text.contains("--jurisdiction us/ca/san-francisco"),
        "{text}"
    );
}

#[test]
fn a_place_without_codes_is_no_empty_ruleset() {
    if !complete("a_place_without_codes_is_no_empty_ruleset") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tokyo = model(folder.path(), "tokyo.ifc", ["Tokyo", "", "Japan"]);
    let output = run(plancheck().args(["validate"]).arg(&tokyo));
    assert_eq!(code(&output), 2, "{}", out(&output));
    let said = err(&output);
    assert!(said.contains("no module applies to jp"), "{said}");
    assert!(
        said.contains("BuildingAddress.Country “Japan”, record #9"),
        "{said}"
    );
    assert!(said.contains("--jurisdiction"), "{said}");
    let scotland = model(
        folder.path(),
        "edinburgh.ifc",
        ["Edinburgh", "", "Scotland"],
    );
    let said = err(&run(plancheck().args(["validate"]).arg(&scotland)));
    assert!(
        said.contains("the nearest places with modules: gb/eng"),
        "{said}"
    );
}

#[test]
fn who_names_files_and_nothing_else_gets_these() {
    if !complete("who_names_files_and_nothing_else_gets_these") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tokyo = model(folder.path(), "tokyo.ifc", ["Tokyo", "", "Japan"]);
    let more = [
        "--no-builtin",
        "--module",
        "target/plancheck/modules/us-ada-2010.wasm",
    ];
    let found = report(&tokyo, &more);
    assert_eq!(modules(&found), ["us-ada-2010"]);
    assert!(found["ruleset"].get("place").is_none());
}

#[test]
fn a_file_that_does_not_apply_is_said() {
    if !complete("a_file_that_does_not_apply_is_said") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let singapore = model(folder.path(), "sg.ifc", ["", "", "Singapore"]);
    let found = report(
        &singapore,
        &["--module", "target/plancheck/rulebooks/de-mbo.wasm"],
    );
    assert_eq!(modules(&found), ["sg-access-escape"]);
    let notes = found["ruleset"]["place"]["notes"].to_string();
    assert!(
        notes.contains("de-mbo") && notes.contains("is not used"),
        "{notes}"
    );
}

#[test]
fn resolve_explains_the_place_of_a_model() {
    if !complete("resolve_explains_the_place_of_a_model") {
        return;
    }
    let resolve = |more: &[&str]| run(plancheck().args(["jurisdictions", "resolve"]).args(more));
    let text = resolve(&[OFFICE, "--date", "2026-03-01"]);
    assert_eq!(code(&text), 0, "{}", err(&text));
    let text = out(&text);
    for part in [
        "us/co/denver on 2026-03-01",
        "us-ibc-2024",
        "BuildingAddress.Region",
        "#32",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = resolve(&[OFFICE, "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["place"], "us/co/denver");
    assert_eq!(json["read"][2]["value"], "Denver");
    // A place, by name and as it was written before.
    let named = out(&resolve(&["--place", "us/ca", "--date", "2026-03-01"]));
    assert_eq!(named, out(&resolve(&["us/ca", "--date", "2026-03-01"])));
    assert!(named.contains("us-ca-ibc-2024"), "{named}");
    let folder = tempfile::tempdir().unwrap();
    let nowhere = model(folder.path(), "nowhere.ifc", ["", "", ""]);
    let nowhere = resolve(&[nowhere.to_str().unwrap()]);
    assert_eq!(code(&nowhere), 1);
    assert!(out(&nowhere).contains("no place that can be told"));
}
