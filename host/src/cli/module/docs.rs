//! `plancheck module docs`: a module as one page for a browser.

use std::path::{Path, PathBuf};

use super::super::exit::{self, Failure};
use super::super::{input, output};
use super::check::manifest;
use super::{build, rulebook};
use crate::render::module_page;

/// Write a page about a module: what it requires, with which numbers, and what it leaves out
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module docs my-city.toml
  plancheck module docs us-ibc-2024.wasm --output ibc.html")]
pub(in crate::cli) struct Args {
    /// A rulebook (*.toml), the folder of a crate, which is built first, or a module
    #[arg(value_name = "RULEBOOK|DIR|FILE", default_value = ".")]
    module: PathBuf,
    /// Where the page is written; otherwise ID.html here
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let path: &Path = &args.module;
    let manifest = if rulebook::is_one(path) {
        rulebook::read(path, false)?.manifest().clone()
    } else if path.is_dir() {
        let built = build::build(path, None)?;
        manifest(&built.bytes, &input::name(path))?
    } else {
        manifest(&input::read(path)?, &input::name(path))?
    };
    let to = match &args.output {
        Some(to) => to.clone(),
        None => Path::new(&manifest.module.id).with_extension("html"),
    };
    output::write(&to, module_page::page(&manifest).as_bytes())?;
    output::print(&format!("Wrote {}\n", to.display()))?;
    Ok(exit::CLEAN)
}
