//! `plancheck module push` and `pull`: modules in OCI registries.

use std::path::PathBuf;

use super::super::exit::{self, Failure};
use super::super::{output, setup};
use super::bundle::write_into;
use crate::catalogue::parts_of;
use crate::registry::{self, Artifact, RegistryError};

/// Send modules and their signatures to a registry
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module push us-co-denver.wasm oci://registry.example.org/codes/denver:1.2.0
  plancheck module push modules/ oci://registry.example.org/codes/all:2026-11

Any OCI registry will do. Prints the digest that pins what was sent. Who you are is read from
PLANCHECK_REGISTRY_USER and PLANCHECK_REGISTRY_PASSWORD, else from what `docker login` wrote.")]
pub(in crate::cli) struct Push {
    /// Modules, folders of modules, bundles
    #[arg(required = true, value_name = "FILE|DIR")]
    modules: Vec<PathBuf>,
    /// oci://host/repository:tag
    #[arg(value_name = "oci://…")]
    artifact: Artifact,
}

/// Fetch modules and their signatures from a registry
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module pull oci://registry.example.org/codes/denver:1.2.0 -o modules/
  plancheck serve --module oci://registry.example.org/codes/denver@sha256:… --trusted-key my-city.pub

A tag may point to something else tomorrow; a digest never does. Signatures are judged by whoever loads
the modules. Nothing is overwritten.")]
pub(in crate::cli) struct Pull {
    /// oci://host/repository:tag or oci://host/repository@sha256:…
    #[arg(value_name = "oci://…")]
    artifact: Artifact,
    /// Write the files into this folder
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    output: PathBuf,
}

fn failed(artifact: &Artifact, error: &RegistryError) -> Failure {
    Failure::usage(format!("{artifact}: {error} ({})", error.code()))
}

pub(super) fn push(args: &Push) -> Result<u8, Failure> {
    let parts = parts_of(&args.modules).map_err(Failure::usage)?;
    let pushed = registry::push(&args.artifact, &parts);
    let digest = pushed.map_err(|error| failed(&args.artifact, &error))?;
    output::print(&format!(
        "Sent {} with the digest {digest}\n",
        args.artifact
    ))?;
    for part in parts.iter().filter(|part| part.signature.is_none()) {
        eprintln!(
            "plancheck: NOT SIGNED: {}; servers refuse it",
            crate::render::safe(&part.name)
        );
    }
    Ok(exit::CLEAN)
}

pub(super) fn pull(args: &Pull) -> Result<u8, Failure> {
    let pulled = registry::pull(&args.artifact, setup::cache_dir().as_deref());
    let pulled = pulled.map_err(|error| failed(&args.artifact, &error))?;
    if let Some(note) = &pulled.note {
        eprintln!("plancheck: {}", crate::render::safe(note));
    }
    write_into(&args.output, &pulled.parts)?;
    output::print(&format!(
        "{} has the digest {}\n",
        args.artifact, pulled.digest
    ))?;
    Ok(exit::CLEAN)
}
