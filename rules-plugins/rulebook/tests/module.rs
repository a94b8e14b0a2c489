//! The module that a rulebook becomes is one that host and browsers take. Needs `./x wasm`.

use std::path::Path;

use plancheck_engine::module_file::{ModuleFile, core_module, limits};
use plancheck_rulebook::Rulebook;

const EXAMPLE: &str = include_str!("../examples/door-widths.toml");

fn interpreter() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("target/plancheck/rulebook-interpreter.wasm");
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; run `./x wasm`", path.display()))
}

/// As the host does it: the core module, wrapped and validated.
fn component(core: &[u8]) -> Vec<u8> {
    wit_component::ComponentEncoder::default()
        .validate(true)
        .module(core)
        .unwrap()
        .encode()
        .unwrap()
}

#[test]
fn host_and_browsers_take_it() {
    let rulebook = Rulebook::parse(EXAMPLE, "door-widths.toml").unwrap();
    let file = component(&rulebook.module(&interpreter()).unwrap());
    assert!(file.len() < limits::MAX_BYTES);
    ModuleFile::read(&file).unwrap_or_else(|e| panic!("{e}"));
    // 64 MB, as pages give a module.
    let core = core_module(&file, 1024).unwrap_or_else(|e| panic!("{e}"));
    let program = rulebook.program();
    assert!(core.windows(program.len()).any(|window| window == program));
}

#[test]
fn a_module_is_no_interpreter() {
    let rulebook = Rulebook::parse(EXAMPLE, "door-widths.toml").unwrap();
    let module = rulebook.module(&interpreter()).unwrap();
    let error = rulebook.module(&module).unwrap_err().to_string();
    assert!(error.contains("a program in it already"), "{error}");
    assert!(rulebook.module(&component(&module)).is_err());
}
