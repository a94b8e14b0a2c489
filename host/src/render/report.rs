//! A report's JSON, read back for showing. Its form is described in docs/report.md.
//!
//! Only what is shown is read; what a newer engine adds is ignored.

use std::borrow::Cow;

use serde::Deserialize;

use plancheck_engine::rules::chosen::ChosenPlace;

use super::ids::Specification;

/// A text that is borrowed from the JSON where it has no escapes.
type Text<'a> = Cow<'a, str>;

/// A whole report.
#[derive(Debug, Deserialize)]
pub struct Report<'a> {
    /// Which engine made it.
    #[serde(borrow)]
    pub engine: Engine<'a>,
    /// What was checked.
    #[serde(borrow)]
    pub model: Model<'a>,
    /// Against what.
    #[serde(borrow)]
    pub ruleset: Ruleset<'a>,
    /// All verdicts counted.
    pub summary: Summary,
    /// How the model meets the documents that modules carry.
    #[serde(borrow, default)]
    pub readiness: Vec<Readiness<'a>>,
    /// The rules, in the order of modules and manifests.
    #[serde(borrow)]
    pub rules: Vec<Rule<'a>>,
    /// The findings, in the order of rules and elements.
    #[serde(borrow)]
    pub findings: Vec<Finding<'a>>,
    /// What was odd about the input.
    #[serde(borrow)]
    pub diagnostics: Diagnostics<'a>,
}

/// Only what decides how a check ended: skips the findings without keeping them.
#[derive(Debug, Deserialize)]
pub struct Outcome<'a> {
    /// All verdicts counted.
    pub summary: Summary,
    /// How the model meets the documents that modules carry.
    #[serde(borrow, default)]
    pub readiness: Vec<Readiness<'a>>,
    /// The rules.
    #[serde(borrow)]
    pub rules: Vec<Rule<'a>>,
}

/// How the model meets an IDS document of a module.
#[derive(Debug, Deserialize)]
pub struct Readiness<'a> {
    /// Id of the module.
    #[serde(borrow)]
    pub module: Text<'a>,
    /// Name of the document's file.
    #[serde(borrow)]
    pub document: Text<'a>,
    /// `pass`, `fail`, `error`, `not_applicable`
    #[serde(borrow)]
    pub status: Text<'a>,
    /// Why, where the specifications do not say it.
    #[serde(borrow, default)]
    pub reason: Option<Text<'a>>,
    /// In the order of the file.
    #[serde(borrow)]
    pub specifications: Vec<Specification<'a>>,
}

/// Which engine made a report.
#[derive(Debug, Deserialize)]
pub struct Engine<'a> {
    /// Its version.
    #[serde(borrow)]
    pub version: Text<'a>,
}

/// What was checked.
#[derive(Debug, Deserialize)]
pub struct Model<'a> {
    /// BLAKE3 of the bytes as given, hex.
    #[serde(borrow)]
    pub digest: Text<'a>,
    /// `IFC4`, …
    #[serde(borrow)]
    pub schema: Text<'a>,
    /// `ifc` or `json`, as the engine names it.
    #[serde(borrow)]
    pub format: Text<'a>,
    /// Its name, where it has one.
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    /// Records in the file.
    pub records: u64,
    /// Elements.
    pub elements: u64,
}

/// What was checked against.
#[derive(Debug, Deserialize)]
pub struct Ruleset<'a> {
    /// One digest over all modules, hex.
    #[serde(borrow)]
    pub digest: Text<'a>,
    /// The modules.
    #[serde(borrow)]
    pub modules: Vec<Module<'a>>,
    /// Why these modules, where they were chosen by a place.
    #[serde(default)]
    pub place: Option<ChosenPlace>,
}

/// A module of the ruleset.
#[derive(Debug, Deserialize)]
pub struct Module<'a> {
    /// Its id.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// Why it is not there.
    #[serde(borrow)]
    pub problem: Option<Problem<'a>>,
    /// For people.
    #[serde(borrow)]
    pub title: Option<Text<'a>>,
    /// Of the module.
    #[serde(borrow)]
    pub version: Option<Text<'a>>,
    /// Where and when it applies.
    pub jurisdiction: Option<plancheck_contract::Jurisdiction>,
}

/// What went wrong.
#[derive(Debug, Deserialize)]
pub struct Problem<'a> {
    /// For machines.
    #[serde(borrow)]
    pub code: Text<'a>,
    /// For people.
    #[serde(borrow)]
    pub message: Text<'a>,
}

/// Rows by verdict.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Counts {
    /// Passed.
    pub pass: u64,
    /// Failed.
    pub fail: u64,
    /// Not decided.
    pub undetermined: u64,
    /// Not governed after all.
    pub not_applicable: u64,
}

/// All verdicts counted.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Summary {
    /// Rows by verdict.
    #[serde(flatten)]
    pub counts: Counts,
    /// Passed of passed and failed, percent.
    pub score: Option<f64>,
    /// Passed and failed of all governed, percent.
    pub decided: Option<f64>,
    /// Every module and every rule could be evaluated.
    pub complete: bool,
}

impl Summary {
    /// The counts of some rules only. Whether the check is complete stays what it was.
    #[must_use]
    pub fn narrowed(self, rules: impl Iterator<Item = Counts>) -> Summary {
        let mut counts = Counts::default();
        for rule in rules {
            counts.pass += rule.pass;
            counts.fail += rule.fail;
            counts.undetermined += rule.undetermined;
            counts.not_applicable += rule.not_applicable;
        }
        let percent = |part: u64, of: u64| (of > 0).then(|| 100.0 * part as f64 / of as f64);
        let decided = counts.pass + counts.fail;
        Summary {
            counts,
            score: percent(counts.pass, decided),
            decided: percent(decided, decided + counts.undetermined),
            complete: self.complete,
        }
    }
}

/// A rule and how it went.
#[derive(Debug, Deserialize)]
pub struct Rule<'a> {
    /// The module's id.
    #[serde(borrow)]
    pub module: Text<'a>,
    /// Its own id.
    #[serde(borrow)]
    pub rule: Text<'a>,
    /// One line.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// Document, edition and section.
    #[serde(borrow)]
    pub citation: Text<'a>,
    /// What the section is about.
    #[serde(borrow, default)]
    pub section: Text<'a>,
    /// Where it can be read.
    #[serde(borrow, default)]
    pub link: Text<'a>,
    /// `preview`, `stable` or `retired`.
    #[serde(borrow)]
    pub stage: Text<'a>,
    /// `error`, `warning` or `info`.
    #[serde(borrow)]
    pub severity: Text<'a>,
    /// Whether it was held against the official text.
    pub verified: bool,
    /// Rows by verdict.
    #[serde(flatten)]
    pub counts: Counts,
    /// Why it was not evaluated.
    #[serde(borrow)]
    pub problem: Option<Problem<'a>>,
}

/// A verdict on an element.
#[derive(Debug, Deserialize)]
pub struct Finding<'a> {
    /// The module's id.
    #[serde(borrow)]
    pub module: Text<'a>,
    /// The rule's id.
    #[serde(borrow)]
    pub rule: Text<'a>,
    /// `pass`, `fail` or `undetermined`.
    #[serde(borrow)]
    pub verdict: Text<'a>,
    /// The element.
    #[serde(borrow)]
    pub element: Element<'a>,
    /// What was measured.
    #[serde(borrow)]
    pub measured: Option<Quantity<'a>>,
    /// What is required.
    #[serde(borrow)]
    pub required: Option<Quantity<'a>>,
    /// How the two are held against each other.
    #[serde(borrow)]
    pub comparison: Option<Text<'a>>,
    /// For people.
    #[serde(borrow)]
    pub message: Text<'a>,
    /// What decided, or is missing.
    #[serde(borrow)]
    pub facts: Vec<Fact<'a>>,
}

/// An element.
#[derive(Debug, Deserialize)]
pub struct Element<'a> {
    /// GlobalId, or `object_id`.
    #[serde(borrow)]
    pub global_id: Text<'a>,
    /// IFC class.
    #[serde(borrow)]
    pub class: Text<'a>,
    /// Its name.
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    /// What people call it, where that is more than the name.
    #[serde(borrow)]
    pub long_name: Option<Text<'a>>,
    /// Instance number in the file.
    pub record: Option<u64>,
    /// The storey it is in.
    #[serde(borrow)]
    pub storey: Option<Text<'a>>,
}

/// A number with its units.
#[derive(Debug, Deserialize)]
pub struct Quantity<'a> {
    /// In the unit of the code.
    pub value: f64,
    /// Plus or minus, SI.
    pub tolerance_si: Option<f64>,
    /// The unit of the code.
    #[serde(borrow)]
    pub unit: Text<'a>,
    /// `31.5 in (0.8 m)`
    #[serde(borrow)]
    pub display: Text<'a>,
}

/// A fact of a finding.
#[derive(Debug, Deserialize)]
pub struct Fact<'a> {
    /// For people.
    #[serde(borrow)]
    pub title: Text<'a>,
    /// As people read it.
    #[serde(borrow)]
    pub value: Option<Text<'a>>,
    /// Where from.
    #[serde(borrow)]
    pub provenance: Option<Text<'a>>,
    /// Exactly where from.
    #[serde(borrow)]
    pub source: Option<Text<'a>>,
    /// Instance number in the file.
    pub record: Option<u64>,
    /// How it came about.
    #[serde(borrow)]
    pub note: Option<Text<'a>>,
    /// Why it is not known.
    #[serde(borrow)]
    pub absent: Option<Text<'a>>,
    /// What it was computed from.
    #[serde(borrow, default)]
    pub from: Vec<Fact<'a>>,
}

/// What was odd about the input.
#[derive(Debug, Deserialize)]
pub struct Diagnostics<'a> {
    /// How many there were.
    pub total: u64,
    /// Some of them.
    #[serde(borrow)]
    pub first: Vec<Diagnostic<'a>>,
}

/// One oddity.
#[derive(Debug, Deserialize)]
pub struct Diagnostic<'a> {
    /// For machines.
    #[serde(borrow)]
    pub code: Text<'a>,
    /// What was found, where, what was done about it.
    #[serde(borrow)]
    pub message: Text<'a>,
    /// Line in the file.
    pub line: Option<u64>,
    /// Instance number.
    pub record: Option<u64>,
}

impl<'a> Report<'a> {
    /// Reads a report.
    ///
    /// # Errors
    /// It is not a report of this form.
    pub fn parse(json: &'a str) -> Result<Report<'a>, serde_json::Error> {
        serde_json::from_str(json)
    }
}

impl<'a> Outcome<'a> {
    /// Reads how a check ended.
    ///
    /// # Errors
    /// It is not a report of this form.
    pub fn parse(json: &'a str) -> Result<Outcome<'a>, serde_json::Error> {
        serde_json::from_str(json)
    }
}
