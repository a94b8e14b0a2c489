//! Reading the IDS documents that the command line names.

use std::path::{Path, PathBuf};

use plancheck_engine::ids::MAX_DOCUMENT_BYTES;
use serde::Deserialize;

use super::super::exit::Failure;
use super::super::input;
use crate::check::{CheckEngine, CheckError};
use crate::ids;
use crate::render::cut;

/// Documents with the names of their files.
#[derive(Default)]
pub(super) struct Documents {
    pub(super) bytes: Vec<Vec<u8>>,
    pub(super) names: Vec<String>,
    /// As they were typed.
    paths: Vec<String>,
}

/// Documents up to this size are looked at before the first model is read, which takes some
/// milliseconds; what is wrong with a larger one the first model brings out.
const EXAMINED: usize = 1 << 20;

/// Characters of a message about a document: longer ones quote what is in it.
const LONGEST: usize = 1_000;

/// Why a document cannot be read.
#[derive(Deserialize)]
struct Unreadable {
    readable: bool,
    findings: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    code: String,
    line: u32,
    column: u32,
    message: String,
}

impl Documents {
    /// All of them; one that is not there or too large is refused before a model is read.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Documents, Failure> {
        let mut all = Documents::default();
        for path in paths {
            all.bytes.push(one(path)?);
            all.names.push(file_name(path));
            all.paths.push(input::name(path));
        }
        Ok(all)
    }

    /// Refuses what cannot be read, in the engine's sandbox.
    pub(super) fn examine(&self, engine: &CheckEngine) -> Result<(), Failure> {
        for (bytes, path) in self.bytes.iter().zip(&self.paths) {
            if bytes.len() > EXAMINED {
                continue;
            }
            let json = ids::audit(engine, bytes).map_err(|e| Failure::from(e).at(path))?;
            let audit: Unreadable = serde_json::from_str(&json)
                .map_err(|e| Failure::fault(format!("the engine's answer cannot be read: {e}")))?;
            if let Some(fault) = audit.findings.first().filter(|_| !audit.readable) {
                return Err(Failure::usage(format!(
                    "{path}: line {}, column {}: {} ({})",
                    fault.line,
                    fault.column,
                    cut(&fault.message, LONGEST),
                    fault.code
                )));
            }
        }
        Ok(())
    }

    /// An error that is about one of the documents, with its path as it was typed.
    pub(super) fn of(&self, error: &CheckError) -> Option<Failure> {
        let CheckError::BadInput(problem) = error else {
            return None;
        };
        if !problem.code.starts_with("ids.") {
            return None;
        }
        let about = self.names.iter().zip(&self.paths).find_map(|(name, path)| {
            let what = problem.message.strip_prefix(name.as_str())?;
            Some((path, what.strip_prefix(": ")?))
        });
        let (path, what) = about?;
        let what = cut(what, LONGEST);
        Some(Failure::usage(format!("{path}: {what} ({})", problem.code)))
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
