//! Promise: every report follows `docs/report.schema.json`, which allows no field that it does not
//! name.

#![allow(clippy::unwrap_used, reason = "a test")]

use boon::{Compiler, SchemaIndex, Schemas};
use plancheck_engine::rules::Session;
use plancheck_tests::native;
use plancheck_tests::shared::{files, own_models, root, shared};
use serde_json::Value;

fn schema(schemas: &mut Schemas) -> SchemaIndex {
    let text = std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap();
    let mut compiler = Compiler::new();
    compiler
        .add_resource("report.json", serde_json::from_str(&text).unwrap())
        .unwrap();
    compiler.compile("report.json", schemas).unwrap()
}

fn report(bytes: Vec<u8>, detail: bool) -> Option<Value> {
    let modules = native::modules();
    let mut session = Session::load(bytes).ok()?;
    session.set_detail(detail);
    session.use_modules(native::slots(&modules));
    native::run(&mut session, &modules);
    let json = session.report().unwrap().to_json();
    Some(serde_json::from_str(&json).unwrap())
}

#[test]
fn reports_follow_the_schema() {
    let mut schemas = Schemas::new();
    let schema = schema(&mut schemas);
    let mut models = own_models();
    if let Some(folder) = shared("report_schema") {
        models.extend(files(&folder.join("data/ifc"), &["ifc"]));
        models.extend(files(&folder.join("data/weird"), &["ifc"]));
    }
    let mut followed = 0;
    for path in models {
        for detail in [false, true] {
            let Some(report) = report(std::fs::read(&path).unwrap(), detail) else {
                continue;
            };
            if let Err(error) = schemas.validate(&report, schema) {
                panic!("{}, detail {detail}: {error:#}", path.display());
            }
            followed += 1;
        }
    }
    assert!(followed >= 10, "only {followed} models gave a report");
}

#[test]
fn what_the_schema_does_not_name_is_refused() {
    let mut schemas = Schemas::new();
    let schema = schema(&mut schemas);
    let office = std::fs::read(root().join("demo/office.ifc")).unwrap();
    let good = report(office, false).unwrap();
    assert!(schemas.validate(&good, schema).is_ok());
    let broken: [(&str, Value); 4] = [
        ("/findings/0/verdict", "perhaps".into()),
        ("/findings/0/element/global_id", 5.into()),
        ("/summary/score", 101.into()),
        ("/engine/digest", "short".into()),
    ];
    for (place, value) in broken {
        let mut report = good.clone();
        *report.pointer_mut(place).unwrap() = value;
        assert!(schemas.validate(&report, schema).is_err(), "{place}");
    }
    let mut report = good;
    let finding = report.pointer_mut("/findings/0").unwrap();
    finding["surprise"] = true.into();
    assert!(schemas.validate(&report, schema).is_err());
}
