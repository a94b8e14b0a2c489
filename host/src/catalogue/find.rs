//! Where modules lie: inside the program, and in files. Each file is read once; what is signed, hashed
//! and compiled later are the bytes that were read here.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;

use super::CatalogueError;
use crate::bundle::{self, LARGEST_SIGNATURE, Part, is_bundle};
use crate::check::Problem;
use crate::registry::{self, Artifact, Pulled};
use crate::runtime::{Limits, embedded_modules, embedded_rulebooks};
use crate::trust::Trusted;

/// Files of modules in one folder: there are not as many codes.
const MOST_FILES: usize = 1_000;

/// Where modules are looked for.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Leave out those that are built into the program.
    pub no_embedded: bool,
    /// Leave out those of them that are rulebooks.
    pub no_rulebooks: bool,
    /// Every `*.wasm` and every bundle in these folders.
    pub dirs: Vec<PathBuf>,
    /// These files, modules or bundles; `oci://…` are artifacts in registries.
    pub files: Vec<PathBuf>,
    /// Where artifacts of registries are kept; none: fetched each time.
    pub keep: Option<PathBuf>,
    /// Whose files are taken.
    pub trusted: Trusted,
}

/// Where a module was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built into the program.
    Embedded,
    /// A file.
    File(PathBuf),
    /// A file in a bundle, or in an artifact of a registry.
    Bundle(PathBuf, String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Embedded => f.write_str("this program"),
            Origin::File(path) => write!(f, "{}", path.display()),
            Origin::Bundle(bundle, name) => write!(f, "{name} in {}", bundle.display()),
        }
    }
}

/// A module that is there, not loaded yet.
pub(super) struct Found {
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) bytes: Result<Bytes, Problem>,
    /// Text of its signature.
    pub(super) signature: Option<String>,
    /// What it says of itself, where that is known without running it.
    pub(super) manifest: Option<&'static str>,
}

/// All that there is, in the order in which later ones replace earlier ones.
pub(super) fn all(sources: &Sources) -> Result<Vec<Found>, CatalogueError> {
    let mut found = embedded(sources);
    for dir in &sources.dirs {
        for path in in_dir(dir).map_err(|error| CatalogueError::Dir {
            path: dir.clone(),
            error,
        })? {
            found.extend(Raw::read(&path, None).found(&path));
        }
    }
    for path in &sources.files {
        found.extend(Raw::read(path, sources.keep.as_deref()).found(path));
    }
    Ok(found)
}

pub(super) fn embedded(sources: &Sources) -> Vec<Found> {
    if sources.no_embedded {
        return Vec::new();
    }
    let of = |name: &str, bytes: &'static [u8], manifest| Found {
        name: name.to_owned(),
        origin: Origin::Embedded,
        bytes: Ok(Bytes::from_static(bytes)),
        signature: None,
        manifest,
    };
    let modules = embedded_modules().iter();
    let mut found: Vec<Found> = modules.map(|(name, bytes)| of(name, bytes, None)).collect();
    if !sources.no_rulebooks {
        let rulebooks = embedded_rulebooks().iter();
        found.extend(rulebooks.map(|(name, manifest, bytes)| of(name, bytes, Some(*manifest))));
    }
    found
}

/// Files of modules in a folder, sorted.
pub(super) fn in_dir(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let module = path
            .extension()
            .is_some_and(|extension| extension == "wasm");
        if module || is_bundle(&path) {
            paths.push(path);
        }
        if paths.len() > MOST_FILES {
            return Err(io::Error::other(format!(
                "more than {MOST_FILES} files of modules"
            )));
        }
    }
    paths.sort();
    Ok(paths)
}

/// What tells from outside that a file or its signature is another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    file: (u64, Option<SystemTime>),
    signature: Option<(u64, Option<SystemTime>)>,
}

impl Stamp {
    /// None where there is no such file. What is in a registry looks always the same from outside.
    ///
    /// # Errors
    /// It cannot be looked at: whether it is there is not known.
    pub(super) fn of(path: &Path) -> io::Result<Option<Stamp>> {
        if artifact(path).is_some() {
            return Ok(Some(Stamp::default()));
        }
        let look = |path: &Path| match fs::metadata(path) {
            Ok(about) => Ok(Some((about.len(), about.modified().ok()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        let signature = look(&beside(path))?;
        Ok(look(path)?.map(|file| Stamp { file, signature }))
    }
}

/// Where the signature of a module's file is.
fn beside(module: &Path) -> PathBuf {
    let mut name = module.as_os_str().to_owned();
    name.push(".minisig");
    name.into()
}

/// The text of what is in a registry, and no file.
fn artifact(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| registry::is_artifact(text))
}

/// What its module may be called, before anybody could read it.
fn named(path: &Path) -> String {
    match artifact(path).and_then(|text| text.parse::<Artifact>().ok()) {
        Some(artifact) => artifact.short().to_owned(),
        None => {
            let stem = path.file_stem().unwrap_or(path.as_os_str());
            stem.to_string_lossy().into_owned()
        }
    }
}

/// A file and its signature, or an artifact of a registry: read once.
pub(super) enum Raw {
    File {
        bytes: Result<Bytes, Problem>,
        signature: Option<String>,
    },
    Artifact(Result<Pulled, Problem>),
}

impl Raw {
    /// Reads no more than such a file may have. `keep`: where artifacts are kept.
    pub(super) fn read(path: &Path, keep: Option<&Path>) -> Raw {
        if let Some(text) = artifact(path) {
            return Raw::Artifact(fetched(text, keep));
        }
        let most = match is_bundle(path) {
            true => bundle::LARGEST,
            false => Limits::default().max_module_bytes,
        } as u64;
        let at = |code: &str, why: &dyn fmt::Display| Problem {
            code: code.to_owned(),
            message: format!("{}: {why}", path.display()),
        };
        let bytes = read(path, most).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => at(
                "too-large",
                &format_args!("larger than such a file may be, {most} bytes"),
            ),
            _ => at("unreadable", &error),
        });
        // One that cannot be read is none: the module is not signed then.
        let signature = read(&beside(path), LARGEST_SIGNATURE as u64).ok();
        Raw::File {
            bytes: bytes.map(Bytes::from),
            signature: signature.and_then(|bytes| String::from_utf8(bytes).ok()),
        }
    }

    /// Of all that was read; equal digests, equal modules.
    pub(super) fn digest(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        match self {
            Raw::File {
                bytes: Ok(bytes),
                signature,
            } => hasher
                .update(blake3::hash(bytes).as_bytes())
                .update(signature.as_deref().unwrap_or_default().as_bytes()),
            Raw::Artifact(Ok(pulled)) => hasher.update(pulled.digest.as_bytes()),
            Raw::File {
                bytes: Err(problem),
                ..
            }
            | Raw::Artifact(Err(problem)) => hasher.update(problem.message.as_bytes()),
        };
        *hasher.finalize().as_bytes()
    }

    /// The modules in it.
    pub(super) fn found(self, path: &Path) -> Vec<Found> {
        let one = |bytes, signature| {
            vec![Found {
                name: named(path),
                origin: Origin::File(path.to_owned()),
                bytes,
                signature,
                manifest: None,
            }]
        };
        let parts = match self {
            Raw::File { bytes, signature } if !is_bundle(path) => return one(bytes, signature),
            Raw::File { bytes, .. } => bytes.and_then(|bytes| opened(path, &bytes)),
            Raw::Artifact(pulled) => pulled.map(|pulled| pulled.parts),
        };
        match parts {
            Ok(parts) => parts.into_iter().map(|part| inside(path, part)).collect(),
            Err(problem) => one(Err(problem), None),
        }
    }
}

fn fetched(text: &str, keep: Option<&Path>) -> Result<Pulled, Problem> {
    let at = |code: &str, why: &dyn fmt::Display| Problem {
        code: code.to_owned(),
        message: format!("{text}: {why}"),
    };
    let artifact: Artifact = text
        .parse()
        .map_err(|why: String| at("registry-reference", &why))?;
    let pulled = registry::pull(&artifact, keep).map_err(|error| at(error.code(), &error))?;
    if let Some(note) = &pulled.note {
        tracing::warn!("{note}");
    }
    Ok(pulled)
}

fn opened(path: &Path, bytes: &Bytes) -> Result<Vec<Part>, Problem> {
    bundle::read(bytes).map_err(|error| Problem {
        code: error.code().to_owned(),
        message: format!("{}: {error}", path.display()),
    })
}

fn inside(path: &Path, part: Part) -> Found {
    let stem = part.name.trim_end_matches(".wasm");
    Found {
        name: stem.to_owned(),
        bytes: Ok(part.bytes),
        signature: part.signature,
        manifest: None,
        origin: Origin::Bundle(path.to_owned(), part.name),
    }
}

/// Modules with their signatures, of files, folders and bundles: to be handed on, nothing is judged.
///
/// # Errors
/// What cannot be read, or a folder without modules.
pub fn parts_of(paths: &[PathBuf]) -> Result<Vec<Part>, String> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let inside = in_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
        if inside.is_empty() {
            return Err(format!("{}: there is no module in it", path.display()));
        }
        files.extend(inside);
    }
    let mut parts = Vec::new();
    for path in &files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match Raw::read(path, None) {
            Raw::Artifact(pulled) => parts.extend(pulled.map_err(|problem| problem.message)?.parts),
            Raw::File { bytes, signature } => {
                let bytes = bytes.map_err(|problem| problem.message)?;
                if is_bundle(path) {
                    parts.extend(opened(path, &bytes).map_err(|problem| problem.message)?);
                } else {
                    parts.push(Part {
                        name: name.into_owned(),
                        bytes,
                        signature,
                    });
                }
            }
        }
    }
    Ok(parts)
}

/// A plain file of so many bytes at most. Pipes and devices would never end.
fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("is no file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}
