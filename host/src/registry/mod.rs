//! Registries: modules with their signatures as OCI artifacts, in the registries that container images
//! lie in. docs/modules.md says how the artifact is made.
//!
//! Nothing that a registry says is believed: the manifest is what its digest says, layers are what the
//! manifest says, and modules are held against their signatures like those of files. What was fetched is
//! kept and held against its digests again when it is used.

mod client;
mod credentials;
mod kept;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use bytes::Bytes;
use oci_client::Reference;
use serde::Deserialize;
use serde_json::json;

use crate::bundle::{LARGEST_SIGNATURE, Part, plain_name};
use crate::render::{cut, safe};
use plancheck_engine::module_file::limits::MAX_BYTES;

use kept::Kept;

/// How references begin.
const SCHEME: &str = "oci://";
/// What kind of artifact it is.
const ARTIFACT: &str = "application/vnd.plancheck.modules.v1";
/// The file of a module.
const MODULE: &str = "application/vnd.plancheck.module.v1+wasm";
/// Its signature, as minisign writes it.
const SIGNATURE: &str = "application/vnd.plancheck.signature.v1+minisign";
/// The kind of manifest, and the configuration that artifacts do not have.
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
const NOTHING: &[u8] = b"{}";
/// What a layer is called.
const TITLE: &str = "org.opencontainers.image.title";
/// Bytes of a manifest: it names 200 layers in less.
const LARGEST_MANIFEST: usize = 256 << 10;
/// Layers of an artifact.
const MOST_LAYERS: usize = 200;

/// `oci://host/repository:tag`, `oci://host/repository@sha256:…`, or with both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    reference: Reference,
    /// As it was written.
    text: String,
}

/// What was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// `sha256:…` of the manifest.
    pub digest: String,
    /// The modules, with their signatures; nothing is judged yet.
    pub parts: Vec<Part>,
    /// What whoever asked should know.
    pub note: Option<String>,
}

/// Why modules cannot be fetched or sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// It does not answer, or its answer breaks off.
    #[error("the registry does not answer: {0}")]
    Unreachable(String),
    /// It answers, but not in time.
    #[error("the registry took longer than {seconds} s")]
    TooSlow {
        /// The limit for all of it.
        seconds: u64,
    },
    /// Nobody may read or write there with these credentials.
    #[error(
        "the registry refuses access: log in with `docker login`, or set PLANCHECK_REGISTRY_USER and \
         PLANCHECK_REGISTRY_PASSWORD"
    )]
    Denied,
    /// There is nothing under this name.
    #[error("the registry has nothing under this name")]
    NotFound,
    /// More than such a thing has.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// Its limit.
        limit: usize,
    },
    /// It gave something else than what was asked for.
    #[error("{what} is not what its digest says")]
    Digest {
        /// Which part.
        what: &'static str,
    },
    /// Something else than modules, or not made as `module push` makes it.
    #[error("it is no artifact of modules: {0}")]
    NotModules(String),
    /// It answers with an error.
    #[error("the registry answers: {0}")]
    Refused(String),
}

impl RegistryError {
    /// A stable name, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            RegistryError::Unreachable(_) => "registry-unreachable",
            RegistryError::TooSlow { .. } => "registry-too-slow",
            RegistryError::Denied => "registry-denied",
            RegistryError::NotFound => "registry-not-found",
            RegistryError::TooLarge { .. } => "registry-too-large",
            RegistryError::Digest { .. } => "registry-wrong-digest",
            RegistryError::NotModules(_) => "registry-not-modules",
            RegistryError::Refused(_) => "registry-refused",
        }
    }

    /// Whether the registry may have it, and only cannot be asked now.
    fn is_absence(&self) -> bool {
        matches!(
            self,
            RegistryError::Unreachable(_) | RegistryError::TooSlow { .. }
        )
    }
}

/// Whether a text names an artifact, and not a file.
#[must_use]
pub fn is_artifact(text: &str) -> bool {
    text.starts_with(SCHEME)
}

impl FromStr for Artifact {
    type Err = String;

    fn from_str(text: &str) -> Result<Artifact, String> {
        let wrong = || {
            let shown = cut(&safe(text), 200).into_owned();
            format!("`{shown}`: write oci://host/repository:tag or oci://host/repository@sha256:…")
        };
        let rest = text.strip_prefix(SCHEME).ok_or_else(wrong)?;
        let (host, path) = rest.split_once('/').ok_or_else(wrong)?;
        // Otherwise it would be a name on the hub of Docker, which nobody meant.
        let is_host = host == "localhost" || host.contains(['.', ':']);
        // `latest` is meant by nobody who does not say it.
        let last = path.rsplit('/').next().unwrap_or_default();
        if !is_host || !last.contains([':', '@']) || host.contains('@') {
            return Err(wrong());
        }
        let reference: Reference = rest.parse().map_err(|_| wrong())?;
        if reference.digest().is_some_and(|digest| !is_digest(digest)) {
            return Err(wrong());
        }
        Ok(Artifact {
            reference,
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Artifact {
    /// Whether it names one artifact for ever, and not what a tag points to today.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.reference.digest().is_some()
    }

    /// A name without the registry, for places where a file has one.
    #[must_use]
    pub fn short(&self) -> &str {
        self.reference
            .repository()
            .rsplit('/')
            .next()
            .unwrap_or_default()
    }
}

/// Fetches modules. What was fetched is kept in the folder `keep`: a pinned artifact is not asked for
/// again, and one with a tag is taken from there while the registry does not answer.
///
/// Blocks while it waits; never longer than a minute.
///
/// # Errors
/// See [`RegistryError`].
pub fn pull(artifact: &Artifact, keep: Option<&Path>) -> Result<Pulled, RegistryError> {
    let kept = Kept::new(keep);
    if let Some(digest) = artifact.reference.digest()
        && let Some(parts) = kept.artifact(digest)
    {
        return Ok(Pulled {
            digest: digest.to_owned(),
            parts,
            note: None,
        });
    }
    match client::pull(artifact, &kept) {
        Ok(fetched) => {
            let parts = fetched.parts()?;
            kept.keep(artifact, &fetched);
            Ok(Pulled {
                digest: fetched.digest,
                parts,
                note: None,
            })
        }
        Err(error) if error.is_absence() => {
            let known = kept
                .tagged(artifact)
                .and_then(|digest| Some((kept.artifact(&digest)?, digest)));
            let Some((parts, digest)) = known else {
                return Err(error);
            };
            let note = Some(format!(
                "{artifact}: {error}; what it gave last, {digest}, is used"
            ));
            Ok(Pulled {
                digest,
                parts,
                note,
            })
        }
        Err(error) => Err(error),
    }
}

/// Sends modules. Answers the digest of what is there now: `sha256:…`.
///
/// # Errors
/// See [`RegistryError`].
pub fn push(artifact: &Artifact, parts: &[Part]) -> Result<String, RegistryError> {
    if parts.is_empty() || parts.len() * 2 > MOST_LAYERS {
        return Err(RegistryError::NotModules(format!(
            "1 to {} modules",
            MOST_LAYERS / 2
        )));
    }
    if artifact.is_pinned() {
        let why = "a digest follows from what is sent: name a tag".to_owned();
        return Err(RegistryError::NotModules(why));
    }
    let mut layers = Vec::new();
    let mut blobs = vec![(sha256(NOTHING), Bytes::from_static(NOTHING))];
    let mut layer = |kind: &str, name: &str, bytes: Bytes| {
        let digest = sha256(&bytes);
        layers.push(json!({
            "mediaType": kind, "digest": digest, "size": bytes.len(), "annotations": { TITLE: name },
        }));
        blobs.push((digest, bytes));
    };
    for part in parts {
        if !plain_name(&part.name) || !part.name.ends_with(".wasm") {
            return Err(RegistryError::NotModules(format!(
                "the name {}",
                safe(&part.name)
            )));
        }
        layer(MODULE, &part.name, part.bytes.clone());
        if let Some(signature) = &part.signature {
            let bytes = Bytes::from(signature.clone());
            layer(SIGNATURE, &format!("{}.minisig", part.name), bytes);
        }
    }
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": ARTIFACT,
        "config": { "mediaType": EMPTY, "digest": sha256(NOTHING), "size": NOTHING.len() },
        "layers": layers,
    });
    let manifest = Bytes::from(manifest.to_string());
    client::push(artifact, blobs, manifest.clone())?;
    Ok(sha256(&manifest))
}

/// A manifest and its layers, as they came.
struct Fetched {
    digest: String,
    manifest: Bytes,
    layers: Vec<Bytes>,
}

/// Of a manifest, what counts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    artifact_type: Option<String>,
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer {
    media_type: String,
    digest: String,
    size: usize,
    #[serde(default)]
    annotations: std::collections::BTreeMap<String, String>,
}

impl Manifest {
    /// Reads and bounds it, before anything that it names is fetched.
    fn read(bytes: &[u8]) -> Result<Manifest, RegistryError> {
        let no = |why: String| RegistryError::NotModules(why);
        let manifest: Manifest = serde_json::from_slice(bytes)
            .map_err(|error| no(cut(&safe(&error.to_string()), 200).into_owned()))?;
        if manifest.artifact_type.as_deref() != Some(ARTIFACT) {
            return Err(no(format!("its type is not {ARTIFACT}")));
        }
        if manifest.layers.is_empty() || manifest.layers.len() > MOST_LAYERS {
            return Err(no(format!("it has not 1 to {MOST_LAYERS} layers")));
        }
        for layer in &manifest.layers {
            if !is_digest(&layer.digest) {
                return Err(no("a layer has no digest of SHA-256".to_owned()));
            }
            let (what, limit) = layer.limit()?;
            if layer.size > limit {
                return Err(RegistryError::TooLarge { what, limit });
            }
        }
        Ok(manifest)
    }
}

impl Layer {
    fn limit(&self) -> Result<(&'static str, usize), RegistryError> {
        match self.media_type.as_str() {
            MODULE => Ok(("a module", MAX_BYTES)),
            SIGNATURE => Ok(("a signature", LARGEST_SIGNATURE)),
            other => {
                let kind = cut(&safe(other), 100).into_owned();
                Err(RegistryError::NotModules(format!("a layer is {kind}")))
            }
        }
    }
}

impl Fetched {
    /// The modules, each with its signature.
    fn parts(&self) -> Result<Vec<Part>, RegistryError> {
        let no = |why: &str, name: &str| {
            let name = cut(&safe(name), 100).into_owned();
            RegistryError::NotModules(format!("the layer `{name}` {why}"))
        };
        let manifest = Manifest::read(&self.manifest)?;
        let mut parts: Vec<Part> = Vec::new();
        for (layer, bytes) in manifest.layers.iter().zip(&self.layers) {
            let name = layer.annotations.get(TITLE).map_or("", String::as_str);
            if !plain_name(name) {
                return Err(no("has no plain name", name));
            }
            if layer.media_type == MODULE {
                if !name.ends_with(".wasm") || parts.iter().any(|part| part.name == name) {
                    return Err(no("does not end with .wasm, or is there twice", name));
                }
                parts.push(Part {
                    name: name.to_owned(),
                    bytes: bytes.clone(),
                    signature: None,
                });
                continue;
            }
            let of = name.strip_suffix(".minisig");
            let part = parts.iter_mut().find(|part| Some(part.name.as_str()) == of);
            match (part, String::from_utf8(bytes.to_vec())) {
                (Some(part), Ok(text)) if part.signature.is_none() => part.signature = Some(text),
                _ => return Err(no("is the signature of no module before it", name)),
            }
        }
        Ok(parts)
    }
}

/// `sha256:` and 64 hex digits, as registries write it.
fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    let hex: String = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256:{hex}")
}

fn is_digest(text: &str) -> bool {
    let hex = text.strip_prefix("sha256:").unwrap_or_default();
    hex.len() == 64
        && hex
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
