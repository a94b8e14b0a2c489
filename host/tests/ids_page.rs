//! Promise: what `plancheck ids check` shows of one model or several is complete, says pass only of
//! what was checked, and is one page of HTML in which everything is escaped.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod cli_support;
mod ids_support;

use std::fs;
use std::path::PathBuf;

use cli_support::{code, complete, err, out, root};
use ids_support::{OFFICE, READY, check, with_document};

const PASS: &str = "tests/fixtures/ids/pass-material_category.ids";
const FIXTURE: &str = "tests/fixtures/ids/model.ifc";

/// What a page may be made of.
const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "section", "h1", "h2", "h3", "p", "div", "b",
    "span", "progress", "details", "summary", "table", "thead", "tbody", "tr", "th", "td",
    "strong", "a", "dl", "dt", "dd",
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
        .replace(
            "<purpose>Plan check",
            &format!("<copyright>{in_xml}</copyright><purpose>{in_xml}"),
        )
        .replace(
            "<date>",
            &format!("<version>{in_xml}</version><author>{in_xml}</author><date>{in_xml}"),
        );
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

#[test]
fn several_models_end_with_a_table_and_those_that_cannot_be_read_are_in_it() {
    if !complete("several_models_end_with_a_table_and_those_that_cannot_be_read_are_in_it") {
        return;
    }
    let text = check(OFFICE, &[PASS], &["missing.ifc", FIXTURE]);
    assert_eq!(code(&text), 2);
    let text = out(&text);
    let table = text.split_once("model ").unwrap().1;
    let heading: Vec<&str> = table.lines().next().unwrap().split("  ").collect();
    let heading: Vec<&str> = heading
        .into_iter()
        .map(str::trim)
        .filter(|h| !h.is_empty())
        .collect();
    assert_eq!(
        heading,
        ["failed", "passed", "apply to nothing", "not checked"]
    );
    let row = |name: &str| {
        table
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap()
            .to_owned()
    };
    assert!(row("missing.ifc").ends_with("could not be read"));
    assert!(
        row(FIXTURE)
            .split_whitespace()
            .skip(1)
            .eq(["0", "1", "0", "0"]),
        "{table}"
    );
    assert!(text.trim_end().ends_with("1 of 3 models could not be read"));
    let page = out(&check(
        OFFICE,
        &[PASS],
        &["missing.ifc", FIXTURE, "--format", "html"],
    ));
    let (text, elements) = parsed(&page);
    assert_eq!(elements.iter().filter(|e| *e == "a").count(), 2);
    assert!(
        text.contains("could not be read: there is no such file"),
        "{text}"
    );
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
    let all = [
        ("broken", "IFC4", "IFCWALL"),
        ("idle", "IFC4", "IFCDOOOR"),
        ("old", "IFC2X3", "IFCWALL"),
    ];
    let (_folder, path) = specifications(&all);
    let path = path.to_str().unwrap();
    let output = check(FIXTURE, &[path], &[]);
    let text = out(&output);
    let summary =
        "3 specifications · 0 failed · 1 could not be checked · 1 passed · 1 applies to nothing";
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
    assert_eq!(
        statuses,
        ["not checked", "not checked", "pass", "pass", "–", "–"]
    );
    // What could not be checked has no bar to paint red.
    let broken = page
        .split("broken</span>")
        .nth(1)
        .unwrap()
        .split("</details>")
        .next()
        .unwrap();
    assert!(!broken.contains("<progress"), "{broken}");
}

#[test]
fn html_groups_what_was_found() {
    if !complete("html_groups_what_was_found") {
        return;
    }
    let document = fs::read_to_string(root().join(READY))
        .unwrap()
        .replace("OverallWidth", "Tag");
    let document = document
        .replace("IsExternal", "NoSuchThing")
        .replace("FireExit", "NoSuchThing");
    let (_folder, path) = with_document(document.as_bytes(), "grouped.ids");
    let page = out(&check(
        OFFICE,
        &[path.to_str().unwrap()],
        &["--format", "html"],
    ));
    let (text, _) = parsed(&page);
    assert!(
        text.contains("26 × found no NoSuchThing in Pset_DoorCommon"),
        "{text}"
    );
    let group = page.split("found no NoSuchThing").nth(1).unwrap();
    let open = group.split("<details class=\"more\">").next().unwrap();
    assert_eq!(open.matches("<tr><td>").count(), 10);
    assert!(group.contains("<summary>16 more</summary>"));
}
