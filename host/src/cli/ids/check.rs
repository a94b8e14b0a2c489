//! `plancheck ids check`: models against documents.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::ValueEnum;

use super::super::each::Models;
use super::super::exit::{self, Failure};
use super::super::quantity::seconds;
use super::super::setup::{self, EngineArgs};
use super::super::{input, output};
use super::documents::{Documents, file_name};
use super::waiting::Waiting;
use crate::check::{CheckEngine, CheckError};
use crate::ids::{IdsRequest, check};
use crate::render::Palette;
use crate::render::ids::html::{self, Page};
use crate::render::ids::text::{TextOptions, text};
use crate::render::ids::{Outcome, Report, Status};

/// Failing elements of a requirement that are asked for where not all are shown: enough to count
/// how many fail for the same reason.
const ENOUGH: usize = 1_000;

/// Check models against buildingSMART IDS documents
///
/// Each specification passes or fails, with the elements that fail it and why; one that cannot be
/// checked as it is written is an error and never passes. The text lists the worst first.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck ids check office.ifc --ids handover.ids
  plancheck ids check office.ifc --ids handover.ids --all
  plancheck ids check *.ifc --ids permit.ids --ids fire.ids --format json --output results.jsonl
  plancheck ids check office.ifc --ids handover.ids --format html --output report.html

Exit codes:
  0  every specification passes
  1  a specification fails, or could not be checked
  2  wrong arguments, or a model or document that cannot be read
  3  a fault of plancheck or of the machine")]
pub(in crate::cli) struct Args {
    /// Models: .ifc or .ifczip; - is standard input
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<PathBuf>,
    /// IDS 1.0 documents; may be given several times, or several files after one --ids
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    ids: Vec<PathBuf>,
    /// Text for people, the report as JSON (several models: one line each), or one page of HTML
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write there instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// List every failing element in text and HTML; JSON always has all
    #[arg(long)]
    all: bool,
    /// Give up on a model when reading or checking it takes longer than this: 60s, 5m
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    timeout: Option<Duration>,
    #[command(flatten)]
    engine: EngineArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Html,
}

/// What all models are checked with.
struct Checker {
    args: Args,
    engine: CheckEngine,
    documents: Documents,
    palette: Palette,
}

pub(super) fn run(args: Args) -> Result<u8, Failure> {
    let documents = Documents::read(&args.ids)?;
    let mut limits = args.engine.limits()?;
    if let Some(timeout) = args.timeout {
        limits.engine_deadline = timeout;
    }
    let runtime = setup::runtime(limits)?;
    let engine = setup::engine(&args.engine, &runtime)?;
    let palette = if args.output.is_some() {
        Palette::plain()
    } else {
        Palette::of_stdout()
    };
    Checker {
        args,
        engine,
        documents,
        palette,
    }
    .all()
}

impl Checker {
    fn all(&self) -> Result<u8, Failure> {
        let mut page = (self.args.format == Format::Html).then(Page::new);
        let models = Models {
            paths: &self.args.models,
            output: self.args.output.as_ref(),
            apart: self.args.format == Format::Text,
        };
        let (file, code) = models.each(|path| self.one(path, page.as_mut()))?;
        let page = page.map(Page::finish).unwrap_or_default();
        match &self.args.output {
            Some(path) => output::write(path, [file, page].concat().as_bytes())?,
            None => output::print(&page)?,
        }
        Ok(code)
    }

    /// What is shown of a model, and the exit code it asks for.
    fn one(&self, path: &Path, page: Option<&mut Page>) -> Result<(String, u8), Failure> {
        let started = Instant::now();
        let name = input::name(path);
        let model = input::read(path)?;
        let waiting = Waiting::new(format!("{name}: reading the model"));
        let request = IdsRequest {
            model: &file_name(path),
            documents: &self.documents.bytes,
            names: &self.documents.names,
            most: match self.args.format {
                Format::Json => None,
                _ if self.args.all => None,
                Format::Text | Format::Html => Some(ENOUGH),
            },
        };
        let checked = check(&self.engine, model, request, &mut |model| {
            waiting.at(format!("{name}: checking {} elements", model.elements));
        })
        .map_err(|error| failure(error).at(&name))?;
        drop(waiting);
        let json = checked.report;
        let status = serde_json::from_str::<Outcome>(&json).map_err(unreadable)?;
        let code = match status.status {
            Status::Pass => exit::CLEAN,
            Status::Fail | Status::Error => exit::FINDINGS,
        };
        let shown = match self.args.format {
            Format::Json => {
                let terminal = self.args.output.is_none() && output::to_terminal();
                let several = self.args.models.len() > 1;
                json + if several || terminal { "\n" } else { "" }
            }
            Format::Text => {
                let report: Report<'_> = serde_json::from_str(&json).map_err(unreadable)?;
                let options = TextOptions {
                    palette: self.palette,
                    all: self.args.all,
                    elements: checked.model.elements,
                    seconds: Some(started.elapsed().as_secs_f64()),
                    width: output::width(),
                };
                text(&report, &options)
            }
            Format::Html => {
                let report: Report<'_> = serde_json::from_str(&json).map_err(unreadable)?;
                if let Some(page) = page {
                    let most = if self.args.all {
                        usize::MAX
                    } else {
                        html::SHOWN
                    };
                    page.model(&report, &checked.model, most);
                }
                String::new()
            }
        };
        Ok((shown, code))
    }
}

fn failure(error: CheckError) -> Failure {
    match error {
        CheckError::ReportTooLarge { .. } => Failure::usage(format!(
            "{error} (report-too-large)\nuse fewer documents at once, or text or HTML without --all"
        )),
        other => other.into(),
    }
}

fn unreadable(error: serde_json::Error) -> Failure {
    Failure::fault(format!("the engine's report cannot be read: {error}"))
}
