//! Where the test data is: the repository's own fixtures, and the real models that lie beside it.

use std::path::{Path, PathBuf};

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// The folder of shared data: `PLANCHECK_SHARED`, else `../shared` beside the repository. Says
/// loudly when it is not there, so that nobody takes a skipped test for a passed one.
#[must_use]
pub fn shared(test: &str) -> Option<PathBuf> {
    let given = std::env::var_os("PLANCHECK_SHARED").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| root().join("../shared"));
    if folder.join("data").is_dir() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED {test}: no shared data at {} (set PLANCHECK_SHARED)",
        folder.display()
    );
    None
}

/// Every file with one of these endings in a folder and below, sorted.
#[must_use]
pub fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                todo.push(path);
            } else if path
                .extension()
                .is_some_and(|e| endings.iter().any(|w| e.eq_ignore_ascii_case(w)))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The repository's own models: the demo and the fixtures.
#[must_use]
pub fn own_models() -> Vec<PathBuf> {
    let mut models = files(&root().join("demo"), &["ifc", "json"]);
    models.extend(files(
        &root().join("tests/fixtures/models"),
        &["ifc", "json"],
    ));
    models
}
