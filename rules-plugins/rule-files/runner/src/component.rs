//! The runner as a guest: the program lies where the compiler of rule files put it.
#![allow(
    unsafe_code,
    reason = "the slot is written by the compiler of rule files, and the exports by wit-bindgen"
)]

use plancheck_sdk::wasm::{self, Batch, Columns, Guest, Verdicts};

use crate::format::{Broken, Program};

/// Where the program is. The compiler finds the mark in the data and writes the other two.
#[repr(C)]
struct Slot {
    mark: [u8; 24],
    address: u32,
    length: u32,
}

#[used]
static SLOT: Slot = Slot {
    mark: *b"plancheck rulefile slot\n",
    address: 0,
    length: 0,
};

/// The program; a trap where there is none, or where it is broken.
fn with<T>(answer: impl FnOnce(Program<'static>) -> Result<T, Broken>) -> T {
    // SAFETY: a static; read as it lies in memory, because its value here is not the final one.
    let slot = unsafe { std::ptr::read_volatile(&raw const SLOT) };
    // SAFETY: the compiler put so many bytes there, on pages that it added to the memory and that
    // nobody else is given. Whatever they are, they are inside the sandbox: beyond it is a trap.
    let bytes =
        unsafe { std::slice::from_raw_parts(slot.address as *const u8, slot.length as usize) };
    match Program::open(bytes).and_then(answer) {
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
