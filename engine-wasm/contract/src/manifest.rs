//! The manifest: what a module says of itself. `describe` returns it as JSON.
//!
//! A module writes it with [`Manifest::to_json`]; the engine reads it back with
//! [`Manifest::from_json`] (feature `read`), which checks every index and length: a manifest is
//! input from a stranger.

use crate::amends::Amends;
use crate::knowledge::{Redirect, Section};
use crate::unit::Dimension;
#[cfg(feature = "read")]
use crate::unit::Unit;
pub use crate::view::{Only, View, ViewFact};
use crate::write::Json;

#[cfg(feature = "read")]
use serde::{Deserialize, Serialize};

/// Everything that a module says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Manifest {
    /// The version of the contract that the module was built for, [`crate::VERSION`].
    pub contract: String,
    /// Who it is.
    pub module: ModuleInfo,
    /// Where and when it applies.
    pub jurisdiction: Jurisdiction,
    /// Numbers that an amendment may replace.
    pub parameters: Vec<Parameter>,
    /// The batches it wants.
    pub views: Vec<View>,
    /// Facts it computes itself.
    pub derived: Vec<DerivedFact>,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// What a model has to say before the rules can judge it; checked first.
    #[cfg_attr(feature = "read", serde(default))]
    pub readiness: Vec<Readiness>,
    /// For a module that changes another one; what comes of it is for whoever loads both.
    #[cfg_attr(feature = "read", serde(default))]
    pub amends: Option<Amends>,
    /// What stands behind the citations, each once.
    #[cfg_attr(feature = "read", serde(default))]
    pub sections: Vec<Section>,
    /// What rules were called before.
    #[cfg_attr(feature = "read", serde(default))]
    pub redirects: Vec<Redirect>,
}

/// A document of buildingSMART IDS 1.0.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Readiness {
    /// Name of its file.
    pub name: String,
    /// The XML.
    pub document: String,
}

/// Who a module is.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct ModuleInfo {
    /// Stable, unique, lower case with hyphens: `us-ibc-2024`.
    pub id: String,
    /// For people.
    pub title: String,
    /// Of the module, not of the code: semantic versioning.
    pub version: String,
    /// Who answers for it.
    pub publisher: String,
    /// What it does not cover, for people.
    pub limits: String,
}

/// Where and when the rules of a module are law.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Jurisdiction {
    /// ISO 3166-1 alpha-2, lower case.
    pub country: String,
    /// ISO 3166-2 without the country, lower case; empty: the whole country.
    pub state: String,
    /// Empty: the whole state.
    pub county: String,
    /// Empty: the whole county.
    pub city: String,
    /// `IBC`, `ADA`, …
    pub family: String,
    /// The edition of the code.
    pub edition: String,
    /// ISO 8601 date; empty: unknown.
    pub effective_from: String,
    /// ISO 8601 date; empty: still in force.
    pub effective_until: String,
}

/// A number, or a table of numbers, that an amendment may replace.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Parameter {
    /// Unique in the module.
    pub name: String,
    /// For people.
    pub title: String,
    /// Symbol of a [`Unit`].
    pub unit: String,
    /// One cell with an empty key for a single number, several for a table.
    pub cells: Vec<Cell>,
    /// Where the code says so.
    pub citation: String,
    /// Which of two numbers is the stricter one; none: nobody says.
    #[cfg_attr(
        feature = "read",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub stricter: Option<Stricter>,
}

/// Which of two numbers of a parameter leaves fewer buildings that comply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Stricter {
    /// The larger one: a least width.
    Larger,
    /// The smaller one: a greatest height.
    Smaller,
}

impl Stricter {
    /// Its name in manifests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Stricter::Larger => "larger",
            Stricter::Smaller => "smaller",
        }
    }
}

/// One number of a parameter.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Cell {
    /// Empty for a single number.
    pub key: String,
    /// In the parameter's unit; none: "not permitted".
    pub value: Option<f64>,
}

/// The type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum FactKind {
    /// A number in SI, possibly with a tolerance.
    Number,
    /// A text.
    Text,
    /// True or false.
    Boolean,
}

impl FactKind {
    /// Its name in manifests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            FactKind::Number => "number",
            FactKind::Text => "text",
            FactKind::Boolean => "boolean",
        }
    }
}

/// A fact that the module computes row by row. Other views may ask for it by its name.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct DerivedFact {
    /// Without the subject: `occupant_load`; the subject is the view's.
    pub name: String,
    /// For people.
    pub title: String,
    /// How it is computed, and where the code says so.
    pub description: String,
    /// What it is.
    pub kind: FactKind,
    /// For numbers.
    pub dimension: Option<Dimension>,
    /// Index into `views`.
    pub view: u32,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Rule {
    /// Stable, unique in the module.
    pub id: String,
    /// One line.
    pub title: String,
    /// Document, edition and section.
    pub citation: String,
    /// How bad a failure is.
    pub severity: Severity,
    /// `fire_safety_egress`, `accessibility`, …: one word, lower case.
    pub category: String,
    /// Index into `views`.
    pub view: u32,
    /// Messages, with `{0}`, `{1}` for their arguments.
    pub messages: Vec<String>,
    /// Markdown.
    pub page: String,
    /// The module version that brought it.
    pub since: String,
    /// Its place in the life cycle.
    pub stage: Stage,
    /// True once someone has held it against the official text.
    pub verified: bool,
}

/// How bad a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Severity {
    /// The building does not meet the code.
    Error,
    /// Someone should look.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    /// Its name in manifests and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// The life cycle of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "read",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Stage {
    /// May still change: runs only where it is asked for.
    Preview,
    /// Settled.
    Stable,
    /// Never runs; kept so that old reports can be read.
    Retired,
}

impl Stage {
    /// Its name in manifests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Preview => "preview",
            Stage::Stable => "stable",
            Stage::Retired => "retired",
        }
    }

    /// Whether such a rule runs, where rules in preview are wanted or are not.
    #[must_use]
    pub const fn runs(self, preview: bool) -> bool {
        match self {
            Stage::Preview => preview,
            Stage::Stable => true,
            Stage::Retired => false,
        }
    }
}

impl Manifest {
    /// The values of all parameters in order, one for each cell, as [`crate::Batch::parameters`]
    /// wants them.
    pub fn parameter_values(&self) -> impl Iterator<Item = f64> + '_ {
        self.parameters
            .iter()
            .flat_map(|p| p.cells.iter().map(|c| c.value.unwrap_or(f64::NAN)))
    }

    /// The manifest as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::new();
        json.object(|o| {
            o.text("contract", &self.contract);
            let m = &self.module;
            o.nested("module", |o| {
                for (key, value) in [
                    ("id", &m.id),
                    ("title", &m.title),
                    ("version", &m.version),
                    ("publisher", &m.publisher),
                    ("limits", &m.limits),
                ] {
                    o.text(key, value);
                }
            });
            let j = &self.jurisdiction;
            o.nested("jurisdiction", |o| {
                for (key, value) in [
                    ("country", &j.country),
                    ("state", &j.state),
                    ("county", &j.county),
                    ("city", &j.city),
                    ("family", &j.family),
                    ("edition", &j.edition),
                    ("effective_from", &j.effective_from),
                    ("effective_until", &j.effective_until),
                ] {
                    o.text(key, value);
                }
            });
            o.list("parameters", &self.parameters, |p, o| {
                o.text("name", &p.name);
                o.text("title", &p.title);
                o.text("unit", &p.unit);
                o.list("cells", &p.cells, |c, o| {
                    o.text("key", &c.key);
                    o.number("value", c.value);
                });
                o.text("citation", &p.citation);
                if let Some(stricter) = p.stricter {
                    o.text("stricter", stricter.name());
                }
            });
            o.list("views", &self.views, |v, o| {
                v.write(o);
            });
            o.list("derived", &self.derived, |d, o| {
                o.text("name", &d.name);
                o.text("title", &d.title);
                o.text("description", &d.description);
                o.text("kind", d.kind.name());
                o.optional("dimension", d.dimension.map(Dimension::name));
                o.number("view", Some(f64::from(d.view)));
            });
            o.list("rules", &self.rules, |r, o| {
                o.text("id", &r.id);
                o.text("title", &r.title);
                o.text("citation", &r.citation);
                o.text("severity", r.severity.name());
                o.text("category", &r.category);
                o.number("view", Some(f64::from(r.view)));
                o.texts("messages", &r.messages);
                o.text("page", &r.page);
                o.text("since", &r.since);
                o.text("stage", r.stage.name());
                o.boolean("verified", r.verified);
            });
            if !self.readiness.is_empty() {
                o.list("readiness", &self.readiness, |r, o| {
                    o.text("name", &r.name);
                    o.text("document", &r.document);
                });
            }
            if let Some(amends) = &self.amends {
                o.nested("amends", |o| amends.write(o));
            }
            crate::knowledge::write(self, o);
        });
        json.finish()
    }
}

/// Why a manifest is refused.
#[cfg(feature = "read")]
#[derive(Clone, Debug, PartialEq)]
pub struct ManifestError(pub String);

#[cfg(feature = "read")]
impl std::fmt::Display for ManifestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "manifest: {}", self.0)
    }
}

#[cfg(feature = "read")]
impl std::error::Error for ManifestError {}

/// A manifest has pages of text, not megabytes; the largest first-party one is under 100 kB.
#[cfg(feature = "read")]
const MAX_JSON: usize = 4 << 20;
/// A module asks for the little that its rules need; an authority's packs are checked by themselves.
#[cfg(feature = "read")]
const MAX_READINESS: usize = 20;
/// Enough for every clause of a large code; bounds the plan that the engine makes.
#[cfg(feature = "read")]
pub(crate) const MAX_ITEMS: usize = 10_000;

/// Whether modules and rules may be called this.
#[cfg(feature = "read")]
pub(crate) fn id_ok(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 100
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

#[cfg(feature = "read")]
impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// The text is not a manifest, names another contract version, or contradicts itself.
    pub fn from_json(json: &str) -> Result<Manifest, ManifestError> {
        let refuse = |why: String| Err(ManifestError(why));
        if json.len() > MAX_JSON {
            return refuse(format!("{} bytes; at most {MAX_JSON} are read", json.len()));
        }
        let manifest: Manifest =
            serde_json::from_str(json).map_err(|e| ManifestError(e.to_string()))?;
        let major = |v: &str| v.split('.').next().unwrap_or("").to_owned();
        if major(&manifest.contract) != major(crate::VERSION) {
            return refuse(format!(
                "built for contract {}, this engine speaks {}",
                manifest.contract,
                crate::VERSION
            ));
        }
        manifest.check().map_or(Ok(manifest), refuse)
    }

    /// What contradicts itself, if anything.
    fn check(&self) -> Option<String> {
        if !id_ok(&self.module.id) {
            return Some(format!(
                "module id {:?}: want lower-case letters, digits, - and _",
                self.module.id
            ));
        }
        let cells: usize = self.parameters.iter().map(|p| p.cells.len()).sum();
        for (what, count) in [
            ("parameter cells", cells),
            ("views", self.views.len()),
            ("derived facts", self.derived.len()),
            ("rules", self.rules.len()),
            ("sections", self.sections.len()),
        ] {
            if count > MAX_ITEMS {
                return Some(format!("{count} {what}; at most {MAX_ITEMS}"));
            }
        }
        if let Some(wrong) = self.amends.as_ref().and_then(|a| a.check(&self.module.id)) {
            return Some(wrong);
        }
        if self.readiness.len() > MAX_READINESS {
            return Some(format!(
                "{} readiness documents; at most {MAX_READINESS}",
                self.readiness.len()
            ));
        }
        for p in &self.parameters {
            if Unit::from_symbol(&p.unit).is_none() {
                return Some(format!("parameter {:?}: unknown unit {:?}", p.name, p.unit));
            }
            if p.cells.is_empty() {
                return Some(format!("parameter {:?} has no cell", p.name));
            }
        }
        if self.redirects.len() > crate::knowledge::MAX_REDIRECTS {
            return Some("too many redirects".to_owned());
        }
        for s in &self.sections {
            // A page makes a link of it: it must lead to a place of the web, and run nothing.
            if !(s.link.is_empty() || s.link.starts_with("https://")) {
                return Some("a link is not https".to_owned());
            }
        }
        for v in &self.views {
            if let Some(wrong) = v.check() {
                return Some(wrong);
            }
        }
        let mut ids = std::collections::HashSet::new();
        for r in &self.rules {
            if !id_ok(&r.id) {
                return Some(format!(
                    "rule id {:?}: want lower-case letters, digits, - and _",
                    r.id
                ));
            }
            if !ids.insert(r.id.as_str()) {
                return Some(format!("rule id {:?} appears twice", r.id));
            }
            if r.view as usize >= self.views.len() {
                return Some(format!(
                    "rule {:?} names view {} of {}",
                    r.id,
                    r.view,
                    self.views.len()
                ));
            }
        }
        for d in &self.derived {
            if d.view as usize >= self.views.len() {
                return Some(format!(
                    "derived fact {:?} names view {} of {}",
                    d.name,
                    d.view,
                    self.views.len()
                ));
            }
        }
        None
    }
}
