//! The HEADER section: what the file says about itself.

use super::lex::between;
use super::value::{Value, Values};

/// Bytes of one header entity that are looked at. Real ones have a few hundred.
const MAX_ENTITY: usize = 64 << 10;

/// FILE_DESCRIPTION, FILE_NAME and FILE_SCHEMA (ISO 10303-21, 8.2); empty where the file says
/// nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// FILE_DESCRIPTION.description, for IFC with the model view definition in it.
    pub description: Vec<String>,
    /// FILE_DESCRIPTION.implementation_level, such as `2;1`.
    pub implementation_level: String,
    /// FILE_NAME.name
    pub name: String,
    /// FILE_NAME.time_stamp, as written.
    pub time_stamp: String,
    /// FILE_NAME.author
    pub author: Vec<String>,
    /// FILE_NAME.organization
    pub organization: Vec<String>,
    /// FILE_NAME.preprocessor_version
    pub preprocessor: String,
    /// FILE_NAME.originating_system
    pub originating_system: String,
    /// FILE_NAME.authorisation
    pub authorization: String,
    /// FILE_SCHEMA.schema_identifiers, as written: `IFC4`, `IFC2X3`, …
    pub schema: Vec<String>,
}

impl Header {
    /// Takes over one entity: its keyword and the bytes after its opening parenthesis. The first
    /// entity of a kind wins; unknown ones are passed.
    pub(super) fn take(&mut self, keyword: &[u8], body: &[u8]) {
        let body = between(body, 0, body.len().min(MAX_ENTITY));
        let mut values = Values::new(body);
        let mut next = || values.next().unwrap_or(Value::Null);
        if keyword.eq_ignore_ascii_case(b"FILE_DESCRIPTION") && self.description.is_empty() {
            self.description = texts(next());
            self.implementation_level = text(next());
        } else if keyword.eq_ignore_ascii_case(b"FILE_NAME") && self.name.is_empty() {
            self.name = text(next());
            self.time_stamp = text(next());
            self.author = texts(next());
            self.organization = texts(next());
            self.preprocessor = text(next());
            self.originating_system = text(next());
            self.authorization = text(next());
        } else if keyword.eq_ignore_ascii_case(b"FILE_SCHEMA") && self.schema.is_empty() {
            self.schema = texts(next());
        }
    }
}

fn text(value: Value<'_>) -> String {
    value
        .as_text()
        .map(|text| text.decode().into_owned())
        .unwrap_or_default()
}

/// A list of strings; a single string, as some exporters write, counts as a list of one.
fn texts(value: Value<'_>) -> Vec<String> {
    match value.untyped() {
        Value::List(values) => values.filter(|v| v.as_text().is_some()).map(text).collect(),
        Value::Text(_) => vec![text(value)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_entities() {
        let mut header = Header::default();
        header.take(
            b"file_description",
            b"('ViewDefinition [CoordinationView]','b'),'2;1');",
        );
        header.take(b"FILE_DESCRIPTION", b"('later'),'1');");
        header.take(b"FILE_DESCRIPTION", b"(");
        header.take(
            b"FILE_NAME",
            b"'a.ifc','2024-01-01T00:00:00',('A','B'),('O'),'pre','origin',$);",
        );
        header.take(b"FILE_SCHEMA", b"('IFC4'));");
        header.take(b"FILE_POPULATION", b"'x');");
        let expected = Header {
            description: vec![],
            implementation_level: "2;1".into(),
            name: "a.ifc".into(),
            time_stamp: "2024-01-01T00:00:00".into(),
            author: vec!["A".into(), "B".into()],
            organization: vec!["O".into()],
            preprocessor: "pre".into(),
            originating_system: "origin".into(),
            authorization: String::new(),
            schema: vec!["IFC4".into()],
        };
        let description = std::mem::take(&mut header.description);
        assert_eq!(
            description,
            ["ViewDefinition [CoordinationView]".to_string(), "b".into()]
        );
        assert_eq!(header, expected);
    }

    #[test]
    fn broken_bodies_give_what_is_there() {
        let mut header = Header::default();
        header.take(b"FILE_SCHEMA", b"('IFC4');");
        assert_eq!(header.schema, ["IFC4"]);
        header.take(b"FILE_NAME", b"'cut off");
        assert_eq!(header.name, "");
        header.take(b"FILE_DESCRIPTION", b"'one',$");
        assert_eq!(header.description, ["one"]);
    }
}
