//! Reading what the command line names: a file, or standard input.

use std::io::Read;
use std::path::Path;
use std::{fs, io};

use super::exit::Failure;

/// The bytes of a model; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    bytes.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            Failure::usage(format!("{}: there is no such file", path.display()))
        }
        _ => Failure::usage(format!("{}: {error}", path.display())),
    })
}

/// A name for headers and messages.
pub(super) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}
