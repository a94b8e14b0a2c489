//! Rulebooks with mistakes, one file each under `wrong`, and what is said of them.

use std::collections::BTreeMap;
use std::path::Path;

use plancheck_rulebook::{Errors, Rulebook};

/// Each file, its text, and what is wrong with it.
fn corpus() -> Vec<(String, String, Errors)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let source = std::fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let errors = Rulebook::parse(&source, &format!("{name}.toml"))
                .err()
                .unwrap_or_else(|| panic!("{name} is right"));
            (name, source, errors)
        })
        .collect()
}

#[test]
fn what_is_said_of_mistakes() {
    let corpus = corpus();
    assert!(corpus.len() >= 40);
    for (name, _, errors) in corpus {
        insta::assert_snapshot!(name, errors.render(false));
    }
}

#[test]
fn every_mistake_has_a_place_in_the_file() {
    for (name, source, errors) in corpus() {
        assert!(!errors.list().is_empty(), "{name}");
        for error in errors.list() {
            let at = error.span.clone();
            assert!(source.get(at.clone()).is_some(), "{name}: {at:?}");
            let empty_at_end = error.code == "unexpected-end" || error.code == "toml";
            assert!(!at.is_empty() || empty_at_end, "{name}: {error:?}");
        }
    }
}

#[test]
fn no_message_is_an_empty_phrase() {
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, _, errors) in corpus() {
        for error in errors.list() {
            assert!(error.message.len() > 10, "{name}: {}", error.message);
            let all = format!("{} {:?} {:?}", error.message, error.help, error.suggestion);
            let names = said.entry(all).or_default();
            if !names.contains(&name) {
                names.push(name.clone());
            }
        }
    }
    // A message that several files get names something of each of them, or is of the same mistake.
    for (message, names) in said {
        assert!(names.len() <= 4, "{message} is said of {names:?}");
    }
}

#[test]
fn the_same_mistake_has_the_same_code() {
    let mut codes: Vec<&str> = Vec::new();
    for (_, _, errors) in corpus() {
        codes.extend(errors.list().iter().map(|error| error.code));
    }
    for code in &codes {
        assert!(
            code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
            "{code}"
        );
    }
    codes.sort_unstable();
    codes.dedup();
    assert!(codes.len() >= 40, "{} codes", codes.len());
}
