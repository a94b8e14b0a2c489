//! Properties, held against the data types and the standardised sets of IFC.

use super::super::document::{Constraint, Place, PropertyFacet};
use super::super::finding::Severity;
use super::facets::Auditor;
use super::values;
use super::versions::{self, ByVersion, Version};

impl<'d> Auditor<'d, '_, '_> {
    pub(super) fn property(&mut self, at: Place, facet: &'d PropertyFacet) {
        self.text(at, "property set", Some(&facet.set));
        self.text(at, "property name", Some(&facet.name));
        let mut kind = None;
        let mut known = true;
        if let Some(data_type) = &facet.data_type {
            let upper = data_type.to_ascii_uppercase();
            if *data_type != upper {
                let message = format!("data type {data_type:?} has to be in capitals: {upper}");
                self.findings.error("ids.not-upper-case", at, message);
            }
            let mut unknown = ByVersion::default();
            for (version, bit, _) in versions::of(self.versions) {
                match self.tables.kind(&upper, bit) {
                    Some(own) => kind = Some(own),
                    None => {
                        let meant = self.meant(&upper, self.tables.data_types(bit));
                        unknown.add(version, format!("{data_type} is no data type{meant}"));
                    }
                }
            }
            known = unknown.is_empty();
            unknown.say(self.findings, Severity::Error, "ids.unknown-data-type", at);
        }
        if let Some(value) = &facet.value {
            values::constraint(self.findings, &mut self.patterns, at, "value", value, kind);
        }
        self.standard_set(at, facet, known);
    }

    /// Sets that begin with `Pset_` or `Qto_` are the standard's, with its properties and types.
    /// `known`: the data type is one.
    fn standard_set(&mut self, at: Place, facet: &PropertyFacet, known: bool) {
        let Constraint::Simple(set) = &facet.set else {
            return;
        };
        if !set.starts_with("Pset_") && !set.starts_with("Qto_") {
            return;
        }
        // IFC2X3 has no standardised quantities.
        let versions: Vec<Version> = versions::of(self.versions)
            .filter(|(_, bit, _)| *bit != 1 || set.starts_with("Pset_"))
            .collect();
        let all = versions.iter().fold(0, |all, (_, bit, _)| all | bit);
        if all != 0 && !self.tables.has_set(set, all) {
            let meant = self.meant(set, self.tables.set_names(all));
            let message = format!(
                "{set:?} is no standardised set, and \"Pset_\" and \"Qto_\" are reserved{meant}"
            );
            self.findings.error("ids.unknown-property-set", at, message);
            return;
        }
        let Constraint::Simple(name) = &facet.name else {
            return;
        };
        let (mut no_set, mut no_property) = (ByVersion::default(), ByVersion::default());
        let mut wrong_type = ByVersion::default();
        for (version, bit, _) in versions {
            match self.tables.property(set, name, bit) {
                // Another of the versions has the set.
                None => no_set.add(version, format!("{set} is no standardised set")),
                Some(None) => {
                    let meant = self.meant(name, self.tables.properties(set, bit));
                    no_property.add(version, format!("{set} has no property {name:?}{meant}"));
                }
                Some(Some(own)) => {
                    if let Some(wanted) = &facet.data_type
                        && known
                        && !own.is_empty()
                        && !wanted.eq_ignore_ascii_case(&own)
                    {
                        wrong_type.add(version, format!("{set}.{name} is of {own}, not {wanted}"));
                    }
                }
            }
        }
        let findings = &mut *self.findings;
        no_set.say(findings, Severity::Warning, "ids.unknown-property-set", at);
        no_property.say(findings, Severity::Error, "ids.unknown-property", at);
        wrong_type.say(findings, Severity::Error, "ids.wrong-data-type", at);
    }
}
