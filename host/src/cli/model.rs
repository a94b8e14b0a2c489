//! `plancheck model`: what the engine reads from a file, before any rule.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use plancheck_engine::model::{Model, dump};

use super::exit::{self, Failure};
use super::{input, output};
use crate::render::table::table;
use crate::render::{Palette, palette::paint, safe};
use crate::render::{counted, thousands};

/// Show what is in a model
///
/// The model is read by the engine inside this program, without its sandbox: look only at files
/// that you would open in another viewer too.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  plancheck model office.ifc\n  plancheck model office.ifc --dump | grep IfcDoor"
)]
pub(super) struct Args {
    /// .ifc, .ifczip or .json; - is standard input
    model: PathBuf,
    /// Every element with its properties, one line of JSON each
    #[arg(long)]
    dump: bool,
    /// List everything that was odd about the input
    #[arg(long)]
    diagnostics: bool,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let name = input::name(&args.model);
    let model = Model::load(input::read(&args.model)?)
        .map_err(|error| Failure::usage(format!("{name}: {error} ({})", error.code())))?;
    if args.dump {
        return dump_lines(&model);
    }
    output::print(&summary(&model, &name, args.diagnostics))?;
    Ok(exit::CLEAN)
}

fn dump_lines(model: &Model) -> Result<u8, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut done = Ok(());
    dump::dump(model, |line| {
        if done.is_ok() {
            done = out
                .write_all(line.trim_end().as_bytes())
                .and_then(|()| out.write_all(b"\n"));
        }
    });
    match done.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::fault(format!("cannot write: {error}")))
        }
        _ => Ok(exit::CLEAN),
    }
}

fn summary(model: &Model, name: &str, all_diagnostics: bool) -> String {
    let palette = Palette::of_stdout();
    let title = model
        .name()
        .filter(|n| !n.trim().is_empty())
        .unwrap_or_else(|| name.to_owned());
    let mut out = format!("{}\n", paint(palette.heading, safe(&title)));
    let digest: String = model
        .digest()
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let _ = writeln!(
        out,
        "{} · {} · {} · digest {digest}",
        model.schema().name(),
        counted(model.elements().count() as u64, "element"),
        counted(model.record_count() as u64, "record"),
    );
    let mut classes: BTreeMap<&str, u64> = BTreeMap::new();
    for element in model.elements() {
        *classes.entry(model.class_name(element)).or_default() += 1;
    }
    let rows: Vec<Vec<String>> = classes
        .into_iter()
        .map(|(class, count)| vec![format!("  {}", safe(class)), thousands(count)])
        .collect();
    let _ = write!(
        out,
        "\n{}\n{}",
        paint(palette.heading, "Elements"),
        table(&rows)
    );
    let storeys = model.of_class("IfcBuildingStorey");
    if !storeys.is_empty() {
        let _ = writeln!(out, "\n{}", paint(palette.heading, "Storeys"));
    }
    for storey in storeys {
        let name = model.element_name(storey).unwrap_or_default();
        let elevation = model
            .attribute(storey, "Elevation")
            .map(|r| r.value.to_text());
        let elevation = elevation.map(|e| format!(" at {e} m")).unwrap_or_default();
        let id = model.global_id(storey);
        let _ = writeln!(out, "  {} · {}{}", safe(&name), safe(&id), safe(&elevation));
    }
    let diagnostics = model.diagnostics();
    if diagnostics.total() > 0 {
        let heading = format!("Oddities: {}", thousands(diagnostics.total()));
        let _ = writeln!(out, "\n{}", paint(palette.heading, heading));
        let shown = if all_diagnostics { usize::MAX } else { 3 };
        for one in diagnostics.kept().iter().take(shown) {
            let line = one.line.map(|n| format!("line {n}: ")).unwrap_or_default();
            let record = one.record.map(|n| format!("#{n}: ")).unwrap_or_default();
            let _ = writeln!(out, "  {line}{record}{} ({})", safe(&one.message), one.code);
        }
        if !all_diagnostics && diagnostics.total() > 3 {
            let _ = writeln!(out, "  … --diagnostics shows all");
        }
    }
    out
}
