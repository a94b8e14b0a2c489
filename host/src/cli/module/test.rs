//! `plancheck module test`: a module's fixtures, asked of the real component in its sandbox.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use plancheck_contract::fixture::{Fixture, Judge, Mismatch, gaps, read_folder};
use plancheck_contract::{Batch, Columns, Manifest, Verdicts};

use super::super::exit::{self, Failure};
use super::super::setup::EngineArgs;
use super::super::{input, output, setup};
use super::{build, rulebook};
use crate::render::ids::audit::{self, Audit};
use crate::render::{Palette, counted, palette::paint, safe, table::table};
use crate::runtime::{Limits, Module, Runtime, Trust};

/// Ask a module what its fixtures expect
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module test my-city.toml --watch
  plancheck module test my-city
  plancheck module test my-city.wasm --fixtures my-city/src

Fixtures stand in a rulebook, or as TOML files beside the rules of a crate; `plancheck module new` writes one to start from.
Exit code 1: the module says something else, a rule lacks a passing, failing or undetermined case, or
a readiness document has errors.")]
pub(in crate::cli) struct Args {
    /// A rulebook (*.toml) or the folder of a crate, which are built first, or a module
    #[arg(value_name = "RULEBOOK|DIR|FILE", default_value = ".")]
    module: PathBuf,
    /// Do it again each time that the rulebook changes
    #[arg(long)]
    watch: bool,
    /// Where the fixtures are; for a crate its src folder
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    match (args.watch, rulebook::is_one(&args.module)) {
        (true, true) => rulebook::watch(&args.module, || of_rulebook(args)),
        (true, false) => Err(Failure::usage("--watch is for rulebooks")),
        (false, true) => of_rulebook(args),
        (false, false) => of_crate_or_file(args),
    }
}

/// A rulebook's own cases, asked of the module that it becomes.
fn of_rulebook(args: &Args) -> Result<u8, Failure> {
    let book = rulebook::read(&args.module, false)?;
    let bytes = rulebook::component(&book)?;
    let runtime = setup::runtime(Limits::default())?;
    let module = runtime
        .load_module(&bytes, Trust::Untrusted)
        .map_err(Failure::fault)?;
    let fixtures = book
        .fixtures()
        .iter()
        .map(|fixture| (args.module.clone(), fixture.clone()));
    let (text, code) = ask(&Arc::new(module), book.manifest(), fixtures.collect())?;
    output::print(&text)?;
    Ok(code)
}

fn of_crate_or_file(args: &Args) -> Result<u8, Failure> {
    let (bytes, folder) = if args.module.is_dir() {
        let built = build::build(&args.module, None)?;
        (
            built.bytes,
            args.fixtures
                .clone()
                .unwrap_or_else(|| built.folder.join("src")),
        )
    } else {
        let folder = args.fixtures.clone().ok_or_else(|| {
            Failure::usage(
                "name the folder of the fixtures with --fixtures DIR, or the module's crate",
            )
        })?;
        (input::read(&args.module)?, folder)
    };
    let name = input::name(&args.module);
    let runtime = setup::runtime(Limits::default())?;
    let module = runtime
        .load_module(&bytes, Trust::Untrusted)
        .map_err(|error| Failure::usage(format!("{name}: {error} ({})", error.code())))?;
    let manifest = Manifest::from_json(&module.manifest_json)
        .map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    let fixtures = read_folder(&folder).map_err(Failure::usage)?;
    if fixtures.is_empty() {
        return Err(Failure::usage(format!(
            "{}: there is no fixture (*.toml)",
            folder.display()
        )));
    }
    let (mut text, code) = ask(&Arc::new(module), &manifest, fixtures)?;
    let (audits, errors) = readiness(&runtime, &manifest)?;
    text.push_str(&audits);
    output::print(&text)?;
    Ok(if errors { exit::FINDINGS } else { code })
}

/// Audits the module's readiness documents; whether one has errors.
fn readiness(runtime: &Runtime, manifest: &Manifest) -> Result<(String, bool), Failure> {
    let (mut out, mut errors) = (String::new(), false);
    if manifest.readiness.is_empty() {
        return Ok((out, errors));
    }
    let engine = setup::engine(&EngineArgs::default(), runtime)?;
    for asked in &manifest.readiness {
        let json = crate::ids::audit(&engine, asked.document.as_bytes())?;
        let audit: Audit<'_> =
            serde_json::from_str(&json).map_err(|e| Failure::usage(e.to_string()))?;
        errors |= audit.errors > 0;
        out.push('\n');
        out.push_str(&audit::text(
            &audit,
            &asked.name,
            Palette::of_stdout(),
            output::width(),
        ));
    }
    Ok((out, errors))
}

/// What the module says of every fixture, and the exit code it asks for.
fn ask(
    module: &Arc<Module>,
    manifest: &Manifest,
    fixtures: Vec<(PathBuf, Fixture)>,
) -> Result<(String, u8), Failure> {
    let palette = Palette::of_stdout();
    let mut judge = Sandboxed(Arc::clone(module));
    let (mut out, mut cases, mut wrong) = (String::new(), 0, 0);
    let mut all = Vec::new();
    for (path, fixture) in fixtures {
        let subject = fixture
            .rule
            .as_deref()
            .or(fixture.derived.as_deref())
            .unwrap_or_default();
        let count = fixture.cases.len();
        let mismatches = fixture
            .check(manifest, &mut judge)
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        let subject = safe(subject);
        if mismatches.is_empty() {
            let _ = writeln!(
                out,
                "{} {subject}: {}",
                paint(palette.pass, "ok  "),
                counted(count as u64, "case")
            );
        } else {
            let _ = writeln!(
                out,
                "{} {subject} · {}",
                paint(palette.fail, "FAIL"),
                path.display()
            );
            out.push_str(&side_by_side(&mismatches));
        }
        cases += count;
        wrong += mismatches.len();
        all.push(fixture);
    }
    let gaps = gaps(manifest, &all);
    for gap in &gaps {
        let _ = writeln!(out, "{} {}", paint(palette.fail, "GAP "), safe(gap));
    }
    let _ = writeln!(
        out,
        "\n{}, {}, {}, {}",
        counted(all.len() as u64, "fixture"),
        counted(cases as u64, "case"),
        counted(wrong as u64, "difference"),
        counted(gaps.len() as u64, "gap")
    );
    let code = if wrong == 0 && gaps.is_empty() {
        exit::CLEAN
    } else {
        exit::FINDINGS
    };
    Ok((out, code))
}

fn side_by_side(mismatches: &[Mismatch]) -> String {
    let row = |cells: [&str; 4]| {
        let mut row: Vec<String> = cells.iter().map(|cell| safe(cell).into_owned()).collect();
        row.insert(0, "    ".to_owned());
        row
    };
    let mut rows = vec![row(["case", "of", "expected", "found"])];
    rows.extend(
        mismatches
            .iter()
            .map(|m| row([&m.case, m.what, &m.expected, &m.found])),
    );
    table(&rows)
}

/// The module behind WebAssembly.
struct Sandboxed(Arc<Module>);

impl Judge for Sandboxed {
    fn evaluate(&mut self, checks: &[u32], batch: &Batch) -> Result<Verdicts, String> {
        self.0
            .evaluate(checks, batch)
            .map_err(|error| format!("{error} ({})", error.code()))
    }

    fn derive(&mut self, derived: &[u32], batch: &Batch) -> Result<Columns, String> {
        self.0
            .derive(derived, batch)
            .map_err(|error| format!("{error} ({})", error.code()))
    }
}
