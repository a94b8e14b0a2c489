//! Sections and redirects, held against the rules.

use plancheck_contract::knowledge::{self, begins, redirect_complaints};
use plancheck_contract::{Manifest, Redirect};

use crate::diagnostic::{Diagnostic, Wrong};
use crate::document::Document;

/// Adds what the file says of citations and old ids to the manifest of its rules.
pub(super) fn add(document: &Document, manifest: &mut Manifest, wrong: &mut Wrong) {
    let headings: Vec<knowledge::Heading<'_>> = document
        .sections
        .iter()
        .map(|heading| knowledge::Heading {
            cite: &heading.cite.value,
            title: &heading.title,
            link: &heading.link,
        })
        .collect();
    // Those of rules that cannot be compiled, too.
    let of_rules = document
        .rules
        .iter()
        .map(|rule| rule.value.citation.as_str());
    let cited: Vec<&str> = of_rules.chain(manifest.citations()).collect();
    for heading in &document.sections {
        if !cited.iter().any(|c| begins(c, &heading.cite.value)) {
            let message = format!("no citation begins with {:?}", heading.cite.value);
            wrong.push(
                Diagnostic::new("unused-section", heading.cite.whole(), message).help(
                    "a section stands for the citations of rules and parameters that begin like it",
                ),
            );
        }
    }
    manifest.sections = knowledge::sections(&headings, manifest.citations());
    manifest.redirects = document
        .redirects
        .iter()
        .map(|redirect| Redirect {
            from: redirect.from.value.clone(),
            to: redirect.to.value.clone(),
        })
        .collect();
    let rules: Vec<&str> = document
        .rules
        .iter()
        .map(|rule| rule.name.value.as_str())
        .collect();
    for (from, why) in redirect_complaints(&manifest.redirects, &rules) {
        let place = document.redirects.iter().find(|r| r.from.value == from);
        let span = place.map(|redirect| redirect.from.whole());
        let message = format!("the old id `{from}` {why}");
        wrong.push(Diagnostic::new(
            "bad-redirect",
            span.unwrap_or_default(),
            message,
        ));
    }
}
