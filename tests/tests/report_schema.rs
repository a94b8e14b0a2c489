//! Promise: every report follows `docs/report.schema.json`, which allows no field that it does not
//! name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use plancheck_engine::rules::Session;
use plancheck_tests::native;
use plancheck_tests::shared::{files, own_models, root, shared};
use serde_json::Value;

/// The words of JSON Schema that ours uses; another one is an error of the schema.
struct Schema(Value);

impl Schema {
    fn read() -> Schema {
        let text = std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap();
        Schema(serde_json::from_str(&text).unwrap())
    }

    fn validate(&self, value: &Value) -> Result<(), String> {
        self.at(&self.0, value, "")
    }

    fn at(&self, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("{place}: {what}: {value}"));
        for (word, rule) in schema.as_object().unwrap() {
            match word.as_str() {
                "$schema" | "$id" | "title" | "$defs" => {}
                "$ref" => {
                    let target = rule.as_str().unwrap().trim_start_matches('#');
                    self.at(self.0.pointer(target).unwrap(), value, place)?;
                }
                "const" if value != rule => return wrong("another constant"),
                "enum" if !rule.as_array().unwrap().contains(value) => return wrong("not listed"),
                "const" | "enum" => {}
                "type" => {
                    let types = rule.as_array().cloned().unwrap_or(vec![rule.clone()]);
                    if !types.iter().any(|t| is_type(value, t.as_str().unwrap())) {
                        return wrong("another type");
                    }
                }
                "minimum" if value.as_f64() < rule.as_f64() && value.is_number() => {
                    return wrong("too small");
                }
                "maximum" if value.as_f64() > rule.as_f64() && value.is_number() => {
                    return wrong("too large");
                }
                "minimum" | "maximum" => {}
                "maxItems" => {
                    if value.as_array().map(Vec::len) > rule.as_u64().map(|n| n as usize) {
                        return wrong("too many");
                    }
                }
                "pattern" => {
                    let text = value.as_str().unwrap_or_default();
                    let hex = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                    let fits = match rule.as_str().unwrap() {
                        "^[0-9a-f]{64}$" => hex && text.len() == 64,
                        "^[0-9a-f]{16}$" => hex && text.len() == 16,
                        "^([0-9a-f]{64}|native)?$" => {
                            text.is_empty() || text == "native" || hex && text.len() == 64
                        }
                        "^https://" => text.starts_with("https://"),
                        other => panic!("this test does not know the pattern {other}"),
                    };
                    if !fits {
                        return wrong("does not fit the pattern");
                    }
                }
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.at(rule, item, &format!("{place}/{index}"))?;
                    }
                }
                "required" => {
                    for name in rule.as_array().unwrap() {
                        if value.get(name.as_str().unwrap()).is_none() {
                            return wrong(&format!("without {name}"));
                        }
                    }
                }
                "properties" => {
                    for (name, value) in value.as_object().into_iter().flatten() {
                        if let Some(rule) = rule.get(name) {
                            self.at(rule, value, &format!("{place}/{name}"))?;
                        }
                    }
                }
                "additionalProperties" => {
                    assert_eq!(rule, false);
                    let named = schema.get("properties").unwrap();
                    for name in value
                        .as_object()
                        .into_iter()
                        .flatten()
                        .map(|(name, _)| name)
                    {
                        if named.get(name).is_none() {
                            return wrong(&format!("with {name}"));
                        }
                    }
                }
                other => panic!("this test does not know the word {other}"),
            }
        }
        Ok(())
    }
}

fn is_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("this test does not know the type {other}"),
    }
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
    let schema = Schema::read();
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
            if let Err(error) = schema.validate(&report) {
                panic!("{}, detail {detail}: {error}", path.display());
            }
            followed += 1;
        }
    }
    assert!(followed >= 10, "only {followed} models gave a report");
}

#[test]
fn what_the_schema_does_not_name_is_refused() {
    let schema = Schema::read();
    let office = std::fs::read(root().join("demo/office.ifc")).unwrap();
    let good = report(office, false).unwrap();
    assert!(schema.validate(&good).is_ok());
    let broken: [(&str, Value); 4] = [
        ("/findings/0/verdict", "perhaps".into()),
        ("/findings/0/element/global_id", 5.into()),
        ("/summary/score", 101.into()),
        ("/engine/digest", "short".into()),
    ];
    for (place, value) in broken {
        let mut report = good.clone();
        *report.pointer_mut(place).unwrap() = value;
        assert!(schema.validate(&report).is_err(), "{place}");
    }
    let mut report = good;
    let finding = report.pointer_mut("/findings/0").unwrap();
    finding["surprise"] = true.into();
    assert!(schema.validate(&report).is_err());
}
