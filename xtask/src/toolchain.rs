//! Makes the machine able to compile for wasm32-unknown-unknown.

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::process;

/// The target of everything that runs in a sandbox.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How to call cargo for [`TARGET`].
pub struct Toolchain {
    /// Words after `cargo`: none, or a `--config` that names the compiler.
    pub arguments: Vec<String>,
}

/// `./x toolchain`
pub fn toolchain(context: &Context, _arguments: &[String]) -> Result<()> {
    let toolchain = prepare(context)?;
    eprintln!(
        "    ready: cargo {} build --target {TARGET}",
        toolchain.arguments.join(" ")
    );
    Ok(())
}

/// Finds or installs a compiler for [`TARGET`].
pub fn prepare(context: &Context) -> Result<Toolchain> {
    process::step("Compiler for WebAssembly", || {
        let mut script = context.program("sh");
        script.arg("xtask/wasm-toolchain.sh");
        let words = process::output(&mut script)
            .context("no compiler for wasm32-unknown-unknown, see above")?;
        Ok(Toolchain {
            arguments: words.split_whitespace().map(str::to_owned).collect(),
        })
    })
}
