//! `plancheck module build`: a rulebook, or a crate that is compiled, wrapped into a component.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{env, fs};

use serde_json::Value;
use wasmparser::{Parser, Payload};

use super::super::exit::{self, Failure};
use super::super::progress::Wait;
use super::super::{input, output, setup};
use super::rulebook;
use crate::render::thousands;
use crate::runtime::{Limits, Trust};

/// The target of everything that runs in a sandbox.
const TARGET: &str = "wasm32-unknown-unknown";

/// Build a module from a rulebook or a crate, and check that it keeps the rules for modules
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module build my-city.toml
  plancheck module build nec-2023-base.json
  plancheck module build my-city
  plancheck module build us-ibc-2024 --output dist/us-ibc-2024.wasm

A rulebook needs nothing else. A crate needs cargo and the target wasm32-unknown-unknown
(rustup target add wasm32-unknown-unknown).")]
pub(in crate::cli) struct Args {
    /// A rulebook (*.toml), a rule file of the older system (*.json), the crate's folder, or the name of a package of the workspace here
    #[arg(value_name = "RULEBOOK|DIR|CRATE", default_value = ".")]
    krate: PathBuf,
    /// Where the module is written; otherwise ID.wasm beside the rulebook, target/NAME.wasm in the crate
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let built = build(&args.krate, args.output.as_deref())?;
    let size = thousands(built.bytes.len() as u64);
    output::print(&format!("{}: {size} bytes\n", built.path.display()))?;
    Ok(exit::CLEAN)
}

/// A module that was built.
pub(super) struct Built {
    /// Where it is.
    pub(super) path: PathBuf,
    /// What it is.
    pub(super) bytes: Vec<u8>,
    /// The folder of its crate.
    pub(super) folder: PathBuf,
}

/// Builds, wraps, checks and writes.
pub(super) fn build(krate: &Path, out: Option<&Path>) -> Result<Built, Failure> {
    if rulebook::is_one(krate) || rulebook::is_rule_file(krate) {
        return rulebook::build(krate, out);
    }
    let package = Package::find(krate)?;
    let core = compile(&package)?;
    let bytes = wit_component::ComponentEncoder::default()
        .validate(true)
        .module(&core)
        .and_then(|encoder| encoder.encode())
        .map_err(|error| {
            Failure::usage(format!(
                "{}: cannot be wrapped into a component; does it call plancheck_sdk::module!? \
                 ({error:#})",
                package.name
            ))
        })?;
    check(&package.name, &bytes)?;
    let path = match out {
        Some(path) => path.to_owned(),
        // Beside the crate, wherever cargo puts its own files.
        None => package
            .folder
            .join("target")
            .join(&package.name)
            .with_extension("wasm"),
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .map_err(|error| Failure::usage(format!("{}: {error}", parent.display())))?;
    }
    output::write(&path, &bytes)?;
    Ok(Built {
        path,
        bytes,
        folder: package.folder,
    })
}

/// Checks what every host and browser will: that it loads under the limits for strangers, and
/// that there is one core module inside.
pub(super) fn check(name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let modules = Parser::new(0)
        .parse_all(bytes)
        .filter(|payload| matches!(payload, Ok(Payload::ModuleSection { .. })))
        .count();
    if modules != 1 {
        return Err(Failure::usage(format!(
            "{name}: {modules} core modules inside; browsers run modules with exactly one"
        )));
    }
    let loaded = setup::runtime(Limits::default())?.load_module(bytes, Trust::Untrusted);
    let module =
        loaded.map_err(|error| Failure::usage(format!("{name}: {error} ({})", error.code())))?;
    plancheck_contract::Manifest::from_json(&module.manifest_json)
        .map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    Ok(())
}

/// A crate, as cargo knows it.
struct Package {
    name: String,
    library: String,
    manifest: PathBuf,
    folder: PathBuf,
    target: PathBuf,
}

impl Package {
    fn find(krate: &Path) -> Result<Package, Failure> {
        let manifest = krate.join("Cargo.toml");
        let by_folder = manifest.is_file();
        let mut command = cargo();
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        if by_folder {
            command.arg("--manifest-path").arg(&manifest);
        }
        let metadata: Value = serde_json::from_slice(&stdout(command)?)
            .map_err(|error| Failure::fault(format!("cargo metadata: {error}")))?;
        let wanted = krate.to_string_lossy();
        let full = manifest.canonicalize().unwrap_or_else(|_| manifest.clone());
        let packages = metadata["packages"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let package = packages.iter().find(|package| {
            let path = package["manifest_path"].as_str().map(Path::new);
            if by_folder {
                path.is_some_and(|p| p == full)
            } else {
                package["name"] == *wanted
            }
        });
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let missing = || {
            Failure::usage(format!(
                "{wanted}: neither a folder with a Cargo.toml nor a package of the workspace here"
            ))
        };
        let package = package.ok_or_else(missing)?;
        let no_library = || Failure::usage(format!("{wanted}: the package has no library"));
        let library = package["targets"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|target| is_library(target))
            .and_then(|target| text(&target["name"]))
            .ok_or_else(no_library)?;
        let path = |value: &Value| text(value).map(PathBuf::from).ok_or_else(missing);
        let manifest = path(&package["manifest_path"])?;
        Ok(Package {
            name: text(&package["name"]).ok_or_else(missing)?,
            library: library.replace('-', "_"),
            folder: manifest.parent().map(Path::to_owned).ok_or_else(missing)?,
            manifest,
            target: path(&metadata["target_directory"])?,
        })
    }
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

/// The core module.
fn compile(package: &Package) -> Result<Vec<u8>, Failure> {
    // Another compiler than for the host may be at work, and other flags are: a folder of its own.
    let target = package.target.join("plancheck-module");
    let mut command = cargo();
    command
        .args(toolchain(&package.folder)?)
        .args([
            "rustc",
            "--lib",
            "--crate-type",
            "cdylib",
            "--release",
            "--target",
            TARGET,
        ])
        .arg("--manifest-path")
        .arg(&package.manifest)
        .arg("--target-dir")
        .arg(&target);
    for setting in [
        "lto=\"fat\"",
        "codegen-units=1",
        "panic=\"abort\"",
        "strip=true",
    ] {
        command.args(["--config", &format!("profile.release.{setting}")]);
    }
    // Paths in panic messages are rewritten: the same sources give the same module in any folder.
    let mut flags = vec!["-Ctarget-feature=+simd128".to_owned()];
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    if let Some(home) = home {
        flags.push(format!("--remap-path-prefix={}=/cargo", home.display()));
    }
    flags.push(format!(
        "--remap-path-prefix={}=/module",
        package.folder.display()
    ));
    command
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    let (good, said) = watched(&mut command, &package.name)?;
    if !good {
        let advice = if said.contains("target may not be installed")
            || said.contains("can't find crate for `core`")
        {
            format!(
                "\nthe compiler has no {TARGET}: run `rustup target add {TARGET}`, or \
                 `sh xtask/wasm-toolchain.sh` in a checkout of plancheck"
            )
        } else {
            String::new()
        };
        return Err(Failure::usage(format!(
            "{} does not compile\n{said}{advice}",
            package.name
        )));
    }
    let file = target
        .join(TARGET)
        .join("release")
        .join(&package.library)
        .with_extension("wasm");
    input::read(&file)
}

/// Runs cargo to its end, and tells the person who waits what it does; whether it succeeded, and
/// all that it said. Standard output is ours.
fn watched(command: &mut Command, name: &str) -> Result<(bool, String), Failure> {
    let mut wait = Wait::new(&format!(
        "compiling {name} to WebAssembly (the first time with the SDK: about 2 minutes)"
    ));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(no_cargo)?;
    let (send, lines) = mpsc::channel();
    let stderr = child.stderr.take();
    std::thread::spawn(move || {
        for line in stderr
            .into_iter()
            .flat_map(|s| BufReader::new(s).split(b'\n'))
        {
            let Ok(line) = line else { break };
            // Nobody listens only when the program ends.
            let _ = send.send(String::from_utf8_lossy(&line).into_owned());
        }
    });
    let mut said = String::new();
    loop {
        match lines.recv_timeout(Duration::from_secs(1)) {
            Ok(line) => {
                wait.cargo(&line);
                said.push_str(&line);
                said.push('\n');
            }
            Err(RecvTimeoutError::Timeout) => wait.beat(),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let status = child.wait().map_err(no_cargo)?;
    wait.end();
    Ok((status.success(), said))
}

/// What to put after `cargo` for the target: the script of a checkout around the crate knows, in
/// any other place the active toolchain must have it.
fn toolchain(folder: &Path) -> Result<Vec<String>, Failure> {
    let here = env::current_dir().unwrap_or_default();
    let scripts = folder.ancestors().chain(here.ancestors());
    let script = scripts
        .map(|dir| dir.join("xtask/wasm-toolchain.sh"))
        .find(|path| path.is_file());
    let Some(script) = script else {
        return Ok(Vec::new());
    };
    let mut command = Command::new("sh");
    command.arg(script);
    let words = String::from_utf8_lossy(&stdout(command)?).into_owned();
    Ok(words.split_whitespace().map(str::to_owned).collect())
}

fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn no_cargo(error: std::io::Error) -> Failure {
    Failure::usage(format!(
        "cannot start cargo ({error}); install Rust from https://rustup.rs"
    ))
}

fn stdout(mut command: Command) -> Result<Vec<u8>, Failure> {
    let output = command.stdin(Stdio::null()).output().map_err(no_cargo)?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(Failure::usage(
            String::from_utf8_lossy(&output.stderr).trim(),
        ))
    }
}
