//! Whether what a step works on is as it was when the step was done last.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// What a step works on, as one digest.
pub struct Inputs(blake3::Hasher);

impl Inputs {
    /// Begins with what the step itself is: versions of tools, flags.
    pub fn new(what: &str) -> Inputs {
        let mut inputs = Inputs(blake3::Hasher::new());
        inputs.text(what);
        inputs
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Adds a file that must be there.
    pub fn file(&mut self, path: &Path) -> Result<()> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        self.bytes(&bytes);
        Ok(())
    }

    /// Adds every file of a folder with its name, but for folders of these names.
    pub fn folder(&mut self, folder: &Path, without: &[&str]) -> Result<()> {
        let mut files = Vec::new();
        collect(folder, without, &mut files)?;
        files.sort();
        for path in files {
            let name = path.strip_prefix(folder).unwrap_or(&path);
            self.text(&name.to_string_lossy().replace('\\', "/"));
            self.file(&path)?;
        }
        Ok(())
    }

    fn digest(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }

    /// Whether the step was done last with these inputs.
    pub fn same_as(&self, stamp: &Path) -> bool {
        fs::read_to_string(stamp).is_ok_and(|old| old == self.digest())
    }

    /// Notes that the step was done.
    pub fn write(&self, stamp: &Path) -> Result<()> {
        if let Some(folder) = stamp.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(stamp, self.digest()).with_context(|| stamp.display().to_string())
    }
}

fn collect(folder: &Path, without: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let kind = entry.file_type()?;
        if kind.is_dir() && !without.iter().any(|other| name == *other) {
            collect(&entry.path(), without, files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_fresh_until_a_file_changes() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        let stamp = folder.join("own/stamp");
        fs::create_dir_all(folder.join("a/dist")).unwrap();
        fs::write(folder.join("a/one"), "1").unwrap();
        let inputs = || {
            let mut inputs = Inputs::new("step");
            inputs.folder(&folder.join("a"), &["dist"]).unwrap();
            inputs
        };
        assert!(!inputs().same_as(&stamp));
        inputs().write(&stamp).unwrap();
        assert!(inputs().same_as(&stamp));
        fs::write(folder.join("a/dist/made"), "x").unwrap();
        assert!(inputs().same_as(&stamp));
        fs::rename(folder.join("a/one"), folder.join("a/two")).unwrap();
        assert!(!inputs().same_as(&stamp));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn lengths_keep_texts_apart() {
        let digest = |texts: &[&str]| {
            let mut inputs = Inputs::new("");
            texts.iter().for_each(|text| inputs.text(text));
            inputs.digest()
        };
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
    }
}
