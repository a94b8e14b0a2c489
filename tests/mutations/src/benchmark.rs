//! Runs the mutants: loads each module once, checks each sound file once.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use crate::judge::{Found, Judge, Verdicts};
use crate::mutants::{self, Mutant};
use crate::score::{Outcome, Score};
use crate::table::{self, Expect};
use crate::{real, special};

/// Everything: the table, the special mutants, and those of real models where they are.
///
/// # Errors
/// A module or a file could not be used at all.
pub fn run() -> Result<Score> {
    let mut mutants: Vec<(String, Mutant)> = Vec::new();
    for target in table::targets() {
        let made = mutants::of(&target).into_iter();
        mutants.extend(made.map(|m| ("building.ifc".to_owned(), m)));
    }
    mutants.extend(special::mutants());
    mutants.extend(real::mutants()?);
    judge(&mutants, &BTreeMap::new())
}

/// Judges mutants, each with the name of its model. `replaced` gives judges for sets of modules
/// that are not those of the repository.
///
/// # Errors
/// A module or a file could not be used at all.
pub fn judge(
    mutants: &[(String, Mutant)],
    replaced: &BTreeMap<Vec<&'static str>, Judge>,
) -> Result<Score> {
    let mut judges: BTreeMap<Vec<&'static str>, Judge> = BTreeMap::new();
    let mut sound: Option<(String, Vec<&str>, Verdicts)> = None;
    let mut score = Score::default();
    for (model, mutant) in mutants {
        let judge = match replaced.get(&mutant.modules) {
            Some(judge) => judge,
            None => match judges.entry(mutant.modules.clone()) {
                std::collections::btree_map::Entry::Occupied(judge) => judge.into_mut(),
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(Judge::new(&mutant.modules)?)
                }
            },
        };
        let before = match &sound {
            Some((text, modules, verdicts))
                if *text == mutant.sound && *modules == mutant.modules =>
            {
                verdicts
            }
            _ => {
                let verdicts = judge.check(&mutant.sound).context(mutant.rule.clone())?;
                let kept = (mutant.sound.clone(), mutant.modules.clone(), verdicts);
                &sound.insert(kept).2
            }
        };
        let after = judge
            .check(&mutant.text)
            .with_context(|| format!("{}: {}", mutant.rule, mutant.what))?;
        score.outcomes.push(outcome(model, mutant, before, &after));
    }
    Ok(score)
}

fn outcome(model: &str, mutant: &Mutant, before: &Verdicts, after: &Verdicts) -> Outcome {
    let nothing = Found {
        verdict: "not_applicable".to_owned(),
        ..Found::default()
    };
    let of =
        |verdicts: &Verdicts, key: &(String, String)| verdicts.get(key).unwrap_or(&nothing).clone();
    let found = of(after, &(mutant.rule.clone(), mutant.element.clone()));
    let mut collateral = Vec::new();
    let mut keys: Vec<_> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys
        .into_iter()
        .filter(|k| !mutant.may_change.contains(&k.1))
    {
        let (was, is) = (of(before, key), of(after, key));
        if was.verdict != is.verdict || was.missing != is.missing {
            collateral.push(format!(
                "{} of {}: {} became {}",
                key.0, key.1, was.verdict, is.verdict
            ));
        }
    }
    let names: &[&str] = match mutant.expect {
        Expect::Undetermined(names) => names,
        _ => &[],
    };
    Outcome {
        kind: mutant.kind,
        what: mutant.what.clone(),
        model: model.to_owned(),
        rule: mutant.rule.clone(),
        element: mutant.element.clone(),
        expected: mutant.expect.verdict(),
        names: names.iter().map(|n| (*n).to_owned()).collect(),
        found: found.verdict.clone(),
        // What a finding that was decided does not know decided nothing.
        named: match found.verdict.as_str() {
            "undetermined" => found.missing,
            _ => Default::default(),
        },
        collateral,
    }
}
