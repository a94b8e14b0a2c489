//! Promise: the rulebooks of this repository are in the program, say of themselves without being run what
//! they say when they are, and give way to a file of the same module.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

mod cli_support;

use std::path::PathBuf;

use cli_support::{code, complete, err, out, plancheck, root, run};
use plancheck_contract::Manifest;
use plancheck_host::runtime::{
    Compiler, Limits, Runtime, RuntimeConfig, Trust, embedded_rulebooks,
};

fn runtime() -> Runtime {
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache");
    Runtime::new(RuntimeConfig {
        cache_dir: Some(cache),
        compiler: Compiler::Child(env!("CARGO_BIN_EXE_plancheck").into()),
        limits: Limits::default(),
    })
    .unwrap()
}

#[test]
fn every_rulebook_is_in_the_program() {
    if !complete("every_rulebook_is_in_the_program") {
        return;
    }
    let mut written: Vec<String> = std::fs::read_dir(root().join("rules-plugins"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("rulebook.toml").is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    written.sort();
    assert!(written.len() >= 29, "{written:?}");
    let shipped: Vec<&str> = embedded_rulebooks().iter().map(|found| found.0).collect();
    assert_eq!(shipped, written, "run `./x wasm`");
    let listed = out(&run(plancheck().args(["jurisdictions", "list"])));
    let rules = out(&run(plancheck().arg("rules")));
    for id in shipped {
        assert!(listed.contains(id), "{id}: {listed}");
        assert!(rules.contains(&format!("({id})")), "{id}");
    }
}

#[test]
fn what_is_known_without_running_them_is_what_they_say() {
    if !complete("what_is_known_without_running_them_is_what_they_say") {
        return;
    }
    let runtime = runtime();
    for (id, manifest, file) in embedded_rulebooks() {
        let module = runtime.load_module(file, Trust::Trusted).unwrap();
        assert_eq!(module.manifest_json, *manifest, "{id}");
        let manifest = Manifest::from_json(manifest).unwrap();
        assert_eq!(manifest.module.id, *id);
        assert!(!manifest.jurisdiction.country.is_empty(), "{id}");
    }
}

#[test]
fn a_page_of_a_rule_of_a_rulebook_is_shown() {
    if !complete("a_page_of_a_rule_of_a_rulebook_is_shown") {
        return;
    }
    let known = out(&run(plancheck().args(["rules", "--jurisdiction", "de"])));
    assert!(known.contains("(de-mbo)"), "{known}");
    assert!(!known.contains("(us-ibc-2024)"), "{known}");
    let rule = known
        .lines()
        .skip_while(|line| !line.contains("(de-mbo)"))
        .nth(1)
        .and_then(|line| line.split_whitespace().next())
        .unwrap();
    let page = run(plancheck().args(["explain", rule]));
    assert_eq!(code(&page), 0, "{}", err(&page));
    assert!(out(&page).contains("de-mbo"), "{}", out(&page));
}

#[test]
fn a_file_of_the_same_module_wins_and_that_is_said() {
    if !complete("a_file_of_the_same_module_wins_and_that_is_said") {
        return;
    }
    let file = root().join("target/plancheck/rulebooks/sg-access-escape.wasm");
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(&file, folder.path().join("sg.wasm")).unwrap();
    let output = run(plancheck()
        .args(["jurisdictions", "list", "--modules-dir"])
        .arg(folder.path()));
    assert_eq!(code(&output), 0, "{}", err(&output));
    let said = err(&output);
    assert!(
        said.contains("module sg-access-escape of")
            && said.contains("replaces that of this program"),
        "{said}"
    );
    let listed = out(&output);
    assert_eq!(listed.matches("sg-access-escape").count(), 1, "{listed}");
}
