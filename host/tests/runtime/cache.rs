//! Compiled artefacts are kept, and only believed when they are whole.

use std::fs;
use std::path::{Path, PathBuf};

use plancheck_host::runtime::{
    Compiler, Limits, ModuleError, Runtime, RuntimeConfig, RuntimeError, Trust,
};
use plancheck_hostile as modules;

use super::{compiler, doors, limits};

fn open(dir: &Path, compiler: Compiler, limits: Limits) -> Result<Runtime, RuntimeError> {
    Runtime::new(RuntimeConfig {
        cache_dir: Some(dir.to_owned()),
        compiler,
        limits,
    })
}

/// There is no program there: a module that loads was not compiled.
fn no_compiler() -> Compiler {
    Compiler::Child(PathBuf::from("/nonexistent/plancheck"))
}

fn load(runtime: &Runtime, name: &str) -> Result<(), ModuleError> {
    let module =
        runtime.load_module(&modules::module(name).expect("a source"), Trust::Untrusted)?;
    let answer = module
        .evaluate(&[0], &doors(&[0.9, 0.7]))
        .expect("an answer");
    assert_eq!(answer.row, [1]);
    Ok(())
}

/// The only file in the folder.
fn artifact(dir: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(dir)
        .expect("a folder")
        .map(|e| e.expect("a file").path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.into_iter().next().expect("one")
}

#[test]
fn a_module_is_compiled_once() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("artifacts");
    load(
        &open(&path, compiler(), limits()).expect("a runtime"),
        "honest",
    )
    .expect("compiled");
    let second = open(&path, no_compiler(), limits()).expect("a runtime");
    load(&second, "honest").expect("from the cache");
    let other = load(&second, "endless-describe");
    assert!(
        matches!(other, Err(ModuleError::Host(_))),
        "not in the cache: {other:?}"
    );
}

#[test]
fn a_broken_artefact_is_made_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("artifacts");
    load(
        &open(&path, compiler(), limits()).expect("a runtime"),
        "honest",
    )
    .expect("compiled");
    let file = artifact(&path);
    let whole = fs::read(&file).expect("an artefact");
    let changed = |index: usize| {
        let mut bytes = whole.clone();
        if let Some(byte) = bytes.get_mut(index) {
            *byte ^= 1;
        }
        bytes
    };
    let broken = [
        ("empty", Vec::new()),
        ("half", whole.get(..whole.len() / 2).expect("half").to_vec()),
        ("another format", changed(7)),
        ("made from something else", changed(8)),
        ("another digest", changed(40)),
        ("other code", changed(whole.len() - 100)),
    ];
    for (name, bytes) in broken {
        fs::write(&file, &bytes).expect("written");
        let refused = load(
            &open(&path, no_compiler(), limits()).expect("a runtime"),
            "honest",
        );
        assert!(
            matches!(refused, Err(ModuleError::Host(_))),
            "{name} was believed: {refused:?}"
        );
        fs::write(&file, &bytes).expect("written");
        load(
            &open(&path, compiler(), limits()).expect("a runtime"),
            "honest",
        )
        .expect(name);
        assert_eq!(
            fs::read(&file).expect("an artefact").len(),
            whole.len(),
            "{name}"
        );
    }
}

#[test]
fn the_cache_does_not_grow_without_end() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("artifacts");
    let small = Limits {
        max_cache_bytes: 1,
        ..limits()
    };
    load(
        &open(&path, compiler(), small).expect("a runtime"),
        "honest",
    )
    .expect("compiled");
    assert_eq!(fs::read_dir(&path).expect("a folder").count(), 0);
}

#[cfg(unix)]
#[test]
fn a_folder_where_others_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("artifacts");
    open(&path, compiler(), limits()).expect("a runtime");
    let mode = fs::metadata(&path).expect("a folder").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).expect("allowed");
    let refused = open(&path, compiler(), limits()).err();
    assert!(
        matches!(refused, Some(RuntimeError::CacheDir { .. })),
        "{refused:?}"
    );
}
