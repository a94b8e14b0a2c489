//! Promise: any bytes may be given as an IDS document, and any document may be run over any model.
//! What is wrong is a typed error with its line or a finding; memory and time stay bounded.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

use plancheck_engine::ids::pattern::{Pattern, PatternError};
use plancheck_engine::ids::{CheckError, Document, MAX_FINDINGS, ParseError, Plan, Status, audit};
use plancheck_engine::model::Model;
use plancheck_tests::shared::{files, root};

const HEAD: &str = r#"<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema"><info><title>t</title></info><specifications>"#;
const TAIL: &str = "</specifications></ids>";

/// A document with one specification on walls that asks for this.
fn asks(requirement: &str) -> String {
    format!(
        r#"{HEAD}<specification name="s" ifcVersion="IFC4"><applicability minOccurs="0" maxOccurs="unbounded"><entity><name><simpleValue>IFCWALL</simpleValue></name></entity></applicability><requirements>{requirement}</requirements></specification>{TAIL}"#
    )
}

fn name_matches(pattern: &str) -> String {
    asks(&format!(
        r#"<attribute><name><simpleValue>Name</simpleValue></name><value><xs:restriction base="xs:string"><xs:pattern value="{pattern}"/></xs:restriction></value></attribute>"#
    ))
}

fn model() -> Model {
    Model::load(std::fs::read(root().join("tests/fixtures/ids/model.ifc")).unwrap()).unwrap()
}

fn check(document: &str) -> (Status, Option<String>) {
    let document = Document::parse(document.as_bytes()).unwrap();
    let report = Plan::new(&[document])
        .check(&model(), &mut |_| true)
        .unwrap();
    let specification = &report.documents[0].specifications[0];
    (specification.status, specification.reason.clone())
}

#[test]
fn what_is_no_document_is_a_typed_error_with_its_line() {
    for (bytes, code) in [
        (&b""[..], "ids.xml"),
        (b"   ", "ids.xml"),
        (b"hello", "ids.xml"),
        (b"<html></html>", "ids.not-ids"),
        (b"<ids></ids>", "ids.not-ids"),
        (b"\xFF\xFE\x00\xD8", "ids.encoding"),
        (b"<ids \xFF", "ids.encoding"),
        (b"ISO-10303-21;", "ids.xml"),
    ] {
        let error = Document::parse(bytes).unwrap_err();
        assert_eq!(
            error.code(),
            code,
            "{:?}: {error}",
            String::from_utf8_lossy(bytes)
        );
        assert_eq!(audit(bytes)[0].code, code);
    }
    let text = asks("").replace("<info>", "\n\n<info><oops>");
    match Document::parse(text.as_bytes()).unwrap_err() {
        ParseError::Xml { line, .. } => assert_eq!(line, 3),
        other => panic!("{other}"),
    }
    for cut in (0..text.len()).step_by(7) {
        if text.is_char_boundary(cut) {
            let _ = Document::parse(&text.as_bytes()[..cut]).unwrap_err();
        }
    }
}

#[test]
fn entities_are_not_expanded() {
    let bomb = format!(
        "<!DOCTYPE ids [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>{}",
        name_matches("&b;")
    );
    let error = Document::parse(bomb.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("document type"), "{error}");
    let external = "<!DOCTYPE ids SYSTEM \"file:///etc/passwd\"><ids/>";
    assert!(Document::parse(external.as_bytes()).is_err());
    for text in [asks("&b;"), name_matches("&b;")] {
        assert!(Document::parse(text.as_bytes()).is_err());
    }
}

#[test]
fn depth_is_bounded() {
    let deep = format!("{}{}", asks("").replace(TAIL, ""), "<x>".repeat(1_000_000));
    let error = Document::parse(deep.as_bytes()).unwrap_err();
    assert_eq!(error.code(), "ids.too-large");
}

#[test]
fn a_document_made_of_errors_is_bounded() {
    let many = asks(&"<colour/>".repeat(100_000));
    let found = audit(many.as_bytes());
    assert!(found.len() <= 2 * MAX_FINDINGS && found[0].code == "ids.unknown-element");
}

#[test]
fn a_specification_that_is_not_understood_does_not_pass() {
    for requirement in [
        "<colour/>",
        "<attribute/>",
        "<attribute><name>Name</name></attribute>",
        "<attribute><name><simpleValue>Name</simpleValue></name><value/></attribute>",
        r#"<attribute cardinality="maybe"><name><simpleValue>Name</simpleValue></name></attribute>"#,
        r#"<partOf relation="IFCRELSOMETHING"><entity><name><simpleValue>IFCWALL</simpleValue></name></entity></partOf>"#,
        r#"<attribute><name><xs:restriction base="xs:string"><xs:totalDigits value="3"/></xs:restriction></name></attribute>"#,
        r#"<attribute><name><xs:restriction base="xs:string"><xs:length value="many"/></xs:restriction></name></attribute>"#,
    ] {
        let (status, reason) = check(&asks(requirement));
        assert_eq!(status, Status::Error, "{requirement}: {reason:?}");
        assert!(!audit(asks(requirement).as_bytes()).is_empty());
    }
}

#[test]
fn patterns_are_refused_or_run_in_linear_time() {
    for pattern in [
        "(a{1000}){1000}",
        "(?=a)",
        "a{4000000000}",
        "\\1",
        "[z-a]",
        "(",
    ] {
        let (status, reason) = check(&name_matches(pattern));
        assert_eq!(status, Status::Error, "{pattern}: {reason:?}");
        assert!(
            audit(name_matches(pattern).as_bytes())
                .iter()
                .any(|f| f.code == "ids.invalid-pattern")
        );
    }
    let long = "a".repeat(90_000);
    for pattern in ["(a+)+b", "(a|a?)+b", "(.*a){20}b", "((a?){30}){30}b"] {
        assert!(!Pattern::new(pattern).unwrap().is_match(&long), "{pattern}");
    }
    assert!(matches!(
        Pattern::new(&long),
        Err(PatternError::TooLarge { .. })
    ));
}

#[test]
fn large_documents_are_read() {
    let mut list = String::new();
    for i in 0..300_000 {
        list.push_str(&format!(r#"<xs:enumeration value="CODE-{i}"/>"#));
    }
    let document = asks(&format!(
        r#"<attribute><name><simpleValue>Name</simpleValue></name><value><xs:restriction base="xs:string">{list}</xs:restriction></value></attribute>"#
    ));
    assert_eq!(check(&document).0, Status::Fail);
}

#[test]
fn damaged_documents_are_answered() {
    let mut seed = 0x0DDB_1A5E_5BAD_5EED_u64;
    let mut next = |n: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n.max(1)
    };
    let model = model();
    let (mut parsed, mut refused) = (0, 0);
    for path in files(&root().join("tests/fixtures/ids"), &["ids"]) {
        let whole = std::fs::read(&path).unwrap();
        for _ in 0..40 {
            let mut bytes = whole.clone();
            for _ in 0..=next(4) {
                let (at, len) = (next(bytes.len()), next(30));
                match next(4) {
                    0 => bytes[at] = b"<>&\"'/=*+([{\\x\xFF"[next(15)],
                    1 => drop(bytes.drain(at..(at + len).min(bytes.len()))),
                    2 => {
                        let copy = bytes[at..(at + len).min(bytes.len())].to_vec();
                        bytes.splice(at..at, copy);
                    }
                    _ => bytes.truncate(at.max(1)),
                }
                if bytes.is_empty() {
                    bytes.push(b'<');
                }
            }
            let findings = audit(&bytes);
            match Document::parse(&bytes) {
                Ok(document) => {
                    parsed += 1;
                    Plan::new(&[document]).check(&model, &mut |_| true).unwrap();
                }
                Err(error) => {
                    refused += 1;
                    assert_eq!(findings[0].code, error.code());
                }
            }
        }
    }
    assert!(
        parsed > 200 && refused > 300,
        "{parsed} read, {refused} refused"
    );
}

#[test]
fn damaged_models_are_checked() {
    let documents: Vec<Document> = files(&root().join("tests/fixtures/ids"), &["ids"])
        .iter()
        .map(|path| Document::parse(&std::fs::read(path).unwrap()).unwrap())
        .collect();
    let plan = Plan::new(&documents);
    let whole = std::fs::read_to_string(root().join("tests/fixtures/ids/model.ifc")).unwrap();
    // Every reference in turn names another record: cycles, wrong classes, nothing.
    let places: Vec<usize> = whole.match_indices('#').map(|(at, _)| at).collect();
    for (turn, at) in places.iter().enumerate() {
        let number = [20, 21, 60, 42, 52, 999][turn % 6];
        let end = whole[at + 1..].find(|c: char| !c.is_ascii_digit()).unwrap() + at + 1;
        let text = format!("{}#{number}{}", &whole[..*at], &whole[end..]);
        let model = Model::load(text.into_bytes()).unwrap();
        let first = plan.check(&model, &mut |_| true).unwrap();
        assert_eq!(first, plan.check(&model, &mut |_| true).unwrap());
    }
}

#[test]
fn groups_within_groups_and_large_shared_sets_end() {
    let mut text = String::from(
        "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'');FILE_NAME('','',(''),(''),'','','');FILE_SCHEMA(('IFC4'));ENDSEC;DATA;",
    );
    let count = 3_000;
    for i in 0..count {
        text.push_str(&format!("#{}=IFCWALL('w{i}',$,'W',$,$,$,$,$,$);", 1 + i));
        text.push_str(&format!("#{}=IFCGROUP('g{i}',$,'G',$,$);", 10_001 + i));
        text.push_str(&format!(
            "#{}=IFCPROPERTYSINGLEVALUE('P{i}',$,IFCLABEL('x'),$);",
            20_001 + i
        ));
    }
    let list = |from: u32| {
        let all: Vec<String> = (0..count).map(|i| format!("#{}", from + i)).collect();
        all.join(",")
    };
    text.push_str(&format!(
        "#40000=IFCRELASSIGNSTOGROUP('a',$,$,$,({}),$,#10001);",
        list(1)
    ));
    for i in 0..count - 1 {
        text.push_str(&format!(
            "#{}=IFCRELASSIGNSTOGROUP('r{i}',$,$,$,(#{},#10001),$,#{});",
            40_001 + i,
            10_001 + i,
            10_002 + i
        ));
    }
    text.push_str(&format!(
        "#50000=IFCPROPERTYSET('s',$,'Set',$,({}));",
        list(20_001)
    ));
    text.push_str(&format!(
        "#50001=IFCRELDEFINESBYPROPERTIES('d',$,$,$,({}),#50000);",
        list(1)
    ));
    text.push_str("ENDSEC;END-ISO-10303-21;");
    let model = Model::load(text.into_bytes()).unwrap();
    let document = Document::parse(
        asks(
            r#"<partOf><entity><name><simpleValue>IFCZONE</simpleValue></name></entity></partOf><property dataType="IFCLABEL"><propertySet><simpleValue>Set</simpleValue></propertySet><baseName><simpleValue>P2999</simpleValue></baseName></property>"#,
        )
        .as_bytes(),
    )
    .unwrap();
    let report = Plan::new(&[document]).check(&model, &mut |_| true).unwrap();
    let specification = &report.documents[0].specifications[0];
    assert_eq!(specification.requirements[0].failed, u64::from(count));
    assert_eq!(specification.requirements[1].passed, u64::from(count));
}

#[test]
fn a_check_can_be_stopped_and_needs_a_file() {
    let plan = Plan::new(&[Document::parse(asks("").as_bytes()).unwrap()]);
    let json = Model::load(
        br#"{"building_id":"b","building_name":"B","metadata":{},"objects":[]}"#.to_vec(),
    )
    .unwrap();
    assert_eq!(
        plan.check(&json, &mut |_| true).unwrap_err(),
        CheckError::NotIfc
    );
    let mut walls = String::from(
        "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'');FILE_NAME('','',(''),(''),'','','');FILE_SCHEMA(('IFC4'));ENDSEC;DATA;",
    );
    for i in 1..10_000 {
        walls.push_str(&format!("#{i}=IFCWALL('w{i}',$,'W',$,$,$,$,$,$);"));
    }
    walls.push_str("ENDSEC;END-ISO-10303-21;");
    let model = Model::load(walls.into_bytes()).unwrap();
    assert_eq!(
        plan.check(&model, &mut |_| false).unwrap_err(),
        CheckError::Stopped
    );
}
