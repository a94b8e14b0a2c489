use super::{EDITS, Edit};
use crate::model::EditValue;

fn read(json: &str) -> Result<Edit, String> {
    serde_json::from_str(json).map_err(|e| e.to_string())
}

/// Why it is refused, without where in the text.
fn refused(json: &str) -> String {
    let words = read(json).unwrap_err();
    let at = words.find(" at line").unwrap_or(words.len());
    words[..at].to_owned()
}

fn owned(text: &str) -> String {
    text.to_owned()
}

#[test]
fn every_edit_is_read() {
    for (json, edit) in [
        (
            r#"{"op": "set_property", "element": "d", "set": "Pset", "name": "Width", "value": 1}"#,
            Edit::SetProperty {
                element: owned("d"),
                set: owned("Pset"),
                name: owned("Width"),
                value: Some(EditValue::Number(1.0)),
            },
        ),
        (
            // In any order; what may be left out or null.
            r#"{"value": null, "name": "Width", "op": "set_property", "element": "d"}"#,
            Edit::SetProperty {
                element: owned("d"),
                set: String::new(),
                name: owned("Width"),
                value: None,
            },
        ),
        (
            r#"{"op": "set_attribute", "element": "d", "name": "Name", "value": "\u00e9"}"#,
            Edit::SetAttribute {
                element: owned("d"),
                name: owned("Name"),
                value: Some(EditValue::Text(owned("é"))),
            },
        ),
        (
            r#"{"op": "set_attribute", "element": "d", "name": "Name"}"#,
            Edit::SetAttribute {
                element: owned("d"),
                name: owned("Name"),
                value: None,
            },
        ),
        (
            r#"{"op": "restore_property", "element": "d", "name": "Width"}"#,
            Edit::RestoreProperty {
                element: owned("d"),
                set: String::new(),
                name: owned("Width"),
            },
        ),
        (
            r#"{"op": "restore_attribute", "element": "d", "name": "Name"}"#,
            Edit::RestoreAttribute {
                element: owned("d"),
                name: owned("Name"),
            },
        ),
        (
            r#"{"op": "add_element", "global_id": "n", "class": "IfcSpace", "name": null,
                "container": "s", "attributes": [["LongName", "Hall"], ["Height", -2.5e0]],
                "properties": [["P", "IsExit", true]], "bounds": ["a", "b"]}"#,
            Edit::AddElement {
                global_id: owned("n"),
                class: owned("IfcSpace"),
                name: None,
                container: Some(owned("s")),
                attributes: vec![
                    (owned("LongName"), EditValue::Text(owned("Hall"))),
                    (owned("Height"), EditValue::Number(-2.5)),
                ],
                properties: vec![(owned("P"), owned("IsExit"), EditValue::Boolean(true))],
                bounds: vec![owned("a"), owned("b")],
            },
        ),
        (
            r#"{"op": "add_element", "global_id": "n", "class": "IfcDoor"}"#,
            Edit::AddElement {
                global_id: owned("n"),
                class: owned("IfcDoor"),
                name: None,
                container: None,
                attributes: vec![],
                properties: vec![],
                bounds: vec![],
            },
        ),
        (
            r#"{"op": "remove_element", "element": "d"}"#,
            Edit::RemoveElement {
                element: owned("d"),
            },
        ),
    ] {
        assert_eq!(read(json), Ok(edit), "{json}");
    }
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    for (json, why) in [
        (
            r#"{"op": "set_attribute", "elment": "d", "name": "Name"}"#,
            r#"set_attribute: has no field "elment", only element, name, value"#,
        ),
        (
            r#"{"op": "set_attribute", "element": "d", "element": "e", "name": "Name"}"#,
            r#"set_attribute: has "element" twice"#,
        ),
        (
            r#"{"op": "remove_element", "op": "remove_element", "element": "d"}"#,
            r#"remove_element: has "op" twice"#,
        ),
        (
            r#"{"op": "set_attribute", "name": "Name"}"#,
            r#"set_attribute: "element" has to be a text"#,
        ),
        (
            r#"{"op": "set_attribute", "element": "d", "name": "Name", "value": [1]}"#,
            r#"set_attribute: "value" has to be a text, a number, true, false or null"#,
        ),
        (
            r#"{"op": "set_property", "element": "d", "set": null, "name": "Width"}"#,
            r#"set_property: "set" has to be a text"#,
        ),
        (
            r#"{"op": "add_element", "global_id": "n", "class": "IfcDoor", "attributes": [["A"]]}"#,
            r#"add_element: "attributes" has to be a list of [name, value]"#,
        ),
        (
            r#"{"op": "add_element", "global_id": "n", "class": "IfcDoor", "properties": [["P", "A", null]]}"#,
            r#"add_element: "properties" has to be a list of [set, name, value]"#,
        ),
        (
            r#"{"op": "add_element", "global_id": "n", "class": "IfcDoor", "bounds": null}"#,
            r#"add_element: "bounds" has to be a list of texts"#,
        ),
        (r#"{"element": "d"}"#, r#""op" has to be a text"#),
        (r#"{"op": 5}"#, r#""op" has to be a text"#),
    ] {
        assert_eq!(refused(json), why, "{json}");
    }
    let unknown = refused(r#"{"op": "set_propety", "element": "d"}"#);
    assert!(unknown.starts_with(r#"no edit is called "set_propety": set_property, "#));
    for (name, _) in EDITS {
        assert!(unknown.contains(name), "{unknown}");
    }
    for no_object in [r#"["remove_element", "d"]"#, "5", "null", r#""d""#] {
        let why = refused(no_object);
        assert!(why.contains("expected an edit as an object"), "{why}");
    }
    // Where in a list it stands.
    let second = r#"[{"op": "remove_element", "element": "d"}, {"op": "remove_element"}]"#;
    let error = serde_json::from_str::<Vec<Edit>>(second).unwrap_err();
    assert_eq!((error.line(), error.column()), (1, 68), "{error}");
}

/// Nothing is in the list of fields and then not read.
#[test]
fn every_field_is_looked_at() {
    for (op, fields) in EDITS {
        let whole = |other: Option<&str>| {
            let mut edit = serde_json::json!({ "op": op });
            for field in *fields {
                edit[*field] = match *field {
                    "attributes" | "properties" | "bounds" => serde_json::json!([]),
                    _ => "x".into(),
                };
            }
            if let Some(other) = other {
                edit[other] = serde_json::json!({});
            }
            edit.to_string()
        };
        assert!(read(&whole(None)).is_ok(), "{op}");
        for field in *fields {
            let why = refused(&whole(Some(field)));
            assert!(
                why.starts_with(&format!("{op}: {field:?} has to be")),
                "{why}"
            );
        }
    }
}
