//! What was fetched, on disk: files under the digests of what is in them, held against these again when
//! they are read. So nobody who can write there can change what is loaded.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::{Artifact, Fetched, LARGEST_MANIFEST, Manifest, sha256};
use crate::bundle::Part;
use plancheck_engine::module_file::limits::MAX_BYTES;

/// The folder; none: nothing is kept.
pub(super) struct Kept(Option<PathBuf>);

impl Kept {
    pub(super) fn new(folder: Option<&Path>) -> Kept {
        Kept(folder.map(|folder| folder.join("registry")))
    }

    fn path(&self, digest: &str) -> Option<PathBuf> {
        Some(self.0.as_ref()?.join(digest.replace(':', "-")))
    }

    /// Which digest a tag had last.
    fn tag(&self, artifact: &Artifact) -> Option<PathBuf> {
        let name = blake3::hash(artifact.text.as_bytes()).to_hex();
        Some(self.0.as_ref()?.join(format!("tag-{}", &name[..32])))
    }

    /// Bytes under a digest that are what it says.
    pub(super) fn read(&self, digest: &str, most: usize) -> Option<Bytes> {
        let path = self.path(digest)?;
        let fits =
            fs::metadata(&path).is_ok_and(|about| about.is_file() && about.len() <= most as u64);
        let bytes = fits.then(|| fs::read(&path).ok()).flatten()?;
        (sha256(&bytes) == digest).then(|| bytes.into())
    }

    /// The modules of an artifact, if all of it is here and whole.
    pub(super) fn artifact(&self, digest: &str) -> Option<Vec<Part>> {
        let manifest = self.read(digest, LARGEST_MANIFEST)?;
        let layers = Manifest::read(&manifest).ok()?.layers;
        let layers = layers
            .iter()
            .map(|layer| self.read(&layer.digest, MAX_BYTES));
        let fetched = Fetched {
            digest: digest.to_owned(),
            layers: layers.collect::<Option<_>>()?,
            manifest,
        };
        fetched.parts().ok()
    }

    /// What a tag pointed to last.
    pub(super) fn tagged(&self, artifact: &Artifact) -> Option<String> {
        let text = fs::read_to_string(self.tag(artifact)?).ok()?;
        super::is_digest(&text).then_some(text)
    }

    /// Keeps what was fetched. Where that cannot be, it is fetched again the next time.
    pub(super) fn keep(&self, artifact: &Artifact, fetched: &Fetched) {
        let Some(folder) = &self.0 else { return };
        let kept = fs::create_dir_all(folder).and_then(|()| {
            for layer in &fetched.layers {
                self.write(self.path(&sha256(layer)), layer)?;
            }
            self.write(self.path(&fetched.digest), &fetched.manifest)?;
            self.write(self.tag(artifact), fetched.digest.as_bytes())
        });
        if let Err(error) = kept {
            tracing::warn!(folder = %folder.display(), %error, "what was fetched is not kept");
        }
    }

    /// Beside, then in its place: a reader sees the whole file or none.
    fn write(&self, path: Option<PathBuf>, bytes: &[u8]) -> std::io::Result<()> {
        let Some(path) = path else { return Ok(()) };
        let beside = path.with_extension(format!("{}.partial", std::process::id()));
        let done = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, &path));
        if done.is_err() {
            let _ = fs::remove_file(&beside);
        }
        done
    }
}
