//! The collection of odd files in the shared data folder: every file has an expected outcome.

use std::path::PathBuf;

use super::super::Step;
use super::{codes, numbers, walk};

/// File, good records, diagnostics; or the error's code in place of the records.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("bigid", "5000000000 2", ""),
    ("bom", "1 2", ""),
    ("comment", "1 2", ""),
    ("complex", "1 2", ""),
    ("crlf", "1 2", ""),
    ("cycle", "1 2 3 4 5 6 7 8 9 10", ""),
    ("dangling", "1 2", ""),
    ("deep", "2", "too-deep#1"),
    ("dup", "1 1", "duplicate-number#1"),
    ("empty", "step.empty", ""),
    ("extra", "1 2", ""),
    ("hex", "1", ""),
    ("latin1", "1", ""),
    ("lower", "1 2", ""),
    ("nan", "1 2", "malformed-value#1"),
    ("nosemi", "1 2 3", "missing-semicolon#1"),
    ("ok", "1 2", ""),
    ("oneline", "1 2", ""),
    ("spaces", "1 2", ""),
    ("strsemi", "1 2", ""),
    ("trunc", "1 2", "truncated#3"),
    ("twodata", "1 2 10", ""),
    ("unknown", "1 2", ""),
    ("unterm", "2 3", "unterminated-string#1"),
];

/// The shared data folder, from PLANCHECK_SHARED or beside the repository.
fn shared() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");
    let shared = std::env::var_os("PLANCHECK_SHARED").map_or(PathBuf::from(beside), PathBuf::from);
    let found = shared.join("data/weird").is_dir();
    if !found {
        eprintln!(
            "SKIPPED: no shared data at {}; set PLANCHECK_SHARED",
            shared.display()
        );
    }
    found.then_some(shared)
}

#[test]
fn odd_files() {
    let Some(shared) = shared() else { return };
    for (name, good, said) in EXPECTED {
        let path = shared.join(format!("data/weird/{name}.ifc"));
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        match Step::parse(bytes) {
            Ok(step) => {
                assert_eq!(numbers(&step), *good, "{name}");
                assert_eq!(
                    codes(&step),
                    *said,
                    "{name}: {:?}",
                    step.diagnostics().kept()
                );
                walk(&step);
            }
            Err(error) => assert_eq!(error.code(), *good, "{name}"),
        }
    }
    let present = std::fs::read_dir(shared.join("data/weird")).map_or(0, Iterator::count);
    assert_eq!(present, EXPECTED.len(), "every file has an expectation");
}

#[test]
fn odd_strings() {
    let Some(shared) = shared() else { return };
    for (name, expected) in [
        ("hex", "ää ä 😀"),
        ("latin1", "Müller"),
        ("strsemi", "a;b #3=IFCX();"),
    ] {
        let bytes = std::fs::read(shared.join(format!("data/weird/{name}.ifc"))).expect("readable");
        let step = Step::parse(bytes).expect("a STEP file");
        let text = step
            .records()
            .next()
            .and_then(|r| r.arg(0).as_text())
            .expect("a string");
        assert_eq!(text.decode(), expected, "{name}");
    }
}
