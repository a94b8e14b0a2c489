//! `plancheck cache`: the folder of compiled modules.

use std::fs;
use std::io;

use super::exit::{self, Failure};
use super::{output, setup};
use crate::render::counted;

/// Where compiled modules are kept
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Print the folder
    #[command(after_help = "Example:\n  du -sh $(plancheck cache dir)")]
    Dir,
    /// Remove what was compiled; it is made again when it is needed
    #[command(after_help = "Example:\n  plancheck cache clear")]
    Clear,
}

/// What the cache writes; anything else in the folder is not ours to remove.
const EXTENSIONS: [&str; 2] = ["artifact", "tmp"];

pub(super) fn run(command: &Command) -> Result<u8, Failure> {
    let dir = setup::cache_dir().ok_or_else(|| {
        Failure::usage("there is no cache folder: set PLANCHECK_CACHE_DIR or HOME")
    })?;
    match command {
        Command::Dir => output::print(&format!("{}\n", dir.display()))?,
        Command::Clear => {
            let bad = |error| Failure::usage(format!("{}: {error}", dir.display()));
            let entries = match fs::read_dir(&dir) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                other => Some(other.map_err(bad)?),
            };
            let (mut files, mut bytes) = (0_u64, 0_u64);
            for entry in entries.into_iter().flatten() {
                let entry = entry.map_err(bad)?;
                let ours = entry
                    .path()
                    .extension()
                    .is_some_and(|e| EXTENSIONS.iter().any(|o| e == *o));
                if ours {
                    let size = entry.metadata().map_or(0, |meta| meta.len());
                    fs::remove_file(entry.path()).map_err(bad)?;
                    (files, bytes) = (files + 1, bytes + size);
                }
            }
            let kib = bytes.div_ceil(1024);
            output::print(&format!(
                "removed {}, {kib} KiB, from {}\n",
                counted(files, "file"),
                dir.display()
            ))?;
        }
    }
    Ok(exit::CLEAN)
}
