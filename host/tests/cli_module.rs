//! The way of a module's author: a new crate, its test, its inspection, a check with it. Builds
//! WebAssembly, so it takes a while the first time.

mod cli_support;

use std::fs;
use std::process::Command;

use cli_support::{code, complete, door_model, err, out, plancheck, root, run};

/// Whether modules can be compiled here.
fn can_compile() -> bool {
    let ready = Command::new("sh")
        .arg("xtask/wasm-toolchain.sh")
        .current_dir(root())
        .output();
    let ready = ready.is_ok_and(|output| output.status.success());
    if !ready {
        let why = "a_new_module_…: SKIPPED, there is no compiler for wasm32-unknown-unknown";
        assert!(std::env::var_os("CI").is_none(), "{why}");
        eprintln!("{why}");
    }
    ready
}

#[test]
fn a_new_module_builds_passes_its_fixture_and_judges() {
    if !can_compile() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let krate = folder.path().join("us-co-denver");
    let sdk = root().join("rules-plugins/sdk");
    let new = run(plancheck()
        .args(["module", "new", "us-co-denver", "--path"])
        .arg(folder.path())
        .arg("--sdk")
        .arg(&sdk));
    assert_eq!(code(&new), 0, "{}", err(&new));
    let full = krate.canonicalize().unwrap().display().to_string();
    let said = out(&new);
    assert!(said.starts_with(&format!("Wrote {full}: ")), "{said}");
    assert!(said.contains("country us, state co, city denver"), "{said}");
    assert_eq!(err(&new), "", "it is in no checkout");

    let test = run(plancheck().args(["module", "test"]).arg(&krate));
    assert_eq!(code(&test), 0, "{}{}", out(&test), err(&test));
    assert!(
        err(&test).contains("compiling us-co-denver to WebAssembly"),
        "{}",
        err(&test)
    );
    assert!(
        out(&test).contains("\n1 fixture, 4 cases, "),
        "{}",
        out(&test)
    );
    assert!(
        out(&test).contains("ok   sample-door-width: 4 cases"),
        "{}",
        out(&test)
    );

    let module = krate.join("target/us-co-denver.wasm");
    let inspect = run(plancheck().args(["module", "inspect"]).arg(&module));
    assert_eq!(code(&inspect), 0, "{}", err(&inspect));
    let text = out(&inspect);
    assert!(
        text.contains("interface plancheck:module/rules@1.0.0"),
        "{text}"
    );
    assert!(text.contains("runs in browsers too"), "{text}");
    assert!(text.contains("us/co/denver"), "{text}");

    // A fixture that wants something else is shown side by side.
    let fixture = krate.join("src/rules/door_width.toml");
    let wrong = fs::read_to_string(&fixture)
        .unwrap()
        .replace("expect = \"fail\"", "expect = \"pass\"");
    fs::write(&fixture, wrong).unwrap();
    let test = run(plancheck()
        .args(["module", "test"])
        .arg(&module)
        .arg("--fixtures")
        .arg(krate.join("src")));
    assert_eq!(code(&test), 1);
    let text = out(&test);
    assert!(text.contains("FAIL sample-door-width"), "{text}");
    assert!(
        text.contains("rule sample-door-width has no failing case"),
        "{text}"
    );

    if complete("a_new_module_builds_passes_its_fixture_and_judges") {
        let model = folder.path().join("door.json");
        fs::write(&model, door_model("D1")).unwrap();
        let validate = run(plancheck()
            .arg("validate")
            .arg(&model)
            .args(["--no-builtin", "--module"])
            .arg(&module));
        assert_eq!(code(&validate), 1, "{}", err(&validate));
        assert!(out(&validate).contains("1 fail"), "{}", out(&validate));
    }
    let again = run(plancheck()
        .args(["module", "new", "us-co-denver", "--in"])
        .arg(folder.path())
        .arg("--sdk")
        .arg(&sdk));
    assert_eq!(code(&again), 2, "an existing folder is left alone");
}
