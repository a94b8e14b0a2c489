//! The cases of a rulebook, asked of the interpreter: whether each rule says what its cases say.

use plancheck_contract::fixture::{Expect, Fixture, Judge};
use plancheck_contract::{Batch, Columns, Manifest, Verdicts};
use plancheck_engine::rules::nearest;
use plancheck_rulebook_interpreter::Program;

use crate::diagnostic::{Diagnostic, Wrong};
use crate::document::{self, Document, Text};

struct Native<'p>(Program<'p>);

impl Judge for Native<'_> {
    fn evaluate(&mut self, checks: &[u32], batch: &Batch) -> Result<Verdicts, String> {
        self.0.evaluate(checks, batch).map_err(|e| e.to_string())
    }

    fn derive(&mut self, derived: &[u32], batch: &Batch) -> Result<Columns, String> {
        self.0.derive(derived, batch).map_err(|e| e.to_string())
    }
}

/// Asks every case and complains of what differs and of what is left out.
pub(crate) fn check(
    document: &Document,
    manifest: &Manifest,
    program: Program<'_>,
    wrong: &mut Wrong,
) {
    let mut native = Native(program);
    for fact in &document.facts {
        let found = manifest.derived.iter().find(|d| d.name == fact.name.value);
        let Some(found) = found else { continue };
        if fact.value.fixtures.is_empty() {
            let message = format!("the derived fact `{}` has no fixture", fact.name.value);
            wrong.push(
                Diagnostic::new("no-fixture", fact.name.whole(), message).help(
                    "a case of a derived fact gives `value`, or none where it must be absent",
                ),
            );
        }
        let about = (None, Some(fact.name.value.clone()));
        ask(
            manifest,
            found.view,
            about,
            &fact.value.fixtures,
            &mut native,
            wrong,
        );
    }
    for rule in &document.rules {
        let found = manifest.rules.iter().find(|r| r.id == rule.name.value);
        let Some(found) = found else { continue };
        let before = wrong.len();
        let about = (Some(rule.name.value.clone()), None);
        ask(
            manifest,
            found.view,
            about,
            &rule.value.fixtures,
            &mut native,
            wrong,
        );
        if wrong.len() == before {
            gaps(&rule.name, &rule.value.fixtures, wrong);
        }
    }
}

/// Every case, by what it is of.
pub(crate) fn all(document: &Document) -> Vec<Fixture> {
    let of = |rule, derived, fixtures: &[document::Fixture]| Fixture {
        rule,
        derived,
        about: String::new(),
        cases: fixtures.iter().map(|f| f.case.clone()).collect(),
    };
    let facts = document.facts.iter();
    let facts = facts.map(|f| of(None, Some(f.name.value.clone()), &f.value.fixtures));
    let rules = document.rules.iter();
    let rules = rules.map(|r| of(Some(r.name.value.clone()), None, &r.value.fixtures));
    facts.chain(rules).filter(|f| !f.cases.is_empty()).collect()
}

/// Each rule has to be seen passing, failing and undetermined.
fn gaps(name: &Text, fixtures: &[document::Fixture], wrong: &mut Wrong) {
    let lacking: Vec<&str> = [
        (Expect::Pass, "passing"),
        (Expect::Fail, "failing"),
        (Expect::Undetermined, "undetermined"),
    ]
    .into_iter()
    .filter(|(expect, _)| !fixtures.iter().any(|f| f.case.expect == Some(*expect)))
    .map(|(_, word)| word)
    .collect();
    if !lacking.is_empty() {
        let message = format!(
            "rule `{}` has no {} fixture",
            name.value,
            lacking.join(", no ")
        );
        wrong.push(Diagnostic::new("no-fixture", name.whole(), message).help(
            "each rule needs a case that passes, one that fails and one that cannot be determined",
        ));
    }
}

fn ask(
    manifest: &Manifest,
    view: u32,
    about: (Option<String>, Option<String>),
    fixtures: &[document::Fixture],
    native: &mut Native<'_>,
    wrong: &mut Wrong,
) {
    let facts: Vec<&str> = manifest
        .views
        .get(view as usize)
        .map_or_else(Vec::new, |v| {
            v.facts.iter().map(|f| f.name.as_str()).collect()
        });
    for fixture in fixtures {
        if !names_are_known(manifest, &facts, fixture, wrong) {
            continue;
        }
        let (rule, derived) = about.clone();
        let asked = Fixture {
            rule,
            derived,
            about: String::new(),
            cases: vec![fixture.case.clone()],
        };
        match asked.check(manifest, native) {
            Ok(mismatches) => {
                for mismatch in mismatches {
                    let span = fixture
                        .expect
                        .clone()
                        .filter(|_| mismatch.what == "verdict");
                    let message = match mismatch.what {
                        "case" => format!("fixture {:?}: {}", mismatch.case, mismatch.found),
                        what => format!(
                            "fixture {:?}: the {what} is {}, not {}",
                            mismatch.case, mismatch.found, mismatch.expected
                        ),
                    };
                    let span = span.unwrap_or_else(|| fixture.name.clone());
                    wrong.push(Diagnostic::new("fixture", span, message));
                }
            }
            Err(why) => wrong.push(Diagnostic::new("fixture", fixture.name.clone(), why)),
        }
    }
}

/// Whether a case gives only facts that are read, and parameters that there are.
fn names_are_known(
    manifest: &Manifest,
    facts: &[&str],
    fixture: &document::Fixture,
    wrong: &mut Wrong,
) -> bool {
    let before = wrong.len();
    for key in &fixture.given {
        if !facts.contains(&key.value.as_str()) {
            let near = nearest(&key.value, facts.iter().copied());
            let message = format!(
                "nothing reads the fact `{}` that this fixture gives",
                key.value
            );
            wrong.push(
                Diagnostic::new("unread-fact", key.whole(), message)
                    .help(format!("facts that are read: {}", facts.join(", ")))
                    .suggest(near),
            );
        }
    }
    let cells: Vec<String> = manifest
        .parameters
        .iter()
        .flat_map(|p| {
            p.cells.iter().map(|cell| match cell.key.as_str() {
                "" => p.name.clone(),
                key => format!("{}.{key}", p.name),
            })
        })
        .collect();
    for key in &fixture.parameters {
        if !cells.contains(&key.value) {
            let near = nearest(&key.value, cells.iter().map(String::as_str));
            let near = near.map(|near| {
                if near.contains('.') {
                    format!("{near:?}")
                } else {
                    near.to_owned()
                }
            });
            let message = format!("there is no parameter `{}`", key.value);
            wrong.push(
                Diagnostic::new("unknown-parameter", key.whole(), message).suggest(near.as_deref()),
            );
        }
    }
    wrong.len() == before
}
