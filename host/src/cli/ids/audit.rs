//! `plancheck ids audit`: what is wrong with documents.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::super::exit::{self, Failure};
use super::super::setup::{self, EngineArgs};
use super::super::{input, output};
use super::documents::{file_name, one};
use crate::check::CheckEngine;
use crate::ids;
use crate::render::Palette;
use crate::render::ids::audit::{Audit, text};

/// Say what is wrong with IDS documents, by line and column
///
/// Errors break the standard or ask for what no model can have (a class, a property or a data type
/// that IFC does not know); warnings are what other programs may not read.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck ids audit handover.ids
  plancheck ids audit *.ids --format json | jq 'select(.errors > 0) | .file'

Exit codes:
  0  no errors; there may be warnings
  1  a document has errors
  2  wrong arguments, or a document that is not IDS at all
  3  a fault of plancheck or of the machine")]
pub(in crate::cli) struct Args {
    /// IDS 1.0 documents; - is standard input
    #[arg(required = true, value_name = "FILE")]
    documents: Vec<PathBuf>,
    /// Text for people, or JSON, one line for each document
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    engine: EngineArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let runtime = setup::runtime(args.engine.limits()?)?;
    let engine = setup::engine(&args.engine, &runtime)?;
    let mut code = exit::CLEAN;
    for path in &args.documents {
        match document(args, &engine, path) {
            Ok((shown, one)) => {
                output::print(&shown)?;
                code = code.max(one);
            }
            Err(failure) if args.documents.len() == 1 => return Err(failure),
            Err(failure) => {
                code = code.max(failure.code());
                // Its code is kept above; the others are still looked at.
                let _ = failure.report();
            }
        }
    }
    Ok(code)
}

fn document(args: &Args, engine: &CheckEngine, path: &Path) -> Result<(String, u8), Failure> {
    let bytes = one(path)?;
    let json = ids::audit(engine, &bytes).map_err(|e| Failure::from(e).at(input::name(path)))?;
    let unreadable = |e| Failure::fault(format!("the engine's answer cannot be read: {e}"));
    let audit: Audit<'_> = serde_json::from_str(&json).map_err(unreadable)?;
    let code = match &audit {
        audit if !audit.readable => exit::USAGE,
        audit if audit.errors > 0 => exit::FINDINGS,
        _ => exit::CLEAN,
    };
    let shown = match args.format {
        Format::Text => text(
            &audit,
            &input::name(path),
            Palette::of_stdout(),
            output::width(),
        ),
        Format::Json => {
            let mut whole: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(&json).map_err(unreadable)?;
            whole.insert("file".to_owned(), file_name(path).into());
            format!("{}\n", serde_json::Value::Object(whole))
        }
    };
    Ok((shown, code))
}
