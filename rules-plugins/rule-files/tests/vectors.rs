//! What the older system answered, recorded: the same comes back, element by element.
#![allow(missing_docs, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

use plancheck_rule_files::{RuleFile, recover};
use serde_json::Value;

/// The shared data; none where it is not there.
fn data() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared =
        std::env::var_os("PLANCHECK_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let data = shared.join("data/mcp-json");
    if data.is_dir() {
        return Some(data);
    }
    eprintln!("SKIPPED: {} is not there", data.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> RuleFile {
    let source = fs::read_to_string(path).unwrap();
    RuleFile::parse(&source, &path.display().to_string()).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn all_files_compile() {
    let Some(data) = data() else { return };
    let all = files(&data.join("rules"));
    let compiled: Vec<RuleFile> = all.iter().map(|path| read(path)).collect();
    let rules: usize = compiled.iter().map(|f| f.manifest().rules.len()).sum();
    let refused = compiled
        .iter()
        .filter(|f| f.refused_by_original().is_some())
        .count();
    assert_eq!((all.len(), rules, refused), (16, 163, 11));
}

#[test]
fn every_answer_is_recovered() {
    let Some(data) = data() else { return };
    let vectors = files(&data.join("vectors"));
    assert!(!vectors.is_empty());
    let mut wrong = Vec::new();
    for path in &vectors {
        let vector: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let mut rule_files: Vec<RuleFile> = vector["rule_files"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| read(&data.join("rules").join(name.as_str().unwrap())))
            .collect();
        if !vector["rule_file"].is_null() {
            let source = vector["rule_file"].to_string();
            let file = RuleFile::parse(&source, "rule_file");
            rule_files.push(file.unwrap_or_else(|e| panic!("{}: {e}", path.display())));
        }
        let model = vector["model"].to_string();
        let answer = recover::answer(model.as_bytes(), &rule_files).unwrap();
        if answer != vector["expected"] {
            let place = difference(&answer, &vector["expected"], "");
            wrong.push(format!("{}: {place}", path.display()));
        }
    }
    println!(
        "{} of {} vectors equal",
        vectors.len() - wrong.len(),
        vectors.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first difference, for people.
fn difference(got: &Value, want: &Value, at: &str) -> String {
    match (got, want) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            let other = a.iter().find(|(key, value)| b[*key] != **value);
            other.map_or_else(String::new, |(k, v)| {
                difference(v, &b[k], &format!("{at}/{k}"))
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let other = a.iter().zip(b).enumerate().find(|(_, (x, y))| x != y);
            other.map_or_else(String::new, |(i, (x, y))| {
                difference(x, y, &format!("{at}/{i}"))
            })
        }
        _ => format!("{at}: {got}, want {want}"),
    }
}
