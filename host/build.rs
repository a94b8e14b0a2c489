//! Finds the components to build into the program and writes the list of them as Rust source,
//! which `src/runtime/embedded.rs` includes.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=PLANCHECK_ARTIFACTS");
    let root = match env::var_os("PLANCHECK_ARTIFACTS") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
            let root = Path::new(&manifest).join("../target/plancheck");
            // Cargo can only watch what exists; otherwise it would build the host every time.
            fs::create_dir_all(root.join("modules"))?;
            fs::create_dir_all(root.join("rulebooks"))?;
            root
        }
    };
    println!("cargo::rerun-if-changed={}", root.display());
    watch_app()?;
    let engine = Some(root.join("engine.wasm")).filter(|path| path.is_file());
    let modules = components(&root.join("modules"))?;
    let rulebooks = components(&root.join("rulebooks"))?;

    let engine = match engine {
        Some(path) => format!("Some({})", include(&path)?),
        None => "None".to_owned(),
    };
    let optional = |name: &str| -> io::Result<String> {
        let path = root.join(name);
        if path.is_file() {
            Ok(format!("Some({})", include(&path)?))
        } else {
            Ok("None".to_owned())
        }
    };
    let mut source = format!(
        "const ENGINE: Option<&[u8]> = {engine};\n\
         const INTERPRETER: Option<&[u8]> = {};\n\
         const RUNNER: Option<&[u8]> = {};\n",
        optional("rulebook-interpreter.wasm")?,
        optional("rule-files-runner.wasm")?,
    );
    source.push_str("const MODULES: &[(&str, &[u8])] = &[\n");
    for path in modules {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        source.push_str(&format!("    ({name:?}, {}),\n", include(&path)?));
    }
    source.push_str("];\n");
    source.push_str("const RULEBOOKS: &[(&str, &str, &[u8])] = &[\n");
    for path in rulebooks {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let manifest = include(&path.with_extension("json"))?.replacen("_bytes", "_str", 1);
        source.push_str(&format!(
            "    ({name:?}, {manifest}, {}),\n",
            include(&path)?
        ));
    }
    source.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("embedded.rs"), source)
}

/// The `*.wasm` files of a folder, by name; none where there is no folder.
fn components(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = match fs::read_dir(folder) {
        Ok(entries) => entries
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<_>>()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    found.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "wasm")
    });
    found.sort();
    Ok(found)
}

/// The app is read from its folder by a debug build, and embedded by others: those are built again
/// when `./x web` made another one.
fn watch_app() -> io::Result<()> {
    if env::var_os("PROFILE").is_some_and(|profile| profile == "debug") {
        return Ok(());
    }
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let made = Path::new(&manifest).join("../target/web");
    fs::create_dir_all(&made)?;
    println!("cargo::rerun-if-changed={}", made.display());
    Ok(())
}

/// `include_bytes!` of a file, by its full path.
fn include(path: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", path.display());
    Ok(format!("include_bytes!({:?})", path.canonicalize()?))
}
