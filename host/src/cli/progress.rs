//! Progress on standard error, for a person who waits longer than two seconds: a check on a
//! terminal, a compiler also in a log.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::check::Progress;
use crate::render::{counted, safe};

/// What takes less needs no progress.
const PATIENCE: Duration = Duration::from_secs(2);
/// Faster than this nobody reads.
const INTERVAL: Duration = Duration::from_millis(200);

/// One line that is written again and again.
pub(super) struct Line {
    started: Instant,
    shown: Option<Instant>,
    wanted: bool,
}

impl Line {
    /// Nothing is shown yet, and nothing at all where standard error is no terminal.
    pub(super) fn new() -> Line {
        Line {
            started: Instant::now(),
            shown: None,
            wanted: io::stderr().is_terminal(),
        }
    }

    /// Shows how far a check is.
    pub(super) fn tell(&mut self, name: &str, progress: &Progress) {
        let now = Instant::now();
        let recent = self
            .shown
            .is_some_and(|shown| now.duration_since(shown) < INTERVAL);
        if !self.wanted || recent || now.duration_since(self.started) < PATIENCE {
            return;
        }
        self.shown = Some(now);
        let name = safe(name);
        let text = match progress {
            Progress::Loaded(model) => {
                format!("{name}: {} read", counted(model.elements, "element"))
            }
            Progress::Asked { judged, rules, .. } => format!("{name}: {judged} of {rules} rules"),
        };
        self.write(&text);
    }

    fn write(&self, text: &str) {
        let mut err = io::stderr().lock();
        // Progress that cannot be shown is not missed.
        let _ = write!(err, "\r\u{1b}[K{text}");
        let _ = err.flush();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.shown.is_some() {
            self.write("");
        }
    }
}

/// In a log a line says so often that something is still at work.
const BEAT: Duration = Duration::from_secs(20);

/// A program of minutes that somebody waits for: what it is, what it is at, for how long.
pub(super) struct Wait {
    started: Instant,
    beaten: Instant,
    terminal: bool,
    at: String,
}

impl Wait {
    /// Says what begins.
    pub(super) fn new(what: &str) -> Wait {
        eprintln!("plancheck: {}", safe(what));
        let now = Instant::now();
        Wait {
            started: now,
            beaten: now,
            terminal: io::stderr().is_terminal(),
            at: "starting".to_owned(),
        }
    }

    /// A line of cargo: what it is at, or that it waits, which is said at once.
    pub(super) fn cargo(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with("Blocking") {
            self.clear();
            eprintln!("plancheck: cargo: {}", safe(line));
        }
        if line.starts_with("Compiling") || line.starts_with("Blocking") {
            line.clone_into(&mut self.at);
        }
        self.beat();
    }

    /// Says how long it has been, when it is time to.
    pub(super) fn beat(&mut self) {
        let pause = if self.terminal { INTERVAL } else { BEAT };
        if self.started.elapsed() < PATIENCE || self.beaten.elapsed() < pause {
            return;
        }
        self.beaten = Instant::now();
        let line = format!(
            "{} s · {}",
            self.started.elapsed().as_secs(),
            safe(&self.at)
        );
        if self.terminal {
            // A line that is wider than the terminal could not be written over.
            let line: String = line.chars().take(70).collect();
            eprint!("\r\u{1b}[K  {line}");
        } else {
            eprintln!("  {line}");
        }
    }

    /// It is done, well or not.
    pub(super) fn end(&mut self) {
        self.clear();
        if self.started.elapsed() >= PATIENCE {
            eprintln!(
                "plancheck: cargo ended after {} s",
                self.started.elapsed().as_secs()
            );
        }
    }

    fn clear(&self) {
        if self.terminal {
            eprint!("\r\u{1b}[K");
        }
    }
}
