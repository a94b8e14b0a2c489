//! Bundles: modules with their signatures in one file, for machines that reach no network.
//!
//! A bundle `X.plancheck-bundle` is an uncompressed tar archive: first `index.json`, then for each module,
//! in the order of names, `NAME.wasm` and, where it is signed, `NAME.wasm.minisig`. Equal modules make
//! equal bytes, and only those bytes are a bundle: what was read is written again and held against it,
//! so nothing can hide in headers, padding or behind the end.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use bytes::Bytes;
use plancheck_engine::module_file::limits::MAX_BYTES;
use serde::{Deserialize, Serialize};
use tar::{Archive, Builder, EntryType, Header};

use crate::render::{cut, safe};

/// Ends the names of bundles.
pub const EXTENSION: &str = "plancheck-bundle";
/// Bytes of a bundle: all codes of a country many times over.
pub const LARGEST: usize = 128 << 20;
/// A signature of minisign has 400 bytes.
pub const LARGEST_SIGNATURE: usize = 4 << 10;
/// Modules of a bundle.
const MOST: usize = 1_000;
/// Letters of a file's name.
const LONGEST_NAME: usize = 90;
const INDEX: &str = "index.json";
const FORMAT: &str = "plancheck-bundle/1";

/// A module's file in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `NAME.wasm`.
    pub name: String,
    /// The file.
    pub bytes: Bytes,
    /// Text of its signature.
    pub signature: Option<String>,
}

/// Why a file is no bundle, or modules make none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// More than a bundle may have.
    #[error("a bundle has at most {limit} bytes, {MOST} modules, and {MAX_BYTES} bytes in each")]
    TooLarge {
        /// Bytes of all.
        limit: usize,
    },
    /// It ends too early, or is no archive.
    #[error("is no archive, or is cut off: {0}")]
    Broken(String),
    /// An entry that no bundle has: another name, a folder, a link, a second one of a name.
    #[error("the entry `{name}` does not belong into a bundle: {why}")]
    Entry {
        /// Of the entry, made safe to print.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The index is not there, or does not say what is there.
    #[error("its index {0}")]
    Index(String),
    /// All parts are right, and it is not the archive that they make.
    #[error("it is not written as bundles are: something was changed or added")]
    Changed,
}

impl BundleError {
    /// A stable name, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            BundleError::TooLarge { .. } => "bundle-too-large",
            BundleError::Broken(_) => "bundle-broken",
            BundleError::Entry { .. } => "bundle-entry",
            BundleError::Index(_) => "bundle-index",
            BundleError::Changed => "bundle-changed",
        }
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Index {
    format: String,
    modules: Vec<Indexed>,
}

#[derive(Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Indexed {
    file: String,
    bytes: usize,
    /// Hex.
    blake3: String,
    /// BLAKE3 (hex) of its signature, where it has one.
    signature: Option<String>,
}

/// Whether a file is a bundle, by its name.
#[must_use]
pub fn is_bundle(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == EXTENSION)
}

/// The bytes of a bundle: equal ones for equal modules, in whatever order they come.
///
/// # Errors
/// [`BundleError::TooLarge`]; [`BundleError::Entry`] for a name that has other letters than
/// `A-Z a-z 0-9 . _ -`, does not end with `.wasm`, or is there twice.
pub fn write(parts: &[Part]) -> Result<Vec<u8>, BundleError> {
    let mut sorted: Vec<&Part> = parts.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    for part in &sorted {
        acceptable(&part.name, part.bytes.len(), MAX_BYTES)?;
        if !part.name.ends_with(".wasm") {
            return Err(entry(&part.name, "modules end with .wasm"));
        }
        let signature = part.signature.as_ref().map_or(0, String::len);
        if signature > LARGEST_SIGNATURE {
            return Err(entry(&part.name, "its signature is too long"));
        }
    }
    if let Some(twice) = sorted.windows(2).find(|two| two[0].name == two[1].name) {
        return Err(entry(&twice[0].name, "it is there twice"));
    }
    let size: usize = sorted
        .iter()
        .map(|part| part.bytes.len() + 4 * LARGEST_SIGNATURE)
        .sum();
    if sorted.len() > MOST || size > LARGEST {
        return Err(BundleError::TooLarge { limit: LARGEST });
    }
    let index = Index {
        format: FORMAT.to_owned(),
        modules: sorted.iter().map(|part| indexed(part)).collect(),
    };
    let mut index = serde_json::to_vec_pretty(&index).map_err(broken)?;
    index.push(b'\n');
    let mut archive = Builder::new(Vec::new());
    append(&mut archive, INDEX, &index)?;
    for part in sorted {
        append(&mut archive, &part.name, &part.bytes)?;
        if let Some(signature) = &part.signature {
            let name = format!("{}.minisig", part.name);
            append(&mut archive, &name, signature.as_bytes())?;
        }
    }
    archive.into_inner().map_err(broken)
}

/// The modules of a bundle, in the order of their names. Their bytes lie in those that were given.
/// Signatures are not judged here.
///
/// # Errors
/// Why it is no bundle. Nothing is kept that is larger than the bytes that were given.
pub fn read(bytes: &Bytes) -> Result<Vec<Part>, BundleError> {
    if bytes.len() > LARGEST {
        return Err(BundleError::TooLarge { limit: LARGEST });
    }
    let mut files = entries(bytes)?;
    let index = files
        .remove(INDEX)
        .ok_or_else(|| BundleError::Index("is missing".to_owned()))?;
    let index: Index = serde_json::from_slice(&index)
        .map_err(|error| BundleError::Index(format!("cannot be read: {error}")))?;
    if index.format != FORMAT {
        let format = cut(&safe(&index.format), LONGEST_NAME).into_owned();
        return Err(BundleError::Index(format!(
            "is of the format `{format}`, not {FORMAT}"
        )));
    }
    let mut parts = Vec::new();
    for listed in &index.modules {
        let lies = |why: &str| {
            let name = cut(&safe(&listed.file), LONGEST_NAME).into_owned();
            BundleError::Index(format!("says otherwise of `{name}`: {why}"))
        };
        let bytes = files
            .remove(&listed.file)
            .ok_or_else(|| lies("it is not there"))?;
        let signature = files.remove(&format!("{}.minisig", listed.file));
        let signature = signature
            .map(|text| String::from_utf8(text.to_vec()))
            .transpose();
        let part = Part {
            name: listed.file.clone(),
            bytes,
            signature: signature.map_err(|_| lies("its signature is no text"))?,
        };
        if indexed(&part) != *listed {
            return Err(lies("it is another file"));
        }
        parts.push(part);
    }
    if let Some(name) = files.keys().next() {
        return Err(entry(name, "the index does not name it"));
    }
    match write(&parts)? == bytes[..] {
        true => Ok(parts),
        false => Err(BundleError::Changed),
    }
}

/// Plain files with plain names, each once. Headers of extensions, which could give other names and
/// sizes, are entries of other kinds.
fn entries(bytes: &Bytes) -> Result<BTreeMap<String, Bytes>, BundleError> {
    let mut files = BTreeMap::new();
    let mut archive = Archive::new(&bytes[..]);
    for read in archive.entries().map_err(broken)?.raw(true) {
        let mut read = read.map_err(broken)?;
        let name = String::from_utf8_lossy(&read.path_bytes()).into_owned();
        if read.header().entry_type() != EntryType::Regular {
            return Err(entry(&name, "it is no plain file"));
        }
        let size = usize::try_from(read.size()).unwrap_or(usize::MAX);
        acceptable(&name, size, MAX_BYTES)?;
        let start = usize::try_from(read.raw_file_position()).unwrap_or(usize::MAX);
        let whole = start.checked_add(size).filter(|end| *end <= bytes.len());
        let Some(end) = whole else {
            return Err(BundleError::Broken(format!("`{name}` is not whole")));
        };
        // The archive goes on behind it only when it was read.
        std::io::copy(&mut read.by_ref().take(size as u64), &mut std::io::sink())
            .map_err(broken)?;
        if files
            .insert(name.clone(), bytes.slice(start..end))
            .is_some()
        {
            return Err(entry(&name, "it is there twice"));
        }
        if files.len() > 2 * MOST + 1 {
            return Err(BundleError::TooLarge { limit: LARGEST });
        }
    }
    Ok(files)
}

/// A name that is a file's in any folder, and stays in that folder.
pub(crate) fn plain_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && !name.starts_with('.')
        && name.chars().all(plain)
}

/// A plain name, and a size within bounds.
fn acceptable(name: &str, size: usize, most: usize) -> Result<(), BundleError> {
    if !plain_name(name) {
        return Err(entry(
            name,
            "names have letters, digits, `.`, `_` and `-`, 90 at most",
        ));
    }
    if size > most {
        return Err(BundleError::TooLarge { limit: LARGEST });
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn indexed(part: &Part) -> Indexed {
    Indexed {
        file: part.name.clone(),
        bytes: part.bytes.len(),
        blake3: hex(&part.bytes),
        signature: part.signature.as_ref().map(|text| hex(text.as_bytes())),
    }
}

/// No time, no owner: nothing that differs between machines.
fn append(archive: &mut Builder<Vec<u8>>, name: &str, bytes: &[u8]) -> Result<(), BundleError> {
    let mut header = Header::new_ustar();
    header.set_path(name).map_err(broken)?;
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    archive.append(&header, bytes).map_err(broken)
}

fn entry(name: &str, why: &'static str) -> BundleError {
    BundleError::Entry {
        name: cut(&safe(name), LONGEST_NAME).into_owned(),
        why,
    }
}

fn broken(error: impl std::fmt::Display) -> BundleError {
    BundleError::Broken(cut(&safe(&error.to_string()), 200).into_owned())
}
