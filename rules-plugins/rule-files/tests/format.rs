//! What each operator and each type of condition matches, what is refused, and that an edit comes to
//! the same as a check from scratch.
#![allow(missing_docs, reason = "a test")]

use plancheck_contract::Kind;
use plancheck_engine::rules::{Answer, Edit, ModuleSlot, Question, Session};
use plancheck_rule_files::{Program, RuleFile, What, recover};
use serde_json::{Value, json};

/// A rule file with rules of these conditions, each reporting as an error.
fn file(conditions: &[Value]) -> Value {
    let rules: Vec<Value> = conditions
        .iter()
        .enumerate()
        .map(|(index, condition)| {
            json!({
                "rule_id": format!("R {index}"), "name": "A rule", "description": "Of a test.",
                "category": "general",
                "conditions": match condition { Value::Array(all) => json!(all), one => json!([one]) },
                "actions": [{"type": "validation", "message": "found {0}? no", "severity": "error",
                             "code_reference": "X 1"}],
            })
        })
        .collect();
    with_rules(&json!(rules))
}

fn with_rules(rules: &Value) -> Value {
    json!({
        "mcp_id": "Test.1", "name": "Test", "description": "", "version": "1",
        "jurisdiction": {"country": "US", "state": "NY", "city": null, "county": null},
        "effective_date": "2024-01-01", "rules": rules,
    })
}

fn parse(file: &Value) -> RuleFile {
    RuleFile::parse(&file.to_string(), "test.json").unwrap_or_else(|e| panic!("{e}"))
}

fn model() -> Value {
    json!({"building_id": "site", "building_name": "B", "objects": [
        {"object_id": "a", "object_type": "duct", "connections": ["b", "nobody"],
         "properties": {"n": 20, "f": 20.0, "t": "true north", "yes": true, "system_type": "hvac",
                        "none": null},
         "location": {"x": 0, "y": 0, "z": -15, "width": 2, "height": 3.5}},
        {"object_id": "b", "object_type": "pipe", "connections": ["b"],
         "properties": {"n": 5, "t": "Zürich", "area": 9, "height": 1, "volume": 12.5},
         "location": {"x": 3, "y": 4, "z": 0}},
        {"object_id": "c", "object_type": "duct", "connections": ["a"],
         "properties": {"n": "20", "f": 1e16, "yes": 1, "system_type": ""},
         "location": {"x": 0, "y": 1, "z": 35.5, "width": 1, "height": 2, "depth": 4}},
        {"object_id": "d", "object_type": "Duct", "connections": [], "properties": {"n": 20}},
        {"object_id": "e", "object_type": "duct", "connections": []},
    ]})
}

/// The ids that each rule reports, in order.
fn reported(conditions: &[Value]) -> Vec<Vec<String>> {
    let files = [parse(&file(conditions))];
    let answer = recover::answer(model().to_string().as_bytes(), &files).unwrap();
    let results = answer["files"][0]["results"].as_array().unwrap().iter();
    results
        .map(|result| {
            let violations = result["violations"].as_array().unwrap().iter();
            violations
                .map(|v| v["element_id"].as_str().unwrap().to_owned())
                .collect()
        })
        .collect()
}

fn matches(cases: &[(Value, &[&str])]) {
    let conditions: Vec<Value> = cases.iter().map(|case| case.0.clone()).collect();
    for (found, (condition, wanted)) in reported(&conditions).iter().zip(cases) {
        assert_eq!(found, wanted, "{condition}");
    }
}

fn property(name: &str, operator: &str, value: Value) -> Value {
    json!({"type": "property", "element_type": "duct", "property": name, "operator": operator,
           "value": value})
}

#[test]
fn operators_of_properties() {
    matches(&[
        (property("n", "==", json!(20.0)), &["a"]),
        (property("n", "==", json!("20")), &["c"]),
        (property("yes", "==", json!(1)), &["a", "c"]),
        (property("yes", "==", json!(true)), &["a", "c"]),
        (property("n", "!=", json!(20)), &["c"]),
        (property("n", "!=", json!([20])), &["a", "c"]),
        (property("none", "!=", json!(1)), &[]),
        (property("n", "<", json!(21)), &["a"]),
        (property("n", "<=", json!(20)), &["a"]),
        (property("n", ">", json!(19)), &["a"]),
        (property("n", ">=", json!("1")), &["c"]),
        (property("yes", ">", json!(false)), &["a", "c"]),
        (property("n", "in", json!([1, 20, [20]])), &["a"]),
        (property("n", "in", json!("20")), &[]),
        (property("n", "not_in", json!([20])), &["c"]),
        (property("n", "not_in", json!("x")), &[]),
        (property("t", "contains", json!("e n")), &["a"]),
        (property("n", "contains", json!("2")), &["c"]),
        (property("n", "contains", json!(2)), &[]),
        (property("n", "starts_with", json!(2)), &["a", "c"]),
        (property("f", "ends_with", json!(".0")), &["a"]),
        (property("f", "ends_with", json!("+16")), &["c"]),
        (property("yes", "starts_with", json!("Tr")), &["a"]),
        (property("yes", "starts_with", json!(true)), &["a"]),
        (property("t", "starts_with", json!("True")), &[]),
        (property("f", "regex", json!(r"\d+\.0$")), &["a"]),
        (property("f", "regex", json!("0")), &[]),
        (property("f", "regex", json!("")), &[]),
        (property("N", "==", json!(20)), &[]),
        (property("n", "=", json!(20)), &[]),
        (property("width", ">", json!(0)), &[]),
    ]);
}

fn spatial(of: &str, property: &str, operator: &str, value: Value) -> Value {
    json!({"type": "spatial", "element_type": of, "property": property, "operator": operator,
           "value": value})
}

#[test]
fn measures() {
    matches(&[
        (spatial("duct", "area", "==", json!(7)), &["a"]),
        (spatial("pipe", "area", "==", json!(9)), &["b"]),
        (spatial("duct", "area", "==", json!(0)), &["e"]),
        (spatial("duct", "area", "ends_with", json!(".0")), &["a"]),
        (spatial("duct", "volume", "==", json!(8)), &["c"]),
        (spatial("duct", "volume", "<", json!(1)), &["a", "e"]),
        (spatial("pipe", "volume", ">", json!(12)), &["b"]),
        (spatial("pipe", "height", "==", json!(1)), &["b"]),
        (spatial("duct", "height", ">=", json!(2)), &["a", "c"]),
        (spatial("duct", "height", "!=", json!(2)), &["a", "e"]),
        (
            spatial("duct", "height", "starts_with", json!("No")),
            &["e"],
        ),
        (spatial("duct", "floor_level", "==", json!(-1)), &["a"]),
        (spatial("duct", "floor_level", ">", json!(2)), &["c"]),
        (spatial("duct", "floor_level", "==", json!(0)), &["e"]),
        (spatial("duct", "distance_to_next", ">", json!(0)), &[]),
    ]);
}

#[test]
fn other_objects() {
    let near = |of: &str, target: &str, limit: Value| {
        spatial(
            of,
            "within_distance",
            "",
            json!({"target_type": target, "max_distance": limit}),
        )
    };
    let distance = |id: &str, operator: &str, limit: Value| {
        spatial(
            "duct",
            "distance",
            operator,
            json!({"target_id": id, "max_distance": limit}),
        )
    };
    let linked = |of: &str, target: &str| {
        json!({"type": "relationship", "element_type": of, "relationship": "connected_to",
               "target_type": target})
    };
    let near_b = near("duct", "pipe", json!(16));
    matches(&[
        (near_b.clone(), &["a"]),
        (near("pipe", "pipe", json!(0)), &["b"]),
        (near("Duct", "Duct", json!(9)), &[]),
        (
            spatial("pipe", "adjacent_to", "", json!({"target_type": "pipe"})),
            &["b"],
        ),
        (distance("b", "<=", json!(15.9)), &["a"]),
        (distance("b", ">", json!(1000)), &["e"]),
        (distance("nobody", ">", json!(0)), &[]),
        (linked("duct", "pipe"), &["a"]),
        (linked("duct", "duct"), &["c"]),
        (linked("pipe", "duct"), &[]),
        (linked("pipe", "pipe"), &["b"]),
        // The first condition leaves no pipe to be connected to.
        (
            json!([property("n", "==", json!(20)), linked("duct", "pipe")]),
            &[],
        ),
        (
            json!([
                property("n", "starts_with", json!(20)),
                linked("duct", "duct")
            ]),
            &["c"],
        ),
        (
            json!({"type": "system", "element_type": "duct", "value": "hvac"}),
            &["a"],
        ),
        (
            json!({"type": "system", "element_type": "duct", "value": ""}),
            &[],
        ),
        (json!([]), &["a", "b", "c", "d", "e"]),
    ]);
}

#[test]
fn composites() {
    let composite = |operator: &str, parts: Value| {
        let mut rule = file(
            &[json!({"type": "composite", "composite_operator": operator,
                                     "conditions": parts})],
        );
        rule["rules"][0]["actions"][0]["message"] = json!("m");
        let answer = recover::answer(model().to_string().as_bytes(), &[parse(&rule)]).unwrap();
        let found = answer["files"][0]["results"][0]["violations"]
            .as_array()
            .unwrap()
            .clone();
        found
            .iter()
            .map(|v| v["element_id"].as_str().unwrap().to_owned())
            .collect::<String>()
    };
    let (pipe, other) = (
        json!({"type": "property", "element_type": "pipe", "property": "n", "operator": "==", "value": 5}),
        property("n", "!=", json!(0)),
    );
    let c = property("n", "==", json!("20"));
    assert_eq!(composite("OR", json!([pipe, other])), "bac");
    assert_eq!(composite("OR", json!([c, other])), "ca");
    assert_eq!(composite("AND", json!([other, c])), "c");
    assert_eq!(composite("AND", json!([pipe, c])), "");
    assert_eq!(composite("and", json!([c])), "");
    assert_eq!(composite("OR", json!([])), "");
    let inner = json!({"type": "composite", "composite_operator": "OR", "conditions": [c, other]});
    assert_eq!(composite("OR", json!([pipe, inner])), "bca");
}

#[test]
fn calculations() {
    let mut rules = file(&[
        property("n", "==", json!(20)),
        property("n", "==", json!(-1)),
    ]);
    for (index, formula) in ["count", "weight * 2 + area"].into_iter().enumerate() {
        rules["rules"][index]["actions"] =
            json!([{"type": "calculation", "formula": formula, "unit": "u"}]);
    }
    let mut model = model();
    model["objects"][0]["properties"]["weight"] = json!(2.5);
    let answer = recover::answer(model.to_string().as_bytes(), &[parse(&rules)]).unwrap();
    let results = &answer["files"][0]["results"];
    let of = |formula: &str, result: Value| json!({formula: {"formula": formula, "result": result, "unit": "u", "description": null}});
    assert_eq!(results[0]["calculations"], of("count", json!(1)));
    // Nothing is matched: the sums are those of all objects, the area is not.
    assert_eq!(
        results[1]["calculations"],
        of("weight * 2 + area", json!(5.0))
    );
    model["objects"][0]["properties"]["weight"] = json!("heavy");
    let answer = recover::answer(model.to_string().as_bytes(), &[parse(&rules)]).unwrap();
    let failed = &answer["files"][0]["results"][1]["calculations"]["weight * 2 + area"];
    assert_eq!(
        failed["description"],
        "None (calculation failed: unsupported operand type(s) for +=: 'int' and 'str')"
    );
}

#[test]
fn what_is_missing_is_undetermined() {
    let file = parse(&file(&[
        property("n", ">", json!(20)),
        property("f", "==", json!(20)),
    ]));
    let mut session = Session::load(model().to_string().into_bytes()).unwrap();
    session.use_modules(vec![slot(&file)]);
    drive(&mut session, &file);
    let report: Value = serde_json::from_str(&session.report().unwrap().to_json()).unwrap();
    let count = |rule: usize| {
        let names = ["pass", "fail", "undetermined", "not_applicable"];
        names.map(|name| report["rules"][rule][name].clone())
    };
    let counts =
        |pass: u64, fail: u64, undetermined: u64| [pass, fail, undetermined, 0].map(|n| json!(n));
    assert_eq!(count(0), counts(2, 0, 1), "{report}");
    assert_eq!(count(1), counts(1, 1, 1));
    let findings = report["findings"].as_array().unwrap();
    let fail = findings
        .iter()
        .find(|f| f["verdict"] == Kind::Fail.name())
        .unwrap();
    assert_eq!(fail["message"], "found {0}? no");
    assert_eq!(fail["facts"][0]["value"], "20");
}

fn slot(file: &RuleFile) -> ModuleSlot {
    ModuleSlot::Ready {
        manifest: file.manifest().to_json(),
        digest: String::new(),
    }
}

/// Answers all questions; how many rows were asked about.
fn drive(session: &mut Session, file: &RuleFile) -> u32 {
    let mut rows = 0;
    while let Some(call) = session.next_call() {
        rows += call.batch.rows;
        let Question::Evaluate(rules) = &call.question else {
            panic!("derived facts?");
        };
        let verdicts = Program::open(file.program())
            .unwrap()
            .evaluate(rules, &call.batch);
        session
            .reply(call.id, Answer::Verdicts(verdicts.unwrap()))
            .unwrap();
    }
    rows
}

#[test]
fn an_edit_comes_to_the_same_as_a_check_from_scratch() {
    let rules = [
        property("n", ">", json!(6)),
        spatial(
            "duct",
            "within_distance",
            "",
            json!({"target_type": "pipe", "max_distance": 9}),
        ),
        json!({"type": "relationship", "element_type": "duct", "relationship": "to",
               "target_type": "pipe"}),
    ];
    let file = parse(&file(&rules));
    let edits: [Value; 5] = [
        json!({"op": "set_property", "element": "a", "set": "", "name": "n", "value": 1}),
        json!({"op": "set_property", "element": "b", "set": "location", "name": "z", "value": -15}),
        json!({"op": "set_attribute", "element": "d", "name": "ObjectType", "value": "duct"}),
        json!({"op": "set_attribute", "element": "b", "name": "ObjectType", "value": "duct"}),
        json!({"op": "remove_element", "element": "b"}),
    ];
    let mut session = Session::load(model().to_string().into_bytes()).unwrap();
    session.use_modules(vec![slot(&file)]);
    drive(&mut session, &file);
    session.report().unwrap();
    for edit in edits {
        let edit: Edit = serde_json::from_value(edit).unwrap();
        session.edit(vec![edit.clone()]).unwrap();
        assert!(drive(&mut session, &file) > 0, "{edit:?}");
        let report = session.report().unwrap().to_json();
        session.restart();
        drive(&mut session, &file);
        assert_eq!(report, session.report().unwrap().to_json(), "{edit:?}");
    }
}

#[test]
fn names_and_places() {
    let mut written = file(&[property("n", "==", json!(1)), property("f", "==", json!(1))]);
    written["rules"][1]["rule_id"] = json!("r.0");
    written["jurisdiction"]["notes"] = json!("");
    let file = parse(&written);
    let manifest = file.manifest();
    assert_eq!(manifest.module.id, "test-1");
    assert_eq!(manifest.jurisdiction.state, "ny");
    let ids: Vec<&str> = manifest.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["r-0", "r-0--2"]);
    assert_eq!(manifest.views.len(), 1);
    assert_eq!(
        file.refused_by_original(),
        Some("its jurisdiction has \"notes\"")
    );
    let none = recover::answer(model().to_string().as_bytes(), &[file]).unwrap();
    assert_eq!(none["files"], json!([]));
}

#[test]
fn a_broken_program_is_an_error() {
    let any = json!({"type": "composite", "composite_operator": "OR", "conditions": [
        property("n", "regex", json!("[a-c]+x{2}|y$")), property("n", "in", json!([1, "a", [1]])),
        spatial("pipe", "distance", "<", json!({"target_id": "a", "max_distance": 1})),
        spatial("pipe", "volume", "<", json!(2)), spatial("pipe", "height", "!=", json!(null)),
    ]});
    let mut whole = file(&[any]);
    whole["rules"][0]["actions"][0]["message"] = json!("m");
    let file = parse(&whole);
    let program = Program::open(file.program()).unwrap();
    assert_eq!(program.manifest(), Ok(file.manifest().to_json().as_str()));
    assert!(program.rule(0).is_ok() && program.rule(1).is_err());
    let length = file.program().len();
    assert!((0..length).all(|end| Program::open(&file.program()[..end]).is_err()));
    // Every word replaced: an answer or an error, and no end in between.
    for at in (8..length).step_by(4) {
        for word in [0_u32, 3, 1 << 20, u32::MAX] {
            let mut bytes = file.program().to_vec();
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
            if let Ok(program) = Program::open(&bytes) {
                let batch = plancheck_contract::Batch::default();
                let _ = (program.manifest(), program.evaluate(&[0], &batch));
            }
        }
    }
}

#[test]
fn refusals_name_the_place() {
    let good = file(&[property("n", "==", json!(1))]);
    let broken = |pointer: &str, value: Value| {
        let mut file = good.clone();
        *file.pointer_mut(pointer).unwrap() = value;
        RuleFile::parse(&file.to_string(), "f.json").unwrap_err()
    };
    for (pointer, value, part) in [
        (
            "/rules/0/conditions/0/type",
            json!("temporal"),
            "unknown condition type \"temporal\"",
        ),
        ("/rules/0/actions/0/type", json!("x"), "unknown action type"),
        (
            "/rules/0/actions/0/severity",
            json!(null),
            "a text is expected",
        ),
        ("/rules/0/rule_id", json!(1), "a text is expected"),
        ("/rules", json!({}), "a list is expected"),
        ("/jurisdiction", json!("US"), "an object is expected"),
    ] {
        let error = broken(pointer, value);
        assert_eq!(
            (error.file.as_str(), error.pointer.as_str()),
            ("f.json", pointer)
        );
        assert!(error.to_string().contains(part), "{error}");
    }
    let condition = "/rules/0/conditions/0";
    let pattern = broken(condition, property("n", "regex", json!("(?=x)")));
    assert!(matches!(pattern.what, What::Pattern { .. }), "{pattern}");
    let name = broken(condition, property("a, b", "==", json!(1)));
    assert_eq!(name.what, What::Name("a, b".to_owned()));
    let stops = broken(condition, spatial("duct", "adjacent_to", "", json!(5)));
    assert!(matches!(stops.what, What::Stops(_)), "{stops}");
    assert_eq!(stops.pointer, "/rules/0/conditions/0/value");
    let none = RuleFile::parse("{", "f.json").unwrap_err();
    assert!(matches!(none.what, What::NotJson(_)));
    let rules = with_rules(&json!([{"name": "x"}]));
    let missing = RuleFile::parse(&rules.to_string(), "f.json").unwrap_err();
    assert_eq!(missing.what, What::Missing("rule_id"));
    assert_eq!(missing.pointer, "/rules/0");
}
