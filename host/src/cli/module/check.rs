//! `plancheck module check`: what is missing in a module, before anybody relies on it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use plancheck_contract::Manifest;
use plancheck_contract::fixture::{gaps, read_folder};
use plancheck_contract::knowledge::redirect_complaints;
use plancheck_engine::rules::{ModuleSlot, Ruleset};

use super::super::exit::{self, Failure};
use super::super::{input, output, setup};
use super::{build, rulebook};
use crate::catalogue::is_date;
use crate::render::{Palette, counted, palette::paint, safe};
use crate::runtime::{Limits, Trust};

/// Say what is wrong or missing in a module
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck module check my-city.toml --watch
  plancheck module check my-city
  plancheck module check my-city.wasm

Looks for facts that models do not have, for rules without a citation, a page or cases, and for numbers
that nobody cites; warns of citations that no section explains. Exit code 1: something is wrong or missing.")]
pub(in crate::cli) struct Args {
    /// A rulebook (*.toml), the folder of a crate, which is built first, or a module
    #[arg(value_name = "RULEBOOK|DIR|FILE", default_value = ".")]
    module: PathBuf,
    /// Do it again each time that the rulebook changes
    #[arg(long)]
    watch: bool,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    match (args.watch, rulebook::is_one(&args.module)) {
        (true, true) => rulebook::watch(&args.module, || once(&args.module)),
        (true, false) => Err(Failure::usage("--watch is for rulebooks")),
        (false, _) => once(&args.module),
    }
}

fn once(path: &Path) -> Result<u8, Failure> {
    let (manifest, mut wrong) = look(path)?;
    wrong.extend(lacking(&manifest));
    let palette = Palette::of_stdout();
    let mut out = String::new();
    for what in &wrong {
        let _ = writeln!(out, "{} {}", paint(palette.fail, "wrong"), safe(what));
    }
    for what in unexplained(&manifest) {
        let _ = writeln!(
            out,
            "{} {}",
            paint(palette.undetermined, "warn "),
            safe(&what)
        );
    }
    let open = manifest.rules.iter().filter(|rule| !rule.verified).count();
    if open > 0 {
        let _ = writeln!(
            out,
            "{} {} of {} not held against the official text yet",
            paint(palette.faint, "note "),
            open,
            counted(manifest.rules.len() as u64, "rule"),
        );
    }
    let summary = if wrong.is_empty() {
        "nothing is missing".to_owned()
    } else {
        format!("{} to mend", counted(wrong.len() as u64, "thing"))
    };
    let _ = writeln!(
        out,
        "{} {}: {}, {}, {}; {summary}",
        safe(&manifest.module.id),
        safe(&manifest.module.version),
        counted(manifest.rules.len() as u64, "rule"),
        counted(manifest.derived.len() as u64, "derived fact"),
        counted(manifest.parameters.len() as u64, "parameter"),
    );
    output::print(&out)?;
    Ok(if wrong.is_empty() {
        exit::CLEAN
    } else {
        exit::FINDINGS
    })
}

/// Citations that nothing says more of, each with those that it stands at.
fn unexplained(manifest: &Manifest) -> Vec<String> {
    let mut seen = HashSet::new();
    let said = |citation: &&str| {
        let section = manifest.section(citation);
        section.is_some_and(|section| !section.title.is_empty())
    };
    let lacking = manifest.citations().filter(|c| !c.is_empty() && !said(c));
    lacking
        .filter(|citation| seen.insert(*citation))
        .map(|citation| format!("citation {citation:?}: [sections] does not say what it is about"))
        .collect()
}

/// The manifest, and what only its source can show.
fn look(path: &Path) -> Result<(Manifest, Vec<String>), Failure> {
    if rulebook::is_one(path) {
        // Its cases are asked, and it is held against the facts: what is wrong is an error with a place.
        let book = rulebook::read(path, true)?;
        return Ok((book.manifest().clone(), Vec::new()));
    }
    let (bytes, fixtures) = if path.is_dir() {
        let built = build::build(path, None)?;
        (built.bytes, Some(built.folder.join("src")))
    } else {
        (input::read(path)?, None)
    };
    let manifest = manifest(&bytes, &input::name(path))?;
    let mut wrong = Vec::new();
    let slot = ModuleSlot::Ready {
        manifest: manifest.to_json(),
        digest: String::new(),
    };
    for module in Ruleset::new(vec![slot]).modules {
        wrong.extend(module.problem.map(|problem| problem.message));
    }
    if let Some(folder) = fixtures {
        let all = read_folder(&folder).map_err(Failure::usage)?;
        let all: Vec<_> = all.into_iter().map(|(_, fixture)| fixture).collect();
        wrong.extend(gaps(&manifest, &all));
    }
    Ok((manifest, wrong))
}

/// The manifest of a module file.
pub(super) fn manifest(bytes: &[u8], name: &str) -> Result<Manifest, Failure> {
    let module = setup::runtime(Limits::default())?
        .load_module(bytes, Trust::Untrusted)
        .map_err(|error| Failure::usage(format!("{name}: {error} ({})", error.code())))?;
    Manifest::from_json(&module.manifest_json)
        .map_err(|error| Failure::usage(format!("{name}: {error}")))
}

/// The numbers of a version, `0.1.0`.
fn version(text: &str) -> Option<[u64; 3]> {
    let parts: Vec<u64> = text
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    parts.try_into().ok()
}

/// What people who rely on a module would miss.
fn lacking(manifest: &Manifest) -> Vec<String> {
    let mut wrong = Vec::new();
    if manifest.module.limits.trim().is_empty() {
        wrong.push("the module does not say what it does not cover (limits)".to_owned());
    }
    for rule in &manifest.rules {
        let mut miss = |what: &str| wrong.push(format!("rule {}: {what}", rule.id));
        if rule.citation.trim().is_empty() {
            miss("no citation");
        }
        if rule.title.trim().is_empty() {
            miss("no title");
        }
        match (version(&rule.since), version(&manifest.module.version)) {
            (Some(since), Some(now)) if since > now => {
                miss(&format!("since {}, which is still to come", rule.since));
            }
            (None, _) if !is_date(&rule.since) => {
                miss(&format!(
                    "since {:?}, which is neither a version of the module nor a date",
                    rule.since
                ));
            }
            _ => {}
        }
        for heading in ["# Example", "# Limits"] {
            if !rule.page.lines().any(|line| line.trim() == heading) {
                miss(&format!("its page has no `{heading}`"));
            }
        }
    }
    let rules: Vec<&str> = manifest.rules.iter().map(|rule| rule.id.as_str()).collect();
    for (from, why) in redirect_complaints(&manifest.redirects, &rules) {
        wrong.push(format!("the old id {from} {why}"));
    }
    for parameter in &manifest.parameters {
        if parameter.citation.trim().is_empty() {
            wrong.push(format!("parameter {}: no citation", parameter.name));
        }
    }
    wrong
}
