//! What a module knows of its code beside the rules: what the cited sections are about, where they can
//! be read, and what rules were called before.

use crate::manifest::Manifest;
use crate::write::Object;

#[cfg(feature = "read")]
use serde::{Deserialize, Serialize};

/// What stands behind a citation. In JSON a list of the three: there are hundreds of them.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(into = "Vec<String>", try_from = "Vec<String>")
)]
pub struct Section {
    /// The citation, word for word as rules and parameters have it.
    pub citation: String,
    /// What the section is about, in a few words of the module's own; may be empty.
    pub title: String,
    /// Where it can be read in public, `https://…`; may be empty.
    pub link: String,
}

/// A rule that is called otherwise now. In JSON a list of the two.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(into = "Vec<String>", try_from = "Vec<String>")
)]
pub struct Redirect {
    /// The old id.
    pub from: String,
    /// The id of a rule, or of another redirect.
    pub to: String,
}

impl From<Section> for Vec<String> {
    fn from(section: Section) -> Vec<String> {
        vec![section.citation, section.title, section.link]
    }
}

impl TryFrom<Vec<String>> for Section {
    type Error = &'static str;

    fn try_from(texts: Vec<String>) -> Result<Section, &'static str> {
        let [citation, title, link]: [String; 3] =
            texts.try_into().map_err(|_| "a list of another length")?;
        Ok(Section {
            citation,
            title,
            link,
        })
    }
}

impl From<Redirect> for Vec<String> {
    fn from(redirect: Redirect) -> Vec<String> {
        vec![redirect.from, redirect.to]
    }
}

impl TryFrom<Vec<String>> for Redirect {
    type Error = &'static str;

    fn try_from(texts: Vec<String>) -> Result<Redirect, &'static str> {
        let [from, to]: [String; 2] = texts.try_into().map_err(|_| "a list of another length")?;
        Ok(Redirect { from, to })
    }
}

/// Old ids of a module: rules live for decades, and few get another id.
#[cfg(feature = "read")]
pub(crate) const MAX_REDIRECTS: usize = 1_000;
/// How often one rule may have got another id.
const MAX_RENAMES: usize = 10;

/// What an author says of all citations that begin alike.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'a> {
    /// The beginning: `IBC 2024 §1010`.
    pub cite: &'a str,
    /// May be empty: then a shorter beginning says it.
    pub title: &'a str,
    /// May be empty: then a shorter beginning says it.
    pub link: &'a str,
}

/// Whether a citation begins like this, and the section's number ends where the beginning ends.
#[must_use]
pub fn begins(citation: &str, cite: &str) -> bool {
    citation
        .strip_prefix(cite)
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// The sections of some citations, each once, in their order: for each the longest beginnings that
/// have a title and a link. A citation for which nothing is said has no section.
#[must_use]
pub fn sections<'c>(
    headings: &[Heading<'_>],
    citations: impl Iterator<Item = &'c str>,
) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    for citation in citations {
        if out.iter().any(|section| section.citation == citation) {
            continue;
        }
        let longest = |of: fn(&Heading<'_>) -> usize| {
            let fits = headings.iter().filter(|h| begins(citation, h.cite));
            fits.filter(|h| of(h) > 0).max_by_key(|h| h.cite.len())
        };
        let title = longest(|h| h.title.len()).map_or("", |h| h.title);
        let link = longest(|h| h.link.len()).map_or("", |h| h.link);
        if !title.is_empty() || !link.is_empty() {
            out.push(Section {
                citation: citation.to_owned(),
                title: title.to_owned(),
                link: link.to_owned(),
            });
        }
    }
    out
}

impl Manifest {
    /// What stands behind a citation.
    #[must_use]
    pub fn section(&self, citation: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.citation == citation)
    }

    /// What a rule is called now that may have been called otherwise. An id that nobody renamed is
    /// its own.
    #[must_use]
    pub fn current_id<'m>(&'m self, id: &'m str) -> &'m str {
        let mut current = id;
        // A circle ends, too.
        for _ in 0..MAX_RENAMES {
            match self.redirects.iter().find(|r| r.from == current) {
                Some(redirect) => current = &redirect.to,
                None => break,
            }
        }
        current
    }

    /// Every citation of its rules, parameters and amendments.
    pub fn citations(&self) -> impl Iterator<Item = &str> {
        let rules = self.rules.iter().map(|rule| rule.citation.as_str());
        let parameters = self.parameters.iter().map(|p| p.citation.as_str());
        let amended = self.amends.iter().flat_map(|a| &a.parameters);
        rules
            .chain(parameters)
            .chain(amended.map(|cell| cell.citation.as_str()))
    }
}

/// What is wrong with redirects among rules of these ids: the old id, and what is wrong with it.
#[must_use]
pub fn redirect_complaints<'r>(
    redirects: &'r [Redirect],
    rules: &[&str],
) -> Vec<(&'r str, String)> {
    let mut out = Vec::new();
    for (at, redirect) in redirects.iter().enumerate() {
        let from = redirect.from.as_str();
        if rules.contains(&from) {
            let why = "is the id of a rule, and redirected to another one";
            out.push((from, why.to_owned()));
            continue;
        }
        if redirects.iter().take(at).any(|other| other.from == from) {
            out.push((from, "is redirected twice".to_owned()));
            continue;
        }
        let mut current = redirect.to.as_str();
        let mut steps = 0;
        while let Some(next) = redirects.iter().find(|r| r.from == current)
            && !rules.contains(&current)
        {
            steps += 1;
            if current == from || steps > redirects.len() {
                break;
            }
            current = &next.to;
        }
        if current == from || steps > redirects.len() {
            out.push((from, "is redirected in a circle".to_owned()));
        } else if !rules.contains(&current) {
            out.push((from, format!("leads to {current:?}, which is no rule")));
        }
    }
    out
}

pub(crate) fn write(manifest: &Manifest, o: &mut Object<'_>) {
    if !manifest.sections.is_empty() {
        let rows = manifest.sections.iter();
        o.rows(
            "sections",
            rows.map(|s| [&*s.citation, &*s.title, &*s.link]),
        );
    }
    if !manifest.redirects.is_empty() {
        let rows = manifest.redirects.iter();
        o.rows("redirects", rows.map(|r| [&*r.from, &*r.to]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(cite: &'static str, title: &'static str, link: &'static str) -> Heading<'static> {
        Heading { cite, title, link }
    }

    #[test]
    fn the_longest_beginning_counts_title_and_link_apart() {
        let headings = [
            heading("Code", "", "https://code"),
            heading("Code §10", "Ten", ""),
            heading("Code §10.1", "", "https://code/10.1"),
        ];
        let cited = [
            "Code §10.1, Table 2",
            "Code §101",
            "Other",
            "Code §10",
            "Code §10",
        ];
        let found = sections(&headings, cited.into_iter());
        let found: Vec<[&str; 3]> = found
            .iter()
            .map(|s| [s.citation.as_str(), &s.title, &s.link])
            .collect();
        assert_eq!(
            found,
            [
                ["Code §10.1, Table 2", "Ten", "https://code/10.1"],
                ["Code §101", "", "https://code"],
                ["Code §10", "Ten", "https://code"],
            ]
        );
    }

    fn redirects(pairs: &[(&str, &str)]) -> Vec<Redirect> {
        let make = |(from, to): &(&str, &str)| Redirect {
            from: (*from).to_owned(),
            to: (*to).to_owned(),
        };
        pairs.iter().map(make).collect()
    }

    #[test]
    fn redirects_are_followed_and_circles_end() {
        let manifest = Manifest {
            redirects: redirects(&[("a", "b"), ("b", "c"), ("x", "y"), ("y", "x")]),
            ..Manifest::default()
        };
        assert_eq!(manifest.current_id("a"), "c");
        assert_eq!(manifest.current_id("c"), "c");
        assert!(["x", "y"].contains(&manifest.current_id("x")));
    }

    #[test]
    fn what_is_wrong_with_redirects_is_said() {
        let list = redirects(&[
            ("old", "older"),
            ("older", "live"),
            ("nowhere", "gone"),
            ("round", "and-round"),
            ("and-round", "round"),
            ("into-a-circle", "round"),
            ("live", "other"),
            ("older", "other"),
            ("itself", "itself"),
        ]);
        let found: Vec<String> = redirect_complaints(&list, &["live", "other"])
            .into_iter()
            .map(|(from, why)| format!("{from} {why}"))
            .collect();
        assert_eq!(
            found,
            [
                // `live` is a rule: what is redirected there arrives.
                "nowhere leads to \"gone\", which is no rule",
                "round is redirected in a circle",
                "and-round is redirected in a circle",
                "into-a-circle is redirected in a circle",
                "live is the id of a rule, and redirected to another one",
                "older is redirected twice",
                "itself is redirected in a circle",
            ]
        );
    }
}
