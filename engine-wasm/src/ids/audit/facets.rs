//! What facets name, held against the schemas of the versions that a specification is for.

use std::rc::Rc;

use super::super::document::{
    AttributeFacet, Constraint, EntityFacet, Facet, Place, Relation, Specification, Versions,
};
use super::super::finding::{Findings, Severity};
use super::super::matcher::Matcher;
use super::super::near;
use super::super::scalar::Scalar;
use super::super::wording;
use super::tables::{Kind, Tables};
use super::values;
use super::versions::{self, ByVersion, Classes, Version, has_class};
use crate::model::Schema;
use crate::model::schema::ClassId;

/// Names that are looked for among IFC's, in one document: it takes a millisecond, and a document
/// that has more is made of errors.
const MAX_SUGGESTED: u32 = 100;

pub(super) struct Auditor<'d, 'f, 't> {
    pub(super) findings: &'f mut Findings<'t>,
    pub(super) versions: Versions,
    /// The class facet of the applicability.
    subject: Option<&'d EntityFacet>,
    pub(super) tables: &'static Tables,
    classes: Classes<'d>,
    pub(super) patterns: values::Patterns<'d>,
    suggested: u32,
}

impl<'d, 'f, 't> Auditor<'d, 'f, 't> {
    pub(super) fn new(findings: &'f mut Findings<'t>) -> Self {
        Auditor {
            findings,
            versions: Versions(0),
            subject: None,
            tables: Tables::get(),
            classes: Classes::default(),
            patterns: values::Patterns::default(),
            suggested: 0,
        }
    }

    /// Turns to a specification.
    pub(super) fn begin(&mut self, specification: &'d Specification) {
        self.findings.within(Some(&specification.name));
        self.versions = specification.versions;
        self.subject = specification
            .applicability
            .iter()
            .find_map(|facet| match &facet.value {
                Facet::Entity(entity) => Some(entity),
                _ => None,
            });
    }

    fn versions(&self) -> impl Iterator<Item = Version> + use<> {
        versions::of(self.versions)
    }

    fn classes(&mut self, version: Version, name: &'d Constraint) -> Rc<Vec<ClassId>> {
        self.classes.of(version, name)
    }

    /// `; did you mean IfcDoor?`, where one of some names is near.
    pub(super) fn meant<'n>(
        &mut self,
        wanted: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> String {
        self.suggested += 1;
        if self.suggested > MAX_SUGGESTED {
            return String::new();
        }
        match near::nearest(wanted, names) {
            Some(name) => format!("; did you mean {name}?"),
            None => String::new(),
        }
    }

    pub(super) fn facet(&mut self, at: Place, facet: &'d Facet) {
        match facet {
            Facet::Entity(entity) => self.entity(at, entity),
            Facet::PartOf(part) => {
                if let Some(entity) = &part.entity {
                    self.entity(at, entity);
                    self.whole(at, entity, part.relation);
                }
            }
            Facet::Attribute(attribute) => self.attribute(at, attribute),
            Facet::Property(property) => self.property(at, property),
            Facet::Classification(classification) => {
                self.text(at, "system", classification.system.as_ref());
                self.text(at, "classification", classification.value.as_ref());
            }
            Facet::Material(material) => self.text(at, "material", material.value.as_ref()),
        }
    }

    pub(super) fn text(&mut self, at: Place, what: &str, value: Option<&'d Constraint>) {
        if let Some(value) = value {
            values::constraint(
                self.findings,
                &mut self.patterns,
                at,
                what,
                value,
                Some(Kind::Text),
            );
        }
    }

    fn entity(&mut self, at: Place, entity: &'d EntityFacet) {
        self.text(at, "class", Some(&entity.name));
        self.text(at, "predefined type", entity.predefined_type.as_ref());
        match &entity.name {
            Constraint::Simple(name) => self.class_name(at, name, true),
            Constraint::Restriction(all) => {
                for name in &all.enumeration {
                    self.class_name(at, name, false);
                }
                let versions: Vec<Version> = self.versions().collect();
                let none = versions
                    .iter()
                    .all(|version| self.classes(*version, &entity.name).is_empty());
                // What is wrong with each of a list was said.
                if none && !versions.is_empty() && all.enumeration.is_empty() {
                    let words = wording::constraint(&entity.name);
                    let message = format!("IFC has no class {words}");
                    self.findings.error("ids.unknown-entity", at, message);
                }
            }
        }
        if let Some(value) = &entity.predefined_type {
            self.predefined_type(at, entity, value);
        }
    }

    /// A class that a document names has to be in every version, or in one of a list.
    fn class_name(&mut self, at: Place, name: &str, everywhere: bool) {
        let upper = name.to_ascii_uppercase();
        if name != upper {
            let message = format!("class {name:?} has to be in capitals: {upper:?}");
            self.findings.error("ids.not-upper-case", at, message);
            return;
        }
        let missing: Vec<Version> = self
            .versions()
            .filter(|(_, _, schema)| !has_class(*schema, name))
            .collect();
        let Some((.., newest)) = missing.last() else {
            return;
        };
        let known = (0..newest.classes() as u16).map(|class| newest.class_name(ClassId(class)));
        // A class of another version is no typing error.
        let typed = self.versions().all(|(.., schema)| !has_class(schema, name));
        let meant = match typed {
            true => self.meant(name, known),
            false => String::new(),
        };
        let names: Vec<&str> = missing.iter().map(|(version, ..)| *version).collect();
        let message = format!(
            "{name} is no class of {}{}",
            names.join(", "),
            in_capitals(&meant)
        );
        if everywhere || missing.len() == self.versions().count() {
            self.findings.error("ids.unknown-entity", at, message);
        } else {
            self.findings.warning("ids.unknown-entity", at, message);
        }
    }

    fn predefined_type(&mut self, at: Place, entity: &'d EntityFacet, value: &Constraint) {
        let Ok(matcher) = Matcher::new(value) else {
            return;
        };
        let mut unknown = ByVersion::default();
        for version in self.versions() {
            let (name, bit, schema) = version;
            let mut known = false;
            let mut all: Vec<&str> = Vec::new();
            let classes = self.classes(version, &entity.name);
            for class in classes.iter().copied() {
                let name = schema.class_name(class).to_ascii_uppercase();
                // The type of an occurrence may say it for it.
                let items = [name.clone(), format!("{name}TYPE")]
                    .iter()
                    .find_map(|name| self.tables.predefined(name, bit));
                all.extend(items.into_iter().flatten());
                known |= items.is_some_and(|items| {
                    items.contains(&"USERDEFINED")
                        || items
                            .iter()
                            .any(|item| matcher.is_match(Scalar::Text(item)))
                }) || items.is_none() && self.says_what_it_is(schema, class);
            }
            if !known && !classes.is_empty() {
                let (class, shown) = (wording::classes(&entity.name), wording::constraint(value));
                let meant = match value {
                    Constraint::Simple(text) => self.meant(text, all),
                    Constraint::Restriction(_) => String::new(),
                };
                unknown.add(
                    name,
                    format!("{class} has no predefined type {shown}{meant}"),
                );
            }
        }
        unknown.say(
            self.findings,
            Severity::Error,
            "ids.unknown-predefined-type",
            at,
        );
    }

    /// Without `PredefinedType`, `ObjectType` or `ElementType` is no predefined type either, but
    /// groups of IFC2X3 have types of their own names.
    fn says_what_it_is(&self, schema: Schema, class: ClassId) -> bool {
        schema == Schema::Ifc2x3
            && schema
                .class("IfcGroup")
                .is_some_and(|group| schema.is_a(class, group))
    }

    /// A whole has to be of a class that its relation can relate to.
    fn whole(&mut self, at: Place, entity: &'d EntityFacet, relation: Option<Relation>) {
        let root = match relation {
            Some(Relation::Group) => "IfcGroup",
            Some(Relation::Contained) => "IfcSpatialElement",
            Some(Relation::VoidsAndFills) => "IfcElement",
            Some(Relation::Aggregates | Relation::Nests) | None => "IfcObjectDefinition",
        };
        let mut impossible = ByVersion::default();
        for version in self.versions() {
            let (name, _, schema) = version;
            let root = match schema.class(root) {
                None if root == "IfcSpatialElement" => schema.class("IfcSpatialStructureElement"),
                found => found,
            };
            let all = self.classes(version, &entity.name);
            let Some(root) = root.filter(|_| !all.is_empty()) else {
                continue;
            };
            if !all.iter().any(|class| schema.is_a(*class, root)) {
                let message = format!(
                    "nothing can be part of {} by {}",
                    wording::classes(&entity.name),
                    relation.map_or("any relation", Relation::name)
                );
                impossible.add(name, message);
            }
        }
        impossible.say(self.findings, Severity::Error, "ids.impossible-part-of", at);
    }

    /// A class that is required has to be one of those that the specification applies to.
    pub(super) fn required_class(&mut self, at: Place, facet: &'d Facet) {
        let (Facet::Entity(wanted), Some(subject)) = (facet, self.subject) else {
            return;
        };
        let possible = self.versions().any(|version| {
            let own = self.classes(version, &subject.name);
            let wanted = self.classes(version, &wanted.name);
            wanted.iter().any(|class| own.contains(class))
        });
        if !possible && self.versions().next().is_some() {
            let message = format!(
                "the specification applies to {}, and none of that is {}",
                wording::classes(&subject.name),
                wording::classes(&wanted.name)
            );
            self.findings.error("ids.impossible-class", at, message);
        }
    }

    fn attribute(&mut self, at: Place, facet: &'d AttributeFacet) {
        self.text(at, "attribute name", Some(&facet.name));
        let Ok(matcher) = Matcher::new(&facet.name) else {
            return;
        };
        let mut kinds: Vec<Option<Kind>> = Vec::new();
        let mut unknown = ByVersion::default();
        for version in self.versions() {
            let (name, bit, schema) = version;
            let all = match self.subject {
                Some(subject) => self.classes(version, &subject.name),
                None => Rc::new((0..schema.classes() as u16).map(ClassId).collect()),
            };
            let mut found = all.is_empty();
            let attributes = || all.iter().flat_map(|class| schema.attributes(*class));
            for attribute in attributes() {
                if matcher.is_match(Scalar::Text(attribute.name)) {
                    found = true;
                    kinds.push(self.kind_of_measure(attribute.measure, bit));
                }
            }
            if !found {
                let class = self.subject.map(|subject| wording::classes(&subject.name));
                let class = class.unwrap_or_else(|| "no class".to_owned());
                let has = if self.subject.is_some() {
                    "has no"
                } else {
                    "has an"
                };
                let shown = wording::constraint(&facet.name);
                let meant = match &facet.name {
                    Constraint::Simple(text) => {
                        self.meant(text, attributes().map(|attribute| attribute.name))
                    }
                    Constraint::Restriction(_) => String::new(),
                };
                unknown.add(name, format!("{class} {has} attribute {shown}{meant}"));
            }
        }
        if !unknown.is_empty() {
            unknown.say(
                self.findings,
                Severity::Error,
                "ids.unknown-attribute-name",
                at,
            );
            return;
        }
        let Some(value) = &facet.value else { return };
        let first = kinds.first().copied();
        if !kinds.is_empty() && kinds.iter().all(Option::is_none) {
            let message = "the attribute is an object or a list, which has no value".to_owned();
            self.findings.error("ids.no-value", at, message);
        }
        // Where attributes differ, one of their kinds will do.
        let same = kinds.iter().all(|kind| Some(*kind) == first);
        let kind = first.flatten().filter(|_| same);
        values::constraint(self.findings, &mut self.patterns, at, "value", value, kind);
    }

    /// What the values of an attribute are by its declared type; none for objects and lists.
    fn kind_of_measure(&self, measure: &str, bit: u8) -> Option<Kind> {
        match measure {
            "" => None,
            "enum" => Some(Kind::Text),
            _ => {
                let name = measure.to_ascii_uppercase();
                self.tables
                    .kind(&format!("IFC{name}"), bit)
                    .or(match name.as_str() {
                        "REAL" | "NUMBER" => Some(Kind::Double),
                        "INTEGER" => Some(Kind::Integer),
                        "BOOLEAN" | "LOGICAL" => Some(Kind::Boolean),
                        _ => Some(Kind::Text),
                    })
            }
        }
    }
}

/// A suggestion with its class as a document writes it.
fn in_capitals(meant: &str) -> String {
    match meant.split_once("mean ") {
        Some((before, class)) => format!("{before}mean {}", class.to_ascii_uppercase()),
        None => meant.to_owned(),
    }
}
