//! Every rule of a jurisdiction module has a page and fixtures: `src/rules/<rule>.rs` has doc comments,
//! and `src/rules/<rule>.toml` beside it has a case that passes, one that fails, one undetermined.

use super::{Breach, File};

/// What the cases of a fixture must cover.
const VERDICTS: [&str; 3] = ["pass", "fail", "undetermined"];

/// Checks the rule files among all files.
pub fn complete(files: &[File]) -> Vec<Breach> {
    files
        .iter()
        .filter(|file| is_rule(&file.path))
        .flat_map(|rule| check(rule, files))
        .collect()
}

/// `rules-plugins/<module>/src/rules/<rule>.rs`
fn is_rule(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts[..], ["rules-plugins", _, "src", "rules", name] if name.ends_with(".rs") && name != "mod.rs")
}

fn check(rule: &File, files: &[File]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let source = rule.text.as_deref().unwrap_or_default();
    if !source
        .lines()
        .any(|line| line.trim_start().starts_with("///"))
    {
        breaches.push(Breach::new(
            rule,
            0,
            "a rule's doc comment is its published page; this one has none",
        ));
    }
    let fixture = format!("{}.toml", rule.path.trim_end_matches(".rs"));
    let Some(cases) = files.iter().find(|file| file.path == fixture) else {
        breaches.push(Breach::new(rule, 0, format!("has no fixture {fixture}")));
        return breaches;
    };
    let text = cases.text.as_deref().unwrap_or_default();
    let expected: Vec<String> = text.lines().filter_map(expectation).collect();
    for verdict in VERDICTS {
        if !expected.iter().any(|found| found == verdict) {
            breaches.push(Breach::new(
                cases,
                0,
                format!("has no case with expect = \"{verdict}\""),
            ));
        }
    }
    breaches
}

/// The verdict in a line `expect = "fail"`.
fn expectation(line: &str) -> Option<String> {
    let (key, value) = line.split_once('=')?;
    let value = value.trim().strip_prefix('"')?.split('"').next()?;
    (key.trim() == "expect").then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    const RULE: &str = "rules-plugins/us/src/rules/door.rs";
    const FIXTURE: &str = "rules-plugins/us/src/rules/door.toml";

    #[test]
    fn a_complete_rule_is_fine() {
        let cases = "[[case]]\nexpect = \"pass\"\n[[case]]\nexpect=\"fail\"\n[[case]]\nexpect = \"undetermined\" # why\n";
        let files = [file(RULE, "/// Page.\nfn a() {}"), file(FIXTURE, cases)];
        assert_eq!(complete(&files), []);
    }

    #[test]
    fn what_is_missing_is_named() {
        let whats = |files: &[File]| {
            complete(files)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        };
        let alone = whats(&[file(RULE, "fn a() {}")]);
        assert!(
            alone.contains("has no fixture") && alone.contains("doc comment"),
            "{alone}"
        );
        let partial = whats(&[
            file(RULE, "/// Page."),
            file(FIXTURE, "expect = \"pass\"\nexpected = \"fail\"\n"),
        ]);
        assert!(
            partial.contains("expect = \"fail\"") && partial.contains("expect = \"undetermined\""),
            "{partial}"
        );
        assert!(!partial.contains("expect = \"pass\""), "{partial}");
    }

    #[test]
    fn other_files_are_no_rules() {
        for path in [
            "rules-plugins/us/src/rules/mod.rs",
            "rules-plugins/us/src/lib.rs",
            "engine-wasm/src/rules/a.rs",
        ] {
            assert!(complete(&[file(path, "")]).is_empty(), "{path}");
        }
    }
}
