//! A counting gate: at most so many inside at the same time.

use std::sync::{Condvar, Mutex, PoisonError};

/// Lets `limit` holders in; the others wait.
pub(super) struct Gate {
    free: Mutex<usize>,
    left: Condvar,
}

/// One holder. Leaves when dropped.
pub(super) struct Pass<'a>(&'a Gate);

impl Gate {
    pub(super) fn new(limit: usize) -> Gate {
        Gate {
            free: Mutex::new(limit.max(1)),
            left: Condvar::new(),
        }
    }

    /// Waits for a place. Every holder is bounded by a deadline of its own, so the wait is too.
    pub(super) fn enter(&self) -> Pass<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.left.wait_while(free, |free| *free == 0);
        *wait.unwrap_or_else(PoisonError::into_inner) -= 1;
        Pass(self)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.left.notify_one();
    }
}
