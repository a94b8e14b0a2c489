//! The OpenAPI document: committed as it is served, and what it says is what the server does.

use std::process::Command;

use plancheck_server_tests::{Host, door, ready, root};

#[test]
fn the_committed_document_is_the_served_one() {
    if !ready("the_committed_document_is_the_served_one") {
        return;
    }
    let host = Host::start(&[]);
    let served = host.client().get("/api/openapi.json").text();
    let committed = std::fs::read_to_string(root().join("docs/openapi.json")).unwrap_or_default();
    assert!(
        served == committed,
        "docs/openapi.json is not what is served; run: plancheck openapi > docs/openapi.json"
    );
    let page = host.client().get("/api/docs/");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("swagger"));
}

/// Schemathesis sends what the document allows and what it does not, and holds the answers against
/// it. It is installed by `./x test` where Python can be.
#[test]
fn a_fuzzer_finds_no_fault_and_no_undeclared_status() {
    if !ready("a_fuzzer_finds_no_fault_and_no_undeclared_status") {
        return;
    }
    let program = root().join("target/tools/python/bin/schemathesis");
    if !program.is_file() {
        let why = "SKIPPED: schemathesis is not installed; `./x test` does it where it can";
        assert!(std::env::var_os("CI").is_none(), "{why}");
        eprintln!("{why}");
        return;
    }
    let host = Host::start(&["--rate-per-caller", "0", "--rate-per-address", "0"]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    let output = Command::new(program)
        .args(["run", &format!("http://{}/api/openapi.json", host.address)])
        .args([
            "--header",
            &format!("Authorization: Bearer {}", admin.token.as_deref().unwrap()),
        ])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance",
        ])
        .args([
            "--exclude-path-regex",
            "/auth/logout|/ws/validation",
            "--max-examples",
            "25",
            "--seed",
            "1",
        ])
        .args(["--phases", "examples,coverage,fuzzing", "--no-color"])
        .output()
        .expect("schemathesis starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}
