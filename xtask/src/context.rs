//! Where things lie, and how cargo is called.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process;

/// The checkout that the commands work on.
pub struct Context {
    /// The root of the repository.
    pub root: PathBuf,
}

impl Context {
    /// Finds the checkout that this program was built from.
    pub fn new() -> Result<Self> {
        let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = crate_folder
            .parent()
            .context("xtask has no parent folder")?
            .to_path_buf();
        Ok(Self { root })
    }

    /// Where components are written: `target/plancheck`, whatever CARGO_TARGET_DIR says, because the
    /// host's build script and the tests look there.
    pub fn components(&self) -> PathBuf {
        self.root.join("target/plancheck")
    }

    /// The target directory of the WebAssembly builds, apart from the machine's own: their compiler
    /// may be another one.
    pub fn wasm_target(&self) -> PathBuf {
        self.root.join("target/wasm-build")
    }

    /// The cargo that runs us, in the root of the checkout.
    pub fn cargo(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.program(&cargo);
        if !process::colour() {
            command
                .env("CARGO_TERM_COLOR", "never")
                .env("CARGO_TERM_PROGRESS_WHEN", "never");
        }
        command
    }

    /// Another program, in the root of the checkout, without what `cargo run` told us about ourselves.
    pub fn program(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(name);
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// What cargo knows of the workspace whose manifest is given, without dependencies.
    pub fn metadata(&self, manifest: &Path) -> Result<Value> {
        let mut command = self.cargo();
        command
            .args([
                "metadata",
                "--no-deps",
                "--format-version",
                "1",
                "--manifest-path",
            ])
            .arg(manifest);
        serde_json::from_str(&process::output(&mut command)?).context("cargo metadata")
    }

    /// The program `plancheck` of the `dev` profile.
    pub fn plancheck(&self) -> Result<PathBuf> {
        let metadata = self.metadata(&self.root.join("Cargo.toml"))?;
        let target = metadata["target_directory"]
            .as_str()
            .context("cargo metadata: target_directory")?;
        Ok(Path::new(target)
            .join("debug")
            .join(format!("plancheck{}", std::env::consts::EXE_SUFFIX)))
    }
}
