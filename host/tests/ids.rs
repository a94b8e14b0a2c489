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

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use cli_support::{code, complete, err, out, plancheck, root, run};
use plancheck_engine::ids::{CheckOptions, check_documents};
use plancheck_engine::model::Model;
use plancheck_tests::shared::{files, own_models, shared};

const OFFICE: &str = "demo/office.ifc";
const READY: &str = "demo/office.ids";

fn filters() -> Vec<(&'static str, &'static str)> {
    vec![(r"\d+\.\d\d s\b", "[seconds] s")]
}

fn check(model: &str, documents: &[&str], more: &[&str]) -> Output {
    let mut command = plancheck();
    command.args(["ids", "check", model]);
    for document in documents {
        command.args(["--ids", document]);
    }
    run(command.args(more))
}

fn with_document(text: &[u8], name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
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

/// What a page may be made of.
const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "section", "h1", "h2", "h3", "p", "div", "b",
    "span", "progress", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "strong",
    "a", "dl", "dt", "dd",
];

/// Everything that is text in a page, and all elements that are in it.
fn parsed(page: &str) -> (String, Vec<String>) {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(page);
    let (mut text, mut elements) = (String::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => {
                elements.push(start.name().into_inner().to_owned());
                for attribute in start.attributes() {
                    let attribute = attribute.unwrap();
                    let (key, value) = (attribute.key.into_inner(), &*attribute.value);
                    assert!(!key.starts_with("on"), "{key}");
                    // Links lead into the page, styles are numbers.
                    assert!(key != "href" || value.starts_with("#m"), "{value}");
                    assert!(key != "style" || value.starts_with("flex-grow:"), "{value}");
                }
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(entity) => text.push_str(match &*entity {
                "lt" => "<",
                "gt" => ">",
                "amp" => "&",
                "quot" => "\"",
                "#39" => "'",
                other => panic!("{other}"),
            }),
            Event::Eof => break,
            _ => {}
        }
    }
    (text, elements)
}

#[test]
fn html_is_one_page_in_which_everything_is_escaped() {
    if !complete("html_is_one_page_in_which_everything_is_escaped") {
        return;
    }
    let attack = r#"</td><script>alert("x")</script><img src='x' onerror='y'>&amp;"'"#;
    let in_xml = attack
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    let in_step = attack.replace('\'', "''");
    let document = fs::read_to_string(root().join(READY))
        .unwrap()
        .replace("Ready for plan check", &in_xml)
        .replace("Rooms say what they are", &in_xml)
        .replace("identifier=\"R2\"", &format!("identifier=\"{in_xml}\""))
        .replace("<simpleValue>LongName", &format!("<simpleValue>{in_xml}"))
        .replace("[0-9]+ min", &format!("[0-9]+|{}", in_xml.replace('?', "")))
        .replace("'90 min', not a placeholder.", &in_xml)
        .replace("Permit application", &in_xml)
        .replace("What a model has to say before", &in_xml)
        .replace("<purpose>Plan check", &format!("<copyright>{in_xml}</copyright><purpose>{in_xml}"))
        .replace("<date>", &format!("<version>{in_xml}</version><author>{in_xml}</author><date>{in_xml}"));
    let model = fs::read_to_string(root().join(OFFICE))
        .unwrap()
        .replace("'Level 1'", &format!("'{in_step}'"))
        .replace("'D113'", &format!("'{in_step}'"))
        .replace("'Fire Rating'", &format!("'{in_step}'"));
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("<b>&.ids"), document).unwrap();
    fs::write(path("<i>'.ifc"), model).unwrap();
    let report = path("report.html");
    let output = check(
        &path("<i>'.ifc"),
        &[&path("<b>&.ids")],
        &["--format", "html", "--output", &report, "--all"],
    );
    assert_eq!(code(&output), 1, "{}", err(&output));
    let page = fs::read_to_string(&report).unwrap();
    let (text, elements) = parsed(&page);
    for element in &elements {
        assert!(ELEMENTS.contains(&element.as_str()), "{element}");
    }
    let count = text.matches(attack).count();
    assert!(count >= 17, "{count}");
    assert!(text.contains("<b>&.ids") && text.contains("<i>'.ifc"));
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("http:"));
    assert!(!page.contains("<i>") && !page.contains("<b>&"));
    // The text output keeps its terminal safe the same way as the other commands.
    let text = check(&path("<i>'.ifc"), &[&path("<b>&.ids")], &[]);
    assert!(!out(&text).contains('\u{1b}'));
}

#[test]
fn html_of_the_demo_says_what_the_text_says() {
    if !complete("html_of_the_demo_says_what_the_text_says") {
        return;
    }
    let page = out(&check(OFFICE, &[READY], &["--format", "html"]));
    let (text, elements) = parsed(&page);
    assert_eq!(elements.iter().filter(|e| *e == "details").count(), 7);
    for words in [
        "Ready for plan check",
        "office.ids",
        "D113",
        "Fire Rating",
        "Level 1",
    ] {
        assert!(text.contains(words), "{words}");
    }
}

const PASS: &str = "tests/fixtures/ids/pass-material_category.ids";
const FIXTURE: &str = "tests/fixtures/ids/model.ifc";

#[test]
fn the_order_of_models_and_documents_does_not_matter() {
    if !complete("the_order_of_models_and_documents_does_not_matter") {
        return;
    }
    let output = run(plancheck().args(["ids", "check", "--ids", PASS, FIXTURE]));
    assert_eq!(code(&output), 0, "{}", err(&output));
    let none = run(plancheck().args(["ids", "check", "--ids", PASS]));
    assert_eq!(code(&none), 2);
    let said = err(&none);
    assert!(said.contains("no MODEL") && said.contains("MODEL... --ids FILE..."), "{said}");
}

#[test]
fn a_document_that_cannot_be_read_is_said_once_before_any_model() {
    if !complete("a_document_that_cannot_be_read_is_said_once_before_any_model") {
        return;
    }
    let small = b"<ids>\n<a></b>".to_vec();
    let large = [&b"<ids>\n"[..], &vec![b' '; 2 << 20], b"<a></b>"].concat();
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
        assert!(!out(&audit).contains("line 2"), "its place stands before it: {}", out(&audit));
    }
}

#[test]
fn several_models_end_with_a_table_and_those_that_cannot_be_read_are_in_it() {
    if !complete("several_models_end_with_a_table_and_those_that_cannot_be_read_are_in_it") {
        return;
    }
    let text = check(OFFICE, &[PASS], &["missing.ifc", FIXTURE]);
    assert_eq!(code(&text), 2);
    let text = out(&text);
    let table = text.split_once("model ").unwrap().1;
    assert_eq!(table.lines().next().unwrap().trim(), "failed  passed  apply to nothing  not checked");
    let row = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(row("missing.ifc").ends_with("could not be read"));
    assert!(row(FIXTURE).split_whitespace().skip(1).eq(["0", "1", "0", "0"]), "{table}");
    assert!(text.trim_end().ends_with("1 of 3 models could not be read"));
    let page = out(&check(OFFICE, &[PASS], &["missing.ifc", FIXTURE, "--format", "html"]));
    let (text, elements) = parsed(&page);
    assert_eq!(elements.iter().filter(|e| *e == "a").count(), 2);
    assert!(text.contains("could not be read: missing.ifc: there is no such file"), "{text}");
    assert!(page.contains("<title>IDS check: office.ifc, missing.ifc, model.ifc</title>"));
    assert!(page.contains("href=\"#m3\"") && page.contains("<section id=\"m3\">"));
}

/// A document on walls of the fixture's model, with these specifications.
fn specifications(all: &[(&str, &str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let mut text = r#"<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema"><info><title>T</title></info><specifications>"#.to_owned();
    for (name, version, class) in all {
        text.push_str(&format!(
            r#"<specification name="{name}" ifcVersion="{version}"><applicability minOccurs="0" maxOccurs="unbounded"><entity><name><simpleValue>{class}</simpleValue></name></entity></applicability><requirements><attribute><name><simpleValue>Name</simpleValue></name></attribute>{}</requirements></specification>"#,
            if *name == "broken" { "<nonsense/>" } else { "" }
        ));
    }
    text.push_str("</specifications></ids>");
    with_document(text.as_bytes(), "some.ids")
}

#[test]
fn what_was_not_checked_does_not_say_pass() {
    if !complete("what_was_not_checked_does_not_say_pass") {
        return;
    }
    let all = [("broken", "IFC4", "IFCWALL"), ("idle", "IFC4", "IFCDOOOR"), ("old", "IFC2X3", "IFCWALL")];
    let (_folder, path) = specifications(&all);
    let path = path.to_str().unwrap();
    let output = check(FIXTURE, &[path], &[]);
    let text = out(&output);
    let summary = "3 specifications · 0 failed · 1 could not be checked · 1 passed · 1 applies to nothing";
    assert_eq!(text.matches(summary).count(), 2, "{text}");
    for words in [
        "the model is IFC4; 1 of 3 specifications is written for other versions",
        "2 errors in this document: results may mean little; `plancheck ids audit some.ids` lists them",
        "–      idle · applies to nothing here",
        "pass   old · 1 applicable, 1 passed, 0 failed · written for IFC2X3",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let page = out(&check(FIXTURE, &[path], &["--format", "html"]));
    let statuses: Vec<&str> = page
        .split("class=\"status")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().split_once('>').unwrap().1)
        .collect();
    // Each specification, then its one requirement.
    assert_eq!(statuses, ["not checked", "not checked", "pass", "pass", "–", "–"]);
    // What could not be checked has no bar to paint red.
    let broken = page.split("broken</span>").nth(1).unwrap().split("</details>").next().unwrap();
    assert!(!broken.contains("<progress"), "{broken}");
}

#[test]
fn html_groups_what_was_found() {
    if !complete("html_groups_what_was_found") {
        return;
    }
    let document = fs::read_to_string(root().join(READY)).unwrap().replace("OverallWidth", "Tag");
    let document = document.replace("IsExternal", "NoSuchThing").replace("FireExit", "NoSuchThing");
    let (_folder, path) = with_document(document.as_bytes(), "grouped.ids");
    let page = out(&check(OFFICE, &[path.to_str().unwrap()], &["--format", "html"]));
    let (text, _) = parsed(&page);
    assert!(text.contains("26 × found no NoSuchThing in Pset_DoorCommon"), "{text}");
    let group = page.split("found no NoSuchThing").nth(1).unwrap();
    let open = group.split("<details class=\"more\">").next().unwrap();
    assert_eq!(open.matches("<tr><td>").count(), 10);
    assert!(group.contains("<summary>16 more</summary>"));
}

#[test]
fn a_check_that_is_not_over_in_time_ends_with_2() {
    if !complete("a_check_that_is_not_over_in_time_ends_with_2") {
        return;
    }
    for command in [&["ids", "check", OFFICE, "--ids", READY][..], &["validate", OFFICE]] {
        let output = run(plancheck().args(command).args(["--timeout", "1ms"]));
        assert_eq!(code(&output), 2, "{}", err(&output));
        assert!(err(&output).contains("(timeout)"), "{}", err(&output));
    }
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
