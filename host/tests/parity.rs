//! Promise: the report of a check is the same, byte for byte, whether engine and modules run
//! natively or in their sandboxes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::path::Path;
use std::process::Command;

use plancheck_tests::native::{self, NativeModule};
use plancheck_tests::shared::{files, own_models, root, shared};

/// The modules linked natively, with the digests of their wasm files.
fn modules() -> Vec<NativeModule> {
    let mut modules = native::modules();
    for (module, name) in modules.iter_mut().zip(["us-ada-2010", "us-ibc-2024"]) {
        let file = root().join(format!("target/plancheck/modules/{name}.wasm"));
        let bytes = std::fs::read(&file)
            .unwrap_or_else(|e| panic!("{}: {e}; run `./x wasm` first", file.display()));
        module.digest = blake3::hash(&bytes).to_hex().to_string();
    }
    modules
}

fn sandboxed(model: &Path) -> (Option<i32>, Vec<u8>) {
    let output = Command::new(env!("CARGO_BIN_EXE_plancheck"))
        .args(["validate", "--format", "json", "--no-builtin"])
        .args(["us-ada-2010", "us-ibc-2024"].iter().flat_map(|name| {
            [
                "--module".to_owned(),
                root()
                    .join(format!("target/plancheck/modules/{name}.wasm"))
                    .display()
                    .to_string(),
            ]
        }))
        .arg(model)
        .output()
        .unwrap();
    (output.status.code(), output.stdout)
}

fn compare(models: &[std::path::PathBuf]) {
    let modules = modules();
    for model in models {
        let (code, found) = sandboxed(model);
        match native::check(std::fs::read(model).unwrap(), &modules) {
            Ok(report) => {
                assert!(
                    matches!(code, Some(0 | 1)),
                    "{}: exit {code:?}",
                    model.display()
                );
                let found = String::from_utf8(found).unwrap();
                assert!(
                    found.trim_end() == report,
                    "{}: the sandboxed report differs from the native one ({} and {} bytes)",
                    model.display(),
                    found.len(),
                    report.len()
                );
            }
            Err(error) => assert_eq!(code, Some(2), "{}: natively {error}", model.display()),
        }
    }
    println!("{} models: equal", models.len());
}

#[test]
fn own_models_give_equal_reports() {
    compare(&own_models());
}

#[test]
fn real_models_give_equal_reports() {
    let Some(folder) = shared("real_models_give_equal_reports") else {
        return;
    };
    let mut models = files(&folder.join("data/ifc"), &["ifc"]);
    models.extend(files(&folder.join("data/weird"), &["ifc"]));
    compare(&models);
}
