//! The example is a complete rulebook: it compiles, and its manifest is what the engine wants.

use plancheck_contract::fixture::manifest_complaints;
use plancheck_engine::rules::{ModuleSlot, Ruleset};
use plancheck_rulebook::Rulebook;

const EXAMPLE: &str = include_str!("../examples/door-widths.toml");

#[test]
fn the_example_compiles() {
    let rulebook = Rulebook::parse(EXAMPLE, "door-widths.toml").unwrap_or_else(|e| panic!("\n{e}"));
    assert_eq!(rulebook.manifest().rules.len(), 4);
    let complaints = manifest_complaints(&rulebook.manifest().to_json());
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn the_engine_plans_it() {
    let rulebook = Rulebook::parse(EXAMPLE, "door-widths.toml").unwrap();
    let ruleset = Ruleset::new(vec![ModuleSlot::Ready {
        manifest: rulebook.manifest().to_json(),
        digest: "0".to_owned(),
    }]);
    let problem = ruleset.modules.first().and_then(|m| m.problem.clone());
    assert_eq!(problem, None);
    assert_eq!(ruleset.rules.len(), 4);
}
