//! A rule file to a manifest and a program.

use std::collections::{BTreeSet, HashSet};

use plancheck_contract::{
    Jurisdiction, Manifest, ModuleInfo, Rule as ManifestRule, Severity, Stage, VERSION,
};
use plancheck_rule_files_runner::condition::{Condition, Rule};
use plancheck_rule_files_runner::format::encode;

use crate::document::{Action, Document, Rule as Written};
use crate::error::{What, Wrong, wrong};
use crate::lower;
use crate::view::Growing;

/// What the module itself says of its rules.
const LIMITS: &str = "Compiled from a rule file whose numbers have no units: for models of the \
                      JSON object model only, which give their values in the same way. A rule \
                      that fails reports what its conditions match.";

/// A manifest with the program that answers for it.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub manifest: Manifest,
    pub program: Vec<u8>,
    /// For each rule of the manifest, the position of the rule in the file and of the action in it.
    pub origins: Vec<(usize, usize)>,
}

/// Which rules are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those that report, once for each action that does.
    Reporting,
    /// Those that compute, once each: to know what they match.
    Computing,
}

/// Compiles a rule file.
pub(crate) fn compile(document: &Document, which: Which) -> Result<Compiled, Wrong> {
    let mut out = Output::default();
    for (position, rule) in document.rules.iter().enumerate().filter(|(_, r)| r.enabled) {
        let mut extra = 0;
        for (at, action) in rule.actions.iter().enumerate() {
            match (which, action) {
                (Which::Reporting, Action::Report { .. }) => {}
                (Which::Computing, Action::Calculate { .. }) if extra == 0 => {}
                _ => continue,
            }
            extra += 1;
            let id = out.id(&rule.id, extra);
            out.origins.push((position, at));
            out.rule(rule, action, id)?;
        }
    }
    let suffix = match which {
        Which::Reporting => "",
        Which::Computing => "-calculations",
    };
    let views = out.views.iter().enumerate().map(|(index, view)| {
        let before = out.views.iter().take(index);
        view.0
            .clone()
            .finish(before.filter(|other| other.1 == view.1).count())
    });
    let place = &document.place;
    let manifest = Manifest {
        contract: VERSION.to_owned(),
        module: ModuleInfo {
            id: format!("{}{suffix}", plain(&document.id)),
            title: document.name.clone(),
            version: "1.0.0".to_owned(),
            publisher: String::new(),
            limits: match document.description.as_str() {
                "" => LIMITS.to_owned(),
                description => format!("{description}. {LIMITS}"),
            },
        },
        jurisdiction: Jurisdiction {
            country: place.country.clone(),
            state: place.state.clone(),
            county: place.county.clone(),
            city: place.city.clone(),
            family: String::new(),
            edition: document.version.clone(),
            effective_from: document.effective.clone(),
            effective_until: String::new(),
        },
        views: views.collect(),
        rules: out.manifest,
        ..Manifest::default()
    };
    let json = manifest.to_json();
    if let Err(error) = Manifest::from_json(&json) {
        return wrong("", What::Manifest(error.to_string()));
    }
    Ok(Compiled {
        program: encode(&out.rules, &json),
        manifest,
        origins: out.origins,
    })
}

/// An id as modules and rules may have it.
fn plain(id: &str) -> String {
    let lower = id.to_lowercase();
    let letters = lower.chars().map(|c| match c {
        'a'..='z' | '0'..='9' | '-' | '_' => c,
        _ => '-',
    });
    // So that there is room for what tells equal ones apart.
    letters.take(80).collect()
}

#[derive(Default)]
struct Output<'d> {
    /// With the one type of a view's rows.
    views: Vec<(Growing, Option<String>)>,
    rules: Vec<Rule<'d>>,
    manifest: Vec<ManifestRule>,
    origins: Vec<(usize, usize)>,
    ids: HashSet<String>,
}

impl<'d> Output<'d> {
    /// An id that no rule has yet; `action` counts those of a rule.
    fn id(&mut self, id: &str, action: usize) -> String {
        let mut base = plain(id);
        if base.is_empty() {
            base.push_str("rule");
        }
        if action > 1 {
            base = format!("{base}--a{action}");
        }
        let mut found = base.clone();
        let mut number = 2;
        while !self.ids.insert(found.clone()) {
            found = format!("{base}--{number}");
            number += 1;
        }
        found
    }

    fn rule(&mut self, rule: &'d Written, action: &Action, id: String) -> Result<(), Wrong> {
        let single = single_type(&lowered(rule, &mut Growing::of_all())?);
        let (view, compiled) = self.place(rule, single)?;
        let places = compiled
            .conditions
            .iter()
            .try_fold(1, |n, condition| condition.places(n));
        if places.is_none() {
            let why = "more alternatives within alternatives than can be counted".to_owned();
            return wrong(&rule.pointer, What::TooMany(why));
        }
        let (message, severity, citation) = match action {
            Action::Report {
                message,
                severity,
                code_reference,
            } => (
                message.clone(),
                *severity,
                code_reference.clone().unwrap_or_default(),
            ),
            _ => (rule.name.clone(), Severity::Info, String::new()),
        };
        // The place of a row in the original's order would be filled in.
        if message.contains("{0}") && compiled.conditions.iter().any(Condition::orders) {
            let why = "the message of a rule with alternatives has {0}".to_owned();
            return wrong(&rule.pointer, What::TooMany(why));
        }
        self.rules.push(compiled);
        self.manifest.push(ManifestRule {
            id,
            title: rule.name.clone(),
            citation,
            severity,
            category: rule.category.clone(),
            view: view as u32,
            messages: vec![message],
            page: page(rule),
            since: "1.0.0".to_owned(),
            stage: Stage::Stable,
            verified: false,
        });
        Ok(())
    }

    /// Compiles a rule into a view that has room for its columns.
    fn place(
        &mut self,
        rule: &'d Written,
        single: Option<String>,
    ) -> Result<(usize, Rule<'d>), Wrong> {
        let open = self
            .views
            .iter()
            .rposition(|(view, _)| view.is(single.as_deref()));
        if let Some(at) = open
            && let Some((view, _)) = self.views.get_mut(at)
        {
            let mut grown = view.clone();
            let compiled = whole(rule, &mut grown)?;
            if !grown.is_full() {
                *view = grown;
                return Ok((at, compiled));
            }
        }
        let mut view = match &single {
            Some(single) => Growing::of_type(single),
            None => Growing::of_all(),
        };
        let compiled = whole(rule, &mut view)?;
        if view.is_full() {
            let why = "one rule looks at more facts than a view can have".to_owned();
            return wrong(&rule.pointer, What::TooMany(why));
        }
        self.views.push((view, single));
        Ok((self.views.len() - 1, compiled))
    }
}

fn lowered<'d>(rule: &'d Written, view: &mut Growing) -> Result<Vec<Condition<'d>>, Wrong> {
    let conditions = rule.conditions.iter().enumerate();
    conditions
        .map(|(index, condition)| {
            let pointer = format!("{}/conditions/{index}", rule.pointer);
            lower::condition(condition, pointer, view)
        })
        .collect()
}

/// A rule with its columns in a view.
fn whole<'d>(rule: &'d Written, view: &mut Growing) -> Result<Rule<'d>, Wrong> {
    let conditions = lowered(rule, view)?;
    let own = view
        .own(&conditions)
        .or_else(|what| wrong(&rule.pointer, what))?;
    Ok(Rule { own, conditions })
}

/// The one type that all conditions are about, where each looks at one object alone.
fn single_type(conditions: &[Condition<'_>]) -> Option<String> {
    let (mut types, mut alone) = (BTreeSet::new(), true);
    for condition in conditions {
        condition.visit(&mut |condition| match condition {
            Condition::Never { .. } | Condition::Test { .. } => {
                types.insert(condition.element_type().unwrap_or_default());
            }
            Condition::All(_) | Condition::Any(_) => {}
            _ => alone = false,
        });
    }
    match (types.first(), types.len()) {
        (Some(only), 1) if alone && !only.is_empty() => Some((*only).to_owned()),
        _ => None,
    }
}

fn page(rule: &Written) -> String {
    format!(
        "{}\n\nRule `{}` of the rule file; it fails where its conditions match.\n",
        rule.description, rule.id
    )
}
