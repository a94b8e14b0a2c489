//! Builds what runs in sandboxes: the engine and the jurisdiction modules.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::component;
use crate::context::Context;
use crate::process;
use crate::toolchain::{self, TARGET, Toolchain};

/// The package that becomes `engine.wasm`.
const ENGINE: &str = "plancheck-engine";
/// Switched on in packages that declare it: exports the package's WIT world.
const COMPONENT_FEATURE: &str = "component";
/// Guests into which a compiled program is put: core modules, their packages and files.
const RUNNERS: [(&str, &str); 2] = [
    (
        "plancheck-rulebook-interpreter",
        "rulebook-interpreter.wasm",
    ),
    ("plancheck-rule-files-runner", "rule-files-runner.wasm"),
];
/// The engine's face for JavaScript.
const BROWSER_FEATURE: &str = "browser";

/// A crate that becomes one component.
#[derive(Debug, PartialEq)]
struct Guest {
    package: String,
    /// The file name of the compiled library, without `.wasm`.
    library: String,
    has_component_feature: bool,
}

/// `./x wasm`
pub fn wasm(context: &Context, _arguments: &[String]) -> Result<()> {
    build(context, &toolchain::prepare(context)?)
}

/// Builds the engine, the runners of compiled programs and every jurisdiction module, and removes
/// modules whose crate is gone.
pub fn build(context: &Context, toolchain: &Toolchain) -> Result<()> {
    let metadata = context.metadata(&context.root.join("Cargo.toml"))?;
    let engine = guests(&metadata, |package| package["name"] == ENGINE)?;
    ensure!(engine.len() == 1, "the workspace has no library {ENGINE}");
    let modules = guests(&metadata, |package| {
        package["metadata"]["plancheck"]["module"] == true
    })?;

    for guest in &engine {
        process::step("Engine to WebAssembly", || {
            let bytes = component::encode(&compile(context, toolchain, guest)?)?;
            component::check_imports_nothing(&bytes).context(guest.package.clone())?;
            write(&context.components().join("engine.wasm"), &bytes)
        })?;
    }
    for (package, file) in RUNNERS {
        for guest in &guests(&metadata, |found| found["name"] == package)? {
            process::step(&format!("{package} to WebAssembly"), || {
                let core = compile(context, toolchain, guest)?;
                component::check_browser_profile(&component::encode(&core)?)
                    .with_context(|| format!("{package} breaks the browser profile"))?;
                write(&context.components().join(file), &core)
            })?;
        }
    }
    let folder = context.components().join("modules");
    for guest in &modules {
        process::step(&format!("Module {} to WebAssembly", guest.package), || {
            let bytes = component::encode(&compile(context, toolchain, guest)?)?;
            component::check_browser_profile(&bytes)
                .with_context(|| format!("{} breaks the browser profile", guest.package))?;
            write(&folder.join(&guest.package).with_extension("wasm"), &bytes)
        })?;
    }
    remove_others(&folder, &modules)?;
    process::step("Rulebooks to WebAssembly", || ship_rulebooks(context))
}

/// Builds the modules of all rulebooks, with the tool that is an example of their crate.
fn ship_rulebooks(context: &Context) -> Result<()> {
    let mut rulebooks = Vec::new();
    for entry in fs::read_dir(context.root.join("rules-plugins"))? {
        let path = entry?.path().join("rulebook.toml");
        if path.is_file() {
            rulebooks.push(path);
        }
    }
    rulebooks.sort();
    // The whole workspace: with the features that tests have nothing is built twice.
    process::run(
        context
            .cargo()
            .args(["build", "--workspace", "--example", "ship"]),
    )?;
    let tool = context.plancheck()?.with_file_name("examples").join("ship");
    process::run(
        context
            .program(tool.with_extension(std::env::consts::EXE_EXTENSION))
            .arg(context.components().join(RUNNERS[0].1))
            .arg(context.components().join("rulebooks"))
            .args(rulebooks),
    )
}

/// The packages of `cargo metadata` that are `wanted` and have a library, by name.
fn guests(metadata: &Value, wanted: impl Fn(&Value) -> bool) -> Result<Vec<Guest>> {
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata: packages")?;
    let mut found = Vec::new();
    for package in packages.iter().filter(|package| wanted(package)) {
        let name = package["name"].as_str().context("cargo metadata: name")?;
        let targets = package["targets"]
            .as_array()
            .context("cargo metadata: targets")?;
        let library = targets
            .iter()
            .find(|target| is_library(target))
            .and_then(|target| target["name"].as_str());
        let Some(library) = library else { continue };
        found.push(Guest {
            package: name.to_owned(),
            library: library.replace('-', "_"),
            has_component_feature: package["features"].get(COMPONENT_FEATURE).is_some(),
        });
    }
    found.sort_by(|a, b| a.package.cmp(&b.package));
    Ok(found)
}

fn is_library(target: &Value) -> bool {
    let kinds = target["kind"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    kinds
        .iter()
        .any(|kind| kind == "cdylib" || kind == "lib" || kind == "rlib")
}

/// Compiles the engine with its face for JavaScript: a core module that wasm-bindgen takes on.
pub fn compile_engine_for_browsers(context: &Context, toolchain: &Toolchain) -> Result<Vec<u8>> {
    let engine = Guest {
        package: ENGINE.to_owned(),
        library: ENGINE.replace('-', "_"),
        has_component_feature: false,
    };
    compile_with(context, toolchain, &engine, "web", &[BROWSER_FEATURE])
}

fn compile(context: &Context, toolchain: &Toolchain, guest: &Guest) -> Result<Vec<u8>> {
    let features = if guest.has_component_feature {
        &[COMPONENT_FEATURE][..]
    } else {
        &[]
    };
    compile_with(context, toolchain, guest, "wasm", features)
}

/// Compiles one guest; the core module. `--crate-type` because cargo leaves out link-time
/// optimisation where a crate is also an rlib. A library has the same file name whatever its features,
/// but each profile has a folder of its own.
fn compile_with(
    context: &Context,
    toolchain: &Toolchain,
    guest: &Guest,
    profile: &str,
    features: &[&str],
) -> Result<Vec<u8>> {
    let mut command = cargo_for_wasm(context, toolchain, "rustc");
    command.args([
        "--package",
        &guest.package,
        "--lib",
        "--crate-type",
        "cdylib",
        "--profile",
        profile,
    ]);
    for feature in features {
        command.args(["--features", feature]);
    }
    process::run(&mut command)?;
    read(&context.wasm_target().join(TARGET).join(profile), guest)
}

fn read(folder: &Path, guest: &Guest) -> Result<Vec<u8>> {
    let path = folder.join(&guest.library).with_extension("wasm");
    fs::read(&path)
        .with_context(|| format!("{}: not built; is its crate-type `cdylib`?", path.display()))
}

/// `cargo SUBCOMMAND` for WebAssembly, with flags that do not depend on the machine.
fn cargo_for_wasm(context: &Context, toolchain: &Toolchain, subcommand: &str) -> Command {
    let mut command = context.cargo();
    command
        .args(&toolchain.arguments)
        .arg(subcommand)
        .args(["--target", TARGET, "--target-dir"]);
    command.arg(context.wasm_target());
    command.env_remove("RUSTFLAGS").env(
        "CARGO_ENCODED_RUSTFLAGS",
        rust_flags(context).join("\u{1f}"),
    );
    command
}

/// 128-bit SIMD: wasmtime, Node 16.4, Chromium 91, Firefox 89 and Safari 16.4 have it, and its results
/// are exact on every machine (the relaxed variant's are not). The rest of what we use (bulk memory,
/// sign extension, 1 MB of stack below the data) is Rust's default for this target.
///
/// Paths in panic messages are rewritten: the same sources give the same bytes in any folder.
fn rust_flags(context: &Context) -> Vec<String> {
    let mut flags = vec!["-Ctarget-feature=+simd128".to_owned()];
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(home?.join(".cargo")));
    // The last one that matches wins, so the checkout comes last.
    if let Some(cargo_home) = cargo_home {
        flags.push(format!(
            "--remap-path-prefix={}=/cargo",
            cargo_home.display()
        ));
    }
    flags.push(format!(
        "--remap-path-prefix={}=/plancheck",
        context.root.display()
    ));
    flags
}

/// Writes a component if its bytes changed: the host's build script embeds these files and is run
/// again when they are touched.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let same = fs::read(path).is_ok_and(|old| old == bytes);
    if !same {
        let folder = path.parent().context("a component has a folder")?;
        fs::create_dir_all(folder)?;
        let partial = path.with_extension("partial");
        fs::write(&partial, bytes).with_context(|| partial.display().to_string())?;
        fs::rename(&partial, path)?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    eprintln!(
        "    {name}: {} kB{}",
        bytes.len().div_ceil(1000),
        if same { ", unchanged" } else { "" }
    );
    Ok(())
}

/// Removes components that no crate makes any more.
fn remove_others(folder: &Path, guests: &[Guest]) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        let known = guests
            .iter()
            .any(|guest| folder.join(&guest.package).with_extension("wasm") == path);
        if !known && path.is_file() {
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
            eprintln!("    removed {}", path.display());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_are_the_wanted_packages_with_a_library() {
        let metadata = serde_json::json!({ "packages": [
            { "name": "us-b", "features": {}, "metadata": { "plancheck": { "module": true } },
              "targets": [{ "kind": ["rlib", "cdylib"], "name": "us_b" }] },
            { "name": "us-a", "features": { "component": [] }, "metadata": { "plancheck": { "module": true } },
              "targets": [{ "kind": ["test"], "name": "t" }, { "kind": ["cdylib"], "name": "us-a" }] },
            { "name": "tool", "features": {}, "metadata": { "plancheck": { "module": true } },
              "targets": [{ "kind": ["bin"], "name": "tool" }] },
            { "name": "host", "features": {}, "metadata": null,
              "targets": [{ "kind": ["lib"], "name": "host" }] },
        ]});
        let found = guests(&metadata, |package| {
            package["metadata"]["plancheck"]["module"] == true
        })
        .unwrap();
        let guest = |package: &str, library: &str, has_component_feature| Guest {
            package: package.into(),
            library: library.into(),
            has_component_feature,
        };
        assert_eq!(
            found,
            [guest("us-a", "us_a", true), guest("us-b", "us_b", false)]
        );
    }

    #[test]
    fn equal_bytes_leave_a_file_untouched_and_strays_are_removed() {
        let folder = std::env::temp_dir().join(format!("xtask-write-{}", std::process::id()));
        let path = folder.join("a.wasm");
        write(&path, b"one").unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(old)
            .unwrap();
        write(&path, b"one").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), old);
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");

        write(&folder.join("b.wasm"), b"stray").unwrap();
        let guest = Guest {
            package: "a".into(),
            library: "a".into(),
            has_component_feature: false,
        };
        remove_others(&folder, &[guest]).unwrap();
        assert!(path.exists() && !folder.join("b.wasm").exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
