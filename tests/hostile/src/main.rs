//! Writes the honest module and all hostile ones as `.wasm` files into a folder.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .context("usage: hostile-modules <folder>")?,
    );
    fs::create_dir_all(&folder)?;
    for (name, bytes) in plancheck_hostile::all()? {
        let path = folder.join(name).with_extension("wasm");
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
