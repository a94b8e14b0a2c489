//! Rules about files as a whole: how large, how long, which kinds may lie where.

use super::{Breach, File};

/// A tracked file larger than this is a build output, a model by others, or belongs elsewhere.
const MAX_FILE_BYTES: u64 = 1_000_000;
/// Larger files that belong here: path and reason.
const LARGE_FILES: &[(&str, &str)] = &[];

/// A Rust source longer than this holds more than one subject. Most have at most 400 lines.
const MAX_RUST_LINES: usize = 600;
/// Longer sources that are still one subject: path and reason.
const LONG_SOURCES: &[(&str, &str)] = &[];

/// Folders whose building models we wrote ourselves.
const OWN_MODELS: &[&str] = &["demo", "fixtures", "seeds"];

/// No large files.
pub fn size(file: &File) -> Vec<Breach> {
    if file.size <= MAX_FILE_BYTES || listed(LARGE_FILES, file) {
        return Vec::new();
    }
    let what = format!(
        "{} bytes; a tracked file has at most {MAX_FILE_BYTES}",
        file.size
    );
    vec![Breach::new(file, 0, what)]
}

/// No long Rust sources.
pub fn length(file: &File) -> Vec<Breach> {
    let lines = file.rust().map_or(0, |text| text.lines().count());
    if lines <= MAX_RUST_LINES || listed(LONG_SOURCES, file) {
        return Vec::new();
    }
    let what = format!("{lines} lines; split it by subject (at most {MAX_RUST_LINES})");
    vec![Breach::new(file, 0, what)]
}

/// No building models by others: their licences are unclear.
pub fn models(file: &File) -> Vec<Breach> {
    let path = file.path.to_ascii_lowercase();
    let is_model = [".ifc", ".ifczip", ".ifcxml"]
        .iter()
        .any(|end| path.ends_with(end));
    if !is_model || path.split('/').any(|part| OWN_MODELS.contains(&part)) {
        return Vec::new();
    }
    vec![Breach::new(
        file,
        0,
        "a building model outside demo/, fixtures/ and seeds/; only our own models are tracked",
    )]
}

/// Every crate of the workspace takes the workspace's lints.
pub fn workspace_lints(file: &File) -> Vec<Breach> {
    let own_workspace = ["fuzz/", "tests/hostile/"]
        .iter()
        .any(|folder| file.path.starts_with(folder));
    let is_manifest = file.path.ends_with("/Cargo.toml");
    let Some(text) = file
        .text
        .as_deref()
        .filter(|_| is_manifest && !own_workspace)
    else {
        return Vec::new();
    };
    let mut table = "";
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            table = line;
        } else if table == "[lints]" && line.replace(' ', "") == "workspace=true" {
            return Vec::new();
        }
    }
    vec![Breach::new(
        file,
        0,
        "needs `[lints]` with `workspace = true`",
    )]
}

fn listed(exceptions: &[(&str, &str)], file: &File) -> bool {
    exceptions.iter().any(|(path, _reason)| *path == file.path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn large_files_are_found() {
        let of_size = |size| File {
            path: "a.bin".into(),
            size,
            text: None,
        };
        assert!(size(&of_size(1_000_000)).is_empty());
        assert_eq!(size(&of_size(1_000_001)).len(), 1);
    }

    #[test]
    fn long_sources_are_found() {
        assert!(length(&file("a.rs", &"\n".repeat(600))).is_empty());
        assert_eq!(length(&file("a.rs", &"\n".repeat(601))).len(), 1);
        assert!(length(&file("a.json", &"\n".repeat(601))).is_empty());
    }

    #[test]
    fn models_lie_in_their_folders_only() {
        for path in [
            "demo/office.ifc",
            "engine-wasm/tests/fixtures/a.IFC",
            "notes.md",
        ] {
            assert!(models(&file(path, "")).is_empty(), "{path}");
        }
        for path in ["office.ifc", "tests/data/a.IFC", "tests/a.ifczip"] {
            assert_eq!(models(&file(path, "")).len(), 1, "{path}");
        }
    }

    #[test]
    fn manifests_take_the_workspace_lints() {
        let good = "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n";
        assert!(workspace_lints(&file("host/Cargo.toml", good)).is_empty());
        assert!(workspace_lints(&file("Cargo.toml", "[workspace]")).is_empty());
        assert!(workspace_lints(&file("fuzz/Cargo.toml", "[package]")).is_empty());
        let elsewhere = "[lints]\n[dependencies]\nworkspace = true\n";
        assert_eq!(
            workspace_lints(&file("host/Cargo.toml", elsewhere)).len(),
            1
        );
    }
}
