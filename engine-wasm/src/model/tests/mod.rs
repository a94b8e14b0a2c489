//! Tests of the model, one file for each subject. Small files are written here; real ones are
//! read from where `PLANCHECK_SHARED` says.

mod corpus;
mod edits;
mod identity;
mod json;
mod meaning;
mod properties;
mod relations;
mod shapes;
mod units;

use super::{ElementId, Model, Reading, Value};

/// A file with a header, a project in metres (`#1`) and these records.
fn ifc(schema: &str, records: &str) -> String {
    with_units(
        schema,
        &format!(
            "#10=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);#11=IFCSIUNIT(*,.AREAUNIT.,$,.SQUARE_METRE.);
             #2=IFCUNITASSIGNMENT((#10,#11));{records}"
        ),
    )
}

/// A file with a header, a project whose units are `#2`, and these records.
fn with_units(schema: &str, records: &str) -> String {
    format!(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('{schema}'));\nENDSEC;\nDATA;\n\
         #1=IFCPROJECT('project',$,'Test project',$,$,$,$,$,#2);\n{records}\nENDSEC;\nEND-ISO-10303-21;\n"
    )
}

fn load(text: &str) -> Model {
    Model::load(text.as_bytes().to_vec()).expect("a readable model")
}

/// The element with this GlobalId.
fn id(model: &Model, global_id: &str) -> ElementId {
    model
        .find(global_id)
        .unwrap_or_else(|| panic!("no element {global_id:?}"))
}

/// GlobalIds, for comparison.
fn ids(model: &Model, elements: &[ElementId]) -> String {
    let all: Vec<String> = elements
        .iter()
        .map(|e| model.global_id(*e).into_owned())
        .collect();
    all.join(" ")
}

fn number(reading: Option<Reading>) -> Option<f64> {
    match reading?.value {
        Value::Number(number) => Some(number),
        other => panic!("{other:?} is not a number"),
    }
}

fn text(reading: Option<Reading>) -> Option<String> {
    match reading?.value {
        Value::Text(text) => Some(text),
        other => panic!("{other:?} is not a text"),
    }
}

fn codes(model: &Model) -> Vec<&'static str> {
    model.diagnostics().kept().iter().map(|d| d.code).collect()
}

/// Within one part in 10¹².
#[track_caller]
fn close(actual: Option<f64>, expected: f64) {
    let actual = actual.unwrap_or_else(|| panic!("absent instead of {expected}"));
    assert!(
        (actual - expected).abs() <= expected.abs() * 1e-12,
        "{actual} instead of {expected}"
    );
}
