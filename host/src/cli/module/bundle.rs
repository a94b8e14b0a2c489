//! `plancheck module bundle` and `unbundle`: modules with their signatures in one file.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use bytes::Bytes;

use super::super::exit::{self, Failure};
use super::super::{input, output};
use crate::bundle::{self, Part};
use crate::catalogue::parts_of;

/// Put modules and their signatures into one file
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module bundle us-co-denver.wasm us-co.wasm -o codes.plancheck-bundle
  plancheck module bundle modules/ -o codes.plancheck-bundle
  plancheck serve --module codes.plancheck-bundle --trusted-key my-city.pub

For machines that reach no network. The signature FILE.wasm.minisig beside each module goes with it. A
bundle is taken wherever a module is: by --module, and in folders of --modules-dir. Equal modules make
equal bytes, whenever and wherever they are bundled.")]
pub(in crate::cli) struct Bundle {
    /// Modules, folders of modules, bundles
    #[arg(required = true, value_name = "FILE|DIR")]
    modules: Vec<PathBuf>,
    /// The bundle
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

/// List or take out what is in a bundle
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module unbundle codes.plancheck-bundle
  plancheck module unbundle codes.plancheck-bundle -o modules/

Without --output it lists what is there. Nothing is overwritten.")]
pub(in crate::cli) struct Unbundle {
    /// The bundle
    #[arg(value_name = "FILE")]
    bundle: PathBuf,
    /// Write the files into this folder
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) fn bundle(args: &Bundle) -> Result<u8, Failure> {
    if !bundle::is_bundle(&args.output) {
        return Err(Failure::usage(format!(
            "{}: the name of a bundle ends with .{}",
            args.output.display(),
            bundle::EXTENSION
        )));
    }
    let parts = parts_of(&args.modules).map_err(Failure::usage)?;
    let bytes = bundle::write(&parts)
        .map_err(|error| Failure::usage(format!("{error} ({})", error.code())))?;
    output::write(&args.output, &bytes)?;
    output::print(&format!(
        "{}Wrote {}: {} bytes\n",
        list(&parts),
        args.output.display(),
        bytes.len()
    ))?;
    Ok(exit::CLEAN)
}

pub(super) fn unbundle(args: &Unbundle) -> Result<u8, Failure> {
    let bytes = Bytes::from(input::read(&args.bundle)?);
    let parts = bundle::read(&bytes).map_err(|error| {
        Failure::usage(format!(
            "{}: {error} ({})",
            args.bundle.display(),
            error.code()
        ))
    })?;
    let Some(folder) = &args.output else {
        output::print(&list(&parts))?;
        return Ok(exit::CLEAN);
    };
    write_into(folder, &parts)?;
    Ok(exit::CLEAN)
}

/// Writes modules and signatures into a folder, which is made. The names were checked to be plain.
pub(super) fn write_into(folder: &std::path::Path, parts: &[Part]) -> Result<(), Failure> {
    let cannot = |path: &std::path::Path, error: std::io::Error| {
        Failure::usage(format!("{}: {error}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
    for part in parts {
        let module = folder.join(&part.name);
        let mut files = vec![(module.clone(), &part.bytes[..])];
        if let Some(signature) = &part.signature {
            // First the signature: a server that looks meanwhile finds both.
            let name = format!("{}.minisig", part.name);
            files.insert(0, (folder.join(name), signature.as_bytes()));
        }
        for (path, bytes) in files {
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            let written = options
                .open(&path)
                .and_then(|mut file| file.write_all(bytes));
            written.map_err(|error| cannot(&path, error))?;
        }
        output::print(&format!("Wrote {}\n", module.display()))?;
    }
    Ok(())
}

fn list(parts: &[Part]) -> String {
    let lines = parts.iter().map(|part| {
        let digest = blake3::hash(&part.bytes).to_hex();
        let signed = if part.signature.is_some() {
            "signed"
        } else {
            "NOT SIGNED"
        };
        format!(
            "{}  {} bytes  {}  {signed}\n",
            part.name,
            part.bytes.len(),
            &digest[..16]
        )
    });
    lines.collect()
}
