//! What the tests of IDS on the command line share.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use crate::cli_support::{plancheck, run};

/// The demo office.
pub const OFFICE: &str = "demo/office.ifc";
/// What the demo asks of it.
pub const READY: &str = "demo/office.ids";

/// `plancheck ids check MODEL --ids DOCUMENT… MORE…`
pub fn check(model: &str, documents: &[&str], more: &[&str]) -> Output {
    let mut command = plancheck();
    command.args(["ids", "check", model]);
    for document in documents {
        command.args(["--ids", document]);
    }
    run(command.args(more))
}

/// A file of its own folder, which goes with the test.
pub fn with_document(text: &[u8], name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}
