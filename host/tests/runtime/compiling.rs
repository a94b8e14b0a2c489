//! A module that would keep the compiler busy is refused, or its compiler is stopped.

use std::time::{Duration, Instant};

use plancheck_host::runtime::{FileError, Limits, ModuleError, Runtime, RuntimeConfig, Trust};
use plancheck_hostile as modules;

use super::{assert_unharmed, compiler, limits, refused};

/// Refusing takes milliseconds; compiling either bomb takes far longer than this.
const AT_ONCE: Duration = Duration::from_secs(2);

#[test]
fn two_hundred_thousand_functions_are_refused_at_once() {
    let bytes = modules::many_functions(200_000).expect("a module");
    let begun = Instant::now();
    match refused("200 000 functions", &bytes) {
        ModuleError::File(FileError::TooManyFunctions { found, limit }) => {
            assert!(found >= 200_000, "{found}");
            assert_eq!(limit, Limits::default().max_functions as u64);
        }
        other => panic!("{other:?}"),
    }
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    assert_unharmed();
}

#[test]
fn a_megabyte_of_branches_in_one_function_is_refused_at_once() {
    let bytes = modules::many_branches(1, 1 << 20).expect("a module");
    let begun = Instant::now();
    match refused("a megabyte of branches", &bytes) {
        ModuleError::File(FileError::FunctionTooLarge { bytes, limit }) => {
            assert!(bytes > 900_000, "{bytes}");
            assert_eq!(limit, Limits::default().max_function_bytes as u64);
        }
        other => panic!("{other:?}"),
    }
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    assert_unharmed();
}

#[test]
fn a_file_that_is_too_large_is_refused_at_once() {
    let limit = Limits::default().max_module_bytes as u64;
    let mut bytes = modules::module(modules::HONEST).expect("a module");
    bytes.resize(usize::try_from(limit).expect("a size") + 1, 0);
    let expected = ModuleError::File(FileError::TooLarge {
        what: "bytes",
        found: limit + 1,
        limit,
    });
    assert_eq!(refused("a large file", &bytes), expected);
    assert_unharmed();
}

fn with(limits: Limits) -> Runtime {
    let config = RuntimeConfig {
        cache_dir: None,
        compiler: compiler(),
        limits,
    };
    Runtime::new(config).expect("a runtime")
}

/// Each function is small enough, all of them together are not.
#[test]
fn a_compiler_that_takes_too_long_is_killed() {
    let runtime = with(Limits {
        compile_timeout: Duration::from_millis(200),
        ..limits()
    });
    let bytes = modules::many_branches(60, 60_000).expect("a module");
    let begun = Instant::now();
    let error = runtime.load_module(&bytes, Trust::Untrusted).err();
    assert_eq!(error, Some(ModuleError::CompileTimeout { millis: 200 }));
    // Compiling all of it takes half a minute: the bound only tells killed from finished.
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    assert_unharmed();
}

#[cfg(unix)]
#[test]
fn a_compiler_that_wants_too_much_memory_ends_alone() {
    let bytes = modules::many_branches(4, 60_000).expect("a module");
    // At its start, and in the middle of its work.
    for megabytes in [2, 24] {
        let runtime = with(Limits {
            compile_memory: megabytes << 20,
            ..limits()
        });
        match runtime.load_module(&bytes, Trust::Untrusted).err() {
            Some(ModuleError::Compile(reason)) => assert!(reason.contains("memory"), "{reason}"),
            other => panic!("{megabytes} MiB: {other:?}"),
        }
    }
    assert_unharmed();
}
