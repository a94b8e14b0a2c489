//! A module as a whole: the manifest it gives and how it answers a batch.

use plancheck_contract::knowledge;
use plancheck_contract::manifest as contract;
use plancheck_contract::{
    Batch, Columns, Dimension, FactKind, Heading, Kind, Manifest, Redirect, Severity, Stage,
    Verdicts,
};

use crate::answer::Answer;
use crate::derived::{ColumnWriter, DerivedFact};
use crate::facts::{Facts, Source, ViewInfo};
use crate::params::Params;
use crate::verdict::IntoVerdict;

/// A module linked natively: what a component exports, as plain functions.
#[derive(Clone, Copy, Debug)]
pub struct Native {
    /// The manifest as JSON.
    pub describe: fn() -> String,
    /// Rules (indices in the manifest) over a batch.
    pub evaluate: fn(&[u32], &Batch) -> Verdicts,
    /// Derived facts (indices in the manifest) over a batch.
    pub derive: fn(&[u32], &Batch) -> Columns,
}

/// What a rule is about. Reports are grouped by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Getting out.
    FireSafetyEgress,
    /// Keeping fire and smoke where they are.
    FireProtection,
    /// Use by everyone.
    Accessibility,
    /// Falls, headroom, glass.
    SafetyInUse,
    /// Light, air, room sizes.
    InteriorEnvironment,
    /// Loads.
    Structural,
    /// Wiring.
    Electrical,
    /// Water and waste.
    Plumbing,
    /// Heating and ventilation.
    Mechanical,
    /// Energy use.
    Energy,
    /// Anything else.
    General,
}

impl Category {
    /// Its name in the manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Category::FireSafetyEgress => "fire_safety_egress",
            Category::FireProtection => "fire_protection",
            Category::Accessibility => "accessibility",
            Category::SafetyInUse => "safety_in_use",
            Category::InteriorEnvironment => "interior_environment",
            Category::Structural => "structural",
            Category::Electrical => "electrical",
            Category::Plumbing => "plumbing",
            Category::Mechanical => "mechanical",
            Category::Energy => "energy",
            Category::General => "general",
        }
    }
}

/// A rule: `#[rule]` writes it.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a rule", label = "want `#[rule(…)]`")]
pub trait Rule {
    /// The parameters it takes.
    type Params: Params;
    /// As the manifest says it.
    const INFO: RuleInfo;
    /// The view of its rows.
    const VIEW: &'static ViewInfo;
    /// Answers every row.
    fn evaluate(source: &Source<'_>, params: &Self::Params, asked: u32, out: &mut Verdicts);
}

/// A rule, for the manifest.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo {
    /// Stable, unique in the module.
    pub id: &'static str,
    /// The first line of its page.
    pub title: &'static str,
    /// Document, edition and section.
    pub citation: &'static str,
    /// How bad a failure is.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// With `{0}`, `{1}` for the arguments.
    pub messages: &'static [&'static str],
    /// Its doc comment.
    pub page: &'static str,
    /// The module version that brought it.
    pub since: &'static str,
    /// Its place in the life cycle.
    pub stage: Stage,
    /// Held against the official text by someone.
    pub verified: bool,
}

/// A module; [`crate::module!`] writes it.
pub struct Definition<P: 'static> {
    /// Who it is: id, title, version, publisher, limits.
    pub about: [&'static str; 5],
    /// Country, state, county, city, family, edition, effective from, effective until.
    pub jurisdiction: [&'static str; 8],
    /// IDS documents that a model should meet before its rules are asked: name and XML.
    pub readiness: &'static [(&'static str, &'static str)],
    /// What is said of citations that begin alike: beginning, title, link.
    pub sections: &'static [Heading<'static>],
    /// Old ids of rules, and what they are called now.
    pub redirects: &'static [(&'static str, &'static str)],
    /// In the manifest's order.
    pub views: &'static [&'static ViewInfo],
    /// In the manifest's order.
    pub derived: &'static [DerivedEntry<P>],
    /// In the manifest's order.
    pub rules: &'static [RuleEntry<P>],
}

/// A rule of a module.
pub struct RuleEntry<P> {
    info: RuleInfo,
    view: u32,
    evaluate: fn(&Source<'_>, &P, u32, &mut Verdicts),
}

impl<P> RuleEntry<P> {
    /// The rule `R` in a module with these views.
    #[must_use]
    pub const fn new<R: Rule<Params = P>>(views: &[&ViewInfo]) -> Self {
        RuleEntry {
            info: R::INFO,
            view: view_index(views, R::VIEW),
            evaluate: R::evaluate,
        }
    }
}

/// A derived fact of a module.
pub struct DerivedEntry<P> {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    kind: FactKind,
    dimension: Option<Dimension>,
    view: u32,
    derive: fn(&Source<'_>, &P, &mut ColumnWriter) -> Option<()>,
}

impl<P> DerivedEntry<P> {
    /// The derived fact `F` in a module with these views.
    #[must_use]
    pub const fn new<F: DerivedFact<Params = P>>(views: &[&ViewInfo]) -> Self {
        DerivedEntry {
            name: F::NAME,
            title: F::TITLE,
            description: F::DESCRIPTION,
            kind: F::KIND,
            dimension: F::DIMENSION,
            view: view_index(views, F::VIEW),
            derive: F::derive,
        }
    }
}

/// The place of a view in the module's list. Runs while compiling.
const fn view_index(views: &[&ViewInfo], view: &ViewInfo) -> u32 {
    let mut at = 0;
    while at < views.len() {
        if same(views[at].name.as_bytes(), view.name.as_bytes()) {
            return at as u32;
        }
        at += 1;
    }
    panic!("the view of a rule or derived fact is missing from the `views` of the module")
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

impl<P: Params> Definition<P> {
    /// The manifest as JSON.
    #[must_use]
    pub fn describe(&self) -> String {
        self.manifest().to_json()
    }

    fn manifest(&self) -> Manifest {
        let [id, title, version, publisher, limits] = self.about.map(str::to_owned);
        let [
            country,
            state,
            county,
            city,
            family,
            edition,
            effective_from,
            effective_until,
        ] = self.jurisdiction.map(str::to_owned);
        let parameters = P::INFO.iter().map(|p| contract::Parameter {
            name: p.name.to_owned(),
            title: p.title.to_owned(),
            unit: p.unit.symbol().to_owned(),
            cells: p
                .cells
                .iter()
                .map(|(key, value)| contract::Cell {
                    key: (*key).to_owned(),
                    value: *value,
                })
                .collect(),
            citation: p.citation.to_owned(),
            stricter: p.stricter,
        });
        let views = self.views.iter().map(|v| contract::View {
            name: v.name.to_owned(),
            subject: v.subject.to_owned(),
            facts: v
                .facts
                .iter()
                .map(|f| contract::ViewFact {
                    name: f.name.to_owned(),
                    path: f.path.to_owned(),
                    kind: f.kind,
                    dimension: f.dimension,
                })
                .collect(),
            ..contract::View::default()
        });
        let derived = self.derived.iter().map(|d| contract::DerivedFact {
            name: d.name.to_owned(),
            title: d.title.to_owned(),
            description: d.description.to_owned(),
            kind: d.kind,
            dimension: d.dimension,
            view: d.view,
        });
        let rules = self.rules.iter().map(|r| contract::Rule {
            id: r.info.id.to_owned(),
            title: r.info.title.to_owned(),
            citation: r.info.citation.to_owned(),
            severity: r.info.severity,
            category: r.info.category.name().to_owned(),
            view: r.view,
            messages: r.info.messages.iter().map(|m| (*m).to_owned()).collect(),
            page: r.info.page.to_owned(),
            since: r.info.since.to_owned(),
            stage: r.info.stage,
            verified: r.info.verified,
        });
        let mut manifest = Manifest {
            contract: plancheck_contract::VERSION.to_owned(),
            module: contract::ModuleInfo {
                id,
                title,
                version,
                publisher,
                limits,
            },
            jurisdiction: contract::Jurisdiction {
                country,
                state,
                county,
                city,
                family,
                edition,
                effective_from,
                effective_until,
            },
            parameters: parameters.collect(),
            views: views.collect(),
            derived: derived.collect(),
            rules: rules.collect(),
            readiness: self
                .readiness
                .iter()
                .map(|(name, document)| contract::Readiness {
                    name: (*name).to_owned(),
                    document: (*document).to_owned(),
                })
                .collect(),
            redirects: self
                .redirects
                .iter()
                .map(|(from, to)| Redirect {
                    from: (*from).to_owned(),
                    to: (*to).to_owned(),
                })
                .collect(),
            ..Manifest::default()
        };
        manifest.sections = knowledge::sections(self.sections, manifest.citations());
        manifest
    }

    /// Rules over a batch. A batch that is not what it says gets an empty answer.
    #[must_use]
    pub fn evaluate(&self, checks: &[u32], batch: &Batch) -> Verdicts {
        let mut out = Verdicts::default();
        let (Some(params), Some(source)) = (P::read(&batch.parameters), Source::new(batch)) else {
            return out;
        };
        for (asked, &check) in (0_u32..).zip(checks) {
            if let Some(rule) = self.rules.get(check as usize)
                && rule.view == batch.view
            {
                (rule.evaluate)(&source, &params, asked, &mut out);
            }
        }
        out
    }

    /// Derived facts over a batch. A batch that is not what it says gets an empty answer.
    #[must_use]
    pub fn derive(&self, facts: &[u32], batch: &Batch) -> Columns {
        self.try_derive(facts, batch).unwrap_or_default()
    }

    fn try_derive(&self, facts: &[u32], batch: &Batch) -> Option<Columns> {
        let params = P::read(&batch.parameters)?;
        let source = Source::new(batch)?;
        let mut out = ColumnWriter::default();
        for &fact in facts {
            let fact = self.derived.get(fact as usize)?;
            if fact.view != batch.view {
                return None;
            }
            (fact.derive)(&source, &params, &mut out)?;
        }
        Some(out.finish())
    }
}

/// Answers every row with a rule function: what `#[rule]` calls.
#[doc(hidden)]
#[inline]
pub fn each_row<'b, R, P, V>(
    source: &'b Source<'b>,
    params: &P,
    asked: u32,
    out: &mut Verdicts,
    rule: impl Fn(R, &P) -> V,
) where
    R: Facts<'b>,
    V: IntoVerdict,
{
    let Some(columns) = source.columns::<R>() else {
        return;
    };
    let detail = source.batch.detail;
    let mut answer = Answer::new(out, asked, source.batch.rows);
    for row in 0..source.batch.rows {
        let verdict = rule(R::row(&columns, row as usize), params).into_verdict();
        if verdict.kind() != Kind::Pass || detail {
            answer.push(row, &verdict);
        }
    }
    answer.finish();
}
