//! The manifest survives the way to the engine, and is complete.

use plancheck_contract::{Manifest, Unit};

fn manifest() -> Manifest {
    let json = (us_ada_2010::module().describe)();
    Manifest::from_json(&json).expect("the engine takes it")
}

#[test]
fn the_manifest_round_trips() {
    let manifest = manifest();
    assert_eq!(Manifest::from_json(&manifest.to_json()), Ok(manifest));
}

#[test]
fn every_rule_has_a_page_that_says_its_limits() {
    for rule in manifest().rules {
        assert!(
            rule.page.starts_with(&rule.title),
            "{}: the title is the first line",
            rule.id
        );
        assert!(
            rule.page.contains("# Limits"),
            "{}: the page says what is not checked",
            rule.id
        );
        assert!(
            rule.page.contains("# Example"),
            "{}: the page has an example",
            rule.id
        );
        assert!(
            rule.citation.contains('§'),
            "{}: {}",
            rule.id,
            rule.citation
        );
        assert!(
            !rule.verified,
            "{}: nobody has held it against the official text yet",
            rule.id
        );
    }
}

#[test]
fn every_parameter_is_cited_and_has_a_unit() {
    for parameter in manifest().parameters {
        assert!(
            parameter.citation.contains('§'),
            "{}: {}",
            parameter.name,
            parameter.citation
        );
        assert!(
            Unit::from_symbol(&parameter.unit).is_some(),
            "{}",
            parameter.name
        );
    }
}

#[test]
fn names_are_unique() {
    let m = manifest();
    for mut names in [
        m.parameters.iter().map(|p| &p.name).collect::<Vec<_>>(),
        m.views.iter().map(|v| &v.name).collect(),
        m.derived.iter().map(|d| &d.name).collect(),
        m.rules.iter().map(|r| &r.title).collect(),
    ] {
        let before = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), before);
    }
}
