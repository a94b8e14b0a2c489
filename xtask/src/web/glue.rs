//! The glue between JavaScript and the engine: what the program `wasm-bindgen` would write.

use std::path::Path;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

/// What the glue depends on beside the engine. The engine's own wasm-bindgen is of the same release,
/// or the glue is refused.
pub const VERSION: &str = "wasm-bindgen 0.2.130, target web";

/// How `wasm-opt` is called: for speed, with the features that the engine is compiled for. What is
/// worth inlining LLVM has inlined: more of it makes the file larger and nothing faster.
pub const OPTIMISE: &[&str] = &[
    "-Oz",
    "--converge",
    // Nothing lies below the stack, and memory is new.
    "--low-memory-unused",
    "--zero-filled-memory",
    "--skip-pass=inlining-optimizing",
    "--strip-producers",
];

/// What browsers have to know; nothing else may come out of `wasm-opt`.
pub const FEATURES: &[&str] = &[
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// Writes `engine.js`, `engine.d.ts` and `engine_bg.wasm` into a folder.
pub fn generate(core: Vec<u8>, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("engine", core)
        .out_name("engine")
        .web(true)
        .context("wasm-bindgen, target web")?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // As a library it leaves out where the wasm lies beside the glue.
        .omit_default_module_path(false);
    bindgen
        .generate(folder)
        .context("wasm-bindgen cannot write the engine's glue")
}
