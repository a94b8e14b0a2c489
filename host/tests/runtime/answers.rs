//! An answer is held against the question before anybody reads it.

use plancheck_host::runtime::ModuleError;

use super::{assert_unharmed, attack, doors, hostile, refusal, runtime};

fn bad(name: &str, reason: &str) {
    match attack(name) {
        Err(ModuleError::BadAnswer(said)) => assert!(said.contains(reason), "{name}: {said}"),
        other => panic!("{name}: {other:?}"),
    }
    assert_unharmed();
}

fn bad_columns(name: &str, reason: &str) {
    match hostile(name).derive(&[0], &doors(&[0.9, 0.7, 0.8])) {
        Err(ModuleError::BadAnswer(said)) => assert!(said.contains(reason), "{name}: {said}"),
        other => panic!("{name}: {other:?}"),
    }
    assert_unharmed();
}

/// Three verdicts of 51 bytes with eight arguments each, and 4 kB.
const LARGEST_ANSWER: u64 = 3 * (51 + 64) + 4096;

#[test]
fn a_million_findings_on_three_rows_are_not_even_copied() {
    let limit = LARGEST_ANSWER;
    assert_eq!(
        attack("million-findings"),
        Err(ModuleError::AnswerTooLarge { limit })
    );
    assert_unharmed();
}

#[test]
fn findings_are_counted() {
    bad(
        "too-many-findings",
        "4 verdicts where rows and rules allow 3",
    );
    bad("same-finding-twice", "two verdicts on row 0");
}

#[test]
fn numbers_are_in_range() {
    bad("row-out-of-range", "`row[0]` is 4000000000, not below 3");
    bad("rule-out-of-range", "`rule[0]` is 1, not below 1");
    bad("unknown-kind", "`kind[0]` is 4, not below 4");
    bad("unknown-fact", "`facts[0]` is 63, not below 1");
}

#[test]
fn lists_have_one_length_and_lie_in_memory() {
    bad("lying-lengths", "`kind` has 3 entries, not 1");
    bad("list-outside-memory", "out of bounds");
    bad("list-of-four-gigabytes", "out of bounds");
}

#[test]
fn derived_texts_are_texts() {
    bad_columns("text-cut-in-a-character", "inside a character");
    bad_columns("text-not-utf8", "utf-8");
}

#[test]
fn megabytes_of_text_are_not_copied() {
    // Three values of 28 bytes, the texts, and 4 kB.
    let limit = 3 * 28 + runtime().limits().max_text_bytes as u64 + 4096;
    let answer = hostile("megabytes-of-text").derive(&[0], &doors(&[0.9, 0.7, 0.8]));
    assert_eq!(answer, Err(ModuleError::AnswerTooLarge { limit }));
    assert_unharmed();
}

#[test]
fn honest_columns_pass() {
    let columns = hostile("honest")
        .derive(&[0, 1], &doors(&[0.9, 0.7]))
        .expect("an answer");
    assert_eq!(columns.values, [0.0; 4]);
}

#[test]
fn a_huge_manifest_is_refused() {
    let limit = runtime().limits().max_manifest_bytes;
    let reason = format!("more than {limit} bytes");
    assert_eq!(refusal("huge-manifest"), ModuleError::BadManifest(reason));
    assert_unharmed();
}
