//! `plancheck module inspect`: what a module file is and says of itself.

use std::fmt::Write as _;
use std::path::PathBuf;

use plancheck_contract::Manifest;
use wasmparser::{ComponentExternalKind, Parser, Payload};

use super::super::exit::{self, Failure};
use super::super::rules::rules_table;
use super::super::{input, output, setup};
use crate::catalogue::place_of;
use crate::render::module_page::number;
use crate::render::{Palette, palette::paint, safe, table::table};
use crate::render::{counted, thousands};
use crate::runtime::{Limits, Trust};

/// Show a module's manifest, digest, exports and rules
#[derive(clap::Args)]
#[command(after_help = "Example:\n  plancheck module inspect us-ibc-2024.wasm")]
pub(in crate::cli) struct Args {
    /// The module
    file: PathBuf,
    /// Print the manifest as the module gives it, JSON
    #[arg(long)]
    manifest: bool,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let bytes = input::read(&args.file)?;
    let name = input::name(&args.file);
    let runtime = setup::runtime(Limits::default())?;
    let module = runtime
        .load_module(&bytes, Trust::Untrusted)
        .map_err(|error| Failure::usage(format!("{name}: {error} ({})", error.code())))?;
    if args.manifest {
        output::print(&format!("{}\n", module.manifest_json))?;
        return Ok(exit::CLEAN);
    }
    let manifest = Manifest::from_json(&module.manifest_json)
        .map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    let digest = blake3::Hash::from_bytes(module.digest).to_hex();
    let parts = parts(&bytes);
    let mut out = about(&manifest, &name);
    let profile = match parts.core_modules {
        1 => "runs in browsers too".to_owned(),
        n => format!("does not run in browsers: {n} core modules inside, one is allowed"),
    };
    let rows = [
        ("size", format!("{} bytes", thousands(bytes.len() as u64))),
        ("digest (BLAKE3)", digest.to_string()),
        ("exports", safe(&parts.exports.join(", ")).into_owned()),
        ("profile", profile),
        (
            "manifest",
            format!("{} bytes", thousands(module.manifest_json.len() as u64)),
        ),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(a, b)| vec![a.to_owned(), b])
        .collect();
    let _ = write!(out, "\n{}", table(&rows));
    out.push_str(&contents(&manifest));
    output::print(&out)?;
    Ok(exit::CLEAN)
}

fn about(manifest: &Manifest, file: &str) -> String {
    let (module, j) = (&manifest.module, &manifest.jurisdiction);
    let palette = Palette::of_stdout();
    let mut out = format!("{}\n", paint(palette.heading, safe(&module.title)));
    let dates = match (j.effective_from.as_str(), j.effective_until.as_str()) {
        ("", "") => "not said".to_owned(),
        (from, "") => format!("from {from}"),
        (from, until) => format!("from {from} until {until}"),
    };
    let rows = [
        ("file", file.to_owned()),
        ("id", module.id.clone()),
        ("version", module.version.clone()),
        ("publisher", module.publisher.clone()),
        ("place", place_of(j)),
        ("code", format!("{} {}", j.family, j.edition)),
        ("in force", dates),
        ("contract", manifest.contract.clone()),
        ("not covered", module.limits.clone()),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(a, b)| vec![a.to_owned(), safe(&b).into_owned()])
        .collect();
    out.push_str(&table(&rows));
    out
}

fn contents(manifest: &Manifest) -> String {
    let palette = Palette::of_stdout();
    let mut out = String::new();
    let heading = |what: &str, count: usize| {
        let count = counted(count as u64, what);
        format!("\n{}\n", paint(palette.heading, count))
    };
    out.push_str(&heading("rule", manifest.rules.len()));
    out.push_str(&rules_table(manifest));
    if !manifest.derived.is_empty() {
        out.push_str(&heading("derived fact", manifest.derived.len()));
        let rows: Vec<Vec<String>> = manifest
            .derived
            .iter()
            .map(|fact| {
                vec![
                    format!("  {}", safe(&fact.name)),
                    safe(&fact.title).into_owned(),
                ]
            })
            .collect();
        out.push_str(&table(&rows));
    }
    if !manifest.parameters.is_empty() {
        out.push_str(&heading("parameter", manifest.parameters.len()));
        let rows: Vec<Vec<String>> = manifest
            .parameters
            .iter()
            .map(|p| {
                let value = match p.cells.as_slice() {
                    [cell] => number(cell.value, &p.unit),
                    cells => format!("{} cells, {}", cells.len(), p.unit),
                };
                [&p.name, &value, &p.citation, &p.title]
                    .into_iter()
                    .enumerate()
                    .map(|(at, cell)| {
                        if at == 0 {
                            format!("  {}", safe(cell))
                        } else {
                            safe(cell).into_owned()
                        }
                    })
                    .collect()
            })
            .collect();
        out.push_str(&table(&rows));
    }
    if !manifest.readiness.is_empty() {
        out.push_str(&heading("readiness document", manifest.readiness.len()));
        for asked in &manifest.readiness {
            let bytes = thousands(asked.document.len() as u64);
            let _ = writeln!(out, "  {} · {bytes} bytes", safe(&asked.name));
        }
    }
    out
}

/// What is in a component that was validated already.
#[derive(Default)]
struct Parts {
    core_modules: usize,
    exports: Vec<String>,
}

fn parts(bytes: &[u8]) -> Parts {
    let mut parts = Parts::default();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes).flatten() {
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ModuleSection { .. } => parts.core_modules += 1,
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section.into_iter().flatten() {
                    let what = match export.kind {
                        ComponentExternalKind::Instance => "interface",
                        ComponentExternalKind::Func => "function",
                        _ => "item",
                    };
                    parts.exports.push(format!("{what} {}", export.name.name));
                }
            }
            _ => {}
        }
    }
    parts
}
