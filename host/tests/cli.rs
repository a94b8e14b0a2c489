//! The command line: exit codes, and what a person sees.

mod cli_support;

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use cli_support::{code, complete, door_model, err, out, plancheck, root, run};

const OFFICE: &str = "demo/office.ifc";

/// What differs from run to run or with every change of a source.
fn filters() -> Vec<(&'static str, &'static str)> {
    vec![
        (r"\d+\.\d\d s\b", "[seconds] s"),
        (r"digest [0-9a-f]{12}", "digest [digest]"),
    ]
}

#[test]
fn help_shows_every_command() {
    let help = run(plancheck().arg("--help"));
    assert_eq!(code(&help), 0);
    insta::assert_snapshot!("help", out(&help));
}

#[test]
fn validate_help_documents_the_exit_codes() {
    let help = run(plancheck().args(["validate", "--help"]));
    assert_eq!(code(&help), 0);
    insta::assert_snapshot!("help_validate", out(&help));
}

#[test]
fn wrong_arguments_end_with_2() {
    for arguments in [
        &["validate"][..],
        &["nonsense"],
        &["validate", "x.ifc", "--jurisdiction", "us//x"],
        &["serve", "--max-upload", "much"],
        &["facts", "nonsense"],
        &["module", "new", "../escape"],
    ] {
        let output = run(plancheck().args(arguments));
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(
            !output.stderr.is_empty() && output.stdout.is_empty(),
            "{arguments:?}"
        );
    }
}

#[test]
fn facts_of_a_subject_name_their_sources() {
    let output = run(plancheck().args(["facts", "door"]));
    assert_eq!(code(&output), 0);
    let text = out(&output);
    assert!(text.contains("clear_width  length, m"), "{text}");
    let json = run(plancheck().args(["facts", "door", "--json"]));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["subjects"][0]["name"], "door");
    assert!(json["subjects"][0]["facts"][0]["sources"].is_array());
}

#[test]
fn a_model_is_summed_up() {
    let output = run(plancheck().args(["model", OFFICE]));
    assert_eq!(code(&output), 0, "{}", err(&output));
    insta::with_settings!({ filters => filters() }, {
        insta::assert_snapshot!("model_office", out(&output));
    });
    let dump = run(plancheck().args(["model", OFFICE, "--dump"]));
    let lines = out(&dump);
    assert!(lines.lines().count() > 100);
    for line in lines.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[test]
fn a_file_that_is_no_model_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photo.ifc");
    fs::write(&path, b"\x89PNG\r\n\x1a\n\x1b[31m").unwrap();
    for command in ["model", "validate"] {
        if command == "validate" && !complete("a_file_that_is_no_model_ends_with_2") {
            return;
        }
        let output = run(plancheck().arg(command).arg(&path));
        assert_eq!(code(&output), 2);
        let said = err(&output);
        assert!(
            said.contains("photo.ifc") && said.contains("step.not-step"),
            "{said}"
        );
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
    assert_eq!(code(&run(plancheck().args(["model", "missing.ifc"]))), 2);
}

#[test]
fn the_office_as_text() {
    if !complete("the_office_as_text") {
        return;
    }
    let output = run(plancheck().args(["validate", OFFICE]));
    assert_eq!(code(&output), 1, "{}", err(&output));
    let text = out(&output);
    assert!(
        !text.contains('\u{1b}'),
        "no colour where there is no terminal"
    );
    insta::with_settings!({ filters => filters() }, {
        insta::assert_snapshot!("validate_office", text);
    });
}

#[test]
fn the_report_is_the_engines_bytes() {
    if !complete("the_report_is_the_engines_bytes") {
        return;
    }
    let json = run(plancheck().args(["validate", OFFICE, "--format", "json"]));
    assert_eq!(code(&json), 1);
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["format"], "plancheck-report/1");
    assert!(json.stdout.ends_with(b"}"), "no line break is added");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let written = run(plancheck()
        .args(["validate", OFFICE, "--format", "json", "--output"])
        .arg(&path));
    assert_eq!((code(&written), out(&written).as_str()), (1, ""));
    assert_eq!(fs::read(&path).unwrap(), json.stdout);
    let two = run(plancheck().args(["validate", OFFICE, OFFICE, "--format", "json"]));
    let line = String::from_utf8(json.stdout).unwrap();
    assert_eq!(out(&two), format!("{line}\n{line}\n"));
}

#[test]
fn fail_on_decides_the_exit_code() {
    if !complete("fail_on_decides_the_exit_code") {
        return;
    }
    let code_of =
        |arguments: &[&str]| code(&run(plancheck().args(["validate", OFFICE]).args(arguments)));
    assert_eq!(code_of(&["--fail-on", "never"]), 0);
    assert_eq!(code_of(&["--fail-on", "error"]), 1);
    assert_eq!(code_of(&["--rule", "no-such-rule"]), 2);
}

#[test]
fn standard_input_is_a_model() {
    if !complete("standard_input_is_a_model") {
        return;
    }
    let mut child = plancheck()
        .args(["validate", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let model = door_model("D1 \u{1b}]0;owned\u{7}\u{1b}[2J");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(model.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 1);
    let text = out(&output);
    assert!(text.contains("\\u{1b}]0;owned\\u{7}"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
}

#[test]
fn a_model_that_cannot_be_read_does_not_stop_the_others() {
    if !complete("a_model_that_cannot_be_read_does_not_stop_the_others") {
        return;
    }
    let output = run(plancheck().args(["validate", "missing.ifc", OFFICE, "--format", "json"]));
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("missing.ifc: there is no such file"));
    assert_eq!(out(&output).lines().count(), 1);
}

#[test]
fn a_place_without_a_code_is_said() {
    if !complete("a_place_without_a_code_is_said") {
        return;
    }
    let output = run(plancheck().args(["validate", OFFICE, "--jurisdiction", "fr/75"]));
    assert_eq!(code(&output), 2);
    insta::assert_snapshot!("no_module_applies", err(&output));
}

#[test]
fn a_module_that_cannot_be_loaded_is_in_the_report() {
    if !complete("a_module_that_cannot_be_loaded_is_in_the_report") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let module = folder.path().join("us-xx.wasm");
    fs::write(&module, b"not wasm").unwrap();
    let validate = |more: &[&str]| {
        let mut command = plancheck();
        command
            .args(["validate", OFFICE, "--module"])
            .arg(&module)
            .args(more);
        run(&mut command)
    };
    let text = validate(&[]);
    assert_eq!(code(&text), 1);
    let text = out(&text);
    assert!(
        text.contains("module us-xx is not available: not a WebAssembly component"),
        "{text}"
    );
    let json = validate(&["--format", "json", "--fail-on", "never"]);
    assert_eq!(code(&json), 0);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["summary"]["complete"], false);
    // Only the broken one: nothing is checked, and that is not clean.
    let alone = validate(&["--no-builtin"]);
    assert_eq!(code(&alone), 1, "{}", out(&alone));
}

#[test]
fn a_rule_has_a_page() {
    if !complete("a_rule_has_a_page") {
        return;
    }
    let output = run(plancheck().args(["explain", "egress-door-clear-width"]));
    assert_eq!(code(&output), 0, "{}", err(&output));
    insta::assert_snapshot!("explain", out(&output));
    let unknown = run(plancheck().args(["explain", "door-colour"]));
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("similar: "), "{}", err(&unknown));
    let rules = run(plancheck().arg("rules"));
    assert_eq!(code(&rules), 0);
    assert!(out(&rules).contains("egress-door-clear-width"));
}

#[test]
fn the_cache_is_where_it_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let here = |argument: &str| {
        run(plancheck()
            .env("PLANCHECK_CACHE_DIR", folder.path())
            .args(["cache", argument]))
    };
    assert_eq!(
        out(&here("dir")).trim_end(),
        folder.path().display().to_string()
    );
    fs::write(folder.path().join("a.artifact"), b"12345").unwrap();
    fs::write(folder.path().join("notes.txt"), b"mine").unwrap();
    let cleared = here("clear");
    assert!(
        out(&cleared).starts_with("removed 1 files"),
        "{}",
        out(&cleared)
    );
    assert!(
        folder.path().join("notes.txt").exists(),
        "only what the cache wrote is removed"
    );
}

#[test]
fn the_documents_name_every_command() {
    let page = fs::read_to_string(root().join("docs/cli.md")).unwrap();
    let help = out(&run(plancheck().arg("--help")));
    let commands = help
        .lines()
        .skip_while(|l| *l != "Commands:")
        .skip(1)
        .take_while(|l| !l.is_empty());
    for command in commands {
        let name = command.split_whitespace().next().unwrap();
        assert!(
            name == "help" || page.contains(&format!("`{name}")),
            "docs/cli.md does not name {name}"
        );
    }
}

#[cfg(feature = "native-engine")]
#[test]
fn without_the_sandbox_the_report_is_the_same() {
    if !complete("without_the_sandbox_the_report_is_the_same") {
        return;
    }
    for model in [
        OFFICE,
        "tests/fixtures/models/json-office.json",
        "tests/fixtures/models/units-mm.ifc",
    ] {
        let report = |more: &[&str]| {
            run(plancheck()
                .args(["validate", model, "--format", "json", "--show", "pass"])
                .args(more))
            .stdout
        };
        let (sandboxed, native) = (report(&[]), report(&["--native-engine"]));
        let digest = |json: &[u8]| {
            let report: serde_json::Value = serde_json::from_slice(json).unwrap();
            report["engine"]["digest"].clone()
        };
        let stale = "the engine inside the host is of older sources: run `./x wasm`";
        assert_eq!(digest(&sandboxed), digest(&native), "{stale}");
        assert!(sandboxed == native, "{model}: the reports differ");
    }
}
