//! XML as IDS needs it: elements with attributes and text, their namespaces and places.
//!
//! No entities but the five of XML, so nothing can be expanded; depth and size are bounded.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, NamespaceError, ResolveResult};
use quick_xml::reader::NsReader;

use super::document::Place;
use super::finding::Lines;

/// Largest document in bytes. Packs of code lists have tens of megabytes.
pub const MAX_DOCUMENT_BYTES: usize = 256 << 20;

/// Elements within each other; IDS nests nine deep, annotations may hold more.
const MAX_DEPTH: usize = 64;

/// Namespace of IDS.
const IDS: &str = "http://standards.buildingsmart.org/IDS";
/// Namespace of restrictions.
const XSD: &str = "http://www.w3.org/2001/XMLSchema";

/// What is wrong with a document that is something else.
pub(super) fn not_ids(found: &str) -> String {
    format!("the root element is {found:?}, not \"ids\" of {IDS}")
}

/// What is wrong with a document that has too much of something.
pub(super) fn too_large(what: &str, limit: usize) -> String {
    format!("{what}: more than {limit}")
}

/// Why a document cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The bytes are not text.
    #[error("the document is neither UTF-8 nor UTF-16 (byte {at}); save it as UTF-8")]
    Encoding {
        /// Offset of the first wrong byte.
        at: usize,
    },
    /// Not well-formed XML.
    #[error("line {line}, column {column}: {what}")]
    Xml {
        /// From 1.
        line: u32,
        /// From 1.
        column: u32,
        /// What is wrong there.
        what: String,
    },
    /// Well-formed, but not IDS.
    #[error("line {line}: {}", not_ids(found))]
    NotIds {
        /// From 1.
        line: u32,
        /// The root element.
        found: String,
    },
    /// More than is read.
    #[error("line {line}: {}", too_large(what, *limit))]
    TooLarge {
        /// Where it begins to be too much, from 1.
        line: u32,
        /// What there is too much of.
        what: &'static str,
        /// How much is read.
        limit: usize,
    },
}

impl ParseError {
    /// Stable name of the error, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ParseError::Encoding { .. } => "ids.encoding",
            ParseError::Xml { .. } => "ids.xml",
            ParseError::NotIds { .. } => "ids.not-ids",
            ParseError::TooLarge { .. } => "ids.too-large",
        }
    }
}

/// The text of a document, from its bytes.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ParseError> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(ParseError::TooLarge {
            line: 1,
            what: "bytes of a document",
            limit: MAX_DOCUMENT_BYTES,
        });
    }
    let wide = |rest: &[u8], word: fn([u8; 2]) -> u16| {
        let words = rest.chunks_exact(2).map(|pair| match pair {
            [a, b] => word([*a, *b]),
            _ => 0,
        });
        if !rest.len().is_multiple_of(2) {
            return Err(ParseError::Encoding { at: rest.len() + 1 });
        }
        let text: Result<String, _> = char::decode_utf16(words).collect();
        text.map_err(|_| ParseError::Encoding { at: 2 })
            .and_then(|text| characters(&text).map(|()| Cow::Owned(text)))
    };
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return wide(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return wide(rest, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.starts_with(b"<\0") || bytes.starts_with(b"\0<") {
        // UTF-16 that does not say which.
        return Err(ParseError::Encoding { at: 0 });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| ParseError::Encoding {
        at: error.valid_up_to(),
    })?;
    characters(text)?;
    Ok(Cow::Borrowed(text))
}

/// Whether XML 1.0 has the character (2.2 Char).
fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// All characters are XML's, and no second byte order mark begins the text.
fn characters(text: &str) -> Result<(), ParseError> {
    let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    let wrong = |at: usize| {
        let (line, column) = Lines::new(text).of(at as u32);
        let found = text.get(at..).and_then(|rest| rest.chars().next());
        let what = format!(
            "the character U+{:04X} may not stand in XML",
            found.map_or(0, u32::from)
        );
        Err(ParseError::Xml { line, column, what })
    };
    if text.starts_with('\u{FEFF}') {
        return wrong(0);
    }
    let bytes = text.as_bytes();
    if let Some(at) = bytes.iter().position(control) {
        return wrong(at);
    }
    for nonsense in ["\u{FFFE}", "\u{FFFF}"] {
        if let Some(at) = memchr::memmem::find(bytes, nonsense.as_bytes()) {
            return wrong(at);
        }
    }
    Ok(())
}

/// Which vocabulary an element is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Vocabulary {
    Ids,
    Xsd,
    Other,
}

/// A start tag.
pub(super) struct Element<'a> {
    pub at: Place,
    pub vocabulary: Vocabulary,
    start: BytesStart<'a>,
}

impl Element<'_> {
    /// Without prefix.
    pub fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// Attributes with their unescaped values, without declarations of namespaces and `xsi:`.
    ///
    /// # Errors
    /// A malformed attribute or an entity that is not XML's.
    #[inline(never)]
    pub fn attributes(&self) -> Result<Vec<(&str, Cow<'_, str>)>, String> {
        let mut all = Vec::new();
        for attribute in self.start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let name = attribute.key.into_inner();
            if name.starts_with("xmlns") || name.starts_with("xsi:") || name.starts_with("xml:") {
                continue;
            }
            if attribute.value.contains('<') {
                return Err(format!("the value of {name:?} holds a bare <; write &lt;"));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            if let Some(c) = value.chars().find(|c| !is_character(*c)) {
                return Err(format!("U+{:04X} may not stand in XML", u32::from(c)));
            }
            all.push((name, value));
        }
        Ok(all)
    }
}

/// What comes next.
pub(super) enum Node<'a> {
    Start(Element<'a>),
    End,
    Text(Cow<'a, str>, Place),
    Eof,
}

/// Reads a document from start to end.
pub(super) struct Xml<'a> {
    reader: NsReader<&'a [u8]>,
    lines: Lines<'a>,
    depth: usize,
}

impl<'a> Xml<'a> {
    pub(super) fn new(text: &'a str) -> Xml<'a> {
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        Xml {
            reader,
            lines: Lines::new(text),
            depth: 0,
        }
    }

    /// An error at a place.
    pub(super) fn wrong(&self, at: Place, what: String) -> ParseError {
        let (line, column) = self.lines.of(at.0);
        ParseError::Xml { line, column, what }
    }

    pub(super) fn lines(&self) -> &Lines<'a> {
        &self.lines
    }

    /// Kept out of the many loops over children, for the size of the program.
    #[inline(never)]
    pub(super) fn next(&mut self) -> Result<Node<'a>, ParseError> {
        loop {
            let at = Place(self.reader.buffer_position() as u32);
            let (namespace, event) = match self.reader.read_resolved_event() {
                Ok((ResolveResult::Unknown(prefix), Event::Start(_) | Event::Empty(_))) => {
                    let what = format!("the prefix {prefix:?} is not declared");
                    return Err(self.wrong(at, what));
                }
                Ok((namespace, event)) => (vocabulary(&namespace), event),
                Err(quick_xml::Error::Namespace(error)) => {
                    let what = match error {
                        NamespaceError::TooManyBindings(_) | NamespaceError::TooDeeplyNested(_) => {
                            "too many namespaces are declared".to_owned()
                        }
                        other => other.to_string(),
                    };
                    return Err(self.wrong(at, what));
                }
                Err(error) => {
                    let at = Place(self.reader.error_position() as u32);
                    return Err(self.wrong(at, error.to_string()));
                }
            };
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(ParseError::TooLarge {
                            line: self.lines.of(at.0).0,
                            what: "elements within each other",
                            limit: MAX_DEPTH,
                        });
                    }
                    return Ok(Node::Start(Element {
                        at,
                        vocabulary: namespace,
                        start,
                    }));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Node::End);
                }
                Event::Text(text) => return Ok(Node::Text(text.into_inner(), at)),
                Event::CData(text) => return Ok(Node::Text(text.into_inner(), at)),
                Event::GeneralRef(reference) => {
                    let c = match reference.resolve_char_ref() {
                        Ok(Some(c)) if is_character(c) => Some(c.to_string()),
                        Ok(Some(c)) => {
                            let what = format!("U+{:04X} may not stand in XML", u32::from(c));
                            return Err(self.wrong(at, what));
                        }
                        Ok(None) => {
                            quick_xml::escape::resolve_predefined_entity(&reference.into_inner())
                                .map(str::to_owned)
                        }
                        Err(error) => return Err(self.wrong(at, error.to_string())),
                    };
                    match c {
                        Some(c) => return Ok(Node::Text(Cow::Owned(c), at)),
                        None => {
                            return Err(self
                                .wrong(at, "an entity that is not one of XML's five".to_owned()));
                        }
                    }
                }
                Event::DocType(_) => {
                    return Err(self.wrong(at, "a document type is not read; remove it".to_owned()));
                }
                Event::Eof => {
                    if self.depth > 0 {
                        return Err(self.wrong(at, "the document ends early".to_owned()));
                    }
                    return Ok(Node::Eof);
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
    }

    /// Reads on to the end of the element whose start was just read.
    #[inline(never)]
    pub(super) fn skip(&mut self) -> Result<(), ParseError> {
        let mut open = 1;
        while open > 0 {
            match self.next()? {
                Node::Start(_) => open += 1,
                Node::End => open -= 1,
                Node::Text(..) => {}
                Node::Eof => break,
            }
        }
        Ok(())
    }
}

fn vocabulary(namespace: &ResolveResult<'_>) -> Vocabulary {
    match namespace {
        ResolveResult::Bound(Namespace(name)) if *name == IDS => Vocabulary::Ids,
        ResolveResult::Bound(Namespace(name)) if *name == XSD => Vocabulary::Xsd,
        _ => Vocabulary::Other,
    }
}
