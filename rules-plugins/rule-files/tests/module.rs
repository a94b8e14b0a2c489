//! The module that a rule file becomes is one that host and browsers take. Needs `./x wasm`.
#![allow(missing_docs, reason = "a test")]

use std::path::Path;

use plancheck_engine::module_file::{ModuleFile, core_module, limits};
use plancheck_rule_files::RuleFile;

const FILE: &str = r#"{
    "mcp_id": "test", "name": "Test", "description": "", "version": "1",
    "jurisdiction": {"country": "US"}, "effective_date": "2024-01-01",
    "rules": [{
        "rule_id": "r", "name": "R", "description": "", "category": "general",
        "conditions": [{"type": "property", "element_type": "duct", "property": "n",
                        "operator": "<", "value": 3}],
        "actions": [{"type": "validation", "message": "m", "severity": "error"}]
    }]
}"#;

fn runner() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("target/plancheck/rule-files-runner.wasm");
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
    let file = RuleFile::parse(FILE, "test.json").unwrap();
    let module = component(&file.module(&runner()).unwrap());
    assert!(module.len() < limits::MAX_BYTES);
    ModuleFile::read(&module).unwrap_or_else(|e| panic!("{e}"));
    // 64 MB, as pages give a module.
    let core = core_module(&module, 1024).unwrap_or_else(|e| panic!("{e}"));
    let program = file.program();
    assert!(core.windows(program.len()).any(|window| window == program));
}
