//! The engine and the first-party modules linked natively: the same sources that run in the
//! sandboxes, without them.

use plancheck_engine::rules::{Answer, ModuleSlot, Question, Session};
use plancheck_sdk::Native;

/// A module linked natively, with the digest that reports name.
pub struct NativeModule {
    /// Its functions.
    pub native: Native,
    /// Of its wasm file, or any text where that does not matter.
    pub digest: String,
}

/// The first-party modules, in the order of their ids, as the host has them.
#[must_use]
pub fn modules() -> Vec<NativeModule> {
    [us_ada_2010::module(), us_ibc_2024::module()]
        .into_iter()
        .map(|native| NativeModule {
            native,
            digest: "native".to_owned(),
        })
        .collect()
}

/// The modules as a ruleset takes them.
#[must_use]
pub fn slots(modules: &[NativeModule]) -> Vec<ModuleSlot> {
    modules
        .iter()
        .map(|m| ModuleSlot::Ready {
            manifest: (m.native.describe)(),
            digest: m.digest.clone(),
        })
        .collect()
}

/// Asks and answers until the check is complete; returns how many rows were asked about.
pub fn run(session: &mut Session, modules: &[NativeModule]) -> u64 {
    let mut rows = 0;
    while let Some(call) = session.next_call() {
        rows += u64::from(call.batch.rows);
        let module = &modules[call.module].native;
        let answer = match &call.question {
            Question::Derive(facts) => Answer::Columns((module.derive)(facts, &call.batch)),
            Question::Evaluate(rules) => Answer::Verdicts((module.evaluate)(rules, &call.batch)),
        };
        session.reply(call.id, answer).expect("the call is open");
    }
    rows
}

/// A whole check: load, run, report.
pub fn check(bytes: Vec<u8>, modules: &[NativeModule]) -> Result<String, String> {
    let mut session = Session::load(bytes).map_err(|e| format!("{}: {e}", e.code()))?;
    session.use_modules(slots(modules));
    run(&mut session, modules);
    Ok(session.report().expect("complete").to_json())
}
