//! Progress on standard error, for a person who waits longer than two seconds.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::check::Progress;
use crate::render::safe;

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
            Progress::Loaded(model) => format!("{name}: {} elements read", model.elements),
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
