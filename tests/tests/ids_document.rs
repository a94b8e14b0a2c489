//! Promise: an IDS document is held to XML and to the schema of IDS: what breaks them is said, at
//! its line, and never passes in silence, however much else is wrong.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use plancheck_engine::ids::{
    Document, MAX_FINDINGS, Plan, Severity, Status, audit, audit_document,
};
use plancheck_engine::model::Model;
use plancheck_tests::shared::root;

const HEAD: &str = r#"<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<info><title>t</title></info>
<specifications>"#;
const TAIL: &str = "</specifications>\n</ids>";
const WALLS: &str = r#"<applicability minOccurs="0" maxOccurs="unbounded">
<entity><name><simpleValue>IFCWALL</simpleValue></name></entity></applicability>"#;
const NAMED: &str = r"<requirements><attribute><name><simpleValue>Name</simpleValue></name></attribute></requirements>";

fn specification(inside: &str) -> String {
    format!("<specification name=\"s\" ifcVersion=\"IFC4\">\n{inside}</specification>")
}

fn document(inside: &str) -> String {
    format!("{HEAD}{}{TAIL}", specification(inside))
}

fn good() -> String {
    document(&format!("{WALLS}{NAMED}"))
}

fn status(document: &str) -> Status {
    let model = std::fs::read(root().join("tests/fixtures/ids/model.ifc")).unwrap();
    let document = Document::parse(document.as_bytes()).unwrap();
    let plan = Plan::new(&[document]);
    let report = plan.check(&Model::load(model).unwrap(), &mut |_| true);
    report.unwrap().documents[0].specifications[0].status
}

#[test]
fn what_these_tests_change_is_good() {
    assert_eq!(audit(good().as_bytes()), []);
    assert_ne!(status(&good()), Status::Error);
}

#[test]
fn text_that_is_not_xml_is_refused_at_its_line() {
    let good = good();
    let last = good.lines().count();
    for (what, text, line) in [
        ("text behind the root", format!("{good}\nand more"), last),
        ("a second root", format!("{good}\n{good}"), last + 1),
        (
            "a control character",
            good.replace("<title>t", "<title>\0"),
            2,
        ),
        (
            "a reference to one",
            good.replace("<title>t", "<title>&#1;"),
            2,
        ),
        ("one in an attribute", good.replace("\"s\"", "\"&#2;\""), 3),
        ("a bare <", good.replace("\"s\"", "\"<s\""), 3),
        (
            "a prefix of nowhere",
            good.replace("<title>t</title>", "<foo:title/>"),
            2,
        ),
        (
            "not a character",
            good.replace("<title>t", "<title>\u{FFFF}"),
            2,
        ),
        ("two byte order marks", format!("\u{FEFF}\u{FEFF}{good}"), 1),
        (
            "namespaces without end",
            good.replace("<info>", &namespaces()),
            2,
        ),
    ] {
        let error = Document::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.code(), "ids.xml", "{what}: {error}");
        let found = audit(text.as_bytes());
        assert_eq!(found[0].line as usize, line, "{what}: {}", found[0].message);
        assert!(
            !found[0].message.contains("Resolver"),
            "{}",
            found[0].message
        );
    }
}

fn namespaces() -> String {
    let all: String = (0..30_000)
        .map(|n| format!(" xmlns:n{n}=\"urn:{n}\""))
        .collect();
    format!("<info{all}>")
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let wide: Vec<u8> = good().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xFF\xFE", wide.as_slice()].concat();
    assert!(Document::parse(&marked).is_ok());
    let odd = [marked.as_slice(), b"x"].concat();
    for bytes in [odd, wide] {
        assert_eq!(Document::parse(&bytes).unwrap_err().code(), "ids.encoding");
    }
}

#[test]
fn too_deep_says_where() {
    let deep = good().replace("<title>t", &format!("<title>\n\n{}", "<x>".repeat(100)));
    let found = audit(deep.as_bytes());
    assert_eq!((found[0].code, found[0].line), ("ids.too-large", 4));
}

/// What makes a specification mean something else than it says is not checked.
#[test]
fn doubled_and_foreign_parts_are_errors_and_nothing_passes() {
    let entity = "<entity><name><simpleValue>IFCDOOR</simpleValue></name></entity>";
    for (code, inside) in [
        ("ids.doubled-element", format!("{WALLS}{WALLS}{NAMED}")),
        ("ids.doubled-element", format!("{WALLS}{NAMED}{NAMED}")),
        (
            "ids.doubled-element",
            format!(
                "{}{NAMED}",
                WALLS.replace("</applicability>", &format!("{entity}</applicability>"))
            ),
        ),
        (
            "ids.unknown-element",
            format!(
                "{WALLS}{}",
                NAMED.replace("<attribute>", "<attribute xmlns=\"urn:other\">")
            ),
        ),
    ] {
        let text = document(&inside);
        let found = audit(text.as_bytes());
        let named = found
            .iter()
            .any(|f| f.code == code && f.severity == Severity::Error);
        assert!(named, "{inside}: {found:?}");
        assert_eq!(status(&text), Status::Error, "{inside}");
    }
}

/// The schema minds the order; what is meant is clear.
#[test]
fn another_order_is_an_error_of_the_document_only() {
    let backwards = "<requirements><attribute><value><simpleValue>x</simpleValue></value><name><simpleValue>Name</simpleValue></name></attribute></requirements>";
    for inside in [format!("{NAMED}{WALLS}"), format!("{WALLS}{backwards}")] {
        let text = document(&inside);
        let codes: Vec<_> = audit(text.as_bytes()).iter().map(|f| f.code).collect();
        assert_eq!(codes, ["ids.order"], "{inside}");
        assert_ne!(status(&text), Status::Error, "{inside}");
    }
    let twice = good().replace(
        "</specifications>",
        &format!(
            "</specifications><specifications>{}</specifications>",
            specification(WALLS)
        ),
    );
    assert!(
        audit(twice.as_bytes())
            .iter()
            .any(|f| f.code == "ids.doubled-element")
    );
}

#[test]
fn an_error_behind_a_thousand_warnings_is_found() {
    let odd = specification(&WALLS.replace(
        "minOccurs=\"0\" maxOccurs=\"unbounded\"",
        "minOccurs=\"2\" maxOccurs=\"5\"",
    ));
    let wrong = specification(&WALLS.replace("IFCWALL", "IFCNOSUCHTHING"));
    let text = format!("{HEAD}{}{wrong}{TAIL}", odd.repeat(MAX_FINDINGS + 5));
    let report = audit_document(text.as_bytes());
    assert_eq!(report.errors, 1);
    let more = report
        .findings
        .iter()
        .find(|f| f.code == "ids.more")
        .unwrap();
    assert!(
        more.message.starts_with("5 more warnings"),
        "{}",
        more.message
    );
    assert_eq!(more.severity, Severity::Warning);
}

#[test]
fn a_long_name_does_not_stand_in_a_thousand_findings() {
    let name = "n".repeat(1 << 20);
    let text = document(&format!(
        "{WALLS}<requirements>{}</requirements>",
        "<colour/>".repeat(1_200)
    ))
    .replace("name=\"s\"", &format!("name=\"{name}\""));
    let unknown = text.replace("<colour/>", &format!("<{}/>", &name[..2_000]));
    for text in [text, unknown] {
        let report = audit_document(text.as_bytes());
        assert!(report.errors > MAX_FINDINGS as u64);
        let written = serde_json::to_string(&report).unwrap().len();
        assert!(written < 4 << 20, "{written} bytes");
    }
}
