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

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use serde::Deserialize;

use crate::batch::{
    Batch, Columns, Kind, LAYOUT_BOOLEAN, LAYOUT_EXACT, LAYOUT_TEXT, LAYOUT_TOLERANCE, NO_TEXT,
    Verdicts,
};
use crate::manifest::{FactKind, Manifest, View};
use crate::unit::{Dimension, Unit};

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
    #[serde(default)]
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
    value: Option<String>,
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
        let Mismatch { case, what, expected, found } = self;
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
                out.push(Mismatch { case: case.name.clone(), what, expected, found });
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
        let mine: Vec<&Fixture> =
            fixtures.iter().filter(|f| f.rule.as_ref() == Some(&rule.id)).collect();
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
        if !fixtures.iter().any(|f| f.derived.as_ref() == Some(&fact.name)) {
            out.push(format!("derived fact {} has no fixture", fact.name));
        }
    }
    for fixture in fixtures {
        for (at, case) in fixture.cases.iter().enumerate() {
            if fixture.cases.iter().take(at).any(|earlier| earlier.name == case.name) {
                out.push(format!("two cases are named {:?}", case.name));
            }
        }
    }
    out
}

/// What a fixture is about, found in the manifest.
struct Subject<'a> {
    manifest: &'a Manifest,
    view: &'a View,
    view_index: u32,
    index: u32,
    messages: &'a [String],
    /// For derived facts.
    derived: Option<(FactKind, Option<Dimension>)>,
}

impl<'a> Subject<'a> {
    fn find(fixture: &Fixture, manifest: &'a Manifest) -> Result<Subject<'a>, String> {
        let by_rule = || {
            let (index, rule) = (0_u32..)
                .zip(&manifest.rules)
                .find(|(_, r)| Some(&r.id) == fixture.rule.as_ref())?;
            Some((index, rule.view, rule.messages.as_slice(), None))
        };
        let by_fact = || {
            let (index, fact) = (0_u32..)
                .zip(&manifest.derived)
                .find(|(_, d)| Some(&d.name) == fixture.derived.as_ref())?;
            Some((index, fact.view, [].as_slice(), Some((fact.kind, fact.dimension))))
        };
        let name = fixture.rule.as_ref().or(fixture.derived.as_ref());
        let (index, view_index, messages, derived) = by_rule()
            .or_else(by_fact)
            .ok_or_else(|| format!("the module has no {:?}", name.map_or("", |n| n.as_str())))?;
        let view = manifest
            .views
            .get(view_index as usize)
            .ok_or_else(|| format!("the manifest has no view {view_index}"))?;
        Ok(Subject { manifest, view, view_index, index, messages, derived })
    }

    fn check(
        &self,
        case: &Case,
        judge: &mut dyn Judge,
        report: &mut dyn FnMut(&'static str, String, String),
    ) -> Result<(), String> {
        let mut batch = self.batch(case)?;
        if let Some((kind, dimension)) = self.derived {
            let columns = judge.derive(&[self.index], &batch)?;
            return self.check_value(case, kind, dimension, &columns, report);
        }
        let Some(expect) = case.expect else { return Err("`expect` is missing".to_owned()) };
        let brief = judge.evaluate(&[self.index], &batch)?;
        batch.detail = true;
        let answer = judge.evaluate(&[self.index], &batch)?;
        let found = Found::of(&answer)?;
        let wanted = match expect {
            Expect::Pass => Kind::Pass,
            Expect::Fail => Kind::Fail,
            Expect::Undetermined => Kind::Undetermined,
            Expect::NotApplicable => Kind::NotApplicable,
        };
        if found.kind != wanted {
            report("verdict", wanted.name().to_owned(), self.words(&found));
        }
        let entries = usize::from(found.kind != Kind::Pass);
        if brief.row.len() != entries {
            let (expected, got) = (format!("{entries} entries"), brief.row.len().to_string());
            report("verdict", format!("{expected} when no detail is asked"), got);
        }
        for (what, expected, got) in
            [("measured", &case.measured, found.measured), ("required", &case.required, found.required)]
        {
            let Some(text) = expected else { continue };
            let (value, _) = number(text, found.unit.dimension())?;
            if !close(value, got) {
                report(what, text.clone(), show(got, found.unit));
            }
        }
        if let Some(names) = &case.facts_named {
            let mut wanted = 0;
            for name in names {
                wanted |= self.bit(name)?;
            }
            if wanted != found.facts {
                report("facts", names.join(", "), self.names(found.facts));
            }
        }
        if let Some(part) = &case.message {
            let said = self.said(&found);
            if !said.contains(part.as_str()) {
                report("message", format!("… {part} …"), format!("{said:?}"));
            }
        }
        Ok(())
    }

    fn check_value(
        &self,
        case: &Case,
        kind: FactKind,
        dimension: Option<Dimension>,
        columns: &Columns,
        report: &mut dyn FnMut(&'static str, String, String),
    ) -> Result<(), String> {
        let (Some(&value), Some(&facts)) = (columns.values.first(), columns.facts.first()) else {
            return Err("the module gave no value".to_owned());
        };
        let tolerance = columns.tolerances.first().copied().unwrap_or(0.0);
        let wanted = case.value.as_deref().unwrap_or("absent");
        let found = if value.is_nan() {
            "absent".to_owned()
        } else if kind == FactKind::Text {
            text_at(columns, value).ok_or("the module gave a text that is not there")?
        } else {
            let unit = dimension.unwrap_or(Dimension::Number).si_unit();
            let tail = if tolerance > 0.0 { format!(" ± {}", show(tolerance, unit)) } else { String::new() };
            format!("{}{tail}", show(value, unit))
        };
        let same = match (&case.value, kind) {
            (Some(text), FactKind::Number) => {
                let (want, plus_minus) = number(text, dimension.unwrap_or(Dimension::Number))?;
                close(want, value) && close(plus_minus, tolerance)
            }
            _ => wanted == found,
        };
        if !same {
            report("value", wanted.to_owned(), found);
        }
        if let Some(names) = &case.facts_named {
            let mut bits = 0;
            for name in names {
                bits |= self.bit(name)?;
            }
            if bits != facts {
                report("facts", names.join(", "), self.names(facts));
            }
        }
        Ok(())
    }

    /// The case as a batch of one row.
    fn batch(&self, case: &Case) -> Result<Batch, String> {
        for name in case.facts.keys() {
            self.bit(name)?;
        }
        let mut batch = Batch { view: self.view_index, rows: 1, ..Batch::default() };
        for fact in &self.view.facts {
            let value = case.facts.get(&fact.name);
            let wrong = |want: &str| Err(format!("fact {:?}: want {want}", fact.name));
            match fact.kind {
                FactKind::Number => {
                    let dimension = fact.dimension.unwrap_or(Dimension::Number);
                    let (value, tolerance) = match value {
                        None => (f64::NAN, 0.0),
                        Some(Value::Text(text)) => number(text, dimension)
                            .map_err(|why| format!("fact {:?}: {why}", fact.name))?,
                        Some(Value::Number(n))
                            if matches!(dimension, Dimension::Number | Dimension::Count) =>
                        {
                            (*n, 0.0)
                        }
                        Some(_) => return wrong("a number with its unit, \"32 in\""),
                    };
                    batch.numbers.push(value);
                    if tolerance > 0.0 {
                        batch.layout.push(LAYOUT_TOLERANCE);
                        batch.numbers.push(tolerance);
                    } else {
                        batch.layout.push(LAYOUT_EXACT);
                    }
                }
                FactKind::Boolean => {
                    batch.layout.push(LAYOUT_BOOLEAN);
                    batch.numbers.push(match value {
                        None => f64::NAN,
                        Some(Value::Boolean(b)) => f64::from(*b),
                        Some(_) => return wrong("true or false"),
                    });
                }
                FactKind::Text => {
                    batch.layout.push(LAYOUT_TEXT);
                    batch.symbols.push(match value {
                        None => NO_TEXT,
                        Some(Value::Text(text)) => {
                            batch.text.push_str(text);
                            batch.text_ends.push(batch.text.len() as u32);
                            batch.text_ends.len() as u32 - 1
                        }
                        Some(_) => return wrong("a text"),
                    });
                }
            }
        }
        batch.parameters = self.parameters(case)?;
        Ok(batch)
    }

    /// The code's own parameters, with those of the case instead where it names them.
    fn parameters(&self, case: &Case) -> Result<Vec<f64>, String> {
        let mut values = Vec::new();
        let mut used = 0;
        for parameter in &self.manifest.parameters {
            let dimension = Unit::from_symbol(&parameter.unit)
                .ok_or_else(|| format!("unknown unit {:?}", parameter.unit))?;
            for cell in &parameter.cells {
                let name = if cell.key.is_empty() {
                    parameter.name.clone()
                } else {
                    format!("{}.{}", parameter.name, cell.key)
                };
                values.push(match case.parameters.get(&name).map(String::as_str) {
                    None => cell.value.unwrap_or(f64::NAN),
                    Some(text) => {
                        used += 1;
                        if text == "not permitted" {
                            f64::NAN
                        } else {
                            dimension.from_si(number(text, dimension.dimension())?.0)
                        }
                    }
                });
            }
        }
        if used == case.parameters.len() {
            Ok(values)
        } else {
            Err("`parameters` names one that the module does not have".to_owned())
        }
    }

    fn bit(&self, name: &str) -> Result<u64, String> {
        let at = self.view.facts.iter().position(|f| f.name == name);
        at.map(|at| 1 << at)
            .ok_or_else(|| format!("view {:?} has no fact {name:?}", self.view.name))
    }

    /// The facts of a mask, for people.
    fn names(&self, mask: u64) -> String {
        let named = self.view.facts.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1);
        let names: Vec<&str> = named.map(|(_, f)| f.name.as_str()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    /// The rule's own wording with its arguments; empty: the engine's standard wording.
    fn said(&self, found: &Found) -> String {
        let mut text = self.messages.get(found.message as usize).cloned().unwrap_or_default();
        for (at, argument) in found.arguments.iter().enumerate() {
            text = text.replace(&format!("{{{at}}}"), &short(*argument));
        }
        text
    }

    /// A verdict in one line.
    fn words(&self, found: &Found) -> String {
        let mut out = found.kind.name().to_owned();
        if !found.measured.is_nan() {
            out += &format!(", measured {}", show(found.measured, found.unit));
        }
        if !found.required.is_nan() {
            out += &format!(", required {}", show(found.required, found.unit));
        }
        out + &format!(" (facts: {})", self.names(found.facts))
    }
}

/// The one entry of an answer.
struct Found {
    kind: Kind,
    unit: Unit,
    measured: f64,
    required: f64,
    facts: u64,
    message: u32,
    arguments: Vec<f64>,
}

impl Found {
    fn of(v: &Verdicts) -> Result<Found, String> {
        if v.row.len() != 1 {
            return Err(format!("the module gave {} entries for one row", v.row.len()));
        }
        let entry = || {
            Some(Found {
                kind: Kind::from_code(*v.kind.first()?)?,
                unit: Unit::from_code(*v.unit.first()?)?,
                measured: *v.measured.first()?,
                required: *v.required.first()?,
                facts: *v.facts.first()?,
                message: *v.message.first()?,
                arguments: v.arguments.clone(),
            })
        };
        entry().ok_or_else(|| "the module gave an entry that is not whole".to_owned())
    }
}

fn text_at(columns: &Columns, index: f64) -> Option<String> {
    let at = index as usize;
    let end = *columns.text_ends.get(at)? as usize;
    let start = match at.checked_sub(1) {
        Some(before) => *columns.text_ends.get(before)? as usize,
        None => 0,
    };
    columns.text.get(start..end).map(str::to_owned)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= crate::COMPARISON_TOLERANCE * a.abs().max(b.abs())
}

/// At most six decimals, without trailing zeros.
fn short(x: f64) -> String {
    let text = format!("{x:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn show(si: f64, unit: Unit) -> String {
    if si.is_nan() {
        return "none".to_owned();
    }
    format!("{} {}", short(unit.from_si(si)), unit.symbol())
}

/// `31 in`, `7 ft 6 in`, `1:12`, `2.1 m ± 0.02 m` as value and tolerance in SI.
///
/// # Errors
/// It is no number of this dimension.
pub fn number(text: &str, dimension: Dimension) -> Result<(f64, f64), String> {
    match text.split_once('±') {
        Some((value, tolerance)) => Ok((term(value, dimension)?, term(tolerance, dimension)?)),
        None => Ok((term(text, dimension)?, 0.0)),
    }
}

fn term(text: &str, dimension: Dimension) -> Result<f64, String> {
    let wrong = || format!("{text:?} is not a {} with its unit", dimension.name().replace('_', " "));
    let parse = |n: &str| n.parse::<f64>().ok().filter(|n| n.is_finite()).ok_or_else(wrong);
    if dimension == Dimension::Slope
        && let Some((rise, run)) = text.split_once(':')
    {
        let slope = parse(rise.trim())? / parse(run.trim())?;
        return if slope.is_finite() { Ok(slope) } else { Err(wrong()) };
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if let ([n], Dimension::Number | Dimension::Count) = (words.as_slice(), dimension) {
        return parse(n);
    }
    let mut si = 0.0;
    for pair in words.chunks(2) {
        let [n, symbol] = pair else { return Err(wrong()) };
        let unit = unit(symbol, dimension).ok_or_else(wrong)?;
        si += unit.to_si(parse(n)?);
    }
    if words.is_empty() { Err(wrong()) } else { Ok(si) }
}

/// Units by symbol, and as a keyboard writes them.
fn unit(symbol: &str, dimension: Dimension) -> Option<Unit> {
    let symbol = match (symbol, dimension) {
        ("person", _) => "persons".to_owned(),
        ("%", Dimension::Slope) => "% slope".to_owned(),
        _ => symbol.replace("m2", "m²").replace("ft2", "ft²").replace("m3", "m³"),
    };
    Unit::from_symbol(&symbol).filter(|u| u.dimension() == dimension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_their_units() {
        let length = |t: &str| number(t, Dimension::Length);
        assert_eq!(length("32 in"), Ok((0.8128, 0.0)));
        assert!(close(length("7 ft 6 in").unwrap().0, 2.286));
        assert_eq!(length("2.1 m ± 0.02 m"), Ok((2.1, 0.02)));
        assert_eq!(number("1:20", Dimension::Slope), Ok((0.05, 0.0)));
        assert!(close(number("8 %", Dimension::Slope).unwrap().0, 0.08));
        assert_eq!(number("49 persons", Dimension::Count), Ok((49.0, 0.0)));
        assert!(number("150 ft2/person", Dimension::AreaPerPerson).is_ok());
    }

    #[test]
    fn a_number_without_its_unit_is_refused() {
        for text in ["32", "", "in 32", "32 m²", "32 in 4", "nan m", "1:0"] {
            assert!(number(text, Dimension::Length).is_err(), "{text}");
            assert!(number(text, Dimension::Slope).is_err(), "{text}");
        }
    }

    #[test]
    fn a_fixture_is_about_one_thing() {
        let both = "rule = 'a'\nderived = 'b'\nabout = 'x'\ncase = []";
        assert!(parse(both).is_err());
        assert!(parse("rule = 'a'\nabout = 'x'\ncase = []").is_ok());
        assert!(parse("rule = 'a'\nabout = 'x'\ncase = []\nmore = 1").is_err());
    }
}
