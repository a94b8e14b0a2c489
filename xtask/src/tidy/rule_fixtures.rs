//! Every rule of a jurisdiction module has a page and fixtures: `src/rules/<rule>.rs` has doc comments,
//! and `src/rules/<rule>.toml` beside it has a case that passes, one that fails, one undetermined. The
//! fixture of a derived fact has a case with a value and one without: there the fact is absent.

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
    if values(text, "derived").next().is_some() {
        let cases_in_all = text
            .lines()
            .filter(|line| line.trim() == "[[case]]")
            .count();
        match values(text, "value").count() {
            0 => breaches.push(Breach::new(cases, 0, "has no case with a value")),
            count if count == cases_in_all => {
                breaches.push(Breach::new(
                    cases,
                    0,
                    "has no case without a value: when is it absent?",
                ));
            }
            _ => {}
        }
        return breaches;
    }
    for verdict in VERDICTS {
        if !values(text, "expect").any(|found| found == verdict) {
            let what = format!("has no case with expect = \"{verdict}\"");
            breaches.push(Breach::new(cases, 0, what));
        }
    }
    breaches
}

/// The texts that a fixture gives to `key`, as in `expect = "fail"`.
fn values<'a>(fixture: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
    fixture.lines().filter_map(move |line| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim().strip_prefix('"')?.split('"').next()?;
        (name.trim() == key).then_some(value)
    })
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
    fn a_derived_fact_has_a_value_and_is_absent() {
        let breaches = |cases: &str| {
            let fixture = format!("derived = \"load\"\n{cases}");
            complete(&[file(RULE, "/// Page."), file(FIXTURE, &fixture)]).len()
        };
        let value = "[[case]]\nvalue = \"11 persons\"\n";
        let absent = "[[case]]\nname = \"no area\"\n";
        assert_eq!(breaches(&format!("{value}{absent}")), 0);
        assert_eq!(breaches(value), 1);
        assert_eq!(breaches(absent), 1);
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
