//! Promise: `plancheck ids` checks models against IDS documents and says so in text, JSON and HTML;
//! natively and in the sandbox the report is the same, byte for byte; what is no document is a
//! typed error with its line, in bounded time.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod cli_support;
mod ids_support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cli_support::{code, complete, err, out, plancheck, root, run};
use ids_support::{OFFICE, READY, check, with_document};
use plancheck_engine::ids::{CheckOptions, check_documents};
use plancheck_engine::model::Model;
use plancheck_tests::shared::{files, own_models, shared};

fn filters() -> Vec<(&'static str, &'static str)> {
    vec![(r"\d+\.\d\d s\b", "[seconds] s")]
}

#[test]
fn the_demo_as_text() {
    if !complete("the_demo_as_text") {
        return;
    }
    let output = check(OFFICE, &[READY], &[]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    let text = out(&output);
    assert!(!text.contains('\u{1b}'), "no colour without a terminal");
    insta::with_settings!({ filters => filters() }, {
        insta::assert_snapshot!("ids_office", text);
    });
}

#[test]
fn help_teaches() {
    for (command, name) in [("check", "help_ids_check"), ("audit", "help_ids_audit")] {
        let help = run(plancheck().args(["ids", command, "--help"]));
        assert_eq!(code(&help), 0);
        insta::assert_snapshot!(name, out(&help));
    }
}

#[test]
fn exit_codes() {
    if !complete("exit_codes") {
        return;
    }
    let fixtures = "tests/fixtures/ids";
    let model = format!("{fixtures}/model.ifc");
    let of = |name: &str| format!("{fixtures}/{name}.ids");
    let pass = of("pass-material_category");
    let fail = of("fail-material_is_missing");
    let invalid = of("invalid-pattern");
    for (documents, expected) in [
        (vec![pass.as_str()], 0),
        (vec![&fail], 1),
        (vec![&pass, &fail], 1),
        (vec![&invalid], 1),
        (vec!["README.md"], 2),
        (vec![&pass, "missing.ids"], 2),
    ] {
        let output = check(&model, &documents, &[]);
        assert_eq!(code(&output), expected, "{documents:?} {}", err(&output));
    }
    for (document, expected) in [(&pass, 0), (&fail, 0), (&invalid, 1), (&model, 2)] {
        for format in ["text", "json"] {
            let output = run(plancheck().args(["ids", "audit", document, "--format", format]));
            assert_eq!(code(&output), expected, "{document} {}", out(&output));
        }
    }
    let json = check("README.md", &[&pass], &[]);
    assert_eq!(code(&json), 2, "no model");
    assert_eq!(code(&run(plancheck().args(["ids", "check", &model]))), 2);
    let (_folder, json) = with_document(cli_support::door_model("D1").as_bytes(), "model.json");
    let output = check(json.to_str().unwrap(), &[&pass], &[]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("ids.not-ifc"), "{}", err(&output));
}

#[test]
fn json_is_whole_and_names_its_files() {
    if !complete("json_is_whole_and_names_its_files") {
        return;
    }
    let bench = "tests/fixtures/ids/fail-material_is_missing.ids";
    let output = check(OFFICE, &[READY, bench], &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["format"], "plancheck-ids-report/1");
    assert_eq!(report["model"], "office.ifc");
    assert_eq!(report["documents"][0]["file"], "office.ids");
    assert_eq!(
        report["documents"][1]["file"],
        "fail-material_is_missing.ids"
    );
    let lines = check(OFFICE, &[READY], &["--format", "json", OFFICE]);
    assert_eq!(out(&lines).lines().count(), 2);
    let audit = run(plancheck().args(["ids", "audit", READY, "--format", "json"]));
    let audit: serde_json::Value = serde_json::from_slice(&audit.stdout).unwrap();
    assert_eq!(audit["format"], "plancheck-ids-audit/1");
    assert_eq!(
        (&audit["file"], &audit["errors"]),
        (&"office.ids".into(), &0.into())
    );
    assert_eq!(audit["findings"], serde_json::json!([]));
}

const PASS: &str = "tests/fixtures/ids/pass-material_category.ids";
const FIXTURE: &str = "tests/fixtures/ids/model.ifc";

#[test]
fn the_order_of_models_and_documents_does_not_matter() {
    if !complete("the_order_of_models_and_documents_does_not_matter") {
        return;
    }
    for order in [
        &["--ids", PASS, FIXTURE][..],
        &[FIXTURE, "--ids", PASS, FIXTURE],
    ] {
        let output = run(plancheck().args(["ids", "check"]).args(order));
        assert_eq!(code(&output), 0, "{}", err(&output));
        let models = out(&output).matches("IFC4 · ").count();
        assert_eq!(models, order.iter().filter(|arg| **arg == FIXTURE).count());
    }
    let none = run(plancheck().args(["ids", "check", "--ids", PASS]));
    assert_eq!(code(&none), 2);
    let said = err(&none);
    assert!(
        said.contains("no MODEL") && said.contains("MODEL... --ids FILE..."),
        "{said}"
    );
}

#[test]
fn a_document_that_cannot_be_read_is_said_once_before_any_model() {
    if !complete("a_document_that_cannot_be_read_is_said_once_before_any_model") {
        return;
    }
    let head = "<ids xmlns='http://standards.buildingsmart.org/IDS'>\n";
    let small = format!("{head}<a></b>").into_bytes();
    let large = format!("{head}{}<a></b>", " ".repeat(2 << 20)).into_bytes();
    for bytes in [small, large] {
        let (_folder, path) = with_document(&bytes, "bad.ids");
        let path = path.to_str().unwrap();
        for format in ["text", "json", "html"] {
            let more = [FIXTURE, OFFICE, "--format", format];
            let output = check(OFFICE, &[path], &more);
            assert_eq!(code(&output), 2);
            let said = err(&output);
            assert_eq!(said.matches(path).count(), 1, "{said}");
            assert_eq!(said.matches("line 2").count(), 1, "{said}");
            assert!(format != "text" || out(&output).is_empty() || bytes.len() > 1 << 20);
        }
        let audit = run(plancheck().args(["ids", "audit", path]));
        assert!(
            !out(&audit).contains("line 2"),
            "its place stands before it: {}",
            out(&audit)
        );
    }
}

#[test]
fn a_check_that_is_not_over_in_time_ends_with_2() {
    if !complete("a_check_that_is_not_over_in_time_ends_with_2") {
        return;
    }
    let model = fs::read_to_string(root().join(FIXTURE)).unwrap();
    let walls = (1_000..200_000).map(|n| format!("#{n}=IFCWALL('{n:022}',$,'W',$,$,$,$,$,$);\n"));
    let end = "ENDSEC;\nEND-ISO";
    assert!(model.contains(end));
    let model = model.replace(end, &format!("{}{end}", walls.collect::<String>()));
    let (_folder, path) = with_document(model.as_bytes(), "large.ifc");
    let path = path.to_str().unwrap();
    for command in [
        &["ids", "check", path, "--ids", READY][..],
        &["validate", path],
    ] {
        let output = run(plancheck().args(command).args(["--timeout", "1ms"]));
        assert_eq!(code(&output), 2, "{}", err(&output));
        assert!(err(&output).contains("(timeout)"), "{}", err(&output));
    }
}

#[test]
fn what_is_met_before_the_rules_is_listed_when_passes_are() {
    if !complete("what_is_met_before_the_rules_is_listed_when_passes_are") {
        return;
    }
    let met = |show: &str| {
        let text = out(&run(plancheck().args(["validate", OFFICE, "--show", show])));
        let readiness = text.split_once("Model readiness").unwrap().1.to_owned();
        readiness
            .lines()
            .filter(|line| line.starts_with("    met    "))
            .count()
    };
    assert_eq!(met("fail"), 0);
    assert!(met("pass") > 0 && met("pass") == met("all"));
    let help = out(&run(plancheck().args(["validate", "--help"])));
    assert!(help.contains("readiness documents"), "{help}");
}

fn bombs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let head = r#"<ids xmlns="http://standards.buildingsmart.org/IDS">"#;
    let mut laughs = String::from("<!DOCTYPE ids [<!ENTITY l0 \"lol\">");
    for at in 1..10 {
        let before = format!("&l{};", at - 1).repeat(10);
        laughs.push_str(&format!("<!ENTITY l{at} \"{before}\">"));
    }
    laughs.push_str(&format!("]>\n{head}<info><title>&l9;</title></info></ids>"));
    vec![
        (
            "malformed",
            format!("{head}\n<info>\n<title>x</info>").into_bytes(),
            "line 3",
        ),
        ("cut", format!("{head}\n\n<info").into_bytes(), "line 3"),
        ("laughs", laughs.into_bytes(), "line 1"),
        ("other", b"\n<html/>".to_vec(), "line 2"),
        ("words", vec![b'x'; 100 << 20], "line 1"),
        ("lines", b"junk\n".repeat(20 << 20), "line"),
        (
            "deep",
            [head.as_bytes(), &b"<a>".repeat(30 << 20)].concat(),
            "more than",
        ),
        ("zeros", vec![0; 100 << 20], "line"),
        ("bytes", vec![0xC1; 100 << 20], "byte 0"),
    ]
}

#[test]
fn hostile_documents_end_with_2_and_a_line_in_bounded_time() {
    if !complete("hostile_documents_end_with_2_and_a_line_in_bounded_time") {
        return;
    }
    for (name, bytes, place) in bombs() {
        let (_folder, path) = with_document(&bytes, "bad.ids");
        let started = Instant::now();
        let output = check(OFFICE, &[path.to_str().unwrap()], &[]);
        assert_eq!(code(&output), 2, "{name}");
        let said = err(&output);
        assert!(
            said.contains("bad.ids") && said.contains("(ids."),
            "{name}: {said}"
        );
        assert!(said.contains(place) && said.len() < 1500, "{name}: {said}");
        let audit = run(plancheck().args(["ids", "audit"]).arg(&path));
        assert_eq!(code(&audit), 2, "{name}: {}", out(&audit));
        assert!(out(&audit).len() < 3000, "{name}");
        assert!(started.elapsed() < Duration::from_secs(60), "{name}");
    }
}

#[test]
fn a_document_that_is_too_large_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.ids");
    fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let output = check(OFFICE, &[path.to_str().unwrap()], &[]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("ids.too-large"), "{}", err(&output));
}

/// The report of the sandbox, and the one of the engine that is linked into this test.
fn compare(model: &Path, documents: &[PathBuf]) {
    let mut command = plancheck();
    command
        .args(["ids", "check", "--format", "json"])
        .arg(model);
    for document in documents {
        command.arg("--ids").arg(document);
    }
    let output = run(&mut command);
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let options = CheckOptions {
        model: name(&model.to_path_buf()),
        names: documents.iter().map(name).collect(),
        most: None,
    };
    let bytes = documents
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    let native = Model::load(fs::read(model).unwrap())
        .map_err(|e| e.to_string())
        .and_then(|model| check_documents(&model, bytes, &options).map_err(|e| e.to_string()));
    match native {
        Ok(report) => {
            let native = report.to_json().unwrap();
            assert!(
                out(&output).trim_end() == native,
                "{}: the sandboxed report differs from the native one",
                model.display()
            );
        }
        Err(error) => {
            assert_eq!(code(&output), 2, "{}: natively {error}", model.display());
            assert!(err(&output).contains(&error), "{error}");
        }
    }
}

#[test]
fn own_models_give_equal_reports() {
    if !complete("own_models_give_equal_reports") {
        return;
    }
    let documents = files(&root().join("tests/fixtures/ids"), &["ids"]);
    assert!(documents.len() > 50);
    let readable: Vec<PathBuf> = documents
        .into_iter()
        .filter(|path| plancheck_engine::ids::Document::parse(&fs::read(path).unwrap()).is_ok())
        .collect();
    compare(&root().join("tests/fixtures/ids/model.ifc"), &readable);
    for model in own_models() {
        compare(&model, &[root().join(READY)]);
    }
}

#[test]
fn real_models_give_equal_reports() {
    let Some(folder) = shared("ids real_models_give_equal_reports") else {
        return;
    };
    if !complete("ids real_models_give_equal_reports") {
        return;
    }
    let mut models = files(&folder.join("data/ifc"), &["ifc"]);
    models.extend(files(&folder.join("data/weird"), &["ifc"]));
    for model in &models {
        compare(model, &[folder.join("data/bench20.ids")]);
    }
    println!("{} models: equal", models.len());
}
