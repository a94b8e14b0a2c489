//! The runner as a guest: the program lies where the compiler of rule files put it.
#![allow(unsafe_code, reason = "the exports by wit-bindgen")]

use plancheck_sdk::wasm::{self, Batch, Columns, Guest, Slot, Verdicts};

use crate::format::{Broken, Program};

#[used]
static SLOT: Slot = Slot::new(*b"plancheck rulefile slot\n");

/// The program; a trap where there is none, or where it is broken.
fn with<T>(answer: impl FnOnce(Program<'static>) -> Result<T, Broken>) -> T {
    match Program::open(SLOT.program()).and_then(answer) {
        Ok(answer) => answer,
        Err(Broken) => core::arch::wasm32::unreachable(),
    }
}

struct Component;

impl Guest for Component {
    fn describe() -> String {
        with(|program| program.manifest().map(str::to_owned))
    }

    fn derive(_facts: Vec<u32>, _rows: Batch) -> Columns {
        // A rule file has no derived facts to ask for.
        wasm::columns(plancheck_contract::Columns::default())
    }

    fn evaluate(checks: Vec<u32>, rows: Batch) -> Verdicts {
        let batch = wasm::batch(rows);
        wasm::verdicts(with(|program| program.evaluate(&checks, &batch)))
    }
}

wasm::export_module!(Component with_types_in wasm);
