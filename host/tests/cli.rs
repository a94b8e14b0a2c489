//! The command line: exit codes, and what a person sees.

mod cli_support;

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

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
fn the_counts_are_those_of_the_rules_that_are_shown() {
    if !complete("the_counts_are_those_of_the_rules_that_are_shown") {
        return;
    }
    let of = |more: &[&str]| {
        out(&run(plancheck()
            .args(["validate", OFFICE, "--no-rulebooks", "--show", "fail"])
            .args(more)))
    };
    let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
    let whole = of(&[]);
    let counts = last(&whole);
    let above = whole.lines().take(8).any(|line| line == counts);
    assert!(above, "a long report begins with the counts:\n{whole}");
    let one = of(&["--rule", "egress-door-clear-width"]);
    let counts = last(&one);
    // 15 doors, of which D117 fails and D103 cannot be decided.
    assert!(
        counts.starts_with("1 of 28 rules · 1 fail · 1 undetermined · "),
        "{counts}"
    );
    assert!(!one.contains("D103"), "only failures were asked for: {one}");
    assert_eq!(
        one.matches(" fail · ").count(),
        2,
        "short: once for the rule, once in all\n{one}"
    );
}

#[test]
fn what_is_shown_is_what_was_named() {
    if !complete("what_is_shown_is_what_was_named") {
        return;
    }
    let shown = |what: &str| {
        let text = out(&run(plancheck().args(["validate", OFFICE, "--show", what])));
        [
            text.contains("    FAIL  "),
            text.contains("    undetermined  "),
            text.contains("    pass  "),
        ]
    };
    assert_eq!(shown("pass"), [false, false, true]);
    assert_eq!(shown("fail,pass"), [true, false, true]);
    assert_eq!(shown("all"), [true, true, true]);
    let json = |what: &str| {
        let arguments = ["validate", OFFICE, "--format", "json", "--show", what];
        run(plancheck().args(arguments)).stdout
    };
    assert!(json("all") == json("pass"), "the report is the same");
}

#[test]
fn equal_failures_are_told_once() {
    if !complete("equal_failures_are_told_once") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("doors.json");
    let mut model: serde_json::Value = serde_json::from_str(&door_model("D1")).unwrap();
    let objects = model["objects"].as_array_mut().unwrap();
    for (id, name, width) in [("d2", "D2", 0.7), ("d3", "D3", 0.6), ("d4", "D4", 0.7)] {
        let mut door = objects[0].clone();
        door["object_id"] = id.into();
        door["properties"]["name"] = name.into();
        door["properties"]["clear_width"] = width.into();
        objects.push(door);
    }
    fs::write(&path, model.to_string()).unwrap();
    let rule = ["--rule", "egress-door-clear-width"];
    let text = out(&run(plancheck().arg("validate").arg(&path).args(rule)));
    insta::with_settings!({ filters => [filters(), vec![(r"\S+/doors\.json", "doors.json")]].concat() }, {
        insta::assert_snapshot!("equal_failures", text);
    });
    let json = run(plancheck()
        .arg("validate")
        .arg(&path)
        .args(["--format", "json"]));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let fails = findings.iter().filter(|f| f["rule"] == rule[1]).count();
    assert_eq!(fails, 4, "JSON has each");
}

#[test]
fn a_model_that_is_too_large_ends_with_2() {
    if !complete("a_model_that_is_too_large_ends_with_2") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("doors.ifc");
    fs::write(&path, cli_support::many_doors()).unwrap();
    let validate = |command: &mut Command| run(command.arg("validate").arg(&path));
    let large = validate(plancheck().env("PLANCHECK_ENGINE_MEMORY", "1GiB"));
    assert!(code(&large) < 2, "{}", err(&large));
    let by_flag = run(plancheck()
        .arg("validate")
        .arg(&path)
        .args(["--engine-memory", cli_support::SMALL_MEMORY]));
    let by_variable =
        validate(plancheck().env("PLANCHECK_ENGINE_MEMORY", cli_support::SMALL_MEMORY));
    for output in [by_flag, by_variable] {
        assert_eq!(code(&output), 2);
        let said = err(&output);
        assert!(
            said.contains("doors.ifc: the model is too large: checking it needs more than 16 MiB"),
            "{said}"
        );
        assert!(said.contains("--engine-memory"), "{said}");
    }
    // A house has room.
    let small = [
        "validate",
        OFFICE,
        "--engine-memory",
        cli_support::SMALL_MEMORY,
    ];
    assert_eq!(code(&run(plancheck().args(small))), 1);
    let nonsense = ["validate", OFFICE, "--engine-memory", "5GiB"];
    assert_eq!(code(&run(plancheck().args(nonsense))), 2);
}

#[test]
fn the_example_of_the_json_model_is_one() {
    let page = fs::read_to_string(root().join("docs/model-json.md")).unwrap();
    let (_, example) = page.split_once("```json\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("example.json");
    fs::write(&path, example).unwrap();
    let summary = out(&run(plancheck().arg("model").arg(&path)));
    assert!(!summary.contains("Oddities"), "{summary}");
    // Every type of the table is the class that stands beside it.
    let (_, types) = page.split_once("| object_type | IFC class |").unwrap();
    let rows = types
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let mut seen = 0;
    for row in rows {
        let words: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        let (class, types) = words.split_last().unwrap();
        for object_type in types {
            let model = serde_json::json!({ "objects": [
                { "object_id": "x", "object_type": object_type },
            ]});
            fs::write(&path, model.to_string()).unwrap();
            let summary = out(&run(plancheck().arg("model").arg(&path)));
            assert!(summary.contains(class), "{object_type}: {summary}");
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen} types are in the table");
    if !complete("the_example_of_the_json_model_is_one") {
        return;
    }
    fs::write(&path, example).unwrap();
    let arguments = ["--format", "json", "--show", "all"];
    let json = run(plancheck().arg("validate").arg(&path).args(arguments));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let verdict = |id: &str| {
        let findings = json["findings"].as_array().unwrap();
        let found = findings.iter().find(|finding| {
            finding["rule"] == "egress-door-clear-width" && finding["element"]["global_id"] == id
        });
        found.map(|finding| finding["verdict"].clone())
    };
    assert_eq!(verdict("door-a"), Some("pass".into()));
    assert_eq!(verdict("door-b"), Some("fail".into()));
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
    assert_eq!(
        err(&output),
        "plancheck: missing.ifc: there is no such file\n",
        "the path once"
    );
    assert_eq!(out(&output).lines().count(), 1);
}

#[test]
fn a_place_without_a_code_is_said() {
    if !complete("a_place_without_a_code_is_said") {
        return;
    }
    let output = run(plancheck().args(["validate", OFFICE, "--jurisdiction", "jp/13"]));
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
        out(&cleared).starts_with("removed 1 file,"),
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
