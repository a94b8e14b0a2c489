//! The way of an author without a compiler: a rulebook, its check, its test, its module, a check with it.

mod cli_support;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use cli_support::{code, complete, err, out, plancheck, root, run};
use plancheck_host::runtime::embedded_interpreter;

/// Whether the program can build rulebooks.
fn ready(test: &str) -> bool {
    let ready = complete(test) && embedded_interpreter().is_some();
    assert!(
        ready || std::env::var_os("CI").is_none(),
        "{test}: run `./x wasm` first"
    );
    ready
}

fn module(folder: &Path, arguments: &[&str]) -> std::process::Output {
    run(plancheck()
        .arg("module")
        .args(arguments)
        .current_dir(folder))
}

fn new_rulebook(folder: &Path) {
    let new = module(folder, &["new", "us-co-denver", "--rulebook"]);
    assert_eq!(code(&new), 0, "{}", err(&new));
    let again = module(folder, &["new", "us-co-denver", "--rulebook"]);
    assert_eq!(code(&again), 2);
    assert!(err(&again).contains("exists"), "{}", err(&again));
}

#[test]
fn a_new_rulebook_is_checked_tested_built_and_judges() {
    if !ready("a_new_rulebook_is_checked_tested_built_and_judges") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    new_rulebook(at);
    let check = module(at, &["check", "us-co-denver.toml"]);
    assert_eq!(code(&check), 0, "{}{}", out(&check), err(&check));
    assert!(
        out(&check).contains("nothing is missing"),
        "{}",
        out(&check)
    );
    let test = module(at, &["test", "us-co-denver.toml"]);
    assert_eq!(code(&test), 0, "{}{}", out(&test), err(&test));
    assert!(
        out(&test).contains("exit-door-width: 3 cases"),
        "{}",
        out(&test)
    );
    let build = module(at, &["build", "us-co-denver.toml"]);
    assert_eq!(code(&build), 0, "{}", err(&build));
    let first = fs::read(at.join("us-co-denver.wasm")).unwrap();
    module(at, &["build", "us-co-denver.toml", "-o", "again.wasm"]);
    assert!(
        first == fs::read(at.join("again.wasm")).unwrap(),
        "the same file gives the same bytes"
    );

    let validate = |width: &str| {
        let model = format!(
            r#"{{"building_id": "b", "objects": [{{"object_id": "d", "object_type": "door",
                "properties": {{"clear_width": {width}, "is_exit": true}}}}]}}"#
        );
        fs::write(at.join("door.json"), model).unwrap();
        let done = run(plancheck()
            .args(["validate", "door.json", "--no-builtin", "--format", "json"])
            .args(["--module", "us-co-denver.wasm"])
            .current_dir(at));
        let report: serde_json::Value = serde_json::from_str(&out(&done)).unwrap();
        (code(&done), report["summary"]["fail"].clone())
    };
    assert_eq!(validate("0.9"), (0, serde_json::json!(0)));
    assert_eq!(validate("0.7"), (1, serde_json::json!(1)));

    let docs = module(at, &["docs", "us-co-denver.toml"]);
    assert_eq!(code(&docs), 0, "{}", err(&docs));
    let page = fs::read_to_string(at.join("us-co-denver.html")).unwrap();
    for wanted in [
        "Exit doors are wide enough",
        "32 in",
        "Not covered",
        "id=\"exit-door-width\"",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(!page.contains("<script"));
}

#[test]
fn the_guide_works_as_it_is_written() {
    if !ready("the_guide_works_as_it_is_written") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    new_rulebook(at);
    let guide = fs::read_to_string(root().join("docs/authoring.md")).unwrap();
    let mut book = fs::read_to_string(at.join("us-co-denver.toml")).unwrap();
    for block in guide.split("```toml\n").skip(1) {
        book.push('\n');
        book.push_str(block.split("```").next().unwrap());
    }
    fs::write(at.join("us-co-denver.toml"), book).unwrap();
    let test = module(at, &["test", "us-co-denver.toml"]);
    assert_eq!(code(&test), 0, "{}{}", out(&test), err(&test));
    assert!(
        out(&test).contains("stair-width: 3 cases"),
        "{}",
        out(&test)
    );
    let check = module(at, &["check", "us-co-denver.toml"]);
    assert_eq!(code(&check), 0, "{}{}", out(&check), err(&check));
}

#[test]
fn what_is_wrong_is_pointed_at() {
    if !ready("what_is_wrong_is_pointed_at") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    new_rulebook(at);
    let path = at.join("us-co-denver.toml");
    let good = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        good.replace("clear_width >= door_width", "clear_widht >= door_width"),
    )
    .unwrap();
    for command in ["check", "test", "build", "docs"] {
        let done = module(at, &[command, "us-co-denver.toml"]);
        assert_eq!(code(&done), 1, "{command}");
        let said = err(&done);
        assert!(
            said.contains("did you mean `clear_width`?"),
            "{command}: {said}"
        );
        assert!(
            said.contains("us-co-denver.toml:42:12"),
            "{command}: {said}"
        );
    }
    assert!(!at.join("us-co-denver.wasm").exists());

    // A case that does not come out as expected: side by side.
    fs::write(
        &path,
        good.replace("clear_width = \"31 in\"", "clear_width = \"33 in\""),
    )
    .unwrap();
    let test = module(at, &["test", "us-co-denver.toml"]);
    assert_eq!(code(&test), 1);
    let said = out(&test);
    assert!(
        said.contains("expected") && said.contains("found") && said.contains("narrow"),
        "{said}"
    );
    let build = module(at, &["build", "us-co-denver.toml"]);
    assert_eq!(code(&build), 1, "a rulebook whose cases fail is not built");

    for (bytes, wanted) in [
        (&b"\xff\xfe"[..], "no text"),
        (b"", "no `[module]`"),
        (b"\x1b[31m = 1", "error"),
    ] {
        fs::write(&path, bytes).unwrap();
        let done = module(at, &["build", "us-co-denver.toml"]);
        assert_ne!(code(&done), 0);
        assert!(
            !err(&done).contains('\x1b'),
            "no control characters of the file: {:?}",
            err(&done)
        );
        assert!(err(&done).contains(wanted), "{wanted}: {}", err(&done));
    }
}

#[test]
fn a_watched_rulebook_is_looked_at_again_when_it_changes() {
    if !ready("a_watched_rulebook_is_looked_at_again_when_it_changes") {
        return;
    }
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    new_rulebook(at);
    let mut child = plancheck()
        .args(["module", "check", "us-co-denver.toml", "--watch"])
        .current_dir(at)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut wait = |wanted: &str| {
        let begun = Instant::now();
        loop {
            let line = lines.next().unwrap().unwrap();
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "{wanted}: {line}"
            );
            if line.contains(wanted) {
                return;
            }
        }
    };
    wait("0.1.0: 1 rule");
    let path = at.join("us-co-denver.toml");
    let book = fs::read_to_string(&path).unwrap();
    fs::write(&path, book.replace("0.1.0", "0.2.0")).unwrap();
    wait("0.2.0: 1 rule");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn every_rulebook_of_ours_says_in_the_sandbox_what_its_cases_expect() {
    if !ready("every_rulebook_of_ours_says_in_the_sandbox_what_its_cases_expect") {
        return;
    }
    let mut seen = 0;
    for entry in fs::read_dir(root().join("rules-plugins")).unwrap() {
        let path = entry.unwrap().path().join("rulebook.toml");
        if !path.is_file() {
            continue;
        }
        seen += 1;
        let path = path.to_str().unwrap();
        for command in ["check", "test"] {
            let done = run(plancheck().args(["module", command, path]));
            assert_eq!(code(&done), 0, "{path}: {}{}", out(&done), err(&done));
        }
    }
    assert!(seen > 0);
}

#[test]
fn a_rule_file_of_the_older_system_becomes_a_module() {
    if !ready("a_rule_file_of_the_older_system_becomes_a_module") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let file = r#"{"mcp_id": "city-2024", "name": "City", "description": "Rules of a city", "version": "2024",
        "effective_date": "2024-01-01", "jurisdiction": {"country": "US", "state": null, "city": null, "county": null},
        "rules": [{"rule_id": "duct_1", "name": "Ducts", "description": "Ducts are large enough", "category": "mechanical_hvac",
          "priority": 1, "conditions": [{"type": "property", "element_type": "duct", "property": "size", "operator": "<", "value": 6}],
          "actions": [{"type": "validation", "message": "A duct is too small", "severity": "error", "code_reference": "City 1"}]}]}"#;
    fs::write(at.join("city.json"), file).unwrap();
    let build = module(at, &["build", "city.json"]);
    assert_eq!(code(&build), 0, "{}", err(&build));
    let model = |size: &str| {
        format!(
            r#"{{"building_id": "b", "objects": [{{"object_id": "d", "object_type": "duct", "properties": {{{size}}}}}]}}"#
        )
    };
    for (size, kind) in [
        ("\"size\": 4", "fail"),
        ("\"size\": 6", "pass"),
        ("", "undetermined"),
    ] {
        fs::write(at.join("m.json"), model(size)).unwrap();
        let done = run(plancheck()
            .args([
                "validate",
                "m.json",
                "--no-builtin",
                "--module",
                "city-2024.wasm",
                "--format",
                "json",
            ])
            .current_dir(at));
        let report: serde_json::Value = serde_json::from_str(&out(&done)).unwrap();
        assert_eq!(report["summary"][kind], 1, "{size}: {report}");
    }
    fs::write(
        at.join("city.json"),
        file.replace("\"type\": \"property\"", "\"type\": \"hearsay\""),
    )
    .unwrap();
    let wrong = module(at, &["build", "city.json"]);
    assert_eq!(code(&wrong), 1);
    assert!(
        err(&wrong).contains("/rules/0/conditions/0"),
        "{}",
        err(&wrong)
    );
}
