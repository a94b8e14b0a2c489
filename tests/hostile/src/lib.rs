//! Makes modules from the sources in `modules`, without a compiler for WebAssembly.
//!
//! A source holds the functions that differ from the honest module; see `README.md`.

mod wrappers;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use plancheck_contract::{
    Dimension, FactKind, Jurisdiction, Manifest, ModuleInfo, Rule, Severity, Stage, View, ViewFact,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

pub use wrappers::{Wrapped, wrapped};

/// The module whose answers are right.
pub const HONEST: &str = "honest";
/// For a module that takes everything from the honest one.
const NOTHING: &str = "";

/// The component made from `modules/<name>.wat`.
///
/// # Errors
///
/// When there is no such source, or it is not WebAssembly text.
pub fn module(name: &str) -> Result<Vec<u8>> {
    from_source(&source(name)?).with_context(|| format!("module `{name}`"))
}

/// The component made from functions given as text.
///
/// # Errors
///
/// When they are not WebAssembly text.
pub fn from_source(functions: &str) -> Result<Vec<u8>> {
    component(&core(NOTHING, functions)?, &wit()?)
}

/// The component made from functions given as text, with another size of memory.
///
/// # Errors
///
/// When they are not WebAssembly text.
pub fn with_pages(functions: &str, pages: u32) -> Result<Vec<u8>> {
    let memory = format!("(memory (export \"memory\") {pages})");
    let core = core(NOTHING, functions)?.replace("(memory (export \"memory\") 2)", &memory);
    component(&core, &wit()?)
}

/// A module of version 2 of the contract.
///
/// # Errors
///
/// When the sources of the contract or of the honest module cannot be read.
pub fn wrong_world() -> Result<Vec<u8>> {
    let next = |text: String| text.replace("@1.0.0", "@2.0.0");
    component(&next(core(NOTHING, NOTHING)?), &next(wit()?))
}

/// A module that wants a clock.
///
/// # Errors
///
/// As for [`wrong_world`].
pub fn undeclared_import() -> Result<Vec<u8>> {
    let import = r#"(import "clock" "now" (func $now (result i64)))"#;
    let wit = wit()?.replace(
        "export rules;",
        "import clock: interface { now: func() -> u64; }\n  export rules;",
    );
    component(&core(import, NOTHING)?, &wit)
}

/// A compile bomb by number: functions that do nothing.
///
/// # Errors
///
/// As for [`wrong_world`].
pub fn many_functions(count: usize) -> Result<Vec<u8>> {
    from_source(&"(func)\n".repeat(count))
}

/// A compile bomb by size: `functions` functions of about `bytes` bytes each, all of it branches.
///
/// # Errors
///
/// As for [`wrong_world`].
pub fn many_branches(functions: usize, bytes: usize) -> Result<Vec<u8>> {
    // One step is 11 bytes: it joins two values of `$x` at the end of a block.
    const STEP: &str =
        "(if (local.get $x) (then (local.set $x (i32.add (local.get $x) (local.get $y)))))";
    let steps = format!("{STEP}\n").repeat(bytes / 13);
    let mut source = String::new();
    for _ in 0..functions {
        writeln!(
            source,
            "(func (param $x i32) (param $y i32) (result i32) {steps} (local.get $x))"
        )?;
    }
    from_source(&source)
}

/// The core module alone, without the component around it.
///
/// # Errors
///
/// As for [`wrong_world`].
pub fn bare_core_module() -> Result<Vec<u8>> {
    Ok(wat::parse_str(core(NOTHING, NOTHING)?)?)
}

/// An engine that does what the length of the model says: 0 it says no, 1 it never returns, 2 it
/// breaks down, anything else it gives the model back as its summary.
///
/// # Errors
///
/// When the sources of the contract cannot be read, or `engine.wat` is not WebAssembly
/// text.
pub fn engine() -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    resolve.push_str("module.wit", &wit()?)?;
    let path = wit_folder().join("engine/world.wit");
    let package = resolve.push_str("engine.wit", &fs::read_to_string(path)?)?;
    let world = resolve.select_world(&[package], Some("engine"))?;
    let mut wasm = wat::parse_file(folder().join("../engine.wat"))?;
    embed_component_metadata(&mut wasm, &resolve, world, StringEncoding::UTF8)?;
    ComponentEncoder::default()
        .module(&wasm)?
        .validate(true)
        .encode()
}

/// Every module by name: the honest one, the sources, and those that are generated.
///
/// # Errors
///
/// When one of them cannot be made.
pub fn all() -> Result<Vec<(String, Vec<u8>)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.extension().is_some_and(|e| e == "wat") && name != "prelude" {
            all.push((name.clone(), module(&name)?));
        }
    }
    let honest = module(HONEST)?;
    let generated = [
        (
            "truncated",
            honest.get(..honest.len() / 2).unwrap_or_default().to_vec(),
        ),
        ("not-a-component", bare_core_module()?),
        ("wrong-world", wrong_world()?),
        ("undeclared-import", undeclared_import()?),
        ("200000-functions", many_functions(200_000)?),
        ("megabyte-of-branches", many_branches(1, 1 << 20)?),
    ];
    all.extend(generated.map(|(name, bytes)| (name.to_owned(), bytes)));
    let wrapped = wrapped()?.into_iter();
    all.extend(wrapped.map(|Wrapped { name, bytes, .. }| (name.to_owned(), bytes)));
    all.sort();
    Ok(all)
}

/// What the honest module says of itself: one rule over one view of one fact.
#[must_use]
pub fn manifest() -> Manifest {
    Manifest {
        contract: plancheck_contract::VERSION.to_owned(),
        module: ModuleInfo {
            id: "honest".to_owned(),
            title: "A module for tests".to_owned(),
            version: "1.0.0".to_owned(),
            ..ModuleInfo::default()
        },
        jurisdiction: Jurisdiction {
            country: "us".to_owned(),
            ..Jurisdiction::default()
        },
        parameters: Vec::new(),
        views: vec![View {
            name: "doors".to_owned(),
            subject: "door".to_owned(),
            facts: vec![ViewFact {
                name: "clear_width".to_owned(),
                path: "clear_width".to_owned(),
                kind: FactKind::Number,
                dimension: Some(Dimension::Length),
            }],
            ..View::default()
        }],
        derived: Vec::new(),
        rules: vec![Rule {
            id: "door-clear-width".to_owned(),
            title: "Doors are wide enough".to_owned(),
            citation: "Test code 1.1".to_owned(),
            severity: Severity::Error,
            category: "accessibility".to_owned(),
            view: 0,
            messages: Vec::new(),
            page: "Doors have a clear width of 32 in or more.".to_owned(),
            since: "1.0.0".to_owned(),
            stage: Stage::Stable,
            verified: false,
        }],
        ..Manifest::default()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("modules")
}

fn source(name: &str) -> Result<String> {
    let path = folder().join(name).with_extension("wat");
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn wit_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../engine-wasm/wit")
}

fn wit() -> Result<String> {
    let path = wit_folder().join("module/world.wit");
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// The text of a core module: prelude, manifest, the given functions, and the honest ones for
/// those that are not given.
fn core(imports: &str, functions: &str) -> Result<String> {
    let json = manifest().to_json();
    let length = u32::try_from(json.len())?.to_le_bytes();
    let mut pointer_and_length = 1024_u32.to_le_bytes().to_vec();
    pointer_and_length.extend(length);
    let mut text = format!(
        "(module {imports}\n{}\n(data (i32.const 16) \"{}\")\n(data (i32.const 1024) \"{}\")\n{functions}\n",
        source("prelude")?,
        escaped(&pointer_and_length),
        escaped(json.as_bytes()),
    );
    // In honest.wat a function begins at the start of a line.
    for honest in source(HONEST)?.split("\n(func ").skip(1) {
        let name = honest.split([' ', ')']).next().unwrap_or_default();
        if !functions.contains(&format!("(func {name} ")) {
            writeln!(text, "(func {honest}")?;
        }
    }
    text.push(')');
    Ok(text)
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// Wraps a core module: the component that a compiler for WebAssembly would give.
fn component(core: &str, wit: &str) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("world.wit", wit)?;
    let world = resolve.select_world(&[package], Some("module"))?;
    let mut wasm = wat::parse_str(core)?;
    embed_component_metadata(&mut wasm, &resolve, world, StringEncoding::UTF8)?;
    ComponentEncoder::default()
        .module(&wasm)?
        .validate(true)
        .encode()
}
