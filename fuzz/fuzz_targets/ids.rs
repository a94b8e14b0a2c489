//! Any bytes as an IDS document: refused, or audited and checked without a panic, and the same twice.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use plancheck_engine::ids::{Document, Plan, audit};
use plancheck_engine::model::Model;

static MODEL: &[u8] = include_bytes!("../../tests/fixtures/ids/model.ifc");

fuzz_target!(|data: &[u8]| {
    static LOADED: OnceLock<Model> = OnceLock::new();
    let model = LOADED.get_or_init(|| Model::load(MODEL.to_vec()).expect("our own model"));
    let findings = audit(data);
    assert!(
        findings
            .iter()
            .all(|finding| finding.line >= 1 && finding.column >= 1)
    );
    let Ok(document) = Document::parse(data) else {
        assert_eq!(findings.len(), 1);
        return;
    };
    let plan = Plan::new(&[document]);
    let report = plan.check(model, &mut |_| true).expect("from a file");
    assert_eq!(report, plan.check(model, &mut |_| true).expect("again"));
});
