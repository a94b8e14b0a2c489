//! Reading what the command line names: a file, or standard input.

use std::io::Read;
use std::path::Path;
use std::{fs, io};

use super::exit::Failure;
use crate::check::ModelSource;

/// A model; `-` is standard input.
pub(super) fn model(path: &Path) -> Result<ModelSource<'static>, Failure> {
    if path.as_os_str() == "-" {
        let read = Box::new(io::stdin().lock());
        return Ok(ModelSource::Stream { read, expected: 0 });
    }
    let opened = fs::File::open(path).and_then(|file| {
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(ModelSource::Stream {
            read: Box::new(file),
            expected: about.len(),
        })
    });
    opened.map_err(|error| unreadable(path, &error))
}

/// The bytes of a file; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    bytes.map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Failure::usage(format!("{}: there is no such file", path.display()))
        }
        _ => Failure::usage(format!("{}: {error}", path.display())),
    }
}

/// A name for headers and messages.
pub(super) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}
