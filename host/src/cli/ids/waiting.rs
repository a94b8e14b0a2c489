//! What a person sees on standard error while the engine is in one long call: what it is at, and
//! for how long. On terminals only, and only after two seconds.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::render::safe;

const PATIENCE: Duration = Duration::from_secs(2);
const INTERVAL: Duration = Duration::from_millis(250);
/// A line that is wider than the terminal could not be written over.
const WIDTH: usize = 70;

/// A line that a thread writes again and again until this is dropped.
pub(super) struct Waiting {
    thread: Option<(Sender<String>, JoinHandle<()>)>,
}

impl Waiting {
    /// Begins with this.
    pub(super) fn new(at: String) -> Waiting {
        if !io::stderr().is_terminal() {
            return Waiting { thread: None };
        }
        let (sender, receiver) = mpsc::channel::<String>();
        let thread = std::thread::spawn(move || {
            let (mut at, started, mut shown) = (at, Instant::now(), false);
            loop {
                match receiver.recv_timeout(INTERVAL) {
                    Ok(next) => at = next,
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {}
                }
                if started.elapsed() >= PATIENCE {
                    let line = format!("{} s · {}", started.elapsed().as_secs(), safe(&at));
                    let line: String = line.chars().take(WIDTH).collect();
                    write(&line);
                    shown = true;
                }
            }
            if shown {
                write("");
            }
        });
        Waiting {
            thread: Some((sender, thread)),
        }
    }

    /// What it is at now.
    pub(super) fn at(&self, what: String) {
        if let Some((sender, _)) = &self.thread {
            // A thread that is gone shows nothing.
            let _ = sender.send(what);
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.thread.take() {
            drop(sender);
            // It only writes to the terminal.
            let _ = thread.join();
        }
    }
}

fn write(line: &str) {
    let mut err = io::stderr().lock();
    // Progress that cannot be shown is not missed.
    let _ = write!(err, "\r\u{1b}[K{line}");
    let _ = err.flush();
}
