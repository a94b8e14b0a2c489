//! The clock of the sandboxes: one thread moves the epoch of every engine on.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use wasmtime::Engine;

/// How exact a deadline is. 200 wake-ups a second cost 0.02 % of a core.
const TICK: Duration = Duration::from_millis(5);

/// Runs until dropped.
pub(super) struct Ticker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts the thread.
    pub(super) fn start(engines: Vec<Engine>) -> std::io::Result<Ticker> {
        let (stop, stopped) = mpsc::channel();
        let run = move || {
            let mut next = Instant::now() + TICK;
            loop {
                let pause = next.saturating_duration_since(Instant::now());
                match stopped.recv_timeout(pause) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                }
                engines.iter().for_each(Engine::increment_epoch);
                // A machine that slept or had no time for this thread had none for the guests
                // either: missed ticks are dropped, not made up for.
                next = (next + TICK).max(Instant::now());
            }
        };
        let thread = thread::Builder::new()
            .name("epoch-ticker".to_owned())
            .spawn(run)?;
        Ok(Ticker {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread cannot panic, and there is nothing to do if it did.
            let _ = thread.join();
        }
    }
}

/// The number of ticks after which at least `deadline` has passed: the running tick is partly
/// over.
pub(super) fn ticks(deadline: Duration) -> u64 {
    let ticks = deadline.as_nanos().div_ceil(TICK.as_nanos());
    u64::try_from(ticks)
        .unwrap_or(u64::MAX / 2)
        .saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_never_cut_short() {
        assert_eq!(ticks(Duration::from_millis(0)), 1);
        assert_eq!(ticks(Duration::from_millis(1)), 2);
        assert_eq!(ticks(Duration::from_millis(10)), 3);
        assert_eq!(ticks(Duration::from_millis(11)), 4);
    }
}
