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
use crate::render::ids::text::{TextOptions, table, text};
use crate::render::ids::{Outcome, Report, Row, Status};

/// Failing elements of a requirement that are asked for where not all are shown: enough to count
/// how many fail for the same reason.
const ENOUGH: usize = 1_000;

/// Check models against buildingSMART IDS documents
///
/// Each specification passes or fails, with the elements that fail it and why; one that cannot be
/// checked as it is written is an error and never passes. The text lists the worst first. One that
/// applies to nothing in the model is counted on its own: nothing was held against it. A document
/// in which `plancheck ids audit` finds errors is marked: a class or property that IFC does not
/// have is in no model, so what is asked of it means little.
#[derive(clap::Args)]
#[command(override_usage = "plancheck ids check [OPTIONS] <MODEL>... --ids <FILE>...")]
#[command(after_help = "\
Examples:
  plancheck ids check office.ifc --ids handover.ids
  plancheck ids check office.ifc --ids handover.ids --all
  plancheck ids check *.ifc --ids permit.ids --ids fire.ids --format json --output results.jsonl
  plancheck ids check office.ifc --ids handover.ids --format html --output report.html

Exit codes:
  0  every specification passes
  1  a specification fails, or could not be checked
  2  wrong arguments, or a model or document that cannot be read, or not within --timeout
  3  a fault of plancheck or of the machine")]
pub(in crate::cli) struct Args {
    /// Models: .ifc or .ifczip; - is standard input
    #[arg(value_name = "MODEL")]
    models: Vec<PathBuf>,
    /// IDS 1.0 documents; may be given several times, or several files after one --ids, of which
    /// those that end in .ifc or .ifczip are models
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

/// What is gathered over all models.
#[derive(Default)]
struct Gathered {
    rows: Vec<Row>,
    page: Page,
    /// A document cannot be read, which was said: no model can be checked.
    stopped: bool,
}

pub(super) fn run(mut args: Args) -> Result<u8, Failure> {
    let none = args.models.is_empty();
    let (models, documents) = args
        .ids
        .into_iter()
        .partition(|path| has_ending(path, &MODELS) || none && !has_ending(path, &DOCUMENTS));
    args.ids = documents;
    args.models.extend::<Vec<PathBuf>>(models);
    if args.models.is_empty() || args.ids.is_empty() {
        let missing = if args.models.is_empty() {
            "MODEL"
        } else {
            "IDS document"
        };
        return Err(Failure::usage(format!(
            "there is no {missing}\nusage: plancheck ids check MODEL... --ids FILE..."
        )));
    }
    let documents = Documents::read(&args.ids)?;
    let mut limits = args.engine.limits()?;
    if let Some(timeout) = args.timeout {
        limits.engine_deadline = timeout;
    }
    let runtime = setup::runtime(limits)?;
    let engine = setup::engine(&args.engine, &runtime)?;
    documents.examine(&engine)?;
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
        let mut all = Gathered::default();
        let models = Models {
            paths: &self.args.models,
            output: self.args.output.as_ref(),
            apart: false,
        };
        let (file, code) = models.each(|path| {
            if all.stopped {
                return Ok((String::new(), exit::USAGE));
            }
            let result = self.one(path, &mut all);
            if let Err(failure) = &result {
                let why = failure.message();
                all.page.unreadable(&input::name(path), why);
                all.rows.push(Row {
                    name: input::name(path),
                    outcome: Err(why.to_owned()),
                });
            }
            result
        })?;
        let end = match self.args.format {
            Format::Html => all.page.finish(),
            Format::Text if all.rows.len() > 1 => table(&all.rows, self.palette),
            Format::Text | Format::Json => String::new(),
        };
        match &self.args.output {
            Some(path) => output::write(path, [file, end].concat().as_bytes())?,
            None => output::print(&end)?,
        }
        Ok(code)
    }

    /// What is shown of a model, and the exit code it asks for.
    fn one(&self, path: &Path, all: &mut Gathered) -> Result<(String, u8), Failure> {
        let started = Instant::now();
        let name = input::name(path);
        let model = input::model(path)?;
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
        .map_err(|error| match self.documents.of(&error) {
            Some(failure) => {
                all.stopped = true;
                failure
            }
            None => failure(error).at(&name),
        })?;
        drop(waiting);
        let json = checked.report;
        let outcome = serde_json::from_str::<Outcome>(&json).map_err(unreadable)?;
        let code = match outcome.status {
            Status::Pass => exit::CLEAN,
            Status::Fail | Status::Error => exit::FINDINGS,
        };
        let several = self.args.models.len() > 1;
        let shown = match self.args.format {
            Format::Json => {
                let terminal = self.args.output.is_none() && output::to_terminal();
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
                text(&report, &options) + if several { "\n" } else { "" }
            }
            Format::Html => {
                let report: Report<'_> = serde_json::from_str(&json).map_err(unreadable)?;
                let most = if self.args.all {
                    usize::MAX
                } else {
                    html::SHOWN
                };
                all.page.model(&name, &report, &checked.model, most);
                String::new()
            }
        };
        all.rows.push(Row {
            name,
            outcome: Ok(outcome.totals),
        });
        Ok((shown, code))
    }
}

/// Endings of models, which are no documents wherever they stand.
const MODELS: [&str; 2] = ["ifc", "ifczip"];
/// Endings of documents.
const DOCUMENTS: [&str; 2] = ["ids", "xml"];

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let end = path.extension().unwrap_or_default();
    endings.iter().any(|own| end.eq_ignore_ascii_case(own))
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
