//! Gives the engine a digest of its own sources, so that a report names exactly what made it,
//! and the native and the wasm build of the same sources name the same.

use std::{env, fs, path::Path};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| ".".to_owned());
    let mut files = Vec::new();
    for folder in ["src", "contract/src"] {
        collect(&Path::new(&root).join(folder), &mut files);
    }
    files.sort();
    let mut hash = blake3::Hasher::new();
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file);
        hash.update(name.to_string_lossy().replace('\\', "/").as_bytes());
        hash.update(&fs::read(file).unwrap_or_default());
    }
    println!(
        "cargo:rustc-env=PLANCHECK_ENGINE_DIGEST={}",
        hash.finalize().to_hex()
    );
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=contract/src");
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
