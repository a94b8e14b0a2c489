//! Runs other programs, and says before each step what it is and after it how long it took.

use std::ffi::OsStr;
use std::fmt;
use std::io::IsTerminal;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::interrupt;

/// How long a step takes that builds wasmtime when it is not built yet.
pub const WITH_WASMTIME: &str = "the first time with wasmtime: about 8 minutes on 2 cores";

/// A program answered with a code other than 0; `x` ends with the same code.
#[derive(Debug)]
pub struct Failed {
    /// What was run.
    pub program: String,
    /// Its exit code; 128 + the signal when one ended it.
    pub code: u8,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let 129 | 130 | 143 = self.code {
            return write!(f, "`{}` was interrupted", self.program);
        }
        if self.code == 137 {
            return write!(
                f,
                "`{}` was killed (signal 9): often for want of memory. Run the same again: what is \
                 built is kept",
                self.program
            );
        }
        write!(f, "`{}` failed with exit code {}", self.program, self.code)
    }
}

impl std::error::Error for Failed {}

/// Whether output is read by a person at a terminal who wants colour.
pub fn colour() -> bool {
    let plain = ["CI", "NO_COLOR"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    !plain && std::io::stderr().is_terminal()
}

/// Prints the line that opens a step.
pub fn announce(title: &str) {
    if colour() {
        eprintln!("\x1b[1;36m==> {title}\x1b[0m");
    } else {
        eprintln!("==> {title}");
    }
}

/// A step that takes longer than this says that it is still at work.
const FIRST_BEAT: Duration = Duration::from_secs(10);
/// And then again and again. Logs are read later: more often only fills them.
const BEAT: Duration = Duration::from_secs(30);

/// Does one step of work between the line that names it and the line with its seconds.
///
/// A long one says in between how long it is at work, where nothing else moves: on a terminal
/// cargo has a line of its own that moves.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    announce(title);
    let start = Instant::now();
    let result = if colour() {
        work()
    } else {
        beating(FIRST_BEAT, BEAT, work, |elapsed| {
            eprintln!("    … {} s", elapsed.as_secs());
        })
    };
    let end = if result.is_ok() { "done" } else { "failed" };
    eprintln!("    {end} in {:.1} s", start.elapsed().as_secs_f64());
    result
}

/// Does the work, and calls `beat` with the time so far: after `first`, then every `next`.
fn beating<T>(
    first: Duration,
    next: Duration,
    work: impl FnOnce() -> T,
    beat: impl Fn(Duration) + Sync,
) -> T {
    let start = Instant::now();
    let (done, ended) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let ended = ended;
            let mut wait = first;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                beat(start.elapsed());
                wait = next;
            }
        });
        let result = work();
        // Ends the other thread at once, also when the work panics: it is dropped then, too.
        drop(done);
        result
    })
}

/// Runs a program to its end with no input; its exit code.
pub fn status(command: &mut Command) -> Result<u8> {
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| cannot_start(command))?;
    interrupt::set_child(Some(child.id()));
    let status = child.wait();
    interrupt::set_child(None);
    finish(command, status?)
}

/// Runs a program to its end; anything but exit code 0 is [`Failed`].
pub fn run(command: &mut Command) -> Result<()> {
    match status(command)? {
        0 => Ok(()),
        code => bail!(Failed {
            program: describe(command),
            code
        }),
    }
}

/// Runs a program to its end and returns what it wrote to its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let child = command.spawn().with_context(|| cannot_start(command))?;
    interrupt::set_child(Some(child.id()));
    let output = child.wait_with_output();
    interrupt::set_child(None);
    let output = output?;
    match finish(command, output.status)? {
        0 => Ok(String::from_utf8(output.stdout)?),
        code => bail!(Failed {
            program: describe(command),
            code
        }),
    }
}

/// Whether a program starts and answers with 0, without a word from it.
pub fn answers(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Becomes the program: signals, input and exit code are its own from here on.
pub fn become_program(command: &mut Command) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let error = command.exec();
        Err(error).with_context(|| cannot_start(command))
    }
    #[cfg(not(unix))]
    {
        run(command)
    }
}

/// The program and its arguments, for messages.
pub fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", describe(command))
}

/// The exit code, or the error that this process was told to end.
fn finish(command: &Command, status: ExitStatus) -> Result<u8> {
    if let Some(signal) = interrupt::signal() {
        let code = u8::try_from(128 + signal).unwrap_or(1);
        bail!(Failed {
            program: describe(command),
            code
        });
    }
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Ok(u8::try_from(128 + signal).unwrap_or(1));
    }
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1))
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn long_work_beats_and_short_work_does_not() {
        let beats = AtomicU32::new(0);
        let beat = |_| {
            beats.fetch_add(1, Ordering::SeqCst);
        };
        let long = Duration::from_secs(3600);
        assert_eq!(beating(long, long, || 1, beat), 1);
        assert_eq!(beats.load(Ordering::SeqCst), 0);
        // The work waits for the beats, not for a time.
        let soon = Duration::from_millis(1);
        let wait = || {
            while beats.load(Ordering::SeqCst) < 3 {
                std::thread::yield_now();
            }
            2
        };
        assert_eq!(beating(soon, soon, wait, beat), 2);
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn exit_codes_are_kept() {
        assert_eq!(status(&mut shell("exit 0")).unwrap(), 0);
        assert_eq!(status(&mut shell("exit 7")).unwrap(), 7);
        assert_eq!(status(&mut shell("kill -9 $$")).unwrap(), 137);
        let error = run(&mut shell("exit 3")).unwrap_err();
        assert_eq!(error.downcast_ref::<Failed>().unwrap().code, 3);
    }

    #[test]
    fn output_is_returned_and_input_is_closed() {
        assert_eq!(output(&mut shell("cat; echo end")).unwrap(), "end\n");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("no-such-program-here")).unwrap_err();
        assert!(format!("{error:#}").contains("no-such-program-here"));
        assert!(!answers(&mut Command::new("no-such-program-here")));
    }
}
