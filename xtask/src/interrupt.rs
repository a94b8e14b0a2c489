//! Ends the running child when this process is told to end, so that nothing is left behind.

use std::sync::atomic::{AtomicI32, Ordering};

/// The running child, 0 when there is none.
static CHILD: AtomicI32 = AtomicI32::new(0);
/// The signal that arrived, 0 before that.
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// Names the running child; `None` when it ended.
pub fn set_child(id: Option<u32>) {
    let id = id.and_then(|id| i32::try_from(id).ok()).unwrap_or(0);
    CHILD.store(id, Ordering::SeqCst);
}

/// The signal that told this process to end, if one did.
pub fn signal() -> Option<i32> {
    Some(SIGNAL.load(Ordering::SeqCst)).filter(|&signal| signal != 0)
}

/// Starts the thread that hands signals on to the child.
#[cfg(unix)]
pub fn install() -> anyhow::Result<()> {
    use std::io::IsTerminal;

    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for number in signals.forever() {
            SIGNAL.store(number, Ordering::SeqCst);
            let Some(child) = Pid::from_raw(CHILD.load(Ordering::SeqCst)) else {
                std::process::exit(128 + number);
            };
            // A terminal sends Ctrl-C to the child itself.
            if number == SIGINT && std::io::stdin().is_terminal() {
                continue;
            }
            let signal = if number == SIGINT {
                Signal::INT
            } else {
                Signal::TERM
            };
            // It may have ended in the meantime.
            let _ = kill_process(child, signal);
        }
    });
    Ok(())
}

/// Without signals there is nothing to hand on.
#[cfg(not(unix))]
pub fn install() -> anyhow::Result<()> {
    Ok(())
}
