//! Rules over the years, as the command line shows them: in preview, retired, and called otherwise.

mod cli_support;

use std::fs;
use std::path::Path;
use std::process::Output;

use cli_support::{code, complete, err, out, plancheck, run};
use plancheck_host::runtime::embedded_interpreter;

const MODEL: &str = r#"{"building_id": "b", "objects": [{"object_id": "d", "object_type": "door",
    "properties": {"clear_width": 0.7, "clear_height": 0.9, "is_exit": true}}]}"#;

/// A rulebook of doors: a rule that is settled, one in preview, one that is retired.
fn rulebook() -> String {
    let mut toml = r#"
[module]
id = "us-years"
title = "Rules over the years"
version = "0.3.0"
publisher = "Test"
limits = "Everything else."

[jurisdiction]
country = "us"

[sections]
"Code" = { link = "https://example.org/code" }
"Code §1" = "Doors: width"

[redirects]
door-width = "exit-width"
exit-width = "exit-door-width"
"#
    .to_owned();
    for (id, more) in [
        ("exit-door-width", "since = \"0.1.0\""),
        ("exit-door-height", "since = \"0.3.0\"\nstage = \"preview\""),
        ("exit-door-colour", "since = \"0.1.0\"\nstage = \"retired\""),
    ] {
        let fact = if id.ends_with("height") {
            "clear_height"
        } else {
            "clear_width"
        };
        toml += &format!(
            "\n[rules.{id}]\ntitle = \"Rule {id}\"\ncitation = \"Code §1.{}\"\nseverity = \"error\"\n\
             category = \"general\"\nsubject = \"door\"\nrequire = \"{fact} >= 1 m\"\n{more}\n\
             page = \"\"\"\nWhat it is.\n\n# Example\n\nOne.\n\n# Limits\n\nNone.\"\"\"\n\
             fixtures = [{{ name = \"a\", given = {{ {fact} = \"2 m\" }}, expect = \"pass\" }}, \
             {{ name = \"b\", given = {{ {fact} = \"0.5 m\" }}, expect = \"fail\" }}, \
             {{ name = \"c\", given = {{}}, expect = \"undetermined\" }}]\n",
            id.len()
        );
    }
    toml
}

/// A folder with model and module; none: the program was built without them.
fn folder(test: &str) -> Option<tempfile::TempDir> {
    let ready = complete(test) && embedded_interpreter().is_some();
    assert!(
        ready || std::env::var_os("CI").is_none(),
        "{test}: run `./x wasm` first"
    );
    if !ready {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("years.toml"), rulebook()).unwrap();
    fs::write(folder.path().join("model.json"), MODEL).unwrap();
    let built = run(plancheck()
        .args(["module", "build", "years.toml", "-o", "years.wasm"])
        .current_dir(folder.path()));
    assert_eq!(code(&built), 0, "{}", err(&built));
    Some(folder)
}

fn with_module(folder: &Path, arguments: &[&str]) -> Output {
    run(plancheck()
        .args(arguments)
        .args(["--no-builtin", "--module", "years.wasm"])
        .current_dir(folder))
}

fn rules_of(output: &Output) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&out(output)).unwrap();
    let rules = report["rules"].as_array().unwrap().iter();
    rules
        .map(|rule| format!("{} {}", rule["rule"], rule["stage"]).replace('"', ""))
        .collect()
}

#[test]
fn what_is_in_preview_runs_where_it_is_asked_for() {
    let Some(folder) = folder("what_is_in_preview_runs_where_it_is_asked_for") else {
        return;
    };
    let json = ["validate", "model.json", "--format", "json"];
    let plain = with_module(folder.path(), &json);
    assert_eq!(rules_of(&plain), ["exit-door-width stable"]);
    let both = ["exit-door-width stable", "exit-door-height preview"];
    let preview = with_module(folder.path(), &[&json[..], &["--preview"]].concat());
    assert_eq!(rules_of(&preview), both);
    let by_setting = run(plancheck()
        .args(json)
        .args(["--no-builtin", "--module", "years.wasm"])
        .env("PLANCHECK_PREVIEW", "true")
        .current_dir(folder.path()));
    assert_eq!(rules_of(&by_setting), both);
    let text = with_module(folder.path(), &["validate", "model.json", "--preview"]);
    let text = out(&text);
    assert!(
        text.contains("exit-door-height · error · preview *"),
        "{text}"
    );
    assert!(text.contains("exit-door-width · error *"), "{text}");
    assert!(
        text.contains("Doors: width\nhttps://example.org/code\n"),
        "{text}"
    );
}

#[test]
fn a_rule_that_cannot_run_is_refused_with_the_reason() {
    let Some(folder) = folder("a_rule_that_cannot_run_is_refused_with_the_reason") else {
        return;
    };
    for (rule, why) in [
        ("exit-door-colour", "is retired and does not run"),
        ("exit-door-height", "is in preview: it runs with --preview"),
        ("exit-door-smell", "the ruleset has no rule"),
    ] {
        let done = with_module(folder.path(), &["validate", "model.json", "--rule", rule]);
        assert_eq!(code(&done), 2, "{rule}");
        assert!(err(&done).contains(why), "{rule}: {}", err(&done));
    }
}

#[test]
fn an_old_id_stands_for_the_new_one_and_says_it() {
    let Some(folder) = folder("an_old_id_stands_for_the_new_one_and_says_it") else {
        return;
    };
    let done = with_module(
        folder.path(),
        &["validate", "model.json", "--rule", "door-width"],
    );
    assert_eq!(code(&done), 1, "{}", err(&done));
    let said = "the rule \"door-width\" is called \"exit-door-width\" now";
    assert!(err(&done).contains(said), "{}", err(&done));
    assert!(
        out(&done).contains("exit-door-width · error"),
        "{}",
        out(&done)
    );
    let page = with_module(folder.path(), &["explain", "door-width"]);
    let page = out(&page);
    assert!(
        page.starts_with("door-width is called exit-door-width now."),
        "{page}"
    );
    assert!(
        page.contains("Doors: width\nhttps://example.org/code\n"),
        "{page}"
    );
}

#[test]
fn retired_rules_and_those_in_preview_are_explained_and_listed() {
    let Some(folder) = folder("retired_rules_and_those_in_preview_are_explained_and_listed") else {
        return;
    };
    let retired = out(&with_module(
        folder.path(),
        &["explain", "exit-door-colour"],
    ));
    assert!(
        retired.contains("retired (does not run any more), since 0.1.0"),
        "{retired}"
    );
    let preview = out(&with_module(
        folder.path(),
        &["explain", "exit-door-height"],
    ));
    assert!(
        preview.contains("preview (runs with --preview), since 0.3.0"),
        "{preview}"
    );
    let list = out(&with_module(folder.path(), &["rules"]));
    assert!(list.contains("Rule exit-door-height (preview)"), "{list}");
    assert!(list.contains("Rule exit-door-colour (retired)"), "{list}");
    assert!(!list.contains("Rule exit-door-width ("), "{list}");
}

#[test]
fn a_rule_of_a_version_to_come_is_wrong() {
    let Some(folder) = folder("a_rule_of_a_version_to_come_is_wrong") else {
        return;
    };
    for (since, why) in [
        (
            "0.3.1",
            "rule exit-door-height: since 0.3.1, which is still to come",
        ),
        (
            "soon",
            "since \"soon\", which is neither a version of the module nor a date",
        ),
        ("2025-01-31", "nothing is missing"),
    ] {
        let toml = rulebook().replace("since = \"0.3.0\"", &format!("since = \"{since}\""));
        fs::write(folder.path().join("years.toml"), toml).unwrap();
        let check = run(plancheck()
            .args(["module", "check", "years.toml"])
            .current_dir(folder.path()));
        assert!(out(&check).contains(why), "{since}: {}", out(&check));
    }
}

#[test]
fn a_citation_that_nothing_explains_is_a_warning() {
    let Some(folder) = folder("a_citation_that_nothing_explains_is_a_warning") else {
        return;
    };
    let toml = rulebook().replace("\"Code §1\" = \"Doors: width\"\n", "");
    fs::write(folder.path().join("years.toml"), toml).unwrap();
    let check = run(plancheck()
        .args(["module", "check", "years.toml"])
        .current_dir(folder.path()));
    assert_eq!(code(&check), 0, "{}{}", out(&check), err(&check));
    let warning = "warn  citation \"Code §1.15\": [sections] does not say what it is about";
    assert!(out(&check).contains(warning), "{}", out(&check));
}
