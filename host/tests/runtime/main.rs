//! What the sandboxes promise, one file per promise. The modules come from `tests/hostile/modules`.
//!
//! Every test ends by asking the honest module: nothing that a hostile one does reaches its
//! neighbours or the process.

mod answers;
mod browser;
mod cache;
mod compiling;
mod deadline;
mod engine;
mod isolation;
mod loading;
mod memory;
mod traps;
mod wrappers;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use plancheck_contract::{Batch, LAYOUT_EXACT, NO_MESSAGE, Verdicts};
use plancheck_host::runtime::{
    Compiler, Limits, Module, ModuleError, Runtime, RuntimeConfig, Trust,
};
use plancheck_hostile as modules;

/// The time that hostile modules get here, in milliseconds.
const DEADLINE: u64 = 500;

fn limits() -> Limits {
    Limits {
        batch_deadline: Duration::from_millis(DEADLINE),
        describe_deadline: Duration::from_millis(DEADLINE),
        // Tests run beside other tests; this is not about speed.
        compile_timeout: Duration::from_secs(60),
        concurrent_modules: 8,
        ..Limits::default()
    }
}

/// The real program, in the role of the compiling process.
fn compiler() -> Compiler {
    Compiler::Child(PathBuf::from(env!("CARGO_BIN_EXE_plancheck")))
}

/// One runtime for all tests, as in a server.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let config = RuntimeConfig {
            cache_dir: None,
            compiler: compiler(),
            limits: limits(),
        };
        Runtime::new(config).expect("a runtime")
    })
}

fn load(bytes: &[u8]) -> Result<Module, ModuleError> {
    runtime().load_module(bytes, Trust::Untrusted)
}

/// A module of `tests/hostile/modules`, which must load.
fn hostile(name: &str) -> Module {
    let bytes = modules::module(name).expect("a source in tests/hostile/modules");
    load(&bytes).unwrap_or_else(|error| panic!("{name} does not load: {error}"))
}

/// Why a module of `tests/hostile/modules` does not load.
fn refusal(name: &str) -> ModuleError {
    refused(
        name,
        &modules::module(name).expect("a source in tests/hostile/modules"),
    )
}

/// Why these bytes do not load.
fn refused(name: &str, bytes: &[u8]) -> ModuleError {
    match load(bytes) {
        Ok(_) => panic!("{name} was loaded"),
        Err(error) => error,
    }
}

/// Doors with these clear widths, in metres.
fn doors(widths: &[f64]) -> Batch {
    Batch {
        rows: u32::try_from(widths.len()).expect("few rows"),
        layout: vec![LAYOUT_EXACT],
        numbers: widths.to_vec(),
        ..Batch::default()
    }
}

/// What `evaluate` of a hostile module gives for three doors.
fn attack(name: &str) -> Result<Verdicts, ModuleError> {
    hostile(name).evaluate(&[0], &doors(&[0.9, 0.7, 0.8]))
}

fn honest() -> &'static Module {
    static HONEST: OnceLock<Module> = OnceLock::new();
    HONEST.get_or_init(|| hostile(modules::HONEST))
}

/// The honest module still gives the right answer.
fn assert_unharmed() {
    let verdicts = honest()
        .evaluate(&[0], &doors(&[0.9, 0.7, 0.8]))
        .expect("an answer");
    let expected = Verdicts {
        rule: vec![0, 0],
        row: vec![1, 2],
        kind: vec![1, 1],
        comparison: vec![1, 1],
        unit: vec![0, 0],
        measured: vec![0.7, 0.8],
        tolerance: vec![0.0, 0.0],
        required: vec![0.8128, 0.8128],
        facts: vec![1, 1],
        message: vec![NO_MESSAGE, NO_MESSAGE],
        arguments: vec![],
        argument_ends: vec![0, 0],
    };
    assert_eq!(verdicts, expected);
}
