//! `plancheck validate`: checks models and prints what was found.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use plancheck_contract::{Manifest, Stage};

use super::each::Models;
use super::exit::{self, Failure};
use super::jurisdictions::date;
use super::progress::Line;
use super::quantity::seconds;
use super::setup::{self, EngineArgs, ModuleArgs, PreviewArgs};
use super::{input, output};
use crate::catalogue::{Codes, Place, rules_called, today};
use crate::check::{CheckEngine, CheckRequest, check};
use crate::render::report::{Outcome, Rule};
use crate::render::text::{TextOptions, text};
use crate::render::{Palette, Report, brief};

/// Check models against the codes
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck validate office.ifc
  plancheck validate office.ifc --jurisdiction us/ca/san-francisco --fail-on undetermined
  plancheck validate *.ifc --format json --output reports.jsonl
  curl -s https://example.org/office.ifczip | plancheck validate - --show fail
  plancheck validate office.ifc --rule egress-door-clear-width --show all

Exit codes:
  0  nothing at or above --fail-on, and every rule was evaluated
  1  findings at or above --fail-on, or a module or rule could not be evaluated
  2  wrong arguments, or a model that cannot be read, is too large for --engine-memory, or takes
     longer than --timeout
  3  a fault of plancheck or of the machine")]
pub(super) struct Args {
    /// Models: .ifc, .ifczip or .json, told apart by what is in them; - is standard input
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<PathBuf>,
    #[command(flatten)]
    modules: ModuleArgs,
    #[command(flatten)]
    preview: PreviewArgs,
    #[command(flatten)]
    engine: EngineArgs,
    /// The codes of this place and the larger ones around it: us, us/ca, us/ca/san-francisco,
    /// us/ca/marin/novato; otherwise of the place that the model says
    #[arg(long, value_name = "PLACE")]
    jurisdiction: Option<Place>,
    /// The date of the permit, which decides which editions count, as 2026-03-01; otherwise today
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<String>,
    /// Text for people, or the report as JSON (several models: one line each)
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write there instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
    /// Elements to list in the text, those that are named and no others; with pass or all the JSON
    /// report holds passes too, and the text what readiness documents ask that is met
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Show::Fail, Show::Undetermined])]
    show: Vec<Show>,
    /// List at most so many findings for each rule in the text, equal ones counted once; 0: all
    #[arg(long, value_name = "N", default_value_t = 20)]
    max_findings: usize,
    /// Only these rules count and are shown as text; the JSON report is always whole
    #[arg(long = "rule", value_name = "ID")]
    rules: Vec<String>,
    /// List everything that was odd about the input
    #[arg(long)]
    diagnostics: bool,
    /// Give up on a model after this time: 60s, 5m
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    timeout: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Show {
    Fail,
    Undetermined,
    Pass,
    /// All three
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A rule of severity error fails
    Error,
    /// A rule of severity error or warning fails
    Warning,
    /// A rule of any severity fails or is undetermined, or the model lacks what a module asks for
    Undetermined,
    /// Nothing does
    Never,
}

/// What all models are checked with.
struct Checker {
    args: Args,
    engine: CheckEngine,
    codes: Codes,
    palette: Palette,
}

pub(super) fn run(mut args: Args) -> Result<u8, Failure> {
    let mut limits = args.engine.limits()?;
    if let Some(timeout) = args.timeout {
        limits.engine_deadline = timeout;
    }
    let runtime = setup::runtime(limits)?;
    let engine = setup::engine(&args.engine, &runtime)?;
    let on = args.date.clone().unwrap_or_else(today);
    let place = args.jurisdiction.as_ref();
    let codes = args.modules.codes(&runtime, place, on, &args.preview)?;
    args.rules = wanted_rules(&args.rules, &codes, args.preview.preview)?;
    let palette = if args.output.is_some() {
        Palette::plain()
    } else {
        Palette::of_stdout()
    };
    Checker {
        args,
        engine,
        codes,
        palette,
    }
    .all()
}

/// The ids of the rules that were asked for, as they are called now. Old ids are said on standard error.
fn wanted_rules(asked: &[String], codes: &Codes, preview: bool) -> Result<Vec<String>, Failure> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let manifests = codes.manifests();
    asked
        .iter()
        .map(|id| wanted_rule(id, &manifests, preview))
        .collect()
}

fn wanted_rule(id: &str, manifests: &[&Manifest], preview: bool) -> Result<String, Failure> {
    let current = rules_called(id, manifests.iter().copied());
    // Whether it is in the ruleset at all shows in the report.
    let Some((_, rule)) = current.first() else {
        return Ok(id.to_owned());
    };
    if !current.iter().any(|(_, rule)| rule.stage.runs(preview)) {
        let id = brief(&rule.id);
        return Err(Failure::usage(match rule.stage {
            Stage::Retired => {
                format!("the rule {id} is retired and does not run; `plancheck explain` shows it")
            }
            _ => format!("the rule {id} is in preview: it runs with --preview"),
        }));
    }
    if rule.id != id {
        eprintln!(
            "plancheck: the rule {} is called {} now",
            brief(id),
            brief(&rule.id)
        );
    }
    Ok(rule.id.clone())
}

impl Checker {
    fn all(&self) -> Result<u8, Failure> {
        let models = Models {
            paths: &self.args.models,
            output: self.args.output.as_ref(),
            apart: self.args.format == Format::Text,
        };
        let (file, code) = models.each(|path| self.one(path))?;
        if let Some(path) = &self.args.output {
            output::write(path, file.as_bytes())?;
        }
        Ok(code)
    }

    /// What is shown of a model, and the exit code it asks for.
    fn one(&self, path: &Path) -> Result<(String, u8), Failure> {
        let started = Instant::now();
        let name = input::name(path);
        let model = input::model(path)?;
        let mut line = Line::new();
        let request = CheckRequest {
            model,
            ruleset: self.codes.ruleset(),
            detail: self.shows(Show::Pass),
            until: self.args.timeout.map(|timeout| started + timeout),
        };
        let json = check(&self.engine, request, &mut |progress| {
            line.tell(&name, &progress);
            ControlFlow::Continue(())
        })
        .map_err(|error| Failure::from(error).at(&name))?;
        drop(line);
        let outcome = Outcome::parse(&json).map_err(unreadable)?;
        let code = self.code(&outcome)?;
        let shown = match self.args.format {
            Format::Text => {
                let report = Report::parse(&json).map_err(unreadable)?;
                text(&report, &self.text_options(name, started.elapsed()))
            }
            Format::Json => {
                // Exactly the engine's bytes, unless a line break is needed to tell them apart.
                let terminal = self.args.output.is_none() && output::to_terminal();
                let end = if self.args.models.len() > 1 || terminal {
                    "\n"
                } else {
                    ""
                };
                json + end
            }
        };
        Ok((shown, code))
    }

    fn shows(&self, what: Show) -> bool {
        self.args.show.contains(&what) || self.args.show.contains(&Show::All)
    }

    fn text_options(&self, source: String, elapsed: Duration) -> TextOptions {
        TextOptions {
            palette: self.palette,
            source,
            fail: self.shows(Show::Fail),
            undetermined: self.shows(Show::Undetermined),
            pass: self.shows(Show::Pass),
            max_findings: (self.args.max_findings > 0).then_some(self.args.max_findings),
            rules: self.args.rules.clone(),
            all_diagnostics: self.args.diagnostics,
            seconds: Some(elapsed.as_secs_f64()),
            width: output::width(),
        }
    }

    fn code(&self, outcome: &Outcome<'_>) -> Result<u8, Failure> {
        let wanted = &self.args.rules;
        for id in wanted {
            if !outcome.rules.iter().any(|rule| rule.rule == *id) {
                return Err(Failure::usage(format!(
                    "the ruleset has no rule {}; `plancheck rules` lists them",
                    brief(id)
                )));
            }
        }
        let counted =
            |rule: &&Rule<'_>| wanted.is_empty() || wanted.iter().any(|id| *id == rule.rule);
        let fail_on = self.args.fail_on;
        let hit = outcome
            .rules
            .iter()
            .filter(counted)
            .any(|rule| fail_on.hit(rule));
        let lacking =
            fail_on == FailOn::Undetermined && outcome.readiness.iter().any(|r| r.status == "fail");
        let incomplete = fail_on != FailOn::Never && !outcome.summary.complete;
        Ok(if hit || lacking || incomplete {
            exit::FINDINGS
        } else {
            exit::CLEAN
        })
    }
}

impl FailOn {
    fn hit(self, rule: &Rule<'_>) -> bool {
        let fails = rule.counts.fail > 0;
        match self {
            FailOn::Error => fails && rule.severity == "error",
            FailOn::Warning => fails && rule.severity != "info",
            FailOn::Undetermined => fails || rule.counts.undetermined > 0,
            FailOn::Never => false,
        }
    }
}

fn unreadable(error: serde_json::Error) -> Failure {
    Failure::fault(format!("the engine's report cannot be read: {error}"))
}
