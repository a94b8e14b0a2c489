//! Reading the IDS documents that the command line names.

use std::path::{Path, PathBuf};

use plancheck_engine::ids::MAX_DOCUMENT_BYTES;

use super::super::exit::Failure;
use super::super::input;

/// Documents with the names of their files.
#[derive(Default)]
pub(super) struct Documents {
    pub(super) bytes: Vec<Vec<u8>>,
    pub(super) names: Vec<String>,
}

impl Documents {
    /// All of them; one that is not there or too large is refused before a model is read.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Documents, Failure> {
        let mut all = Documents::default();
        for path in paths {
            all.bytes.push(one(path)?);
            all.names.push(file_name(path));
        }
        Ok(all)
    }
}

/// The bytes of one document.
pub(super) fn one(path: &Path) -> Result<Vec<u8>, Failure> {
    let size = path.metadata().map_or(0, |about| about.len());
    if size > MAX_DOCUMENT_BYTES as u64 {
        return Err(Failure::usage(format!(
            "{}: {} MB, the largest document that is read has {} MB (ids.too-large)",
            input::name(path),
            size >> 20,
            MAX_DOCUMENT_BYTES >> 20
        )));
    }
    input::read(path)
}

/// Without its folder: the same on every machine.
pub(super) fn file_name(path: &Path) -> String {
    match path.file_name() {
        Some(name) if path.as_os_str() != "-" => name.to_string_lossy().into_owned(),
        _ => input::name(path),
    }
}
