//! The manifest survives the way to the engine, and is complete.

use plancheck_contract::Manifest;
use plancheck_contract::fixture::manifest_complaints;

#[test]
fn the_manifest_is_complete() {
    let complaints = manifest_complaints(&(us_ada_2010::module().describe)());
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn no_rule_claims_to_be_verified() {
    let manifest =
        Manifest::from_json(&(us_ada_2010::module().describe)()).expect("it is complete");
    for rule in manifest.rules {
        assert!(
            !rule.verified,
            "{}: nobody has held it against the official text yet",
            rule.id
        );
    }
}
