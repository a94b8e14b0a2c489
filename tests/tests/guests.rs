//! The module that a rulebook becomes, or a rule file of the older system, is one that host and browsers
//! take. Needs `./x wasm`.

use plancheck_engine::module_file::{ModuleFile, core_module, limits};
use plancheck_rule_files::RuleFile;
use plancheck_rulebook::Rulebook;
use plancheck_tests::shared::root;

const RULEBOOK: &str = include_str!("../../rules-plugins/rulebook/examples/door-widths.toml");
const RULE_FILE: &str = r#"{
    "mcp_id": "test", "name": "Test", "description": "", "version": "1",
    "jurisdiction": {"country": "US"}, "effective_date": "2024-01-01",
    "rules": [{
        "rule_id": "r", "name": "R", "description": "", "category": "general",
        "conditions": [{"type": "property", "element_type": "duct", "property": "n",
                        "operator": "<", "value": 3}],
        "actions": [{"type": "validation", "message": "m", "severity": "error"}]
    }]
}"#;

/// A guest that runs programs, as `./x wasm` built it.
fn guest(name: &str) -> Vec<u8> {
    let path = root().join("target/plancheck").join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; run `./x wasm`", path.display()))
}

fn interpreter() -> Vec<u8> {
    guest("rulebook-interpreter.wasm")
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

/// Holds a guest with a program in it against what host and browsers want.
fn assert_taken(core: &[u8], program: &[u8]) {
    let file = component(core);
    assert!(file.len() < limits::MAX_BYTES);
    ModuleFile::read(&file).unwrap_or_else(|e| panic!("{e}"));
    // 64 MB, as pages give a module.
    let core = core_module(&file, 1024).unwrap_or_else(|e| panic!("{e}"));
    assert!(core.windows(program.len()).any(|window| window == program));
}

#[test]
fn host_and_browsers_take_a_rulebook() {
    let rulebook = Rulebook::parse(RULEBOOK, "door-widths.toml").unwrap();
    assert_taken(
        &rulebook.module(&interpreter()).unwrap(),
        rulebook.program(),
    );
}

#[test]
fn host_and_browsers_take_a_rule_file() {
    let file = RuleFile::parse(RULE_FILE, "test.json").unwrap();
    let module = file.module(&guest("rule-files-runner.wasm")).unwrap();
    assert_taken(&module, file.program());
}

#[test]
fn a_module_is_no_interpreter() {
    let rulebook = Rulebook::parse(RULEBOOK, "door-widths.toml").unwrap();
    let module = rulebook.module(&interpreter()).unwrap();
    let error = rulebook.module(&module).unwrap_err().to_string();
    assert!(error.contains("a program in it already"), "{error}");
    assert!(rulebook.module(&component(&module)).is_err());
}
