//! What watches over one store, and how a stop is told.

use std::time::Duration;

use wasmtime::{Engine, ResourceLimiter, Store, Trap};

use super::error::{ModuleError, shown};
use super::ticker::ticks;

/// Limits of one store. Remembers that it refused memory: a guest that gets none traps in its
/// own way, and the trap alone does not say why.
pub(super) struct Guard {
    allowance: Allowance,
    refused: bool,
}

/// What one call may use.
#[derive(Clone, Copy)]
pub(super) struct Allowance {
    /// Bytes of linear memory.
    pub(super) memory: usize,
    /// Entries of a table.
    pub(super) table_elements: usize,
    /// Wall time.
    pub(super) deadline: Duration,
    /// Bytes copied from the guest in one answer.
    pub(super) answer: usize,
}

impl ResourceLimiter for Guard {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let granted = desired <= self.allowance.memory;
        self.refused |= !granted;
        Ok(granted)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= self.allowance.table_elements)
    }
}

/// A store that is already on the clock: a start function that loops is stopped as well.
pub(super) fn store(engine: &Engine, allowance: Allowance) -> Store<Guard> {
    let mut store = Store::new(
        engine,
        Guard {
            allowance,
            refused: false,
        },
    );
    store.limiter(|guard| guard);
    rewind(&mut store, allowance);
    store
}

/// Gives the next call its full time and answer size.
pub(super) fn rewind(store: &mut Store<Guard>, allowance: Allowance) {
    store.set_epoch_deadline(ticks(allowance.deadline));
    store.set_hostcall_fuel(allowance.answer);
}

/// Why a call ended.
pub(super) fn stopped(store: &Store<Guard>, error: &wasmtime::Error) -> ModuleError {
    let Guard { allowance, refused } = store.data();
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => {
            let millis = u64::try_from(allowance.deadline.as_millis()).unwrap_or(u64::MAX);
            ModuleError::Deadline { millis }
        }
        Some(Trap::StackOverflow) => ModuleError::StackOverflow,
        _ if *refused => ModuleError::OutOfMemory {
            limit: allowance.memory as u64,
        },
        // Compiled languages keep a second stack in linear memory. When that one overflows, it
        // runs out of the memory's lower end.
        Some(Trap::MemoryOutOfBounds) => ModuleError::Trap(
            "an access outside of its memory (or its stack overflowed)".to_owned(),
        ),
        Some(trap) => ModuleError::Trap(trap.to_string()),
        // The type of this error is private to wasmtime.
        None if error.to_string().contains("fuel allocated for hostcalls") => {
            ModuleError::AnswerTooLarge {
                limit: allowance.answer as u64,
            }
        }
        // What is left is lifting: pointers out of bounds, texts that are not UTF-8, …
        None => ModuleError::BadAnswer(shown(&format!("{error:#}"))),
    }
}
