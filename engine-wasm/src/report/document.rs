//! The report and the delta as documents (JSON). The schema is in docs/report.md.

use serde::{Serialize, Serializer, ser::SerializeSeq};

use super::finding::{ElementRef, Finding, Quantity};
use crate::diagnostic::Diagnostic;
use crate::model::ElementId;
use crate::rules::amend::Amended;
use crate::rules::chosen::ChosenPlace;
use crate::rules::explain::FactUse;
use crate::rules::readiness::{Readiness, ReadinessStatus};
use crate::rules::ruleset::Problem;
use crate::rules::session::Session;
use crate::rules::store::{Counts, Judged};

/// Version of the report's form.
pub const FORMAT: &str = "plancheck-report/1";

/// A whole report.
#[derive(Serialize)]
pub struct Report<'a> {
    format: &'static str,
    engine: Engine,
    model: ModelInfo,
    ruleset: RulesetInfo<'a>,
    /// The verdicts of all rules.
    pub summary: Summary,
    readiness: &'a [Readiness],
    rules: Vec<RuleInfo<'a>>,
    findings: Findings<'a>,
    diagnostics: DiagnosticsInfo<'a>,
}

#[derive(Serialize)]
struct Engine {
    version: &'static str,
    digest: &'static str,
}

#[derive(Serialize)]
struct ModelInfo {
    digest: String,
    format: &'static str,
    schema: String,
    name: Option<String>,
    records: usize,
    elements: usize,
}

#[derive(Serialize)]
struct RulesetInfo<'a> {
    digest: &'a str,
    modules: Vec<ModuleInfo<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    amended: &'a [Amended],
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a ChosenPlace>,
}

#[derive(Serialize)]
struct ModuleInfo<'a> {
    id: &'a str,
    digest: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a Problem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jurisdiction: Option<&'a plancheck_contract::Jurisdiction>,
}

/// The verdicts of all rules in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Rows by verdict.
    #[serde(flatten)]
    pub counts: Counts,
    /// Passed of passed and failed, percent; none when nothing could be judged.
    pub score: Option<f64>,
    /// Passed and failed of all that are governed, percent: how much the data let be judged.
    pub decided: Option<f64>,
    /// Every module and every rule could be evaluated, and every readiness document checked.
    pub complete: bool,
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("pass", &self.pass)?;
        map.serialize_entry("fail", &self.fail)?;
        map.serialize_entry("undetermined", &self.undetermined)?;
        map.serialize_entry("not_applicable", &self.not_applicable)?;
        map.end()
    }
}

#[derive(Serialize)]
struct RuleInfo<'a> {
    module: &'a str,
    rule: &'a str,
    title: &'a str,
    citation: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    section: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    link: &'a str,
    severity: &'static str,
    category: &'a str,
    stage: &'static str,
    verified: bool,
    #[serde(flatten)]
    counts: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a Problem>,
}

#[derive(Serialize)]
struct DiagnosticsInfo<'a> {
    total: u64,
    first: &'a [Diagnostic],
}

/// Findings in the order of rules and elements, written without copying them.
struct Findings<'a>(&'a Session);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for (rule, state) in self.0.store().rules.iter().enumerate() {
            if state.problem.is_some() {
                continue;
            }
            for judged in state.judged.values() {
                if let Judged::Finding(finding) = judged
                    && let Some(view) = FindingView::new(self.0, rule, finding)
                {
                    list.serialize_element(&view)?;
                }
            }
        }
        list.end()
    }
}

/// A finding with what its rule says of itself.
#[derive(Serialize)]
struct FindingView<'a> {
    id: &'a str,
    module: &'a str,
    rule: &'a str,
    verdict: &'static str,
    severity: &'static str,
    category: &'a str,
    citation: &'a str,
    element: &'a ElementRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<&'a Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<&'a Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin_si: Option<f64>,
    message: &'a str,
    facts: &'a [FactUse],
}

impl<'a> FindingView<'a> {
    fn new(session: &'a Session, rule: usize, finding: &'a Finding) -> Option<Self> {
        let (module, definition) = session.ruleset().rule(rule)?;
        let compared = finding.measured.is_some() || finding.required.is_some();
        Some(FindingView {
            id: &finding.id,
            module: &module.id,
            rule: &definition.id,
            verdict: finding.verdict.name(),
            severity: definition.severity.name(),
            category: &definition.category,
            citation: &definition.citation,
            element: &finding.element,
            measured: finding.measured.as_ref(),
            required: finding.required.as_ref(),
            comparison: compared.then(|| finding.comparison.name()),
            margin_si: finding.margin,
            message: &finding.message,
            facts: &finding.facts,
        })
    }
}

impl<'a> Report<'a> {
    /// The report of a complete check.
    pub(crate) fn new(session: &'a Session) -> Report<'a> {
        let model = session.model();
        let ruleset = session.ruleset();
        let mut rules = Vec::new();
        for (index, state) in session.store().rules.iter().enumerate() {
            let Some((module, rule)) = ruleset.rule(index) else {
                continue;
            };
            let manifest = module.manifest.as_ref();
            let section = manifest.and_then(|m| m.section(&rule.citation));
            rules.push(RuleInfo {
                module: &module.id,
                rule: &rule.id,
                title: &rule.title,
                citation: &rule.citation,
                section: section.map_or("", |s| &s.title),
                link: section.map_or("", |s| &s.link),
                severity: rule.severity.name(),
                category: &rule.category,
                stage: rule.stage.name(),
                verified: rule.verified,
                counts: state.counts(session.governed(index)),
                problem: state.problem.as_ref(),
            });
        }
        Report {
            format: FORMAT,
            engine: Engine {
                version: crate::VERSION,
                digest: crate::SOURCE_DIGEST,
            },
            model: ModelInfo {
                digest: hex(&model.digest()),
                format: model.source_format(),
                schema: format!("{:?}", model.schema()).to_uppercase(),
                name: model.name(),
                records: model.record_count(),
                elements: model.elements().count(),
            },
            ruleset: RulesetInfo {
                digest: &ruleset.digest,
                modules: ruleset.modules.iter().map(module_info).collect(),
                amended: &ruleset.amended,
                // A page is not told.
                place: session.place().filter(|_| !cfg!(feature = "browser")),
            },
            summary: summary(session),
            readiness: session.readiness(),
            rules,
            findings: Findings(session),
            diagnostics: DiagnosticsInfo {
                total: model.diagnostics().total(),
                first: model.diagnostics().kept(),
            },
        }
    }

    /// The report as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // a report holds no map with keys that are no strings, and no other way to fail
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn module_info(module: &crate::rules::ruleset::Module) -> ModuleInfo<'_> {
    let manifest = module.manifest.as_ref();
    ModuleInfo {
        id: &module.id,
        digest: &module.digest,
        status: if module.problem.is_some() {
            "unavailable"
        } else {
            "active"
        },
        problem: module.problem.as_ref(),
        title: manifest.map(|m| m.module.title.as_str()),
        version: manifest.map(|m| m.module.version.as_str()),
        jurisdiction: manifest.map(|m| &m.jurisdiction),
    }
}

fn summary(session: &Session) -> Summary {
    let ruleset = session.ruleset();
    let mut counts = Counts::default();
    let mut complete = ruleset.modules.iter().all(|m| m.problem.is_none());
    for (index, state) in session.store().rules.iter().enumerate() {
        counts.add(state.counts(session.governed(index)));
        complete &= state.problem.is_none();
    }
    complete &= session
        .readiness()
        .iter()
        .all(|r| r.status != ReadinessStatus::Error);
    let percent = |part: u64, whole: u64| {
        // to a tenth: more digits would pretend
        (whole > 0).then(|| (part as f64 / whole as f64 * 1000.0).round() / 10.0)
    };
    let decided = counts.pass + counts.fail;
    Summary {
        counts,
        score: percent(counts.pass, decided),
        decided: percent(decided, decided + counts.undetermined),
        complete,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// What an edit changed.
#[derive(Debug)]
pub struct Delta {
    json: String,
    /// Findings that were not there before.
    pub added: usize,
    /// Findings that are gone.
    pub resolved: usize,
    /// Findings that say something else now.
    pub changed: usize,
}

#[derive(Serialize)]
struct DeltaView<'a> {
    added: Vec<FindingView<'a>>,
    resolved: Vec<String>,
    changed: Vec<FindingView<'a>>,
    summary: Summary,
}

impl Delta {
    /// Sorts changes into added, resolved and changed findings.
    pub(crate) fn new(
        session: &Session,
        changes: Vec<(usize, ElementId, Option<Judged>, Option<Judged>)>,
    ) -> Delta {
        let mut view = DeltaView {
            added: Vec::new(),
            resolved: Vec::new(),
            changed: Vec::new(),
            summary: summary(session),
        };
        let finding = |judged: Option<Judged>| match judged {
            Some(Judged::Finding(finding)) => Some(finding),
            _ => None,
        };
        for (rule, element, old, _) in changes {
            let new = session
                .store()
                .rules
                .get(rule)
                .and_then(|s| s.judged.get(&element));
            let new = match new {
                Some(Judged::Finding(finding)) => FindingView::new(session, rule, finding),
                _ => None,
            };
            match (finding(old), new) {
                (None, Some(new)) => view.added.push(new),
                (Some(old), None) => view.resolved.push(old.id),
                (Some(_), Some(new)) => view.changed.push(new),
                (None, None) => {}
            }
        }
        Delta {
            json: serde_json::to_string(&view).unwrap_or_default(),
            added: view.added.len(),
            resolved: view.resolved.len(),
            changed: view.changed.len(),
        }
    }

    /// As JSON: added and changed findings whole, resolved ones by id, and the new summary.
    #[must_use]
    pub fn to_json(&self) -> &str {
        &self.json
    }
}
