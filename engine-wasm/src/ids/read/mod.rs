//! From XML to a document: the schema of IDS 1.0 (`ids.xsd`), what breaks it noted with its place.

mod sequence;
mod values;

use std::borrow::Cow;

use super::document::{
    AttributeFacet, Cardinality, ClassificationFacet, Constraint, Document, EntityFacet, Facet,
    MaterialFacet, Occurs, PartOfFacet, Place, Placed, PropertyFacet, Relation, Requirement,
    Specification, Versions,
};
use super::finding::Findings;
use super::xml::{Element, Node, ParseError, Vocabulary, Xml};
use sequence::Sequence;

/// Specifications of one document; packs in use have some hundreds.
const MAX_SPECIFICATIONS: usize = 100_000;

/// Reads a document.
pub(in crate::ids) fn read(text: &str) -> Result<Document> {
    let mut reader = Reader {
        xml: Xml::new(text),
        findings: Findings::new(text),
        broken: None,
    };
    let mut document = reader.root()?;
    document.findings = reader.findings.into_kept();
    Ok(document)
}

struct Reader<'a> {
    xml: Xml<'a>,
    findings: Findings<'a>,
    /// Why the specification that is being read cannot be checked.
    broken: Option<String>,
}

type Result<T> = std::result::Result<T, ParseError>;

/// Attributes of an element as a facet takes them.
struct Attributes<'e> {
    at: Place,
    all: Vec<(&'e str, Cow<'e, str>)>,
}

impl Attributes<'_> {
    fn take(&mut self, name: &str) -> Option<String> {
        let place = self.all.iter().position(|(own, _)| *own == name)?;
        Some(self.all.swap_remove(place).1.into_owned())
    }
}

impl<'a> Reader<'a> {
    /// An error that makes the specification mean something else than it says.
    #[inline(never)]
    fn breaks(&mut self, code: &'static str, at: Place, message: String) {
        if self.broken.is_none() {
            self.broken = Some(message.clone());
        }
        self.findings.error(code, at, message);
    }

    #[inline(never)]
    fn attributes<'e>(&mut self, element: &'e Element<'_>) -> Result<Attributes<'e>> {
        match element.attributes() {
            Ok(all) => Ok(Attributes {
                at: element.at,
                all,
            }),
            Err(what) => Err(self.xml.wrong(element.at, what)),
        }
    }

    /// Says which attributes are left.
    #[inline(never)]
    fn done(&mut self, attributes: Attributes<'_>, element: &str) {
        for (name, _) in attributes.all {
            self.findings.error(
                "ids.unknown-attribute",
                attributes.at,
                format!("{element:?} has no attribute {name:?} in IDS 1.0; remove it"),
            );
        }
    }

    /// Calls `each` for every child element of IDS; it reads the child to its end and gives true, or
    /// gives false for a child that does not belong there.
    fn children(
        &mut self,
        parent: &str,
        mut each: impl FnMut(&mut Self, &Element<'a>) -> Result<bool>,
    ) -> Result<()> {
        self.children_of_any(parent, |reader, child| {
            Ok(child.vocabulary == Vocabulary::Ids && each(reader, child)?)
        })
    }

    /// The same for children of any vocabulary.
    fn children_of_any(
        &mut self,
        parent: &str,
        mut each: impl FnMut(&mut Self, &Element<'a>) -> Result<bool>,
    ) -> Result<()> {
        loop {
            match self.xml.next()? {
                Node::Start(element) => {
                    if !each(self, &element)? {
                        let name = element.name().to_owned();
                        self.breaks(
                            "ids.unknown-element",
                            element.at,
                            format!("{name:?} does not belong in {parent:?}"),
                        );
                        self.xml.skip()?;
                    }
                }
                Node::Text(text, at) => {
                    if !text.trim().is_empty() {
                        self.breaks(
                            "ids.unexpected-text",
                            at,
                            format!("text does not belong in {parent:?}"),
                        );
                    }
                }
                Node::End | Node::Eof => return Ok(()),
            }
        }
    }

    /// The text of an element up to its end.
    #[inline(never)]
    fn content(&mut self, parent: &str) -> Result<String> {
        let mut text = String::new();
        loop {
            match self.xml.next()? {
                Node::Text(more, _) => text.push_str(&more),
                Node::Start(element) => {
                    self.breaks(
                        "ids.unknown-element",
                        element.at,
                        format!("{:?} does not belong in {parent:?}", element.name()),
                    );
                    self.xml.skip()?;
                }
                Node::End | Node::Eof => return Ok(text),
            }
        }
    }

    fn root(&mut self) -> Result<Document> {
        let element = loop {
            match self.xml.next()? {
                Node::Start(element) => break element,
                Node::Text(text, at) if !text.trim().is_empty() => {
                    return Err(self.xml.wrong(at, "this is not XML".to_owned()));
                }
                Node::Text(..) | Node::End => {}
                Node::Eof => return Err(self.xml.wrong(Place(0), "the document is empty".into())),
            }
        };
        if element.name() != "ids" || element.vocabulary != Vocabulary::Ids {
            return Err(ParseError::NotIds {
                line: self.xml.lines().of(element.at.0).0,
                found: element.name().to_owned(),
            });
        }
        let rest = self.attributes(&element)?;
        self.done(rest, "ids");
        let mut document = Document::default();
        let (mut has_info, mut has_list) = (false, false);
        let mut order = Sequence::new("ids", &[("info", false), ("specifications", false)]);
        self.children("ids", |reader, child| {
            reader.in_sequence(&mut order, child.name(), child.at);
            match child.name() {
                "info" => {
                    has_info = true;
                    reader.info(&mut document).map(|()| true)
                }
                "specifications" => {
                    has_list = true;
                    reader.specifications(&mut document).map(|()| true)
                }
                _ => Ok(false),
            }
        })?;
        self.findings.within(None);
        if !has_info || document.title.trim().is_empty() {
            self.findings.error(
                "ids.no-title",
                element.at,
                "\"info\" with a \"title\" is missing".to_owned(),
            );
        }
        if !has_list || document.specifications.is_empty() {
            self.findings.error(
                "ids.no-specifications",
                element.at,
                "the document has no specification".to_owned(),
            );
        }
        loop {
            match self.xml.next()? {
                Node::Eof => return Ok(document),
                Node::Start(element) => {
                    let what = "a second root element: a document is one \"ids\"".to_owned();
                    return Err(self.xml.wrong(element.at, what));
                }
                Node::Text(text, at) if !text.trim().is_empty() => {
                    let what = "text after the end of the root element".to_owned();
                    return Err(self.xml.wrong(at, what));
                }
                Node::Text(..) | Node::End => {}
            }
        }
    }

    fn info(&mut self, document: &mut Document) -> Result<()> {
        const KNOWN: [&str; 8] = [
            "title",
            "copyright",
            "version",
            "description",
            "author",
            "date",
            "purpose",
            "milestone",
        ];
        let mut titled = false;
        self.children("info", |reader, child| {
            let name = child.name().to_owned();
            if !KNOWN.contains(&name.as_str()) {
                return Ok(false);
            }
            let text = reader.content(&name)?;
            let known = document.info.iter().any(|(own, _)| *own == name);
            if known || name == "title" && titled {
                let what = format!("a second {name:?} in \"info\": keep one");
                reader.findings.error("ids.info", child.at, what);
                return Ok(true);
            }
            let well = match name.as_str() {
                "author" => text
                    .split_once('@')
                    .is_some_and(|(who, host)| !who.is_empty() && host.contains('.')),
                "date" => super::time::is_date(text.trim()),
                _ => true,
            };
            if !well {
                reader.findings.error(
                    "ids.info",
                    child.at,
                    format!(
                        "{text:?} is no {name}: give {}",
                        match name.as_str() {
                            "date" => "a date as 2024-01-31",
                            _ => "an e-mail address",
                        }
                    ),
                );
            }
            if name == "title" {
                titled = true;
                document.title = text;
            } else {
                document.info.push((name, text));
            }
            Ok(true)
        })
    }

    fn specifications(&mut self, document: &mut Document) -> Result<()> {
        self.children("specifications", |reader, child| {
            if child.name() != "specification" {
                return Ok(false);
            }
            if document.specifications.len() >= MAX_SPECIFICATIONS {
                return Err(ParseError::TooLarge {
                    line: reader.xml.lines().of(child.at.0).0,
                    what: "specifications",
                    limit: MAX_SPECIFICATIONS,
                });
            }
            let specification = reader.specification(child)?;
            document.specifications.push(specification);
            Ok(true)
        })
    }

    fn specification(&mut self, element: &Element<'a>) -> Result<Specification> {
        let at = element.at;
        let mut attributes = self.attributes(element)?;
        let name = attributes.take("name");
        let versions = attributes.take("ifcVersion");
        self.findings.within(name.as_deref());
        self.broken = None;
        let mut specification = Specification {
            identifier: attributes.take("identifier").unwrap_or_default(),
            description: attributes.take("description").unwrap_or_default(),
            instructions: attributes.take("instructions").unwrap_or_default(),
            versions: Versions(0),
            occurs: Occurs {
                least: 1,
                most: Some(1),
            },
            applicability: Vec::new(),
            requirements: Vec::new(),
            at,
            broken: None,
            name: name.clone().unwrap_or_default(),
        };
        // Older drafts had the numbers here.
        self.done(attributes, "specification");
        if name.is_none() {
            let what = "a specification has no \"name\"".to_owned();
            self.findings.error("ids.no-name", at, what);
        }
        self.versions(at, versions.as_deref(), &mut specification);
        let mut has_applicability = false;
        let mut order = Sequence::new(
            "specification",
            &[("applicability", false), ("requirements", false)],
        );
        self.children("specification", |reader, child| {
            reader.in_sequence(&mut order, child.name(), child.at);
            match child.name() {
                "applicability" => {
                    has_applicability = true;
                    reader.applicability(child, &mut specification)?;
                    Ok(true)
                }
                "requirements" => {
                    let mut attributes = reader.attributes(child)?;
                    attributes.take("description");
                    reader.done(attributes, "requirements");
                    reader.requirements(&mut specification)?;
                    Ok(true)
                }
                _ => Ok(false),
            }
        })?;
        if !has_applicability {
            let what = "the specification has no \"applicability\"".to_owned();
            self.breaks("ids.no-applicability", at, what);
        }
        specification.broken = self.broken.take();
        Ok(specification)
    }

    fn versions(&mut self, at: Place, text: Option<&str>, specification: &mut Specification) {
        for word in text.unwrap_or("").split_ascii_whitespace() {
            match Versions::ALL.into_iter().find(|(name, ..)| *name == word) {
                Some((_, bit, _)) => specification.versions.0 |= bit,
                None => self.findings.error(
                    "ids.unknown-version",
                    at,
                    format!("ifcVersion {word:?} is none of IFC2X3, IFC4, IFC4X3_ADD2"),
                ),
            }
        }
        if specification.versions.0 == 0 && text.is_none_or(|text| text.trim().is_empty()) {
            let what = "the specification has no \"ifcVersion\"".to_owned();
            self.findings.error("ids.no-version", at, what);
        }
    }

    fn applicability(
        &mut self,
        element: &Element<'a>,
        specification: &mut Specification,
    ) -> Result<()> {
        let mut attributes = self.attributes(element)?;
        let least = attributes.take("minOccurs");
        let most = attributes.take("maxOccurs");
        self.done(attributes, "applicability");
        let number = |reader: &mut Self, text: &str| {
            text.trim().parse::<u64>().unwrap_or_else(|_| {
                let what = format!("{text:?} is no number of occurrences");
                reader.breaks("ids.occurs", element.at, what);
                0
            })
        };
        if let Some(text) = least {
            specification.occurs.least = number(self, &text);
        }
        match most.as_deref() {
            Some("unbounded") => specification.occurs.most = None,
            Some(text) => specification.occurs.most = Some(number(self, text)),
            None => {}
        }
        let mut order = Sequence::new(
            "applicability",
            &[
                ("entity", false),
                ("partOf", true),
                ("classification", true),
                ("attribute", true),
                ("property", true),
                ("material", true),
            ],
        );
        self.children("applicability", |reader, child| {
            let name = child.name();
            reader.in_sequence(&mut order, name, child.at);
            let mut attributes = reader.attributes(child)?;
            let Some(facet) = reader.facet(name, child.at, &mut attributes)? else {
                return Ok(false);
            };
            reader.done(attributes, name);
            specification.applicability.push(Placed {
                at: child.at,
                value: facet,
            });
            Ok(true)
        })
    }

    fn requirements(&mut self, specification: &mut Specification) -> Result<()> {
        self.children("requirements", |reader, child| {
            let name = child.name();
            let mut attributes = reader.attributes(child)?;
            let instructions = attributes.take("instructions").unwrap_or_default();
            let cardinality = match attributes.take("cardinality").as_deref() {
                None | Some("required") => Cardinality::Required,
                Some("prohibited") => Cardinality::Prohibited,
                Some("optional") => Cardinality::Optional,
                Some(other) => {
                    let what =
                        format!("cardinality {other:?} is none of required, optional, prohibited");
                    reader.breaks("ids.cardinality", child.at, what);
                    Cardinality::Required
                }
            };
            let Some(facet) = reader.facet(name, child.at, &mut attributes)? else {
                return Ok(false);
            };
            reader.done(attributes, name);
            specification.requirements.push(Requirement {
                at: child.at,
                facet,
                cardinality,
                instructions,
            });
            Ok(true)
        })
    }

    /// A facet to its end; none for a name that is not one's.
    #[inline(never)]
    fn facet(
        &mut self,
        name: &str,
        at: Place,
        attributes: &mut Attributes<'_>,
    ) -> Result<Option<Facet>> {
        Ok(Some(match name {
            "entity" => Facet::Entity(self.entity(at)?),
            "partOf" => Facet::PartOf(self.part_of(at, attributes)?),
            "classification" => {
                attributes.take("uri");
                let [value, system] = self.values("classification", ["value", "system"])?;
                self.needs(at, "classification", "system", system.is_some());
                Facet::Classification(ClassificationFacet { system, value })
            }
            "attribute" => {
                let [name, value] = self.values("attribute", ["name", "value"])?;
                let name = self.must(at, "attribute", "name", name);
                Facet::Attribute(AttributeFacet { name, value })
            }
            "property" => {
                attributes.take("uri");
                let data_type = attributes.take("dataType");
                let parts = ["propertySet", "baseName", "value"];
                let [set, name, value] = self.values("property", parts)?;
                Facet::Property(PropertyFacet {
                    set: self.must(at, "property", "propertySet", set),
                    name: self.must(at, "property", "baseName", name),
                    data_type,
                    value,
                })
            }
            "material" => {
                attributes.take("uri");
                let [value] = self.values("material", ["value"])?;
                Facet::Material(MaterialFacet { value })
            }
            _ => return Ok(None),
        }))
    }

    fn entity(&mut self, at: Place) -> Result<EntityFacet> {
        let [name, predefined_type] = self.values("entity", ["name", "predefinedType"])?;
        Ok(EntityFacet {
            name: self.must(at, "entity", "name", name),
            predefined_type,
        })
    }

    fn part_of(&mut self, at: Place, attributes: &mut Attributes<'_>) -> Result<PartOfFacet> {
        let relation = attributes.take("relation").and_then(|text| {
            let words: Vec<&str> = text.split_ascii_whitespace().collect();
            let found = Relation::ALL
                .into_iter()
                .find(|(name, _)| *name == words.join(" "));
            if found.is_none() {
                let allowed: Vec<String> = Relation::ALL
                    .iter()
                    .map(|(name, _)| format!("{name:?}"))
                    .collect();
                let what = format!(
                    "{text:?} is not a relation that IDS allows; allowed are {}",
                    allowed.join(", ")
                );
                self.breaks("ids.unknown-relation", at, what);
            }
            found.map(|(_, relation)| relation)
        });
        let mut entity = None;
        self.children("partOf", |reader, child| {
            if child.name() != "entity" || entity.is_some() {
                return Ok(false);
            }
            entity = Some(reader.entity(child.at)?);
            Ok(true)
        })?;
        self.needs(at, "partOf", "entity", entity.is_some());
        Ok(PartOfFacet { entity, relation })
    }

    fn needs(&mut self, at: Place, facet: &str, part: &str, there: bool) {
        if !there {
            let what = format!("{facet:?} has no {part:?}");
            self.findings.error("ids.missing-element", at, what);
        }
    }

    #[inline(never)]
    fn must(
        &mut self,
        at: Place,
        facet: &str,
        part: &str,
        value: Option<Constraint>,
    ) -> Constraint {
        value.unwrap_or_else(|| {
            let what = format!("{facet:?} has no {part:?}");
            self.breaks("ids.missing-element", at, what);
            Constraint::Simple(String::new())
        })
    }
}
