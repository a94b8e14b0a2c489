//! Fixtures: what a rule must say of small cases, in words that a code official can read.
//!
//! A rule `door_width.rs` keeps `door_width.toml` beside it:
//!
//! ```toml
//! rule = "egress-door-clear-width"     # or: derived = "occupant_load"
//! about = "Why these cases."
//!
//! [[case]]
//! name = "a narrow office door"
//! facts = { clear_width = "31 in ± 0.1 in", is_exit = true, operation = "SINGLE_SWING_LEFT" }
//! parameters = { min_clear_width = "34 in", "occupant_load_factor.business" = "not permitted" }
//! expect = "fail"                      # pass, fail, undetermined, not_applicable
//! measured = "31 in"                   # what the finding must say, where it matters
//! required = "34 in"
//! facts_named = ["clear_width"]        # the facts that decided, or that are missing
//! message = "too narrow"               # part of the rule's own wording
//! ```
//!
//! A fact that is left out is absent. A case of a derived fact has `value = "11 persons"` instead
//! of `expect`; without `value` the fact must come out absent. Numbers carry their unit.

mod ask;
#[cfg(feature = "read")]
mod manifest;
mod number;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use serde::Deserialize;

use crate::batch::{Batch, Columns, Verdicts};
use crate::manifest::Manifest;
use ask::Subject;
#[cfg(feature = "read")]
pub use manifest::manifest_complaints;
pub use number::number;

/// The cases of one rule or derived fact.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// Id of the rule.
    pub rule: Option<String>,
    /// Name of the derived fact, when it is not a rule.
    pub derived: Option<String>,
    /// For people.
    pub about: String,
    /// The cases.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

/// One row and what must be said of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// For people, unique in the fixture.
    pub name: String,
    /// The facts that are present, by their name in the view.
    #[serde(default, alias = "given")]
    facts: BTreeMap<String, Value>,
    /// Parameters other than the code's own, `name` or `name.key`.
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// What the rule must say.
    pub expect: Option<Expect>,
    measured: Option<String>,
    required: Option<String>,
    facts_named: Option<Vec<String>>,
    message: Option<String>,
    #[serde(default, deserialize_with = "value")]
    value: Option<String>,
}

/// The value of a derived fact: a text, or `true` or `false`.
fn value<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Truth(bool),
        Text(String),
    }
    Ok(Some(match Written::deserialize(from)? {
        Written::Truth(truth) => truth.to_string(),
        Written::Text(text) => text,
    }))
}

/// What a rule must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the kinds of verdict")]
pub enum Expect {
    Pass,
    Fail,
    Undetermined,
    NotApplicable,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Value {
    Boolean(bool),
    Number(f64),
    Text(String),
}

/// Whoever answers: a module linked natively, or one behind WebAssembly, which may trap.
pub trait Judge {
    /// `evaluate` of the module world.
    ///
    /// # Errors
    /// The module gave no answer; the text says why.
    fn evaluate(&mut self, checks: &[u32], batch: &Batch) -> Result<Verdicts, String>;

    /// `derive` of the module world.
    ///
    /// # Errors
    /// The module gave no answer; the text says why.
    fn derive(&mut self, derived: &[u32], batch: &Batch) -> Result<Columns, String>;
}

/// A module linked natively.
pub struct NativeJudge<E, D> {
    /// Its `evaluate`.
    pub evaluate: E,
    /// Its `derive`.
    pub derive: D,
}

impl<E, D> Judge for NativeJudge<E, D>
where
    E: Fn(&[u32], &Batch) -> Verdicts,
    D: Fn(&[u32], &Batch) -> Columns,
{
    fn evaluate(&mut self, checks: &[u32], batch: &Batch) -> Result<Verdicts, String> {
        Ok((self.evaluate)(checks, batch))
    }

    fn derive(&mut self, derived: &[u32], batch: &Batch) -> Result<Columns, String> {
        Ok((self.derive)(derived, batch))
    }
}

/// What a module said other than the case wants, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Name of the case.
    pub case: String,
    /// What differs: `verdict`, `measured`, `required`, `facts`, `message`, `value`; `case` when
    /// the case itself cannot be read.
    pub what: &'static str,
    /// What the case says.
    pub expected: String,
    /// What the module says.
    pub found: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch {
            case,
            what,
            expected,
            found,
        } = self;
        write!(f, "{case}: {what}: expected {expected}, found {found}")
    }
}

/// Reads a fixture.
///
/// # Errors
/// It is not TOML, or not of the shape above; the text names line and column.
pub fn parse(toml: &str) -> Result<Fixture, String> {
    let fixture: Fixture = toml::from_str(toml).map_err(|e| e.to_string())?;
    if fixture.rule.is_some() == fixture.derived.is_some() {
        return Err("a fixture names one `rule` or one `derived` fact".to_owned());
    }
    if fixture.about.trim().is_empty() {
        return Err("`about` is empty: say why these cases".to_owned());
    }
    Ok(fixture)
}

/// Reads every `.toml` under a folder, in the order of their paths.
///
/// # Errors
/// The folder cannot be read, or a fixture cannot; the text names the file.
pub fn read_folder(folder: &Path) -> Result<Vec<(PathBuf, Fixture)>, String> {
    let at = |path: &Path, why: &dyn fmt::Display| format!("{}: {why}", path.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| at(folder, &e))? {
        paths.push(entry.map_err(|e| at(folder, &e))?.path());
    }
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        if path.is_dir() {
            out.extend(read_folder(&path)?);
        } else if path.extension().is_some_and(|e| e == "toml") {
            let text = fs::read_to_string(&path).map_err(|e| at(&path, &e))?;
            let fixture = parse(&text).map_err(|e| at(&path, &e))?;
            out.push((path, fixture));
        }
    }
    Ok(out)
}

impl Fixture {
    /// Asks about every case, in both ways that an engine may ask, and lists what differs.
    ///
    /// # Errors
    /// The manifest has no such rule or derived fact.
    pub fn check(
        &self,
        manifest: &Manifest,
        judge: &mut dyn Judge,
    ) -> Result<Vec<Mismatch>, String> {
        let subject = Subject::find(self, manifest)?;
        let mut out = Vec::new();
        for case in &self.cases {
            let mut report = |what, expected: String, found: String| {
                out.push(Mismatch {
                    case: case.name.clone(),
                    what,
                    expected,
                    found,
                });
            };
            if let Err(why) = subject.check(case, judge, &mut report) {
                report("case", "one that can be asked".to_owned(), why);
            }
        }
        Ok(out)
    }

    /// Does some case expect this?
    #[must_use]
    pub fn expects(&self, expect: Expect) -> bool {
        self.cases.iter().any(|c| c.expect == Some(expect))
    }
}

/// What the fixtures of a module leave out: a rule without a fixture, or without a passing, a
/// failing and an undetermined case; a derived fact without a fixture; a name twice.
#[must_use]
pub fn gaps(manifest: &Manifest, fixtures: &[Fixture]) -> Vec<String> {
    let mut out = Vec::new();
    for rule in &manifest.rules {
        let mine: Vec<&Fixture> = fixtures
            .iter()
            .filter(|f| f.rule.as_ref() == Some(&rule.id))
            .collect();
        for (expect, name) in [
            (Expect::Pass, "passing"),
            (Expect::Fail, "failing"),
            (Expect::Undetermined, "undetermined"),
        ] {
            if !mine.iter().any(|f| f.expects(expect)) {
                out.push(format!("rule {} has no {name} case", rule.id));
            }
        }
    }
    for fact in &manifest.derived {
        if !fixtures
            .iter()
            .any(|f| f.derived.as_ref() == Some(&fact.name))
        {
            out.push(format!("derived fact {} has no fixture", fact.name));
        }
    }
    for fixture in fixtures {
        for (at, case) in fixture.cases.iter().enumerate() {
            if fixture
                .cases
                .iter()
                .take(at)
                .any(|earlier| earlier.name == case.name)
            {
                out.push(format!("two cases are named {:?}", case.name));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixture_is_about_one_thing() {
        let both = "rule = 'a'\nderived = 'b'\nabout = 'x'\ncase = []";
        assert!(parse(both).is_err());
        assert!(parse("rule = 'a'\nabout = 'x'\ncase = []").is_ok());
        assert!(parse("rule = 'a'\nabout = 'x'\ncase = []\nmore = 1").is_err());
    }
}
