//! What holds in some of the versions that a specification is for, and their classes.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::document::{Constraint, Place, Versions};
use super::super::finding::{Findings, Severity};
use super::super::hash::Texts;
use super::super::matcher::Matcher;
use super::super::scalar::Scalar;
use crate::model::Schema;
use crate::model::schema::ClassId;

/// A version that a specification names: its name, bit and schema.
pub(super) type Version = (&'static str, u8, Schema);

/// Versions of a set, in order.
pub(super) fn of(versions: Versions) -> impl Iterator<Item = Version> {
    Versions::ALL
        .into_iter()
        .filter(move |(_, bit, _)| versions.0 & bit != 0)
}

/// The same finding of several versions, said once.
#[derive(Default)]
pub(super) struct ByVersion {
    found: Vec<(String, Vec<&'static str>)>,
}

impl ByVersion {
    pub(super) fn add(&mut self, version: &'static str, message: String) {
        match self.found.iter_mut().find(|(own, _)| *own == message) {
            Some((_, versions)) => versions.push(version),
            None => self.found.push((message, vec![version])),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// `IFC2X3, IFC4: …`
    pub(super) fn say(
        self,
        findings: &mut Findings<'_>,
        severity: Severity,
        code: &'static str,
        at: Place,
    ) {
        for (message, versions) in self.found {
            let message = format!("{}: {message}", versions.join(", "));
            match severity {
                Severity::Error => findings.error(code, at, message),
                Severity::Warning => findings.warning(code, at, message),
            }
        }
    }
}

/// The classes that constraints name: packs ask for the same ones hundreds of times.
#[derive(Default)]
pub(super) struct Classes<'d> {
    known: HashMap<(u8, &'d Constraint), Rc<Vec<ClassId>>, Texts>,
}

impl<'d> Classes<'d> {
    /// The classes of a version whose names in capitals satisfy a constraint.
    pub(super) fn of(&mut self, version: Version, name: &'d Constraint) -> Rc<Vec<ClassId>> {
        let (_, bit, schema) = version;
        let found = self.known.entry((bit, name));
        found
            .or_insert_with(|| Rc::new(classes(schema, name)))
            .clone()
    }
}

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

/// Whether a name is a class of a schema, or one that IFC2X3 tells by its type.
pub(super) fn has_class(schema: Schema, name: &str) -> bool {
    schema.class(name).is_some()
        || schema == Schema::Ifc2x3
            && ["TYPE", "STYLE"]
                .iter()
                .any(|end| schema.class(&format!("{name}{end}")).is_some())
}
