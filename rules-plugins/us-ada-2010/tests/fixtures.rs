//! Every rule says what its fixture says, and every rule has one.

use std::path::Path;

use plancheck_contract::Manifest;
use plancheck_contract::fixture::{NativeJudge, gaps, read_folder};

#[test]
fn the_rules_say_what_their_fixtures_say() {
    let module = us_ada_2010::module();
    let manifest = Manifest::from_json(&(module.describe)()).expect("the manifest is sound");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let fixtures = read_folder(&folder).expect("the fixtures can be read");
    let mut judge = NativeJudge {
        evaluate: module.evaluate,
        derive: module.derive,
    };

    let mut complaints = Vec::new();
    let mut all = Vec::new();
    for (path, fixture) in fixtures {
        let source = path.with_extension("rs");
        if !source.exists() {
            complaints.push(format!("{} is not beside its rule", path.display()));
        }
        let mismatches = fixture
            .check(&manifest, &mut judge)
            .expect("it is about this module");
        complaints.extend(
            mismatches
                .iter()
                .map(|m| format!("{}: {m}", path.display())),
        );
        all.push(fixture);
    }
    complaints.extend(gaps(&manifest, &all));
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
