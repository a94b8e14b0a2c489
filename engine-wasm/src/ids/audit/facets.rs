//! What facets name, held against the schemas of the versions that a specification is for.

use super::super::document::{
    AttributeFacet, Constraint, EntityFacet, Facet, Place, PropertyFacet, Relation, Specification,
    Versions,
};
use super::super::finding::Findings;
use super::super::matcher::Matcher;
use super::super::scalar::Scalar;
use super::tables::{Kind, Tables};
use super::values;
use crate::model::Schema;
use crate::model::schema::ClassId;

pub(super) struct Auditor<'f, 't> {
    findings: &'f mut Findings<'t>,
    versions: Versions,
    /// The class facet of the applicability.
    subject: Option<EntityFacet>,
    tables: &'static Tables,
}

/// A version that a specification names: its name, bit and schema.
type Version = (&'static str, u8, Schema);

impl<'f, 't> Auditor<'f, 't> {
    pub(super) fn new(given: &Specification, findings: &'f mut Findings<'t>) -> Auditor<'f, 't> {
        let subject = given
            .applicability
            .iter()
            .find_map(|facet| match &facet.value {
                Facet::Entity(entity) => Some(entity.clone()),
                _ => None,
            });
        Auditor {
            findings,
            versions: given.versions,
            subject,
            tables: Tables::get(),
        }
    }

    fn versions(&self) -> impl Iterator<Item = Version> + use<> {
        let versions = self.versions.0;
        Versions::ALL
            .into_iter()
            .filter(move |(_, bit, _)| versions & bit != 0)
    }

    pub(super) fn facet(&mut self, at: Place, facet: &Facet) {
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

    fn text(&mut self, at: Place, what: &str, value: Option<&Constraint>) {
        if let Some(value) = value {
            values::constraint(self.findings, at, what, value, Some(Kind::Text));
        }
    }

    fn entity(&mut self, at: Place, entity: &EntityFacet) {
        self.text(at, "class", Some(&entity.name));
        self.text(at, "predefined type", entity.predefined_type.as_ref());
        match &entity.name {
            Constraint::Simple(name) => self.class_name(at, name, true),
            Constraint::Restriction(all) => {
                for name in &all.enumeration {
                    self.class_name(at, name, false);
                }
                let versions: Vec<Version> = self.versions().collect();
                if !versions.is_empty()
                    && versions
                        .iter()
                        .all(|v| classes(v.2, &entity.name).is_empty())
                {
                    let message = "no class of IFC has such a name".to_owned();
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
        if name != name.to_ascii_uppercase() {
            let message = format!("class {name:?} has to be in capitals");
            self.findings.error("ids.not-upper-case", at, message);
            return;
        }
        let missing: Vec<&str> = self
            .versions()
            .filter(|(_, _, schema)| !has_class(*schema, name))
            .map(|(version, ..)| version)
            .collect();
        if missing.is_empty() {
            return;
        }
        let message = format!("{name} is no class of {}", missing.join(", "));
        if everywhere || missing.len() == self.versions().count() {
            self.findings.error("ids.unknown-entity", at, message);
        } else {
            self.findings.warning("ids.unknown-entity", at, message);
        }
    }

    fn predefined_type(&mut self, at: Place, entity: &EntityFacet, value: &Constraint) {
        let Ok(matcher) = Matcher::new(value) else {
            return;
        };
        for (version, bit, schema) in self.versions() {
            let mut known = false;
            for class in classes(schema, &entity.name) {
                let name = schema.class_name(class).to_ascii_uppercase();
                // The type of an occurrence may say it for it.
                let items = [name.clone(), format!("{name}TYPE")]
                    .iter()
                    .find_map(|name| self.tables.predefined(name, bit));
                known |= items.is_some_and(|items| {
                    items.contains(&"USERDEFINED")
                        || items
                            .iter()
                            .any(|item| matcher.is_match(Scalar::Text(item)))
                }) || items.is_none() && self.says_what_it_is(schema, class);
            }
            if !known && !classes(schema, &entity.name).is_empty() {
                let shown = super::super::wording::constraint(value);
                let message = format!("in {version} the class has no predefined type {shown}");
                self.findings
                    .error("ids.unknown-predefined-type", at, message);
            }
        }
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
    fn whole(&mut self, at: Place, entity: &EntityFacet, relation: Option<Relation>) {
        let root = match relation {
            Some(Relation::Group) => "IfcGroup",
            Some(Relation::Contained) => "IfcSpatialElement",
            Some(Relation::VoidsAndFills) => "IfcElement",
            Some(Relation::Aggregates | Relation::Nests) | None => "IfcObjectDefinition",
        };
        for (version, _, schema) in self.versions() {
            let root = match schema.class(root) {
                None if root == "IfcSpatialElement" => schema.class("IfcSpatialStructureElement"),
                found => found,
            };
            let all = classes(schema, &entity.name);
            let Some(root) = root.filter(|_| !all.is_empty()) else {
                continue;
            };
            if !all.iter().any(|class| schema.is_a(*class, root)) {
                let message = format!(
                    "in {version} nothing is part of such a class by {}",
                    relation.map_or("any relation", Relation::name)
                );
                self.findings.error("ids.impossible-part-of", at, message);
            }
        }
    }

    /// A class that is required has to be one of those that the specification applies to.
    pub(super) fn required_class(&mut self, at: Place, facet: &Facet) {
        let (Facet::Entity(wanted), Some(subject)) = (facet, self.subject.clone()) else {
            return;
        };
        let possible = self.versions().any(|(_, _, schema)| {
            let own = classes(schema, &subject.name);
            classes(schema, &wanted.name)
                .iter()
                .any(|class| own.contains(class))
        });
        if !possible && self.versions().next().is_some() {
            let message = "nothing that the specification applies to is of this class".to_owned();
            self.findings.error("ids.impossible-class", at, message);
        }
    }

    fn attribute(&mut self, at: Place, facet: &AttributeFacet) {
        values::constraint(
            self.findings,
            at,
            "attribute name",
            &facet.name,
            Some(Kind::Text),
        );
        let Ok(matcher) = Matcher::new(&facet.name) else {
            return;
        };
        let mut kinds: Vec<Option<Kind>> = Vec::new();
        for (version, bit, schema) in self.versions() {
            let all = match &self.subject {
                Some(subject) => classes(schema, &subject.name),
                None => (0..schema.classes() as u16).map(ClassId).collect(),
            };
            let mut found = all.is_empty();
            for class in all {
                for attribute in schema.attributes(class) {
                    if matcher.is_match(Scalar::Text(attribute.name)) {
                        found = true;
                        kinds.push(self.kind_of_measure(attribute.measure, bit));
                    }
                }
            }
            if !found {
                let shown = super::super::wording::constraint(&facet.name);
                let message = format!("in {version} the class has no attribute {shown}");
                self.findings
                    .error("ids.unknown-attribute-name", at, message);
                return;
            }
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
        values::constraint(self.findings, at, "value", value, kind);
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

    fn property(&mut self, at: Place, facet: &PropertyFacet) {
        self.text(at, "property set", Some(&facet.set));
        self.text(at, "property name", Some(&facet.name));
        let mut kind = None;
        if let Some(data_type) = &facet.data_type {
            if *data_type != data_type.to_ascii_uppercase() {
                let message = format!("data type {data_type:?} has to be in capitals");
                self.findings.error("ids.not-upper-case", at, message);
            }
            for (version, bit, _) in self.versions() {
                match self.tables.kind(&data_type.to_ascii_uppercase(), bit) {
                    Some(own) => kind = Some(own),
                    None => {
                        let message = format!("{data_type} is no data type of {version}");
                        self.findings.error("ids.unknown-data-type", at, message);
                    }
                }
            }
        }
        if let Some(value) = &facet.value {
            values::constraint(self.findings, at, "value", value, kind);
        }
        self.standard_set(at, facet);
    }

    /// Sets that begin with `Pset_` or `Qto_` are the standard's, with its properties and types.
    fn standard_set(&mut self, at: Place, facet: &PropertyFacet) {
        let Constraint::Simple(set) = &facet.set else {
            return;
        };
        if !set.starts_with("Pset_") && !set.starts_with("Qto_") {
            return;
        }
        // IFC2X3 has no standardised quantities.
        let versions: Vec<Version> = self
            .versions()
            .filter(|(_, bit, _)| *bit != 1 || set.starts_with("Pset_"))
            .collect();
        let all = versions.iter().fold(0, |all, (_, bit, _)| all | bit);
        if all != 0 && !self.tables.has_set(set, all) {
            let message =
                format!("{set:?} is no standardised set: \"Pset_\" and \"Qto_\" are reserved");
            self.findings.error("ids.unknown-property-set", at, message);
            return;
        }
        let Constraint::Simple(name) = &facet.name else {
            return;
        };
        for (version, bit, _) in versions {
            match self.tables.property(set, name, bit) {
                // Another of the versions has the set.
                None => {
                    let message = format!("{set} is no standardised set of {version}");
                    self.findings
                        .warning("ids.unknown-property-set", at, message);
                }
                Some(None) => {
                    let message = format!("{set} of {version} has no property {name:?}");
                    self.findings.error("ids.unknown-property", at, message);
                }
                Some(Some(own)) => {
                    if let Some(wanted) = &facet.data_type
                        && !own.is_empty()
                        && !wanted.eq_ignore_ascii_case(&own)
                    {
                        let message =
                            format!("{set}.{name} of {version} is of {own}, not {wanted}");
                        self.findings.error("ids.wrong-data-type", at, message);
                    }
                }
            }
        }
    }
}

/// Whether a name is a class of a schema, or one that IFC2X3 tells by its type.
fn has_class(schema: Schema, name: &str) -> bool {
    schema.class(name).is_some()
        || schema == Schema::Ifc2x3
            && ["TYPE", "STYLE"]
                .iter()
                .any(|end| schema.class(&format!("{name}{end}")).is_some())
}

/// The classes of a schema whose names in capitals satisfy a constraint.
fn classes(schema: Schema, name: &Constraint) -> Vec<ClassId> {
    if let Constraint::Simple(name) = name {
        let exact = schema
            .class(name)
            .filter(|_| *name == name.to_ascii_uppercase());
        return exact.into_iter().collect();
    }
    let Ok(matcher) = Matcher::new(name) else {
        return Vec::new();
    };
    (0..schema.classes() as u16)
        .map(ClassId)
        .filter(|class| {
            let upper = schema.class_name(*class).to_ascii_uppercase();
            matcher.is_match(Scalar::Text(&upper))
        })
        .collect()
}
