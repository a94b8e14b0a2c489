//! Compiled artefacts on disk.
//!
//! An artefact is machine code: loading a wrong one is as bad as running a wrong program. So the
//! folder must belong to us alone, a file names what it was made from and the digest of what it
//! holds, and what does not fit is thrown away and made again.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use super::error::RuntimeError;

/// First bytes of a file; the last one is the version of this format.
const MAGIC: &[u8; 8] = b"PLCKART\x01";
const EXTENSION: &str = "artifact";

/// The folder, or none: then nothing is kept.
pub(super) struct Cache {
    dir: Option<PathBuf>,
    max_bytes: u64,
}

/// What an artefact is made from: WebAssembly, compiler and configuration.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key([u8; 32]);

impl Key {
    /// `fingerprint` stands for compiler and configuration.
    pub(super) fn new(wasm: &[u8], fingerprint: &[u8; 32]) -> Key {
        let mut hash = blake3::Hasher::new();
        hash.update(MAGIC).update(fingerprint).update(wasm);
        Key(*hash.finalize().as_bytes())
    }
}

impl Cache {
    /// Creates the folder, readable by this user only, or checks that nobody else may write there.
    pub(super) fn open(dir: Option<PathBuf>, max_bytes: u64) -> Result<Cache, RuntimeError> {
        if let Some(path) = &dir {
            let bad = |reason| RuntimeError::CacheDir {
                path: path.clone(),
                reason,
            };
            create(path).map_err(|error| bad(error.to_string()))?;
            ours_alone(path).map_err(bad)?;
        }
        Ok(Cache { dir, max_bytes })
    }

    fn path(&self, key: Key) -> Option<PathBuf> {
        let name = blake3::Hash::from_bytes(key.0).to_hex();
        Some(
            self.dir
                .as_ref()?
                .join(name.as_str())
                .with_extension(EXTENSION),
        )
    }

    /// The artefact, if it is there and whole. What is broken is removed.
    pub(super) fn load(&self, key: Key) -> Option<Vec<u8>> {
        let path = self.path(key)?;
        let mut file = fs::read(&path).ok()?;
        match header(&file, key) {
            Some(length) => {
                // When it was used last decides what goes first; not knowing does no harm.
                let _ = File::open(&path).and_then(|f| f.set_modified(SystemTime::now()));
                file.drain(..length);
                Some(file)
            }
            None => {
                self.remove(key);
                None
            }
        }
    }

    /// Forgets an artefact.
    pub(super) fn remove(&self, key: Key) {
        if let Some(path) = self.path(key) {
            // A file that cannot be removed is checked, and refused, again.
            let _ = fs::remove_file(path);
        }
    }

    /// Keeps an artefact. The cache only saves time: when the disk is full, nothing is kept.
    pub(super) fn store(&self, key: Key, artifact: &[u8]) {
        let Some(path) = self.path(key) else { return };
        if write(&path, key, artifact).is_ok() {
            self.prune();
        }
    }

    /// Removes what was not used for longest until the rest fits.
    fn prune(&self) {
        let Some(entries) = self.dir.as_ref().and_then(|dir| fs::read_dir(dir).ok()) else {
            return;
        };
        let mut files: Vec<(SystemTime, u64, PathBuf)> = entries
            .flatten()
            .filter_map(|entry| {
                let meta = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                Some((meta.modified().ok()?, meta.len(), entry.path()))
            })
            .collect();
        files.sort();
        let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, bytes, path) in files {
            if total <= self.max_bytes {
                break;
            }
            if fs::remove_file(path).is_ok() {
                total -= bytes;
            }
        }
    }
}

/// The length of the header, if the file is what its name says.
fn header(file: &[u8], key: Key) -> Option<usize> {
    let rest = file.strip_prefix(MAGIC)?.strip_prefix(&key.0)?;
    let (digest, artifact) = rest.split_first_chunk::<32>()?;
    (blake3::hash(artifact) == blake3::Hash::from_bytes(*digest))
        .then_some(file.len() - artifact.len())
}

/// Writes beside, then renames: a reader sees the whole file or none.
fn write(path: &Path, key: Key, artifact: &[u8]) -> std::io::Result<()> {
    static SERIAL: AtomicU64 = AtomicU64::new(0);
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{serial}.tmp", std::process::id()));
    let fill = |mut file: File| {
        file.write_all(MAGIC)?;
        file.write_all(&key.0)?;
        file.write_all(blake3::hash(artifact).as_bytes())?;
        file.write_all(artifact)
    };
    let done = File::create_new(&beside)
        .and_then(fill)
        .and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

#[cfg(unix)]
fn create(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> std::io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(unix)]
fn ours_alone(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    let meta = fs::metadata(path).map_err(|error| error.to_string())?;
    let us = rustix::process::geteuid().as_raw();
    if meta.uid() != us {
        return Err(format!(
            "it belongs to user {}, not to user {us}",
            meta.uid()
        ));
    }
    if meta.mode() & 0o022 != 0 {
        return Err(format!(
            "others may write there (mode {:o}); make it 700",
            meta.mode() & 0o777
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn ours_alone(_path: &Path) -> Result<(), String> {
    Ok(())
}
