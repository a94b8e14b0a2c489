//! Where a command's result goes: standard output, or a file that is written whole or not at all.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::exit::Failure;

/// Width of lines where there is no terminal to ask.
const WIDTH: usize = 100;

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::fault(format!("cannot write: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes to a file beside the wanted one, then renames.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let beside = path.with_file_name(name);
    let done = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    done.map_err(|error| {
        // What is left of it is of no use.
        let _ = fs::remove_file(&beside);
        Failure::usage(format!("{}: {error}", path.display()))
    })
}

/// Whether a person looks at standard output.
pub(super) fn to_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether a person looks at standard error, and wants colours.
pub(super) fn errors_to_terminal() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
}

/// The width of a line of text, from `COLUMNS` where it is set.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok());
    columns.unwrap_or(WIDTH).clamp(60, 140)
}
