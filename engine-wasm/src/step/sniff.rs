//! Is this ISO 10303-21 at all, and where does it begin?

use memchr::memmem;

use super::error::StepError;
use super::lex::{between, is_space};

/// How far into the file its first words are looked for: mail headers and the like in front of
/// them are passed.
const LOOK: usize = 4096;

/// Position of the first statement, or what the file is instead.
pub(super) fn start(bytes: &[u8]) -> Result<usize, StepError> {
    if bytes.iter().all(|&byte| is_space(byte)) {
        return Err(StepError::Empty);
    }
    let head = between(bytes, 0, bytes.len().min(LOOK)).to_ascii_uppercase();
    let found = [&b"ISO-10303-21"[..], b"HEADER;", b"DATA;", b"FILE_SCHEMA"]
        .iter()
        .find_map(|word| memmem::find(&head, word));
    // A comment may stand first; it is read as one only when the words above are not inside it.
    if let Some(place) = found
        && !head.starts_with(b"PK\x03\x04")
    {
        let body = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
        let offset = head.len() - body.len();
        let blank = body.iter().position(|&byte| !is_space(byte)).unwrap_or(0);
        let comment = body
            .get(blank..)
            .is_some_and(|rest| rest.starts_with(b"/*"));
        return Ok(if comment { offset + blank } else { place });
    }
    let (found, advice) = match head.as_slice() {
        [b'P', b'K', ..] => ("a zip archive", "unpack it, or name it .ifczip"),
        [0x1F, 0x8B, ..] => ("a gzip archive", "unpack it first"),
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => ("UTF-16 text", "save it as plain STEP (IFC-SPF)"),
        [b'%', b'P', b'D', b'F', ..] => ("a PDF document", "export the model as IFC"),
        [b'A', b'C', b'1', b'0', ..] => ("an AutoCAD drawing", "export the model as IFC"),
        text => match text
            .iter()
            .find(|&&b| !is_space(b) && !b"\xEF\xBB\xBF".contains(&b))
        {
            Some(b'<') => (
                "XML or HTML",
                "export IFC-SPF (.ifc), not ifcXML or a web page",
            ),
            Some(b'{' | b'[') => ("JSON", "export IFC-SPF (.ifc)"),
            _ if text.contains(&0) => ("binary data", "export the model as IFC"),
            _ => ("other text", "export the model as IFC-SPF (.ifc)"),
        },
    };
    Err(StepError::NotStep { found, advice })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_step() {
        let cases: &[(&str, &[u8], usize)] = &[
            ("plain", b"ISO-10303-21;\nHEADER;", 0),
            ("lower case", b"iso-10303-21;", 0),
            ("BOM", b"\xEF\xBB\xBFISO-10303-21;", 3),
            ("blank lines first", b"\r\n\r\n ISO-10303-21;", 5),
            (
                "comment first",
                b"\xEF\xBB\xBF /* ISO-10303-21 */ISO-10303-21;",
                4,
            ),
            ("mail header first", b"X-Mailer: y\n\nISO-10303-21;", 13),
            ("first line missing", b"HEADER;\nFILE_SCHEMA(('IFC4'));", 0),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(start(bytes), Ok(*expected), "{name}");
        }
    }

    #[test]
    fn what_is_not() {
        let cases: &[(&[u8], &str)] = &[
            (b"", "step.empty"),
            (b" \r\n\0", "step.empty"),
            (b"PK\x03\x04ISO-10303-21", "step.not-step"),
            (b"<?xml version='1.0'?><ifcXML/>", "step.not-step"),
            (b"{\"type\":\"ifcJSON\"}", "step.not-step"),
            (b"\xFF\xFEI\0S\0O\0", "step.not-step"),
            (b"solid cube", "step.not-step"),
            (b"\x00\x01\xFF", "step.not-step"),
        ];
        for (bytes, code) in cases {
            let error = start(bytes).expect_err("not STEP");
            assert_eq!(error.code(), *code, "{error}");
        }
        let xml = start(b" <html>").expect_err("not STEP").to_string();
        assert!(
            xml.contains("XML or HTML") && xml.contains("IFC-SPF"),
            "{xml}"
        );
    }
}
