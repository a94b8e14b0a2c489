//! What an audit says.

use super::*;

/// Findings of an audit: code and message.
fn audited(document: &str) -> Vec<(&'static str, String)> {
    let audit = audit_document(document.as_bytes());
    audit
        .findings
        .into_iter()
        .map(|f| (f.code, f.message))
        .collect()
}

#[test]
fn an_audit_says_what_was_meant_once_for_all_versions() {
    let both = |class: &str, asks: &str| {
        document(&specification(
            "IFC2X3 IFC4",
            OPTIONAL,
            &simple(class),
            asks,
        ))
    };
    let attribute = format!("<attribute><name>{}</name></attribute>", simple("Widht"));
    let typed = property("Pset_DoorCommon", "FireRating", "")
        .replace("<property>", "<property dataType=\"IFCTEXT\">");
    let unknown = typed.replace("IFCTEXT", "IFCLABLE");
    for (document, code, message) in [
        (
            both("IFCSTOREY", ""),
            "ids.unknown-entity",
            "IFCSTOREY is no class of IFC2X3, IFC4; did you mean IFCBUILDINGSTOREY?",
        ),
        (
            both("IfcDoor", ""),
            "ids.not-upper-case",
            "class \"IfcDoor\" has to be in capitals: \"IFCDOOR\"",
        ),
        (
            both("IFCWINDOW", &attribute),
            "ids.unknown-attribute-name",
            "IFC2X3, IFC4: IFCWINDOW has no attribute \"Widht\"; did you mean OverallWidth?",
        ),
        (
            both("IFCDOOR", &property("Pset_DoorsCommon", "A", "")),
            "ids.unknown-property-set",
            "\"Pset_DoorsCommon\" is no standardised set, and \"Pset_\" and \"Qto_\" are reserved; did you mean Pset_DoorCommon?",
        ),
        (
            both("IFCDOOR", &property("Pset_DoorCommon", "FireRatting", "")),
            "ids.unknown-property",
            "IFC2X3, IFC4: Pset_DoorCommon has no property \"FireRatting\"; did you mean FireRating?",
        ),
        (
            both("IFCDOOR", &typed),
            "ids.wrong-data-type",
            "IFC2X3, IFC4: Pset_DoorCommon.FireRating is of IFCLABEL, not IFCTEXT",
        ),
        // An unknown data type is not said to be another one too.
        (
            both("IFCDOOR", &unknown),
            "ids.unknown-data-type",
            "IFC2X3, IFC4: IFCLABLE is no data type; did you mean IFCLABEL?",
        ),
    ] {
        assert_eq!(audited(&document), [(code, message.to_owned())]);
    }
}

#[test]
fn anchors_are_warned_about() {
    let name = |pattern: &str| {
        on(
            "IFCDOOR",
            &format!(
                r#"<attribute><name>{}</name><value><xs:restriction base="xs:string"><xs:pattern value="{pattern}"/></xs:restriction></value></attribute>"#,
                simple("Name")
            ),
        )
    };
    for (pattern, anchored) in [
        ("^A", true),
        ("A$", true),
        (r"A\\$", true),
        (r"A\$", false),
        ("[A$]", false),
        (r"\^A", false),
        ("A^B", false),
        ("[^A]", false),
        ("A", false),
    ] {
        let codes: Vec<_> = audited(&name(pattern)).into_iter().map(|f| f.0).collect();
        assert_eq!(
            codes == ["ids.anchored-pattern"],
            anchored,
            "{pattern}: {codes:?}"
        );
    }
}

#[test]
fn restrictions_that_nothing_can_keep_are_found() {
    let name = |base: &str, inner: &str| {
        on(
            "IFCTASKTIME",
            &format!(
                r#"<attribute><name>{}</name><value><xs:restriction base="xs:{base}">{inner}</xs:restriction></value></attribute>"#,
                simple(if base == "date" {
                    "ScheduleStart"
                } else {
                    "Completion"
                })
            ),
        )
    };
    let range = |low: &str, high: &str| {
        format!(r#"<xs:minInclusive value="{low}"/><xs:maxInclusive value="{high}"/>"#)
    };
    let codes = |document: &str| -> Vec<&'static str> {
        audited(document)
            .into_iter()
            .map(|f| f.0)
            .filter(|c| *c != "ids.wrong-base")
            .collect()
    };
    assert_eq!(
        codes(&name("date", &range("2024-02-01", "2024-01-01"))),
        ["ids.impossible-range"]
    );
    assert!(codes(&name("date", &range("2024-01-01", "2024-02-01"))).is_empty());
    assert_eq!(
        codes(&name("date", &range("2024-02-30", "2024-03-01"))),
        ["ids.wrong-value"]
    );
    let listed = |value: &str| format!(r#"{}<xs:enumeration value="{value}"/>"#, range("1", "2"));
    assert_eq!(
        codes(&name("double", &listed("3"))),
        ["ids.impossible-range"]
    );
    assert!(codes(&name("double", &listed("1.5"))).is_empty());
}

#[test]
fn a_consequence_is_not_said_beside_its_cause() {
    let asks = property(
        "Own",
        "Width",
        r#"<value><xs:restriction base="xs:double"><xs:minExlusive value="0"/></xs:restriction></value>"#,
    );
    let codes: Vec<_> = audited(&on("IFCWALL", &asks))
        .into_iter()
        .map(|f| f.0)
        .collect();
    assert_eq!(codes, ["ids.unknown-element"]);
    let empty = asks.replace("<xs:minExlusive value=\"0\"/>", "");
    let codes: Vec<_> = audited(&on("IFCWALL", &empty))
        .into_iter()
        .map(|f| f.0)
        .collect();
    assert_eq!(codes, ["ids.empty-restriction"]);
}

#[test]
fn info_has_each_entry_once_and_what_cannot_be_read_has_its_place_once() {
    let twice = on("IFCWALL", "").replace("<title>t</title>", "<title>t</title><title>u</title>");
    let found = audited(&twice);
    assert!(
        found
            .iter()
            .any(|(_, message)| message == "a second \"title\" in \"info\": keep one")
    );
    let report = report(&twice, None);
    assert_eq!(report["documents"][0]["title"], "t");
    let audit =
        audit_document(b"<ids xmlns='http://standards.buildingsmart.org/IDS'>\n<a></b></ids>");
    assert_eq!(
        (audit.readable, audit.findings[0].line),
        (false, 2),
        "{audit:?}"
    );
    assert!(!audit.findings[0].message.contains("line 2"), "{audit:?}");
}

#[test]
fn relations_that_are_allowed_are_listed() {
    let storey = format!(
        "<entity><name>{}</name></entity>",
        simple("IFCBUILDINGSTOREY")
    );
    let part = format!("<partOf relation=\"IFCRELCONTAINED\">{storey}</partOf>");
    let [(code, message)] = audited(&on("IFCWALL", &part)).try_into().unwrap();
    assert_eq!(code, "ids.unknown-relation");
    assert!(
        message.contains("is not a relation that IDS allows; allowed are \"IFCRELAGGREGATES\""),
        "{message}"
    );
}
