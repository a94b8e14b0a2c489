//! Verdicts can be trusted: seeded defects are found, what is sound passes, what is not known is said
//! to be not known and named. Also that this benchmark can fail.

use std::collections::{BTreeMap, BTreeSet};

use plancheck_mutations::judge::Judge;
use plancheck_mutations::mutants::{self, Mutant};
use plancheck_mutations::score::Score;
use plancheck_mutations::table::{self, Expect};
use plancheck_mutations::{benchmark, special};

#[test]
fn defects_are_found_and_nothing_else() {
    let score = benchmark::run().expect("every module and every model is read");
    let complaints = score.complaints();
    assert!(
        complaints.is_empty() && score.misses().is_empty(),
        "{}\n{}",
        score.table(),
        complaints.join("\n")
    );
    assert!(score.rules().len() >= 60, "{} rules", score.rules().len());
}

/// Every rule of the built-in modules has mutants that pass, fail and cannot be told.
#[test]
fn no_rule_is_left_out() {
    let all = benchmark_mutants();
    for (module, rules) in [("us-ibc-2024", 19), ("us-ada-2010", 9)] {
        let of_module: BTreeSet<&str> = all
            .iter()
            .map(|(_, m)| m.rule.as_str())
            .filter(|rule| rule.starts_with(&format!("{module}/")))
            .collect();
        assert_eq!(of_module.len(), rules, "{module}: {of_module:?}");
        for rule in of_module {
            for verdict in ["pass", "fail", "undetermined"] {
                let has =
                    |(_, m): &(String, Mutant)| m.rule == rule && m.expect.verdict() == verdict;
                assert!(
                    all.iter().any(has),
                    "{rule} has no mutant that is {verdict}"
                );
            }
        }
    }
}

/// Whoever expects the wrong thing hears of it.
#[test]
fn wrong_expectations_are_reported() {
    let mut some = of_rule("us-ibc-2024/egress-door-clear-width");
    for (_, mutant) in &mut some {
        mutant.expect = match mutant.expect {
            Expect::Fail => Expect::Pass,
            Expect::Undetermined(_) => Expect::Undetermined(&["somebody"]),
            ref other => other.clone(),
        };
    }
    let score = benchmark::judge(&some, &BTreeMap::new()).expect("they are judged");
    let complaints = score.complaints().join("\n");
    for wanted in [
        "recall of pass",
        "precision of fail",
        "recall of undetermined",
    ] {
        assert!(complaints.contains(wanted), "{wanted}: {complaints}");
    }
    let misses = score.misses().join("\n");
    assert!(
        misses.contains("expected pass, found fail")
            && misses.contains("0Door_")
            && misses.contains("[\"somebody\"]"),
        "{misses}"
    );
}

/// A rule whose number is another one is found out.
#[test]
fn a_shifted_limit_is_reported() {
    let some = of_rule("us-ibc-2024/egress-door-clear-width");
    let right = benchmark::judge(&some, &BTreeMap::new()).expect("they are judged");
    assert!(right.misses().is_empty(), "{:?}", right.misses());

    let mut judge = Judge::new(&["us-ibc-2024"]).expect("the module");
    judge.add_rulebook(SHIFTED).expect("an amendment");
    let judges = BTreeMap::from([(vec!["us-ibc-2024"], judge)]);
    let shifted = benchmark::judge(&some, &judges).expect("they are judged");
    let fail = shifted.class("fail");
    assert!(
        fail.recall() < plancheck_mutations::score::LEAST,
        "{fail:?}"
    );
    assert!(
        shifted.misses().iter().any(|m| m.contains("just beyond")),
        "{:?}",
        shifted.misses()
    );
}

/// The city of nowhere lets doors be 31.5 in wide.
const SHIFTED: &str = r#"
[module]
id = "us-nowhere"
title = "Nowhere"
version = "0.1.0"
publisher = "Plancheck"
limits = "All."

[jurisdiction]
country = "us"
family = "IBC"
edition = "2024"
effective_from = 2024-01-01

[amends]
module = "us-ibc-2024"
policy = "replace"
citation = "Nowhere §1"

[amends.parameters]
door_width = "31.5 in"
"#;

/// A change beside the element is counted.
#[test]
fn collateral_is_reported() {
    let mut some = of_rule("us-ibc-2024/storey-exits");
    for (_, mutant) in &mut some {
        mutant.may_change.clear();
    }
    let score = benchmark::judge(&some, &BTreeMap::new()).expect("they are judged");
    assert!(score.collateral() > 0);
    assert!(
        score
            .complaints()
            .iter()
            .any(|c| c.contains("other elements changed"))
    );
}

/// Nothing judged is nothing shown.
#[test]
fn an_empty_benchmark_fails() {
    let complaints = Score::default().complaints();
    assert!(
        complaints
            .iter()
            .any(|c| c.contains("no mutant of the kind"))
    );
    assert!(
        complaints
            .iter()
            .any(|c| c.contains("no mutant has to get fail"))
    );
}

fn benchmark_mutants() -> Vec<(String, Mutant)> {
    let targets = table::targets();
    let made = targets.iter().flat_map(mutants::of);
    let mut all: Vec<(String, Mutant)> = made.map(|m| ("building.ifc".to_owned(), m)).collect();
    all.extend(special::mutants());
    all
}

fn of_rule(rule: &str) -> Vec<(String, Mutant)> {
    let all = benchmark_mutants().into_iter();
    all.filter(|(_, m)| m.rule == rule).collect()
}
