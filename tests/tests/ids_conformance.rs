//! Promise: every test case of the IDS standard comes out as the standard says. `pass-` and `fail-`
//! cases do so when they are checked; what is `invalid-` is refused by the audit or fails.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::path::Path;

use plancheck_engine::ids::{Document, Plan, Severity, Status, audit};
use plancheck_engine::model::Model;
use plancheck_tests::shared::{files, root, shared};

/// Status of a check, and the errors of the audit.
fn run(path: &Path) -> (Status, Vec<String>) {
    let bytes = std::fs::read(path).unwrap();
    // Cases of ours share a model.
    let own = path.with_extension("ifc");
    let shared = path.with_file_name("model.ifc");
    let model = if own.exists() { own } else { shared };
    let model = Model::load(std::fs::read(model).unwrap()).unwrap();
    let plan = Plan::new(&[Document::parse(&bytes).unwrap()]);
    let report = plan.check(&model, &mut |_| true).unwrap();
    let errors = audit(&bytes)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("{}:{} {}", finding.line, finding.code, finding.message))
        .collect();
    (report.status, errors)
}

fn judge(path: &Path) -> Option<String> {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let (status, errors) = run(path);
    let right = match name.split('-').next() {
        Some("pass") => status == Status::Pass && errors.is_empty(),
        Some("fail") => status == Status::Fail && errors.is_empty(),
        Some("invalid") => !errors.is_empty(),
        _ => panic!("{name}: neither pass- nor fail- nor invalid-"),
    };
    (!right).then(|| format!("{name}: {status:?}, audit {errors:?}"))
}

fn all(folder: &Path) -> (usize, Vec<String>) {
    let cases = files(folder, &["ids"]);
    let wrong = cases.iter().filter_map(|path| judge(path)).collect();
    (cases.len(), wrong)
}

#[test]
fn the_standards_cases_come_out_as_the_standard_says() {
    let Some(folder) = shared("the_standards_cases_come_out_as_the_standard_says") else {
        return;
    };
    let (count, wrong) = all(&folder.join("data/ids"));
    println!("{} of {count} cases", count - wrong.len());
    assert!(count > 150, "only {count} cases");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn our_own_cases_come_out_as_their_names_say() {
    let (count, wrong) = all(&root().join("tests/fixtures/ids"));
    assert!(count > 20, "only {count} cases");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
